"""How hard the exercises shall be: Sana decides, or a place between easy and very hard, with a small picture of it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.ui.practice.naming import level_figure
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, let_wheel_pass

STEPS = 100
"""Of the slider from 0.0 to 1.0."""
ARROW_STEP = 5
PAGE_STEP = 20
MIDDLE = 50
PICTURE = QSize(64, 40)


def challenge_words(level: float) -> str:
    """Return what a level means, in words."""
    words = (
        (0.15, tr("Practice", "very easy")),
        (0.35, tr("Practice", "easy")),
        (0.65, tr("Practice", "in the middle")),
        (0.85, tr("Practice", "hard")),
    )
    return next((word for most, word in words if level < most), tr("Practice", "very hard"))


class ChallengeSlider(QWidget):
    """The check "Let Sana decide", which is on at first, and the slider; touching the slider takes the decision over.

    Signals:
        changed: another level.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.auto = QCheckBox(tr("Practice", "Let Sana decide"))
        self.auto.setObjectName("practiceChallengeAuto")
        self.auto.setChecked(True)
        self.slider = _TrackSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("practiceChallenge")
        self.slider.setRange(0, STEPS)
        self.slider.setSingleStep(ARROW_STEP)
        self.slider.setPageStep(PAGE_STEP)
        self.slider.setValue(MIDDLE)
        let_wheel_pass(self.slider)
        self._picture = HillPicture(theme)
        self._words = label("", role="caption", wrap=True, name="challengeWords")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.auto, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.slider, 1)
        row.addWidget(self._picture)
        box.addLayout(row)
        box.addWidget(self._words)
        self.auto.toggled.connect(self._show)
        self.slider.sliderPressed.connect(self._take_over)
        self.slider.valueChanged.connect(self._moved)
        self._quiet = False
        self._exact: float | None = None
        self._show()

    def level(self) -> float | None:
        """Return the level from 0.0 to 1.0, None where Sana decides."""
        if self.auto.isChecked():
            return None
        return self._exact if self._exact is not None else self.slider.value() / STEPS

    def set_level(self, level: float | None) -> None:
        """Show a level."""
        self._quiet = True
        self.auto.setChecked(level is None)
        if level is not None:
            self.slider.setValue(round(level * STEPS))
        self._exact = level  # what a paste or a session asked for stays as it was, between the steps too
        self._quiet = False
        self._show()

    def _take_over(self) -> None:
        self.auto.setChecked(False)

    def _moved(self) -> None:
        if not self._quiet:
            self._exact = None
        if not self._quiet and self.auto.isChecked():
            self.auto.setChecked(False)  # tells of the change
        else:
            self._show()

    def _show(self) -> None:
        level = self.level()
        self._picture.show_level(level)
        if level is None:
            said = tr("Practice", "Sana chooses how hard each exercise is for this learner.")
        else:
            template = "{level} of 1: {words} for this learner. At 0 nearly every answer is right, at 1 nearly none."
            said = tr("Practice", template, level=level_figure(level), words=challenge_words(level))
        self._words.setText(said)
        self.slider.setAccessibleName(tr("Practice", "Challenge"))
        self.slider.setAccessibleDescription(said)
        self._picture.setAccessibleName(said)
        self.slider.setProperty("auto", level is None)
        self.slider.style().unpolish(self.slider)
        self.slider.style().polish(self.slider)
        if not self._quiet:
            self.changed.emit()


class _TrackSlider(QSlider):
    """A click on the track goes to where the pointer is, and drags on from there; Qt alone would go a page that way."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            style, control = self.style(), QStyle.ComplexControl.CC_Slider
            handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
            groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
            point = event.position().toPoint()
            if not handle.contains(point):
                at, room = point.x() - handle.width() // 2 - groove.x(), groove.width() - handle.width()
                value = QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room, option.upsideDown)
                self.setValue(value)
        super().mousePressEvent(event)


class HillPicture(QWidget):
    """A hill as steep as the challenge, and the one who climbs it. The words beside it say the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._level: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_level(self, level: float | None) -> None:
        """Draw a level; None draws the dashed hill that Sana chooses."""
        self._level = level
        self.update()

    def sizeHint(self) -> QSize:
        return PICTURE

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = float(self.width()), float(self.height())
        foot = height - 3
        rise = (self._level if self._level is not None else 0.5) * (height - 14)
        left, top = QPointF(2, foot), QPointF(width - 14, foot - rise)
        hill = QPainterPath(left)
        hill.lineTo(top)
        hill.lineTo(QPointF(width - 2, foot - rise))
        hill.lineTo(QPointF(width - 2, foot))
        hill.closeSubpath()
        colour = self._theme.colour("text_quiet" if self._level is None else "accent")
        pen = QPen(colour, 1.6, Qt.PenStyle.DashLine if self._level is None else Qt.PenStyle.SolidLine)
        painter.fillPath(hill, self._theme.colour("sunk" if self._level is None else "selected"))
        painter.setPen(pen)
        painter.drawLine(left, top)
        painter.drawLine(top, QPointF(width - 2, foot - rise))
        at = left + (top - left) * 0.45
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(at + QPointF(-1, -5.5), 4, 4)
