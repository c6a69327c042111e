"""Whose exercises: a test learner made by this app, or the id of a real person, who is marked all the time (B26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, icon_button, label, plain_tip, set_tone, text_button

MAX_ID_LENGTH = 400
SHOWN_NAME = 40
MAX_REMOVED = 20
"""Removed test learners that are offered to be put back."""


@dataclass(frozen=True, slots=True)
class LearnerView:
    """A test learner as a person sees them.

    Attributes:
        removed: they are not offered, but known for nobody real when a saved session is theirs.
    """

    user_id: str
    name: str
    removed: bool = False


class LearnerPicker(QWidget):
    """The list of test learners, which also takes a typed id, and below it who that is.

    Signals:
        changed: another learner.
        new_wanted: make a test learner.
        rename_wanted: call the chosen test learner something else.
        remove_wanted: offer the chosen test learner no more.
        back_wanted(str): offer the removed test learner of this id again.
    """

    changed = Signal()
    new_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()
    back_wanted = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._views: tuple[LearnerView, ...] = ()
        self._rows: tuple[LearnerView, ...] = ()
        self._told = ""
        self.choice = DropDown("practiceLearner", tr("Practice", "Learner"))
        self.choice.setEditable(True)
        self.choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(8)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        edit = self.choice.lineEdit() or QLineEdit()
        edit.setMaxLength(MAX_ID_LENGTH)
        edit.setObjectName("practiceLearnerId")
        edit.setAccessibleName(tr("Practice", "Learner: choose a test learner, or type a real person's id"))
        edit.setPlaceholderText(tr("Practice", "Choose, or type a real id"))
        self.choice.setCompleter(None)  # type: ignore[arg-type]  # a typed id is not to become another one
        self.new = icon_button(icons, "plus", tr("Practice", "New test learner"), "newLearnerButton")
        self.rename = icon_button(icons, "rename", tr("Practice", "Rename this test learner"), "renameLearnerButton")
        self.remove = icon_button(icons, "trash", tr("Practice", "Remove this test learner"), "removeLearnerButton")
        self.back = icon_button(icons, "undo", tr("Practice", "Put this test learner back"), "putBackLearnerButton")
        self.removed = text_button(tr("Practice", "Removed…"), "removedLearnersButton", kind="link")
        words = tr("Practice", "Put a removed test learner back")
        self.removed.setAccessibleName(words)
        self.removed.setToolTip(plain_tip(words))
        self._menu = QMenu(self.removed)
        self._menu.setObjectName("removedLearnersMenu")
        self._mark = QLabel()
        self._who = label("", role="caption", wrap=True, name="learnerWho")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.choice, 1)
        for button in (self.new, self.rename, self.remove, self.back):
            row.addWidget(button)
        box.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._who, 1)
        below.addWidget(self.removed, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(below)
        self.choice.currentIndexChanged.connect(self._changed)
        self.choice.editTextChanged.connect(self._changed)
        self.choice.activated.connect(lambda _row: self._show_beginning())
        self.new.clicked.connect(self.new_wanted)
        self.rename.clicked.connect(self.rename_wanted)
        self.choice.installEventFilter(self)
        edit.installEventFilter(self)
        self.remove.clicked.connect(self.remove_wanted)
        self.back.clicked.connect(lambda: self.back_wanted.emit(self.user_id()))
        self.removed.clicked.connect(
            lambda: self._menu.popup(self.removed.mapToGlobal(self.removed.rect().bottomLeft()))
        )
        self._show_who()

    def show_learners(self, views: Sequence[LearnerView], chosen: str | None = None) -> None:
        """Offer these test learners; `chosen` is an id, also one that is not among them.

        A removed one is in the list while it is the chosen one: a saved session may be theirs.
        """
        wanted = self.user_id() if chosen is None else chosen
        self._views = tuple(views)
        self._rows = tuple(view for view in self._views if not view.removed or view.user_id == wanted)
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for view in self._rows:
                self.choice.addItem(one_line(view.name, SHOWN_NAME), view.user_id)
                self.choice.setItemData(
                    self.choice.count() - 1, one_line(view.user_id, 80), Qt.ItemDataRole.ToolTipRole
                )
            row = next((at for at, view in enumerate(self._rows) if view.user_id == wanted), -1)
            self.choice.setCurrentIndex(row)
            if row < 0:
                self.choice.setEditText(wanted)
        self._list_removed()
        self._show_beginning()
        self._changed()

    def choose(self, user_id: str) -> None:
        """Choose a learner by id."""
        self.show_learners(self._views, user_id)

    def user_id(self) -> str:
        """Return the id of the chosen learner, "" if none is chosen."""
        text = self.choice.currentText()
        at = self.choice.currentIndex()
        if 0 <= at < len(self._rows) and one_line(self._rows[at].name, SHOWN_NAME) == text:
            return self._rows[at].user_id
        view = next((view for view in self._rows if one_line(view.name, SHOWN_NAME) == text), None)
        return view.user_id if view is not None else text.strip()

    def view(self) -> LearnerView | None:
        """Return the chosen learner, None if it is none of the test learners."""
        chosen = self.user_id()
        return next((view for view in self._views if view.user_id == chosen), None)

    def is_test(self) -> bool:
        """Return whether the chosen learner is one of the test learners, also a removed one."""
        return self.view() is not None

    def name(self) -> str:
        """Return what the chosen learner is called: a name, or the id itself."""
        view = self.view()
        return view.name if view is not None else self.user_id()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            if self.rename.isEnabled():
                self.rename_wanted.emit()
            return True
        return False

    def _list_removed(self) -> None:
        """Offer in the menu to put back whoever was removed, the latest first."""
        self._menu.clear()
        gone = [view for view in self._views if view.removed]
        for view in reversed(gone[-MAX_REMOVED:]):
            words = tr("Practice", "Put {name} back", name=one_line(view.name, SHOWN_NAME)).replace("&", "&&")
            action = self._menu.addAction(words)
            action.setObjectName(f"putBack-{view.user_id}")
            action.triggered.connect(lambda _=False, user_id=view.user_id: self.back_wanted.emit(user_id))
        if self.removed.hasFocus() and not gone:
            self.choice.setFocus()
        self.removed.setVisible(bool(gone))

    def _show_beginning(self) -> None:
        # A field shows the end of what is too long for it; a person is known by the beginning.
        edit = self.choice.lineEdit()
        if edit is not None:
            edit.setCursorPosition(0)

    def _changed(self) -> None:
        self._show_who()
        if self.user_id() != self._told:
            self._told = self.user_id()
            self.changed.emit()

    def _show_who(self) -> None:
        view = self.view()
        if not self.user_id():
            icon, tone = "info", ""
            said = tr("Practice", "Make a test learner, or type the id of somebody real.")
        elif view is None:
            icon, tone = "warning", "warn"
            said = tr("Practice", "Not one of your test learners: a real person.")
        elif view.removed:
            icon, tone = "good", "good"
            said = tr("Practice", "A test learner that you removed from this app: nobody's path changes.")
        else:
            icon, tone = "good", "good"
            said = tr("Practice", "A test learner of this app: nobody's path changes.")
        self._icons.bind_label(self._mark, icon, tone or "text_quiet")
        set_tone(self._who, tone)
        self._who.setText(said)
        self._offer_acts(view)

    def _offer_acts(self, view: LearnerView | None) -> None:
        removed = view is not None and view.removed
        # A button that has the focus and is taken away sends it on to any other.
        if (self.back.hasFocus() and not removed) or (self.remove.hasFocus() and (removed or view is None)):
            self.choice.setFocus()
        self.remove.setVisible(not removed)
        self.back.setVisible(removed)
        self.remove.setEnabled(view is not None)
        self.rename.setEnabled(view is not None)
        if view is None:
            return
        name = one_line(view.name, SHOWN_NAME)
        for button, words in (
            (self.rename, tr("Practice", "Rename {name} (F2)", name=name)),
            (self.remove, tr("Practice", "Remove {name}: from this app alone; Sana keeps what it knows", name=name)),
            (self.back, tr("Practice", "Put {name} back among your test learners", name=name)),
        ):
            button.setAccessibleName(words)
            button.setToolTip(plain_tip(words))
