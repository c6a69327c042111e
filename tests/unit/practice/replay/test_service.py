"""Replays: to test learners only, paused and gone on with, told how far they are."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sana_desktop.api.practice_models import Exercise, NextQuery, Result
from sana_desktop.base.errors import SanaError, UserError
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatabilityStore, RepeatVerdict
from sana_desktop.practice.replay.columns import Mapping, Place, guess_mapping
from sana_desktop.practice.replay.compare import Met
from sana_desktop.practice.replay.dry_run import Odd
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState, Stops
from sana_desktop.practice.replay.record import ReplayLines, ReplayRecord
from sana_desktop.practice.replay.service import BATCH, ReplayService
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import (
    HERE,
    SITE,
    CountingService,
    Fault,
    MemoryDatabase,
    OutboxBench,
    SwiftClock,
    lost,
    make_bench,
    no_key,
    not_sent,
    outbox_bench,
)
from tests.support.waiting import until

ROWS = 3 * BATCH + 7


@dataclass
class Bench:
    outbox: OutboxBench
    service: CountingService
    replays: ReplayService
    path: Path
    user: str
    sessions: SessionStore
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


def report(folder: Path, rows: int, user: Callable[[int], str] = str) -> Path:
    path = folder / "answers.csv"
    lines = [f"{user(0)},q{row:04d},correct,2026-01-05T10:00:00Z" for row in range(rows)]
    path.write_text("user,exercise,result,timestamp\n" + "\n".join(lines))
    return path


@asynccontextmanager
async def replay_bench(folder: Path, rows: int = ROWS, user: Callable[[int], str] = str) -> AsyncIterator[Bench]:
    path = report(folder, rows, user)
    async with outbox_bench(folder, origin=HERE) as (outbox, service, clock):
        learner = await outbox.learners.make(SITE)
        database = outbox.ledger._database
        sessions = SessionStore(database, clock)
        replays = service_of(outbox, sessions)
        bench = Bench(outbox, service, replays, path, learner.user_id, sessions)
        replays.progress.subscribe(bench.seen.append)
        yield bench


def service_of(outbox: OutboxBench, sessions: SessionStore) -> ReplayService:
    return ReplayService(
        outbox.ledger._database,
        outbox.delivery,
        outbox.learners,
        sessions,
        outbox.delivery._clock,
        outbox.supervisor,
        RepeatabilityStore(),
    )


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
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS)


async def answered(bench: Bench, record: ReplayRecord) -> list[Answered]:
    events = (await bench.sessions.load(record.session)).events
    assert [event for event in events if isinstance(event, Asked)] == []
    return [event for event in events if isinstance(event, Answered)]


async def test_B34_the_answers_are_lines_of_a_session_with_their_times_from_the_file(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        lines: list[ReplayLines] = []
        bench.replays.lines.subscribe(lines.append)
        record = await bench.begin()
        bench.replays.start(record.id)
        await bench.ended(record.id)
        session = await bench.sessions.load(record.session)
        assert (session.connection_id, session.setup.user_id) == (SITE, bench.user)
        events = await answered(bench, record)
        assert [event.exercise.id for event in events] == names(ROWS)
        assert {event.at for event in events} == {datetime(2026, 1, 5, 10, tzinfo=UTC)}
        assert all(event.from_report for event in events)
        entries = await bench.outbox.delivery.entries(open_only=False)
        assert [event.entry for event in events] == [entry.number for entry in entries]
        assert {entry.session for entry in entries} == {record.session}
        assert [line.first for line in lines] == [0, BATCH, 2 * BATCH, 3 * BATCH]
        assert [event for line in lines for event in line.events] == events


async def test_O07_a_kill_at_any_moment_leaves_outbox_session_and_progress_together(tmp_path: Path) -> None:
    """What a kill leaves is the store as it was after the last commit: there is no commit between the three."""
    images = list[bytes]()

    class Watched(MemoryDatabase):
        async def write(self, work, *, patience_seconds=None):  # type: ignore[no-untyped-def]
            result = await super().write(work, patience_seconds=patience_seconds)
            images.append(self.image())
            return result

    clock, database = SwiftClock(), Watched()
    outbox = await make_bench(database, CountingService(clock, HERE), clock)
    sessions = SessionStore(database, clock)
    replays = service_of(outbox, sessions)
    path = report(tmp_path, 2 * BATCH + 3)
    user = (await outbox.learners.make(SITE)).user_id
    bench = Bench(outbox, outbox.service, replays, path, user, sessions)
    replays.progress.subscribe(bench.seen.append)
    record = await bench.begin()
    images.clear()
    bench.replays.start(record.id)
    await bench.ended(record.id)
    found = set[int]()
    for image in images:
        left = MemoryDatabase(image)
        after = await make_bench(left, outbox.service, clock)
        book = SessionStore(left, clock)
        kept = ReplayService(left, after.delivery, after.learners, book, clock, after.supervisor, RepeatabilityStore())
        done = (await kept.get(record.id)).done
        events = (await book.load(record.session)).events
        entries = await after.delivery.entries(open_only=False)
        assert [entry.number for entry in entries] == [e.entry for e in events if isinstance(e, Answered)]
        assert len(entries) == len(events) == done
        found.add(done)
        await after.close()
    assert found == {BATCH, 2 * BATCH, 2 * BATCH + 3}
    await outbox.close()


async def test_what_a_session_asks_for_is_what_was_set_up_for_the_test_learner(tmp_path: Path) -> None:
    async with replay_bench(tmp_path, 3) as bench:
        mapping = guess_mapping((await bench.replays.columns(bench.path)).names)
        dry = await bench.replays.dry_run(bench.path, mapping)
        setup = Setup(Mode.BATCH, "somebody-else", 7, challenge_level=0.3, persona="guesser", seed=2)
        record = await bench.replays.begin(bench.path, mapping, SITE, bench.user, dry, setup=setup, title="Old answers")
        session = await bench.sessions.load(record.session)
        assert session.title == "Old answers"
        assert session.setup == replace(setup, user_id=bench.user, persona=None, seed=None)
        assert await bench.replays.get(record.id) == record


async def test_a_session_that_was_deleted_for_good_does_not_stop_its_replay(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        clear = "DELETE FROM practice_sessions"
        await bench.outbox.ledger._database.write(lambda store: store.execute(clear).rowcount)
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS)
        await bench.sessions.begin(SITE, Setup(Mode.BATCH, bench.user))
        bench.service.requests.clear()
        with pytest.raises(UserError) as caught:
            await bench.replays.compare(record.id, Setup(Mode.BATCH, ""))
        assert (caught.value.code, bench.service.requests) == ("E-SESSION-GONE", [])


async def test_a_replay_from_before_it_had_a_session_is_gone_on_with(tmp_path: Path) -> None:
    async with replay_bench(tmp_path, BATCH + 1) as bench:
        record = await bench.begin()
        old = "UPDATE practice_replays SET session = ''"
        await bench.outbox.ledger._database.write(lambda store: store.execute(old).rowcount)
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(BATCH + 1)
        assert await answered(bench, record) == []


async def paused_at_the_first_batch(bench: Bench) -> ReplayRecord:
    record = await bench.begin()
    bench.service.gate = asyncio.Event()
    bench.replays.start(record.id)
    await until(lambda: bench.service.requests)
    bench.replays.pause(record.id)
    with pytest.raises(UserError) as caught:
        await bench.replays.compare(record.id, Setup(Mode.SINGLE, ""))
    assert caught.value.code == "E-REPLAY-RUNNING"
    bench.service.gate.set()
    await bench.ended(record.id)
    return record


async def test_B34_B28_at_a_pause_it_is_asked_what_is_recommended_now_and_whether_that_holds(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await paused_at_the_first_batch(bench)
        bench.service.requests.clear()
        lines: list[ReplayLines] = []
        bench.replays.lines.subscribe(lines.append)
        wanted = ("q0051", "q0003", "q0100", "elsewhere")
        bench.service.recommends = tuple(Exercise(name, "/p") for name in wanted)
        found = await bench.replays.compare(record.id, Setup(Mode.BATCH, "maria", 4, challenge_level=0.5))
        assert bench.service.requests == [0, 0], "one question, without an answer, and the same again"
        assert found.repeatability == Repeatability(RepeatVerdict.REPEATABLE, 2, 1.0)
        assert found.comparison.repeatability == found.repeatability
        assert found.asked.query == NextQuery(bench.user, 4, challenge_level=0.5)
        assert (found.done, found.total) == (BATCH, ROWS)
        assert [each.id for each in found.then] == ["q0050", "q0051", "q0052", "q0053"]
        assert found.met == (Met.NEXT, Met.BEFORE, Met.LATER, Met.NEVER)
        (line,) = lines
        assert (line.session, line.first, line.events) == (record.session, BATCH, (found.asked,))
        assert (await bench.sessions.load(record.session)).events[BATCH] == found.asked
        (at_once,) = (await bench.replays.stops_in(record.connection_id, record.session)).stops
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS), "each once, whatever was asked"
        stops = await bench.replays.stops_in(record.connection_id, record.session)
        (stop,) = stops.stops
        assert (stop.then, stop.places) == (found.then, found.places), "the session tells the same as the file did"
        assert stop == at_once, "and so did file and session together while it was not finished"
        assert stops.repeatability == found.repeatability
        bench.service.requests.clear()
        at_the_end = await bench.replays.compare(record.id, Setup(Mode.BATCH, "", 4, challenge_level=0.5))
        assert bench.service.requests == [0], "it is known by now"
        assert (at_the_end.then, at_the_end.met) == ((), (Met.BEFORE, Met.BEFORE, Met.BEFORE, Met.NEVER))
        assert at_the_end.repeatability == found.repeatability


async def test_a_comparison_that_comes_to_nothing_leaves_the_replay_as_it_was(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await paused_at_the_first_batch(bench)
        bench.service.always = no_key
        with pytest.raises(SanaError):
            await bench.replays.compare(record.id, Setup(Mode.SINGLE, ""))
        bench.service.always = None
        bench.path.write_text(bench.path.read_text() + "\n")
        bench.service.requests.clear()
        with pytest.raises(UserError) as caught:
            await bench.replays.compare(record.id, Setup(Mode.SINGLE, ""))
        assert (caught.value.code, bench.service.requests) == ("E-REPLAY-CHANGED", [])
        assert len(await answered(bench, record)) == BATCH


async def test_while_it_is_compared_it_does_not_go_on(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await paused_at_the_first_batch(bench)
        bench.service.gate = asyncio.Event()
        bench.service.requests.clear()
        comparing = bench.outbox.supervisor.start("compare", bench.replays.compare(record.id, Setup(Mode.SINGLE, "")))
        assert comparing is not None
        await until(lambda: bench.service.requests)
        assert not bench.replays.start(record.id)
        bench.service.gate.set()
        await comparing
        assert bench.replays.start(record.id)
        await bench.ended(record.id)


async def test_B34_it_can_ask_by_itself_after_every_so_many_answers(tmp_path: Path) -> None:
    async with replay_bench(tmp_path, 100) as bench:
        record = await bench.begin()
        bench.replays.start(record.id, stops=Stops(30, Setup(Mode.SINGLE, "", 2)))
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.service.requests == [30, 0, 0, 30, 0, 30, 0, 10], "once more at the first place (B28)"
        events = (await bench.sessions.load(record.session)).events
        assert [number for number, event in enumerate(events) if isinstance(event, Asked)] == [30, 61, 92]
        found = await bench.replays.stops_in(record.connection_id, record.session)
        assert [stop.done for stop in found.stops] == [30, 60, 90]
        assert bench.taken == names(100)


async def test_of_one_that_is_finished_neither_file_nor_person_is_kept(tmp_path: Path) -> None:
    """The name of the file may be a person's, and both are needed to go on alone."""
    row = "SELECT path, person, done, total FROM practice_replays"
    async with replay_bench(tmp_path, BATCH + 1, lambda _: "maria") as bench:
        record = await bench.begin("maria")
        assert (record.path, record.person) == (bench.path, 1)
        bench.service.gate = asyncio.Event()
        bench.replays.start(record.id)
        await until(lambda: bench.service.requests)
        read = bench.outbox.ledger._database.read
        kept = await read(lambda store: tuple(store.execute(row).fetchone()))
        assert kept == (str(bench.path), "1", BATCH, BATCH + 1)
        bench.service.gate.set()
        end = await bench.ended(record.id)
        kept = await read(lambda store: tuple(store.execute(row).fetchone()))
        assert kept == ("", "", BATCH + 1, BATCH + 1)
        assert (await bench.replays.get(record.id)) == end.record
        assert (end.record.path, end.record.person, end.record.finished) == (None, 0, True)
        bench.path.unlink()
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED, "there is nothing to read any more"


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
        assert (end.state, end.error.code, end.record.done) == (ReplayState.FAILED, "E-REPLAY-UNKNOWN", BATCH)
        assert (end.unknown, end.passed, end.undecided) == (BATCH, 0, True)
        assert end.error.say(str).startswith("Of 50 answers it is not known whether they arrived.")
        assert len(bench.service.requests) == 1
        bench.service.always = None
        bench.replays.start(record.id, past_unknown=end.unknown)
        end = await bench.ended(record.id)
        assert (end.state, end.unknown) == (ReplayState.FINISHED, BATCH), "what an earlier run left is open still"
        assert bench.taken == names(ROWS)[BATCH:]


