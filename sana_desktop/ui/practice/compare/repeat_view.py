"""Same question twice (B28): is the answer repeatable at all? Without that, a difference may be chance."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import Exercise
from sana_desktop.practice.compare.repeatability import REPEATS, Repeatability, RepeatVerdict
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import crumbs, title_of
from sana_desktop.ui.practice.parts.number_box import NumberBox
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable, Row, tagged_level_cell, tagged_level_header
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

FEWEST, MOST = 2, 20
ROWS_IN_SIGHT = 12
TONES = {RepeatVerdict.REPEATABLE: "good", RepeatVerdict.OTHER_ORDER: "warn", RepeatVerdict.VARIES: "warn"}


class RepeatView(ComparisonPanel):
    """Asks the question of the set-up several times and says whether the answers are the same."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(
            "repeat",
            tr("Practice", "Same question twice"),
            tr(
                "Practice",
                "Begin here. Where the same question gets different answers, a difference between two questions may be "
                "chance. What is found out here is said with every comparison.",
            ),
            tr("Practice", "Ask the same again"),
            theme,
            icons,
        )
        self.times = NumberBox("repeatTimes", tr("Practice", "How often to ask"), FEWEST, MOST, REPEATS)
        self.add_control(tr("Practice", "Times"), self.times)
        self.times.valueChanged.connect(lambda _: self.look_again())
        self._has_result = False
        self._table = PlainTable("repeatTable", tr("Practice", "What came"), theme, icons, most_rows=ROWS_IN_SIGHT)
        self._table.hide()
        self.result.addWidget(self._table)

    def choice(self) -> object:
        return self.times.value()

    def show_earlier(self, found: Repeatability | None) -> None:
        """Say what was found before the app was started, while nothing was found since."""
        if not self._has_result:
            self.verdict.say(repeat_words(found) if found is not None and found.earlier is not None else "")

    def show_result(self, found: Repeatability, answers: Sequence[Sequence[Exercise]] = ()) -> None:
        """Show the verdict, and which exercises came in `answers`."""
        self._has_result = True
        self.verdict.say(repeat_words(found), TONES[found.verdict], aloud=True)
        rows = came_rows(answers)
        headers = (
            tr("Practice", "Exercise"),
            tr("Practice", "Topic"),
            tagged_level_header(),
            tr("Practice", "Came"),
            tr("Practice", "Position each time"),
        )
        self._table.show_rows(headers, rows)
        self._table.setVisible(bool(rows))

    def found_table(self) -> PlainTable:
        return self._table


def came_rows(answers: Sequence[Sequence[Exercise]]) -> list[Row]:
    """Return a row for each exercise that came: how often, and at which position each time."""
    known = {exercise.id: exercise for answer in answers for exercise in answer}
    rows: list[Row] = []
    for id_, exercise in known.items():
        places = [next((at for at, each in enumerate(answer, 1) if each.id == id_), None) for answer in answers]
        came = sum(place is not None for place in places)
        rows.append(
            (
                Cell(title_of(exercise)),
                Cell(crumbs(exercise.path), tone="quiet"),
                tagged_level_cell(exercise),
                Cell(tr("Practice", "{n} of {asked} times", n=came, asked=len(answers))),
                Cell(", ".join("–" if place is None else str(place) for place in places)),
            )
        )
    return rows


def repeat_words(found: Repeatability | None) -> str:
    """Return what is known about the answer repeating itself, as it is said with every comparison."""
    if found is None:
        return tr("Practice", "Not checked yet: whether the same question gets the same answer twice.")
    return said(found.words())


def say_repeatability(strip: Strip, found: Repeatability | None) -> None:
    """Say beside a comparison whether its differences mean anything."""
    # What holds for another question is no good news for this one.
    tone = "warn" if found is None else TONES[found.verdict]
    strip.say(repeat_words(found), "" if tone == "good" and found is not None and found.elsewhere else tone)
