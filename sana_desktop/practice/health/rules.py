"""The tests of a health check that look at rules: count, constraints, review, repeats, stability, emptiness (B32)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from sana_desktop.api.practice_models import Constraints, Exercise, Result
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.repeatability import RepeatVerdict, judge
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.places import fits, group_of, normal, parts_of
from sana_desktop.practice.health.bench import HealthBench
from sana_desktop.practice.health.report import Finding, HealthVerdict

COUNTS: tuple[int | None, ...] = (None, 1, 2, 5, 10)
MAX_SHOWN = 3
"""Offenders that are named as evidence; the rest is counted."""
NO_SUCH_TAG = "sana-desktop-no-such-tag"
FEWEST = 1
"""Known exercises that a path or tag must have to be asked for."""
TIMES = 5
EXTREMES = (0.1, 0.9)
"""Challenges that guide the choice and must not empty it: a target is no constraint (developer page, "Target")."""


async def count_honoured(bench: HealthBench) -> Finding:
    """As many exercises come as were asked for; one where no number was given (developer page)."""
    user, known = await bench.learner(), await bench.known()
    evidence, verdict = [], HealthVerdict.PASS
    for count in COUNTS:
        wanted = 1 if count is None else count
        answer = await bench.ask(user, count)
        came = len(answer.exercises) + answer.unusable
        if came == wanted:
            continue
        evidence.append(Words("{wanted} asked for, {came} came.", wanted=wanted, came=came))
        if came > wanted or len(known) >= wanted:
            verdict = HealthVerdict.FAIL
        elif verdict is HealthVerdict.PASS:
            verdict = HealthVerdict.CANNOT_TELL  # there may be no more
    if not evidence:
        evidence.append(Words("1, 2, 5 and 10 were asked for and came; without a number one came."))
    return Finding(verdict, tuple(evidence))


async def constraints_honoured(bench: HealthBench) -> Finding:
    """Everything that comes lies below one of the paths and has one of the tags that were asked for."""
    user, known = await bench.learner(), await bench.known()
    evidence: list[Words] = []
    asked = came = 0
    for constraints in await _choices(known, bench.seed):
        asked += 1
        exercises = (await bench.ask(user, 10, constraints)).exercises
        came += len(exercises)
        wrong = [each for each in exercises if not fits(each, constraints)]
        evidence += _outside(wrong, constraints)
    if evidence:
        return Finding(HealthVerdict.FAIL, tuple(evidence))
    if not came:
        return Finding(HealthVerdict.CANNOT_TELL, (Words("No topic or tag is known under which something comes."),))
    said = Words("{came} exercises came for {asked} choices of topics and tags; all fit.", came=came, asked=asked)
    return Finding(HealthVerdict.PASS, (said,))


def _outside(wrong: Sequence[Exercise], constraints: Constraints) -> list[Words]:
    asked = ", ".join((*constraints.paths, *constraints.tags))
    said = [
        Words(
            "{asked} asked for; {id} came, which is at {path} with the tags {tags}.",
            asked=asked,
            id=each.id,
            path=normal(each.path),
            tags=", ".join(each.tags) or "-",
        )
        for each in wrong[:MAX_SHOWN]
    ]
    if len(wrong) > MAX_SHOWN:
        said.append(Words("And {count} more.", count=len(wrong) - MAX_SHOWN))
    return said


async def review_shows_seen(bench: HealthBench) -> Finding:
    """A review has only exercises of topics that the learner has met: nothing for somebody who has met nothing.

    Whether it has only exercises that were answered is not asked: the developer page speaks of concepts.
    """
    user = await bench.learner()
    review = Constraints(is_review=True)
    if early := (await bench.ask(user, 5, review)).exercises:
        said = Words("{count} exercises came as a review for somebody who has answered nothing.", count=len(early))
        return Finding(HealthVerdict.FAIL, (said,))
    met = (await bench.ask(user, 5)).exercises
    exercises = (await bench.ask(user, 10, review, outcomes=bench.all(met, Result.CORRECT))).exercises
    if not exercises:
        return Finding(HealthVerdict.CANNOT_TELL, (Words("No review came after five right answers."),))
    strange = [each for each in exercises if not any(_related(each, one) for one in met)]
    if not strange:
        said = Words("Nothing before the first answer; then {count}, all from topics met.", count=len(exercises))
        same = {each.id for each in exercises} & {each.id for each in met}
        answered = Words("Exercises that had been answered themselves: {same} of them.", same=len(same))
        return Finding(HealthVerdict.PASS, (said, answered))
    tags = {tag for each in met for tag in each.tags}
    unrelated = [each for each in strange if tags.isdisjoint(each.tags)]
    evidence = [
        Words("{id} at {path} came as a review; the learner had met nothing there.", id=each.id, path=normal(each.path))
        for each in (unrelated or strange)[:MAX_SHOWN]
    ]
    if unrelated:
        return Finding(HealthVerdict.FAIL, tuple(evidence))
    evidence.append(Words("It shares a tag with something that was met."))
    return Finding(HealthVerdict.CANNOT_TELL, tuple(evidence))


def _related(exercise: Exercise, met: Exercise) -> bool:
    """Whether both are at the same place, or right beside each other below the top: what a concept is, nobody says."""
    one, other = parts_of(exercise.path), parts_of(met.path)
    return one == other or (len(one) > 2 and one[:-1] == other[:-1])


async def no_repeats_in_a_set(bench: HealthBench) -> Finding:
    """No exercise stands twice in one recommendation."""
    user, known = await bench.learner(), await bench.known()
    choices = [Constraints(), *(await _choices(known, bench.seed))[:2]]
    seen = 0
    met: tuple[Exercise, ...] = ()
    for constraints in choices:
        answer = await bench.ask(user, 20, constraints, outcomes=bench.all(met, Result.CORRECT))
        exercises = answer.exercises
        seen += len(exercises)
        twice = answer.repeated + len(exercises) - len({each.id for each in exercises})
        if twice:
            said = Words(
                "In a set of {count}, {twice} came that were in it already.", count=len(exercises) + twice, twice=twice
            )
            return Finding(HealthVerdict.FAIL, (said,))
        met = exercises[:5]
    if seen < 2:
        return Finding(HealthVerdict.CANNOT_TELL, (Words("Hardly anything came."),))
    said = Words("{count} exercises in {sets} sets, none twice in one.", count=seen, sets=len(choices))
    return Finding(HealthVerdict.PASS, (said,))


async def stable_when_nothing_changed(bench: HealthBench) -> Finding:
    """The same question gets the same answer while nothing was answered in between (B28)."""
    user = await bench.learner()
    met = (await bench.ask(user, 5)).exercises
    await bench.post(user, bench.all(met, Result.CORRECT))
    answers = [[each.id for each in (await bench.ask(user, 5)).exercises] for _ in range(TIMES)]
    if not any(answers):
        return Finding(HealthVerdict.CANNOT_TELL, (Words("Nothing came."),))
    found = judge(answers)
    same = found.verdict is RepeatVerdict.REPEATABLE
    return Finding(HealthVerdict.PASS if same else HealthVerdict.FAIL, found.words())


async def empty_only_when_it_must_be(bench: HealthBench) -> Finding:
    """Something comes wherever something fits, and nothing where nothing can."""
    user, known = await bench.learner(), await bench.known()
    choices = await _choices(known, bench.seed)
    for constraints in choices:
        if not (await bench.ask(user, 3, constraints)).exercises:
            said = Words(
                "Nothing came for {asked}, where {count} exercises fit.",
                asked=", ".join((*constraints.paths, *constraints.tags)),
                count=len(known.matching(constraints)),
            )
            return Finding(HealthVerdict.FAIL, (said,))
    for challenge in EXTREMES:
        if not (await bench.ask(user, 3, challenge=challenge)).exercises and len(known):
            said = Words(
                "Nothing came at challenge {challenge}, though {count} exercises are known.",
                challenge=challenge,
                count=len(known),
            )
            return Finding(HealthVerdict.FAIL, (said,))
    impossible = (await bench.ask(user, 3, Constraints(tags=(NO_SUCH_TAG,)))).exercises
    if impossible:
        said = Words("{count} came for a tag that no exercise has.", count=len(impossible))
        return Finding(HealthVerdict.FAIL, (said,))
    if not choices:
        return Finding(HealthVerdict.CANNOT_TELL, (Words("No topic or tag is known that could be asked for."),))
    said = Words("Something came for each of {count} choices, nothing for a tag that no exercise has.",
                 count=len(choices))  # fmt: skip
    return Finding(HealthVerdict.PASS, (said,))


async def _choices(known: Catalogue, seed: int) -> list[Constraints]:
    # Thousands of exercises are looked through: a thread, or the window would wait.
    return await asyncio.to_thread(_constraints, known, seed)


def _constraints(known: Catalogue, seed: int) -> list[Constraints]:
    """Choices of paths and tags that leave something over and leave something out, at most five, by the seed."""
    pick = random.Random(seed)  # noqa: S311 - the same check can be repeated
    paths: Counter[str] = Counter()
    for path, count in known.paths.items():
        paths[group_of(path, 9)] += count
    narrow_paths = sorted(path for path, count in paths.items() if FEWEST <= count < len(known))
    narrow_tags = sorted(tag.name for tag in known.tags if FEWEST <= tag.count < len(known))
    pick.shuffle(narrow_paths)
    pick.shuffle(narrow_tags)
    chosen = [Constraints(paths=(path,)) for path in narrow_paths[:1]]
    chosen += [Constraints(tags=(tag,)) for tag in narrow_tags[:1]]
    chosen += [Constraints(paths=tuple(narrow_paths[1:3]))] if len(narrow_paths) > 2 else []
    chosen += [Constraints(tags=tuple(narrow_tags[1:3]))] if len(narrow_tags) > 2 else []
    return chosen + list(islice(_both(known, narrow_paths[:20], narrow_tags[:5]), 1))


def _both(known: Catalogue, paths: Sequence[str], tags: Sequence[str]) -> Iterator[Constraints]:
    """Yield each path with each tag that some exercise there has."""
    for path in paths:
        there = {tag for each in known.matching(Constraints(paths=(path,))) for tag in each.tags}
        yield from (Constraints(paths=(path,), tags=(tag,)) for tag in tags if tag in there)
