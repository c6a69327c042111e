"""What a session means, ready to paint, and said in words.

One reading of an answer holds throughout: it is right if its result is `correct`. A partly right one is not fully
right, and a skipped one counts neither way. The API does not define what its challenge level counts; it is read as the
share of answers that are not fully right, which is what it is compared with here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.api.practice_models import Result
from sana_desktop.base.words import Words
from sana_desktop.practice.meaning_figures import Interval, Point


def percent(share: float) -> str:
    """Return a share as whole percent."""
    return f"{100 * share:.0f} %"


def tenths(value: float) -> str:
    """Return a number with one digit after the point; nothing is never less than nothing."""
    return f"{round(value, 1) + 0.0:.1f}"


NOTHING_YET = Words("Nothing is answered yet.")


@dataclass(frozen=True, slots=True)
class SuccessOverTime:
    """Right answers as the session went on. Skipped ones count neither way; a partly right one is not right.

    Attributes:
        points: the share of right answers among the last `window`, step by step, thinned to a few hundred.
        answers, right: of all, skipped ones left out.
        skipped, partly: how many.
        latest: the newest `window` results, oldest first, skipped ones among them.
    """

    points: tuple[Point, ...]
    window: int
    answers: int
    right: int
    partly: int
    skipped: int
    latest: tuple[Result, ...] = ()

    @property
    def overall(self) -> float:
        """Right answers of all; 0 without any."""
        return self.right / self.answers if self.answers else 0.0

    def words(self) -> tuple[Words, ...]:
        """Return the picture as sentences."""
        if not self.answers:
            return (NOTHING_YET, *self._skipped_words())
        values = {"right": f"{self.right:,}", "answers": f"{self.answers:,}", "share": percent(self.overall)}
        said = [
            Words("{right} of {answers} answers was fully right ({share}).", **values)
            if self.right == 1
            else Words("{right} of {answers} answers were fully right ({share}).", **values)
        ]
        if self.answers > self.window:
            said.append(
                Words(
                    "Of the last {window} it was {share}.",
                    window=self.window, share=percent(self.points[-1].value),
                )
            )  # fmt: skip
        if self.partly:
            one = self.partly == 1
            said.append(Words("1 was partly right.") if one else Words("{count} were partly right.", count=self.partly))
        return (*said, *self._skipped_words())

    def _skipped_words(self) -> tuple[Words, ...]:
        if not self.skipped:
            return ()
        if self.skipped == 1:
            return (Words("1 was skipped and is not counted."),)
        return (Words("{count} were skipped and are not counted.", count=self.skipped),)


@dataclass(frozen=True, slots=True)
class DifficultyOverTime:
    """How hard the answered exercises were, as a mean of the last `window`; empty where no difficulty is known.

    Attributes:
        unknown: answers to exercises that do not say how difficult they are.
        measured: some values were measured (`irt_b`), so that they are not the levels which exercises are tagged with.
    """

    points: tuple[Point, ...]
    window: int
    unknown: int
    measured: bool = False

    def words(self) -> tuple[Words, ...]:
        """Return the picture as sentences."""
        if not self.points:
            if not self.unknown:
                return (NOTHING_YET,)
            return (Words("The exercises do not say how difficult they are, so there is no estimate of ability."),)
        first, last = self.points[0].value, self.points[-1].value
        said = [Words("Difficulty began at {first} and is now at {last}.", first=tenths(first), last=tenths(last))]
        if len(self.points) == 1:
            said = [Words("Difficulty is at {last}.", last=tenths(last))]
        said.append(
            Words("This is the measured difficulty: 0 is average, more is harder. The tagged level is another number.")
            if self.measured
            else Words("This is the level that the exercises are tagged with.")
        )
        if self.unknown:
            said.append(
                Words("1 exercise does not say how difficult it is.")
                if self.unknown == 1
                else Words("{count} exercises do not say how difficult they are.", count=self.unknown)
            )
        return tuple(said)


NARROW = 0.3
"""Widest interval that says that what came agrees with what was asked for; some forty answers make it so narrow."""


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
        """Whether the asked challenge lies within the interval; None where nothing was asked or it can't be told."""
        if self.asked is None or not self.answers or self.is_too_few:
            return None
        return self._is_within

    @property
    def is_too_few(self) -> bool:
        """Whether the asked challenge lies within an interval so wide that almost any other would as well."""
        return self._is_within and self.failed.high - self.failed.low > NARROW

    @property
    def _is_within(self) -> bool:
        return self.asked is not None and self.failed.low <= self.asked <= self.failed.high

    def words(self) -> Words:
        """Return it as a sentence."""
        values = {
            "share": percent(self.failed.share), "low": percent(self.failed.low), "high": percent(self.failed.high),
            "answers": str(self.answers),
        }  # fmt: skip
        if self.asked is None:
            return Words(
                "Sana decided: {share} of the answers were not fully right"
                " (answers: {answers}; between {low} and {high}, 95 % sure).",
                **values,
            )
        asked = f"{self.asked:.2f}"
        if self.is_too_few:
            return Words(
                "Challenge {asked} was asked for, and {share} of the answers were not fully right"
                " (answers: {answers}; between {low} and {high}, 95 % sure): too few to tell.",
                asked=asked, **values,
            )  # fmt: skip
        if self.agrees:
            return Words(
                "Challenge {asked} was asked for, and {share} of the answers were not fully right"
                " (answers: {answers}; between {low} and {high}, 95 % sure): that agrees.",
                asked=asked, **values,
            )  # fmt: skip
        return Words(
            "Challenge {asked} was asked for, and {share} of the answers were not fully right"
            " (answers: {answers}; between {low} and {high}, 95 % sure): that differs.",
            asked=asked, **values,
        )  # fmt: skip


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
            return (Words("No challenge was asked for: these answers are from a report."),)
        if self.unasked == 1:
            return (*said, Words("1 answer is from a report: no challenge was asked for it."))
        return (*said, Words("{count} answers are from a report: no challenge was asked for them.", count=self.unasked))


