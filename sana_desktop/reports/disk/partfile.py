"""A partial file on its way to be whole: one thread writes and hashes what the loop hands over (B6).

The loop never touches the disk. It puts chunks into a bounded line; the thread takes all that wait, up to a few
megabytes, and does each step once for them: joined, written, hashed, and, in a small file, handed on to be counted.
Large steps matter: between two of them the thread has to win back the interpreter's lock from a busy loop. (Hashing on
a thread of its own was slower for the same reason.)
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sana_desktop.base.threads import ThreadAnswer, tell_loop
from sana_desktop.reports.disk.files import Files
from sana_desktop.reports.table.counting import COUNTED_IN_PASSING_BYTES, CountingThread
from sana_desktop.reports.table.csv_count import TableCount

Result = TypeVar("Result")

BATCH_BYTES = 2 * 1024 * 1024
"""Most bytes of one write."""
FULL_BYTES = 6 * 1024 * 1024
"""With so much in line the loop has to wait (`room`): it bounds the memory of a transfer on a slow disk."""
MIN_SYNC_AHEAD_BYTES = 4 * 1024 * 1024
MAX_SYNC_AHEAD_BYTES = 32 * 1024 * 1024
"""Each time a quarter of the file, within these bounds, is written the disk is asked to begin with it, so that the
flush at the end has little left to do: 0.01 s instead of 0.4 s a gigabyte, and a sixth of the time for 10 MB."""
_READ_BYTES = 1024 * 1024


class PartChanged(Exception):
    """The partial file is gone, was touched, or is not the one that was left: it is not trusted (D10, D11, D18)."""


class _Ended(Exception):
    """The file is closed and its thread at its end."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the file has come: bytes written and the hash (hex) of exactly these."""

    received: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Written:
    """A file whose bytes are all on the disk: size, hash (hex), and what was counted as CSV.

    The count is None if it can't be read as such a table, or is larger than `COUNTED_IN_PASSING_BYTES`.
    """

    size: int
    sha256: str
    table: TableCount | None


