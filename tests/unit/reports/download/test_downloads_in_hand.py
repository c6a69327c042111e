"""Downloads in hand, how they are made and whose turn it is (BEHAVIOUR.md B5, B8, D01), on a real ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.errors import NetworkError, UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.disk import names
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.download.admission import Admission
from sana_desktop.reports.download.attempts import NoRoom
from sana_desktop.reports.download.context import Site
from sana_desktop.reports.download.late_counts import Change, LateCounts
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.download.registry import DownloadRegistry
from sana_desktop.reports.download.slots import DownloadSlots
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferRecord, TransferState
from sana_desktop.store.database import Database
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.clock import ManualClock
from tests.support.download_rig import Rig, StoredFile
from tests.support.records import START, job, order, transfer
from tests.support.waiting import until

READY = JobState.READY


@dataclass
class Hand:
    """A shelf on a real ledger, and what runs beside it."""

    ledger: Ledger
    registry: DownloadRegistry
    supervisor: Supervisor
    clock: ManualClock = field(default_factory=ManualClock)
    site_ahead: timedelta = timedelta()

    async def put(
        self, identity: str, *, seconds: float | None = None, endless: bool = False, **changes: object
    ) -> TransferRecord:
        """Put a waiting download on the shelf, with a link of so many seconds, or one that does not say."""
        link = None
        if seconds is not None or endless:
            ends = None if seconds is None else self.clock.now() + self.site_ahead + timedelta(seconds=seconds)
            link = DownloadLink(Secret("https://store.example/a"), ends)
        owner = job(f"job of {identity}", READY, ready_at=START, link=link)
        await self.ledger.save_job(owner)
        self.registry.jobs[owner.id] = owner
        record = transfer(identity, TransferState.WAITING, job=owner.id)
        record = replace(record, **changes)  # type: ignore[arg-type]
        await self.registry.save(record)
        return record

    def turns(self, carry: Callable[[TransferRecord], Awaitable[None]], at_once: int = 1) -> DownloadSlots:
        policy = DownloadPolicy(at_once=at_once)
        at_site = lambda connection: self.clock.now() + self.site_ahead  # noqa: E731
        return DownloadSlots(self.registry, carry, Roomy(), policy, self.clock, self.supervisor, at_site)


class Roomy(DiskFiles):
    """A disk with a known room."""

    def free_bytes(self, folder: Path) -> int:
        del folder
        return 1_000


@pytest_asyncio.fixture
async def hand(tmp_path: Path) -> AsyncIterator[Hand]:
    failures: list[BaseException] = []
    database = Database(tmp_path / "state.db")
    await database.open()
    ledger = Ledger(database)
    hand = Hand(ledger, DownloadRegistry(ledger), Supervisor("test", lambda name, error: failures.append(error)))
    yield hand
    await hand.supervisor.stop()
    await database.close()
    assert not failures


async def test_two_changes_at_a_time_keep_each_other(hand: Hand) -> None:
    await hand.put("t1")
    changes: tuple[Change, ...] = (
        lambda now: replace(now, rows=5),
        lambda now: replace(now, verified_ok=True),
    )
    await asyncio.gather(*(hand.registry.amend("t1", change) for change in changes))
    stored = await hand.ledger.transfer("t1")
    assert stored is not None
    assert (stored.rows, stored.verified_ok) == (5, True)
    await hand.registry.amend("nobody", changes[0])
    with pytest.raises(UserError):
        await hand.registry.known("nobody")


async def test_names_of_unfinished_downloads_are_taken(hand: Hand, tmp_path: Path) -> None:
    await hand.put("t1", folder=str(tmp_path), name="One.csv")
    await hand.put("t2", folder=str(tmp_path), name="two.csv", state=TransferState.DONE)
    assert hand.registry.reserved(tmp_path) == {"one.csv"}


async def no_site(identity: str) -> Site:
    raise NetworkError("Nobody knows.", code="E-TEST", next_step="None.")


async def test_B5_a_record_has_its_folder_and_name_before_the_first_byte(hand: Hand, tmp_path: Path) -> None:
    admission = Admission(no_site, lambda site: tmp_path / "Reports", hand.registry.reserved, hand.clock)
    record = await admission.record_for(job(state=READY, ready_at=START))
    assert (record.state, record.folder) == (TransferState.WAITING, str(tmp_path / "Reports"))
    assert record.name.startswith("acme_Course-completions_")
    named = job(state=READY)
    named = replace(named, order=replace(named.order, target=str(tmp_path / "mine.csv"), overwrite=True))
    record = await admission.record_for(named)
    assert (record.folder, record.name, record.overwrite) == (str(tmp_path), "mine.csv", True)


@pytest.mark.parametrize("site_tells", [True, False])
async def test_B5_the_name_has_the_time_at_which_the_site_finished_it(
    hand: Hand, tmp_path: Path, site_tells: bool
) -> None:
    admission = Admission(no_site, lambda site: tmp_path / "Reports", hand.registry.reserved, hand.clock)
    finished = START - timedelta(minutes=44)
    record = await admission.record_for(
        job(state=READY, ready_at=START, service_finished_at=finished if site_tells else None)
    )
    told = finished if site_tells else START
    assert f"_{told.astimezone():%Y%m%d-%H%M}_" in record.name


async def test_D13_in_a_deep_folder_a_record_gets_a_name_that_windows_takes(hand: Hand, tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 60)
    ready = job(state=READY, ready_at=START)
    ready = replace(ready, order=replace(ready.order, title="Course completions " * 20))
    deep = Admission(no_site, lambda site: folder, hand.registry.reserved, hand.clock, windows=True)
    name = (await deep.record_for(ready)).name
    assert len(name) <= names.longest_name(folder, windows=True) < names.MAX_NAME_BYTES
    free = Admission(no_site, lambda site: folder, hand.registry.reserved, hand.clock, windows=False)
    assert len((await free.record_for(ready)).name) > len(name)


async def test_a_report_goes_into_the_folder_of_its_own_site(hand: Hand, tmp_path: Path) -> None:
    demo = Paths.below(tmp_path).for_demo()
    admission = Admission(
        no_site, lambda site: demo.reports(example=site == DEMO_ID), hand.registry.reserved, hand.clock
    )
    example = await admission.record_for(job("a", READY, order=order(connection_id=DEMO_ID)))
    own = await admission.record_for(job("b", READY))
    assert Path(own.folder) == tmp_path / "Sana reports"
    assert Path(example.folder) == tmp_path / "Sana reports" / "Example data"
    usual = Paths.below(tmp_path)
    assert usual.reports(example=False) == usual.downloads
    assert usual.reports(example=True) == Path(example.folder), "no made-up data among real reports (c33)"
    chosen = tmp_path / "chosen"
    for paths in (usual, demo):
        assert paths.reports(example=False, chosen=chosen) == chosen
        assert paths.reports(example=True, chosen=chosen) == chosen / "Example data"
    tour = usual._replace(own_downloads=usual.downloads)
    assert tour.reports(example=True) == usual.downloads


async def test_D08_a_folder_that_can_not_be_made_is_told_at_once(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "Reports").write_text("a file")
    admission = Admission(no_site, lambda site: tmp_path / "Reports", hand.registry.reserved, hand.clock)
    record = await admission.record_for(job(state=READY))
    assert record.state is TransferState.PAUSED
    assert record.error_kind == "file"


async def test_B8_the_link_that_ends_soonest_comes_first_but_after_the_one_asked_for(hand: Hand) -> None:
    order: list[str] = []
    over = asyncio.Event()

    async def carry(record: TransferRecord) -> None:
        order.append(record.id)
        await hand.registry.save(replace(record, state=TransferState.DONE))
        if len(order) == 4:
            over.set()

    for name, seconds in (("late", 900.0), ("soon", 60.0), ("never", None), ("asked", 900.0)):
        await hand.put(name, seconds=seconds)
    hand.turns(carry).fill(first="asked")
    await over.wait()
    assert order == ["asked", "soon", "late", "never"]


@pytest.mark.parametrize("hours", [-2, 0, 2])
async def test_C01_whose_link_ends_soonest_is_reckoned_by_the_sites_clock(hand: Hand, hours: int) -> None:
    order: list[str] = []
    over = asyncio.Event()

    async def carry(record: TransferRecord) -> None:
        order.append(record.id)
        await hand.registry.save(replace(record, state=TransferState.DONE))
        if len(order) == 3:
            over.set()

    hand.site_ahead = timedelta(hours=hours)
    await hand.put("late", seconds=900.0)
    await hand.put("unsaid", endless=True)  # taken to be good for five minutes
    await hand.put("soon", seconds=60.0)
    hand.turns(carry).fill()
    await over.wait()
    assert order == ["soon", "unsaid", "late"]


async def test_D01_what_waits_for_room_leaves_its_place_to_others(hand: Hand) -> None:
    runs: list[str] = []
    news: asyncio.Queue[str] = asyncio.Queue()

    async def carry(record: TransferRecord) -> None:
        runs.append(record.id)
        news.put_nowait(record.id)
        if record.id == "large" and runs.count("large") == 1:
            raise NoRoom(500)
        await hand.registry.save(replace(record, state=TransferState.DONE))

    await hand.put("large", seconds=60.0)
    await hand.put("small", seconds=900.0)
    turns = hand.turns(carry)
    turns.fill()
    assert [await news.get(), await news.get()] == ["large", "small"]
    await hand.clock.advance(DownloadPolicy().room_check_seconds)
    assert await news.get() == "large"
    await turns.stop()


async def test_a_download_that_is_held_gets_no_turn_until_the_act_on_it_is_over(hand: Hand) -> None:
    runs: list[str] = []

    async def carry(record: TransferRecord) -> None:
        runs.append(record.id)
        await asyncio.Event().wait()

    await hand.put("t1")
    turns = hand.turns(carry)
    turns.fill()
    await asyncio.sleep(0)
    order: list[str] = []

    async def second_act() -> None:
        async with turns.held("t1"):
            order.append("second")

    async with turns.held("t1"):
        assert turns.run_of("t1") is None
        second = hand.supervisor.start("second act", second_act())
        assert second is not None
        turns.fill(first="t1")
        await asyncio.sleep(0)
        assert turns.run_of("t1") is None
        order.append("first")
    await second
    assert order == ["first", "second"]
    turns.fill()
    await asyncio.sleep(0)
    assert runs == ["t1", "t1"]
    await turns.stop()


async def test_a_failure_sets_the_download_aside(hand: Hand) -> None:
    async def carry(record: TransferRecord) -> None:
        raise NetworkError("It broke.", code="E-TEST", next_step="Try again.")

    await hand.put("t1")
    turns = hand.turns(carry)
    turns.fill()
    run = turns.run_of("t1")
    assert run is not None
    await run
    record = hand.registry.records["t1"]
    assert (record.state, record.error_code) == (TransferState.PAUSED, "E-TEST")
    assert turns.run_of("t1") is None


async def test_only_what_says_so_is_counted_late(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_bytes(b"a,b\n1,2\n")
    record = await hand.put(
        "t1", state=TransferState.DONE, folder=str(tmp_path), received=8, notices=("Kept.", ROWS_BEING_COUNTED)
    )
    assert record.owes_rows
    assert not replace(record, notices=("Kept.",)).owes_rows
    assert not replace(record, state=TransferState.FINALIZING).owes_rows
    counts = LateCounts(hand.supervisor, hand.registry.amend)
    saved: list[TransferRecord] = []
    news = asyncio.Event()
    hand.registry.changed.subscribe(saved.append)
    hand.registry.changed.subscribe(lambda _: news.set())
    counts.begin(record)
    counts.begin(record)
    await news.wait()
    assert [(one.rows, one.columns, one.notices) for one in saved] == [(1, 2, ("Kept.",))]


@pytest.mark.parametrize("late", [False, True])
async def test_a_job_taken_off_the_list_while_its_download_is_prepared_has_none(tmp_path: Path, late: bool) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(b"a\n1\n"))
        removed = asyncio.Event()

        async def remove_meanwhile(connection_id: str) -> Site:
            await rig.ledger.remove_job("job1")
            if not late:
                rig.queue.removed.publish("job1")
            removed.set()
            return Site(connection_id, rig.links, rig.clock.now)

        rig.manager._admission = replace(rig.manager._admission, site=remove_meanwhile)
        await rig.ready()
        await removed.wait()
        await until(lambda: not rig.manager._adopting)
        assert rig.manager.list() == ()
        assert rig.store.requests == []
        assert rig.failures == [], "it is no fault of the app's own"
