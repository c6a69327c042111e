"""A data folder with a book of connections in it, and a password store that a test can look into."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor
from sana_desktop.base.words import Words
from sana_desktop.store.database import Database
from sana_desktop.store.secrets import Choice, SecretStore
from sana_desktop.workspace.clients import ClientPool
from sana_desktop.workspace.connections import ConnectionStore
from sana_desktop.workspace.practice_clients import PracticeClients


@dataclass
class Vault:
    """A password store in a dictionary; `locked` makes it raise what a locked one raises."""

    entries: dict[tuple[str, str], str] = field(default_factory=dict)
    locked: bool = False
    reads: int = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        self._check()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.entries[service, username]

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")


class KeyringLocked(Exception):
    """By this name a locked store is known."""


@dataclass
class JobRegistry:
    """Everything of the room `workspace`, on one data folder."""

    database: Database
    vault: Vault
    secrets: SecretStore
    book: ConnectionStore
    clients: ClientPool
    practice: PracticeClients


@contextlib.asynccontextmanager
async def desk(folder: Path, vault: Vault | None = None) -> AsyncIterator[JobRegistry]:
    """Open the folder, load the book; close everything at the end."""
    vault = vault or Vault()
    redactor, clock = Redactor(), SystemClock()
    database = Database(folder / "sana.db")
    await database.open()
    secrets = SecretStore(redactor, choose=lambda: Choice(vault, Words("a test store")), call_seconds=5.0)
    book = ConnectionStore(database, secrets, clock)
    clients = ClientPool(book, secrets, clock, redactor)
    practice = PracticeClients(book, secrets, clock, redactor)
    try:
        await book.load()
        yield JobRegistry(database, vault, secrets, book, clients, practice)
    finally:
        await practice.aclose()
        await clients.aclose()
        await database.close()
