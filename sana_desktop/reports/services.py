"""Everything that a window or a command works with, built and open; `bootstrap` makes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from sana_desktop.base.clock import Clock
    from sana_desktop.base.redaction import Redactor
    from sana_desktop.base.tasks import Supervisor
    from sana_desktop.reports.download.manager import DownloadManager
    from sana_desktop.reports.queue.job_queue import JobQueue
    from sana_desktop.reports.records.ledger import Ledger
    from sana_desktop.reports.sites import Sites
    from sana_desktop.store.database import Database
    from sana_desktop.store.opening import OpenReport
    from sana_desktop.store.paths import Paths
    from sana_desktop.store.secrets import SecretStore
    from sana_desktop.store.settings import Settings
    from sana_desktop.workspace.clients import ClientPool
    from sana_desktop.workspace.connections import ConnectionStore
    from sana_desktop.workspace.practice_clients import PracticeClients


@dataclass(frozen=True, slots=True)
class Services:
    """The services by their rooms, from the store up to reports. Each type says what it is.

    Attributes:
        owner: id of this process, written on what it has under way; `is_alive` tells whether another one still runs.
    """

    paths: Paths
    clock: Clock
    redactor: Redactor
    supervisor: Supervisor
    database: Database
    open_report: OpenReport
    settings: Settings
    secrets: SecretStore
    book: ConnectionStore
    clients: ClientPool
    sites: Sites
    ledger: Ledger
    queue: JobQueue
    downloads: DownloadManager
    practice_clients: PracticeClients
    owner: str
    is_alive: Callable[[str], bool]


OpenServices: TypeAlias = Callable[[], AbstractAsyncContextManager[Services]]
"""Builds the services; leaving the context stops them in order."""
