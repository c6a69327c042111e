"""The story of a job as a picture: a line with a dot for each step, and how long the gaps were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.reports.records.job import APP_STARTED, ORDERED_BY, UNREACHED, FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.table.columns import Need, share
from sana_desktop.ui.reports.words.state_words import span
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

STEPS = ("wanted", "sending", "accepted", "ready", "done")
"""The steps of a report that goes well, in order; other events are told in the text beside the picture."""
ENDS = frozenset({"failed", "gone", "submit_unknown"})
"""Events after which only the person can go on."""
LINK_ENDED = "link ended"
NO_FILE = "no file"
"""How a download ends that brought no file; the story has no event of it, the record of the download says it."""
TAKEN_BACK = {"not sent": "sending", UNREACHED: "sending", "paused": "sending"}
"""Events that say that a step did not happen after all, unless a later one is known."""
DOT = 10
GAP = 5
WORD_SPACE = 8
MIN_STEP = 64
"""Pixels: a dot, the space above and below it, between two words, and the least width of a step."""


def step_words(event: str) -> str:
    """Return the plain words of a time line event; an event without words of its own is shown as it is."""
    words = {
        "wanted": tr("timeline", "Asked for"),
        "sending": tr("timeline", "Being sent"),
        "accepted": tr("timeline", "Site took it"),
        "ready": tr("timeline", "Seen ready"),
        "done": tr("timeline", "On disk"),
        "status": tr("timeline", "The site says"),
        "not sent": tr("timeline", "Not sent yet"),
        "paused": tr("timeline", "Paused"),
        "resumed": tr("timeline", "Goes on"),
        "recovered": tr("timeline", "Reached again"),
        "stopped": tr("timeline", "Not watched any more"),
        ORDERED_BY: tr("timeline", "Ordered by"),
        APP_STARTED: tr("timeline", "The app had ended, and was started again"),
        "given up": tr("timeline", "Given up before the site had taken it"),
        "site forgotten": tr("timeline", "Its site was forgotten"),
        "site changed": tr("timeline", "Its connection leads to another site now"),
        "ordered again": tr("timeline", "Ordered again"),
        "link renewed": tr("timeline", "The site gave a new link"),
        "same link again": tr("timeline", "The site gave the same link once more"),
        "odd answer": tr("timeline", "The site gave no link"),
        LINK_ENDED: tr("timeline", "Link ended"),
        NO_FILE: tr("timeline", "No file"),
        FileEvent.CUT: tr("timeline", "Download cut off"),
        FileEvent.RESUMED: tr("timeline", "Download went on"),
        FileEvent.ANEW: tr("timeline", "Download begun again from the start"),
        UNREACHED: tr("timeline", "Not sent yet; tried again by itself from here on"),
        FileEvent.NO_ROOM: tr("timeline", "Download waits for room"),
        FileEvent.ROOM: tr("timeline", "There is room: the download goes on by itself"),
        FileEvent.UNREACHED: tr("timeline", "Download waits; tried again by itself from here on"),
        FileEvent.REACHED: tr("timeline", "Reached again: the download goes on by itself"),
        FileEvent.PAUSED: tr("timeline", "Download paused"),
        FileEvent.GOES_ON: tr("timeline", "Download goes on"),
        FileEvent.MOVED: tr("timeline", "Another folder was chosen"),
        FileEvent.HELD: tr("timeline", "The file waits for its name"),
        FileEvent.VERIFIED: tr("timeline", "Verified again: unchanged"),
        FileEvent.CHANGED: tr("timeline", "Noticed: the file was changed"),
        FileEvent.GONE: tr("timeline", "Noticed: the file was moved or deleted"),
        FileEvent.BACK: tr("timeline", "The file is back, unchanged"),
        FileEvent.LOCATED: tr("timeline", "Found in another place, unchanged"),
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


def short_words(event: str) -> str:
    """Return the words of a step in the picture, where there is less room than in the story."""
    words: dict[str, str] = {
        FileEvent.CHANGED: tr("timeline", "File changed"),
        FileEvent.GONE: tr("timeline", "Not found"),
    }
    return words.get(event, step_words(event))


def end_of(file: TransferRecord | None) -> Step | None:
    """Return the step that says what is wrong with the file of a job now; None if nothing is."""
    if file is None:
        return None
    if file.state is TransferState.LINK_ENDED:
        return Step(LINK_ENDED, file.changed_at, reached=True, bad=True)
    if file.state is TransferState.FAILED:
        return Step(NO_FILE, file.changed_at, reached=True, bad=True)
    if file.state is TransferState.DONE and file.lost_at is not None:
        return Step(FileEvent.GONE, file.lost_at, reached=True, bad=True)
    if file.state is TransferState.DONE and file.verified_ok is False:
        return Step(FileEvent.CHANGED, file.verified_at, reached=True, bad=True)
    return None


def steps_of(entries: Sequence[TimelineEntry], file: TransferRecord | None) -> list[Step]:
    """Return the steps to draw: those of a report that goes well, or those reached and the bad end.

    Args:
        entries: the story, oldest first; the first time of each step counts, and a later order starts anew.
        file: the download, if there is one.
    """
    finished_at = file.finished_at if file is not None and file.state is TransferState.DONE else None
    times: dict[str, datetime] = {}
    for entry in entries:
        if entry.event in STEPS:
            times.setdefault(entry.event, entry.at)
        elif entry.event in TAKEN_BACK and "accepted" not in times:
            times.pop(TAKEN_BACK[entry.event], None)
    if finished_at is not None:
        times["done"] = finished_at
    last = max((position for position, step in enumerate(STEPS) if step in times), default=-1)
    steps = [Step(step, times.get(step), position <= last) for position, step in enumerate(STEPS)]
    if finished_at is None and (end := _bad_end(entries)) is not None:
        if end.event == "failed" and last == STEPS.index("sending"):
            last -= 1  # the site never took it: that it was being sent is no step that was made
        return [*steps[: last + 1], Step(end.event, end.at, reached=True, bad=True)]
    if (bad := end_of(file)) is not None:
        return [*steps[: last + 1], bad]
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
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._theme_changed)

    def show_story(self, entries: Sequence[TimelineEntry], file: TransferRecord | None) -> None:
        """Show the first time of each step, and how the file is now."""
        self._steps = steps_of(entries, file)
        said = [f"{short_words(step.event)} {self._note(step)}".strip() for step in self._steps if step.reached]
        self.setAccessibleDescription(", ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(MIN_STEP * len(STEPS), self._lying_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._lying_height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lying_height() if self.widths(width) else len(self._steps) * self._line_height()

    def widths(self, width: int) -> list[int]:
        """Return the pixels of each step side by side, all the same where their words allow it.

        It is empty when `width` is too small for the words: then the steps stand below each other.
        """
        metrics = self.fontMetrics()
        words = [
            max(metrics.horizontalAdvance(short_words(step.event)), metrics.horizontalAdvance(self._note(step)))
            for step in self._steps
        ]
        needs = [Need(need + WORD_SPACE + 1, need + WORD_SPACE + 1, 1) for need in words]
        even = width // max(len(STEPS), len(self._steps))
        if max(need.least for need in needs) <= even:
            return [even] * len(needs)
        return share(width, needs) if sum(need.least for need in needs) <= width else []

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        widths = self.widths(self.width())
        if widths:
            self._paint_lying(painter, widths)
        else:
            self._paint_standing(painter)
        painter.end()

    def _paint_lying(self, painter: QPainter, widths: Sequence[int]) -> None:
        line = self.fontMetrics().height()
        middle = line + GAP + DOT / 2
        left = 0  # the picture begins where the text above and below it begins
        for position, (step, width) in enumerate(zip(self._steps, widths, strict=True)):
            self._paint_words(painter, QRectF(left, 0, width, line), short_words(step.event), step.reached)
            self._paint_words(painter, QRectF(left, middle + DOT / 2 + GAP, width, line), self._note(step), False)
            ends = QPointF(left + DOT + 4, middle), QPointF(left + width - 4, middle)
            self._paint_step(painter, position, QPointF(left + DOT / 2, middle), ends)
            left += width

    def _paint_standing(self, painter: QPainter) -> None:
        height = self._line_height()
        for position, step in enumerate(self._steps):
            middle = height * (position + 0.5)
            ends = QPointF(DOT / 2, middle + DOT / 2 + 4), QPointF(DOT / 2, middle + height - DOT / 2 - 4)
            self._paint_step(painter, position, QPointF(DOT / 2, middle), ends)
            words = f"{short_words(step.event)}  {self._note(step)}".strip()
            place = QRectF(DOT + WORD_SPACE, height * position, self.width() - DOT - WORD_SPACE, height)
            self._paint_words(painter, place, words, step.reached)

    def _paint_step(self, painter: QPainter, position: int, centre: QPointF, line: tuple[QPointF, QPointF]) -> None:
        """Paint a dot, and the line to the next one."""
        step = self._steps[position]
        if position + 1 < len(self._steps):
            following = self._steps[position + 1]
            role = "line" if not following.reached else "bad" if following.bad else "accent"
            painter.setPen(QPen(self._theme.colour(role), 2))
            painter.drawLine(*line)
        colour = self._theme.colour("bad" if step.bad else "accent" if step.reached else "line_strong")
        painter.setPen(QPen(colour, 2))
        painter.setBrush(colour if step.reached else self._theme.colour("canvas"))
        painter.drawEllipse(centre, DOT / 2 - 1, DOT / 2 - 1)

    def _paint_words(self, painter: QPainter, place: QRectF, words: str, reached: bool) -> None:
        painter.setPen(self._theme.colour("text" if reached else "text_quiet"))
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _line_height(self) -> int:
        return self.fontMetrics().height() + GAP

    def _lying_height(self) -> int:
        return 2 * self.fontMetrics().height() + 2 * GAP + DOT

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
