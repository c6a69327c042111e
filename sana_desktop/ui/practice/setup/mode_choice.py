"""The three ways of use that the developer page draws, each with a small picture of who sends what when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from sana_desktop.practice.sessions.session import Mode
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label

PICTURE = QSize(96, 40)
ARROW = 3.2


@dataclass(frozen=True, slots=True)
class Trip:
    """One exchange with Sana: how many exercises come down, how many answers go up with it."""

    down: int = 0
    up: int = 0


TRIPS: dict[Mode, Sequence[Trip]] = {
    Mode.SINGLE: (Trip(down=1), Trip(up=1), Trip(down=1), Trip(up=1)),
    Mode.BATCH: (Trip(down=3), Trip(up=3)),
    Mode.COMBINED: (Trip(down=1), Trip(up=1, down=1), Trip(up=1, down=1)),
}


def mode_words(mode: Mode) -> tuple[str, str]:
    """Return the name of a way of use, and one sentence that explains it."""
    return {
        Mode.SINGLE: (
            tr("Practice", "One at a time"),
            tr("Practice", "Each answer is sent at once, then the next exercise is asked for."),
        ),
        Mode.BATCH: (
            tr("Practice", "A set at once"),
            tr("Practice", "Several exercises come together; the answers are sent when all are given."),
        ),
        Mode.COMBINED: (
            tr("Practice", "Answer and ask in one"),
            tr("Practice", "The answers travel inside the next request: one trip instead of two."),
        ),
    }[mode]


class ModeChoice(QWidget):
    """Three radio buttons with a picture and a sentence each.

    Signals:
        changed: another mode, by the person.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practiceMode")
        self.setAccessibleName(tr("Practice", "How exercises and answers travel"))
        self._group = QButtonGroup(self)
        self._radios: dict[Mode, QRadioButton] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        for mode in Mode:
            name, sentence = mode_words(mode)
            radio = QRadioButton(name)
            radio.setObjectName(f"practiceMode{mode.value.capitalize()}")
            radio.setAccessibleName(name)
            radio.setAccessibleDescription(sentence)
            radio.clicked.connect(self.changed)
            self._group.addButton(radio)
            self._radios[mode] = radio
            box.addWidget(_Option(radio, sentence, TripsPicture(theme, mode)))
        self._radios[Mode.SINGLE].setChecked(True)

    def mode(self) -> Mode:
        """Return the chosen mode."""
        return next(mode for mode, radio in self._radios.items() if radio.isChecked())

    def set_mode(self, mode: Mode) -> None:
        """Choose a mode."""
        self._radios[mode].setChecked(True)


class _Option(QWidget):
    """A radio button with its sentence and picture; a click anywhere on it chooses."""

    def __init__(self, radio: QRadioButton, sentence: str, picture: QWidget) -> None:
        super().__init__()
        self._radio = radio
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(radio)
        said = label(sentence, role="caption", wrap=True)
        said.setContentsMargins(26, 0, 0, 0)
        words.addWidget(said)
        row.addLayout(words, 1)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._radio.click()


class TripsPicture(QWidget):
    """Sana above, the learner below: arrows down are exercises, arrows up are answers. The sentence says the same."""

    def __init__(self, theme: Theme, mode: Mode) -> None:
        super().__init__()
        self._theme = theme
        self._trips = TRIPS[mode]
        self.setAccessibleName(mode_words(mode)[1])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return PICTURE

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, foot = 5.0, self.height() - 5.0
        painter.setPen(QPen(self._theme.colour("line_strong"), 1.4))
        painter.drawLine(QPointF(2, top), QPointF(self.width() - 2, top))
        painter.drawLine(QPointF(2, foot), QPointF(self.width() - 2, foot))
        slots = sum(max(trip.down + trip.up, 1) for trip in self._trips) + len(self._trips)
        step = self.width() / (slots + 1)
        x = step
        for trip in self._trips:
            # What goes and comes in one trip stands close together.
            for at in range(trip.up + trip.down):
                goes_up = at < trip.up
                self._arrow(painter, x, foot if goes_up else top, top if goes_up else foot, up=goes_up)
                x += step
            x += step

    def _arrow(self, painter: QPainter, x: float, start: float, end: float, *, up: bool) -> None:
        colour = self._theme.colour("good" if up else "accent")
        tip = end + (3.0 if up else -3.0)
        back = tip + (ARROW * 1.6 if up else -ARROW * 1.6)
        painter.setPen(QPen(colour, 1.6))
        painter.drawLine(QPointF(x, start + (-3.0 if up else 3.0)), QPointF(x, back))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x, tip), QPointF(x - ARROW, back), QPointF(x + ARROW, back)]))
