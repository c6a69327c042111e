"""A fold: one line that opens and closes what is below it, and brings it into view."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.widgets import after, column, text_button

MARGIN = 8
"""Pixels between what is brought into view and the edge."""


class CollapsibleSection(QWidget):
    """Closed at first.

    Signals:
        opened(bool): the person opened (True) or closed it.
    """

    opened = Signal(bool)

    def __init__(self, words: str, name: str, icons: Icons, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._content = content
        self.toggle = text_button(words, name, kind="link")
        self.toggle.setCheckable(True)
        box = column(self, spacing=4)
        box.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(content)
        content.hide()
        icons.bind(self.toggle, "chevron-right", "accent")
        self.toggle.toggled.connect(self._turn)
        self._later = after(self, 0, lambda: bring_into_view(self))
        # Only what a person opens moves the page, and once the layout knows how high it is.
        self.toggle.clicked.connect(lambda: self._later.start(0) if self.is_open() else None)

    def is_open(self) -> bool:
        """Return whether what is inside is to be seen."""
        return self.toggle.isChecked()

    def set_open(self, opened: bool) -> None:
        """Open or close it."""
        self.toggle.setChecked(opened)

    def _turn(self, opened: bool) -> None:
        self._content.setVisible(opened)
        self._icons.bind(self.toggle, "chevron-down" if opened else "chevron-right", "accent")
        self.opened.emit(opened)


def bring_into_view(widget: QWidget) -> None:
    """Scroll the area around `widget` as little as shows all of it, or its beginning where it is too high."""
    area = _area_around(widget)
    page = area.widget() if area is not None else None
    if area is None or page is None or not widget.isVisible():
        return
    layout = page.layout()
    if layout is not None:
        layout.activate()
    bar, height = area.verticalScrollBar(), area.viewport().height()
    top = widget.mapTo(page, QPoint(0, 0)).y() - MARGIN
    bottom = top + widget.height() + 2 * MARGIN
    if bottom > bar.value() + height:
        bar.setValue(min(top, bottom - height))
    elif top < bar.value():
        bar.setValue(max(top, 0))


def _area_around(widget: QWidget) -> QScrollArea | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent
