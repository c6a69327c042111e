"""What a download's run needs of the rest of the app, as types: a client for links, the disk, a clock."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.clock import Clock
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.download_policy import DownloadPolicy
from sana_desktop.reports.files import Files
from sana_desktop.reports.transfer import TransferProgress, TransferRecord


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


@dataclass(frozen=True, slots=True)
class Site:
    """What a download needs of its connection: a name for files, a client for links, and the site's time."""

    name: str
    links: LinkOpener
    server_now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every run shares.

    Attributes:
        save: makes a record durable and tells the listeners.
        progressed: publishes a live figure.
        renew: looks at a job (its local id) once more and returns its link; told whether the last one was refused.
        uniform: random numbers in [0, 1), for jitter.
    """

    files: Files
    clock: Clock
    policy: DownloadPolicy
    save: Callable[[TransferRecord], Awaitable[None]]
    progressed: Callable[[TransferProgress], None]
    renew: Callable[[str, bool], Awaitable[DownloadLink]]
    uniform: Callable[[], float] = random.random
