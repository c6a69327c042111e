"""The store's contents: reports made once per query by a few worker threads, and made again when asked."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sana_desktop.sandbox import files
from sana_desktop.sandbox.clock import SandboxClock
from sana_desktop.sandbox.files import StoredFile
from sana_desktop.sandbox.policy import CheckedQuery
from sana_desktop.sandbox.reporters import Reporters

WORKERS = 2
MAX_STORED_BYTES = 12 * 1024**3


class Results:
    """Report files in `folder`, shared by jobs that ask for the same: a thousand jobs of one query cost one run.

    May be used from any thread; the futures end in worker threads.
    """

    def __init__(self, reporters: Reporters, folder: Path, clock: SandboxClock) -> None:
        self._reporters = reporters
        self._folder = folder
        self._clock = clock
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="sandbox-report")
        self._made: OrderedDict[str, Future[StoredFile]] = OrderedDict()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def report(self, query: CheckedQuery, kind: str, job: str) -> Future[StoredFile]:
        """The report as a file. The future raises QueryFailed."""
        own = "" if query.repeatable else job
        key = hashlib.sha256(f"{kind}\n{own}\n{query.body}".encode()).hexdigest()
        return self._ensure(f"{key}.{kind}", partial(self._write_report, query))

    def pattern(self, name: str, size: int, kind: str = "csv") -> Future[StoredFile]:
        """`size` bytes of seeded text; the ETag follows from name and size, no hashing of gigabytes."""
        key = hashlib.sha256(f"pattern\n{name}\n{size}".encode()).hexdigest()
        return self._ensure(f"{key}.{kind}", partial(self._write_pattern, size, name, key))

    def changed(self, original: StoredFile) -> Future[StoredFile]:
        """Another object of the same kind, for the fault Changed."""
        name = f"changed-{original.path.name}"
        return self._ensure(name, partial(self._write_changed, original.path))

    def warm(self) -> None:
        """Have a process ready for the first report, soon."""
        self._workers.submit(self._reporters.warm)

    def stop(self) -> None:
        """End what is being made."""
        self._stopping.set()
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._reporters.stop()

    def join(self) -> None:
        self._workers.shutdown(wait=True)

    def _ensure(self, name: str, write: partial[StoredFile]) -> Future[StoredFile]:
        with self._lock:
            made = self._made.get(name)
            if made is None or (made.done() and (made.cancelled() or made.exception() is not None)):
                self._make_room()
                made = self._workers.submit(write, self._folder / name)
                self._made[name] = made
            self._made.move_to_end(name)
            return made

    def _make_room(self) -> None:
        finished = [
            (name, made.result())
            for name, made in self._made.items()
            if made.done() and not made.cancelled() and made.exception() is None
        ]
        total = sum(file.size for _, file in finished)
        for name, file in finished:
            if total <= MAX_STORED_BYTES:
                return
            with suppress(OSError):  # Windows keeps a file that is being served
                file.path.unlink()
                del self._made[name]
                total -= file.size

    def _write_report(self, query: CheckedQuery, path: Path) -> StoredFile:
        with _whole(path):
            etag = self._reporters.write(query.body, path)
        return files.stored(path, self._clock.true_ns(), etag)

    def _write_pattern(self, size: int, seed: str, key: str, path: Path) -> StoredFile:
        with _whole(path):
            files.write_pattern(path, size, seed, self._stopping.is_set)
        return files.stored(path, self._clock.true_ns(), etag=key[:32])

    def _write_changed(self, original: Path, path: Path) -> StoredFile:
        with _whole(path):
            files.write_changed(original, path, self._stopping.is_set)
        return files.stored(path, self._clock.true_ns())


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """What is not whole does not stay: neither a torn report nor a disk that is full."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