async def test_o03_answers_of_a_killed_run_stop_the_next_one_until_a_person_decides(tmp_path: Path) -> None:
    """What was under way when the app died is unknown at the next start: nothing follows it unasked."""
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.service.always = lost
        bench.replays.start(record.id)
        await bench.ended(record.id)
        bench.service.always, count = None, len(bench.service.requests)
        for past in (0, BATCH - 1):
            bench.replays.start(record.id, past_unknown=past)
            end = await bench.ended(record.id)
            assert end.error is not None
            assert (end.state, end.error.code, end.record.done) == (ReplayState.FAILED, "E-REPLAY-UNKNOWN", BATCH)
            assert end.undecided
        assert len(bench.service.requests) == count, "nothing was sent"
        # Decided about 50; the next request is lost, too: that is another decision.
        bench.service.faults = [Fault(lost)]
        bench.replays.start(record.id, past_unknown=BATCH)
        end = await bench.ended(record.id)
        assert (end.state, end.unknown, end.undecided) == (ReplayState.FAILED, 2 * BATCH, True)
        # One that fails for another reason was decided about already.
        bench.service.always = not_sent
        bench.replays.start(record.id, past_unknown=2 * BATCH)
        end = await bench.ended(record.id)
        assert end.error is not None
        assert (end.error.code, end.undecided, end.passed) == ("E-NET-CONNECT", False, 2 * BATCH)
        bench.service.always = None
        bench.replays.start(record.id, past_unknown=end.passed)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        assert bench.taken == names(ROWS)[2 * BATCH :], "each after them, in order, and none of them again"


