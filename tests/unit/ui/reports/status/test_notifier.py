"""Who is told of what: only the end of a long report, once, and only a person who looks elsewhere (A16, U12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.status.notifier import MAX_SECONDS, QUIET_SECONDS, Notifier
from tests.support.clock import ManualClock
from tests.support.records import START, job, transfer


class Front:
    """A window that notes what it tells."""

    def __init__(self) -> None:
        self.in_front = False
        self.told: list[tuple[str, str, str]] = []

    def is_in_front(self) -> bool:
        return self.in_front

    def notify(self, title: str, text: str, tag: str = "") -> bool:
        self.told.append((title, text, tag))
        return True


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield Settings(database)
    await database.close()


def after(seconds: float, state: TransferState = TransferState.DONE, **changes: object) -> TransferRecord:
    end = START + timedelta(seconds=seconds)
    return transfer("t1", state, finished_at=end, changed_at=end, **changes)


@asynccontextmanager
async def telling(front: Front, settings: Settings) -> AsyncIterator[tuple[Notifier, ManualClock]]:
    failures: list[BaseException] = []
    tasks, clock = Supervisor("test", lambda name, error: failures.append(error)), ManualClock()
    yield Notifier(front, settings, lambda identity: job(identity, JobState.READY), clock, tasks), clock
    await tasks.stop()
    assert failures == []


def follow(notifier: Notifier, *records: JobRecord | TransferRecord) -> None:
    for record in records:
        if isinstance(record, JobRecord):
            notifier.job_changed(record)
        else:
            notifier.transfer_changed(record)


async def run(front: Front, settings: Settings, *records: JobRecord | TransferRecord) -> None:
    async with telling(front, settings) as (notifier, clock):
        follow(notifier, *records)
        await clock.advance(MAX_SECONDS)


async def test_a_long_report_is_told_once(settings: Settings) -> None:
    front = Front()
    await run(front, settings, job("j1"), after(30, TransferState.FETCHING), after(30), after(30), after(31))
    assert front.told == [("Your report is ready", "report.csv is complete and checked. It took 30 s.", "j1")]


async def test_a_short_one_is_not(settings: Settings) -> None:
    front = Front()
    await run(front, settings, job("j1"), after(19.9))
    assert front.told == []
    await settings.set(keys.NOTIFY_AFTER_SECONDS, 5)
    await run(front, settings, job("j1"), after(19.9))
    assert len(front.told) == 1


async def test_who_looks_at_the_window_is_not_told(settings: Settings) -> None:
    front = Front()
    front.in_front = True
    await run(front, settings, job("j1"), after(30))
    assert front.told == []


@pytest.mark.parametrize("never", ["zero", "off"])
async def test_never_means_never(settings: Settings, never: str) -> None:
    await (settings.set(keys.NOTIFY_AFTER_SECONDS, 0) if never == "zero" else settings.set(keys.NOTIFY, False))
    front = Front()
    await run(front, settings, job("j1"), after(3_000))
    assert front.told == []


async def test_what_ended_in_an_earlier_session_is_no_news(settings: Settings) -> None:
    front = Front()
    await run(front, settings, after(30), job("j1", JobState.FAILED, changed_at=START + timedelta(hours=1)))
    assert front.told == []


async def test_a_bad_end_is_told_as_one(settings: Settings) -> None:
    end = START + timedelta(minutes=2)
    front = Front()
    await run(front, settings, job("j1"), job("j1", JobState.FAILED, changed_at=end, error_message="No such column."))
    await run(front, settings, job("j1"), after(60, TransferState.LINK_ENDED, error_message="Its link ended."))
    await run(front, settings, job("j1"), after(60, TransferState.PAUSED, error_message="The disk is full."))
    await run(front, settings, job("j1"), after(60, TransferState.PAUSED))  # by the person's own hand
    assert [(title, tag) for title, _, tag in front.told] == [
        ("Your report failed", "j1"),
        ("Your report needs you", "j1"),
        ("Your report needs you", "j1"),
    ]
    assert front.told[0][1] == "“Course completions” failed. No such column."


def failed(identity: str, why: str = "The warehouse is closed.") -> JobRecord:
    return job(identity, JobState.FAILED, changed_at=START + timedelta(minutes=2), error_message=why)


async def test_U12_five_hundred_that_fail_at_once_are_one_notice(settings: Settings) -> None:
    front = Front()
    jobs = [f"j{number}" for number in range(500)]
    await run(front, settings, *map(job, jobs), *map(failed, jobs))
    assert front.told == [("500 reports failed", "All for the same reason: The warehouse is closed.", "j499")]


async def test_U12_also_where_they_fail_one_after_another_as_they_are_looked_at(settings: Settings) -> None:
    front = Front()
    jobs = [f"j{number}" for number in range(500)]
    async with telling(front, settings) as (notifier, clock):
        follow(notifier, *map(job, jobs))
        for number, identity in enumerate(jobs):
            follow(notifier, failed(identity, f"Row {number} is odd."))
            await clock.advance(0.2)  # B8: five looks a second
        assert front.told == []
        await clock.advance(2 * QUIET_SECONDS)
        assert front.told == [("500 reports failed", "“Course completions”, “Course completions” and 498 more", "j499")]
        follow(notifier, job("j0"), failed("j0"))
        await clock.advance(2 * QUIET_SECONDS)
        assert [title for title, _, _ in front.told] == ["500 reports failed", "Your report failed"]


async def test_what_ends_without_a_pause_for_ever_is_told_in_between(settings: Settings) -> None:
    front = Front()
    async with telling(front, settings) as (notifier, clock):
        for number in range(int(MAX_SECONDS) + 10):
            follow(notifier, job(f"j{number}"), failed(f"j{number}"))
            await clock.advance(1)
        assert len(front.told) == 1


async def test_what_ended_in_different_ways_is_counted_and_the_worst_is_opened(settings: Settings) -> None:
    front = Front()
    done = [after(30, job=f"j{number}") for number in range(3)]
    begun = [job(identity) for identity in ("j0", "j1", "j2", "bad", "stuck")]
    stuck = after(60, TransferState.PAUSED, job="stuck", error_message="The disk is full.")
    await run(front, settings, *begun, *done[:2], failed("bad"), stuck, done[2])
    assert front.told == [("5 reports have ended", "Failed: 1 · Need you: 1 · Complete and checked: 3", "bad")]


async def test_several_that_are_ready_are_named(settings: Settings) -> None:
    front = Front()
    done = [after(30, job=f"j{number}", name=f"{number}.csv") for number in range(3)]
    await run(front, settings, job("j0"), job("j1"), job("j2"), *done)
    assert front.told == [("3 reports are ready", "0.csv, 1.csv and 1 more", "j2")]


async def test_who_comes_back_to_the_window_meanwhile_sees_it_there(settings: Settings) -> None:
    front = Front()
    async with telling(front, settings) as (notifier, clock):
        follow(notifier, job("j1"), failed("j1"))
        front.in_front = True
        await clock.advance(MAX_SECONDS)
        assert front.told == []


async def test_what_goes_on_before_it_was_told_has_not_ended(settings: Settings) -> None:
    front = Front()
    await run(front, settings, job("j1"), failed("j1"), job("j1"))
    assert front.told == []
