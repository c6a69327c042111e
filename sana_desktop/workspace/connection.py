"""One workspace: what is known of it, and its row in the table; no secret is in either."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sana_desktop.api.origin import Origin, is_loopback_host, parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.errors import UserError
from sana_desktop.store.secrets import SecretName


class Mark(StrEnum):
    """What is at stake: real people, a place to try things, or nothing at all."""

    LIVE = "live"
    TEST = "test"
    DEMO = "demo"


def proposed_mark(host: str) -> Mark:
    """Return what a site is taken to be for until a person says: one on this computer is for trying things out."""
    return Mark.TEST if is_loopback_host(host) else Mark.LIVE


class Access(StrEnum):
    """How one gets in: with an API client's id and secret for good, or with a pasted pass for an hour."""

    CLIENT = "client"
    PASTED = "pasted"


@dataclass(frozen=True, slots=True)
class Connection:
    """One workspace.

    Attributes:
        id: ours; it never changes.
        name: what the person calls it; no two are alike.
        origin: the site.
        colour: one of `COLOURS`.
        mark: live, test or demo.
        access: how one gets in.
        client_id: of the API client; empty for a pasted pass.
        practice: the practice service, None if it is not used.
        api_keys: how many API keys were kept for it so far; another one may be of another organisation.
    """

    id: str
    name: str
    origin: Origin
    colour: str
    mark: Mark
    access: Access
    client_id: str = ""
    practice: Origin | None = None
    api_keys: int = 0

    @property
    def gives_reports(self) -> bool:
        """Whether reports can be had of it; not of one that a pasted key of a practice service made."""
        return self.access is not Access.PASTED or self.practice != self.origin

    def owner_of(self, name: SecretName) -> str:
        """Return for whom a secret is kept: for this connection as long as it goes to this very site (T1).

        A secret that could not be deleted when the site became another one is then not found, instead of sent there.
        """
        origin = self.practice if name is SecretName.API_KEY else self.origin
        return f"{self.id}@{origin.url}" if origin is not None else self.id


def from_row(row: sqlite3.Row) -> Connection | None:
    """Return a row of the table as what it says; None if it makes no sense."""
    try:
        return Connection(
            id=row["id"],
            name=row["name"],
            origin=parse_workspace(row["origin"]),
            colour=row["colour"],
            mark=Mark(row["mark"]),
            access=Access(row["access"]),
            client_id=row["client_id"],
            practice=parse_practice_origin(row["practice_origin"]) if row["practice_origin"] else None,
            api_keys=row["api_keys"],
        )
    except (UserError, ValueError):
        return None


def _values(connection: Connection) -> dict[str, Any]:
    return {
        "id": connection.id,
        "name": connection.name,
        "origin": connection.origin.url,
        "colour": connection.colour,
        "mark": connection.mark.value,
        "access": connection.access.value,
        "client_id": connection.client_id,
        "practice": connection.practice.url if connection.practice else "",
    }


def inserting(entry: Connection, position: int, created_at: str) -> Callable[[sqlite3.Connection], int]:
    """Return the work that adds a row."""
    values = _values(entry) | {"position": position, "created_at": created_at}
    return lambda connection: connection.execute(_INSERT, values).rowcount


def updating(entry: Connection) -> Callable[[sqlite3.Connection], int]:
    """Return the work that changes a row to what a person has changed."""
    return lambda connection: connection.execute(_UPDATE, _values(entry)).rowcount


def counting_keys(entry: Connection) -> Callable[[sqlite3.Connection], int]:
    """Return the work that writes how many keys were kept."""
    values = (entry.api_keys, entry.id)
    return lambda connection: connection.execute("UPDATE connections SET api_keys = ? WHERE id = ?", values).rowcount


def noting_secret(connection_id: str, stored: bool) -> Callable[[sqlite3.Connection], int]:
    """Return the work that writes whether the client secret was put into a password store."""
    statement = "UPDATE connections SET secret_stored = ? WHERE id = ?"
    return lambda connection: connection.execute(statement, (int(stored), connection_id)).rowcount


_INSERT = """
    INSERT INTO connections
        (id, name, origin, colour, mark, access, client_id, practice_origin, position, created_at, secret_stored)
    VALUES (:id, :name, :origin, :colour, :mark, :access, :client_id, :practice, :position, :created_at, 0)
"""
_UPDATE = """
    UPDATE connections
    SET name = :name, origin = :origin, colour = :colour, mark = :mark, access = :access, client_id = :client_id,
        practice_origin = :practice
    WHERE id = :id
"""
