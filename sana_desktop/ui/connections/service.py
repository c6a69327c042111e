"""The workspace as the Connections place needs it: records become views, checks become lines, and back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.base.words import Words
from sana_desktop.store.secrets import SecretName, SecretStore, entries_of
from sana_desktop.ui.connections.views import CheckState, CheckView, ConnectionEntry, ConnectionView, LeftBehind
from sana_desktop.ui.tr import tr
from sana_desktop.workspace.checkup import Action, Check, CheckName, check_up
from sana_desktop.workspace.checkup import CheckState as Found
from sana_desktop.workspace.clients import ClientPool
from sana_desktop.workspace.connections import Access, Connection, ConnectionStore, Mark
from sana_desktop.workspace.practice_clients import PracticeClients
from sana_desktop.workspace.secret_place import SecretPlace, secret_place

log = logging.getLogger(__name__)

_STATES: dict[Found, CheckState] = {
    Found.OK: "good",
    Found.WARN: "warn",
    Found.BAD: "bad",
    Found.SKIPPED: "unknown",
}


class WorkspaceConnections:
    """Implements `views.ConnectionService` on the book, the clients and the password store.

    Args:
        downloads: returns the folder for the reports of a connection.
        open_settings: goes to where folder and proxy can be changed.
        works: told the id of a connection whose test found nothing in the way: what waited for it may go on.
        practice: the clients of the practice service; without them its key is not tested.
        left_behind: returns what is still on its way to a connection.
    """

    def __init__(
        self,
        book: ConnectionStore,
        clients: ClientPool,
        secrets: SecretStore,
        redactor: Redactor,
        downloads: Callable[[str], Path],
        open_settings: Callable[[], None],
        works: Callable[[str], None] = lambda connection_id: None,
        practice: PracticeClients | None = None,
        left_behind: Callable[[str], Awaitable[LeftBehind]] | None = None,
    ) -> None:
        self._book = book
        self._clients = clients
        self._secrets = secrets
        self._redactor = redactor
        self._downloads = downloads
        self._open_settings = open_settings
        self._works = works
        self._practice = practice
        self._left_behind = left_behind

    async def load(self) -> Sequence[ConnectionView]:
        """Return the connections in their order."""
        return [self._view(connection, await self._secret_place(connection)) for connection in self._book.list()]

    async def save(self, entry: ConnectionEntry) -> str:
        """Add or change a connection and keep its secret; return its id.

        A password store that refuses is no reason to lose what was typed: the secret is held in memory then, and the
        test that follows says so.
        """
        self._refuse_demo(entry.id or "")
        origin = parse_workspace(entry.site)
        practice = parse_practice_origin(entry.practice) if entry.practice else None
        access, mark = Access(entry.access), Mark(entry.mark)
        for given in (entry.secret, entry.api_key):
            if given is not None:
                self._redactor.add(given)
        if entry.id is None:
            connection = await self._book.add(
                origin,
                name=entry.name,
                mark=mark,
                access=access,
                client_id=entry.client_id,
                colour=entry.colour,
                practice=practice,
            )
        else:
            connection = await self._book.change(
                entry.id,
                name=entry.name,
                origin=origin,
                mark=mark,
                access=access,
                client_id=entry.client_id,
                colour=entry.colour,
                practice=practice,
            )
        if entry.api_key is not None and practice is not None:
            await self._keep_key(connection.id, entry.api_key)
        if entry.secret is None:
            return connection.id
        if access is Access.PASTED:
            self._clients.give_token(connection.id, entry.secret)
        else:
            self._clients.sign_out(connection.id)
            try:
                await self._book.keep_secret(connection.id, entry.secret)
            except StorageError as error:
                log.warning("a client secret is held in memory only: %s", error.code)
                self._book.hold_secret(connection.id, entry.secret)
            else:
                self._clients.retry(connection.id)
        return connection.id

    async def _keep_key(self, connection_id: str, key: Secret) -> None:
        try:
            await self._book.keep_secret(connection_id, key, SecretName.API_KEY)
        except StorageError as error:
            log.warning("an API key is held in memory only: %s", error.code)
            self._book.hold_secret(connection_id, key, SecretName.API_KEY)

    async def left_behind(self, connection_id: str) -> LeftBehind:
        """Return what is still on its way there."""
        return LeftBehind() if self._left_behind is None else await self._left_behind(connection_id)

    async def forget(self, connection_id: str, *, leave_secret: bool = False) -> None:
        """Delete it, its secrets first, or without them."""
        self._refuse_demo(connection_id)
        await self._book.forget(connection_id, leave_secret=leave_secret)

    async def secret_stays(self, connection_id: str) -> str:
        """Return what stays in the password store if it is forgotten without its secrets, and how to delete that."""
        state = await self._secrets.state()
        place = _say(state.name) if state.available else tr("Connections", "the password store of this computer")
        return tr(
            "Connections",
            "What is stored for this connection then stays in {place}. To delete it there yourself, open {place} and "
            "delete each entry whose name begins with “{entry}”.",
            place=place,
            entry=entries_of(connection_id),
        )

    async def test(self, connection_id: str) -> Sequence[CheckView]:
        """Look whether it works; orders nothing."""
        connection = self._book.get(connection_id)
        if connection is None:
            return []
        checks = await check_up(
            connection,
            clients=self._clients,
            secrets=self._secrets,
            downloads=self._downloads(connection_id),
            practice=self._practice,
        )
        if all(check.state is not Found.BAD for check in checks):
            self._works(connection_id)
        return [_check_view(check) for check in checks]

    async def act(self, connection_id: str, action: str) -> None:
        """Take the action of a check."""
        if action == Action.TRY_STORE_AGAIN:
            self._clients.retry(connection_id)
        elif action in {Action.CHOOSE_FOLDER, Action.PROXY_SETTINGS}:
            self._open_settings()

    async def store_sentence(self) -> str:
        """Return one sentence on where secrets are kept on this computer."""
        state = await self._secrets.state()
        if state.available and state.persistent:
            return tr("Connections", "Secrets are kept in {place}.", place=_say(state.name))
        return _say(state.problem) or tr("Connections", "Secrets are kept in memory until you close the app.")

    async def _secret_place(self, connection: Connection) -> str:
        """Return what is so for the secret of this connection, be there a password store or not."""
        if connection.mark is Mark.DEMO:
            return tr("Connections", "Needs no secret of yours; it lives on this computer.")
        if not connection.gives_reports:
            return tr("Connections", "For practice alone. A pasted key is kept in memory until you close the app.")
        if connection.access is Access.PASTED and self._clients.has_given(connection.id):
            return tr("Connections", "Its pass is kept in memory until you close the app.")
        if connection.access is Access.PASTED:
            return tr("Connections", "The pass is gone: passes are kept in memory only. Sign in again to use it.")
        state = await self._secrets.state()
        match await secret_place(connection, self._book, self._secrets):
            case SecretPlace.MEMORY:
                return tr("Connections", "Its secret is kept in memory until you close the app.")
            case SecretPlace.STORE:
                return tr("Connections", "Its secret is kept in {place}.", place=_say(state.name))
            case SecretPlace.UNREACHED:
                return tr("Connections", "Its secret was put into a password store, which is not to be had now.")
            case SecretPlace.UNKNOWN if state.available:
                return tr(
                    "Connections", "Whether its secret is in {place} shows when it is used or tested.",
                    place=_say(state.name),
                )  # fmt: skip
            case SecretPlace.ABSENT if state.available:
                return tr("Connections", "Its secret is not on this computer. Enter it again to use it.")
            case _:
                return tr("Connections", "Its secret is not on this computer: there is no password store to keep it.")

    def _view(self, connection: Connection, place: str) -> ConnectionView:
        return ConnectionView(
            connection.id,
            connection.name,
            connection.colour,
            connection.mark.value,
            connection.origin.url,
            connection.access.value,
            connection.client_id,
            place,
            connection.practice.url if connection.practice is not None else "",
        )

    def _refuse_demo(self, connection_id: str) -> None:
        connection = self._book.get(connection_id)
        if connection is not None and connection.mark is Mark.DEMO:
            raise UserError(
                "The example data is there only while the app is open; there is nothing to change or to forget.",
                code="E-CONNECTION-DEMO",
            )


def _say(words: Words) -> str:
    return words.say(lambda template: tr("Connections", template))


def _check_view(check: Check) -> CheckView:
    action, words = _action(check.action)
    return CheckView(_name(check.name), _STATES[check.state], _say(check.sentence), action, words)


def _name(name: CheckName) -> str:
    return {
        CheckName.ADDRESS: tr("Check", "Address"),
        CheckName.REACH: tr("Check", "Connection"),
        CheckName.CERTIFICATE: tr("Check", "Certificate"),
        CheckName.ACCESS: tr("Check", "Sign-in"),
        CheckName.READ: tr("Check", "May look"),
        CheckName.WRITE: tr("Check", "May order"),
        CheckName.STORE: tr("Check", "Password store"),
        CheckName.FOLDER: tr("Check", "Folder"),
        CheckName.ROOM: tr("Check", "Room on disk"),
        CheckName.CLOCK: tr("Check", "Clock"),
        CheckName.PRACTICE: tr("Check", "Practice"),
    }[name]


def _action(action: Action) -> tuple[str, str]:
    """Return the key that the page hands back, and the verb on the button."""
    words = {
        Action.NONE: "",
        Action.FIX_ADDRESS: tr("Check", "Fix the address"),
        Action.CHECK_NETWORK: tr("Check", "Try again"),
        Action.PROXY_SETTINGS: tr("Check", "Open settings"),
        Action.WRITE_TO_IT: tr("Check", "Write to IT"),
        Action.SIGN_IN: tr("Check", "Sign in again"),
        Action.TRY_STORE_AGAIN: tr("Check", "Try again"),
        Action.CHOOSE_FOLDER: tr("Check", "Other folder"),
        # The computer's clock is set in the system's own settings; the sentence says so.
        Action.SET_CLOCK: "",
        Action.TRY_AGAIN: tr("Check", "Try again"),
    }[action]
    if action is Action.CHECK_NETWORK:
        action = Action.TRY_AGAIN
    return (action.value if words else "", words)
