"""Picking topics from the tree of paths, and tags from a list, both with counts and a search box; never by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QPushButton, QSizePolicy, QTreeView, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import crumbs
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.practice.parts.flow import FlowRow
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import empty_layout, label, plain_tip, text_button

VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
ROWS_IN_SIGHT = 8
MIN_CHIP = 60
MAX_ROW_LENGTH = 80


class Place(Protocol):
    """A node of the tree of paths, as `practice.catalogue.PathNode` has it."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def children(self) -> Sequence[Place]: ...


class Picker(QWidget):
    """Chosen ones as chips, and a fold with the search box and the tree below it.

    Args:
        name: objectName of the tree; search box and fold are named after it.
        words: what is picked, such as "Topics".
        nothing: what it says while nothing is picked, such as "All topics".
        none_known: what it says in the place of an empty list.
        naming: how a value is shown on its chip.

    Signals:
        changed: another choice.
    """

    changed = Signal()

    def __init__(
        self,
        icons: Icons,
        name: str,
        words: str,
        nothing: str,
        search: str,
        naming: Callable[[str], str],
        none_known: str,
    ) -> None:
        super().__init__()
        self._naming = naming
        self._nothing = nothing
        self._chosen: list[str] = []
        self._items: dict[str, QStandardItem] = {}
        self._roots: list[QStandardItem] = []
        self._filling = False
        self._model = QStandardItemModel(self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setRecursiveFilteringEnabled(True)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filtered.setSourceModel(self._model)
        self.search = QLineEdit()
        self.search.setObjectName(f"{name}Search")
        self.search.setAccessibleName(search)
        self.search.setPlaceholderText(search)
        self.search.setClearButtonEnabled(True)
        self.tree = _Tree(name, words)
        self.tree.setModel(self._filtered)
        self._chips = FlowRow(6)
        self._said = label(nothing, role="caption", wrap=True)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 4)
        inside.setSpacing(6)
        self._none_known = none_known
        self._none = label(none_known, role="quiet", wrap=True, name=f"{name}None")
        inside.addWidget(self.search)
        inside.addWidget(self.tree)
        inside.addWidget(self._none)
        self.fold = CollapsibleSection(words, f"{name}Fold", icons, content)
        self._icons = icons
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.fold)
        box.addWidget(self._chips)
        box.addWidget(self._said)
        self.search.textChanged.connect(self._search)
        self._model.itemChanged.connect(self._ticked)
        self._show_chips()
        self._show_list()

    def chosen(self) -> tuple[str, ...]:
        """Return what is picked, in the order in which it was picked."""
        return tuple(self._chosen)

    def choose(self, values: Iterable[str]) -> None:
        """Pick these, also such as the catalogue does not have."""
        self._chosen = list(dict.fromkeys(values))
        self._tick_all()
        self._show_chips()
        self.changed.emit()

    def clear_items(self) -> None:
        """Offer nothing; what is picked stays."""
        self._items.clear()
        self._roots.clear()
        self._model.clear()

    def add_item(self, value: str, shown: str, tip: str, parent: QStandardItem | None = None) -> QStandardItem:
        """Offer one more, from the end of `filling` on."""
        item = QStandardItem(one_line(shown, MAX_ROW_LENGTH))
        item.setEditable(False)
        item.setCheckable(True)
        item.setData(value, VALUE_ROLE)
        item.setToolTip(plain_tip(tip))
        item.setCheckState(Qt.CheckState.Checked if value in self._chosen else Qt.CheckState.Unchecked)
        # The model takes whole trees at the end: the filter looks at each row that comes alone, and at all above it.
        self._roots.append(item) if parent is None else parent.appendRow(item)
        self._items[value] = item
        return item

    def filling(self, now: bool) -> None:
        """Say whether items are being added, so that ticks are not taken for a person's."""
        self._filling = now
        if not now:
            self._model.invisibleRootItem().appendRows(self._roots)
            self._roots.clear()
            self._show_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_chips()

    def _fit_chips(self) -> None:
        """Shorten what is wider than the row, and nothing else; of a place the end says most."""
        for chip in self._chips.findChildren(QPushButton):
            context = chip.sizeHint().width() - chip.fontMetrics().horizontalAdvance(chip.text())
            whole = str(chip.property("whole"))
            shown = chip.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideLeft, max(self.width() - context, 1))
            if shown != chip.text():
                chip.setText(shown)

    def _search(self, text: str) -> None:
        self._filtered.setFilterFixedString(text.strip())
        if text.strip():
            self.tree.expandAll()
        self._show_list()

    def _show_list(self) -> None:
        """Show the list, or in its place why there is none."""
        known, found = bool(self._model.rowCount()), bool(self._filtered.rowCount())
        self.search.setVisible(known)
        self.tree.setVisible(found)
        self._none.setVisible(not found)
        self._none.setText(tr("Practice", "None is called like that.") if known else self._none_known)

    def _ticked(self, item: QStandardItem) -> None:
        if self._filling:
            return
        value = str(item.data(VALUE_ROLE))
        ticked = item.checkState() is Qt.CheckState.Checked
        if ticked and value not in self._chosen:
            self._chosen.append(value)
        elif not ticked and value in self._chosen:
            self._chosen.remove(value)
        else:
            return
        self._show_chips()
        self.changed.emit()

    def _tick_all(self) -> None:
        self._filling = True
        for value, item in self._items.items():
            item.setCheckState(Qt.CheckState.Checked if value in self._chosen else Qt.CheckState.Unchecked)
        self._filling = False
        self._reveal_chosen()

    def _reveal_chosen(self) -> None:
        for value in self._chosen:
            item = self._items.get(value)
            above = item.parent() if item is not None else None
            while above is not None:
                self.tree.expand(self._filtered.mapFromSource(above.index()))
                above = above.parent()

    def _drop(self, value: str) -> None:
        self.choose(one for one in self._chosen if one != value)
        self.fold.toggle.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_chips(self) -> None:
        empty_layout(self._chips.flow)
        for value in self._chosen:
            whole = self._naming(value)
            chip = text_button("", f"{self.tree.objectName()}Chip", kind="chip")
            chip.setProperty("whole", whole)
            chip.setMinimumWidth(MIN_CHIP)
            chip.setAccessibleName(tr("Practice", "Take away {name}", name=whole))
            chip.setToolTip(plain_tip(tr("Practice", "Take away {name}", name=whole)))
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the words
            self._icons.bind(chip, "close")
            chip.clicked.connect(lambda _=False, value=value: self._drop(value))
            self._chips.add(chip)
            chip.show()
        self._fit_chips()
        self._chips.setVisible(bool(self._chosen))
        self._chips.updateGeometry()
        self._said.setVisible(not self._chosen)


