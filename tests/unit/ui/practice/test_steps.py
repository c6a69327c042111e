"""The steps of a session: their order, and what is said of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.practice.outcomes.outbox import NO_OUTCOME, OutboxEntry, OutboxState
from sana_desktop.practice.outcomes.outbox_sites import MOVED
from sana_desktop.ui.practice.session.steps import Fate, Step, Steps, fate_of
from tests.support.outbox_bench import SITE, START, an_exchange, an_outcome

ENTRY = OutboxEntry(1, SITE, "u", an_outcome("e1"), OutboxState.PARKED, "s", START, START, "E-OUT-REFUSED", "No.")
TOO_LONG = replace(an_outcome("e1"), exercise=Exercise("e1", "/p" * 9_000))


def step(number: int, fate: Fate = Fate.SENT) -> Step:
    return Step(number, START, f"e{number}", result=Result.CORRECT, fate=fate, entry=100 + number)


@pytest.mark.parametrize(
    ("entry", "fate"),
    [
        (ENTRY, Fate.REFUSED),
        (replace(ENTRY, error_code=MOVED), Fate.WAITING),
        (replace(ENTRY, outcome=NO_OUTCOME, error_code="E-OUT-DAMAGED"), Fate.UNSENT),
        (replace(ENTRY, outcome=TOO_LONG, error_code="E-OUT-TOOBIG"), Fate.UNSENT),
        (replace(ENTRY, outcome=NO_OUTCOME, state=OutboxState.WAITING), Fate.WAITING),
        (replace(ENTRY, state=OutboxState.SENDING), Fate.GOING),
        (replace(ENTRY, state=OutboxState.ACCEPTED), Fate.SENT),
        (replace(ENTRY, state=OutboxState.UNKNOWN), Fate.UNKNOWN),
    ],
)
def test_refused_is_what_the_site_saw(entry: OutboxEntry, fate: Fate) -> None:
    assert fate_of(entry) is fate


def test_what_is_known_of_an_answer_changes_it_alone_and_once() -> None:
    steps = Steps([step(0, Fate.WAITING), step(1, Fate.WAITING)])
    assert not steps.is_troubled
    assert steps.change(101, fate=Fate.UNSENT) == 1
    assert steps.is_troubled
    assert steps.change(101, fate=Fate.UNSENT) is None
    assert steps.change(999, fate=Fate.SENT) is None
    exchange = an_exchange()
    assert steps.change(100, exchange=exchange) == 0
    assert steps[0] == replace(step(0, Fate.WAITING), exchange=exchange)


def test_the_newest_are_taken_away_and_put_back() -> None:
    steps = Steps(map(step, range(6)))
    assert steps.since(4) == 2
    assert steps.cut(2) == [step(4), step(5)]
    assert (len(steps), steps.change(105, fate=Fate.UNKNOWN)) == (4, None)
    steps.add(replace(step(4), from_report=True))
    assert steps.is_dated
    assert steps.change(104, fate=Fate.UNKNOWN) == 4
    assert steps.since(9) == 0
