"""A strip over the foot of the page: what it says moves nothing, and goes with Esc or its cross."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import icon_button

MAX_WIDTH = 560
MARGIN = 16
MAX_ACTS = 1


class FootStrip(Strip):
    """Lies over its parent, at the right of its foot, as high as its words need."""

    _escape: QShortcut | None = None  # before it is made, events come already

    def __init__(self, icons: Icons, name: str, parent: QWidget) -> None:
        super().__init__(icons, name, parent, most_acts=MAX_ACTS)
        self.setProperty("floats", True)
        self.close_button = icon_button(icons, "close", tr("Practice", "Close (Esc)"), f"{name}-close")
        self.close_button.clicked.connect(lambda: self.say(""))
        middle = Qt.AlignmentFlag.AlignVCenter
        for part in (self._acts, self.close_button):
            self._row.addWidget(part, 0, middle)
        self._row.setAlignment(self._mark, middle)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), parent)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.setEnabled(False)
        self._escape.activated.connect(lambda: self.say(""))
        parent.installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent} and self._escape is not None:
            # While it says nothing, Esc is for others.
            self._escape.setEnabled(not self.isHidden())
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.LayoutRequest, QEvent.Type.StyleChange}:
            self._place()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.parent():
            self._place()
        return False

    def _place(self) -> None:
        parent, layout = self.parentWidget(), self.layout()
        if self.isHidden() or parent is None or layout is None:
            return
        room = parent.width() - 2 * MARGIN
        width = min(room, max(min(parent.width() // 2, MAX_WIDTH), layout.totalMinimumSize().width()))
        height = layout.totalHeightForWidth(width)
        # At the right: at the left of the foot is what asks for exercises.
        self.setGeometry(parent.width() - width - MARGIN, parent.height() - height - MARGIN, width, height)
        self.raise_()
