"""The story of a job as a picture: a line with a dot for each step, and how long the gaps were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.reports.job import TimelineEntry
from sana_desktop.ui.reports.state_words import span
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

STEPS = ("wanted", "sending", "accepted", "ready", "done")
"""The steps of a report that goes well, in order; other events are told in the text beside the picture."""


def step_words(event: str) -> str:
    """Return the plain words of a time line event; an event without words of its own is shown as it is."""
    words = {
        "wanted": tr("timeline", "Wanted"),
        "sending": tr("timeline", "Order sent"),
        "accepted": tr("timeline", "Taken by the site"),
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


class TimeLine(QWidget):
    """Five steps on a line. Its text twin is the list beside it; here it is the accessible description."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._times: dict[str, datetime] = {}
        self._ended_badly = False
        self.setObjectName("jobTimeLine")
        self.setAccessibleName(tr("timeline", "Steps of this report"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_story(self, entries: Sequence[TimelineEntry], finished_at: datetime | None) -> None:
        """Show the first time of each step; `finished_at` is when the file was complete, if it is."""
        self._times = {}
        for entry in entries:
            if entry.event in STEPS:
                self._times.setdefault(entry.event, entry.at)
        if finished_at is not None:
            self._times["done"] = finished_at
        self._ended_badly = bool(entries) and entries[-1].event in {"failed", "gone", "submit_unknown"}
        reached = ", ".join(step_words(step) for step in STEPS if step in self._times)
        self.setAccessibleDescription(reached)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 2 * self.fontMetrics().height() + 28)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        width = self.width() / len(STEPS)
        middle = line + 10
        last = max((position for position, step in enumerate(STEPS) if step in self._times), default=-1)
        for position, step in enumerate(STEPS):
            centre = width * (position + 0.5)
            reached = step in self._times or position < last
            colour = self._theme.colour("accent" if reached else "line_strong")
            if self._ended_badly and position == last:
                colour = self._theme.colour("bad")
            if position:
                painter.setPen(QPen(self._theme.colour("accent" if position <= last else "line"), 2))
                painter.drawLine(round(centre - width + 8), middle, round(centre - 8), middle)
            painter.setPen(QPen(colour, 2))
            painter.setBrush(colour if reached else self._theme.colour("surface"))
            painter.drawEllipse(QRectF(centre - 4, middle - 4, 8, 8))
            painter.setPen(self._theme.colour("text" if reached else "text_quiet"))
            cell = QRectF(width * position, 0, width, line)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, self._elided(step_words(step), width))
            painter.setPen(self._theme.colour("text_quiet"))
            below = QRectF(width * position, middle + 9, width, line)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._elided(self._note(position), width))
        painter.end()

    def _note(self, position: int) -> str:
        moment = self._times.get(STEPS[position])
        if moment is None:
            return ""
        before = [self._times[step] for step in STEPS[:position] if step in self._times]
        if not before:
            return moment.astimezone().strftime("%H:%M:%S")
        return tr("timeline", "after {time}", time=span((moment - before[-1]).total_seconds()))

    def _elided(self, text: str, width: float) -> str:
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width) - 4)
