"""What a session means, ready to paint, and said in words.

One reading of an answer holds throughout: it is right if its result is `correct`. A partly right one is not fully
right, and a skipped one counts neither way.
"""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.api.practice_models import Result
from sana_desktop.base.words import Words
from sana_desktop.practice.meaning.challenge import NOTHING_YET, AskedAgainstGot
from sana_desktop.practice.meaning.coverage import Coverage
from sana_desktop.practice.meaning.figures import Z_95, Point
from sana_desktop.practice.number_words import percent, tenths


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
            many = Words("{count} were partly right.", count=f"{self.partly:,}")
            said.append(Words("1 was partly right.") if self.partly == 1 else many)
        return (*said, *self._skipped_words())

    def _skipped_words(self) -> tuple[Words, ...]:
        if not self.skipped:
            return ()
        if self.skipped == 1:
            return (Words("1 was skipped and is not counted."),)
        return (Words("{count} were skipped and are not counted.", count=f"{self.skipped:,}"),)


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
        said = [
            Words(
                "The first exercise answered had difficulty {first}; the last {count} had {last} on average.",
                first=tenths(first), last=tenths(last), count=min(self.window, self.points[-1].step),
            )
        ]  # fmt: skip
        if len(self.points) == 1:
            said = [Words("The exercise answered had difficulty {last}.", last=tenths(last))]
        said.append(
            Words("This is the measured difficulty: 0 is average, more is harder. The tagged level is another number.")
            if self.measured
            else Words("This is the level that the exercises are tagged with.")
        )
        if self.unknown:
            said.append(
                Words("1 exercise does not say how difficult it is.")
                if self.unknown == 1
                else Words("{count} exercises do not say how difficult they are.", count=f"{self.unknown:,}")
            )
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Streaks:
    """Runs of right answers and of those that were not fully right; skipped ones neither end nor lengthen one.

    Attributes:
        skipped: some were skipped, which has to be said: the last of all may be one of them.
    """

    current: int
    current_right: bool
    longest_right: int
    longest_wrong: int
    skipped: bool = False

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        if not self.current:
            return (NOTHING_YET,)
        if self.skipped:
            if self.current == 1:
                right = Words("Skipped ones left out, the last answer was fully right.")
                wrong = Words("Skipped ones left out, the last answer was not fully right.")
            else:
                count = f"{self.current:,}"
                right = Words("Skipped ones left out, the last {count} answers were fully right.", count=count)
                wrong = Words("Skipped ones left out, the last {count} answers were not fully right.", count=count)
        elif self.current == 1:
            right, wrong = Words("The last answer was fully right."), Words("The last answer was not fully right.")
        else:
            right = Words("The last {count} answers were fully right.", count=f"{self.current:,}")
            wrong = Words("The last {count} answers were not fully right.", count=f"{self.current:,}")
        now = right if self.current_right else wrong
        longest = Words(
            "Longest run: {right} fully right, {wrong} not fully right.",
            right=f"{self.longest_right:,}", wrong=f"{self.longest_wrong:,}",
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
        return again, Words("Most often: {id}, {count} times.", id=self.most[0], count=f"{self.most[1]:,}")


@dataclass(frozen=True, slots=True)
class Ability:
    """What the answers say of the learner's ability.

    Attributes:
        logits, error: estimate and standard error over all answers, as if the ability had stayed the same; None where
            no difficulty is known.
        answers: how many it rests on.
        latest: estimate and standard error by the last `window` answers alone; None while there are no more than those.
            Who learns on the way is behind it over all.
    """

    logits: float | None
    error: float | None
    answers: int
    latest: tuple[float, float] | None = None
    window: int = 0

    def words(self) -> tuple[Words, ...]:
        """Return it as a sentence; none where there is no estimate."""
        if self.logits is None or self.error is None:
            return ()
        values = _ability_values(self.logits, self.error) | {"answers": f"{self.answers:,}"}
        scale = Words("It is on the scale of difficulty: what is as difficult would be right every other time.")
        if self.latest is not None:
            return (
                Words(
                    "By the last {window} answers the learner's ability is about {ability} (between {low} and {high}, "
                    "95 % sure).",
                    window=self.window, **_ability_values(*self.latest),
                ),
                Words(
                    "Over all {answers}, as if it had stayed the same, it is about {ability} (between {low} and "
                    "{high}).",
                    **values,
                ),
                scale,
            )  # fmt: skip
        if self.answers == 1:
            said = Words(
                "By 1 answer the learner's ability is about {ability} (between {low} and {high}, 95 % sure).", **values
            )
        else:
            said = Words(
                "By {answers} answers the learner's ability is about {ability} (between {low} and {high}, 95 % sure).",
                **values,
            )
        return said, scale


def _ability_values(logits: float, error: float) -> dict[str, str]:
    return {
        "ability": tenths(logits),
        "low": tenths(logits - Z_95 * error),
        "high": tenths(logits + Z_95 * error),
    }


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