async def test_answers_that_were_dropped_meanwhile_make_no_room_for_others_whose_fate_is_unknown(
    tmp_path: Path,
) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await bench.begin()
        bench.service.always = lost
        bench.replays.start(record.id)
        end = await bench.ended(record.id)
        for entry in await bench.outbox.delivery.entries(SITE):
            await bench.outbox.delivery.drop(entry.number)
        bench.replays.start(record.id, past_unknown=end.unknown)
        end = await bench.ended(record.id)
        assert (end.state, end.unknown, end.undecided) == (ReplayState.FAILED, BATCH, True)


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
        bench.outbox.learners.lock(SITE, False)
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


@pytest.mark.parametrize("kept", ["", "ab" * 32])
async def test_one_that_was_read_otherwise_or_by_a_build_that_kept_no_digest_is_not_gone_on_with(
    tmp_path: Path, kept: str
) -> None:
    async with replay_bench(tmp_path) as bench:
        record = await paused_at_the_first_batch(bench)
        before, bench.service.requests[:] = list(bench.taken), []
        database = bench.outbox.ledger._database
        await database.write(
            lambda connection: connection.execute("UPDATE practice_replays SET read_sha256 = ?", (kept,))
        )
        bench.replays.start(record.id)
        end = await bench.ended(record.id)
        assert end.error is not None
        assert (end.state, end.error.code) == (ReplayState.FAILED, "E-REPLAY-READING")
        assert "answers.csv" in end.error.message
        with pytest.raises(UserError) as caught:
            await bench.replays.compare(record.id, Setup(Mode.SINGLE, ""))
        assert caught.value.code == "E-REPLAY-READING"
        assert (bench.taken, bench.service.requests) == (before, [])
        assert (await bench.replays.stops_in(SITE, record.session)).stops == ()


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
    assert {"clients", "ledger", "delivery", "learners", "sessions", "replays"} <= set(PracticeServices.__slots__)


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


