"""Replay from a report (B34): choose the file, see what its columns mean, see what would be sent, send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.practice.replay_file import Columns, DryRun, Person
from sana_desktop.practice.replay_map import Mapping
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.announce import announce
from sana_desktop.ui.practice.meaning_panel import said
from sana_desktop.ui.practice.naming import kilobytes
from sana_desktop.ui.practice.plain_table import Cell, PlainTable, number_cell
from sana_desktop.ui.practice.replay_columns import ReplayColumns
from sana_desktop.ui.practice.strips import Strip
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import (
    DropDown,
    ElidedLabel,
    column,
    empty_layout,
    frame,
    label,
    line,
    set_tone,
    text_button,
)

WIDTH, HEIGHT = 760, 640
NEW_LEARNER = ""
"""Data of the choice "a new test learner"."""
NAME_CHARACTERS = 40
SENTENCE_CHARACTERS = 400
EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class LearnerChoice:
    """A test learner who may get the answers."""

    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A replay that can be gone on with."""

    id: str
    words: str


class ReplayDialog(QDialog):
    """One page from top to bottom; what is below comes alive when what is above is settled.

    Signals:
        file_wanted: choose a file.
        mapping_changed: columns or person were chosen otherwise: look through the file again.
        send_wanted: send it.
        pause_wanted, resume_wanted: of what is being sent.
        go_on_wanted(str), forget_wanted(str): an unfinished replay.
    """

    file_wanted = Signal()
    mapping_changed = Signal()
    send_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    go_on_wanted = Signal(str)
    forget_wanted = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("replayDialog")
        self.setWindowTitle(tr("Replay", "Replay from a report"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._sending = False
        self._ready = False
        self._found = "", ""
        self._unfinished = QVBoxLayout()
        self.file = ElidedLabel("replayFile")
        self.choose = text_button(tr("Replay", "Choose a file…"), "replayChooseButton")
        self.columns = ReplayColumns()
        self.person = DropDown("replayPerson", tr("Replay", "Whose answers"))
        self.learner = DropDown("replayLearner", tr("Replay", "Test learner who gets them"))
        self.verdict = Strip(icons, "replayVerdict")
        self._problems = PlainTable(
            "replayProblems", tr("Replay", "Rows that can't be sent"), theme, icons, most_rows=5, wide=1
        )
        self.send = text_button(tr("Replay", "Send them"), "replaySendButton", kind="primary")
        self.pause = text_button(tr("Replay", "Pause"), "replayPauseButton")
        self.resume = text_button(tr("Replay", "Go on"), "replayResumeButton", kind="primary")
        self.close_button = text_button(tr("Replay", "Close"), "replayCloseButton")
        self.bar = QProgressBar()
        self.bar.setObjectName("replayProgress")
        self.bar.setAccessibleName(tr("Replay", "Answers sent"))
        self.bar.setTextVisible(False)
        self.words = label("", role="caption", name="replayWords", wrap=True)
        self._mapping_part, self._send_part = QWidget(), QWidget()
        self._person_part = QWidget()
        self._lay_out()
        self.choose.clicked.connect(self.file_wanted)
        self.columns.changed.connect(self.mapping_changed)
        self.person.currentIndexChanged.connect(lambda _: self.mapping_changed.emit())
        self.send.clicked.connect(self.send_wanted)
        self.pause.clicked.connect(self.pause_wanted)
        self.resume.clicked.connect(self.resume_wanted)
        self.close_button.clicked.connect(self.reject)
        self._offer()
        self.resize(WIDTH, HEIGHT)

    def show_unfinished(self, replays: Sequence[Unfinished]) -> None:
        """Offer to go on with these."""
        empty_layout(self._unfinished)
        for replay in replays:
            self._unfinished.addWidget(self._unfinished_card(replay))

    def show_file(self, name: str, columns: Columns, guess: Mapping) -> None:
        """Show a file and what its columns seem to hold."""
        self.file.show_text(name)
        self.show_people(())
        self.columns.show_columns(columns, guess)
        self._mapping_part.show()
        self._send_part.hide()
        self.choose.setText(tr("Replay", "Another file…"))
        self.choose.setAccessibleName(tr("Replay", "Another file…"))

    def show_people(self, people: Sequence[Person]) -> None:
        """Offer whose answers are meant, where there are several people."""
        kept = self.chosen_person()
        blocked = self.person.blockSignals(True)
        self.person.clear()
        self.person.addItem(tr("Replay", "Choose one…"), EVERYBODY)
        for person in people:
            words = tr("Replay", "{id}, {n} rows", id=one_line(person.id, NAME_CHARACTERS), n=f"{person.rows:,}")
            self.person.addItem(words, person.id)
        self.person.setCurrentIndex(max(self.person.findData(kept), 0))
        self.person.blockSignals(blocked)
        self._person_part.setVisible(len(people) > 1)

    def show_learners(self, learners: Sequence[LearnerChoice]) -> None:
        """Offer who may get the answers; a new test learner comes first, for a replay that starts from nothing."""
        kept = self.learner.currentData()
        self.learner.clear()
        self.learner.addItem(tr("Replay", "A new test learner"), NEW_LEARNER)
        for learner in learners:
            self.learner.addItem(one_line(learner.name or learner.user_id, NAME_CHARACTERS), learner.user_id)
        self.learner.setCurrentIndex(max(self.learner.findData(kept), 0))

    def chosen_person(self) -> str:
        """Return whose answers are meant; EVERYBODY where nobody was chosen."""
        return str(self.person.currentData() or EVERYBODY)

    def chosen_learner(self) -> str:
        """Return who gets the answers; NEW_LEARNER for one that is made for it."""
        return str(self.learner.currentData() or NEW_LEARNER)

    def show_checking(self) -> None:
        """Say that the file is looked through."""
        self._ready = False
        self.verdict.say(tr("Replay", "Looking through the file. Nothing is sent."))
        self._problems.hide()
        self._send_part.hide()
        self._offer()

    def show_problem(self, sentence: str) -> None:
        """Say why it can't be sent as it is."""
        self._ready = False
        self.verdict.say(sentence, "warn")
        self._problems.hide()
        self._send_part.hide()
        self._offer()

    def show_dry(self, dry: DryRun) -> None:
        """Show what would be sent."""
        self.show_people(dry.people)
        needs_person = dry.people_count > 1 and not dry.person
        self._ready = bool(dry.usable) and not needs_person
        tone = "warn" if dry.problem_count or not self._ready else "good"
        self._found = dry_words(dry, needs_person), tone
        self.verdict.say(f"{self._found[0]} {tr('Replay', 'Nothing was sent yet.')}", tone)
        headers = (tr("Replay", "Row"), tr("Replay", "Why it can't be sent"))
        rows = [(number_cell(problem.row), Cell(said((problem.words,)))) for problem in dry.problems]
        self._problems.show_rows(headers, rows)
        self._problems.setVisible(bool(rows))
        self._send_part.setVisible(self._ready)
        self._offer()

    def show_sending(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""
        self._sending = True
        self.verdict.say(*self._found)
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self._say(words)
        self._offer()

    def show_paused(self, done: int, total: int, words: str, tone: str = "") -> None:
        """It stands still and can be gone on with."""
        self._sending = False
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self._say(words, tone)
        self._offer(paused=True)

    def show_finished(self, words: str, tone: str = "good") -> None:
        """Everything was sent."""
        self._sending = self._ready = False
        self.verdict.say(*self._found)
        self.bar.setValue(self.bar.maximum())
        self._say(words, tone)
        announce(self.words, words)
        self._offer()
        self.close_button.setFocus()

    def is_ready(self) -> bool:
        """Return whether there is something to send."""
        return self._ready

    def _offer(self, *, paused: bool = False) -> None:
        begun = self._sending or paused
        buttons = (self.send, self.pause, self.resume)
        had_focus = any(button.hasFocus() for button in buttons)
        self.send.setVisible(not begun)
        self.send.setEnabled(self._ready)
        self.pause.setVisible(self._sending)
        self.resume.setVisible(paused)
        for part in (self.choose, self.columns, self.person, self.learner):
            part.setEnabled(not begun)
        self.bar.setVisible(begun or bool(self.words.text()))
        default: QPushButton = self.pause if self._sending else self.resume if paused else self.send
        default.setDefault(True)
        if had_focus:
            default.setFocus()

    def _say(self, words: str, tone: str = "") -> None:
        self.words.setText(one_line(words, SENTENCE_CHARACTERS))
        set_tone(self.words, tone)

    def _unfinished_card(self, replay: Unfinished) -> QWidget:
        card = frame("card", f"unfinished-{replay.id}")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(8)
        row.addWidget(label(one_line(replay.words, SENTENCE_CHARACTERS), wrap=True), 1)
        go_on = text_button(tr("Replay", "Go on"), f"goOn-{replay.id}")
        forget = text_button(tr("Replay", "Forget it"), f"forgetReplay-{replay.id}", kind="plain")
        go_on.clicked.connect(lambda: self.go_on_wanted.emit(replay.id))
        forget.clicked.connect(lambda: self.forget_wanted.emit(replay.id))
        row.addWidget(go_on)
        row.addWidget(forget)
        return card

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("kind", "page")
        box = column(page, (24, 20, 24, 16), spacing=12)
        box.addWidget(label(tr("Replay", "Replay from a report"), role="title"))
        hint = tr(
            "Replay",
            "Sends the outcomes of a CSV file, in order, to a test learner, to see what would have been recommended. "
            "The file is looked through first. Ids of real people never leave this computer.",
        )
        box.addWidget(label(hint, role="quiet", wrap=True))
        box.addLayout(self._unfinished)
        file_row = QHBoxLayout()
        file_row.setSpacing(12)
        file_row.addWidget(self.choose)
        file_row.addWidget(self.file, 1)
        box.addLayout(file_row)
        box.addWidget(self.verdict)
        box.addWidget(self._problems)
        self._beside(self._person_part, tr("Replay", "Whose answers"), self.person)
        box.addWidget(self._person_part)
        self._beside(self._send_part, tr("Replay", "Send them to"), self.learner)
        box.addWidget(self._send_part)
        mapping = column(self._mapping_part, spacing=8)
        mapping.addWidget(line())
        mapping.addWidget(label(tr("Replay", "What the columns hold"), role="heading"))
        mapping.addWidget(self.columns)
        box.addWidget(self._mapping_part)
        box.addStretch()
        for part in (self._mapping_part, self._send_part, self._person_part, self._problems):
            part.hide()
        area = QScrollArea()
        area.setObjectName("replayScroll")
        area.setAccessibleName(self.windowTitle())
        area.setWidgetResizable(True)
        area.setWidget(page)
        outer = column(self, spacing=0)
        outer.addWidget(area, 1)
        outer.addWidget(line())
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.setSpacing(12)
        foot.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.close_button, self.pause, self.resume, self.send):
            row.addWidget(button)
        foot.addLayout(row)
        outer.addLayout(foot)

    @staticmethod
    def _beside(part: QWidget, words: str, control: QWidget) -> None:
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        name = label(words, role="quiet")
        row.addWidget(name)
        row.addWidget(control)
        row.addStretch()


def dry_words(dry: DryRun, needs_person: bool) -> str:
    """Return what a dry run found, in sentences."""
    usable, rows = f"{dry.usable:,}", f"{dry.rows:,}"
    if dry.requests <= 1:
        words = tr("Replay", "{usable} of {rows} rows can be sent, in one request.", usable=usable, rows=rows)
    else:
        words = tr(
            "Replay",
            "{usable} of {rows} rows can be sent, in {requests} requests of {bytes} together.",
            usable=usable,
            rows=rows,
            requests=f"{dry.requests:,}",
            bytes=kilobytes(dry.bytes),
        )
    parts = [words]
    if needs_person:
        parts.append(
            tr(
                "Replay",
                "They are of {n} people, and one learner can't have answered for all of them: choose whose to send.",
                n=f"{dry.people_count:,}",
            )
        )
    if dry.problem_count > len(dry.problems):
        parts.append(tr("Replay", "The first {n} that can't be sent are listed.", n=len(dry.problems)))
    if not dry.in_order:
        parts.append(tr("Replay", "They are not in the order of their times."))
    if dry.first_at is not None and dry.last_at is not None:
        first, last = f"{dry.first_at.astimezone():%Y-%m-%d}", f"{dry.last_at.astimezone():%Y-%m-%d}"
        parts.append(tr("Replay", "From {first} to {last}.", first=first, last=last))
    return " ".join(parts)
