"""One practice client a connection, made when it is first needed with the connection's own key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.api.origin import Origin
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import AuthError, SanaError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretStore
from sana_desktop.workspace.connections import Connection, ConnectionBook
from sana_desktop.workspace.credentials import key_of

if TYPE_CHECKING:
    from sana_desktop.api.practice import PracticeClient

log = logging.getLogger(__name__)


class KeyState(StrEnum):
    """Whether a connection can practise."""

    OFF = "off"
    """It has no address of a practice service."""
    MISSING = "missing"
    """There is no key on this computer."""
    LOCKED = "locked"
    """There may be a key, but the password store does not give it."""
    READY = "ready"


@dataclass(frozen=True, slots=True)
class _Given:
    key: Secret
    origin: Origin
    """The service it was given for: it goes to no other."""


class PracticeClients:
    """Practice clients by connection.

    A connection whose key or address changes gets another client; the old one lives on until the end, for a request
    may be under way with it.

    Args:
        book: the connections.
        secrets: where API keys are.
        clock: for the clients.
        redactor: told every key.
        extra_ca: returns the file of further certificate authorities to trust, if the person named one (T4).

    Attributes:
        signed_in: the id of a connection that has got another key: what waited for one may go on.
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
        self.signed_in: Topic[str] = Topic("practice signed in")
        self._book = book
        self._secrets = secrets
        self._clock = clock
        self._redactor = redactor
        self._extra_ca = extra_ca
        self._given: dict[str, _Given] = {}
        self._made: dict[str, PracticeClient] = {}
        self._retired: list[PracticeClient] = []
        self._making: dict[str, asyncio.Lock] = {}
        self._unsubscribe = (
            book.changed.subscribe(self._book_changed),
            book.key_changed.subscribe(self._key_changed),
        )

    async def client(self, connection_id: str) -> PracticeClient:
        """Return the connection's practice client.

        Raises:
            AuthError: E-CONNECTION-GONE, E-KEY-MISSING, or E-KR-… if the password store does not give the key.
            UserError: E-PRACTICE-OFF if the connection has no practice address, E-KEY-FORM if the key can't be one.
        """
        async with self._making.setdefault(connection_id, asyncio.Lock()):
            while True:
                made = self._made.get(connection_id)
                if made is not None:
                    return made
                connection = self._known(connection_id)
                origin = _practice_of(connection)
                key = await self._key(connection, origin)
                # The password store may have taken a while; what it gave is for the connection as it was.
                if self._book.get(connection_id) == connection:
                    return self._make(connection_id, origin, key)

    def give_key(self, connection_id: str, key: Secret) -> None:
        """Use this key, in memory only, instead of the one that is stored.

        Raises:
            AuthError: E-CONNECTION-GONE.
            UserError: E-PRACTICE-OFF.
        """
        self._redactor.add(key)
        self._given[connection_id] = _Given(key, _practice_of(self._known(connection_id)))
        self._retire(connection_id)
        self.signed_in.publish(connection_id)

    async def state(self, connection_id: str) -> KeyState:
        """Say whether the connection can practise; the password store may ask the person for it. Never raises."""
        try:
            await self.client(connection_id)
        except AuthError as error:
            return KeyState.LOCKED if error.code.startswith("E-KR-") else KeyState.MISSING
        except UserError as error:
            return KeyState.OFF if error.code == "E-PRACTICE-OFF" else KeyState.MISSING
        return KeyState.READY

    def sign_out(self, connection_id: str) -> None:
        """Let go of a key given for this session (K13); a stored one stays."""
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
        clients = [*self._made.values(), *self._retired]
        self._made, self._retired = {}, []
        for client in clients:
            try:
                await client.aclose()
            except (SanaError, OSError):
                log.warning("a practice client did not close", exc_info=True)

    def _known(self, connection_id: str) -> Connection:
        connection = self._book.get(connection_id)
        if connection is None:
            raise AuthError(
                "The connection that this belongs to is not there any more.",
                code="E-CONNECTION-GONE",
                next_step="Connect to the site again.",
            )
        return connection

    async def _key(self, connection: Connection, origin: Origin) -> Secret:
        given = self._given.get(connection.id)
        if given is not None and given.origin == origin:
            return given.key
        return await key_of(connection, self._secrets)

    def _make(self, connection_id: str, origin: Origin, key: Secret) -> PracticeClient:
        from sana_desktop.api.practice import PracticeClient

        client = PracticeClient(origin, key, clock=self._clock, redactor=self._redactor, extra_ca=self._extra_ca())
        self._made[connection_id] = client
        return client

    def _retire(self, connection_id: str) -> None:
        made = self._made.pop(connection_id, None)
        if made is not None:
            self._retired.append(made)

    def _book_changed(self, connection_id: str) -> None:
        connection = self._book.get(connection_id)
        if connection is None or connection.practice is None:
            self.sign_out(connection_id)
            return
        made = self._made.get(connection_id)
        if made is not None and made.origin != connection.practice:
            self._retire(connection_id)

    def _key_changed(self, connection_id: str) -> None:
        self.sign_out(connection_id)
        self.signed_in.publish(connection_id)


def _practice_of(connection: Connection) -> Origin:
    if connection.practice is None:
        raise UserError(
            "{name} has no practice service yet.",
            code="E-PRACTICE-OFF",
            next_step="Choose a region and enter an API key under Connections.",
            values={"name": connection.name},
        )
    return connection.practice
