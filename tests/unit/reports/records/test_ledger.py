"""The ledger on the app's real database: records come back as they went, and a link does not outlive its use (T2)."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sana_desktop.api.models import DownloadLink, Phase, ReportFormat
from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.records.job import (
    APP_STARTED,
    OPEN_STATES,
    ORDERED_BY,
    JobRecord,
    JobState,
    Order,
    RerunRule,
    TimelineEntry,
)
from sana_desktop.reports.records.ledger import ENDED_LINK_KEPT, JobChange, Ledger
from sana_desktop.reports.records.rows import MAX_DETAIL_LENGTH, sql_digest
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.store.database import Database

AT = datetime(2026, 3, 4, 10, 0, 0, 123456, tzinfo=UTC)
LINK = DownloadLink(Secret("https://store.example/report.csv?sig=canary-link"), AT + timedelta(minutes=18))


def order(title: str = "Completions", sql: str = 'SELECT "user"', connection_id: str = "acme") -> Order:
    return Order(connection_id, title, sql, ReportFormat.CSV)


def a_job(identity: str = "j1", state: JobState = JobState.WATCHING, **changes: object) -> JobRecord:
    return replace(JobRecord(identity, order(), state, AT, AT), **changes)  # type: ignore[arg-type]


def ready(identity: str = "j1", seconds: float = 40.0, **changes: object) -> JobRecord:
    usual = {
        "link": LINK,
        "submitted_at": AT,
        "service_created_at": AT,
        "service_finished_at": AT + timedelta(seconds=seconds),
        "ready_at": AT + timedelta(hours=3),
    }
    return a_job(identity, JobState.READY, **{**usual, **changes})


def a_transfer(job: str = "j1", state: TransferState = TransferState.FETCHING) -> TransferRecord:
    return TransferRecord(f"t-{job}", job, state, "folder", "report.csv", AT, AT)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "sana.sqlite3")
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


def stored_links(path: Path) -> list[str | None]:
    with sqlite3.connect(path / "sana.sqlite3") as connection:
        return [row[0] for row in connection.execute("SELECT link_url FROM jobs")]


async def test_a_job_with_every_field_set_comes_back_equal(ledger: Ledger) -> None:
    wanted = Order(
        "acme",
        "Ünï — \u202etitle",
        "SELECT '€'\n-- %_!",
        ReportFormat.XLSX,
        "/x/y.xlsx",
        True,
        RerunRule.ALWAYS,
        "j0",
        "/x",
    )
    record = JobRecord(
        "j1", wanted, JobState.READY, AT, AT + timedelta(seconds=1), "owner", "remote", "Successful!", Phase.READY,
        3, 14, AT, AT, AT, AT, AT, AT, LINK, "network", "E-NET", "Sentence.", "Step.", 503, "Quiet.",
            "Acme", "https://acme.sana.ai", "test", 12, "1.2.3", "zoe on desk-7", 1,
    )  # fmt: skip
    unset = {item.name for item in fields(record) if getattr(record, item.name) in (None, "", 0)}
    assert not unset
    await ledger.save_job(record, TimelineEntry(AT, ORDERED_BY, record.ordered_by))
    assert await ledger.job("j1") == record
    assert await ledger.job("j2") is None


async def test_a_bare_job_comes_back_equal_and_a_second_save_changes_it(ledger: Ledger) -> None:
    record = a_job()
    await ledger.save_job(record)
    assert await ledger.job("j1") == record
    later = record.moved(JobState.FAILED, AT + timedelta(seconds=9), error_kind="query", error_message="No.", polls=7)
    await ledger.save_job(later)
    assert await ledger.job("j1") == later
    assert await ledger.jobs() == [later]


async def test_the_story_is_kept_in_order_and_bounded(ledger: Ledger) -> None:
    await ledger.save_job(a_job(), TimelineEntry(AT, "wanted"), TimelineEntry(AT, "sending"))
    await ledger.save_job(a_job(), TimelineEntry(AT + timedelta(seconds=1), "status", "x\x1b[31m\n" * 1_000))
    story = await ledger.timeline("j1")
    assert [entry.event for entry in story] == ["wanted", "sending", "status"]
    assert 2_000 < len(story[-1].detail) <= MAX_DETAIL_LENGTH, "what a site may say is kept whole"
    assert "\x1b" not in story[-1].detail


async def test_a_link_is_stored_while_ready_and_at_no_other_time(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.save_job(a_job(link=LINK))
    assert stored_links(tmp_path) == [None]
    await ledger.save_job(ready())
    assert stored_links(tmp_path) == [LINK.url.reveal()]
    await ledger.save_job(ready().moved(JobState.GONE, AT, error_message="Gone."))
    assert stored_links(tmp_path) == [None]


@pytest.mark.parametrize("state", [TransferState.DONE, TransferState.LINK_ENDED, TransferState.FAILED])
async def test_a_link_goes_with_its_use_and_an_older_record_does_not_bring_it_back(
    ledger: Ledger, tmp_path: Path, state: TransferState
) -> None:
    await ledger.save_job(ready())
    await ledger.save_transfer(a_transfer())
    assert stored_links(tmp_path) == [LINK.url.reveal()]
    await ledger.save_transfer(a_transfer(state=state))
    assert stored_links(tmp_path) == [None]
    await ledger.save_job(ready(polls=9))
    assert stored_links(tmp_path) == [None]
    found = await ledger.job("j1")
    assert found is not None
    assert (found.link, found.polls) == (None, 9)


async def test_t2_links_that_ended_long_ago_are_dropped_and_what_is_owed_stays_known(
    ledger: Ledger, tmp_path: Path
) -> None:
    await ledger.save_job(ready())
    await ledger.save_transfer(a_transfer(state=TransferState.PAUSED))
    assert LINK.expires_at is not None
    await ledger.drop_ended_links(LINK.expires_at + ENDED_LINK_KEPT)
    assert stored_links(tmp_path) == [LINK.url.reveal()], "this computer's clock may be wrong"
    await ledger.drop_ended_links(LINK.expires_at + ENDED_LINK_KEPT + timedelta(seconds=1))
    assert stored_links(tmp_path) == [None]
    assert [record.id for record in await ledger.undelivered_jobs()] == ["j1"]


async def test_t2_a_ready_job_without_a_download_keeps_its_link(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.save_job(ready())
    await ledger.drop_ended_links(AT + timedelta(days=9))
    assert [record.id for record in await ledger.undelivered_jobs()] == ["j1"]


async def test_t2_a_download_that_is_taken_off_the_list_takes_its_link_along(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.save_job(ready())
    await ledger.save_transfer(a_transfer(state=TransferState.PAUSED))
    assert [record.id for record in await ledger.undelivered_jobs()] == ["j1"]
    await ledger.remove_transfer(a_transfer().id)
    assert stored_links(tmp_path) == [None]
    assert await ledger.transfers() == []
    assert await ledger.undelivered_jobs() == []


async def test_changes_saved_together_are_whole_or_not_at_all(ledger: Ledger, database: Database) -> None:
    bad = a_job("j2", owner=object())
    with pytest.raises(Exception, match="type"):
        await ledger.save_jobs([JobChange(a_job(), (TimelineEntry(AT, "wanted"),)), JobChange(bad)])
    assert await ledger.jobs() == []


async def test_open_and_undelivered_jobs_are_found(ledger: Ledger) -> None:
    for number, state in enumerate(JobState):
        await ledger.save_job(a_job(state.value, state, created_at=AT + timedelta(seconds=number)))
    assert {record.state for record in await ledger.open_jobs()} == OPEN_STATES
    for identity, transfer_state in [
        ("r1", None),
        ("r2", TransferState.PAUSED),
        ("r3", TransferState.DONE),
        ("r4", TransferState.FAILED),
    ]:
        await ledger.save_job(ready(identity))
        if transfer_state is not None:
            await ledger.save_transfer(a_transfer(identity, transfer_state))
    assert {record.id for record in await ledger.undelivered_jobs()} == {"r1", "r2"}


async def test_a04_history_is_searched_by_text_state_and_date(ledger: Ledger) -> None:
    await ledger.save_job(a_job("a", order=order("Completions 100%"), created_at=AT))
    await ledger.save_job(
        a_job("b", JobState.FAILED, order=order("Users", 'SELECT "x_y"'), created_at=AT + timedelta(days=1))
    )
    await ledger.save_job(
        a_job("c", order=order("Other", connection_id="beta"), job_id="remote-77", created_at=AT + timedelta(days=2))
    )

    async def found(**wanted: object) -> list[str]:
        return [record.id for record in await ledger.jobs(**wanted)]  # type: ignore[arg-type]

    assert await found() == ["c", "b", "a"]
    assert await found(limit=1) == ["c"]
    assert await found(text="completions") == ["a"]
    assert await found(text="100%") == ["a"]
    assert await found(text="%") == ["a"]
    assert await found(text="x_y") == ["b"]
    assert await found(text="REMOTE-77") == ["c"]
    assert await found(text="nowhere") == []
    assert await found(states={JobState.FAILED}) == ["b"]
    assert await found(connection_id="beta") == ["c"]
    assert await found(since=AT + timedelta(days=1)) == ["c", "b"]
    assert await found(before=AT + timedelta(days=1)) == ["a"]
    assert await found(text="select", states={JobState.WATCHING}, since=AT) == ["c", "a"]


async def test_a17_durations_come_from_finished_runs_of_the_same_query_newest_first(ledger: Ledger) -> None:
    for number, seconds in enumerate([40.0, 44.0]):
        await ledger.save_job(ready(f"r{number}", seconds, ready_at=AT + timedelta(hours=number)))
    await ledger.save_job(ready("other query", order=order(sql="SELECT 2")))
    await ledger.save_job(ready("other site", order=order(connection_id="beta")))
    await ledger.save_job(a_job("not finished"))
    key = ("acme", sql_digest(order().sql), "csv")
    assert await ledger.durations(*key) == [44.0, 40.0]
    assert await ledger.durations("acme", sql_digest(order().sql), "xlsx") == []


async def test_c01_durations_are_right_when_the_local_clock_is_a_day_off_and_fall_back_to_it(ledger: Ledger) -> None:
    day = timedelta(days=1)
    await ledger.save_job(ready("skewed", 40.0, submitted_at=AT + day, ready_at=AT + day + timedelta(seconds=42)))
    key = ("acme", sql_digest(order().sql), "csv")
    assert await ledger.durations(*key) == [40.0]
    await ledger.save_job(
        ready("silent", service_finished_at=None, submitted_at=AT + day, ready_at=AT + day + timedelta(seconds=50))
    )
    assert await ledger.durations(*key) == [50.0, 40.0]


async def test_a_transfer_comes_back_equal_and_goes_with_its_job(ledger: Ledger) -> None:
    await ledger.save_job(ready())
    full = TransferRecord(
        "t1", "j1", TransferState.PAUSED, "/folder", "a.csv", AT, AT, True, ".a.part", 5, 10, '"e"', "store.example",
        AT, "aa", "bb", 3, 4,
        ("One.", "Zwei — drei."), 2, 1, AT, AT, AT, False, AT, "file", "E-DISK", "Full.", "Free some.",
    )  # fmt: skip
    await ledger.save_transfer(full)
    assert await ledger.transfer("t1") == full
    assert await ledger.transfer_of("j1") == full
    assert await ledger.open_transfers() == [full]
    changed = replace(full, state=TransferState.WAITING, verified_ok=None, total=None, notices=())
    await ledger.save_transfer(changed)
    assert await ledger.transfers() == [changed]
    await ledger.remove_job("j1")
    assert await ledger.transfers() == []
    assert await ledger.timeline("j1") == []


async def test_only_one_process_adopts(ledger: Ledger) -> None:
    left = a_job(owner="dead")
    await ledger.save_job(left)
    assert await ledger.adopt([left], "first", TimelineEntry(AT, APP_STARTED)) == [replace(left, owner="first")]
    assert await ledger.adopt([left], "second", TimelineEntry(AT, APP_STARTED)) == []
    found = await ledger.job("j1")
    assert found is not None
    assert found.owner == "first"


async def test_a_twin_is_another_job_of_the_same_site_with_the_same_number(ledger: Ledger) -> None:
    await ledger.save_job(a_job("a", job_id="r1"))
    other_site = a_job("b", job_id="r1", order=order(connection_id="beta"))
    await ledger.save_job(other_site)
    twin = a_job("c", job_id="r1")
    await ledger.save_job(twin)
    assert await ledger.twin_of(other_site) is None
    assert (await ledger.twin_of(twin) or twin).id == "a"


async def test_a_row_of_a_newer_version_is_told_as_what_it_is(ledger: Ledger, database: Database) -> None:
    await ledger.save_job(a_job())
    await database.write(lambda connection: connection.execute("UPDATE jobs SET state = 'from the future'") and None)
    with pytest.raises(StorageError) as caught:
        await ledger.jobs()
    assert caught.value.code == "E-DB-RECORD"
