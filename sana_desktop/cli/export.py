"""`sana-desktop export`: one report from SQL to a verified file, without a window (contracts.md)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from datetime import timedelta
from pathlib import Path

from sana_desktop.base.errors import NetworkError, SanaError
from sana_desktop.cli import outcome
from sana_desktop.cli.arguments import ExportCommand
from sana_desktop.cli.progress import Progress, progress_for
from sana_desktop.cli.request import Asked, Login, find_login, read_request
from sana_desktop.reports.finalise import check_target, free_name
from sana_desktop.reports.job import JobRecord, JobState, Order
from sana_desktop.reports.names import report_file_name
from sana_desktop.reports.services import OpenServices, Services
from sana_desktop.reports.sql_title import title_of
from sana_desktop.reports.transfer import TransferRecord, TransferState
from sana_desktop.store.paths import Paths

ENDED_JOB = frozenset({JobState.FAILED, JobState.GONE, JobState.SUBMIT_UNKNOWN, JobState.PAUSED, JobState.STOPPED})
"""Nobody is there to act on a pause, so it is the end here."""
ENDED_TRANSFER = frozenset({TransferState.DONE, TransferState.FAILED, TransferState.LINK_ENDED, TransferState.PAUSED})


def run(command: ExportCommand, paths: Paths, open_services: OpenServices) -> int:
    """Export, print the result and return the exit code of contracts.md."""
    progress = progress_for(command.quiet)
    try:
        asked = read_request(command)
        paths.ensure()
        with asyncio.Runner() as runner:
            answer = runner.run(_supervised(command, asked, open_services, progress))
    except SanaError as error:
        answer = outcome.failure_of(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        answer = outcome.failure("cancelled", "The export was interrupted.")
    finally:
        progress.close()
    return outcome.report(answer, as_json=command.json)


async def _supervised(
    command: ExportCommand, asked: Asked, open_services: OpenServices, progress: Progress
) -> dict[str, object]:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    if task is not None:
        # Windows has no such handler; there the console's own signals arrive as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
    async with open_services() as services:
        login = find_login(command, asked, services.book, os.environ)
        return await Export(command, asked, login, services, progress).run()


class Export:
    """One export: orders, waits for both services, and tidies up if it fails."""

    def __init__(
        self, command: ExportCommand, asked: Asked, login: Login, services: Services, progress: Progress
    ) -> None:
        self._command = command
        self._asked = asked
        self._login = login
        self._services = services
        self._progress = progress
        self._job: JobRecord | None = None
        self._transfer: TransferRecord | None = None
        self._ended = asyncio.Event()

    async def run(self) -> dict[str, object]:
        """Return the object of contracts.md, of success or of failure.

        Raises:
            SanaError: before anything was ordered.
        """
        connection = self._login.connection
        if self._login.credentials is not None:
            if self._services.book.get(connection.id) is None:
                self._services.book.lend(connection)
            self._services.clients.give_credentials(connection.id, self._login.credentials)
        target = await asyncio.to_thread(self._target)
        order = Order(
            connection.id,
            title_of(self._asked.sql) or "report",
            self._asked.sql,
            self._asked.format,
            target=str(target),
            overwrite=self._command.overwrite,
        )
        unsubscribe = [
            self._services.queue.changed.subscribe(self._job_changed),
            self._services.downloads.changed.subscribe(self._transfer_changed),
            self._services.downloads.progressed.subscribe(self._progress.live),
        ]
        try:
            async with asyncio.timeout(self._command.timeout_seconds):
                await self._begin(order)
                await self._ended.wait()
        except TimeoutError:
            return await self._give_up(_too_late(self._command.timeout_seconds))
        except asyncio.CancelledError:
            return await asyncio.shield(self._give_up(None))
        finally:
            for end in unsubscribe:
                end()
        return await self._result()

    async def _begin(self, order: Order) -> None:
        """Go on with the same export if it was killed, else order anew: a report is not ordered twice for one wish."""
        since = self._services.clock.now() - timedelta(seconds=self._command.timeout_seconds)
        earlier = await self._services.queue.take_over(order, since)
        if earlier is not None:
            self._progress.say("Going on with the same export, which was interrupted; it is not ordered again.")
            self._job_changed(earlier)
            await self._services.downloads.restore()
            return
        self._job_changed(await self._services.queue.order(order))

    def _target(self) -> Path:
        """Return the absolute path of the file, once it is clear that it can be written. Blocks."""
        if self._command.out is not None:
            target = self._command.out.expanduser().absolute()
            check_target(target, self._command.overwrite)
            return target
        folder = Path.cwd()
        moment = self._services.clock.now().astimezone()
        title = title_of(self._asked.sql) or "report"
        name = report_file_name(self._login.connection.name, title, moment, f"{moment:%S%f}", self._asked.format)
        target = folder / free_name(folder, name, set())
        check_target(target, False)
        return target

    def _job_changed(self, record: JobRecord) -> None:
        if self._job is not None and record.id != self._job.id:
            return
        if self._job is None and record.order.target is None:
            return
        self._job = record
        self._progress.job(record)
        if record.state in ENDED_JOB:
            self._ended.set()

    def _transfer_changed(self, record: TransferRecord) -> None:
        if self._job is None or record.job != self._job.id:
            return
        self._transfer = record
        self._progress.transfer(record)
        if record.state in ENDED_TRANSFER:
            self._ended.set()

    async def _result(self) -> dict[str, object]:
        job, transfer = self._job, self._transfer
        if job is not None and transfer is not None and transfer.state is TransferState.DONE:
            return outcome.success(job, transfer)
        failed = transfer if transfer is not None and transfer.error_message else job
        await self._tidy_up()
        if failed is None:
            raise RuntimeError("an export ended without a record")
        message = f"{failed.error_message} {failed.error_next_step}".strip()
        status = job.error_http_status if job is not None else None
        return outcome.failure(failed.error_kind or "network", message, status, job.job_id if job else None)

    async def _give_up(self, error: SanaError | None) -> dict[str, object]:
        await self._tidy_up()
        job_id = self._job.job_id if self._job is not None else None
        if error is None:
            return outcome.failure("cancelled", "The export was interrupted.", None, job_id)
        return outcome.failure(error.kind, outcome.sentence(error), None, job_id)

    async def _tidy_up(self) -> None:
        """Leave nothing beside the target and nothing under way: nobody is there to go on with it."""
        if self._transfer is not None:
            await self._services.downloads.remove(self._transfer.id)
        if self._job is not None:
            await self._services.queue.stop_watching(self._job.id)


def _too_late(seconds: float) -> NetworkError:
    return NetworkError(
        "The report was not complete after {seconds} s, the time this export was given.",
        code="E-TIMEOUT",
        next_step="Give it more with --timeout. It may go on at the site.",
        values={"seconds": f"{seconds:g}"},
    )
