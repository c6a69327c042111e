"""Asked challenge against what came of it, level by level, with a verdict that says what it rests on.

The API does not define what its challenge level counts; it is read as the share of answers that are not fully right.
"""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.base.words import Words
from sana_desktop.practice.meaning.figures import Interval
from sana_desktop.practice.number_words import hundredths, percent

NOTHING_YET = Words("Nothing is answered yet.")
MIN_ANSWERS = 10
"""Fewer are too few to tell anything of: one slip more or less would turn the verdict."""
ACCURACY = 0.07
"""How near a recommender is asked to come to the challenge; at 0 nearly every answer is right, not every one."""


@dataclass(frozen=True, slots=True)
class ChallengeBin:
    """What came of one asked challenge.

    Attributes:
        asked: 0.0 to 1.0, the mean where several near each other were asked for; None where Sana decided.
        failures: answers that were not fully right: incorrect or partly right.
        failed: their share, with its Wilson interval of 95 %.
    """

    asked: float | None
    answers: int
    failures: int
    failed: Interval

    @property
    def agrees(self) -> bool | None:
        """Whether the share may lie within `ACCURACY` of what was asked for; None where it can't be told."""
        if self.asked is None or not self.answers or self.is_too_few:
            return None
        low, high = self.expected
        return self.failed.low <= high and low <= self.failed.high

    @property
    def is_too_few(self) -> bool:
        """Whether something was asked for, and there are too few answers to say what came of it."""
        return self.asked is not None and self.answers < MIN_ANSWERS

    @property
    def expected(self) -> tuple[float, float]:
        """Least and greatest share that is as asked; 0 to 1 where Sana decided."""
        if self.asked is None:
            return 0.0, 1.0
        # Rounded: 0.2 + 0.07 is a little more than 0.27.
        return max(round(self.asked - ACCURACY, 9), 0.0), min(round(self.asked + ACCURACY, 9), 1.0)

    def words(self) -> Words:
        """Return it as a sentence."""
        values = {
            "share": percent(self.failed.share), "low": percent(self.failed.low), "high": percent(self.failed.high),
            "answers": f"{self.answers:,}",
        }  # fmt: skip
        if self.asked is None:
            return Words(
                "Sana decided: {share} of the answers were not fully right"
                " (answers: {answers}; between {low} and {high}, 95 % sure).",
                **values,
            )
        least, most = self.expected
        values |= {"asked": hundredths(self.asked), "least": percent(least), "most": percent(most)}
        if self.is_too_few:
            return Words(
                "Challenge {asked} was asked for, and {share} of the answers were not fully right"
                " (answers: {answers}): too few to tell; it takes {needed}.",
                needed=MIN_ANSWERS, **values,
            )  # fmt: skip
        if self.agrees:
            return Words(
                "Challenge {asked} was asked for, and {share} of the answers were not fully right"
                " (answers: {answers}; between {low} and {high}, 95 % sure):"
                " that agrees with the {least} to {most} that were to be expected.",
                **values,
            )
        return Words(
            "Challenge {asked} was asked for, and {share} of the answers were not fully right"
            " (answers: {answers}; between {low} and {high}, 95 % sure):"
            " that differs from the {least} to {most} that were to be expected.",
            **values,
        )


@dataclass(frozen=True, slots=True)
class AskedAgainstGot:
    """Asked challenge against observed failure (B31), the least challenge first, "Sana decided" last.

    Attributes:
        unasked: answers that nobody asked for, as those of a report: they say nothing of a challenge.
    """

    bins: tuple[ChallengeBin, ...]
    unasked: int = 0

    def words(self) -> tuple[Words, ...]:
        """Return the picture as sentences."""
        said = tuple(each.words() for each in self.bins)
        if not self.unasked:
            return said or (NOTHING_YET,)
        if not said:
            return (Words("No challenge was asked for: these answers are from a report or a paste."),)
        if self.unasked == 1:
            return (*said, Words("1 answer is from a report or a paste: no challenge was asked for it."))
        count = f"{self.unasked:,}"
        return (
            *said,
            Words("{count} answers are from a report or a paste: no challenge was asked for them.", count=count),
        )