@dataclass(frozen=True, slots=True)
class CoveragePart:
    """How far one path, tag or level was reached.

    Attributes:
        known: exercises of it in the catalogue; None where there is no catalogue.
        offered: how often one of it was recommended.
        answers, right: skipped ones left out.
        success: share of right answers with its Wilson interval.
    """

    name: str
    known: int | None
    offered: int
    answers: int
    right: int
    success: Interval

    def words(self) -> Words:
        """Return it as a sentence."""
        values = {"name": self.name, "offered": str(self.offered)}
        if not self.answers:
            if self.offered == 1:
                return Words("{name}: offered once, not answered yet.", **values)
            return Words("{name}: offered {offered} times, not answered yet.", **values)
        values |= {"share": percent(self.success.share), "answers": str(self.answers)}
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
    """

    paths: tuple[CoveragePart, ...]
    tags: tuple[CoveragePart, ...]
    levels: tuple[CoveragePart, ...]
    exercises: int
    known: int | None
    left_out: int = 0

    def words(self) -> tuple[Words, ...]:
        """Return the picture as sentences."""
        parts = (*self.paths, *self.tags, *self.levels)
        if not self.exercises and not parts:
            return (Words("Nothing was offered yet."),)
        if not self.exercises:
            head = Words("Nothing was offered: these answers were given without a recommendation.")
        elif self.known:
            head = Words(
                "{count} of {known} known exercises came up ({share}).",
                count=f"{self.exercises:,}", known=f"{self.known:,}", share=percent(self.exercises / self.known),
            )  # fmt: skip
        elif self.exercises == 1:
            head = Words("1 exercise came up.")
        else:
            head = Words("{count} different exercises came up.", count=self.exercises)
        rest = (Words("Not listed: {count} more.", count=self.left_out),) if self.left_out else ()
        return (head, *(part.words() for part in parts), *rest)


@dataclass(frozen=True, slots=True)
class Streaks:
    """Runs of right answers and of those that were not fully right."""

    current: int
    current_right: bool
    longest_right: int
    longest_wrong: int

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        if not self.current:
            return (NOTHING_YET,)
        if self.current == 1:
            right, wrong = Words("The last answer was fully right."), Words("The last answer was not fully right.")
        else:
            right = Words("The last {count} answers were fully right.", count=self.current)
            wrong = Words("The last {count} answers were not fully right.", count=self.current)
        now = right if self.current_right else wrong
        longest = Words(
            "Longest run: {right} fully right, {wrong} not fully right.",
            right=self.longest_right, wrong=self.longest_wrong,
        )  # fmt: skip
        return (now, longest)


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often an exercise came again.

    Attributes:
        again: answers to an exercise that had been answered before.
        most: the exercise that was answered most often, and how often; None without answers.
    """

    answers: int
    again: int
    most: tuple[str, int] | None

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        if not self.again or self.most is None:
            return (Words("No exercise came twice."),)
        values = {"again": f"{self.again:,}", "answers": f"{self.answers:,}"}
        again = (
            Words("{again} of {answers} answers was to an exercise that had come before.", **values)
            if self.again == 1
            else Words("{again} of {answers} answers were to an exercise that had come before.", **values)
        )
        return again, Words("Most often: {id}, {count} times.", id=self.most[0], count=self.most[1])


@dataclass(frozen=True, slots=True)
class Ability:
    """What the answers say of the learner's ability.

    Attributes:
        logits, error: estimate and standard error; None where no difficulty is known.
        answers: how many it rests on.
    """

    logits: float | None
    error: float | None
    answers: int

    def words(self) -> tuple[Words, ...]:
        """Return it as a sentence; none where there is no estimate."""
        if self.logits is None or self.error is None:
            return ()
        values = {
            "ability": f"{self.logits:+.2f}".replace("-", "\u2212"),
            "error": f"{1.96 * self.error:.2f}",
            "answers": self.answers,
        }
        if self.answers == 1:
            said = Words("By 1 answer the learner's ability is about {ability} (give or take {error}).", **values)
        else:
            said = Words(
                "By {answers} answers the learner's ability is about {ability} (give or take {error}).", **values
            )
        return (said, Words("Exercises of that difficulty would be right every other time."))


@dataclass(frozen=True, slots=True)
class MeaningSnapshot:
    """Everything at one moment; bounded in size however long the session is."""

    success: SuccessOverTime
    difficulty: DifficultyOverTime
    challenge: AskedAgainstGot
    coverage: Coverage
    streaks: Streaks
    repeats: Repeats
    ability: Ability
    results: tuple[tuple[Result, int], ...]

    def words(self) -> tuple[Words, ...]:
        """Return the whole as sentences."""
        return (
            *self.success.words(),
            *self.challenge.words(),
            *self.difficulty.words(),
            *self.ability.words(),
            *self.coverage.words(),
            *self.streaks.words(),
            *self.repeats.words(),
        )
