"""Downloads under test: a real manager, ledger, database and link client, and a file host that can misbehave."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sana_desktop.api.links import LinkPolicy
from sana_desktop.api.models import DownloadLink, ReportFormat
from sana_desktop.api.transport import LinkTransport
from sana_desktop.base.errors import SanaError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.disk.files import Files
from sana_desktop.reports.download.context import Site
from sana_desktop.reports.download.manager import DownloadManager
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import JobRecord, JobState, Order, RerunRule
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferProgress, TransferRecord
from sana_desktop.store.database import Database
from tests.support.fake_server import UNTIL_CLOSE, FakeServer, Reply, Request, Script

WARP = 50.0
"""Every time of the rules runs so much faster: a minute of standstill takes 1.2 s."""


class WarpedClock:
    """A real clock whose seconds pass `factor` times as fast."""

    def __init__(self, factor: float = WARP) -> None:
        self.factor = factor
        self._real = time.monotonic()
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._real) * self.factor)

    def monotonic(self) -> float:
        return (time.monotonic() - self._real) * self.factor

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0) / self.factor)


def csv_bytes(rows: int, width: int = 40) -> bytes:
    """Return an aperiodic CSV with a header and `rows` rows."""
    lines = [b"user,course,score"]
    for number in range(rows):
        mark = hashlib.sha256(str(number).encode()).hexdigest()[:width].encode()
        lines.append(b"%d,%b,%d" % (number, mark, number % 97))
    return b"\n".join(lines) + b"\n"


@dataclass
class StoredFile:
    """A file as strict object storage serves it: Range only with a matching If-Range, 400 on any credential.

    Attributes:
        cuts: bytes after which each answer in turn is cut; further ones are whole.
        headers: sent besides the usual ones.
    """

    data: bytes
    etag: str = '"v1"'
    cuts: list[int] = field(default_factory=list)
    headers: tuple[tuple[str, str], ...] = ()
    length: int | str | None = None
    forbidden: int = 0
    drip: tuple[int, float] | None = None

    def __call__(self, request: Request) -> Reply:
        if {name for name in request.header_names if name in {"authorization", "cookie"} or name.startswith("x-")}:
            self.forbidden += 1
            return Reply(status=400)
        wanted = request.header("range")
        tag = (("ETag", self.etag),) if self.etag else ()
        cut = self.cuts.pop(0) if self.cuts else None
        if wanted and request.header("if-range") == self.etag and self.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(self.data):
                return Reply(416, headers=(("Content-Range", f"bytes */{len(self.data)}"),))
            span = (("Content-Range", f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"),)
            return cut_reply(Reply(206, self.data[start:], (*tag, *span, *self.headers), drip=self.drip), cut)
        return cut_reply(Reply(200, self.data, (*tag, *self.headers), length=self.length, drip=self.drip), cut)


def cut_reply(reply: Reply, at: int | None) -> Reply:
    """Return `reply` cut after `at` bytes of its body, at once."""
    if at is None or at >= len(reply.body):
        return reply
    return replace(reply, cut_at=at)


class Renewals:
    """The queue as downloads see it: publishes READY jobs and hands out scripted fresh links.

    Attributes:
        fresh: what each look at a job brings: a path for a new link, or an error. The last one for ever.
        looks: how often a job was looked at. again: ids of jobs that were run again.
    """

    def __init__(self, rig: Rig) -> None:
        self.changed: Topic[JobRecord] = Topic("job changed")
        self.removed: Topic[str] = Topic("job removed")
        self.fresh: list[str | SanaError] = ["/report"]
        self.life = 3600.0
        self.looks = 0
        self.again: list[str] = []
        self._rig = rig

    async def fresh_link(self, identity: str, /, *, refused: bool = False) -> DownloadLink:
        del identity, refused
        self.looks += 1
        answer = self.fresh.pop(0) if len(self.fresh) > 1 else self.fresh[0]
        if isinstance(answer, SanaError):
            raise answer
        return self._rig.link(answer, self.life)

    async def run_again(self, identity: str, /) -> JobRecord:
        self.again.append(identity)
        job = await self._rig.ledger.job(identity)
        assert job is not None
        return await self._rig.ready(order=replace(job.order, rerun_of=identity), path="/again")


class Rig:
    """Everything a download needs, on real parts. Use it as an async context manager.

    `link_options` are handed to the link client: how names and addresses are found. `site_ahead` is how far the site's
    clock runs ahead of the one here.
    """

    def __init__(
        self,
        base: Path,
        *,
        files: Files | None = None,
        policy: DownloadPolicy | None = None,
        discard: bool = False,
        warp: float = WARP,
        **link_options: Any,
    ) -> None:
        self.base = base
        self.link_options = link_options
        self.folder = base / "Downloads"
        self.store = FakeServer()
        self.clock = WarpedClock(warp)
        self.policy = policy or DownloadPolicy()
        self.files = files
        self.discard = discard
        self.site_ahead = timedelta()
        self.saved: list[TransferRecord] = []
        self.figures: list[TransferProgress] = []
        self.failures: list[BaseException] = []
        self._jobs = 0

    async def __aenter__(self) -> Self:
        self.base.mkdir(exist_ok=True)
        await self.store.start()
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
        await self.store.stop()
        assert not self.failures

    async def open(self) -> None:
        """Start the app's part, on what is stored."""
        self.database = Database(self.base / "state.db")
        await self.database.open()
        self.ledger = Ledger(self.database)
        self.queue = Renewals(self)
        self.links = LinkTransport(LinkPolicy(loopback_allowed=True), **self.link_options)
        self.supervisor = Supervisor("rig", lambda name, error: self.failures.append(error))
        self.manager = self._manager()

    def _manager(self) -> DownloadManager:
        manager = DownloadManager(
            self.ledger,
            self.queue,
            self._site,
            lambda connection: self.folder,
            self.clock,
            self.supervisor,
            files=self.files,
            policy=self.policy,
            discard_on_failure=self.discard,
        )
        manager.changed.subscribe(self.saved.append)
        manager.progressed.subscribe(self.figures.append)
        return manager

    async def close(self) -> None:
        """Stop the app's part; what is stored stays."""
        await self.manager.stop()
        await self.supervisor.stop()
        await self.links.aclose()
        await self.database.close()

    async def _site(self, connection_id: str) -> Site:
        return Site(connection_id, self.links, lambda: self.clock.now() + self.site_ahead)

    def serve(self, *scripts: Script, path: str = "/report") -> None:
        """Answer `path` with each script in turn."""
        self.store.on("GET", path, *scripts)

    def link(self, path: str, life: float | None = 3600.0) -> DownloadLink:
        """Return a link to `path` with a signature, good for `life` seconds."""
        expires = None if life is None else self.clock.now() + timedelta(seconds=life)
        return DownloadLink(Secret(f"{self.store.url}{path}?signature=canary-{time.monotonic_ns()}"), expires)

    async def ready(
        self,
        *,
        path: str = "/report",
        life: float | None = 3600.0,
        url: str | None = None,
        kind: ReportFormat = ReportFormat.CSV,
        target: Path | None = None,
        overwrite: bool = False,
        title: str = "Course completions",
        rule: RerunRule = RerunRule.ASK,
        order: Order | None = None,
    ) -> JobRecord:
        """Make a job, save it as READY with a link, and publish it."""
        self._jobs += 1
        now = self.clock.now()
        order = order or Order(
            "acme", title, "SELECT 1", kind, str(target) if target else None, overwrite, rerun_rule=rule
        )
        link = self.link(path, life) if url is None else DownloadLink(Secret(url), now + timedelta(hours=1))
        job = JobRecord(
            f"job{self._jobs}",
            order,
            JobState.READY,
            now,
            now,
            job_id=f"remote{self._jobs:04}",
            ready_at=now,
            link=link,
        )
        await self.ledger.save_job(job)
        self.queue.changed.publish(job)
        return job

    async def until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until `condition()` holds; looked at after every change and figure."""
        news = asyncio.Event()
        ends = [self.manager.changed.subscribe(lambda _: news.set())]
        ends.append(self.manager.progressed.subscribe(lambda _: news.set()))
        ends.append(self.manager.removed.subscribe(lambda _: news.set()))
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    news.clear()
                    await news.wait()
        finally:
            for end in ends:
                end()

    async def settled(self, job: JobRecord, seconds: float = 60.0) -> TransferRecord:
        """Wait until the download of `job` is at an end of its run and return its record."""

        def over() -> bool:
            record = self.manager.of_job(job.id)
            return record is not None and record.state not in OPEN_TRANSFERS

        await self.until(over, seconds)
        record = self.manager.of_job(job.id)
        assert record is not None
        return record

    def only(self) -> TransferRecord:
        """Return the one download there is."""
        (record,) = self.manager.list()
        return record

    def left(self, folder: Path | None = None) -> list[str]:
        """Return the names of all files in the folder."""
        return sorted(entry.name for entry in (folder or self.folder).iterdir())


def sha(data: bytes) -> str:
    """Return the hash a finished record should carry."""
    return hashlib.sha256(data).hexdigest()


__all__ = ["UNTIL_CLOSE", "Renewals", "Rig", "StoredFile", "WarpedClock", "csv_bytes", "sha"]