async def test_a_replay_reads_the_same_when_what_was_known_is_forgotten(tmp_path: Path) -> None:
    async with replay_bench(tmp_path) as bench:
        guess = guess_mapping((await bench.replays.columns(bench.path)).names)
        mapping = replace(guess, results={"correct": Result.SKIPPED})
        known = {"q0000": Exercise("q0000", "/IB/math", difficulty_level=2.0)}
        dry = await bench.replays.dry_run(bench.path, mapping, known=known.get)
        record = await bench.replays.begin(bench.path, mapping, SITE, bench.user, dry)
        known.clear()
        kept = (await bench.replays.get(record.id)).mapping
        assert (kept.results, kept.places) == (mapping.results, {"q0000": Place("/IB/math", 2.0)})
        bench.replays.start(record.id)
        assert (await bench.ended(record.id)).state is ReplayState.FINISHED
        session = await bench.sessions.load(record.session)
        first = next(each for each in session.events if isinstance(each, Answered))
        assert (first.exercise.path, first.outcome.result) == ("/IB/math", Result.SKIPPED)


async def test_answers_from_after_today_are_remarked(tmp_path: Path) -> None:
    async with replay_bench(tmp_path, rows=1) as bench:
        mapping = guess_mapping((await bench.replays.columns(bench.path)).names)
        assert (await bench.replays.dry_run(bench.path, mapping)).remarks == ()
        bench.path.write_text(bench.path.read_text().replace("2026-01-05", "2931-01-05"))
        (remark,) = (await bench.replays.dry_run(bench.path, mapping)).remarks
        assert remark.kind is Odd.FUTURE
