"""What differs between two recommendations or two sessions (B29): new, gone, moved, the same; in words as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, NextQuery, Result
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.repeatability import Repeatability


class Change(StrEnum):
    """What became of an exercise."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One exercise of a comparison.

    Attributes:
        before, after: its place, from 1; None where it was not there.
    """

    exercise: Exercise
    change: Change
    before: int | None
    after: int | None

    @property
    def up(self) -> bool:
        """Whether it moved towards the beginning; for the arrow."""
        return self.before is not None and self.after is not None and self.after < self.before

    def words(self) -> Words:
        """Return it as a sentence."""
        match self.change:
            case Change.NEW:
                return Words("New: {id}, at place {after}.", id=self.exercise.id, after=self.after)
            case Change.GONE:
                return Words("Gone: {id}, which was at place {before}.", id=self.exercise.id, before=self.before)
            case Change.SAME:
                return Words("The same: {id}, at place {after}.", id=self.exercise.id, after=self.after)
            case Change.MOVED:
                template = (
                    "Moved up: {id}, from place {before} to {after}."
                    if self.up
                    else "Moved down: {id}, from place {before} to {after}."
                )
                return Words(template, id=self.exercise.id, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two lists of exercises beside each other.

    Attributes:
        differences: in the new order; what is gone stands at the end, in the old order.
        repeatability: whether the same question gets the same answer at all (B28); None if it was not asked.
        beside: whether neither list is the earlier one, as with two learners: nothing is new or gone then.
    """

    differences: tuple[Difference, ...]
    repeatability: Repeatability | None = None
    beside: bool = False

    def count(self, change: Change) -> int:
        """Return how many exercises changed like this."""
        return sum(each.change is change for each in self.differences)

    @property
    def identical(self) -> bool:
        """Whether both have the same exercises in the same order."""
        return all(each.change is Change.SAME for each in self.differences)

    def words(self) -> tuple[Words, ...]:
        """Return the comparison as sentences, the summary first."""
        return (*self._summary(), *(each.words() for each in self.differences if each.change is not Change.SAME))

    def _summary(self) -> tuple[Words, ...]:
        if self.identical:
            count = len(self.differences)
            said = (
                Words("No difference: the same exercise.")
                if count == 1
                else Words("No difference: {count} exercises, in the same order.", count=f"{count:,}")
            )
        else:
            template = (
                "{new} only in the second, {gone} only in the first, {moved} at another position, {same} the same."
                if self.beside
                else "{new} new, {gone} gone, {moved} moved, {same} the same."
            )
            kinds = {"new": Change.NEW, "gone": Change.GONE, "moved": Change.MOVED, "same": Change.SAME}
            said = Words(template, **{name: f"{self.count(kind):,}" for name, kind in kinds.items()})
        if self.repeatability is None:
            return (said, Words("Not checked: whether the same question gets the same answer twice."))
        return (said, *self.repeatability.words())


def compare(
    before: Sequence[Exercise],
    after: Sequence[Exercise],
    repeatability: Repeatability | None = None,
    *,
    beside: bool = False,
) -> Comparison:
    """Return what differs. An exercise that stands twice in a list is two: its first, and its second time."""
    places = dict(zip(_marked(before), range(1, len(before) + 1), strict=True))
    differences: list[Difference] = []
    for place, (mark, exercise) in enumerate(zip(_marked(after), after, strict=True), 1):
        earlier = places.pop(mark, None)
        change = Change.NEW if earlier is None else Change.SAME if earlier == place else Change.MOVED
        differences.append(Difference(exercise, change, earlier, place))
    differences += [Difference(before[place - 1], Change.GONE, place, None) for place in places.values()]
    return Comparison(tuple(differences), repeatability, beside)


def compare_questions(before: NextQuery, after: NextQuery) -> tuple[Words, ...]:
    """Return what two questions do not have in common: a difference of their answers may come from that."""
    said = []
    if before.user_id != after.user_id:
        said.append(Words("Asked for another learner."))
    if before.challenge_level != after.challenge_level:
        said.append(_challenges(before.challenge_level, after.challenge_level))
    counts = before.num_exercises or 1, after.num_exercises or 1
    if counts[0] != counts[1]:
        said.append(Words("Another number of exercises: {before}, then {after}.", before=counts[0], after=counts[1]))
    if set(before.constraints.paths) != set(after.constraints.paths):
        said.append(Words("From other topics."))
    if set(before.constraints.tags) != set(after.constraints.tags):
        said.append(Words("With other tags."))
    if bool(before.constraints.is_review) != bool(after.constraints.is_review):
        said.append(Words("“Review only” on one side alone."))
    return tuple(said) or (Words("The same question on both sides."),)


