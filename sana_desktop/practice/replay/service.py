"""Replay: the outcomes of a report, sent to a test learner in order, in batches, resumable after anything (B34).

How far it has come is written in the same transaction as the outcomes that it puts into the outbox and into its
session: none is sent twice and none is left out, whatever dies in between. Ids of real people are not stored and never
sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import uuid
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.compare.repeatability import RepeatabilityStore
from sana_desktop.practice.database import Database
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.replay import file as replay_file
from sana_desktop.practice.replay.advice import ReplayAdvice
from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.replay.compare import StopsFound, ThenAndNow
from sana_desktop.practice.replay.dry_run import DryRun, dry_run
from sana_desktop.practice.replay.fates import fates, undecided
from sana_desktop.practice.replay.file import Columns
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState, Stops
from sana_desktop.practice.replay.record import INSERT, ReplayLines, ReplayRecord, advance, row_of, select
from sana_desktop.practice.replay.source import ReplaySource, beside, changed_since, read_otherwise
from sana_desktop.practice.sessions.answering import keep_answers
from sana_desktop.practice.sessions.session import Answered, Mode, Setup
from sana_desktop.practice.sessions.sessions import SessionStore

BATCH = 50
"""Outcomes put into the outbox together; about as many as fit into one request."""


class ReplayService:
    """Runs replays.

    Args:
        known: what was found about answers repeating themselves (B28); told what is found here.

    Attributes:
        progress: how far each one is, after each batch and at its end.
        lines: what each one wrote into its session; of answers before anything is sent.
    """

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        learners: LearnerStore,
        sessions: SessionStore,
        clock: Clock,
        supervisor: Supervisor,
        known: RepeatabilityStore,
    ) -> None:
        self.progress: Topic[ReplayProgress] = Topic("replay progress")
        self.lines: Topic[ReplayLines] = Topic("replay lines")
        self._database = database
        self._delivery = delivery
        self._learners = learners
        self._sessions = sessions
        self._clock = clock
        self._supervisor = supervisor
        self._pausing: dict[str, asyncio.Event] = {}
        self._comparing: set[str] = set()
        self._told: dict[str, ReplayProgress] = {}
        self._advice = ReplayAdvice(delivery, sessions, self.lines, known)

    async def columns(self, path: Path) -> Columns:
        """Return what the head of a file says; errors as `replay_file.read_columns`."""
        return await beside(partial(replay_file.read_columns, path))

    async def dry_run(
        self,
        path: Path,
        mapping: Mapping,
        person: str | None = None,
        *,
        known: Callable[[str], Exercise | None] | None = None,
    ) -> DryRun:
        """Go through a file without sending anything; arguments and errors as `replay_dry_run.dry_run`."""
        return await beside(partial(dry_run, path, mapping, person, now=self._clock.now(), known=known))

    async def begin(
        self,
        path: Path,
        mapping: Mapping,
        connection_id: str,
        user_id: str,
        dry: DryRun,
        *,
        setup: Setup | None = None,
        title: str = "",
    ) -> ReplayRecord:
        """Write down a replay, to be started with `start`, and begin the session that gets its answers as lines.

        Args:
            path: of the file, absolute: it is looked for there after a restart.
            dry: the dry run of the same file, mapping and person.
            setup: what the session asks for; whose it is makes no difference.
            title: of the session.

        Raises:
            UserError: E-LEARNER-REAL if this is no test learner; E-REPLAY-PERSON if the answers are of several people
                and none was chosen; E-REPLAY-EMPTY if there is nothing to send.
            StorageError: it can't be saved.
        """
        self._must_be_test(connection_id, user_id)
        if dry.people_count > 1 and not dry.person:
            raise UserError(
                "The file has answers of {count} people. One learner can't have answered for all of them.",
                code="E-REPLAY-PERSON",
                next_step="Choose whose answers to send.",
                values={"count": f"{dry.people_count:,}"},
            )
        if not dry.usable:
            raise UserError(
                "There is no row that can be sent.",
                code="E-REPLAY-EMPTY",
                next_step="Look at the problems, and choose the columns again.",
            )
        now = self._clock.now()
        record = ReplayRecord(
            uuid.uuid4().hex, connection_id, user_id, path, dry.file_sha256, replace(mapping, places=dry.places),
            dry.person, 0, dry.usable, now, now,
        )  # fmt: skip

        def insert(connection: sqlite3.Connection, session: str) -> None:
            connection.execute(INSERT, row_of(replace(record, session=session)))

        asks = replace(setup or Setup(Mode.BATCH, user_id), user_id=user_id, persona=None, seed=None)
        session = await self._sessions.begin(connection_id, asks, title, also=insert)
        return replace(record, session=session.id)

    def start(self, replay_id: str, *, stops: Stops | None = None, past_unknown: int = 0) -> bool:
        """Run a replay, or go on with it, in the background.

        Args:
            stops: where to ask what is recommended; None asks nothing.
            past_unknown: of how many answers of its learner a person was told that nobody knows whether they arrived,
                and has decided to go on after them. With more of them it stops before anything is sent (O03).

        Returns:
            False if it runs already, or is being compared.
        """
        if self._supervisor.running(_key(replay_id)) or replay_id in self._comparing:
            return False
        self._pausing[replay_id] = asyncio.Event()
        run = self._run(replay_id, stops, past_unknown)
        return self._supervisor.start("replay", run, key=_key(replay_id)) is not None

    def pause(self, replay_id: str) -> None:
        """Stop after the batch in hand; its progress says when it has."""
        if replay_id in self._pausing:
            self._pausing[replay_id].set()

    async def get(self, replay_id: str) -> ReplayRecord:
        """Return a replay as it is stored. Raises UserError E-REPLAY-GONE."""
        found = await self._select("id = ?", (replay_id,))
        if not found:
            raise UserError("This replay is not there any more.", code="E-REPLAY-GONE", next_step="Begin a new one.")
        return found[0]

    async def unfinished(self) -> tuple[ReplayRecord, ...]:
        """Return the replays that can be gone on with, oldest first."""
        return await self._select("done < total ORDER BY created_at", ())

    async def unknown(self, record: ReplayRecord) -> int:
        """Return of how many answers of its learner nobody knows whether they arrived."""
        return (await fates(self._delivery, record)).unknown

    def running(self, replay_id: str) -> bool:
        """Return whether it is being sent just now."""
        return replay_id in self._pausing

    def under_way(self) -> tuple[ReplayProgress, ...]:
        """Return how far those are that are being sent just now, as they told it last; oldest first."""
        return tuple(self._told.values())

    async def forget(self, replay_id: str) -> None:
        """Delete a replay; what it sent is sent."""
        self.pause(replay_id)
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM practice_replays WHERE id = ?", (replay_id,)).rowcount
        )

    async def compare(self, replay_id: str, setup: Setup, known: Container[str] | None = None) -> ThenAndNow:
        """Ask what is recommended where a replay stands, and lay it beside what the person did next in the file.

        It takes one request, which is a line of the replay's session; where it is not known whether this question gets
        the same answer twice, a second one.

        Args:
            setup: what to ask for; the learner is the replay's.
            known: the ids of the content, as far as it is known.

        Raises:
            UserError: E-REPLAY-RUNNING: pause it first; E-REPLAY-CHANGED, E-REPLAY-GONE, E-LEARNER-REAL; E-SESSION-GONE
                of one that is finished.
            SanaError: the file can't be read, or as `Delivery.next`.
        """
        if replay_id in self._pausing or replay_id in self._comparing:
            raise UserError(
                "This replay goes on just now.", code="E-REPLAY-RUNNING", next_step="Pause it, then compare."
            )
        self._comparing.add(replay_id)
        try:
            record = await self.get(replay_id)
            (await self._source(record)).close()
            return await self._advice.then_and_now(record, setup, known)
        finally:
            self._comparing.discard(replay_id)

    async def stops_in(self, connection_id: str, session_id: str) -> StopsFound:
        """Return where it was asked what is recommended in a session's replay; errors as `SessionStore.load`."""
        for record in await self._select("session = ? AND done < total", (session_id,)):
            with contextlib.suppress(SanaError):  # else the file has nothing to say
                (await self._source(record)).close()
                return await self._advice.stops(connection_id, session_id, record)
        return await self._advice.stops(connection_id, session_id)

    async def _run(self, replay_id: str, stops: Stops | None, past_unknown: int) -> None:
        progress: ReplayProgress | None = None
        try:
            progress = ReplayProgress(await self.get(replay_id), ReplayState.RUNNING, passed=past_unknown)
            self._tell(progress)
            source = await self._source(progress.record)
            try:
                progress = await self._send_all(progress, source, stops)
            finally:
                source.close()
        except SanaError as error:
            if progress is None:
                return
            # As it is on disk: the batch in hand may be there or not.
            with contextlib.suppress(SanaError):
                progress = replace(progress, record=await self.get(replay_id))
            progress = replace(progress, state=ReplayState.FAILED, error=error)
        finally:
            self._pausing.pop(replay_id, None)
            self._told.pop(replay_id, None)
        self.progress.publish(progress)

    def _tell(self, progress: ReplayProgress) -> None:
        self._told[progress.record.id] = progress
        self.progress.publish(progress)

    async def _send_all(self, progress: ReplayProgress, source: ReplaySource, stops: Stops | None) -> ReplayProgress:
        pausing = self._pausing[progress.record.id]
        progress = await self._counted(progress)
        if progress.error is None:
            progress = await self._flush(progress)  # what an earlier run left
        while progress.error is None and not pausing.is_set():
            left = BATCH if stops is None else stops.every - progress.record.done % stops.every
            batch = await source.take(min(BATCH, left))
            if not batch:
                return replace(progress, state=ReplayState.FINISHED)
            record = await self._put(progress.record, batch, source.read)
            progress = await self._flush(replace(progress, record=record))
            if progress.error is None:
                if stops is not None and record.done % stops.every == 0 and not record.finished:
                    await self._advice.ask(record, stops.setup)
                self._tell(progress)
        return replace(progress, state=ReplayState.PAUSED if progress.error is None else ReplayState.FAILED)

    async def _put(self, record: ReplayRecord, batch: Sequence[ExerciseOutcome], read: str) -> ReplayRecord:
        after = record.advanced(len(batch), self._clock.now(), read)

        def also(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
            if not advance(connection, record, after):
                raise UserError(
                    "This replay was changed elsewhere meanwhile.",
                    code="E-REPLAY-GONE",
                    next_step="See how far it is, and go on with it.",
                )

        lane = (record.connection_id, record.user_id)
        if record.session:
            answers = [Answered(each.outcome.timestamp, each.exercise, each.outcome, None) for each in batch]
            try:
                kept = await keep_answers(self._delivery, self._sessions, lane, record.session, answers, also=also)
            except UserError as error:
                if error.code != "E-SESSION-GONE":
                    raise
                # Somebody has deleted it for good; the answers are wanted all the same.
            else:
                self.lines.publish(ReplayLines(record.session, kept.first, kept.answers))
                return after
        await self._delivery.put(*lane, batch, also=also)
        return after

    async def _flush(self, progress: ReplayProgress) -> ReplayProgress:
        record = progress.record
        flushed = await self._delivery.flush(record.connection_id, record.user_id)
        after = await self._counted(replace(progress, passed=0) if flushed.unknown else progress)
        return after if after.error is not None else replace(after, error=flushed.error)

    async def _counted(self, progress: ReplayProgress) -> ReplayProgress:
        """Return it with what is open by now; with more unknown than was decided about it stops, for a decision."""
        open_now = await fates(self._delivery, progress.record)
        passed = min(progress.passed, open_now.unknown)
        error = undecided(open_now.unknown) if open_now.unknown > passed and not progress.record.finished else None
        return replace(progress, unknown=open_now.unknown, parked=open_now.parked, passed=passed, error=error)

    async def _source(self, record: ReplayRecord) -> ReplaySource:
        await self._check(record)
        if record.path is None:
            return ReplaySource(iter(()))  # all of it is in the outbox
        source = ReplaySource(replay_file.outcomes(record.path, record.mapping, record.person))
        try:
            await source.skip(record.done)
            if source.read != record.read:
                raise read_otherwise(record.path)
        except BaseException:
            source.close()
            raise
        return source

    async def _check(self, record: ReplayRecord) -> None:
        self._must_be_test(record.connection_id, record.user_id)
        if record.path is None:
            return
        if await beside(partial(replay_file.file_sha256, record.path)) != record.file_sha256:
            raise changed_since(record.path)

    def _must_be_test(self, connection_id: str, user_id: str) -> None:
        if not self._learners.is_test(connection_id, user_id):
            raise UserError(
                "This is not one of your test learners. A replay goes to a test learner only.",
                code="E-LEARNER-REAL",
                next_step="Make a test learner for it.",
            )

    async def _select(self, clause: str, values: tuple[object, ...]) -> tuple[ReplayRecord, ...]:
        return await self._database.read(lambda connection: select(connection, clause, values))


def _key(replay_id: str) -> str:
    return f"replay {replay_id}"
