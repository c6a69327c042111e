"""A row that goes on in the next line where it is full, for chips and buttons in narrow panes."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class Flow(QLayout):
    """Lays its widgets out from left to right, in as many lines as they need."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(len(shown) - 1, 0)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if line and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if move:
                width = min(hint.width(), max(rect.width(), item.minimumSize().width()))
                item.setGeometry(QRect(QPoint(x, y), QSize(width, hint.height())))
            x += hint.width() + self.spacing()
            line = max(line, hint.height())
        return y + line - rect.y()


class EvenFlow(Flow):
    """A flow whose lines hold equally many widgets where that goes: four are four, two and two, or one below another.

    In more than one line all of them are as wide as the room allows, so that they stand in columns.
    """

    def _place(self, rect: QRect, *, move: bool) -> int:
        shown = [item for item in self._items if not item.isEmpty()]
        columns = len(shown)
        if not columns or self.sizeHint().width() <= rect.width():
            return super()._place(rect, move=move)
        widest = max(item.sizeHint().width() for item in shown)
        while columns > 1 and (len(shown) % columns or self._room(rect, columns) < widest):
            columns -= 1
        width, height = self._room(rect, columns), max(item.sizeHint().height() for item in shown)
        for place, item in enumerate(shown if move else ()):
            line, column = divmod(place, columns)
            x, y = rect.x() + column * (width + self.spacing()), rect.y() + line * (height + self.spacing())
            item.setGeometry(QRect(x, y, width, height))
        lines = -(-len(shown) // columns)
        return lines * height + (lines - 1) * self.spacing()

    def _room(self, rect: QRect, columns: int) -> int:
        return (rect.width() - (columns - 1) * self.spacing()) // columns


class FlowRow(QWidget):
    """A widget laid out by a `Flow`, as high as its lines are.

    Args:
        even: its lines hold equally many widgets.
    """

    def __init__(self, spacing: int = 8, parent: QWidget | None = None, *, even: bool = False) -> None:
        super().__init__(parent)
        self.flow = EvenFlow(self, spacing) if even else Flow(self, spacing)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        self.flow.addWidget(widget)

    def minimumSizeHint(self) -> QSize:
        least = self.flow.minimumSize()
        return QSize(least.width(), self.flow.heightForWidth(max(self.width(), least.width())))
