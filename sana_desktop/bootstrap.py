"""The one place that builds the objects and hands them to each other."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from sana_desktop.store.paths import Paths
from sana_desktop.ui.display import why_no_display

if TYPE_CHECKING:
    from sana_desktop.cli.commands import ExportCommand, SimulateCommand, WindowCommand
    from sana_desktop.practice.services import PracticeServices
    from sana_desktop.reports.services import OpenServices, Services
    from sana_desktop.workspace.demo_server import DemoServer


NO_WINDOW = (
    "{why}, so the window can't be shown. "
    "`sana-desktop demo --tour DIR` drives it offscreen; `sana-desktop export` needs no window."
)


@asynccontextmanager
async def open_services(
    paths: Paths,
    *,
    adopts_others: bool,
    discard_on_failure: bool = False,
    on_failure: Callable[[str, BaseException], None] | None = None,
) -> AsyncIterator[Services]:
    """Build the services, and stop them in stages when the context is left.

    Args:
        paths: where it keeps things.
        adopts_others: take over the jobs that dead processes left; the window does, a command does not.
        discard_on_failure: leave no partial file beside the target (`export`).
        on_failure: told of a task that failed by a bug.

    Raises:
        StorageError: the store can't be opened.
    """
    # Imported here: the window paints before these are loaded (in a thread, see ui.lifetime).
    import asyncio

    from sana_desktop.base.clock import SystemClock
    from sana_desktop.base.redaction import Redactor
    from sana_desktop.base.shutdown import StopStages
    from sana_desktop.base.tasks import Supervisor
    from sana_desktop.reports.download.manager import DownloadManager
    from sana_desktop.reports.download.policy import DownloadPolicy
    from sana_desktop.reports.queue.job_queue import JobQueue
    from sana_desktop.reports.queue.policy import OrderPolicy
    from sana_desktop.reports.records.journal_log import keep_journal
    from sana_desktop.reports.records.ledger import Ledger
    from sana_desktop.reports.services import Services
    from sana_desktop.reports.sites import Sites
    from sana_desktop.store import settings as keys
    from sana_desktop.store.database import Database
    from sana_desktop.store.limits import FOR_A_COMMAND
    from sana_desktop.store.logs import start_logging
    from sana_desktop.store.ownership import ProcessMark
    from sana_desktop.store.pending_notices import hand_over
    from sana_desktop.store.person import person_here
    from sana_desktop.store.secrets import SecretStore
    from sana_desktop.store.settings import Settings
    from sana_desktop.workspace.clients import ClientPool
    from sana_desktop.workspace.connections import ConnectionStore
    from sana_desktop.workspace.demo import DEMO_ID
    from sana_desktop.workspace.practice_clients import PracticeClients

    # The last stops first. The shares and those of the window's own stages make the 5 s of I10.
    async with StopStages() as stack:
        clock, redactor = SystemClock(), Redactor()
        log_file = paths.log_file if adopts_others else paths.log / "export.log"
        stack.callback(start_logging(log_file, redactor))
        database = Database(paths.database, clock=clock, limits=None if adopts_others else FOR_A_COMMAND)
        report = await database.open()
        stack.push_stage("the store", database.close, 0.75)
        mark = ProcessMark(paths.processes)
        owner = mark.acquire()
        stack.callback(mark.release)
        mark.clean()
        supervisor = Supervisor("core", on_failure)
        settings = Settings(database)
        await settings.load()
        report = await hand_over(settings, report, to_a_window=adopts_others)
        extra_ca = partial(settings.path, keys.EXTRA_CA_FILE)
        secrets = SecretStore(redactor)
        book = ConnectionStore(database, secrets, clock)
        await book.load()
        clients = ClientPool(book, secrets, clock, redactor, extra_ca=extra_ca)
        stack.push_stage("the connections to the sites", clients.aclose, 0.125)
        practice_clients = PracticeClients(book, secrets, clock, redactor, extra_ca=extra_ca)
        stack.push_stage("the connections for practice", practice_clients.aclose, 0.125)
        sites = Sites(book, clients, clock, extra_ca=extra_ca)
        stack.push_stage("the connections for links", sites.aclose, 0.125)
        stack.push_stage("the tasks", supervisor.stop, 0.25)
        ledger = Ledger(database)
        orders = OrderPolicy()
        queue = JobQueue(
            ledger, clients, clock, supervisor, owner=owner, is_alive=mark.is_alive, place=sites.place,
            now_at=sites.now_at, policy=orders if adopts_others else orders.unasked(),
            person=await asyncio.to_thread(person_here),  # directories of people may be on a network
        )  # fmt: skip
        policy = DownloadPolicy(at_once=settings.get(keys.DOWNLOADS_AT_ONCE))
        downloads = DownloadManager(
            ledger,
            queue,
            sites.site,
            lambda site: paths.reports(example=site == DEMO_ID, chosen=settings.path(keys.DOWNLOAD_FOLDER)),
            clock,
            supervisor,
            policy=policy if adopts_others else policy.unasked(),
            mine=lambda job: job.owner == owner,
            server_now=sites.server_now,
            discard_on_failure=discard_on_failure,
        )
        stack.push_stage("the downloads", downloads.stop, 0.5)
        stack.callback(keep_journal(queue.changed, downloads.changed, report.notices))
        stack.push_stage("the queue", queue.stop, 1.75)

        def resume(connection: str) -> None:
            supervisor.start("resume paused jobs", queue.resume_paused(connection))

        def let_go(connection: str) -> None:
            supervisor.start("end the jobs of a forgotten site", queue.let_go(connection))
            supervisor.start("end the downloads of a forgotten site", downloads.let_go(connection))

        clients.signed_in.subscribe(resume)
        book.forgotten.subscribe(let_go)
        yield Services(
            paths, clock, redactor, supervisor, database, report, settings, secrets, book, clients, sites, ledger,
            queue, downloads, practice_clients, owner, mark.is_alive,
        )  # fmt: skip


def open_practice(services: Services) -> AbstractAsyncContextManager[PracticeServices]:
    """Build what the Practice place works with, when it is first wanted; it stops before `services` do."""
    from sana_desktop.practice.opening import open_practice as opened

    return opened(
        services.database, services.book, services.practice_clients, services.clock, services.supervisor.on_failure,
        owner=services.owner, is_alive=services.is_alive,
    )  # fmt: skip


def demo_server(paths: Paths) -> DemoServer:
    """Return the demo workspace's server, not yet started. Its jobs outlive a restart, as a real site's do."""
    from sana_desktop.workspace.demo_server import DemoServer

    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "sana_desktop"]
    return DemoServer([*program, "sandbox", "--until-eof", "--state", str(paths.sandbox)])


def run_export(command: ExportCommand) -> int:
    """Run `export` and return its exit code."""
    from sana_desktop.cli import export

    paths = Paths.here(os.environ)
    return export.run(command, paths, lambda: open_services(paths, adopts_others=False, discard_on_failure=True))


def run_simulation(command: SimulateCommand) -> int:
    """Run `practice simulate` and return its exit code."""
    from sana_desktop.cli import practice
    from sana_desktop.workspace.stored_access import open_stored_access

    paths = Paths.here(os.environ)
    return practice.run(command, paths, partial(open_stored_access, paths.database))


def run_window(command: WindowCommand | None = None) -> int:
    """Open the window, or drive it through the tour, and return the exit code; None asks for the window as it is."""
    demo, tour, crash = (command.demo, command.tour, command.debug_crash) if command else (False, None, None)
    why = why_no_display()
    if demo and (tour is not None or why):
        from sana_desktop.ui.tour import run

        return run(tour, why, open_at=_window_services, open_practice=open_practice, server_at=demo_server)
    if why:
        sys.stderr.write(NO_WINDOW.format(why=why) + "\n")
        return 1
    from sana_desktop.ui import app

    paths = Paths.here(os.environ)
    if demo:
        paths = paths.for_demo()
    make_server = partial(demo_server, paths)
    opened = _window_services(paths)
    return app.run_window(paths, opened, make_server, demo=demo, crash=crash, open_practice=open_practice)


def _window_services(paths: Paths) -> OpenServices:
    return lambda: open_services(paths, adopts_others=True)
