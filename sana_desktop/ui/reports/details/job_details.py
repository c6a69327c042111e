"""Everything about one job, one fold away: what it means now, its story as picture and text, ids and times."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.base.text import ELLIPSIS, bounded, one_line, visible
from sana_desktop.reports.records.job import JobRecord, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.details.job_facts import WHOLE, job_facts, story_lines
from sana_desktop.ui.reports.details.time_line import TimeLine
from sana_desktop.ui.reports.table.actions import DownloadAction, way_on_of, ways_on_of
from sana_desktop.ui.reports.table.header import EDGE_MARGIN
from sana_desktop.ui.reports.words import report_words
from sana_desktop.ui.reports.words.next_words import is_query_at_fault
from sana_desktop.ui.reports.words.state_words import Tone
from sana_desktop.ui.reports.wrapped_text import FactTable, WrappedText
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import ElidedLabel, icon_button, label, set_tone, text_button

TITLE_CHARACTERS = 200
SENTENCE_CHARACTERS = 320
FACT_CHARACTERS = 400
FACT_LINES = 12
MESSAGE_CHARACTERS = 20_000
"""What is shown of a title, of a message at first (about four lines), of a fact such as the query, and at most."""
LABEL_TONES = {Tone.QUIET: "", Tone.BUSY: "busy", Tone.GOOD: "good", Tone.WARN: "warn", Tone.BAD: "bad"}


class JobDetails(QWidget):
    """The pane below the jobs.

    Signals:
        closed: the person folded it away.
        copied: what is shown is on the clipboard.
        run_again_wanted: local id of the job that is to be run again.
        change_wanted: local id of the job whose query is to be changed.
        go_on_wanted: name of the act that lets a job go on that waits for the person, and its local id.
        file_act_wanted: name of an act on its file that lets it go on or finds it, and its id.
    """

    closed = Signal()
    copied = Signal()
    run_again_wanted = Signal(str)
    change_wanted = Signal(str)
    go_on_wanted = Signal(str, str)
    file_act_wanted = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobDetails")
        self.setAccessibleName(tr("jobs", "Details of the job"))
        self._theme = theme
        self._message = ""
        self._shown = ""
        self._record = ""
        self._title = ElidedLabel("jobDetailsTitle", "heading")
        self._state = label("", name="jobDetailsState")
        self._sentence = WrappedText("jobDetailsSentence", tr("jobs", "What its state means"))
        self._more = text_button(tr("jobs", "Show all of it"), "jobDetailsMore", kind="link")
        self._more.clicked.connect(self._show_all)
        self._next_step = WrappedText("jobDetailsNextStep", tr("jobs", "What to do"), role="quiet")
        self._change = text_button(
            tr("jobs", "Change the query"),
            "jobDetailsChangeQuery",
            description=tr("jobs", "Puts this query into the editor"),
        )
        self._change.clicked.connect(lambda: self.change_wanted.emit(self._shown))
        self._again = text_button(
            tr("jobs", "Run again, new as-of time…"),
            "jobDetailsRunAgain",
            description=tr("jobs", "Orders the same report as a new run; this one stays as it is"),
        )
        self._again.clicked.connect(lambda: self.run_again_wanted.emit(self._shown))
        self._way_on = ""
        self._go_on = text_button("", "jobDetailsGoOn", kind="primary")
        self._go_on.clicked.connect(lambda: self.go_on_wanted.emit(self._way_on, self._shown))
        self._file = ""
        self._file_go_on = text_button("", "jobDetailsFileGoOn", kind="primary")
        self._file_go_on.clicked.connect(lambda: self.file_act_wanted.emit(DownloadAction.RESUME, self._file))
        self._other_folder = text_button("", "jobDetailsOtherFolder")
        self._other_folder.clicked.connect(lambda: self.file_act_wanted.emit(DownloadAction.OTHER_FOLDER, self._file))
        self._locate = text_button("", "jobDetailsLocate", kind="primary")
        self._locate.clicked.connect(lambda: self.file_act_wanted.emit(DownloadAction.LOCATE, self._file))
        self._picture = TimeLine(theme)
        self._story = WrappedText("jobDetailsStory", tr("jobs", "What happened"), role="quiet")
        self._facts = FactTable("jobDetailsFacts", tr("jobs", "What is on record"), theme)
        theme.changed.connect(self._theme_changed)
        self._theme_changed()
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
        if record.id != self._shown:
            self._shown = record.id
            self._area.verticalScrollBar().setValue(0)
        words = report_words.report_words(record, file)
        title = report_words.report_name(record.order, TITLE_CHARACTERS)
        self._title.show_text(title)
        self._state.setText(words.word)
        set_tone(self._state, LABEL_TONES[words.tone])
        self._show_message(visible(words.sentence, keep_newlines=True))
        offer = report_words.offers_new_run(record, file)
        self._again.setVisible(offer)
        self._change.setVisible(is_query_at_fault(record))
        way_on = way_on_of(record)
        self._way_on = way_on.name if way_on is not None else ""
        self._offer(self._go_on, way_on.words if way_on is not None else "")
        self._file = file.id if file is not None else ""
        ways = {act.name: act.words for act in ways_on_of(record, file)}
        self._offer(self._file_go_on, ways.get(DownloadAction.RESUME, ""))
        self._offer(self._other_folder, ways.get(DownloadAction.OTHER_FOLDER, ""))
        self._offer(self._locate, ways.get(DownloadAction.LOCATE, ""))
        # Where the way on is a button, it needs no sentence that says the same.
        step = "" if offer and not record.error_next_step else (file.error_next_step if file is not None else "")
        step = one_line(record.error_next_step or step, WHOLE)
        self._next_step.show_text(one_line(step, SENTENCE_CHARACTERS))
        self._next_step.setVisible(bool(step))
        self._picture.show_story(story, file)
        told = story_lines(story, file)
        self._story.show_text("\n".join(line.shown for line in told))
        known = [(name, visible(value, keep_newlines=True)) for name, value in job_facts(record, file, typical, story)]
        self._facts.show_facts([(name, in_short(value)) for name, value in known])
        facts = [f"{name}: {value}" for name, value in known]
        whole = [
            report_words.report_name(record.order, WHOLE),
            words.word,
            self._message,
            step,
            *facts,
            "",
            *(line.whole for line in told),
        ]
        self._record = "\n".join(whole).strip()

    def as_text(self) -> str:
        """Return what is known of the job, as text to be copied: whole, and with the time zone of each time."""
        return self._record

    def _head(self, icons: Icons) -> QWidget:
        copy = icon_button(icons, "copy", tr("jobs", "Copy details"), "copyJobDetails")
        copy.clicked.connect(self._copy)
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
        box.setContentsMargins(EDGE_MARGIN, 8, EDGE_MARGIN, 12)
        box.setSpacing(8)
        box.addWidget(self._sentence)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._next_step)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self._go_on)
        acts.addWidget(self._file_go_on)
        acts.addWidget(self._other_folder)
        acts.addWidget(self._locate)
        acts.addWidget(self._change)
        acts.addWidget(self._again)
        acts.addStretch()
        box.addLayout(acts)
        box.addSpacing(4)
        box.addWidget(self._picture)
        box.addSpacing(4)
        box.addWidget(self._facts)
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
        self._sentence.show_text(bounded(message, SENTENCE_CHARACTERS))
        self._more.setVisible(len(message) > SENTENCE_CHARACTERS)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())
        self.copied.emit()

    def _theme_changed(self) -> None:
        self._story.setFont(self._theme.tabular())

    @staticmethod
    def _offer(button: QPushButton, words: str) -> None:
        button.setText(words)
        button.setVisible(bool(words))

    def _show_all(self) -> None:
        self._sentence.show_text(self._message)
        self._more.hide()


def in_short(value: str) -> str:
    """Return what is shown of a value: its first lines, as they were written, for a comment ends with its line."""
    lines = value.strip().splitlines()
    kept = "\n".join([*lines[:FACT_LINES], ELLIPSIS] if len(lines) > FACT_LINES else lines)
    return bounded(kept, FACT_CHARACTERS)
