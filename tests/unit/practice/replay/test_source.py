"""The outcomes of a report, taken slice by slice in threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.base.errors import StorageError
from sana_desktop.practice.replay.source import ReplaySource, beside
from tests.support.outbox_bench import some_outcomes

OUTCOMES = some_outcomes(7)


async def test_slices_follow_each_other_from_where_it_was_left() -> None:
    source = ReplaySource(iter(OUTCOMES))
    await source.skip(2)
    assert await source.take(3) == OUTCOMES[2:5]
    assert await source.take(3) == OUTCOMES[5:]
    assert await source.take(3) == []
    await source.skip(1)


async def test_the_digest_tells_what_was_read_whatever_the_slices_were() -> None:
    whole, slices, other = (ReplaySource(iter(outcomes)) for outcomes in (OUTCOMES, OUTCOMES, OUTCOMES[1:]))
    assert whole.read == ""
    await whole.take(5)
    await slices.skip(2)
    await slices.take(2)
    await slices.skip(1)
    await other.take(5)
    assert whole.read == slices.read != other.read
    await whole.take(1)
    assert whole.read != slices.read


async def test_it_reads_beside_the_loop_and_closes_its_file() -> None:
    read_by: list[int] = []
    closed: list[bool] = []

    def outcomes() -> Iterator[ExerciseOutcome]:
        try:
            for outcome in OUTCOMES:
                read_by.append(threading.get_ident())
                yield outcome
        finally:
            closed.append(True)

    source = ReplaySource(outcomes())
    await source.take(2)
    assert threading.get_ident() not in read_by
    source.close()
    assert closed == [True]


async def test_trouble_with_the_file_comes_through() -> None:
    def fails() -> None:
        raise StorageError("It can't be read.", code="E-REPLAY-READ")

    with pytest.raises(StorageError):
        await beside(fails)
