"""Which paths, tags and levels of difficulty came up, and how much of what is known that is."""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.base.words import Words
from sana_desktop.practice.meaning.figures import Interval
from sana_desktop.practice.number_words import percent


@dataclass(frozen=True, slots=True)
class CoveragePart:
    """How far one path, tag or level was reached.

    Attributes:
        known: exercises of it in the catalogue; None where there is no catalogue.
        offered: how often one of it was recommended.
        answers, right: skipped ones left out.
        success: share of right answers with its Wilson interval.
        unasked: how many of the answers are to what nobody recommended, as in a replay.
    """

    name: str
    known: int | None
    offered: int
    answers: int
    right: int
    success: Interval
    unasked: int = 0

    def words(self) -> Words:
        """Return it as a sentence."""
        values = {"name": self.name, "offered": f"{self.offered:,}"}
        if not self.answers:
            if self.offered == 1:
                return Words("{name}: offered once, not answered yet.", **values)
            return Words("{name}: offered {offered} times, not answered yet.", **values)
        values |= {"share": percent(self.success.share), "answers": f"{self.answers:,}"}
        if not self.offered:
            return Words("{name}: not offered, fully right {share} (answers: {answers}).", **values)
        if self.offered == 1:
            return Words("{name}: offered once, fully right {share} (answers: {answers}).", **values)
        return Words("{name}: offered {offered} times, fully right {share} (answers: {answers}).", **values)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which paths, tags and levels of difficulty came up (A44), the most offered first; levels in their order.

    Attributes:
        exercises: different ones that were offered.
        known: exercises of the catalogue; None where there is none.
        left_out: parts beyond the most that are listed.
        unknown: how many of `exercises` the catalogue does not have.
        fitting: exercises of the catalogue that fit what was asked for last; None where that leaves out none.
        fitting_came: how many of those came up.
    """

    paths: tuple[CoveragePart, ...]
    tags: tuple[CoveragePart, ...]
    levels: tuple[CoveragePart, ...]
    exercises: int
    known: int | None
    left_out: int = 0
    unknown: int = 0
    fitting: int | None = None
    fitting_came: int = 0

    def words(self) -> tuple[Words, ...]:
        """Return the picture as sentences."""
        parts = (*self.paths, *self.tags, *self.levels)
        rest = (Words("Not listed: {count} more.", count=f"{self.left_out:,}"),) if self.left_out else ()
        return (*self.head(), *(part.words() for part in parts), *rest)

    def head(self) -> tuple[Words, ...]:
        """Return how many came up."""
        if not self.exercises and not (self.paths or self.tags or self.levels):
            return (Words("Nothing was offered yet."),)
        if not self.exercises:
            head = Words("Nothing was offered: these answers were given without a recommendation.")
        elif self.known:
            head = self._known_words(self.exercises - self.unknown, self.known)
        elif self.exercises == 1:
            head = Words("1 exercise came up.")
        else:
            head = Words("{count} different exercises came up.", count=f"{self.exercises:,}")
        return (head, *self._fitting_words(), *self._unknown_words())

    @staticmethod
    def _known_words(came: int, known: int) -> Words:
        values = {"count": f"{came:,}", "known": f"{known:,}"}
        share = percent(came / known)
        if came and share == percent(0.0):  # a few of many are not none of them
            return Words("{count} of {known} known exercises came up (under 1 %).", **values)
        if came < known and share == percent(1.0):
            return Words("{count} of {known} known exercises came up (over 99 %).", **values)
        return Words("{count} of {known} known exercises came up ({share}).", share=share, **values)

    def _fitting_words(self) -> tuple[Words, ...]:
        if not self.fitting or not self.exercises:
            return ()
        values = {"fit": f"{self.fitting:,}", "count": f"{self.fitting_came:,}"}
        share = percent(self.fitting_came / self.fitting)
        return (Words("Of those that fit what was asked for last: {count} of {fit} ({share}).", share=share, **values),)

    def _unknown_words(self) -> tuple[Words, ...]:
        if not self.known or not self.unknown:
            return ()
        if self.unknown == 1:
            return (Words("1 more came that is not among them."),)
        return (Words("{count} more came that are not among them.", count=f"{self.unknown:,}"),)
