"""Takes one body from the line into the partial file: unpacked, judged by its first bytes, bounded (B3, L39 to L44)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from sana_desktop.base.clock import Clock
from sana_desktop.reports.disk.partfile import PartFile
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download.attempts import AttemptFailed, Ending
from sana_desktop.reports.download.decoding import CannotDecode, Inflater
from sana_desktop.reports.download.pace import StallWatch
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.reports.table import sniff

log = logging.getLogger(__name__)


class Intake:
    """One body on its way.

    Args:
        part: where it goes, from its present end on.
        tick: told the time (monotonic) after every chunk; decides by itself whether there is something to do.
        total: bytes the whole file has; what comes beyond is dropped (L17). None if not known.
        cap: most bytes of a file whose total is not known; None for no bound.
        inflater: unpacks the body; None if it comes as it is.
    """

    def __init__(
        self,
        part: PartFile,
        clock: Clock,
        tick: Callable[[float], Awaitable[None]],
        *,
        total: int | None,
        cap: int | None,
        inflater: Inflater | None,
    ) -> None:
        self._part = part
        self._clock = clock
        self._tick = tick
        self._total = total
        self._cap = cap
        self._inflater = inflater
        self._head: bytes | None = None if part.accepted else b""

    async def take(self, chunks: AsyncIterator[bytes]) -> None:
        """Take all of `chunks`.

        Raises:
            Again: it is no report, is packed wrongly, or came to a standstill.
            Ending: it is larger than the cap.
            NetworkError: as `chunks` raises it. OSError: as the disk raises it.
        """
        part, clock = self._part, self._clock
        stall = StallWatch(clock.monotonic())
        async for chunk in chunks:
            for piece in self._pieces(chunk):
                self._put(piece)
                if part.full:
                    await part.room()
                    stall.excuse(clock.monotonic())
            now = clock.monotonic()
            await self._tick(now)
            if stall.stalled(now, len(chunk)):
                raise AttemptFailed(words.stalled())

    def _put(self, piece: bytes) -> None:
        part = self._part
        if self._total is not None and part.accepted + len(piece) > self._total:
            log.warning("a body is longer than announced")
            piece = piece[: self._total - part.accepted]
        elif self._cap is not None and part.accepted + len(piece) > self._cap:
            raise Ending(TransferState.FAILED, words.too_big(self._cap))
        if piece:
            part.feed(piece)
            if self._head is not None:
                self._judge(piece)

    def _judge(self, piece: bytes) -> None:
        """Stop at the first bytes of what is no report, before the rest is fetched (L44)."""
        self._head = (self._head or b"") + piece[: sniff.HEAD_BYTES]
        if len(self._head) >= sniff.HEAD_BYTES:
            kind = sniff.kind_of(self._head)
            self._head = None
            if kind.report_format is None:
                raise AttemptFailed(words.wrong_content(), anew=True, once="type")

    def _pieces(self, chunk: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield chunk
            return
        try:
            yield from self._inflater.feed(chunk)
        except CannotDecode as error:
            raise AttemptFailed(words.out_of_protocol(str(error)), anew=True, once="packing") from None
