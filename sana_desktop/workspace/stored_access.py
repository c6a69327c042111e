"""What the store knows of the way to a site, for a command that only wants to look it up: no reports, no tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sana_desktop.base.clock import Clock
from sana_desktop.base.redaction import Redactor
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.limits import FOR_A_COMMAND
from sana_desktop.store.secrets import SecretStore
from sana_desktop.store.settings import Settings
from sana_desktop.workspace.connections import ConnectionStore


@dataclass(frozen=True, slots=True)
class StoredAccess:
    """What is stored of the way to a site.

    Attributes:
        book: the connections.
        secrets: the password store.
        extra_ca: the file of further certificate authorities to trust, if the person named one (T4).
    """

    book: ConnectionStore
    secrets: SecretStore
    extra_ca: Path | None


OpenStoredAccess: TypeAlias = Callable[[Clock, Redactor], AbstractAsyncContextManager[StoredAccess]]


@asynccontextmanager
async def open_stored_access(path: Path, clock: Clock, redactor: Redactor) -> AsyncIterator[StoredAccess]:
    """Open the store at `path` to look things up; leaving the context closes it.

    Raises:
        StorageError: it can't be opened.
    """
    database = Database(path, clock=clock, limits=FOR_A_COMMAND)
    await database.open()
    try:
        settings, secrets = Settings(database), SecretStore(redactor)
        await settings.load()
        book = ConnectionStore(database, secrets, clock)
        await book.load()
        yield StoredAccess(book, secrets, settings.path(keys.EXTRA_CA_FILE))
    finally:
        await database.close()