class PathPicker(Picker):
    """Topics: places in the hierarchy of exercises."""

    def __init__(self, icons: Icons) -> None:
        super().__init__(
            icons,
            "practicePaths",
            tr("Practice", "Topics"),
            tr("Practice", "All topics"),
            tr("Practice", "Search topics"),
            crumbs,
            tr("Practice", "No topics are known yet. They come with the exercises; “Where from…” above loads some."),
        )

    def show_places(self, places: Sequence[Place]) -> None:
        """Offer these places and all below them."""
        self.filling(True)
        self.clear_items()
        waiting: list[tuple[Place, QStandardItem | None]] = [(place, None) for place in reversed(places)]
        while waiting:
            place, parent = waiting.pop()
            shown = f"{one_line(place.name, 50)}  ·  {place.count:,}"
            item = self.add_item(place.path, shown, f"{crumbs(place.path)}, {place.count:,}", parent)
            waiting.extend((child, item) for child in reversed(place.children))
        self.filling(False)
        level, depth = list(places), 0
        while len(level) == 1:
            # A single way down is no choice: what is below it is shown at once.
            self.tree.expandToDepth(depth)
            level, depth = list(level[0].children), depth + 1


class TagPicker(Picker):
    """Tags of exercises."""

    def __init__(self, icons: Icons) -> None:
        super().__init__(
            icons,
            "practiceTags",
            tr("Practice", "Tags"),
            tr("Practice", "Any tags, or none"),
            tr("Practice", "Search tags"),
            lambda tag: one_line(tag, 80),
            tr("Practice", "No tags are known yet. They come with the exercises; “Where from…” above loads some."),
        )
        self.tree.setRootIsDecorated(False)

    def show_tags(self, tags: Sequence[tuple[str, int]]) -> None:
        """Offer these tags, each with how many exercises have it."""
        self.filling(True)
        self.clear_items()
        for tag, count in tags:
            shown = one_line(tag, 50)
            self.add_item(tag, f"{shown}  ·  {count:,}", f"{shown}, {count:,}")
        self.filling(False)


class _Tree(QTreeView):
    def __init__(self, name: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setProperty("kind", "pick")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)

    def sizeHint(self) -> QSize:
        return QSize(200, ROWS_IN_SIGHT * (self.fontMetrics().height() + 8) + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())
