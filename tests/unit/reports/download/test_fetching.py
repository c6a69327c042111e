"""The parts of one download's run, against a real file host (BEHAVIOUR.md B4, B6, D01)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.clock import NOTICE_SECONDS
from sana_desktop.base.errors import NetworkError
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.disk.partfile import PartFile
from sana_desktop.reports.download import arrival
from sana_desktop.reports.download.attempts import AttemptFailed, NoRoom
from sana_desktop.reports.download.context import DownloadContext, Site
from sana_desktop.reports.download.fetch_attempt import Attempts
from sana_desktop.reports.download.fetch_state import FetchState
from sana_desktop.reports.download.fetching import Fetch
from sana_desktop.reports.download.link_supply import LinkSupply
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from tests.support.clock import ManualClock
from tests.support.download_rig import Rig, StoredFile, csv_bytes, sha
from tests.support.records import job, transfer

DATA = csv_bytes(2_000)


@dataclass
class Bench:
    """A run's surroundings without a manager: what it saves is in `saved`."""

    rig: Rig
    folder: Path
    saved: list[TransferRecord] = field(default_factory=list)
    policy: DownloadPolicy = field(default_factory=DownloadPolicy)

    @property
    def context(self) -> DownloadContext:
        return DownloadContext(
            DiskFiles(), self.rig.clock, self.policy, self._save, lambda figure: None, self._renew, lambda: 0.5
        )

    async def _save(self, record: TransferRecord, *entries: TimelineEntry) -> None:
        self.saved.append(record)

    async def _renew(self, identity: str, refused: bool) -> DownloadLink:
        raise AssertionError("the link is good")

    @property
    def site(self) -> Site:
        return Site("acme", self.rig.links, self.rig.clock.now)

    def job(self) -> JobRecord:
        return job(state=JobState.READY, ready_at=self.rig.clock.now(), link=self.rig.link("/report"))

    def record(self, **changes: object) -> TransferRecord:
        return transfer(state=TransferState.WAITING, **{"folder": str(self.folder), **changes})  # type: ignore[arg-type]

    async def begun(self) -> tuple[FetchState, Attempts]:
        """Return a state with an open partial file, and what makes attempts on it."""
        owner, context = self.job(), self.context
        state = FetchState(self.record(part=".a.part"), owner, context)
        state.part = await PartFile.create(context.files, self.folder / ".a.part")
        now = self.rig.clock.now
        assert owner.link is not None
        supply = LinkSupply(owner.link, now(), lambda refused: self._renew("", refused), now, self.rig.clock, 30.0)
        return state, Attempts(state, self.site, supply, allow_large=False)


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with Rig(tmp_path / "rig") as rig:
        folder = tmp_path / "Reports"
        folder.mkdir()
        yield Bench(rig, folder)


async def test_a_run_goes_from_the_record_to_the_file(bench: Bench) -> None:
    bench.rig.serve(StoredFile(DATA))
    record = await Fetch(bench.record(), bench.job(), bench.site, bench.context).run()
    assert (record.state, record.sha256, record.rows) == (TransferState.DONE, sha(DATA), 2_000)
    assert (bench.folder / "report.csv").read_bytes() == DATA
    states = list(dict.fromkeys(saved.state.value for saved in bench.saved))
    assert states == ["fetching", "finalizing", "done"]


async def test_b6_the_partial_file_is_on_record_before_it_is_there(bench: Bench) -> None:
    bench.rig.serve(StoredFile(DATA))
    there: list[bool] = []
    save = bench.context.save

    async def noted(record: TransferRecord, *entries: TimelineEntry) -> None:
        there.append(bool(record.part) and (bench.folder / record.part).exists())
        await save(record, *entries)

    await Fetch(bench.record(), bench.job(), bench.site, replace(bench.context, save=noted)).run()
    assert bench.saved[0].state is TransferState.FETCHING
    assert bench.saved[0].part
    assert not there[0]


async def test_I8_what_a_kill_left_before_the_first_note_goes(bench: Bench) -> None:
    bench.rig.serve(StoredFile(DATA))
    (bench.folder / ".old.part").write_bytes(b"somewhere in the first second")
    record = await Fetch(bench.record(part=".old.part"), bench.job(), bench.site, bench.context).run()
    assert record.state is TransferState.DONE
    assert [entry.name for entry in bench.folder.iterdir()] == ["report.csv"]


async def test_an_attempt_takes_the_body_and_bringing_home_names_it(bench: Bench) -> None:
    bench.rig.serve(StoredFile(DATA))
    state, attempts = await bench.begun()
    await attempts.run()
    assert (state.whole, state.received, state.record.total) == (True, len(DATA), len(DATA))
    record = await arrival.finish_arrival(state)
    assert (record.state, state.part) == (TransferState.DONE, None)
    assert [entry.name for entry in bench.folder.iterdir()] == ["report.csv"]


async def test_L43_a_body_that_is_not_what_was_announced_leaves_nothing(bench: Bench) -> None:
    bench.rig.serve(StoredFile(DATA, headers=(("x-amz-checksum-crc32", "AAAAAA=="),)))
    state, attempts = await bench.begun()
    await attempts.run()
    with pytest.raises(AttemptFailed) as caught:
        await arrival.finish_arrival(state)
    assert (caught.value.anew, caught.value.once) == (True, "checksum")
    assert list(bench.folder.iterdir()) == []
    assert (state.record.part, state.record.received) == ("", 0)


async def test_D01_no_room_is_said_and_waited_for(bench: Bench) -> None:
    bench.policy = DownloadPolicy(reserve_bytes=10**18)
    state, _ = await bench.begun()
    with pytest.raises(NoRoom):
        await state.check_room()
    await state.let_go()
    assert (bench.saved[-1].state, bench.saved[-1].error_code) == (TransferState.WAITING, "E-DISK-FULL")


async def test_b09_a_wait_that_a_storage_asked_for_does_not_grow_by_a_suspend(bench: Bench) -> None:
    clock = ManualClock(bench.rig.clock.now())
    context = replace(bench.context, clock=clock)
    fetch = Fetch(bench.record(), bench.job(), bench.site, context)
    asked = NetworkError("It is busy.", code="E-BUSY", retry_after_seconds=900.0)
    resting = asyncio.get_running_loop().create_task(fetch._rest(AttemptFailed(asked)))
    await clock.advance(10.0)
    clock.suspend(5 * 3_600.0)
    await clock.advance(NOTICE_SECONDS)
    assert resting.done()
    await resting
