"""The clients that order reports: one a connection, let in by its credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sana_desktop.api.origin import Origin
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Secret
from sana_desktop.store.secrets import SecretName
from sana_desktop.workspace.connections import Connection
from sana_desktop.workspace.credentials import credentials_of
from sana_desktop.workspace.pool import Pool

if TYPE_CHECKING:
    from sana_desktop.api.auth import Credentials
    from sana_desktop.api.insights import InsightsClient


class ClientPool(Pool["InsightsClient", "Credentials"]):
    """Clients for reports; see `Pool`."""

    purpose = "reports"

    def give_token(self, connection_id: str, token: Secret) -> None:
        """Use a pasted pass for a connection from now on; it is held in memory only. Errors as `give_credentials`."""
        from sana_desktop.api.auth import PastedToken

        self.give_credentials(connection_id, PastedToken(token))

    def give_credentials(self, connection_id: str, credentials: Credentials) -> None:
        """Use these credentials, in memory only, instead of those that the connection has.

        Raises:
            AuthError: E-CONNECTION-GONE.
        """
        self._give(connection_id, credentials)

    def is_let_in_from_memory(self, connection_id: str) -> bool:
        """Return whether what lets a connection in is in memory only, and gone with the app: a pass, or a secret."""
        connection = self._book.get(connection_id)
        if connection is None:
            return False
        secret = connection.owner_of(SecretName.CLIENT_SECRET), SecretName.CLIENT_SECRET
        return self.has_given(connection_id) or self._secrets.holds(*secret)

    def _access_changes(self) -> Topic[str]:
        return self._book.secret_changed

    def _origin(self, connection: Connection) -> Origin:
        return connection.origin

    def _way_in(self, connection: Connection) -> object:
        return connection.origin, connection.access, connection.client_id

    async def _stored(self, connection: Connection) -> Credentials:
        return await credentials_of(connection, self._secrets)

    def _open(self, origin: Origin, access: Credentials) -> InsightsClient:
        from sana_desktop.api.insights import InsightsClient

        return InsightsClient(origin, access, clock=self._clock, redactor=self._redactor, extra_ca=self._extra_ca())
