"""Why is it empty, why not this one (B33): which constraint is in the way, with a button that drops it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QStringListModel, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from sana_desktop.practice.compare.why import WhyEmpty, WhyNot, WhyNotVerdict
from sana_desktop.practice.exercises.limits import Limit, Part, by_part, named
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import title_of
from sana_desktop.ui.practice.parts.suggestions import suggest
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, empty_layout, frame, label, text_button

FIELD_WIDTH = 320


class Doubt(StrEnum):
    """Which of the two is asked."""

    EMPTY = "empty"
    NOT_THIS = "not this"


class WhyView(ComparisonPanel):
    """Asks without each constraint in turn, then without two, until something fits.

    Signals:
        doubt_chosen(str): the other Doubt; another plan is wanted.
        drop_wanted(object): a tuple of `Limit`s that the set-up is to be without.
    """

    doubt_chosen = Signal(str)
    drop_wanted = Signal(object)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(
            "why",
            tr("Practice", "Why is it empty, why not this one?"),
            tr(
                "Practice",
                "Asks again without each constraint, down to single tags and topics, then without two of them, until "
                "it fits, and names the fewest that are in the way. Nothing is answered, so nobody's path is changed.",
            ),
            tr("Practice", "Find out"),
            theme,
            icons,
        )
        self.doubt = DropDown("whyDoubt", tr("Practice", "What to find out"))
        self.doubt.addItem(tr("Practice", "Why does nothing fit?"), Doubt.EMPTY)
        self.doubt.addItem(tr("Practice", "Why is this one not recommended?"), Doubt.NOT_THIS)
        self.exercise = QLineEdit()
        self.exercise.setObjectName("whyExercise")
        self.exercise.setAccessibleName(tr("Practice", "Exercise"))
        self.exercise.setPlaceholderText(tr("Practice", "Part of its name, then choose"))
        self.exercise.setMinimumWidth(FIELD_WIDTH)
        self._known: Sequence[str] = ()
        self._suggestions = QStringListModel(self)
        suggest(self.exercise, self._suggestions, tr("Practice", "Exercises with these letters"))
        self.add_control(tr("Practice", "Question"), self.doubt)
        self.add_control(tr("Practice", "Exercise"), self.exercise)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(8)
        self.result.addLayout(self._findings)
        self._sentences: list[str] = []
        self.doubt.currentIndexChanged.connect(self._turn)
        self.exercise.returnPressed.connect(self.run.click)
        self.exercise.textChanged.connect(lambda _: self.look_again())
        self._turn()

    def chosen_doubt(self) -> Doubt:
        """Return which question is asked."""
        return Doubt(self.doubt.currentData())

    def choose(self, doubt: Doubt, exercise: str = "") -> None:
        """Choose a question, as if the person had."""
        self.doubt.setCurrentIndex(self.doubt.findData(doubt))
        if exercise:
            self.exercise.setText(exercise)

    def choice(self) -> object:
        named = self.chosen_doubt() is Doubt.NOT_THIS
        return self.chosen_doubt(), self.exercise.text().strip() if named else ""

    def show_exercises(self, ids: Sequence[str]) -> None:
        """Suggest these by name."""
        if ids != self._known:
            self._known = ids
            self._suggestions.setStringList(list(ids))

    def show_empty(self, found: WhyEmpty) -> None:
        """Show why nothing fits."""
        first, *_ = found.words()
        self.verdict.say(said((first,)), "good" if found.found else "warn", aloud=True)
        self._begin(tr("Practice", "The question was: why does nothing fit?"))
        for each in found.blocking:
            self._add(said(each.words()), each.limits)

    def show_not(self, found: WhyNot) -> None:
        """Show why an exercise is not among the recommended."""
        first, *others = found.words()
        good = found.verdict is WhyNotVerdict.IT_IS
        tone = "good" if good else "" if found.verdict is WhyNotVerdict.OUTRANKED else "warn"
        self.verdict.say(said((first,)), tone, aloud=True)
        exercise = title_of(found.exercise)
        self._begin(tr("Practice", "The question was: why is {exercise} not recommended?", exercise=exercise))
        if found.blocking:
            for limits in found.blocking:
                names = tr("Practice", " and ").join(said((name,)) for name in named(limits))
                self._add(tr("Practice", "It comes without {constraints}.", constraints=names), limits)
        elif others:
            self._add(said(others), ())

    def found_sentences(self) -> list[str]:
        return self._sentences

    def _begin(self, question: str) -> None:
        empty_layout(self._findings)
        self._sentences = [question]

    def _add(self, sentence: str, limits: tuple[Limit, ...]) -> None:
        self._sentences.append(sentence)
        card = frame("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(label(sentence, wrap=True, selectable=True), 1)
        if limits:
            button = text_button(drop_words(limits), f"whyDrop-{self._findings.count() + 1}")
            button.clicked.connect(lambda: self.drop_wanted.emit(limits))
            row.addWidget(button)
        self._findings.addWidget(card)
        card.show()

    def _turn(self) -> None:
        self.show_control(self.exercise, self.chosen_doubt() is Doubt.NOT_THIS)
        self.look_again()
        self.doubt_chosen.emit(self.chosen_doubt())


def drop_words(limits: Sequence[Limit]) -> str:
    """Return the verb of the button that drops these."""
    parts = by_part(limits)
    if len(parts) > 1:
        return tr("Practice", "Drop them")
    one = len(limits) == 1
    return {
        Part.TAGS: tr("Practice", "Drop that tag") if one else tr("Practice", "Drop the tags"),
        Part.PATHS: tr("Practice", "Drop that topic") if one else tr("Practice", "Drop the topics"),
        Part.REVIEW: tr("Practice", "Allow new ones too"),
        Part.CHALLENGE: tr("Practice", "Let Sana decide the challenge"),
    }[next(iter(parts))]
