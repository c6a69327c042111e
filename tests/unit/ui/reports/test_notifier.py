"""Who is told of what: only the end of a long report, once, and only a person who looks elsewhere (A16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.reports.job import JobRecord, JobState
from sana_desktop.reports.transfer import TransferRecord, TransferState
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.notifier import Notifier
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


def run(front: Front, settings: Settings, *records: JobRecord | TransferRecord) -> None:
    jobs = {"j1": job("j1", JobState.READY)}
    notifier = Notifier(front, settings, jobs.get)
    for record in records:
        if isinstance(record, JobRecord):
            notifier.job_changed(record)
        else:
            notifier.transfer_changed(record)


async def test_a_long_report_is_told_once(settings: Settings) -> None:
    front = Front()
    run(front, settings, job("j1"), after(30, TransferState.FETCHING), after(30), after(30), after(31))
    assert front.told == [("Your report is ready", "report.csv is complete and checked. It took 30 s.", "j1")]


async def test_a_short_one_is_not(settings: Settings) -> None:
    front = Front()
    run(front, settings, job("j1"), after(19.9))
    assert front.told == []
    await settings.set(keys.NOTIFY_AFTER_SECONDS, 5)
    run(front, settings, job("j1"), after(19.9))
    assert len(front.told) == 1


async def test_who_looks_at_the_window_is_not_told(settings: Settings) -> None:
    front = Front()
    front.in_front = True
    run(front, settings, job("j1"), after(30))
    assert front.told == []


@pytest.mark.parametrize("never", ["zero", "off"])
async def test_never_means_never(settings: Settings, never: str) -> None:
    await (settings.set(keys.NOTIFY_AFTER_SECONDS, 0) if never == "zero" else settings.set(keys.NOTIFY, False))
    front = Front()
    run(front, settings, job("j1"), after(3_000))
    assert front.told == []


async def test_what_ended_in_an_earlier_session_is_no_news(settings: Settings) -> None:
    front = Front()
    run(front, settings, after(30), job("j1", JobState.FAILED, changed_at=START + timedelta(hours=1)))
    assert front.told == []


async def test_a_bad_end_is_told_as_one(settings: Settings) -> None:
    end = START + timedelta(minutes=2)
    front = Front()
    run(front, settings, job("j1"), job("j1", JobState.FAILED, changed_at=end, error_message="No such column."))
    run(front, settings, job("j1"), after(60, TransferState.LINK_ENDED, error_message="Its link ended."))
    run(front, settings, job("j1"), after(60, TransferState.PAUSED, error_message="The disk is full."))
    run(front, settings, job("j1"), after(60, TransferState.PAUSED))  # by the person's own hand
    assert [(title, tag) for title, _, tag in front.told] == [
        ("Your report failed", "j1"),
        ("Your report needs you", "j1"),
        ("Your report needs you", "j1"),
    ]
    assert front.told[0][1] == "“Course completions” failed. No such column."
