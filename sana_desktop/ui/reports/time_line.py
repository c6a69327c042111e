"""The story of a job as a picture: a line with a dot for each step, and how long the gaps were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.reports.job import TimelineEntry
from sana_desktop.ui.reports.state_words import span
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

STEPS = ("wanted", "sending", "accepted", "ready", "done")
"""The steps of a report that goes well, in order; other events are told in the text beside the picture."""
ENDS = frozenset({"failed", "gone", "submit_unknown"})
"""Events after which only the person can go on."""
DOT = 10
GAP = 5
WORD_SPACE = 8
LEAST_STEP = 64
"""Pixels: a dot, the space above and below it, between two words, and the least width of a step."""


def step_words(event: str) -> str:
    """Return the plain words of a time line event; an event without words of its own is shown as it is."""
    words = {
        "wanted": tr("timeline", "Wanted"),
        "sending": tr("timeline", "Order sent"),
        "accepted": tr("timeline", "Site took it"),
        "ready": tr("timeline", "Ready"),
        "done": tr("timeline", "On disk"),
        "status": tr("timeline", "The site says"),
        "not sent": tr("timeline", "Not sent yet"),
        "paused": tr("timeline", "Paused"),
        "resumed": tr("timeline", "Goes on"),
        "recovered": tr("timeline", "Reached again"),
        "stopped": tr("timeline", "Not watched any more"),
        "ordered again": tr("timeline", "Ordered again"),
        "link renewed": tr("timeline", "New link"),
        "same link again": tr("timeline", "Same link again"),
        "failed": tr("timeline", "Failed"),
        "gone": tr("timeline", "No longer known"),
        "submit_unknown": tr("timeline", "Answer lost"),
    }
    return words.get(event, event.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Step:
    """One dot of the picture.

    Attributes:
        event: which step.
        at: when it was reached, None if it was not (or nobody saw it).
        reached: whether the story got there.
        bad: whether the story ended here, badly.
    """

    event: str
    at: datetime | None
    reached: bool
    bad: bool = False


def steps_of(entries: Sequence[TimelineEntry], finished_at: datetime | None) -> list[Step]:
    """Return the steps to draw: those of a report that goes well, or those reached and the bad end.

    Args:
        entries: the story, oldest first; the first time of each step counts, and a later order starts anew.
        finished_at: when the file was complete, if it is.
    """
    times: dict[str, datetime] = {}
    for entry in entries:
        if entry.event in STEPS:
            times.setdefault(entry.event, entry.at)
    if finished_at is not None:
        times["done"] = finished_at
    last = max((position for position, step in enumerate(STEPS) if step in times), default=-1)
    steps = [Step(step, times.get(step), position <= last) for position, step in enumerate(STEPS)]
    if finished_at is None and (end := _bad_end(entries)) is not None:
        return [*steps[: last + 1], Step(end.event, end.at, reached=True, bad=True)]
    return steps


def _bad_end(entries: Sequence[TimelineEntry]) -> TimelineEntry | None:
    return entries[-1] if entries and entries[-1].event in ENDS else None


class TimeLine(QWidget):
    """Steps on a line. Its text twin is the list beside it; here it is the accessible description."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: list[Step] = steps_of((), None)
        self.setObjectName("jobTimeLine")
        self.setAccessibleName(tr("timeline", "Steps of this report"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._theme_changed)

    def show_story(self, entries: Sequence[TimelineEntry], finished_at: datetime | None) -> None:
        """Show the first time of each step; `finished_at` is when the file was complete, if it is."""
        self._steps = steps_of(entries, finished_at)
        said = [f"{step_words(step.event)} {self._note(step)}".strip() for step in self._steps if step.reached]
        self.setAccessibleDescription(", ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(LEAST_STEP * len(STEPS), 2 * self.fontMetrics().height() + 2 * GAP + DOT)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        # The picture begins where the text above and below it begins.
        width = self.width() / len(STEPS)
        middle = line + GAP + DOT / 2
        for position, step in enumerate(self._steps):
            left = width * position
            self._paint_words(painter, QRectF(left, 0, width - WORD_SPACE, line), step_words(step.event), step.reached)
            below = QRectF(left, middle + DOT / 2 + GAP, width - WORD_SPACE, line)
            self._paint_words(painter, below, self._note(step), reached=False)
            if position + 1 < len(self._steps):
                following = self._steps[position + 1]
                role = "line" if not following.reached else "bad" if following.bad else "accent"
                painter.setPen(QPen(self._theme.colour(role), 2))
                painter.drawLine(QPointF(left + DOT + 4, middle), QPointF(left + width - 4, middle))
            colour = self._theme.colour("bad" if step.bad else "accent" if step.reached else "line_strong")
            painter.setPen(QPen(colour, 2))
            painter.setBrush(colour if step.reached else self._theme.colour("canvas"))
            painter.drawEllipse(QRectF(left + 1, middle - DOT / 2 + 1, DOT - 2, DOT - 2))
        painter.end()

    def _paint_words(self, painter: QPainter, place: QRectF, words: str, reached: bool) -> None:
        painter.setPen(self._theme.colour("text" if reached else "text_quiet"))
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _note(self, step: Step) -> str:
        if step.at is None:
            return ""
        before = [earlier.at for earlier in self._steps[: self._steps.index(step)] if earlier.at is not None]
        if not before:
            return step.at.astimezone().strftime("%H:%M:%S")
        seconds = (step.at - before[-1]).total_seconds()
        return tr("timeline", "at once") if seconds < 0.5 else tr("timeline", "after {time}", time=span(seconds))

    def _theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
