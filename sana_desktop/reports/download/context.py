"""What downloads need of the rest of the app, as types: queue, ledger, a client for links, the disk, a clock."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.clock import Clock
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.disk.files import Files
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import JobRecord, TimelineEntry
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord


class LinkReply(Protocol):
    """What a link's host answered; `api.transport.LinkAnswer` is one."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, names in lower case."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""


class LinkOpener(Protocol):
    """What fetches links, without credentials; `api.transport.LinkTransport` is one."""

    def open(
        self, url: Secret, *, start: int | None = None, if_range: str | None = None
    ) -> AbstractAsyncContextManager[LinkReply]:
        """Ask for what the link leads to."""


class LinkSource(Protocol):
    """What downloads need of the queue."""

    changed: Topic[JobRecord]
    removed: Topic[str]

    async def fresh_link(self, identity: str, /, *, refused: bool = False) -> DownloadLink:
        """Look at the job once more and return its link."""

    async def run_again(self, identity: str, /) -> JobRecord:
        """Order the same report as a new job."""


class TransferLedger(Protocol):
    """What downloads need of the ledger."""

    async def job(self, identity: str, /) -> JobRecord | None:
        """Return a job."""

    async def undelivered_jobs(self) -> list[JobRecord]:
        """Return the READY jobs whose file is neither in place nor given up."""

    async def save_transfer(self, record: TransferRecord, /, *entries: TimelineEntry) -> None:
        """Make a download's record durable, and add `entries` to its job's story."""

    async def transfer(self, identity: str, /) -> TransferRecord | None:
        """Return a download."""

    async def open_transfers(self) -> list[TransferRecord]:
        """Return the downloads that are not at an end."""

    async def transfers(self) -> list[TransferRecord]:
        """Return the newest downloads, those at an end among them."""

    async def transfer_of(self, job: str, /) -> TransferRecord | None:
        """Return the download of a job."""

    async def remove_transfer(self, identity: str, /) -> None:
        """Delete a download's row."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a download needs of its connection: a name for files, a client for links, and the site's time."""

    name: str
    links: LinkOpener
    server_now: Callable[[], datetime]


class SaveTransfer(Protocol):
    """How a record is saved; `DownloadRegistry.save` is one."""

    async def __call__(self, record: TransferRecord, /, *entries: TimelineEntry) -> None:
        """Make the record durable, and add `entries` to its job's story."""


@dataclass(frozen=True, slots=True)
class DownloadContext:
    """What every run shares.

    Attributes:
        save: makes a record durable, with lines of its job's story, and tells the listeners.
        progressed: publishes a live figure.
        renew: looks at a job (its local id) once more and returns its link; told whether the last one was refused.
        uniform: random numbers in [0, 1), for jitter.
    """

    files: Files
    clock: Clock
    policy: DownloadPolicy
    save: SaveTransfer
    progressed: Callable[[TransferProgress], None]
    renew: Callable[[str, bool], Awaitable[DownloadLink]]
    uniform: Callable[[], float] = random.random
