"""Replays: to test learners only, paused and gone on with, told how far they are."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sana_desktop.base.errors import UserError
from sana_desktop.practice.replay import BATCH, ReplayProgress, ReplayRecord, ReplayService, ReplayState
from sana_desktop.practice.replay_map import Mapping, guess_mapping
from sana_desktop.practice.services import PracticeServices
from tests.support.outbox_bench import HERE, SITE, CountingService, Fault, OutboxBench, lost, not_sent, outbox_bench
from tests.support.waiting import until

ROWS = 3 * BATCH + 7


@dataclass
class Bench:
    outbox: OutboxBench
    service: CountingService
    replays: ReplayService
    path: Path
    user: str
    seen: list[ReplayProgress] = field(default_factory=list)

    async def begin(self, person: str | None = None, mapping: Mapping | None = None) -> ReplayRecord:
        mapping = mapping or guess_mapping((await self.replays.columns(self.path)).names)
        dry = await self.replays.dry_run(self.path, mapping, person)
        return await self.replays.begin(self.path, mapping, SITE, self.user, dry)

    async def ended(self, replay_id: str) -> ReplayProgress:
        await until(lambda: self.seen and self.seen[-1].state is not ReplayState.RUNNING)
        await until(lambda: not self.outbox.supervisor.running(f"replay {replay_id}"))
        return self.seen.pop()

    @property
    def taken(self) -> list[str]:
        return self.service.taken.get(self.user, [])


@asynccontextmanager
async def replay_bench(folder: Path, rows: int = ROWS, user: Callable[[int], str] = str) -> AsyncIterator[Bench]:
    path = folder / "answers.csv"
    lines = [f"{user(0)},q{row:04d},correct,2026-01-05T10:00:00Z" for row in range(rows)]
    path.write_text("user,exercise,result,timestamp\n" + "\n".join(lines))
    async with outbox_bench(folder, origin=HERE) as (outbox, service, clock):
        learner = await outbox.learners.make(SITE)
        database = outbox.ledger._database
        replays = ReplayService(database, outbox.delivery, outbox.learners, clock, outbox.supervisor)
        bench = Bench(outbox, service, replays, path, learner.user_id)
        replays.progress.subscribe(bench.seen.append)
        yield bench


def names(count: int) -> list[str]:
    return [f"q{row:04d}" for row in range(count)]


async def test_B34_every_row_arrives_once_and_in_order(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        assert (record.total, record.done, record.finished) == (ROWS, 0, False)
        assert await bench.replays.unfinished() == (record,)
        assert bench.replays.start(record.id)
        assert not bench.replays.start(record.id)
        end = await bench.ended(record.id)
        assert (end.state, end.record.done, end.error) == (ReplayState.FINISHED, ROWS, None)
        assert [progress.record.done for progress in bench.seen] == [0, BATCH, 2 * BATCH, 3 * BATCH, ROWS]
        assert bench.taken == names(ROWS)
        assert await bench.replays.unfinished() == ()
        assert (await bench.replays.get(record.id)).finished
        await bench.replays.forget(record.id)
        with pytest.raises(UserError):
            await bench.replays.get(record.id)


async def test_B34_it_is_paused_and_gone_on_with(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.service.gate = asyncio.Event()
        bench.replays.start(record.id)
        await until(lambda: bench.service.requests)
        bench.replays.pause(record.id)
        bench.service.gate.set()
        paused = await bench.ended(record.id)
        assert (paused.state, paused.record.done) == (ReplayState.PAUSED, BATCH)
        bench.replays.start(record.id, per_second=10)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS)
        assert max(bench.service.requests[1:]) == 10


async def test_an_outage_stops_it_and_what_was_put_goes_first(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.service.always = not_sent
        bench.replays.start(record.id)
        end = await bench.ended(record.id)
        assert end.error is not None
        assert (end.state, end.error.code, end.record.done) == (ReplayState.FAILED, "E-NET-CONNECT", BATCH)
        bench.service.always = None
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS)


async def test_o03_answers_whose_fate_is_unknown_stop_it_before_others_follow(tmp_path: Path) -> None:
    """Or a service in trouble would turn a whole file into answers that somebody has to decide about."""
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.service.always = lost
        bench.replays.start(record.id)
        end = await bench.ended(record.id)
        assert end.error is not None
        assert (end.state, end.error.code, end.record.done) == (ReplayState.FAILED, "E-OUT-UNKNOWN", BATCH)
        assert end.unknown == BATCH
        assert len(bench.service.requests) == 1
        bench.service.always = None
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS)[BATCH:]


async def test_the_last_answers_of_a_file_end_it_whatever_their_fate(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        requests = -(-ROWS // BATCH)
        bench.service.faults = [Fault()] * (requests - 1) + [Fault(lost)]
        bench.replays.start(record.id)
        end = await bench.ended(record.id)
        assert (end.state, end.error, end.record.finished) == (ReplayState.FINISHED, None, True)
        assert end.unknown > 0


async def test_B26_a_replay_goes_to_a_test_learner_only(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        await bench.outbox.learners.lock(SITE, False)
        bench.user = "maria@acme.example"
        with pytest.raises(UserError) as caught:
            await bench.begin()
        assert caught.value.code == "E-LEARNER-REAL"


async def test_the_answers_of_several_people_are_not_mixed(tmp_path: Path) -> None:
    async with replay_bench(tmp_path, 3) as bench:
        with bench.path.open("a") as file:
            file.write("\npeter,q9,incorrect,2026-01-05T11:00:00Z\n")
        with pytest.raises(UserError) as caught:
            await bench.begin()
        assert caught.value.code == "E-REPLAY-PERSON"
        record = await bench.begin("peter")
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == ["q9"]
        assert "peter" not in repr(record)


async def test_a_file_that_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.path.write_text(bench.path.read_text().replace("q0000", "q9999"))
        bench.replays.start(record.id)
        end = await bench.ended(record.id)
        assert end.error is not None
        assert (end.state, end.error.code, bench.taken) == (ReplayState.FAILED, "E-REPLAY-CHANGED", [])


async def test_a_file_without_a_usable_row_is_not_begun(tmp_path: Path) -> None:
    async with replay_bench(tmp_path, 0) as bench:
        with bench.path.open("a") as file:
            file.write("u,,,\n")
        with pytest.raises(UserError) as caught:
            await bench.begin()
        assert caught.value.code == "E-REPLAY-EMPTY"


async def test_a_batch_that_another_run_has_put_is_not_put_again(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.service.gate = asyncio.Event()
        bench.replays.start(record.id)
        await until(lambda: bench.service.requests)
        await bench.outbox.ledger._database.write(
            lambda connection: connection.execute("UPDATE practice_replays SET done = ?", (ROWS,)).rowcount
        )
        bench.service.gate.set()
        end = await bench.ended(record.id)
        assert end.error is not None
        assert (end.state, end.error.code) == (ReplayState.FAILED, "E-REPLAY-GONE")
        assert bench.taken == names(BATCH)
        assert (await bench.outbox.delivery.counts()).open == 0


def test_the_services_are_named() -> None:
    assert set(PracticeServices.__slots__) == {"clients", "ledger", "delivery", "learners", "sessions", "replays"}


async def test_one_whose_row_makes_no_sense_does_not_hide_the_others(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        damaged, fine = await bench.begin(), await bench.begin()
        change = "UPDATE practice_replays SET mapping = '{}' WHERE id = ?"
        await bench.outbox.ledger._database.write(lambda store: store.execute(change, (damaged.id,)).rowcount)
        assert [record.id for record in await bench.replays.unfinished()] == [fine.id]
        with pytest.raises(UserError) as caught:
            await bench.replays.get(damaged.id)
        assert caught.value.code == "E-REPLAY-GONE"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
@pytest.mark.timeout(20)
def test_p20_a_file_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    pipe = tmp_path / "answers.csv"
    os.mkfifo(pipe)

    async def looked() -> None:
        async with replay_bench(tmp_path / "home") as bench:
            async with asyncio.timeout(0.1):
                await bench.replays.dry_run(pipe, Mapping())

    (tmp_path / "home").mkdir()
    try:
        # Its end waits for the threads of the loop, and would wait for ever.
        with pytest.raises(TimeoutError):
            asyncio.run(looked())
    finally:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
