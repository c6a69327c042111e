"""One download's run: from its record on disk to a report in place, or to why not (BEHAVIOUR.md B3, B4, B6, B7, B9).

The run is a loop of attempts. An attempt ends by all bytes being here, by `Again` (worth another one), or by
`Ending` (only a person, or a new run, can help). Whatever ends it, the partial file is closed and the record says
how far it is.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from pathlib import Path

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.backoff import backoff_seconds, retry_after_seconds
from sana_desktop.base.clock import LONGEST_NAP_SECONDS
from sana_desktop.base.errors import AuthError, LinkError, NetworkError, SanaError, StorageError
from sana_desktop.base.timestamps import parse_http_date
from sana_desktop.reports import checksums, decoding, finalise, inspection, names, resume
from sana_desktop.reports import download_errors as words
from sana_desktop.reports.attempts import Again, Ending, NoRoom
from sana_desktop.reports.intake import Intake
from sana_desktop.reports.job import JobRecord
from sana_desktop.reports.link import lease, object_label, transfer_seconds
from sana_desktop.reports.link_supply import LinkSupply
from sana_desktop.reports.pace import SpeedMeter
from sana_desktop.reports.partfile import Mark, PartChanged, PartFile, Written
from sana_desktop.reports.surroundings import LinkReply, Site, Surroundings
from sana_desktop.reports.transfer import TransferProgress, TransferRecord, TransferState

log = logging.getLogger(__name__)


class Fetch:
    """One run of one download. `run` may be cancelled at any time; then `record` says how far it is, and is saved.

    Args:
        allow_large: the person agreed to a report above the size that is asked about.
    """

    def __init__(
        self, record: TransferRecord, job: JobRecord, site: Site, around: Surroundings, *, allow_large: bool = False
    ) -> None:
        self.record = record
        self._job = job
        self._site = site
        self._around = around
        self._clock = around.clock
        self._policy = around.policy
        # Bytes above that size are here only because the person agreed.
        self._allow_large = allow_large or (record.received > 0 and (record.total or 0) > around.policy.ask_above_bytes)
        self._links = LinkSupply(
            job.link,
            job.ready_at or job.changed_at,
            lambda refused: around.renew(job.id, refused),
            site.server_now,
            around.clock,
            around.policy.fresh_enough_seconds,
        )
        self._part: PartFile | None = None
        self._best = record.received
        self._fruitless = 0
        self._best_before = record.received
        self._tried_once: set[str] = set()
        self._whole = False
        self._checksums: tuple[checksums.Checksum, ...] = ()
        self._size_notice = False
        self._meter = SpeedMeter()
        self._next_progress = 0.0
        self._next_persist = 0.0

    async def run(self) -> TransferRecord:
        """Carry the download to an end of this run and return the record as saved.

        Raises:
            NoRoom: the disk has no room; the record is WAITING and says so.
        """
        try:
            while True:
                try:
                    await self._prepare()
                    if not self._whole:
                        await self._attempt()
                    return await self._finish()
                except Again as again:
                    await self._rest(again)
                except NetworkError as error:
                    await self._rest(Again(error))
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
            await self._let_go()

    # Getting ready.

    @property
    def _folder(self) -> Path:
        return Path(self.record.folder)

    @property
    def _received(self) -> int:
        return 0 if self._part is None else self._part.accepted

    async def _prepare(self) -> None:
        files, record = self._around.files, self.record
        if not await asyncio.to_thread(self._folder.is_dir):
            await self._drop()
            raise Ending(TransferState.PAUSED, words.folder_gone(self._folder), keep=True)
        if self._part is None and record.part and record.received:
            left = Mark(record.received, record.prefix_sha256)
            try:
                self._part = await PartFile.reopen(files, self._folder / record.part, left)
            except PartChanged as changed:
                log.warning("the partial file of %s is not trusted: %s", record.id, changed)
                await self._drop()
        await self._check_room()
        if self._part is None:
            part = names.part_name(record.name, secrets.token_hex(4))
            await self._save(replace(finalise.forgotten(self.record), part=part))
            self._part = await PartFile.create(files, self._folder / part)
            self._whole = False
        elif self.record.total is not None and self._received == self.record.total:
            self._whole = True

    async def _check_room(self) -> None:
        rest = max((self.record.total or 0) - self._received, 0)
        needed = rest + self._policy.reserve_bytes
        free = await asyncio.to_thread(self._around.files.free_bytes, self._folder)
        if free >= needed:
            return
        await self._note_position()
        await self._save(self._with(words.disk_full(rest, free), TransferState.WAITING))
        raise NoRoom(needed)

    # One attempt.

    async def _attempt(self) -> None:
        rest = None if self.record.total is None else self.record.total - self._received
        link = await self._renewing(self._links.link(transfer_seconds(rest, self._meter.bytes_per_second)))
        label = object_label(link.url.reveal())
        if label != self.record.link_host and self._received:
            log.info("another object is at the link of %s now", self.record.id)
            await self._begin_anew()
        disk = resume.OnDisk(self._received, self.record.total, self.record.etag)
        start = resume.range_start(disk)
        if self._received and not start:
            await self._begin_anew()
        record = replace(
            self._without_error(),
            link_host=label,
            link_expires_at=lease(link.expires_at, self._site.server_now()).ends_at,
            requests=self.record.requests + 1,
            resumes=self.record.resumes + bool(start),
            started_at=self.record.started_at or self._clock.now(),
        )
        await self._save(record.moved(TransferState.FETCHING, self._clock.now()))
        dead = 0
        async with self._site.links.open(
            link.url, start=start or None, if_range=disk.etag if start else None
        ) as answer:
            decision = resume.read_answer(start, disk, answer.status, answer.headers)
            if isinstance(decision, resume.DeadLink):
                dead = decision.status
            else:
                await self._act_on(decision, answer)
        if dead:
            await self._bury(dead)
        if self._size_notice:
            await self._probe(link)
        self._whole = True

    async def _act_on(self, decision: resume.Decision, answer: LinkReply) -> None:
        match decision:
            case resume.Whole(total, etag, framing):
                await self._take_whole(total, etag, framing, answer)
            case resume.Continue():
                self._checksums = self._checksums or checksums.announced(answer.headers, partial=True)
                await self._stream(answer, None)
                self._require_all()
            case resume.Verify():
                pass
            case resume.Restart(reason):
                log.info("download %s begins anew: %s", self.record.id, reason)
                raise Again(words.changing(), anew=True)
            case resume.Later(status):
                error = words.busy(status)
                date = parse_http_date(answer.headers.get("date"))
                error.retry_after_seconds = retry_after_seconds(answer.headers.get("retry-after"), date)
                raise Again(error)
            case resume.Unusable(reason):
                raise Again(words.out_of_protocol(reason, answer.status), anew=True, once="protocol")
            case resume.DeadLink():
                raise RuntimeError("handled before")

    async def _take_whole(self, total: int | None, etag: str, framing: resume.Framing, answer: LinkReply) -> None:
        if self._received:
            await self._begin_anew()
        inflater = self._inflater(answer.headers)
        if total is not None and total > self._policy.ask_above_bytes and not self._allow_large:
            raise Ending(TransferState.PAUSED, words.asks_for_size(total))
        if inflater is not None:
            total, etag = None, ""  # both speak of the packed bytes
        self._checksums = () if inflater else checksums.announced(answer.headers, partial=False)
        await self._save(replace(self.record, total=total, etag=etag, received=0, prefix_sha256=""))
        await self._check_room()
        await self._stream(answer, inflater)
        if inflater is not None:
            self._unpacked(inflater)
        elif framing is resume.Framing.CLOSE:
            self._size_notice = True
        self._require_all()

    def _inflater(self, headers: Mapping[str, str]) -> decoding.Inflater | None:
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding in {"", "identity"}:
            return None
        try:
            return decoding.Inflater(encoding)
        except decoding.CannotDecode as error:
            raise Again(words.out_of_protocol(str(error)), anew=True, once="protocol") from None

    def _unpacked(self, inflater: decoding.Inflater) -> None:
        try:
            inflater.finish()
        except decoding.CannotDecode as error:
            raise Again(words.out_of_protocol(str(error)), anew=True, once="packing") from None

    def _require_all(self) -> None:
        if self.record.total is not None and self._received < self.record.total:
            raise Again(words.truncated())

    async def _bury(self, status: int) -> None:
        try:
            self._links.died(status)
        except LinkError as error:
            raise Ending(TransferState.LINK_ENDED, error) from None
        raise Again(words.link_ended(), free=True)

    async def _renewing(self, work: Awaitable[DownloadLink]) -> DownloadLink:
        try:
            return await work
        except LinkError as error:
            raise Ending(TransferState.LINK_ENDED, error) from None

    async def _probe(self, link: DownloadLink) -> None:
        """Look past the end of a body that had no length: was that all? (B4, L18)"""
        etag = self.record.etag
        if not etag or not self._received:
            return
        part = self._open_part()
        await part.settle()
        await self._save(replace(self.record, requests=self.record.requests + 1))
        try:
            async with self._site.links.open(link.url, start=self._received, if_range=etag) as answer:
                found = resume.read_probe(self._received, etag, answer.status, answer.headers)
                if isinstance(found, resume.Continue):
                    self._size_notice = False
                    await self._save(replace(self.record, total=found.total, resumes=self.record.resumes + 1))
                    await self._stream(answer, None)
                elif found is not None:
                    self._size_notice = False
        except NetworkError as error:
            log.info("the look past the end of %s failed: %s", self.record.id, error.code)
        self._require_all()

    # The body.

    async def _stream(self, answer: LinkReply, inflater: decoding.Inflater | None) -> None:
        total, cap = self.record.total, self._policy.cap_bytes
        part = self._open_part()
        part.total = total
        uncapped = total is not None or (self._allow_large and inflater is None)
        intake = Intake(part, self._clock, self._tick, total=total, cap=None if uncapped else cap, inflater=inflater)
        await intake.take(answer.chunks())

    async def _tick(self, now: float) -> None:
        if now < self._next_progress:
            return
        part = self._open_part()
        self._next_progress = now + self._policy.progress_seconds
        self._meter.note(now, self._received)
        total = self.record.total
        self._around.progressed(
            TransferProgress(
                self.record.id,
                self._received,
                total,
                self._meter.bytes_per_second,
                self._meter.seconds_left(total),
            )
        )
        if now < self._next_persist:
            return
        self._next_persist = now + self._policy.persist_seconds
        if part.mark.received > self.record.received:
            mark = part.mark
            await self._save(replace(self.record, received=mark.received, prefix_sha256=mark.sha256))
            if total is None:
                await self._check_room()
        part.ask_mark()

    # The end of the bytes.

    async def _finish(self) -> TransferRecord:
        written = await self._sealed()
        path = self._folder / self.record.part
        wrong = await asyncio.to_thread(checksums.mismatch, path, self._checksums, written.sha256)
        if wrong is not None:
            await self._drop()
            raise Again(words.corrupt(wrong.algorithm), anew=True, once="checksum")
        wanted = self._job.order.format
        try:
            seen = await asyncio.to_thread(inspection.inspect, path, wanted, written)
        except inspection.WrongContent as error:
            log.info("download %s is no report: %s", self.record.id, error)
            await self._drop()
            raise Again(words.wrong_content(), anew=True, once="type") from None
        exact = self._job.order.target is not None
        name = self.record.name
        if not exact and seen.format is not wanted:
            name = await asyncio.to_thread(
                finalise.free_name, self._folder, names.with_extension(name, seen.format), ()
            )
        notices = (*seen.notices, *((inspection.SIZE_NOT_CONFIRMED,) if self._size_notice else ()))
        record = replace(
            self._without_error(),
            name=name,
            received=written.size,
            total=written.size,
            prefix_sha256=written.sha256,
            sha256=written.sha256,
            rows=seen.table.rows if seen.table else None,
            columns=seen.table.columns if seen.table else None,
            notices=notices,
        )
        await self._save(self._fetching(record).moved(TransferState.FINALIZING, self._clock.now()))
        finaliser = finalise.Finaliser(self._around.files, self._clock, self._save)
        return await finaliser.finish(self.record, exact=exact, trusted=True)

    def _fetching(self, record: TransferRecord) -> TransferRecord:
        if record.state is TransferState.FETCHING:
            return record
        return record.moved(TransferState.FETCHING, self._clock.now())

    async def _sealed(self) -> Written:
        part = self._open_part()
        await part.settle()  # a write that failed is told apart from a flush that did
        try:
            written = await part.seal()
        except PartChanged as changed:
            log.warning("download %s begins anew: %s", self.record.id, changed)
            await self._drop()
            raise Again(words.folder_gone(self._folder), anew=True) from None
        except OSError as error:
            await self._drop()
            raise Again(words.from_disk(error, part.path), anew=True) from None
        self._part = None
        if self.record.total is not None and written.size != self.record.total:
            await self._drop()
            raise Again(words.truncated(), anew=True)
        return written

    # What did not go well.

    async def _rest(self, again: Again) -> None:
        """Wait before the next attempt, or end the run if that makes no sense any more (B4, B7)."""
        if self._received > self._best:
            self._best = self._received
            self._links.progressed()
        if again.anew:
            await self._begin_anew()
        if again.once:
            if again.once in self._tried_once:
                raise Ending(TransferState.FAILED, again.error)
            self._tried_once.add(again.once)
        if again.free:
            return
        self._fruitless = 0 if self._best > self._best_before else self._fruitless + 1
        self._best_before = self._best
        if self._fruitless >= self._policy.fruitless_attempts:
            raise Ending(TransferState.PAUSED, again.error, keep=True)
        await self._note_position()
        await self._save(self._with(again.error, TransferState.WAITING))
        wait = self._policy.first_wait_seconds
        if self._fruitless:
            wait = backoff_seconds(self._fruitless - 1, self._around.uniform)
        await self._sleep(max(wait, again.error.retry_after_seconds or 0.0))

    async def _sleep(self, seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            await self._clock.sleep(min(left, LONGEST_NAP_SECONDS))

    def _disk_trouble(self, error: OSError) -> Ending:
        found = words.from_disk(error, self._folder / self.record.name)
        hopeless = found.code in {"E-DISK-IO", "E-DISK-TOOBIG"}
        return Ending(TransferState.FAILED if hopeless else TransferState.PAUSED, found, keep=not hopeless)

    async def _end(self, ending: Ending) -> TransferRecord:
        if ending.keep:
            await self._note_position()
        else:
            await self._drop()
        await self._save(self._with(ending.error, ending.state))
        return self.record

    async def _begin_anew(self) -> None:
        self._whole, self._size_notice = False, False
        if self._part is not None:
            await self._part.restart()
        self.record = replace(
            self.record, received=0, total=None, etag="", prefix_sha256="", sha256="", rows=None, columns=None
        )

    async def _drop(self) -> None:
        """Close and remove the partial file; what it held is forgotten."""
        if self._part is not None:
            await self._part.close()
            self._part = None
        if self.record.part:
            try:
                await asyncio.to_thread(self._around.files.remove, self._folder / self.record.part)
            except OSError as error:
                log.warning("a partial file could not be removed: %s", error.strerror)
        self.record = finalise.forgotten(self.record)
        self._whole = False

    async def _note_position(self) -> None:
        """Bring the record up to what the thread has written."""
        if self._part is None:
            return
        try:
            mark = await self._part.settle()
        except OSError:
            mark = await self._part.close()
            self._part = None
        self.record = replace(self.record, received=mark.received, prefix_sha256=mark.sha256)

    async def _let_go(self) -> None:
        if self._part is None:
            return
        mark = await self._part.close()
        self._part = None
        if mark.received != self.record.received:
            await self._save(replace(self.record, received=mark.received, prefix_sha256=mark.sha256))

    # Small help.

    def _open_part(self) -> PartFile:
        if self._part is None:
            raise RuntimeError("an attempt begins with _prepare")
        return self._part

    async def _save(self, record: TransferRecord) -> None:
        self.record = record
        await self._around.save(record)

    def _without_error(self) -> TransferRecord:
        return replace(self.record, error_kind="", error_code="", error_message="", error_next_step="")

    def _with(self, error: SanaError, state: TransferState) -> TransferRecord:
        return replace(
            self.record,
            error_kind=error.kind,
            error_code=error.code,
            error_message=error.message,
            error_next_step=error.next_step,
        ).moved(state, self._clock.now())
