"""The middle of the Practice place: the recommended sequence, the answers, and what was sent and came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.api.practice_models import Exchange
from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import clock_words, result_words
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.practice.session.answer_bar import AnswerBar
from sana_desktop.ui.practice.session.elsewhere_line import ElsewhereLine
from sana_desktop.ui.practice.session.exchange_fold import ExchangeFold
from sana_desktop.ui.practice.session.exercise_list import Card, ExerciseList
from sana_desktop.ui.practice.session.history import HistoryTable
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import InParts
from sana_desktop.ui.widgets import frame, label, text_button

EMPTY_WIDTH = 380
MARGIN = 16


class SessionPanel(InParts):
    """Shows a session, or what to do where there is none.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the panel shown after that.

    Signals:
        begin_wanted: get the first exercises, from the empty state's button.
        example_wanted: try with example data.
        connect_wanted: connect a site.
    """

    begin_wanted = Signal()
    example_wanted = Signal()
    connect_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("practiceSession")
        self.setAccessibleName(tr("Practice", "Session"))
        self._theme, self._icons = theme, icons
        self._newest: Exchange | None = None
        self._follows = True
        if at_once:
            self.finish()

    def _make(self) -> Iterator[None]:
        theme, icons = self._theme, self._icons
        self.trouble = Strip(icons, "practiceTrouble")
        self.outbox = Strip(icons, "practiceOutbox", most_acts=5)
        self.elsewhere = ElsewhereLine(icons, "practiceElsewhere")
        yield
        self.real_outbox = Strip(icons, "practiceRealOutbox", most_acts=5)
        self.unfinished = Strip(icons, "practiceUnfinished")
        self.rerun = Strip(icons, "practiceRerun")
        yield
        self.list = ExerciseList(theme, icons)
        yield
        self.answers = AnswerBar(theme, icons)
        yield
        self.history = HistoryTable(theme, icons)
        yield
        self.exchange = ExchangeFold(theme, icons)
        yield
        self._heading = label(tr("Practice", "Recommended exercises"), role="heading")
        self._about = label("", role="caption", wrap=True, name="practiceAbout")
        self._nothing = label(
            tr(
                "Practice",
                "These answers are from a report or a paste: none of them was recommended here. Get exercises "
                "to see what would be recommended after them.",
            ),
            role="quiet",
            wrap=True,
            name="practiceFromReport",
        )
        self._nothing.hide()
        yield
        self.done = Strip(icons, "practiceDone")
        self._history_heading = label(tr("Practice", "So far"), role="heading", wrap=True, name="practiceSoFar")
        self._stack = QStackedWidget()
        yield
        self._empty = _Empty(icons)
        yield
        yield from self._lay_out()
        self._empty.begin.clicked.connect(self.begin_wanted)
        self._empty.example.clicked.connect(self.example_wanted)
        self._empty.connect_site.clicked.connect(self.connect_wanted)
        self.history.step_chosen.connect(self._show_step)
        self.exchange.newest_wanted.connect(self._show_newest)
        self.show_cards((), "")
        self.show_empty(tr("Practice", "One moment: getting ready."))

    def show_empty(self, text: str, *, begin: bool = False, example: bool = False, connect: bool = False) -> None:
        """Say what to do next, with the buttons to do it."""
        self._empty.say(text, begin=begin, example=example, connect=connect)
        self._stack.setCurrentWidget(self._empty)

    def show_work(self) -> None:
        """Show the session."""
        self._stack.setCurrentWidget(self._work)

    def show_asking(self, asking: bool) -> None:
        """Say that exercises are on their way, where there are none to be seen."""
        words = tr("Practice", "One moment: the exercises are on their way.")
        if asking and self.list.isHidden():
            self.show_about(words)
        elif not asking and self._about.text() == words:
            self.show_about("")

    def is_empty(self) -> bool:
        """Return whether the empty state is shown."""
        return self._stack.currentWidget() is self._empty

    def show_cards(self, cards: Sequence[Card], about: str) -> None:
        """Show a sequence; the current card is the one to answer."""
        self.list.show_cards(cards)
        self.list.setVisible(bool(cards))
        self.list.updateGeometry()
        self._about.setText(about)
        self._about.setVisible(bool(about))
        now = next((card for card in cards if card.current), None)
        self.answers.show_exercise(now.exercise if now is not None else None)
        self._answer_card.setVisible(now is not None)

    def show_about(self, about: str) -> None:
        """Change the line below the heading alone, such as the age of the list."""
        self._about.setText(about)
        self._about.setVisible(bool(about))

    def show_last_exchange(self, exchange: Exchange | None) -> None:
        """Show the newest exchange in the fold, unless the person chose an older step."""
        self._newest = exchange
        row = self.history.currentIndex().row()
        if row < 0:
            self._follows = True  # what was chosen is gone
        if self._follows:
            if row > 0:
                self.history.setCurrentIndex(self.history.steps.index(0, 0))  # who stood on the newest, stays there
            self.exchange.show_of("")
            self.exchange.show_exchange(exchange)

    def show_count(self, answered: int, from_report: int = 0) -> None:
        """Say how many were answered, and how many of them are from a report."""
        self._history_heading.setText(_count_words(answered, from_report))
        self._nothing.setVisible(bool(from_report) and self.list.isHidden())

    def focus_answers(self) -> None:
        """Put the keyboard where answers are given."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through."""
        return [self._empty] if self.is_empty() else [self.list, self.answers, self.history]

    # -- inside

    def _show_newest(self) -> None:
        """Show the newest exchange, now and from now on."""
        self.history.setCurrentIndex(QModelIndex())
        self.show_last_exchange(self._newest)

    def _show_step(self, step: Step) -> None:
        self._follows = self.history.currentIndex().row() == 0
        answer = result_words(step.result) if step.result is not None else ""
        self.exchange.show_of(", ".join(filter(None, (clock_words(step.at), step.what, answer))), newest=self._follows)
        if step.fate is Fate.WAITING:
            instead = tr("Practice", "This answer was not sent yet.")
        elif step.fate is Fate.GOING:
            instead = tr("Practice", "This answer is being sent.")
        elif step.fate is Fate.DISCARDED:
            instead = tr("Practice", "This answer was discarded: it was never sent.")
        elif step.fate is Fate.UNSENT:
            instead = tr("Practice", "This answer was never sent: no request can hold it.")
        else:
            instead = tr("Practice", "What was sent for this step is not kept.")
        self.exchange.show_exchange(step.exchange, instead)

    def _lay_out(self) -> Iterator[None]:
        # From the outside in: what is moved later, Qt dresses anew with all that is in it.
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(0)
        strips = QVBoxLayout()
        strips.setContentsMargins(MARGIN, 0, MARGIN, 0)
        strips.setSpacing(8)
        box.addLayout(strips)
        strips.addWidget(self.trouble)
        strips.addWidget(self.outbox)
        yield
        strips.addWidget(self.real_outbox)
        strips.addWidget(self.elsewhere)
        strips.addWidget(self.unfinished)
        strips.addWidget(self.rerun)
        box.addWidget(self._stack, 1)
        self._work = QScrollArea()
        self._work.setObjectName("practiceSessionScroll")
        self._work.setWidgetResizable(True)
        self._work.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._work.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._work)
        yield
        inner = self._inner = QWidget()
        self._work.setWidget(inner)
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        rows.setSpacing(8)
        rows.addWidget(self._heading)
        rows.addWidget(self._about)
        rows.addWidget(self._nothing)
        rows.addWidget(self.list, 1)
        yield
        self._answer_card = frame("card", "answerCard")
        rows.addWidget(self._answer_card)
        card = QVBoxLayout(self._answer_card)
        card.setContentsMargins(16, 12, 16, 10)
        card.setSpacing(4)
        card.addWidget(self.answers)
        yield
        rows.addWidget(self.done)
        yield
        rows.addSpacing(8)
        rows.addWidget(self._history_heading)
        rows.addWidget(self.history)  # takes what the cards leave over
        rows.addWidget(self.exchange)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(max(least.width(), self._inner.minimumSizeHint().width() + 14), least.height())


