"""One download's run: from its record on disk to a report in place, or to why not (BEHAVIOUR.md B3, B4, B6, B7, B9).

The run is a loop of attempts. An attempt ends by all bytes being here, by `AttemptFailed` (worth another one), or by
`Ending` (only a person, or a new run, can help). Whatever ends it, the partial file is closed and the record says
how far it is.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import replace
from typing import NoReturn

from sana_desktop.api.errors import NotSent
from sana_desktop.base.backoff import backoff_seconds
from sana_desktop.base.clock import Countdown
from sana_desktop.base.errors import AuthError, LinkError, NetworkError, StorageError
from sana_desktop.reports.disk import names
from sana_desktop.reports.disk.partfile import Mark, PartChanged, PartFile
from sana_desktop.reports.download import arrival
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download.attempts import AttemptFailed, Ending, Unreached
from sana_desktop.reports.download.context import DownloadContext, Site
from sana_desktop.reports.download.fetch_attempt import Attempts
from sana_desktop.reports.download.fetch_state import FetchState
from sana_desktop.reports.download.link_supply import LinkSupply
from sana_desktop.reports.records.job import FileEvent, JobRecord, TimelineEntry
from sana_desktop.reports.records.transfer import AWAY, TransferRecord, TransferState

log = logging.getLogger(__name__)


class Fetch:
    """One run of one download. `run` may be cancelled at any time; then `record` says how far it is, and is saved.

    Args:
        allow_large: the person agreed to a report above the size that is asked about.
        misses: so many runs before it, in a row, reached nobody.
    """

    def __init__(
        self,
        record: TransferRecord,
        job: JobRecord,
        site: Site,
        context: DownloadContext,
        *,
        allow_large: bool = False,
        misses: int = 0,
    ) -> None:
        self._state = FetchState(record, job, context)
        self._clock = context.clock
        self._policy = context.policy
        # Jobs have this computer's times, which may be hours off the site's (C01, C02).
        seen_for = context.clock.now() - (job.ready_at or job.changed_at)
        self._links = LinkSupply(
            job.link,
            site.server_now() - seen_for,
            lambda refused: context.renew(job.id, refused),
            site.server_now,
            context.clock,
            context.policy.fresh_enough_seconds,
        )
        # Bytes above that size are here only because the person agreed.
        large = record.received > 0 and (record.total or 0) > context.policy.ask_above_bytes
        doubtful = misses >= context.policy.doubt_link_from
        self._attempts = Attempts(self._state, site, self._links, allow_large=allow_large or large, doubtful=doubtful)
        self._misses = misses
        self._best = record.received
        self._fruitless = 0
        self._best_before = record.received
        self._tried_once: set[str] = set()

    async def run(self) -> TransferRecord:
        """Carry the download to an end of this run and return the record as saved.

        Raises:
            NoRoom: the disk has no room; the record is WAITING and says so.
            Unreached: nobody can be reached; the same.
        """
        try:
            while True:
                try:
                    await self._prepare()
                    if not self._state.whole:
                        await self._attempts.run()
                    return await arrival.finish_arrival(self._state)
                except AttemptFailed as again:
                    await self._rest(again)
                except NetworkError as error:
                    await self._rest(AttemptFailed(error))
                except OSError as error:
                    raise self._disk_trouble(error) from None
        except Ending as ending:
            return await self._end(ending)
        except AuthError as error:
            return await self._end(Ending(TransferState.PAUSED, error, keep=True))
        except LinkError as error:
            return await self._end(Ending(TransferState.FAILED, error))
        except StorageError as error:
            return await self._end(Ending(TransferState.PAUSED, error, keep=True))
        finally:
            await self._state.let_go()

    # Getting ready.

    async def _prepare(self) -> None:
        state = self._state
        files, record = state.context.files, state.record
        if not await asyncio.to_thread(state.folder.is_dir):
            await state.drop()
            raise Ending(TransferState.PAUSED, words.folder_gone(state.folder), keep=True)
        if state.part is None and record.part and record.received:
            left = Mark(record.received, record.prefix_sha256)
            try:
                state.part = await PartFile.reopen(files, state.folder / record.part, left)
            except PartChanged as changed:
                log.warning("the partial file of %s is not trusted: %s", record.id, changed)
                told = state.line(FileEvent.ANEW, record.received, "what had arrived was changed or removed since")
                await state.drop()
                await state.save(state.record, *told)
        await state.check_room()
        if state.part is None:
            await state.drop()  # what a kill left before the first note of how far it was
            # Written down with the state that the attempt begins with, before there is such a file (B6).
            state.record = replace(state.record, part=names.part_name(record.name, secrets.token_hex(4)))
        elif state.record.total is not None and state.received == state.record.total:
            state.whole = True

    # What did not go well.

    async def _rest(self, again: AttemptFailed) -> None:
        """Wait before the next attempt, or end the run if that makes no sense any more (B4, B7)."""
        if self._state.received > self._best:
            self._best = self._state.received
            self._links.progressed()
        if isinstance(again.error, NotSent) and again.error.code in AWAY and not self._policy.gives_up_unreached:
            await self._leave(again.error)
        told = self._state.line(FileEvent.CUT, self._state.received, again.error.message)
        if again.anew:
            told = self._state.line(FileEvent.ANEW, self._state.received, again.why)
            await self._state.begin_anew()
        if again.once:
            if again.once in self._tried_once:
                raise Ending(TransferState.FAILED, again.error, told=told)
            self._tried_once.add(again.once)
        if again.free:
            return
        self._fruitless = 0 if self._best > self._best_before else self._fruitless + 1
        self._best_before = self._best
        if self._fruitless >= self._policy.fruitless_attempts:
            raise Ending(TransferState.PAUSED, again.error, keep=True, told=told)
        await self._state.note_position()
        await self._state.save_trouble(again.error, TransferState.WAITING, *told)
        wait = self._policy.first_wait_seconds
        if self._fruitless:
            wait = backoff_seconds(self._fruitless - 1, self._state.context.uniform)
        await Countdown(self._clock, max(wait, again.error.retry_after_seconds or 0.0)).wait()

    async def _leave(self, error: NetworkError) -> NoReturn:
        """End the run for a while: others may have its place meanwhile."""
        misses = 0 if self._state.answered else self._misses
        wait = backoff_seconds(misses, self._state.context.uniform)
        await self._state.note_position()
        await self._state.save_away(error, wait)
        raise Unreached(wait, misses + 1)

    def _disk_trouble(self, error: OSError) -> Ending:
        found = words.from_disk(error, self._state.folder / self._state.record.name)
        hopeless = found.code in {"E-DISK-IO", "E-DISK-TOOBIG"}
        return Ending(TransferState.FAILED if hopeless else TransferState.PAUSED, found, keep=not hopeless)

    async def _end(self, ending: Ending) -> TransferRecord:
        if ending.keep:
            await self._state.note_position()
        else:
            await self._state.drop()
        told = ending.told
        if ending.state is TransferState.PAUSED:
            said = words.told(ending.error, self._state.received, goes_on=False)
            told = (*told, TimelineEntry(self._clock.now(), FileEvent.PAUSED, said.message))
        await self._state.save_trouble(ending.error, ending.state, *told)
        return self._state.record
