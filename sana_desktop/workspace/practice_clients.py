"""The clients for practice: one a connection, let in by its key; and whether there is one."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.api.origin import Origin
from sana_desktop.api.practice_models import Exchange
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import AuthError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretStore
from sana_desktop.workspace.connections import Connection, ConnectionStore
from sana_desktop.workspace.credentials import key_of
from sana_desktop.workspace.pool import Pool

if TYPE_CHECKING:
    from sana_desktop.api.practice import PracticeClient


class KeyState(StrEnum):
    """Whether a connection can practise."""

    OFF = "off"
    """It has no address of a practice service."""
    MISSING = "missing"
    """There is no key on this computer."""
    LOCKED = "locked"
    """There may be a key, but the password store does not give it."""
    READY = "ready"


class PracticeClients(Pool["PracticeClient", Secret]):
    """Clients for practice; see `Pool`. Where a connection has no practice service they raise E-PRACTICE-OFF.

    Attributes:
        exchanged: every request of every client with what came of it, and where it went.
    """

    purpose = "practice"

    def __init__(
        self,
        book: ConnectionStore,
        secrets: SecretStore,
        clock: Clock,
        redactor: Redactor,
        *,
        extra_ca: Callable[[], Path | None] = lambda: None,
    ) -> None:
        super().__init__(book, secrets, clock, redactor, extra_ca=extra_ca)
        self.exchanged: Topic[tuple[Origin, Exchange]] = Topic("practice exchanges of all sites")

    def give_key(self, connection_id: str, key: Secret) -> None:
        """Use this key, in memory only, instead of the one that is stored.

        Raises:
            AuthError: E-CONNECTION-GONE.
            UserError: E-PRACTICE-OFF.
        """
        self._redactor.add(key)
        self._book.key_passes(self._known(connection_id).id)
        self._give(connection_id, key)

    async def state(self, connection_id: str) -> KeyState:
        """Say whether the connection can practise; the password store may ask the person for it. Never raises."""
        try:
            await self.client(connection_id)
        except AuthError as error:
            return KeyState.LOCKED if error.code.startswith("E-KR-") else KeyState.MISSING
        except UserError as error:
            return KeyState.OFF if error.code == "E-PRACTICE-OFF" else KeyState.MISSING
        return KeyState.READY

    def _access_changes(self) -> Topic[str]:
        return self._book.key_changed

    def _origin(self, connection: Connection) -> Origin:
        if connection.practice is None:
            raise UserError(
                "{name} has no practice service yet.",
                code="E-PRACTICE-OFF",
                next_step="Choose a region and enter an API key under Connections.",
                values={"name": connection.name},
            )
        return connection.practice

    def _way_in(self, connection: Connection) -> object:
        return connection.practice

    async def _stored(self, connection: Connection) -> Secret:
        return await key_of(connection, self._secrets)

    def _open(self, origin: Origin, access: Secret) -> PracticeClient:
        from sana_desktop.api.practice import PracticeClient

        client = PracticeClient(origin, access, clock=self._clock, redactor=self._redactor, extra_ca=self._extra_ca())
        client.exchanged.subscribe(lambda exchange: self.exchanged.publish((origin, exchange)))
        return client
