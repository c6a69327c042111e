"""What downloads need of a connection: its name, a client for its links, and its clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sana_desktop.api.links import LinkPolicy
from sana_desktop.api.transport import LinkTransport
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.reports.download.context import Site
from sana_desktop.workspace.clients import ClientPool
from sana_desktop.workspace.connections import ConnectionStore
from sana_desktop.workspace.demo import DEMO_ID


class Sites:
    """Gives `Site`s, with one credential-free link client for each policy (B1, B2).

    Args:
        extra_ca: returns the file of further certificate authorities to trust, if the person named one.
    """

    def __init__(
        self,
        book: ConnectionStore,
        clients: ClientPool,
        clock: Clock,
        *,
        extra_ca: Callable[[], Path | None] = lambda: None,
    ) -> None:
        self._book = book
        self._clients = clients
        self._clock = clock
        self._extra_ca = extra_ca
        self._links: dict[tuple[LinkPolicy, Path | None], LinkTransport] = {}
        self._times: dict[str, Callable[[], datetime]] = {}

    async def site(self, connection_id: str) -> Site:
        """Return what a download of this connection needs.

        A link carries its own permission: a connection that can't be signed in to now is no reason not to fetch it.

        Raises:
            AuthError: the connection is gone.
        """
        connection = self._book.get(connection_id)
        if connection is None:
            client = await self._clients.client(connection_id)
            return Site(connection_id, self._transport(client.link_policy()), client.server_clock.now)
        links = self._transport(LinkPolicy(loopback_allowed=connection.origin.is_loopback))
        try:
            server_now = (await self._clients.client(connection_id)).server_clock.now
            self._times[connection_id] = server_now
        except SanaError:
            server_now = self._times.get(connection_id, self._clock.now)
        return Site(connection.name, links, server_now)

    def place(self, connection_id: str) -> tuple[str, str, str]:
        """Return name, address and mark of a connection's site; all are empty if there is no such connection."""
        connection = self._book.get(connection_id)
        return ("", "", "") if connection is None else (connection.name, str(connection.origin), connection.mark.value)

    def now_at(self, connection_id: str, address: str) -> str:
        """Return the connection that a report of this one is ordered at today: itself, or where it was forgotten one to
        the same site; "" if there is none.

        Args:
            address: of its site, as `place` told it when it was ordered; empty where that is not known.
        """
        if connection_id == DEMO_ID or self._book.get(connection_id) is not None:
            return connection_id
        heirs = (each.id for each in self._book.for_reports() if str(each.origin) == address)
        return next(heirs, "")

    def server_now(self, connection_id: str) -> datetime:
        """Return the time at a connection's site as far as it is known, else this computer's."""
        return self._times.get(connection_id, self._clock.now)()

    async def aclose(self) -> None:
        """Close all connections to links' hosts."""
        transports, self._links = list(self._links.values()), {}
        for transport in transports:
            await transport.aclose()

    def _transport(self, policy: LinkPolicy) -> LinkTransport:
        key = (policy, self._extra_ca())
        if key not in self._links:
            self._links[key] = LinkTransport(policy, extra_ca=key[1])
        return self._links[key]
