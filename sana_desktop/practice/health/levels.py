"""The tests of a health check that look at difficulty: wrong and right answers, challenge, adaptation (B32)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.base.words import Words
from sana_desktop.practice.health.bench import HealthBench
from sana_desktop.practice.health.report import Finding, HealthVerdict
from sana_desktop.practice.learner_models import has_measured_difficulty, known_difficulty
from sana_desktop.practice.meaning.figures import Z_95, wilson
from sana_desktop.practice.number_words import hundredths, percent
from sana_desktop.practice.simulate.personas import STEADY, SimulatedLearner

ROUNDS, SET = 4, 10
"""All right or all wrong: so many sets of so many answers."""
CHALLENGE = 0.5
SURE = 1.645
"""One-sided normal quantile of 95 %."""
MIN_CHANGE = 0.3
"""Logits below which a change of difficulty is of no weight."""
LOW, HIGH = 0.2, 0.8
WARM_UP, CHALLENGE_ROUNDS = 2, 5
MIN_EFFECT = 0.3
"""Between challenge 0.2 and 0.8 failures should differ by 0.6; half of it is the least that counts."""
ADAPT_WITHIN, ADAPT_SET = 10, 5


async def all_wrong_is_not_harder(bench: HealthBench) -> Finding:
    """Somebody who gets everything wrong is not given harder exercises at the same challenge."""
    return await _one_sided(bench, Result.INCORRECT, worse=1.0)


async def all_right_is_not_easier(bench: HealthBench) -> Finding:
    """Somebody who gets everything right is not given easier exercises at the same challenge."""
    return await _one_sided(bench, Result.CORRECT, worse=-1.0)


async def _one_sided(bench: HealthBench, result: Result, worse: float) -> Finding:
    user = await bench.learner()
    exercises = first = (await bench.ask(user, SET, challenge=CHALLENGE)).exercises
    for _ in range(ROUNDS):
        exercises = (await bench.ask(user, SET, challenge=CHALLENGE, outcomes=bench.all(exercises, result))).exercises
    before, after = _difficulties(first), _difficulties(exercises)
    if len(before) < 2 or len(after) < 2:
        return _unknown_difficulty()
    change = statistics.fmean(after) - statistics.fmean(before)
    spread = math.sqrt(statistics.variance(before) / len(before) + statistics.variance(after) / len(after))
    values = {"before": hundredths(statistics.fmean(before)), "after": hundredths(statistics.fmean(after))}
    if result is Result.CORRECT:
        said = Words("Mean difficulty {before} at first and {after} after {count} right answers.",
                     count=ROUNDS * SET, **values)  # fmt: skip
    else:
        said = Words("Mean difficulty {before} at first and {after} after {count} wrong answers.",
                     count=ROUNDS * SET, **values)  # fmt: skip
    wrong_way = worse * change > max(MIN_CHANGE, SURE * spread)
    return Finding(HealthVerdict.FAIL if wrong_way else HealthVerdict.PASS, (said, _scale((*first, *exercises))))


async def higher_challenge_is_harder(bench: HealthBench) -> Finding:
    """A learner of known ability fails more often at a challenge of 0.8 than at 0.2."""
    user, learner = await bench.learner(), SimulatedLearner(STEADY, bench.seed)
    answered: dict[float, list[bool]] = {LOW: [], HIGH: []}
    unknown = total = 0
    for level in (CHALLENGE,) * WARM_UP + (LOW, HIGH) * CHALLENGE_ROUNDS:
        exercises = (await bench.ask(user, SET, challenge=level)).exercises
        unknown += len(exercises) - len(_difficulties(exercises))
        total += len(exercises)
        outcomes = bench.answers(exercises, learner)
        await bench.post(user, outcomes)
        if level in answered:
            answered[level] += [each.outcome.result is not Result.CORRECT for each in outcomes]
    if total == 0 or unknown * 2 > total:
        return _unknown_difficulty()
    low, high = answered[LOW], answered[HIGH]
    said = tuple(
        Words(
            "At challenge {level} {failed} of {count} answers were not fully right ({share}).",
            level=level,
            failed=sum(failed),
            count=len(failed),
            share=percent(sum(failed) / len(failed) if failed else 0.0),
        )
        for level, failed in answered.items()
    )
    if not low or not high:
        return Finding(HealthVerdict.CANNOT_TELL, said)
    return Finding(_compared(low, high), said)


def _compared(low: Sequence[bool], high: Sequence[bool]) -> HealthVerdict:
    """One-sided two-proportion z-test; where it finds nothing, whether a real effect could have hidden from it."""
    pooled = (sum(low) + sum(high)) / (len(low) + len(high))
    error = math.sqrt(pooled * (1 - pooled) * (1 / len(low) + 1 / len(high)))
    difference = sum(high) / len(high) - sum(low) / len(low)
    if error > 0 and difference / error > SURE:
        return HealthVerdict.PASS
    one, other = wilson(sum(low), len(low)), wilson(sum(high), len(high))
    # Newcombe (1998): the interval of a difference from the Wilson intervals of its parts.
    most = difference + math.sqrt((other.high - other.share) ** 2 + (one.share - one.low) ** 2)
    return HealthVerdict.FAIL if most < MIN_EFFECT or difference < -Z_95 * error else HealthVerdict.CANNOT_TELL


async def adapts_within_answers(bench: HealthBench) -> Finding:
    """Two learners, the same exercises, one all right and one all wrong: within ten answers they get different ones."""
    able, unable = await bench.learner(), await bench.learner()
    exercises = (await bench.ask(able, ADAPT_SET)).exercises
    answered = 0
    for _ in range(ADAPT_WITHIN // ADAPT_SET if exercises else 0):
        await bench.post(able, bench.all(exercises, Result.CORRECT))
        await bench.post(unable, bench.all(exercises, Result.INCORRECT))
        answered += len(exercises)
        exercises = (await bench.ask(able, ADAPT_SET)).exercises
        again = (await bench.ask(able, ADAPT_SET)).exercises
        other = (await bench.ask(unable, ADAPT_SET)).exercises
        if exercises != again:
            said = Words("The same question gets different answers by itself, so adaptation can't be told from chance.")
            return Finding(HealthVerdict.CANNOT_TELL, (said,))
        if [each.id for each in exercises] != [each.id for each in other]:
            said = Words("After {count} answers the two learners are offered different exercises.", count=answered)
            return Finding(HealthVerdict.PASS, (said,))
    if not answered:
        return Finding(HealthVerdict.CANNOT_TELL, (Words("Nothing came."),))
    said = Words("After {count} answers, all right or all wrong, both are offered the same exercises.", count=answered)
    return Finding(HealthVerdict.FAIL, (said,))


def _difficulties(exercises: Sequence[Exercise]) -> list[float]:
    return [value for each in exercises if (value := known_difficulty(each)) is not None]


def _scale(exercises: Sequence[Exercise]) -> Words:
    """Return what the numbers of these are: measured and tagged are two scales."""
    measured = [has_measured_difficulty(each) for each in exercises if known_difficulty(each) is not None]
    if all(measured):
        return Words("This is the measured difficulty.")
    if not any(measured):
        return Words("This is the level as tagged; no difficulty was measured.")
    return Words("This is the measured difficulty where it is known, else the level as tagged.")


def _unknown_difficulty() -> Finding:
    said = Words("The exercises do not say how difficult they are.")
    return Finding(HealthVerdict.CANNOT_TELL, (said,))
