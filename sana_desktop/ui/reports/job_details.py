"""Everything about one job, one fold away: what it means now, its story as picture and text, ids and times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.reports.job import JobRecord, TimelineEntry
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports import state_words
from sana_desktop.ui.reports.state_words import Tone
from sana_desktop.ui.reports.time_line import TimeLine, step_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import icon_button, label, set_tone

TITLE_CHARACTERS = 200
LABEL_TONES = {Tone.QUIET: "", Tone.BUSY: "busy", Tone.GOOD: "good", Tone.WARN: "warn", Tone.BAD: "bad"}


class JobDetails(QWidget):
    """The pane below the jobs.

    Signals:
        closed: the person folded it away.
    """

    closed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobDetails")
        self.setAccessibleName(tr("jobs", "Details of the job"))
        self._title = label("", role="heading", name="jobDetailsTitle")
        self._state = label("", name="jobDetailsState")
        self._sentence = label("", name="jobDetailsSentence", wrap=True, selectable=True)
        self._next_step = label("", role="quiet", name="jobDetailsNextStep", wrap=True, selectable=True)
        self._picture = TimeLine(theme)
        self._story = label("", role="quiet", name="jobDetailsStory", wrap=True, selectable=True)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        close = icon_button(icons, "close", tr("jobs", "Close details"), "closeJobDetails")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        head.addWidget(close)
        inside = QWidget()
        inside.setProperty("kind", "page")
        box = QVBoxLayout(inside)
        box.setContentsMargins(12, 0, 12, 12)
        box.setSpacing(8)
        box.addWidget(self._sentence)
        box.addWidget(self._next_step)
        box.addWidget(self._picture)
        box.addLayout(self._facts)
        box.addWidget(self._story)
        box.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(4)
        bar = QWidget()
        bar.setLayout(head)
        head.setContentsMargins(12, 0, 6, 0)
        outer.addWidget(bar)
        outer.addWidget(scroll, 1)

    def show_job(
        self,
        record: JobRecord,
        story: Sequence[TimelineEntry],
        file_at: datetime | None,
        typical: tuple[float, float] | None,
    ) -> None:
        """Show a job, its stored story, when its file was complete and how long such a report usually takes."""
        words = state_words.job_words(record)
        self._title.setText(one_line(record.order.title, TITLE_CHARACTERS))
        self._state.setText(words.word)
        set_tone(self._state, LABEL_TONES[words.tone])
        self._sentence.setText(words.sentence)
        self._next_step.setText(record.error_next_step)
        self._next_step.setVisible(bool(record.error_next_step))
        self._picture.show_story(story, file_at)
        self._story.setText("\n".join(_story_line(entry) for entry in story))
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, value in _facts(record, typical):
            self._facts.addRow(label(name, role="quiet"), label(value, wrap=True, selectable=True))


def _story_line(entry: TimelineEntry) -> str:
    time = entry.at.astimezone().strftime("%H:%M:%S")
    detail = one_line(entry.detail, TITLE_CHARACTERS)
    words = step_words(entry.event)
    return f"{time}  {words} · {detail}" if detail else f"{time}  {words}"


def _facts(record: JobRecord, typical: tuple[float, float] | None) -> list[tuple[str, str]]:
    looks = tr("jobs", "{orders} sent, {looks} looks", orders=record.submits, looks=record.polls)
    facts = [
        (tr("jobs", "Format"), record.order.format.value.upper()),
        (tr("jobs", "Ordered"), _exact(record.submitted_at) or tr("jobs", "not sent yet")),
        (tr("jobs", "Requests"), looks),
    ]
    if typical is not None:
        facts.append((tr("jobs", "Usual time"), state_words.usual_time(typical)))
    if record.job_id:
        facts.append((tr("jobs", "Job id"), one_line(record.job_id, TITLE_CHARACTERS)))
    if record.service_status:
        facts.append((tr("jobs", "The site says"), one_line(record.service_status, TITLE_CHARACTERS)))
    if record.error_code:
        status = f" ({record.error_http_status})" if record.error_http_status else ""
        facts.append((tr("jobs", "Error"), record.error_code + status))
    return facts


def _exact(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone().isoformat(sep=" ", timespec="seconds")
