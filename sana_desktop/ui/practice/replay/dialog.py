"""Replay from a report (B34): choose the file, see what its columns mean, see what would be sent, send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.replay.compare import StopsFound, ThenAndNow
from sana_desktop.practice.replay.dry_run import DryRun
from sana_desktop.practice.replay.file import Columns
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.parts.form_grid import align
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable, number_cell
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.practice.replay.choices import LearnerChoice, ReplayChoices
from sana_desktop.ui.practice.replay.columns import ReplayColumns
from sana_desktop.ui.practice.replay.comparison import ReplayComparison
from sana_desktop.ui.practice.replay.foot import SENTENCE_CHARACTERS, ReplayFoot
from sana_desktop.ui.practice.replay.meanings import ReplayMeanings
from sana_desktop.ui.practice.replay.words import (
    begun_words,
    dry_tone,
    dry_words,
    ended_words,
    go_on_words,
    is_sendable,
    missing_words,
    price_words,
    question_words,
)
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import (
    ElidedLabel,
    column,
    empty_layout,
    frame,
    label,
    line,
    set_property,
    text_button,
)

WIDTH, HEIGHT = 960, 680


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A replay that can be gone on with."""

    id: str
    words: str
    asks: bool = False
    """There is something to be decided before it goes on."""


class ReplayDialog(QDialog):
    """One page from top to bottom; what is below comes alive when what is above is settled.

    Signals:
        file_wanted: choose a file.
        mapping_changed: columns or person were chosen otherwise: look through the file again.
        send_wanted: send it.
        pause_wanted, resume_wanted: of what is being sent.
        compare_wanted: ask what is recommended where it stands.
        go_on_wanted(str), forget_wanted(str): an unfinished replay.
    """

    file_wanted = Signal()
    mapping_changed = Signal()
    send_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    compare_wanted = Signal()
    go_on_wanted = Signal(str)
    forget_wanted = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("replayDialog")
        self.setWindowTitle(tr("Replay", "Replay from a report"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._sending = self._paused = self._ended = self._busy = False
        self._ready = False
        self._dry: DryRun | None = None
        self._unfinished = QVBoxLayout()
        self.file = ElidedLabel("replayFile")
        self.choose = text_button(tr("Replay", "Choose a file…"), "replayChooseButton", kind="primary")
        self.columns = ReplayColumns()
        self.choices = ReplayChoices()
        self.days, self.person = self.choices.days, self.choices.person
        self.learner, self.stops, self.asks = self.choices.learner, self.choices.stops, self.choices.asks
        self.verdict = Strip(icons, "replayVerdict")
        self._problems = PlainTable(
            "replayProblems", tr("Replay", "Rows that can't be sent"), theme, icons, most_rows=5, wide=1
        )
        self.meanings = ReplayMeanings(theme, icons)
        self.comparison = ReplayComparison(theme, icons)
        self.foot = ReplayFoot()
        self.send, self.pause, self.resume = self.foot.send, self.foot.pause, self.foot.resume
        self.compare, self.words = self.foot.compare, self.foot.words
        self._mapping_part = QWidget()
        self._needs = label(
            tr(
                "Replay",
                "The file needs a row for each answer, with a column each for the exercise, how it ended and when. "
                "Topic, tags, difficulty, score and time spent are taken along where there are columns for them.",
            ),
            role="caption",
            name="replayNeeds",
            wrap=True,
        )
        self._lay_out()
        self.choose.clicked.connect(self.file_wanted)
        self.columns.changed.connect(self.mapping_changed)
        self.choices.changed.connect(self.mapping_changed)
        self.asks.currentIndexChanged.connect(lambda _: self.foot.show_price(price_words(self.asks.currentText())))
        self.meanings.changed.connect(self.mapping_changed)
        self.send.clicked.connect(self.send_wanted)
        self.pause.clicked.connect(self.pause_wanted)
        self.resume.clicked.connect(self.resume_wanted)
        self.compare.clicked.connect(self.compare_wanted)
        self.foot.close_button.clicked.connect(self.reject)
        self._offer()
        self._align()
        theme.changed.connect(self._align)
        self.setSizeGripEnabled(True)
        self.resize(WIDTH, HEIGHT)

    def show_unfinished(self, replays: Sequence[Unfinished]) -> None:
        """Offer to go on with these."""
        empty_layout(self._unfinished)
        for replay in replays:
            self._unfinished.addWidget(self._unfinished_card(replay))

    def show_no_file(self, sentence: str) -> None:
        """Say why a file that was chosen is none that can be read; what was there of an earlier one is gone."""
        self.file.show_text("")
        self._needs.show()
        self._hide_settled()
        self.choices.begin()
        self.show_problem(sentence)

    def show_file(
        self, name: str, columns: Columns, guess: Mapping, *, chosen: bool = False, settled: bool = False
    ) -> None:
        """Show a file and what its columns seem to hold; the rest as `ReplayColumns.show_columns`."""
        self.file.show_text(name)
        self._dry = None
        self._needs.hide()
        self._name_choose()
        self.choices.begin(guess.days)
        self.meanings.begin(guess.results)
        self._hide_tables()
        self.columns.show_columns(columns, guess, chosen=chosen, settled=settled)
        self._mapping_part.show()
        self.choices.show_sendable(False)
        self.foot.say("")

    def show_learners(self, learners: Sequence[LearnerChoice]) -> None:
        """Offer who may get the answers."""
        self.choices.show_learners(learners)

    def show_asks(self, choices: Sequence[str], chosen: int = 0) -> None:
        """Offer what a comparison can ask for: left to Sana, and the set-up where that is something else."""
        self.choices.show_asks(choices, chosen)
        self._offer()

    def asks_as_set_up(self) -> bool:
        """Return whether the set-up was chosen for it."""
        return self.asks.currentIndex() > 0

    def mapping(self) -> Mapping:
        """Return what the columns hold, as it is chosen."""
        return replace(self.columns.mapping(), days=self.choices.chosen_days(), results=self.meanings.chosen())

    def chosen_person(self) -> str:
        """Return whose answers are meant; EVERYBODY where nobody was chosen."""
        return self.choices.chosen_person()

    def chosen_learner(self) -> str:
        """Return who gets the answers; NEW_LEARNER for one that is made for it."""
        return self.choices.chosen_learner()

    def show_checking(self) -> None:
        """Say that the file is looked through."""
        self._ready = self._ended = False
        self.comparison.hide()
        self.verdict.say(tr("Replay", "Looking through the file. Nothing is sent."))
        self.foot.say("")
        self._problems.hide()
        focus = self.focusWidget()
        # A meaning that was just chosen keeps the focus.
        if focus is None or not self.meanings.isAncestorOf(focus):
            self.meanings.hide()
        self.choices.show_sendable(False)
        self._offer()

    def show_problem(self, sentence: str) -> None:
        """Say why it can't be sent as it is."""
        self._ready = False
        self.verdict.say(sentence, "warn")
        self.foot.say(sentence, "warn")  # beside the button that can't be pressed, which is always in sight
        self._hide_tables()
        self.choices.show_sendable(False)
        self._offer()

    def show_dry(self, dry: DryRun, only_path: str | None = None) -> None:
        """Show what would be sent; `only_path` is where all exercises are said to be, if no column says it."""
        self._dry = dry
        self.choices.show_dry(dry)
        self.columns.show_placed(dry.placed > 0)
        needs_person = dry.people_count > 1 and not dry.person
        self._ready = is_sendable(dry)
        tone = dry_tone(dry, only_path)
        words = dry_words(dry, needs_person, only_path, by_time=self.columns.by_time.isChecked())
        self.verdict.say(f"{words} {tr('Replay', 'Nothing was sent yet.')}", tone)
        self.foot.say(missing_words(dry), "warn")
        headers = (tr("Replay", "Row"), tr("Replay", "Why it can't be sent"))
        # As a spreadsheet counts: the header is its first row.
        rows = [(number_cell(problem.row + 1), Cell(said((problem.words,)))) for problem in dry.problems]
        self._problems.show_rows(headers, rows)
        self._problems.setVisible(bool(rows))
        self.meanings.show_dry(dry)
        self.meanings.setVisible(bool(dry.understood))
        self.choices.show_sendable(self._ready)
        self._offer()

    def show_sending(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""
        self._sending, self._paused, self._ended = True, False, False
        self.verdict.say(begun_words(self._dry) if self._dry is not None else "")
        self.foot.show_progress(done, total)
        self.foot.say(words)
        self._offer()

    def show_paused(self, done: int, total: int, words: str, tone: str = "", *, past_unknown: bool = False) -> None:
        """It stands still and can be gone on with; `past_unknown` if that takes the decision that `words` ask for."""
        self._sending, self._paused = False, True
        self.verdict.say(begun_words(self._dry) if self._dry is not None else "")
        self.foot.show_progress(done, total)
        self.foot.say(words, tone, aloud=past_unknown)
        self.foot.name_resume(go_on_words(False, past_unknown=past_unknown))
        self._offer()

    def show_finished(self, words: str, tone: str = "good") -> None:
        """Everything was sent."""
        self._sending = self._paused = self._ready = False
        self._ended = True
        self.verdict.say(ended_words(self._dry, tone == "good") if self._dry is not None else "", tone)
        self._hide_settled()
        self.foot.show_progress(1, 1)
        self.foot.say(words, tone, aloud=True)
        self._offer()
        self.foot.close_button.setFocus()

    def show_taken_up(self, name: str) -> None:
        """Another replay is gone on with: what was found of a file is not of this one, whose file has this name."""
        self._dry = None
        self.file.show_text(name)
        self._name_choose()
        self._hide_settled()

    def show_comparing(self, words: str) -> None:
        """It is being asked what is recommended."""
        self._busy = True
        self.foot.say(words)
        self._offer()

    def show_compared(self, found: ThenAndNow | None, words: str, tone: str = "") -> None:
        """Show what came of it; None where nothing did. `words` say how far the replay is, or why not."""
        self._busy = False
        self.foot.say(words, tone)
        self._offer()
        if found is not None:
            self.comparison.show_one(found, question_words(found.asked.query))
            self._show_comparison()

    def show_stops(self, found: StopsFound) -> None:
        """Show all places where it was asked."""
        if found.stops:
            self.comparison.show_stops(found)
            self._show_comparison()

    def chosen_stops(self) -> int | None:
        """Return after how many answers to ask along the way; None if it is not."""
        return self.choices.chosen_stops()

    def _name_choose(self) -> None:
        """There is a file: to choose is to choose another one, and not what comes next."""
        set_property(self.choose, "kind", "")
        self.choose.setText(tr("Replay", "Another file…"))
        self.choose.setAccessibleName(tr("Replay", "Another file…"))

    def _align(self) -> None:
        align((self.choices.grid, self.columns.grid))

    def _show_comparison(self) -> None:
        """Show it in the place of what is settled by now."""
        self._hide_settled()
        self._offer()
        self._area.verticalScrollBar().setValue(0)

    def _hide_settled(self) -> None:
        self._mapping_part.hide()
        self._hide_tables()
        self.choices.hide_all()

    def _hide_tables(self) -> None:
        self._problems.hide()
        self.meanings.hide()

    def _offer(self) -> None:
        begun = self._sending or self._paused
        self.foot.offer(
            ready=self._ready, sending=self._sending, paused=self._paused, ended=self._ended, busy=self._busy
        )
        for part in (self.choose, self.columns):
            part.setEnabled(not begun)
        self.choices.offer(begun=begun, asks=not self._sending and (begun or self._ended or self._ready))
        if begun:
            self._needs.hide()
            self._mapping_part.hide()  # it is settled
            self.meanings.hide()

    def _unfinished_card(self, replay: Unfinished) -> QWidget:
        card = frame("card", f"unfinished-{replay.id}")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(8)
        row.addWidget(label(one_line(replay.words, SENTENCE_CHARACTERS), wrap=True), 1)
        go_on = text_button(go_on_words(replay.asks), f"goOn-{replay.id}")
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
        box.addWidget(self._needs)
        box.addWidget(self.verdict)
        box.addWidget(self._problems)
        box.addWidget(self.meanings)
        box.addWidget(self.choices)
        box.addWidget(self.comparison)
        mapping = column(self._mapping_part, spacing=8)
        mapping.addWidget(line())
        mapping.addWidget(label(tr("Replay", "What the columns hold"), role="heading"))
        mapping.addWidget(self.columns)
        box.addWidget(self._mapping_part)
        box.addStretch()
        self._hide_settled()
        area = self._area = QScrollArea()
        area.setObjectName("replayScroll")
        area.setAccessibleName(self.windowTitle())
        area.setWidgetResizable(True)
        area.setWidget(page)
        outer = column(self, spacing=0)
        outer.addWidget(area, 1)
        outer.addWidget(line())
        outer.addWidget(self.foot)
