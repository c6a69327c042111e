"""Everything about one job, one fold away: what it means now, its story as picture and text, ids and times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.base.text import bounded, one_line, visible
from sana_desktop.reports.job import JobRecord, TimelineEntry
from sana_desktop.reports.transfer import TransferRecord, TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports import state_words
from sana_desktop.ui.reports.record_header import EDGE_MARGIN
from sana_desktop.ui.reports.state_words import Tone
from sana_desktop.ui.reports.time_line import TimeLine, step_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import ElidedLabel, icon_button, label, set_tone, text_button

TITLE_CHARACTERS = 200
SENTENCE_CHARACTERS = 320
MESSAGE_CHARACTERS = 20_000
HASH_CHARACTERS = 12
"""What is shown of a message at first (about four lines), and at most; and of a check number, which is copied whole."""
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
        self._theme = theme
        self._message = ""
        self._shown = ""
        self._hash = ""
        self._title = ElidedLabel("jobDetailsTitle", "heading")
        self._state = label("", name="jobDetailsState")
        self._sentence = label("", name="jobDetailsSentence", wrap=True, selectable=True)
        self._more = text_button(tr("jobs", "Show all of it"), "jobDetailsMore", kind="link")
        self._more.clicked.connect(self._show_all)
        self._next_step = label("", role="quiet", name="jobDetailsNextStep", wrap=True, selectable=True)
        self._picture = TimeLine(theme)
        self._story = label("", role="quiet", name="jobDetailsStory", wrap=True, selectable=True)
        theme.changed.connect(self._theme_changed)
        self._theme_changed()
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 8, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(self._head(icons))
        self._area = self._scroll()
        outer.addWidget(self._area, 1)

    def show_job(
        self,
        record: JobRecord,
        story: Sequence[TimelineEntry],
        file: TransferRecord | None,
        typical: tuple[float, float] | None,
    ) -> None:
        """Show a job, its stored story, its file if there is one, and how long such a report usually takes."""
        file_at = file.finished_at if file is not None and file.state is TransferState.DONE else None
        if record.id != self._shown:
            self._shown = record.id
            self._area.verticalScrollBar().setValue(0)
        words = state_words.job_words(record)
        self._title.show_text(one_line(record.order.title, TITLE_CHARACTERS))
        self._state.setText(words.word)
        set_tone(self._state, LABEL_TONES[words.tone])
        on_disk = tr("jobs", "The file is on disk, complete and checked.") if file_at is not None else ""
        self._show_message(on_disk or visible(words.sentence, keep_newlines=True))
        self._next_step.setText(one_line(record.error_next_step, SENTENCE_CHARACTERS))
        self._next_step.setVisible(bool(record.error_next_step))
        self._picture.show_story(story, file_at)
        told = [story_line(entry) for entry in story]
        self._hash = ""
        if file is not None and file_at is not None:
            told.append(file_line(file, file_at))
            self._hash = file.sha256
        self._story.setText("\n".join(told))
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, value in job_facts(record, typical):
            self._facts.addRow(label(name, role="quiet"), label(value, wrap=True, selectable=True))

    def as_text(self) -> str:
        """Return what is shown, as text to be copied."""
        lines = [self._title.accessibleName(), self._state.text(), self._message, self._next_step.text()]
        for row in range(self._facts.rowCount()):
            parts = (
                self._facts.itemAt(row, role)
                for role in (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
            )
            words = [item.widget() for item in parts if item is not None]
            lines.append(": ".join(word.text() for word in words if isinstance(word, QLabel)))
        check = tr("downloads", "Check number (SHA-256): {hash}", hash=self._hash) if self._hash else ""
        return "\n".join(line for line in (*lines, self._story.text(), check) if line)

    def _head(self, icons: Icons) -> QWidget:
        copy = icon_button(icons, "copy", tr("jobs", "Copy details"), "copyJobDetails")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.as_text()))
        close = icon_button(icons, "close", tr("jobs", "Close details"), "closeJobDetails")
        close.clicked.connect(self.closed)
        bar = QWidget()
        head = QHBoxLayout(bar)
        head.setContentsMargins(EDGE_MARGIN, 0, 8, 0)
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        head.addWidget(copy)
        head.addWidget(close)
        return bar

    def _scroll(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("kind", "dock")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(inside)
        box.setContentsMargins(EDGE_MARGIN, 0, EDGE_MARGIN, 12)
        box.setSpacing(8)
        box.addWidget(self._sentence)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._next_step)
        box.addSpacing(4)
        box.addWidget(self._picture)
        box.addSpacing(4)
        box.addLayout(self._facts)
        box.addSpacing(4)
        box.addWidget(self._story)
        box.addStretch()
        scroll = QScrollArea()
        scroll.setObjectName("jobDetailsScroll")
        scroll.setAccessibleName(tr("jobs", "Details of the job"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def _show_message(self, message: str) -> None:
        message = bounded(message, MESSAGE_CHARACTERS)
        if message == self._message:
            return  # what was unfolded stays so while the job goes on
        self._message = message
        self._sentence.setText(bounded(message, SENTENCE_CHARACTERS))
        self._more.setVisible(len(message) > SENTENCE_CHARACTERS)

    def _theme_changed(self) -> None:
        self._story.setFont(self._theme.tabular())

    def _show_all(self) -> None:
        self._sentence.setText(self._message)
        self._more.hide()


def story_line(entry: TimelineEntry) -> str:
    """Return one line of the story: time, what happened, and its detail if there is one."""
    time = entry.at.astimezone().strftime("%H:%M:%S")
    detail = one_line(entry.detail, TITLE_CHARACTERS)
    words = step_words(entry.event)
    return f"{time}  {words} · {detail}" if detail else f"{time}  {words}"


def file_line(file: TransferRecord, finished_at: datetime) -> str:
    """Return the line of the story that says when a file was complete, and what is in it."""
    time = finished_at.astimezone().strftime("%H:%M:%S")
    parts = [state_words.done_line(file)]
    if file.sha256:
        parts.append(tr("jobs", "check number {hash}…", hash=file.sha256[:HASH_CHARACTERS]))
    return f"{time}  {tr('jobs', 'On disk, checked')} · {' · '.join(parts)}"


def job_facts(record: JobRecord, typical: tuple[float, float] | None) -> list[tuple[str, str]]:
    """Return names and values of what is known about a job beyond its state."""
    facts = [
        (tr("jobs", "Format"), record.order.format.value.upper()),
        (tr("jobs", "Ordered"), _exact(record.submitted_at) or tr("jobs", "not sent yet")),
        (tr("jobs", "Requests"), _requests(record)),
    ]
    if typical is not None:
        facts.append((tr("jobs", "Usual time"), state_words.time_range(typical)))
    if record.job_id:
        facts.append((tr("jobs", "Job id"), one_line(record.job_id, TITLE_CHARACTERS)))
    if record.service_status:
        facts.append((tr("jobs", "The site says"), one_line(record.service_status, TITLE_CHARACTERS)))
    if record.error_code:
        status = f" ({record.error_http_status})" if record.error_http_status else ""
        facts.append((tr("jobs", "Error"), one_line(record.error_code, TITLE_CHARACTERS) + status))
    return facts


def _requests(record: JobRecord) -> str:
    if not record.submits:
        return tr("jobs", "none yet")
    sent = tr("jobs", "sent once") if record.submits == 1 else tr("jobs", "sent {n} times", n=record.submits)
    looks = tr("jobs", "looked once") if record.polls == 1 else tr("jobs", "looked {n} times", n=record.polls)
    return f"{sent}, {looks}" if record.polls else sent


def _exact(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
