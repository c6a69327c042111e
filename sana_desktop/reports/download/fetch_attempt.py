"""One attempt at a report: asks what the link leads to, judges the answer, takes the body in (B3, B4, L01 to L44)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Mapping
from dataclasses import replace

from sana_desktop.api.errors import NotSent
from sana_desktop.api.models import DownloadLink
from sana_desktop.base.backoff import retry_after_seconds
from sana_desktop.base.errors import LinkError, NetworkError
from sana_desktop.base.timestamps import parse_http_date
from sana_desktop.reports.disk import checksums
from sana_desktop.reports.download import decoding, resume
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download.attempts import AttemptFailed, Ending
from sana_desktop.reports.download.context import LinkReply, Site
from sana_desktop.reports.download.fetch_state import FetchState
from sana_desktop.reports.download.intake import Intake
from sana_desktop.reports.download.link import lease, object_label, transfer_seconds
from sana_desktop.reports.download.link_supply import LinkSupply
from sana_desktop.reports.download.pace import SpeedMeter
from sana_desktop.reports.records.job import FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import TransferProgress, TransferState, without_error

log = logging.getLogger(__name__)

_REASON_BYTES = 2_048
_REASON_SECONDS = 2.0
_TIME_IS_OVER = re.compile(rb"expired|not valid in the specified time frame", re.IGNORECASE)
"""In a storage's reason why it refuses a link; `X-Amz-Expires` stands in other reasons, too."""

PROBES = 3
"""So often it is asked what is past the end of a body that had no length, if there is no answer."""


