"""One session of the window: what brings the widgets to life and answers for them. `ui.lifetime` begins and ends it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.paste.understanding import Understanding
from sana_desktop.reports.records.drafts import DraftStore
from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.reports.services import Services
from sana_desktop.store import settings as keys
from sana_desktop.ui.connections.left_behind import left_behind
from sana_desktop.ui.connections.presenter import ConnectionsPresenter
from sana_desktop.ui.connections.service import WorkspaceConnections
from sana_desktop.ui.diagnostics import diagnostics_text, versions
from sana_desktop.ui.example import Server
from sana_desktop.ui.example_presenter import ExamplePresenter
from sana_desktop.ui.last_run import find_again
from sana_desktop.ui.layout_memory import LayoutMemory
from sana_desktop.ui.look_keeper import LookKeeper
from sana_desktop.ui.menu_presenter import MenuPresenter
from sana_desktop.ui.practice.wing import OpenPractice, PracticeWing
from sana_desktop.ui.reports.editor.checks import check_statement, tidy_text
from sana_desktop.ui.reports.editor.format_memory import FormatMemory
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice
from sana_desktop.ui.reports.editor.order_presenter import OrderPresenter
from sana_desktop.ui.reports.editor.presenter import EditorPresenter
from sana_desktop.ui.reports.paste_presenter import PastePresenter
from sana_desktop.ui.reports.records.gathering import Gathering
from sana_desktop.ui.reports.records.history import FIRST_ROWS, older
from sana_desktop.ui.reports.records.presenter import RecordsPresenter
from sana_desktop.ui.reports.status.notifier import Notifier
from sana_desktop.ui.reports.status.presenter import StatusPresenter
from sana_desktop.ui.reports.status.welcome_back import restored_words, who_goes_on
from sana_desktop.ui.settings.presenter import SettingsPresenter
from sana_desktop.ui.shell import Shell
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.workspace.demo import DEMO_ID

log = logging.getLogger(__name__)

NO_WAY_IN = frozenset({"E-AUTH", "E-AUTH-MISSING", "E-AUTH-PASTED"})
"""Codes of an access that is not there or was refused: a test of it could only say so once more."""


class Session:
    """What lives between the first paint and the last.

    Args:
        shell: the widgets, already shown.
        services: the open services.
        server: starts the demo workspace.
        tasks: owns the window's own tasks.
        open_practice: opens what the Practice place works with.
    """

    def __init__(
        self,
        shell: Shell,
        services: Services,
        server: Server,
        tasks: Supervisor,
        open_practice: OpenPractice | None = None,
    ) -> None:
        self.shell = shell
        self.services = services
        self._server = server
        self._tasks = tasks
        self._offered: set[str] = set()
        self._status = StatusPresenter(shell.window, self._chosen_site)
        say = self._status.say
        self._formats = FormatMemory(services.settings)
        self._layout = LayoutMemory(services.settings, shell.reports, shell.jobs_panel, shell.downloads_panel)
        self._look = LookKeeper(shell, services.paths.config, tasks, self._layout.save)
        self._drafts = EditorPresenter(
            shell.editor,
            DraftStore(services.database, services.clock),
            tasks,
            check=check_statement,
            tidy=tidy_text,
            say=lambda text: say(text, "warn"),
        )
        self._records = RecordsPresenter(
            shell.jobs_panel,
            shell.downloads_panel,
            services.queue,
            services.downloads,
            tasks,
            show_sql=self._show_sql,
            sign_in=self._sign_in,
            connect=self._connect_again,
            say=say,
            window=shell.window,
        )
        self._rows = Gathering(self._records, shell.window)
        self._notifier = Notifier(shell.window, services.settings, self._rows.job, services.clock, tasks)
        self._orders = OrderPresenter(
            shell.editor,
            services.queue,
            services.settings,
            self._formats,
            services.clock,
            tasks,
            ordered=self._ordered,
            say=say,
        )
        self._pastes = PastePresenter(
            shell.reports,
            services.book,
            services.clients,
            services.redactor,
            services.clock,
            tasks,
            connect=self._connect_understood,
            formats=self._formats,
            say=say,
        )
        self._settings = SettingsPresenter(
            shell.settings, services.settings, shell.theme, services.paths, tasks, shell.window, versions(), say=say
        )
        service = WorkspaceConnections(
            services.book,
            services.clients,
            services.secrets,
            services.redactor,
            self._settings.folder,
            lambda: shell.window.go_to("settings"),
            self._site_works,
            services.practice_clients,
            partial(left_behind, services.database, services.queue.open_orders),
        )
        self._connections = ConnectionsPresenter(shell.connections, service, tasks)
        self._example = ExamplePresenter(shell, services, server, tasks, self._show_sites, say)
        self.practice = PracticeWing(
            shell,
            services,
            tasks,
            open_practice,
            sign_in=self._sign_in,
            example=lambda: self._example.start(in_practice=True),
            connect=self._connect,
            adopt=self._layout.adopt,
            say=say,
            told=self._show_chosen_site,
        )
        self._status.elsewhere = self.practice.truth
        self._status.beside = self.practice.under_way
        self._pastes.elsewhere = self.practice.takes
        self._pastes.nothing_elsewhere = self.practice.says_nothing_was_made
        self._menu = MenuPresenter(shell, tasks, self._pastes, self._records, services.book, say=say)
        tasks.on_failure = services.supervisor.on_failure = self._bug
        self._give_answers()
        self._listen()

    async def begin(self, demo: bool) -> None:
        """Show what earlier sessions left, go on with what was under way, and offer a beginning if there is none.

        Raises:
            StorageError: the store does not serve.
        """
        services, shell = self.services, self.shell
        self._layout.restore()
        shell.editor.order_bar.choose_format(self._formats.usual())
        await self._drafts.restore(self._layout.tab())
        jobs = await services.ledger.jobs(FIRST_ROWS)
        transfers = await services.ledger.transfers(FIRST_ROWS)
        self._records.show_earlier(jobs, transfers)
        # Not awaited: it asks the password store, which may take its time or wait for a person (K04).
        self._connections.refresh()
        self._show_sites()
        shell.window.come_back_to(shell.memory.look.place)
        if demo:
            await self._example.show(stay=True)
        elif not jobs and not services.book.list() and not self._text():
            shell.reports.show_welcome()
        restored = await services.queue.restore()
        await services.downloads.restore()
        shell.editor.set_reason("")
        self._status.know(transfers)
        self._status.tell_notices([notice.words for notice in services.open_report.notices])
        self._status.ready()
        # Not awaited, either: it asks the password store, too.
        self._tasks.start("tell what goes on", self._tell_what_goes_on(restored))
        self._tasks.start("go on with practice", self.practice.go_on())
        async for page in older(services.ledger, jobs, transfers):
            self._records.show_older(*page)
        await find_again(services, self._records, self._status)

    async def _tell_what_goes_on(self, restored: Sequence[JobRecord]) -> None:
        services = self.services
        going, stuck = await who_goes_on(restored, services.downloads.of_job, services.clients)
        if words := restored_words(going, services.clock.now(), stuck):
            self._status.say(words, "warn" if stuck else "quiet")

    async def finish(self) -> None:
        """Write what was typed last, and how the window is laid out."""
        self._look.stop()
        await self._drafts.finish()
        await self._records.finish()
        await self._layout.save()

    def give_up(self, error: SanaError) -> None:
        """Say, for as long as the window is open, why the session could not begin."""
        _, sentence, step = error_words(error)
        words = f"{sentence} {step}".strip()
        self.shell.editor.set_reason(sentence)
        self.shell.window.show_truth(words, "bad", announce=True)

    def _bug(self, name: str, error: BaseException) -> None:
        # It is in the log, with its stack; here it is only said to be one, and what helps to have it put right.
        words = tr(
            "Status line",
            "Something went wrong in the app itself ({kind}). Your work is saved. Help, Copy diagnostics says more.",
            kind=type(error).__name__,
        )
        self._status.say(words, "bad")

    # -- listening

    def _give_answers(self) -> None:
        services, answers = self.services, self.shell.answers
        answers.now = services.clock.now
        answers.site_name = self._site_name
        answers.typical = services.queue.typical
        answers.server_now = self._server_now
        gone_with_us = services.clients.is_let_in_from_memory
        answers.forgets = lambda connection: connection != DEMO_ID and gone_with_us(connection)
        answers.diagnostics = lambda: diagnostics_text(services)

    def _listen(self) -> None:
        services, shell = self.services, self.shell
        queue, downloads = services.queue, services.downloads
        queue.changed.subscribe(self._rows.job_changed)
        queue.changed.subscribe(self._status.job_changed)
        queue.changed.subscribe(self._notifier.job_changed)
        queue.removed.subscribe(self._rows.job_removed)
        queue.removed.subscribe(self._status.job_removed)
        downloads.changed.subscribe(self._rows.transfer_changed)
        downloads.changed.subscribe(self._status.transfer_changed)
        downloads.changed.subscribe(self._notifier.transfer_changed)
        downloads.progressed.subscribe(self._rows.progressed)
        downloads.removed.subscribe(self._rows.transfer_removed)
        downloads.removed.subscribe(self._status.transfer_removed)
        services.database.health.subscribe(lambda health: self._status.store_changed(health.value))
        services.book.changed.subscribe(self._show_sites)
        services.book.changed.subscribe(lambda _id: self._connections.refresh())
        shell.window.place_changed.connect(lambda _place: self._show_chosen_site())
        shell.window.pasted.connect(self._pastes.take)
        shell.window.file_dropped.connect(self._pastes.take_file)
        shell.window.notification_opened.connect(self._reveal)
        shell.reports.example_wanted.connect(lambda: self._example.start(again=True))
        shell.reports.connect_wanted.connect(self._connect)
        shell.reports.letter_wanted.connect(lambda: self._menu.write_to_it(""))
        shell.connections.letter_wanted.connect(self._menu.write_to_it)
        shell.editor.connection_chosen.connect(self._site_chosen)
        shell.editor.current_changed.connect(lambda _tab: self._show_chosen_site())

    # -- what the presenters ask for

    def _site_name(self, connection_id: str) -> str:
        connection = self.services.book.get(connection_id)
        return connection.name if connection is not None else ""

    def _chosen_site(self) -> str | None:
        if not self.services.book.for_reports():
            return None
        return self._site_name(self.shell.editor.order_bar.connection_id() or "")

    def _server_now(self, record: TransferRecord) -> datetime:
        job = self.shell.jobs_model.find(record.job)
        if job is None:
            return self.services.clock.now()
        return self.services.sites.server_now(job.order.connection_id)

    def _show_sites(self, changed: str = "") -> None:
        choices = [
            ConnectionChoice(connection.id, connection.name, connection.colour, connection.mark.value)
            for connection in self.services.book.for_reports()
        ]
        before, self._offered = self._offered, {choice.id for choice in choices}
        # The example is there by itself: a query whose site is gone does not go to it without a choice.
        came = changed if changed not in {*before, DEMO_ID} else ""
        self.shell.editor.show_connections(choices, self.services.settings.get(keys.LAST_CONNECTION), came)
        if came in self._offered:
            self.shell.reports.site_came()
        self._show_chosen_site()

    def _show_chosen_site(self) -> None:
        self.shell.window.show_site(self.practice.site_name() or self._chosen_site() or "")
        self._status.refresh()

    def _site_chosen(self, connection_id: str) -> None:
        self._show_chosen_site()
        self._tasks.start("remember the site", self._remember_site(connection_id))

    def _site_works(self, connection_id: str) -> None:
        resume = self.services.queue.resume_paused(connection_id)
        self._tasks.start("go on after a good test", resume, key=f"resume {connection_id}")

    async def _remember_site(self, connection_id: str) -> None:
        try:
            await self.services.settings.set(keys.LAST_CONNECTION, connection_id)
        except SanaError as error:
            log.warning("the chosen site is not remembered: %s", error.code)

    def _show_sql(self, record: JobRecord) -> None:
        self.shell.editor.insert_query(
            record.order.sql, connection_id=record.order.connection_id, form=record.order.format.value
        )

    def _sign_in(self, connection_id: str, code: str = "") -> None:
        if connection_id == DEMO_ID:
            # It has no secret of the person's: where it is not running, it is started.
            self._example.start()
            return
        self.shell.window.go_to("connections")
        row = self.shell.connections.row(connection_id)
        if row is not None and code in NO_WAY_IN:
            self.shell.connections.begin_form(row.view, sign_in=True)
        elif self.services.book.get(connection_id) is not None:
            self._connections.test(connection_id)
        else:
            self.shell.connections.begin_form()

    def _connect(self) -> None:
        self.shell.window.go_to("connections")
        self.shell.connections.begin_form()

    def _connect_again(self, record: JobRecord) -> None:
        self._connect()
        self.shell.connections.form.prefill(record.site_address)

    def _connect_understood(self, understood: Understanding) -> None:
        known = self.services.book.at(parse_workspace(understood.origin)) if understood.origin else ()
        row = self.shell.connections.row(known[0].id) if known else None
        self.shell.window.go_to("connections")
        self.shell.connections.begin_form(row.view if row is not None else None)
        self.shell.connections.form.prefill(
            "" if row is not None else understood.origin or "", understood.client_id or "", understood.client_secret
        )

    def _ordered(self, record: JobRecord) -> None:
        self._records.job_changed(record)
        self._records.mark_job(record.id)

    def _reveal(self, job: str) -> None:
        self.shell.window.go_to("reports")
        self._records.reveal_job(job)

    def _text(self) -> str:
        edit = self.shell.editor.current_edit()
        return edit.toPlainText().strip() if edit is not None else ""
