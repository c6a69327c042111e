"""The workspaces a person works with: their names, sites and marks; the secrets lie in the password store."""

from __future__ import annotations

import uuid
from dataclasses import replace
from enum import Enum

from sana_desktop.api.origin import Origin
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Secret
from sana_desktop.base.text import one_line
from sana_desktop.base.timestamps import format_utc
from sana_desktop.store.database import Database
from sana_desktop.store.secrets import Kept, SecretName, SecretStore
from sana_desktop.workspace.connection import (
    Access,
    Connection,
    Mark,
    counting_keys,
    from_row,
    inserting,
    noting_secret,
    proposed_mark,
    updating,
)

__all__ = ["COLOURS", "MAX_NAME_LENGTH", "Access", "Connection", "ConnectionStore", "Mark", "Unchanged"]

COLOURS = ("blue", "teal", "plum", "ochre", "rose", "slate")
"""Names of the marks' colours, given to new connections in turn; the theme says what they look like."""
MAX_NAME_LENGTH = 60


class Unchanged(Enum):
    """Stands for a field that a change leaves as it is, where None has a meaning of its own."""

    AS_IT_IS = "as it is"


class ConnectionStore:
    """All connections, in the order in which they were made. Reading is from memory, after `load`.

    Attributes:
        changed: the id of each connection that was added, changed or forgotten (then `get` knows it no more).
        forgotten: the id of each connection that was forgotten; not of one that was only lent.
        secret_changed: the id of each connection that has got another secret.
        key_changed: the id of each connection that has got another API key.
        key_replaced: the same before anything is sent with it, where it is not its first one.
    """

    def __init__(self, database: Database, secrets: SecretStore, clock: Clock) -> None:
        self.changed: Topic[str] = Topic("connections")
        self.forgotten: Topic[str] = Topic("forgotten connections")
        self.secret_changed: Topic[str] = Topic("connections' secrets")
        self.key_changed: Topic[str] = Topic("connections' API keys")
        self.key_replaced: Topic[str] = Topic("connections' replaced API keys")
        self._database = database
        self._secrets = secrets
        self._clock = clock
        self._connections: dict[str, Connection] = {}
        self._passing: dict[str, str] = {}  # the key of this session alone, by a name of its own
        self._stored: dict[str, bool] = {}

    async def load(self) -> None:
        """Read the table; a row that makes no sense is left out, not lost.

        Raises:
            StorageError: if the store can't be read.
        """
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT * FROM connections ORDER BY position, created_at").fetchall()
        )
        self._stored |= {row["id"]: bool(row["secret_stored"]) for row in rows if row["secret_stored"] is not None}
        read = (from_row(row) for row in rows)
        self._connections |= {connection.id: connection for connection in read if connection is not None}

    def for_reports(self) -> tuple[Connection, ...]:
        """Return those that reports can be had of."""
        return tuple(each for each in self._connections.values() if each.gives_reports)

    def list(self) -> tuple[Connection, ...]:
        """Return all connections."""
        return tuple(self._connections.values())

    def get(self, connection_id: str) -> Connection | None:
        """Return the connection of this id."""
        return self._connections.get(connection_id)

    def named(self, name: str) -> Connection | None:
        """Return the connection of this name or id; letters' case does not matter."""
        wanted = name.strip().casefold()
        matches = (entry for entry in self._connections.values() if wanted in {entry.name.casefold(), entry.id})
        return next(matches, None)

    def at(self, origin: Origin) -> tuple[Connection, ...]:
        """Return the connections to this site."""
        return tuple(entry for entry in self._connections.values() if entry.origin == origin)

    async def add(
        self,
        origin: Origin,
        *,
        name: str = "",
        mark: Mark | None = None,
        access: Access = Access.CLIENT,
        client_id: str = "",
        colour: str = "",
        practice: Origin | None = None,
    ) -> Connection:
        """Add a connection; its secret follows with `keep_secret`.

        The row comes first, so that a kill in between leaves a connection that asks to sign in, and never a secret
        that nobody knows of (K12).

        Args:
            origin: the site.
            name: what to call it; made from the site's name if empty.
            mark: live or test; see `proposed_mark` if it is not said.
            access: how one gets in.
            client_id: for `Access.CLIENT`.
            colour: one of `COLOURS`; the next unused one if empty.
            practice: the practice service, if there is one; its key follows with `keep_secret`.

        Raises:
            UserError: E-CONNECTION-NAME if the name is taken, E-CONNECTION-CLIENT if the client id is missing.
            StorageError: if it can't be saved.
        """
        connection = Connection(
            id=uuid.uuid4().hex,
            name=self._usable_name(name, None) if name.strip() else self._fresh_name(origin),
            origin=origin,
            colour=colour if colour in COLOURS else self._fresh_colour(),
            mark=mark or proposed_mark(origin.host),
            access=access,
            client_id=_usable_client_id(access, client_id),
            practice=practice,
        )
        await self._database.write(inserting(connection, len(self._connections), format_utc(self._clock.now())))
        self._stored[connection.id] = False
        self._put(connection)
        return connection

    async def change(
        self,
        connection_id: str,
        *,
        name: str | None = None,
        origin: Origin | None = None,
        mark: Mark | None = None,
        access: Access | None = None,
        client_id: str | None = None,
        colour: str | None = None,
        practice: Origin | Unchanged | None = Unchanged.AS_IT_IS,
    ) -> Connection:
        """Change what is given; `practice=None` takes the practice service away.

        With another site the secrets are forgotten, with another practice service its key: they were entrusted to
        the old one.

        Raises:
            UserError: as `add`, or E-CONNECTION-GONE.
            StorageError: if it can't be saved, or the secret can't be deleted.
        """
        old = self._known(connection_id)
        new = replace(
            old,
            name=old.name if name is None else self._usable_name(name, connection_id),
            origin=origin or old.origin,
            mark=mark or old.mark,
            access=access or old.access,
            colour=colour if colour in COLOURS else old.colour,
            practice=old.practice if isinstance(practice, Unchanged) else practice,
        )
        new = replace(new, client_id=_usable_client_id(new.access, old.client_id if client_id is None else client_id))
        if new == old:
            return old
        if new.origin != old.origin:
            await self._forget_secrets(old)
            await self._note_stored(connection_id, False)
        elif new.practice != old.practice:
            await self._forget_secrets(old, SecretName.API_KEY)
        await self._database.write(updating(new))
        self._put(new)
        return new

    async def forget(self, connection_id: str, *, leave_secret: bool = False) -> bool:
        """Delete a connection and its secrets; reports already made stay.

        Args:
            connection_id: whose.
            leave_secret: leave in the password store what is there, which is not asked; for a second, deliberate try.

        Returns:
            Whether the password store was asked and holds nothing of it any more. False where there is no store.

        Raises:
            StorageError: the secret can't be deleted now (the connection is still there then), or the row can't.
        """
        cleared = False
        known = self._connections.get(connection_id)
        if known is not None and leave_secret:
            for name in SecretName:
                self._secrets.drop(known.owner_of(name), name)
        elif known is not None:
            cleared = await self._forget_secrets(known)
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM connections WHERE id = ?", (connection_id,)).rowcount
        )
        await self._database.checkpoint()
        self.drop(connection_id)
        self.forgotten.publish(connection_id)
        return cleared

    async def keep_secret(
        self, connection_id: str, secret: Secret, name: SecretName = SecretName.CLIENT_SECRET
    ) -> Kept:
        """Put the client secret, or the API key, into the password store, or into memory where there is none.

        Raises:
            UserError: E-CONNECTION-GONE.
            StorageError: see `SecretStore.set`; `hold_secret` is the way out.
        """
        connection = self._known(connection_id)
        if name is SecretName.API_KEY:
            # Before the key itself: a kill in between must not leave what was found with the other one as if it held.
            connection = replace(connection, api_keys=connection.api_keys + 1)
            await self._database.write(counting_keys(connection))
            self._key_comes(connection)
        kept = await self._secrets.set(connection.owner_of(name), name, secret)
        if name is SecretName.CLIENT_SECRET and kept is Kept.STORE:
            await self._note_stored(connection_id, True)
        self._tell(connection_id, name)
        return kept

    def hold_secret(self, connection_id: str, secret: Secret, name: SecretName = SecretName.CLIENT_SECRET) -> None:
        """Keep the client secret, or the API key, in memory until the app closes.

        Raises:
            UserError: E-CONNECTION-GONE.
        """
        owner = self._known(connection_id).owner_of(name)
        if name is SecretName.API_KEY:
            self.key_passes(connection_id)
        self._secrets.hold(owner, name, secret)
        self._tell(connection_id, name)

    def has_stored_secret(self, connection_id: str) -> bool | None:
        """Return whether the client secret was put into a password store, as far as that is on record; else None."""
        return self._stored.get(connection_id)

    def key_passes(self, connection_id: str) -> None:
        """Note that another API key is used until the app closes. Raises UserError E-CONNECTION-GONE."""
        self._key_comes(self._known(connection_id), uuid.uuid4().hex)

    def has_had_key(self, connection_id: str) -> bool:
        """Return whether an API key was given for a connection before."""
        connection = self._connections.get(connection_id)
        return connection_id in self._passing or (connection is not None and connection.api_keys > 0)

    def key_mark(self, connection_id: str) -> str:
        """Return what tells the API key of a connection from those before it; nothing of the key is in it."""
        connection = self._connections.get(connection_id)
        count = str(connection.api_keys) if connection is not None else ""
        return self._passing.get(connection_id, count)

    def lend(self, connection: Connection) -> None:
        """Take in a connection for this session alone, such as the demo workspace; nothing is written."""
        self._put(connection)

    def drop(self, connection_id: str) -> None:
        """Take a connection out of this session; nothing is written."""
        self._stored.pop(connection_id, None)
        if self._connections.pop(connection_id, None) is not None:
            self.changed.publish(connection_id)

    async def _forget_secrets(self, connection: Connection, *names: SecretName) -> bool:
        return all([await self._secrets.forget(connection.owner_of(name), name) for name in names or SecretName])

    async def _note_stored(self, connection_id: str, stored: bool) -> None:
        if self._stored.get(connection_id) is not stored:
            await self._database.write(noting_secret(connection_id, stored))
            self._stored[connection_id] = stored

    def _key_comes(self, connection: Connection, passing: str = "") -> None:
        """Take note of another API key; `passing` names one of this session alone."""
        another = self.has_had_key(connection.id)
        self._connections[connection.id] = connection
        if passing:
            self._passing[connection.id] = passing
        else:
            self._passing.pop(connection.id, None)
        if another:
            self.key_replaced.publish(connection.id)

    def _tell(self, connection_id: str, name: SecretName) -> None:
        topic = self.key_changed if name is SecretName.API_KEY else self.secret_changed
        topic.publish(connection_id)

    def _put(self, connection: Connection) -> None:
        self._connections[connection.id] = connection
        self.changed.publish(connection.id)

    def _known(self, connection_id: str) -> Connection:
        connection = self._connections.get(connection_id)
        if connection is None:
            raise UserError(
                "This connection was removed.",
                code="E-CONNECTION-GONE",
                next_step="Choose another one, or connect again.",
            )
        return connection

    def _usable_name(self, name: str, own_id: str | None) -> str:
        usable = one_line(name.strip(), MAX_NAME_LENGTH)
        other = self.named(usable)
        if not usable or (other is not None and other.id != own_id):
            raise UserError(
                "There is a connection named “{name}” already." if usable else "The connection needs a name.",
                code="E-CONNECTION-NAME",
                next_step="Choose another name.",
                values={"name": usable},
            )
        return usable

    def _fresh_name(self, origin: Origin) -> str:
        base = origin.host.removesuffix(".sana.ai")[: MAX_NAME_LENGTH - 8]
        name, number = base, 1
        while self.named(name) is not None:
            number += 1
            name = f"{base} {number}"
        return name

    def _fresh_colour(self) -> str:
        used = [entry.colour for entry in self._connections.values() if entry.mark is not Mark.DEMO]
        return min(COLOURS, key=lambda colour: (used.count(colour), COLOURS.index(colour)))


def _usable_client_id(access: Access, client_id: str) -> str:
    if access is Access.PASTED:
        return ""
    usable = client_id.strip()
    if not usable or len(usable) > 400 or not usable.isprintable():
        raise UserError(
            "The client id is missing, or it has characters that no client id has.",
            code="E-CONNECTION-CLIENT",
            next_step="Copy it again from where you got it.",
        )
    return usable
