"""Which failures are waited out, how long, and when it is enough (B7)."""

from __future__ import annotations

import pytest

from sana_desktop.api.errors import ServerTrouble
from sana_desktop.api.retry import RequestKind
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.outcomes.pace import Pace
from sana_desktop.practice.outcomes.repeats import Failures, Repeats
from tests.support.outbox_bench import SwiftClock, busy, lost, no_key, not_sent, refused


def trouble() -> SanaError:
    return ServerTrouble("It is in trouble.", code="E-SRV-5XX", retryable=True, http_status=500)


async def waited(errors: list[SanaError], failures: Failures, tokens: float = 100.0) -> tuple[list[float], float]:
    """Return the waits up to the first failure that is not waited out, and the rest that the service got."""
    clock = SwiftClock()
    pace = Pace(clock)
    repeats = Repeats(clock, pace, RetryQuota(clock, tokens, 0.0), lambda: 0.0, patience_seconds=20.0)
    waits = []
    for error in errors:
        before = clock.monotonic()
        if not await repeats.wait("site", error, failures):
            break
        waits.append(clock.monotonic() - before)
    return waits, pace.held_for("site")


async def test_a_question_is_asked_as_often_as_somebody_waits() -> None:
    waits, _ = await waited([trouble()] * 9, Failures(RequestKind.NEXT, most_tries=4))
    assert waits == pytest.approx([0.5, 1.0, 2.0])
    mixed, _ = await waited([trouble(), busy(3.0)] * 9, Failures(RequestKind.NEXT, most_tries=4))
    assert mixed == pytest.approx([0.5, 3.0, 1.0])


async def test_outcomes_surely_not_sent_are_tried_three_times() -> None:
    waits, _ = await waited([not_sent()] * 9, Failures(RequestKind.OUTCOME))
    assert waits == pytest.approx([0.5, 1.0])


@pytest.mark.parametrize("error", [lost(), refused(), no_key(), trouble()])
async def test_what_must_not_be_sent_again_is_not(error: SanaError) -> None:
    assert await waited([error], Failures(RequestKind.OUTCOME)) == ([], 0.0)


async def test_nobody_waits_longer_than_the_patience_and_the_rest_is_kept_nevertheless() -> None:
    waits, held = await waited([busy(120.0)], Failures(RequestKind.NEXT))
    assert waits == []
    assert held == pytest.approx(120.0)


async def test_the_quota_of_the_process_ends_it() -> None:
    waits, _ = await waited([trouble()] * 9, Failures(RequestKind.NEXT), tokens=2.0)
    assert len(waits) == 2
