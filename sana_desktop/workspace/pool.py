"""One client a connection, made when it is first needed, off the window's start path; for whatever kind of client."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, Protocol, TypeVar

from sana_desktop.api.errors import closing
from sana_desktop.api.origin import Origin
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import AuthError, SanaError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor
from sana_desktop.store.secrets import SecretStore
from sana_desktop.workspace.connections import Connection, ConnectionStore

log = logging.getLogger(__name__)


class Closing(Protocol):
    """A client, as far as a pool knows it."""

    async def aclose(self) -> None:
        """Close what is open."""


Client = TypeVar("Client", bound=Closing)
Access = TypeVar("Access")


@dataclass(frozen=True, slots=True)
class _Made(Generic[Client]):
    client: Client
    connection: Connection


@dataclass(frozen=True, slots=True)
class _Given(Generic[Access]):
    access: Access
    origin: Origin
    """What it was given for: it goes nowhere else."""


class Pool(ABC, Generic[Client, Access]):
    """Clients by connection, each let in by its own access: credentials, or a key.

    A connection that changes gets another client; the old one lives on until the end, for a request may be under way
    with it, and cutting an order or answers off would make their fate unknown.

    Args:
        book: the connections.
        secrets: where access is stored.
        clock: for the clients.
        redactor: told every secret.
        extra_ca: returns the file of further certificate authorities to trust, if the person named one (T4).

    Attributes:
        signed_in: the id of a connection that has got new access: what waited for it may go on.
    """

    purpose: ClassVar[str]
    """What the clients are for; in logs."""

    def __init__(
        self,
        book: ConnectionStore,
        secrets: SecretStore,
        clock: Clock,
        redactor: Redactor,
        *,
        extra_ca: Callable[[], Path | None] = lambda: None,
    ) -> None:
        self.signed_in: Topic[str] = Topic(f"{self.purpose} signed in")
        self._book = book
        self._secrets = secrets
        self._clock = clock
        self._redactor = redactor
        self._extra_ca = extra_ca
        self._given: dict[str, _Given[Access]] = {}
        self._made: dict[str, _Made[Client]] = {}
        self._retired: list[Client] = []
        self._making: dict[str, asyncio.Lock] = {}
        self._changes: dict[str, int] = {}
        """How often a connection has got other access, or lost it: what was read before is stale."""
        self._closed = False
        self._unsubscribe = (
            book.changed.subscribe(self._book_changed),
            self._access_changes().subscribe(self._access_changed),
        )

    @abstractmethod
    def _access_changes(self) -> Topic[str]:
        """Return the topic of connections whose stored access is another one."""

    @abstractmethod
    def _origin(self, connection: Connection) -> Origin:
        """Return where the client of a connection goes.

        Raises:
            UserError: the connection has no such service.
        """

    @abstractmethod
    def _way_in(self, connection: Connection) -> object:
        """Return all that a client depends on; None if the connection has no such service."""

    @abstractmethod
    async def _stored(self, connection: Connection) -> Access:
        """Return the access that is stored."""

    @abstractmethod
    def _open(self, origin: Origin, access: Access) -> Client:
        """Make a client."""

    async def client(self, connection_id: str) -> Client:
        """Return the connection's client, let in by the access that it has when this returns.

        Raises:
            AuthError: E-CONNECTION-GONE, or its access is not to be had; see `credentials_of` and `key_of`.
            NotSent: E-CLOSING.
            UserError: the connection has no such service, or what is stored can't be used.
        """
        async with self._making.setdefault(connection_id, asyncio.Lock()):
            while not self._closed:
                made = self._made.get(connection_id)
                if made is not None:
                    return made.client
                connection = self._known(connection_id)
                origin = self._origin(connection)
                changes = self._changes.get(connection_id, 0)
                # The password store may take a while; what it gives, or refuses, is for the connection as it was.
                try:
                    access = await self._access(connection, origin)
                except SanaError:
                    if self._is_as_it_was(connection, changes):
                        raise
                    continue
                if self._is_as_it_was(connection, changes):
                    client = self._open(origin, access)
                    self._made[connection_id] = _Made(client, connection)
                    return client
        raise closing()

    def has_given(self, connection_id: str) -> bool:
        """Return whether a connection was given access for this session that it can still use."""
        given, connection = self._given.get(connection_id), self._book.get(connection_id)
        return given is not None and connection is not None and given.origin == self._origin(connection)

    def sign_out(self, connection_id: str) -> None:
        """Let go of tokens and of access given for this session (K13); what is stored stays."""
        self._given.pop(connection_id, None)
        self._retire(connection_id)

    def retry(self, connection_id: str) -> None:
        """The person clicked "Try again": the password store may be asked once more (K02)."""
        self._secrets.retry()
        self._retire(connection_id)
        self.signed_in.publish(connection_id)

    async def aclose(self) -> None:
        """Close every client; no other is made."""
        self._closed = True
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        clients = [made.client for made in self._made.values()] + self._retired
        self._made, self._retired = {}, []
        for client in clients:
            try:
                await client.aclose()
            except (SanaError, OSError):
                log.warning("a client for %s did not close", self.purpose, exc_info=True)

    def _give(self, connection_id: str, access: Access) -> None:
        """Use this access, in memory only, instead of what is stored."""
        self._given[connection_id] = _Given(access, self._origin(self._known(connection_id)))
        self._retire(connection_id)
        self.signed_in.publish(connection_id)

    def _known(self, connection_id: str) -> Connection:
        connection = self._book.get(connection_id)
        if connection is None:
            raise AuthError(
                "The connection that this belongs to is not there any more.",
                code="E-CONNECTION-GONE",
                next_step="Connect to the site again.",
            )
        return connection

    async def _access(self, connection: Connection, origin: Origin) -> Access:
        given = self._given.get(connection.id)
        if given is not None and given.origin == origin:
            return given.access
        return await self._stored(connection)

    def _is_as_it_was(self, connection: Connection, changes: int) -> bool:
        there = self._book.get(connection.id) == connection and self._changes.get(connection.id, 0) == changes
        return there and not self._closed

    def _retire(self, connection_id: str) -> None:
        self._changes[connection_id] = self._changes.get(connection_id, 0) + 1
        made = self._made.pop(connection_id, None)
        if made is not None:
            self._retired.append(made.client)

    def _book_changed(self, connection_id: str) -> None:
        connection = self._book.get(connection_id)
        way_in = self._way_in(connection) if connection is not None else None
        if way_in is None:
            self.sign_out(connection_id)
            return
        made = self._made.get(connection_id)
        if made is not None and self._way_in(made.connection) != way_in:
            self._retire(connection_id)

    def _access_changed(self, connection_id: str) -> None:
        self.sign_out(connection_id)
        self.signed_in.publish(connection_id)