class Attempts:
    """The attempts of one run; `run` makes one.

    Args:
        allow_large: the person agreed to a report above the size that is asked about.
        doubtful: nobody was reached by the last tries: the site is asked for the link once more.
    """

    def __init__(
        self, state: FetchState, site: Site, links: LinkSupply, *, allow_large: bool, doubtful: bool = False
    ) -> None:
        self._state = state
        self._site = site
        self._links = links
        self._allow_large = allow_large
        self._doubtful = doubtful
        self._meter = SpeedMeter()
        self._next_progress = 0.0
        self._next_persist = 0.0

    async def run(self) -> None:
        rest = None if self._state.record.total is None else self._state.record.total - self._state.received
        seconds = transfer_seconds(rest, self._meter.bytes_per_second)
        link = await self._renewing(self._links.link(seconds, doubtful=self._doubtful))
        label = object_label(link.url.reveal())
        disk = resume.OnDisk(self._state.received, self._state.record.total, self._state.record.etag)
        same_place = label == self._state.record.link_host
        start = resume.range_start(disk) if same_place else 0
        told: tuple[TimelineEntry, ...] = ()
        if self._state.received and not start:
            why = resume.why_from_zero(disk, same_place=same_place)
            told = self._state.line(FileEvent.ANEW, self._state.received, why)
            await self._state.begin_anew()
        # Until somebody answers, what is said of a place that could not be reached stays true.
        waits = self._state.record.is_away
        record = replace(
            replace(self._state.record, next_try_at=None) if waits else without_error(self._state.record),
            link_host=label,
            link_expires_at=lease(link.expires_at, self._site.server_now()).ends_at,
            requests=self._state.record.requests + 1,
            started_at=self._state.record.started_at or self._state.context.clock.now(),
        )
        state = TransferState.WAITING if waits else TransferState.FETCHING
        await self._state.save(record.moved(state, self._state.context.clock.now()), *told)
        await self._state.make_part()
        dead, ended = 0, False
        try:
            async with self._site.links.open(
                link.url, start=start or None, if_range=disk.etag if start else None
            ) as answer:
                await self._state.save_answered()
                decision = resume.read_answer(start, disk, answer.status, answer.headers)
                if isinstance(decision, resume.DeadLink):
                    dead, ended = decision.status, await _says_it_ended(answer)
                else:
                    await self._act_on(decision, answer)
        except NotSent:
            # No request was made.
            self._state.record = replace(self._state.record, requests=self._state.record.requests - 1)
            raise
        if dead:
            await self._bury(dead, ended)
        if self._state.size_unconfirmed:
            await self._probe(link)
        self._state.whole = True

    async def _act_on(self, decision: resume.Decision, answer: LinkReply) -> None:
        match decision:
            case resume.Whole(total, etag, framing):
                await self._take_whole(total, etag, framing, answer)
            case resume.Continue(offset):
                await self._went_on(offset)
                self._state.checksums = self._state.checksums or checksums.announced(answer.headers, partial=True)
                await self._stream(answer, None)
                self._require_all()
            case resume.AllHere():
                log.info("download %s was all here", self._state.record.id)
            case resume.Restart(reason):
                raise self._anew(reason, words.changing())
            case resume.Later(status):
                error = words.busy(status)
                date = parse_http_date(answer.headers.get("date"))
                error.retry_after_seconds = retry_after_seconds(answer.headers.get("retry-after"), date)
                raise AttemptFailed(error)
            case resume.Unusable(reason):
                raise AttemptFailed(words.out_of_protocol(reason, answer.status), anew=True, once="protocol")
            case resume.DeadLink():
                raise RuntimeError("handled before")

    async def _went_on(self, offset: int) -> None:
        """Note that the answer goes on where the file ends: only now is that known, a Range may be ignored (L04)."""
        record = replace(self._state.record, resumes=self._state.record.resumes + 1)
        await self._state.save(record, *self._state.line(FileEvent.RESUMED, offset))

    async def _take_whole(self, total: int | None, etag: str, framing: resume.Framing, answer: LinkReply) -> None:
        if self._state.received:
            why = resume.why_whole(self._state.record.etag, etag)
            told = self._state.line(FileEvent.ANEW, self._state.received, why)
            await self._state.begin_anew()
            await self._state.save(self._state.record, *told)
        inflater = self._inflater(answer.headers)
        if total is not None and total > self._state.context.policy.ask_above_bytes and not self._allow_large:
            raise Ending(TransferState.PAUSED, words.asks_for_size(total))
        if inflater is not None:
            total, etag = None, ""  # both speak of the packed bytes
        self._state.checksums = () if inflater else checksums.announced(answer.headers, partial=False)
        # Saved with the first bytes that are on disk: without them it would be asked for anew.
        self._state.record = replace(self._state.record, total=total, etag=etag, received=0, prefix_sha256="")
        await self._state.check_room()
        await self._stream(answer, inflater)
        if inflater is not None:
            self._unpacked(inflater)
        elif framing is resume.Framing.CLOSE:
            self._state.size_unconfirmed = True
        self._require_all()

    def _inflater(self, headers: Mapping[str, str]) -> decoding.Inflater | None:
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding in {"", "identity"}:
            return None
        try:
            return decoding.Inflater(encoding)
        except decoding.CannotDecode as error:
            raise AttemptFailed(words.out_of_protocol(str(error)), anew=True, once="protocol") from None

    def _unpacked(self, inflater: decoding.Inflater) -> None:
        try:
            inflater.finish()
        except decoding.CannotDecode as error:
            raise AttemptFailed(words.out_of_protocol(str(error)), anew=True, once="packing") from None

    def _require_all(self) -> None:
        if self._state.record.total is not None and self._state.received < self._state.record.total:
            raise AttemptFailed(words.truncated())

    async def _bury(self, status: int, ended: bool) -> None:
        try:
            self._links.died(status, ended=ended)
        except LinkError as error:
            raise Ending(TransferState.LINK_ENDED, error) from None
        raise AttemptFailed(words.link_ended(), free=True)

    async def _renewing(self, work: Awaitable[DownloadLink]) -> DownloadLink:
        try:
            return await work
        except LinkError as error:
            raise Ending(TransferState.LINK_ENDED, error) from None

    async def _probe(self, link: DownloadLink) -> None:
        """Look past the end of a body that had no length: was that all? (B4, L18)"""
        await self._state.open_part().settle()
        for tries_left in reversed(range(PROBES)):
            await self._state.save(replace(self._state.record, requests=self._state.record.requests + 1))
            try:
                if await self._looked_past_the_end(link):
                    break
            except NetworkError as error:
                log.info("the look past the end of %s failed: %s", self._state.record.id, error.code)
            if self._state.record.total is not None:
                break  # there was more, and it broke off in turn
            if tries_left:
                await self._state.context.clock.sleep(self._state.context.policy.first_wait_seconds)
        self._require_all()

    async def _looked_past_the_end(self, link: DownloadLink) -> bool:
        """Take what is there; return False if it is worth asking again."""
        received = self._state.received
        etag = self._state.record.etag if received else ""
        async with self._site.links.open(link.url, start=received, if_range=etag or None) as answer:
            found = resume.read_probe(received, etag, answer.status, answer.headers)
            match found:
                case resume.Continue(offset, total):
                    self._state.size_unconfirmed = False
                    self._state.record = replace(self._state.record, total=total)
                    await self._went_on(offset)
                    await self._stream(answer, None)
                case resume.AllHere():
                    self._state.size_unconfirmed = False
                case resume.Restart(reason, cut):
                    raise self._anew(reason, words.truncated() if cut else words.changing())
        return not isinstance(found, resume.Later)

    def _anew(self, reason: str, error: NetworkError) -> AttemptFailed:
        log.info("download %s begins anew: %s", self._state.record.id, reason)
        return AttemptFailed(error, anew=True, why=reason)

    async def _stream(self, answer: LinkReply, inflater: decoding.Inflater | None) -> None:
        total, cap = self._state.record.total, self._state.context.policy.cap_bytes
        part = self._state.open_part()
        part.total = total
        uncapped = total is not None or (self._allow_large and inflater is None)
        intake = Intake(
            part, self._state.context.clock, self._tick, total=total, cap=None if uncapped else cap, inflater=inflater
        )
        await intake.take(answer.chunks())

    async def _tick(self, now: float) -> None:
        if now < self._next_progress:
            return
        part = self._state.open_part()
        self._next_progress = now + self._state.context.policy.progress_seconds
        self._meter.note(now, self._state.received)
        total = self._state.record.total
        self._state.context.progressed(
            TransferProgress(
                self._state.record.id,
                self._state.received,
                total,
                self._meter.bytes_per_second,
                self._meter.seconds_left(total),
            )
        )
        if now < self._next_persist:
            return
        self._next_persist = now + self._state.context.policy.persist_seconds
        if part.mark.received > self._state.record.received:
            mark = part.mark
            await self._state.save(replace(self._state.record, received=mark.received, prefix_sha256=mark.sha256))
            if total is None:
                await self._state.check_room()
        part.ask_mark()


async def _says_it_ended(answer: LinkReply) -> bool:
    """Return whether the host's reason is that the link's time is over; it need not give one that can be read."""
    reason = b""
    with contextlib.suppress(NetworkError, TimeoutError):
        async with asyncio.timeout(_REASON_SECONDS):
            async for chunk in answer.chunks():
                reason += chunk[:_REASON_BYTES]
                if len(reason) >= _REASON_BYTES:
                    break
    return _TIME_IS_OVER.search(reason) is not None