def _count_words(answered: int, from_report: int) -> str:
    if not answered:
        return tr("Practice", "So far")
    if answered == 1:
        if from_report:
            return tr("Practice", "So far: 1 answer, from a report or a paste")
        return tr("Practice", "So far: 1 answer")
    count = f"{answered:,}"
    if not from_report:
        return tr("Practice", "So far: {n} answers", n=count)
    if from_report == answered:
        return tr("Practice", "So far: {n} answers, from a report or a paste", n=count)
    return tr("Practice", "So far: {n} answers, {m} of them from a report or a paste", n=count, m=f"{from_report:,}")


class _Empty(QWidget):
    """What empty says, with the button for it."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setAccessibleName(tr("Practice", "No session yet"))
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        icons.bind_label(picture, "practice", "line_strong", 40)
        heading = label(tr("Practice", "See what Sana would recommend"), role="lead", wrap=True)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = label("", role="quiet", wrap=True, name="practiceEmpty")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setMaximumWidth(EMPTY_WIDTH)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.begin = text_button(tr("Practice", "Get the first exercises"), "practiceBeginButton", kind="primary")
        self.example = text_button(tr("Practice", "Try with example data"), "practiceExampleButton", kind="primary")
        self.connect_site = text_button(tr("Practice", "Connect a site"), "practiceConnectButton")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 8, 24, 16)
        box.setSpacing(8)
        box.addStretch(2)
        box.addWidget(picture)
        box.addWidget(heading)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._words, 10)
        row.addStretch()
        box.addLayout(row)
        box.addSpacing(8)
        for button in (self.begin, self.example, self.connect_site):
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)

    def say(self, text: str, *, begin: bool, example: bool, connect: bool) -> None:
        """Show a sentence and the buttons that help."""
        self._words.setText(one_line(text, 400))
        self.begin.setVisible(begin)
        self.example.setVisible(example)
        self.connect_site.setVisible(connect)