def _challenges(before: float | None, after: float | None) -> Words:
    if before is None:
        return Words("Another challenge: as Sana decides, then {after}.", after=f"{after:g}")
    if after is None:
        return Words("Another challenge: {before}, then as Sana decides.", before=f"{before:g}")
    return Words("Another challenge: {before}, then {after}.", before=f"{before:g}", after=f"{after:g}")


def _marked(exercises: Iterable[Exercise]) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    marks = []
    for exercise in exercises:
        seen[exercise.id] += 1
        marks.append((exercise.id, seen[exercise.id]))
    return marks


@dataclass(frozen=True, slots=True)
class ResultChange:
    """An exercise that both sessions answered, with different results."""

    exercise: Exercise
    before: Result
    after: Result

    def words(self) -> Words:
        """Return it as a sentence."""
        return Words(_CHANGES[self.before, self.after], id=self.exercise.id)


_CHANGES = {
    (Result.CORRECT, Result.PARTIALLY_CORRECT): "{id}: right in the first, partly right in the second.",
    (Result.CORRECT, Result.INCORRECT): "{id}: right in the first, wrong in the second.",
    (Result.CORRECT, Result.SKIPPED): "{id}: right in the first, skipped in the second.",
    (Result.PARTIALLY_CORRECT, Result.CORRECT): "{id}: partly right in the first, right in the second.",
    (Result.PARTIALLY_CORRECT, Result.INCORRECT): "{id}: partly right in the first, wrong in the second.",
    (Result.PARTIALLY_CORRECT, Result.SKIPPED): "{id}: partly right in the first, skipped in the second.",
    (Result.INCORRECT, Result.CORRECT): "{id}: wrong in the first, right in the second.",
    (Result.INCORRECT, Result.PARTIALLY_CORRECT): "{id}: wrong in the first, partly right in the second.",
    (Result.INCORRECT, Result.SKIPPED): "{id}: wrong in the first, skipped in the second.",
    (Result.SKIPPED, Result.CORRECT): "{id}: skipped in the first, right in the second.",
    (Result.SKIPPED, Result.PARTIALLY_CORRECT): "{id}: skipped in the first, partly right in the second.",
    (Result.SKIPPED, Result.INCORRECT): "{id}: skipped in the first, wrong in the second.",
}


@dataclass(frozen=True, slots=True)
class SessionComparison:
    """Two sessions beside each other, of two learners or of one: which is the earlier says nothing.

    Attributes:
        exercises: different ones, in the order in which they were answered first.
        changes: exercises that both answered, with different results; the last answer of each session counts.
        right_before, right_after: right answers.
        answers_before, answers_after: skipped ones left out.
        repeated: an exercise was answered more than once in a session.
    """

    exercises: Comparison
    changes: tuple[ResultChange, ...]
    right_before: int
    answers_before: int
    right_after: int
    answers_after: int
    repeated: bool = False

    def words(self) -> tuple[Words, ...]:
        """Return the comparison as sentences."""
        changes = (change.words() for change in self.changes)
        return (*self.success_words(), *self.exercises.words(), *changes)

    def success_words(self) -> tuple[Words, ...]:
        """Return how many answers were fully right, and how those to one exercise are counted."""
        success = Words(
            "Fully right: {right} of {answers} answers in the first, {right_now} of {answers_now} in the second.",
            right=f"{self.right_before:,}", answers=f"{self.answers_before:,}", right_now=f"{self.right_after:,}",
            answers_now=f"{self.answers_after:,}",
        )  # fmt: skip
        if not self.repeated:
            return (success,)
        return (
            success,
            Words("An exercise that was answered several times is counted once below; its last answer is compared."),
        )


def compare_sessions(
    before: Sequence[ExerciseOutcome],
    after: Sequence[ExerciseOutcome],
    repeatability: Repeatability | None = None,
) -> SessionComparison:
    """Return what differs between the answers of two sessions."""
    first = {each.exercise.id: each.outcome.result for each in before}
    second = {each.exercise.id: each for each in after}
    changes = tuple(
        ResultChange(each.exercise, first[id_], each.outcome.result)
        for id_, each in second.items()
        if id_ in first and first[id_] is not each.outcome.result
    )
    exercises = compare(_different(before), _different(after), repeatability, beside=True)
    repeated = len(first) < len(before) or len(second) < len(after)
    return SessionComparison(exercises, changes, *_right_of(before), *_right_of(after), repeated)


def _different(answers: Sequence[ExerciseOutcome]) -> list[Exercise]:
    """Return the exercises that were answered, each once, in the order of their first answers."""
    found: dict[str, Exercise] = {}
    for each in answers:
        found.setdefault(each.exercise.id, each.exercise)
    return list(found.values())


def _right_of(answers: Sequence[ExerciseOutcome]) -> tuple[int, int]:
    counted = [each.outcome.result for each in answers if each.outcome.result is not Result.SKIPPED]
    return sum(result is Result.CORRECT for result in counted), len(counted)
