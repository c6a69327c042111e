"""One client a connection, made when it is first needed, off the window's start path."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.api.origin import Origin
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import AuthError, SanaError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretStore
from sana_desktop.workspace.connections import Connection, ConnectionBook
from sana_desktop.workspace.credentials import credentials_of

if TYPE_CHECKING:
    from sana_desktop.api.auth import Credentials
    from sana_desktop.api.insights import InsightsClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Made:
    client: InsightsClient
    connection: Connection


@dataclass(frozen=True, slots=True)
class _Given:
    credentials: Credentials
    origin: Origin
    """The site they were given for: they go to no other."""


class ClientPool:
    """Clients by connection.

    A connection that changes gets another client; the old one lives on until the end, for a request may be under way
    with it, and cutting an order off would make its fate unknown.

    Args:
        book: the connections.
        secrets: where client secrets are.
        clock: for the clients.
        redactor: told every secret.
        extra_ca: returns the file of further certificate authorities to trust, if the person named one (T4).

    Attributes:
        signed_in: the id of a connection that has got new credentials: what waited for them may go on.
    """

    def __init__(
        self,
        book: ConnectionBook,
        secrets: SecretStore,
        clock: Clock,
        redactor: Redactor,
        *,
        extra_ca: Callable[[], Path | None] = lambda: None,
    ) -> None:
        self.signed_in: Topic[str] = Topic("signed in")
        self._book = book
        self._secrets = secrets
        self._clock = clock
        self._redactor = redactor
        self._extra_ca = extra_ca
        self._given: dict[str, _Given] = {}
        self._made: dict[str, _Made] = {}
        self._retired: list[InsightsClient] = []
        self._making: dict[str, asyncio.Lock] = {}
        self._unsubscribe = (
            book.changed.subscribe(self._book_changed),
            book.secret_changed.subscribe(self._secret_changed),
        )

    async def client(self, connection_id: str) -> InsightsClient:
        """Return the connection's client.

        Raises:
            AuthError: the connection is gone, or its credentials are not to be had; see `credentials_of`.
        """
        async with self._making.setdefault(connection_id, asyncio.Lock()):
            while True:
                made = self._made.get(connection_id)
                if made is not None:
                    return made.client
                connection = self._known(connection_id)
                credentials = await self._credentials(connection)
                # The password store may have taken a while; what it gave is for the site as it was.
                if self._book.get(connection_id) == connection:
                    return self._make(connection, credentials)

    def give_token(self, connection_id: str, token: Secret) -> None:
        """Use a pasted pass for a connection from now on; it is held in memory only. Errors as `give_credentials`."""
        from sana_desktop.api.auth import PastedToken

        self.give_credentials(connection_id, PastedToken(token))

    def give_credentials(self, connection_id: str, credentials: Credentials) -> None:
        """Use these credentials, in memory only, instead of those that the connection has.

        Raises:
            AuthError: E-CONNECTION-GONE.
        """
        self._given[connection_id] = _Given(credentials, self._known(connection_id).origin)
        self._retire(connection_id)
        self.signed_in.publish(connection_id)

    def sign_out(self, connection_id: str) -> None:
        """Let go of tokens and of credentials given for this session (K13); a stored secret stays."""
        self._given.pop(connection_id, None)
        self._retire(connection_id)

    def retry(self, connection_id: str) -> None:
        """The person clicked "Try again": the password store may be asked once more (K02)."""
        self._secrets.retry()
        self._retire(connection_id)
        self.signed_in.publish(connection_id)

    async def aclose(self) -> None:
        """Close every client."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        clients = [made.client for made in self._made.values()] + self._retired
        self._made, self._retired = {}, []
        for client in clients:
            try:
                await client.aclose()
            except (SanaError, OSError):
                log.warning("a client did not close", exc_info=True)

    def _known(self, connection_id: str) -> Connection:
        connection = self._book.get(connection_id)
        if connection is None:
            raise AuthError(
                "The connection that this belongs to is not there any more.",
                code="E-CONNECTION-GONE",
                next_step="Connect to the site again.",
            )
        return connection

    async def _credentials(self, connection: Connection) -> Credentials:
        given = self._given.get(connection.id)
        if given is not None and given.origin == connection.origin:
            return given.credentials
        return await credentials_of(connection, self._secrets)

    def _make(self, connection: Connection, credentials: Credentials) -> InsightsClient:
        from sana_desktop.api.insights import InsightsClient

        client = InsightsClient(
            connection.origin,
            credentials,
            clock=self._clock,
            redactor=self._redactor,
            extra_ca=self._extra_ca(),
        )
        self._made[connection.id] = _Made(client, connection)
        return client

    def _retire(self, connection_id: str) -> None:
        made = self._made.pop(connection_id, None)
        if made is not None:
            self._retired.append(made.client)

    def _book_changed(self, connection_id: str) -> None:
        connection = self._book.get(connection_id)
        if connection is None:
            self.sign_out(connection_id)
            return
        made = self._made.get(connection_id)
        if made is not None and _way_in(made.connection) != _way_in(connection):
            self._retire(connection_id)

    def _secret_changed(self, connection_id: str) -> None:
        self.sign_out(connection_id)
        self.signed_in.publish(connection_id)


def _way_in(connection: Connection) -> tuple[Origin, str, str]:
    return connection.origin, connection.access, connection.client_id
