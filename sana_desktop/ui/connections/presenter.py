"""Stands between the Connections place and the workspace; a wait is a task, a failure a sentence in its place."""

from __future__ import annotations

from datetime import UTC, datetime

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.ui.connections.left_behind import FORGET, left_words, report_words, stays_question
from sana_desktop.ui.connections.page import ConnectionsPage
from sana_desktop.ui.connections.views import Confirm, ConnectionEntry, ConnectionService, ConnectionView
from sana_desktop.ui.dialogs import Answer, Question, ask
from sana_desktop.ui.tr import error_words, tr

SIGN_IN = "sign-in"
EDIT_ACTIONS = frozenset({"fix-address", SIGN_IN})
"""Actions of workspace.checkup that mean: open the form of this connection."""


class ConnectionsPresenter:
    """Does what the person wants with connections.

    Args:
        page: the place.
        service: the workspace.
        supervisor: owns the tasks.
        confirm: asks before forgetting; None for the dialog.
    """

    def __init__(
        self,
        page: ConnectionsPage,
        service: ConnectionService,
        supervisor: Supervisor,
        confirm: Confirm | None = None,
    ) -> None:
        self._page = page
        self._service = service
        self._supervisor = supervisor
        self._confirm: Confirm = confirm or self._ask
        self._views: dict[str, ConnectionView] = {}
        page.retry_wanted.connect(self.refresh)
        page.saved.connect(lambda entry: supervisor.start("save", self._save(entry), key="connection save"))
        page.test_wanted.connect(self.test)
        page.forget_wanted.connect(lambda key: supervisor.start("forget", self._forget(key), key=f"forget {key}"))
        page.action_wanted.connect(
            lambda key, act: supervisor.start("act", self._act(key, act), key=f"act {key} {act}")
        )

    def refresh(self) -> None:
        """Read the list again."""
        self._supervisor.start("load connections", self.load(), key="connections load")

    def test(self, connection_id: str) -> None:
        """Test one connection."""
        self._supervisor.start("test a connection", self._test(connection_id), key=f"test {connection_id}")

    async def load(self) -> None:
        """Read the list and show it."""
        if not self._views:
            self._page.show_loading()
        try:
            views = await self._service.load()
            self._page.show_store(await self._service.store_sentence())
        except SanaError as error:
            self._page.show_error(error_words(error)[1])
            return
        self._views = {view.id: view for view in views}
        self._page.show_connections(views)

    async def _save(self, entry: ConnectionEntry) -> None:
        try:
            connection_id = await self._service.save(entry)
        except SanaError as error:
            self._page.form.show_problem(error_words(error)[1])
            return
        await self.load()
        self._page.show_list()
        self.test(connection_id)

    async def _test(self, connection_id: str) -> None:
        row = self._page.row(connection_id)
        if row is not None:
            row.show_testing()
            self._page.reveal(connection_id)
        try:
            checks = await self._service.test(connection_id)
        except SanaError as error:
            self._problem(connection_id, error)
            return
        await self.load()  # what the test found out about its secret, the card above it must say, too
        row = self._page.row(connection_id)
        if row is not None:
            row.show_checks(checks, datetime.now(UTC))
            self._page.keep_in_sight(connection_id)

    async def _forget(self, connection_id: str) -> None:
        view = self._views.get(connection_id)
        if view is None or not await self._confirm(view):
            return
        try:
            await self._service.forget(connection_id)
        except SanaError as error:
            self._problem(connection_id, error)
            if not error.code.startswith("E-KR-") or not await self._forget_all_the_same(view, error):
                return
        await self.load()

    async def _forget_all_the_same(self, view: ConnectionView, error: SanaError) -> bool:
        """Offer to forget a connection whose secret can't be deleted; return whether it is forgotten."""
        question = stays_question(view, error, await self._service.secret_stays(view.id))
        if await ask(self._page.window(), question) != FORGET:
            return False
        try:
            await self._service.forget(view.id, leave_secret=True)
        except SanaError as problem:
            self._problem(view.id, problem)
            return False
        return True

    async def _act(self, connection_id: str, action: str) -> None:
        view = self._views.get(connection_id)
        if action in EDIT_ACTIONS and view is not None:
            self._page.begin_form(view, sign_in=action == SIGN_IN)
            return
        if action == "try-again":
            self.test(connection_id)
            return
        if action == "write-to-it":
            self._page.letter_wanted.emit(view.site if view is not None else "")
            return
        try:
            await self._service.act(connection_id, action)
        except SanaError as error:
            self._problem(connection_id, error)
            return
        if action == "try-store-again":
            self.test(connection_id)

    def _problem(self, connection_id: str, error: SanaError) -> None:
        row = self._page.row(connection_id)
        if row is not None:
            row.show_problem(error_words(error)[1])

    async def _ask(self, view: ConnectionView) -> bool:
        try:
            left = await self._service.left_behind(view.id)
        except SanaError as error:
            self._problem(view.id, error)
            return False
        what_happens = tr(
            "Connections",
            "The connection, its client id and its secret are deleted from this computer, also from the password "
            "store. Queries and files stay. Nothing changes on the site.",
        )
        question = Question(
            tr("Connections", "Forget {name}?", name=view.name),
            "\n\n".join(filter(None, (what_happens, report_words(left), left_words(left)))),
            [
                Answer("keep", tr("Connections", "Keep it")),
                Answer(FORGET, tr("Connections", "Forget it"), "danger"),
            ],
            safe="keep",
        )
        return await ask(self._page.window(), question) == FORGET
