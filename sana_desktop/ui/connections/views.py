"""What the Connections place shows and hands over; no Qt, no secrets but in `ConnectionEntry`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sana_desktop.base.redaction import Secret

Mark = Literal["live", "test", "demo"]
Access = Literal["client", "pasted"]
CheckState = Literal["good", "warn", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One connection as a person sees it.

    Attributes:
        id: the connection's.
        name: the person's word for it.
        colour: one of the tokens' connection colours.
        mark: what it is for.
        site: its address, such as https://acme.sana.ai.
        access: how it signs in.
        client_id: of `client` access; no secret.
        secret_place: one sentence on where its secret is kept, such as "Kept in this computer's password store".
        practice: address of its practice service; "" if it is not used.
    """

    id: str
    name: str
    colour: str
    mark: Mark
    site: str
    access: Access
    client_id: str = ""
    secret_place: str = ""
    practice: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One line of a test.

    Attributes:
        name: what was looked at, such as "Sign-in".
        state: how it is.
        sentence: one plain sentence.
        action: key handed back when the person takes the action; "" for none.
        action_words: the verb on its button.
    """

    name: str
    state: CheckState
    sentence: str
    action: str = ""
    action_words: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionEntry:
    """A form as it was filled in.

    Attributes:
        id: the connection that was changed, None for a new one.
        site: as typed; it was understood by the form's reader.
        secret: the client secret or the pasted pass; None keeps the one that is stored.
        practice: address of the practice service; "" if it is not used.
        api_key: for practice; None keeps the one that is stored.
    """

    id: str | None
    name: str
    site: str
    colour: str
    mark: Mark
    access: Access
    client_id: str
    secret: Secret | None
    practice: str = ""
    api_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What is on its way to a connection and would be left behind, were it forgotten.

    Attributes:
        reports: names of its reports that are under way.
        unsent: names of those that the site surely has not got. The others count answers of Practice:
        waiting: not sent yet.
        unknown: nobody knows whether they arrived.
        refused: they can't be delivered.
    """

    waiting: int = 0
    unknown: int = 0
    refused: int = 0
    reports: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()


ReadSite = Callable[[str], str]
"""Returns the address that a typed site means; raises base.errors.UserError with a sentence if it means none."""


class ConnectionService(Protocol):
    """What the place needs of the workspace. Every call may raise SanaError; none blocks the window."""

    async def load(self) -> Sequence[ConnectionView]:
        """Return the connections in their order."""

    async def save(self, entry: ConnectionEntry) -> str:
        """Add or change one; return its id."""

    async def left_behind(self, connection_id: str) -> LeftBehind:
        """Return what is still on its way there."""

    async def forget(self, connection_id: str, *, leave_secret: bool = False) -> None:
        """Delete it, its secrets first, or without them; raises StorageError E-KR-... if these can't be deleted."""

    async def secret_stays(self, connection_id: str) -> str:
        """Return what stays in the password store if it is forgotten without its secrets, and how to delete that."""

    async def test(self, connection_id: str) -> Sequence[CheckView]:
        """Look whether it works; orders nothing."""

    async def act(self, connection_id: str, action: str) -> None:
        """Take the action of a check."""

    async def store_sentence(self) -> str:
        """Return one sentence on where secrets are kept on this computer."""


Confirm = Callable[[ConnectionView], Awaitable[bool]]
"""Asks whether a connection is to be forgotten."""
