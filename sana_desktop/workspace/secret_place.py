"""Where the client secret of one connection is now: what is known of it without asking anybody for a password."""

from __future__ import annotations

from enum import StrEnum

from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.workspace.connections import Connection, ConnectionStore


class SecretPlace(StrEnum):
    """Where it is.

    STORE: in the password store. MEMORY: in this app alone, until it closes. ABSENT: not on this computer.
    UNREACHED: it was put into a password store, which is not to be had now. UNKNOWN: nobody has looked yet.
    """

    STORE = "store"
    MEMORY = "memory"
    ABSENT = "absent"
    UNREACHED = "unreached"
    UNKNOWN = "unknown"


async def secret_place(connection: Connection, book: ConnectionStore, secrets: SecretStore) -> SecretPlace:
    """Return where the client secret of a connection is.

    What the store said last in this session goes before what is on record: an entry may be deleted outside (K06).
    """
    owner = connection.owner_of(SecretName.CLIENT_SECRET), SecretName.CLIENT_SECRET
    if secrets.holds(*owner):
        return SecretPlace.MEMORY
    there = (await secrets.state()).available
    known = secrets.has(*owner)
    if known is None:
        known = book.has_stored_secret(connection.id)
    if known is None:
        return SecretPlace.UNKNOWN
    if not known:
        return SecretPlace.ABSENT
    return SecretPlace.STORE if there else SecretPlace.UNREACHED