class PartFile:
    """One partial file and the thread that owns it. Make it by `create` or `reopen`; end it by `seal` or `close`."""

    def __init__(self, files: Files, path: Path) -> None:
        self.path = path
        self.mark = Mark(0, hashlib.sha256().hexdigest())
        """As of the last `ask_mark` that the thread got round to; any loop-side reader sees a whole one."""
        self.accepted = 0
        """Bytes handed over so far, those in line included."""
        self.total: int | None = None
        """Bytes the whole file will have, if known: a large one's rows are not counted in passing."""
        self._files = files
        self._loop = asyncio.get_running_loop()
        self._descriptor = -1
        self._received = 0
        self._asked_to_sync = 0
        self._digest = hashlib.sha256()
        self._counter: CountingThread | None = CountingThread()
        self._line: deque[bytes | Callable[[], None]] = deque()
        self._waiting = 0
        self._news = threading.Condition()
        self._want_mark = False
        self._failure: OSError | None = None
        self._ended = False
        self._space = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name=f"write {path.name[:40]}", daemon=True)

    @classmethod
    async def create(cls, files: Files, path: Path) -> PartFile:
        """Make a new partial file at `path`.

        Raises:
            OSError: if it can't be made; FileExistsError if something has that name, were it a link.
        """
        part = cls(files, path)
        part._thread.start()
        await part._ended_by_failure(part._make)
        return part

    @classmethod
    async def reopen(cls, files: Files, path: Path, left: Mark) -> PartFile:
        """Go on with the file at `path` of which `left` is known; what lies behind that is cut off.

        Raises:
            PartChanged: if its first bytes are not those that were left.
            OSError: if it can't be read.
        """
        part = cls(files, path)
        part._thread.start()
        await part._ended_by_failure(lambda: part._take_up(left))
        part.accepted = left.received
        return part

    @property
    def full(self) -> bool:
        """Whether the loop should wait for `room` before it feeds more."""
        return self._waiting >= FULL_BYTES or self._failure is not None

    def feed(self, chunk: bytes) -> None:
        """Put the next bytes in line; returns at once."""
        with self._news:
            self._line.append(chunk)
            self._waiting += len(chunk)
            self.accepted += len(chunk)
            if self._waiting >= BATCH_BYTES or len(self._line) == 1:
                self._news.notify()

    async def room(self) -> None:
        """Wait until the line is short again.

        Raises:
            OSError: what the thread met while writing; all that came after it was dropped.
        """
        while self.full:
            if self._failure is not None:
                raise self._failure
            self._space.clear()
            if self.full and self._failure is None:
                await self._space.wait()

    def ask_mark(self) -> None:
        """Have `mark` brought up to date after the batch under way."""
        self._want_mark = True

    async def settle(self) -> Mark:
        """Wait until everything in line is written and return how far that is.

        Raises:
            OSError: what the thread met while writing.
        """
        return await self._do(self._settled)

    async def restart(self) -> None:
        """Drop all bytes and begin anew in the same file.

        Raises:
            OSError: if the file can't be cut.
        """
        await self._do(self._begin_anew)
        self.accepted = 0

    async def seal(self) -> Written:
        """Write what is in line, bring it to the disk, check that the file still has its name, and close it.

        Raises:
            OSError: as the writing or the flush raised it; after a failed flush nothing in the file is trusted (D04).
            PartChanged: if another file, or none, has the partial file's name now (D10).
        """
        try:
            return await self._do(self._sealed)
        finally:
            await self.close()

    async def close(self) -> Mark:
        """Write what is in line, close the file and end the thread; return how far it is. May be called twice."""
        with contextlib.suppress(_Ended):
            await self._do(self._closed)
        await asyncio.to_thread(self._thread.join)
        return self.mark

    async def _ended_by_failure(self, work: Callable[[], None]) -> None:
        try:
            await self._do(work)
        except BaseException:
            await self.close()
            raise

    async def _do(self, work: Callable[[], Result]) -> Result:
        """Run `work` on the thread, after all that is in line.

        Raises:
            _Ended: the thread has come to its end.
        """
        outcome = ThreadAnswer[Result]()
        with self._news:
            if self._ended:
                raise _Ended
            self._line.append(lambda: outcome.run(work))
            self._news.notify()
        return await outcome.get()

    # What follows runs on the thread.

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._line:
                    self._news.wait()
                batch, command = self._next()
            if batch:
                self._write(batch)
                with self._news:
                    self._waiting -= sum(map(len, batch))
                if self._waiting < FULL_BYTES and not self._space.is_set():
                    tell_loop(self._loop, self._space.set)
            if command is not None:
                command()
            with self._news:
                # Whoever asked meanwhile still gets an answer: a closing that was broken off is asked for again.
                self._ended = self._descriptor == -2 and not self._line
            if self._ended:
                return

    def _next(self) -> tuple[list[bytes], Callable[[], None] | None]:
        batch: list[bytes] = []
        size = 0
        while self._line:
            item = self._line[0]
            if not isinstance(item, bytes):
                if batch:
                    return batch, None
                self._line.popleft()
                return batch, item
            if batch and size + len(item) > BATCH_BYTES:
                break
            batch.append(item)
            size += len(item)
            self._line.popleft()
        return batch, None

    def _write(self, batch: list[bytes]) -> None:
        if self._failure is not None:
            return
        data = batch[0] if len(batch) == 1 else b"".join(batch)
        try:
            self._files.write(self._descriptor, data)
        except OSError as error:
            self._failure = error
            tell_loop(self._loop, self._space.set)
            return
        self._account(data)
        ahead = self._received - self._asked_to_sync
        if ahead >= min(max(self._received // 4, MIN_SYNC_AHEAD_BYTES), MAX_SYNC_AHEAD_BYTES):
            self._sync_ahead(ahead)
        if self._want_mark:
            self._want_mark = False
            self.mark = self._now()

    def _account(self, data: bytes) -> None:
        self._received += len(data)
        self._digest.update(data)
        if self._counter is None:
            return
        workbook = self._received == len(data) and data.startswith(b"PK\x03\x04")
        if workbook or max(self._received, self.total or 0) > COUNTED_IN_PASSING_BYTES:
            self._counter.end()
            self._counter = None
        else:
            self._counter.feed(data)

    def _sync_ahead(self, size: int) -> None:
        # It only saves time: whether the bytes are on the disk is asked, and believed, at the end alone (D04).
        with contextlib.suppress(OSError):
            self._files.begin_sync(self._descriptor, self._asked_to_sync, size)
        self._asked_to_sync += size

    def _now(self) -> Mark:
        return Mark(self._received, self._digest.hexdigest())

    def _make(self) -> None:
        self._descriptor = self._files.create(self.path)

    def _take_up(self, left: Mark) -> None:
        try:
            self._descriptor = self._files.reopen(self.path)
        except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
            raise PartChanged(str(error.strerror)) from None
        except OSError as error:
            raise PartChanged(f"not a plain file: {error.strerror}") from None
        while self._received < left.received:
            data = os.read(self._descriptor, min(_READ_BYTES, left.received - self._received))
            if not data:
                raise PartChanged("it is shorter than it was")
            self._account(data)
        if self._digest.hexdigest() != left.sha256:
            raise PartChanged("its bytes are not those that were written")
        self._files.truncate(self._descriptor, self._received)
        self.mark = left

    def _settled(self) -> Mark:
        if self._failure is not None:
            raise self._failure
        self.mark = self._now()
        return self.mark

    def _begin_anew(self) -> None:
        self._files.truncate(self._descriptor, 0)
        self._failure = None
        if self._counter is not None:
            self._counter.end()
        self._received, self._digest, self._counter = 0, hashlib.sha256(), CountingThread()
        self._asked_to_sync = 0
        self.mark = self._now()

    def _sealed(self) -> Written:
        mark = self._settled()
        self._files.sync(self._descriptor)
        own = os.fstat(self._descriptor)
        try:
            named = self.path.lstat()
        except OSError as error:
            raise PartChanged(f"the partial file is gone: {error.strerror}") from None
        if not os.path.samestat(own, named) or named.st_size != mark.received:
            raise PartChanged("another file has the partial file's name")
        return Written(mark.received, mark.sha256, self._counter.result() if self._counter is not None else None)

    def _closed(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self.mark = self._now()
        self._descriptor = -2
        if self._counter is not None:
            self._counter.end()
