"""Same question twice (B28): is the answer repeatable at all? Without that, a difference may be chance."""

from __future__ import annotations

from sana_desktop.practice.repeatability import REPEATS, Repeatability, RepeatVerdict
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning_panel import said
from sana_desktop.ui.practice.number_box import NumberBox
from sana_desktop.ui.practice.strips import Strip
from sana_desktop.ui.practice.study import Study
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

FEWEST, MOST = 2, 20
TONES = {RepeatVerdict.REPEATABLE: "good", RepeatVerdict.OTHER_ORDER: "warn", RepeatVerdict.VARIES: "warn"}


class RepeatView(Study):
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

    def show_result(self, found: Repeatability) -> None:
        """Show the verdict."""
        self.verdict.say(repeat_words(found), TONES[found.verdict], aloud=True)


def repeat_words(found: Repeatability | None) -> str:
    """Return what is known about the answer repeating itself, as it is said with every comparison."""
    if found is None:
        return tr("Practice", "Not checked yet: whether the same question gets the same answer twice.")
    return said(found.words())


def say_repeatability(strip: Strip, found: Repeatability | None) -> None:
    """Say beside a comparison whether its differences mean anything."""
    strip.say(repeat_words(found), "warn" if found is None else TONES[found.verdict])
