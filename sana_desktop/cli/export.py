"""`sana-desktop export`: one report from SQL to a verified file, without a window (BEHAVIOUR.md)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sana_desktop.api.errors import submit_unknown
from sana_desktop.base import ctrl_c
from sana_desktop.base.errors import LinkError, NetworkError, SanaError, StorageError
from sana_desktop.cli import interruption, leftovers, outcome
from sana_desktop.cli.commands import ExportCommand
from sana_desktop.cli.progress import Progress, progress_for
from sana_desktop.cli.request import Asked, Login, find_login, read_request
from sana_desktop.reports.download.finalise import check_target, forgotten
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState, Order
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord, TransferState
from sana_desktop.reports.rescan import rescan
from sana_desktop.reports.services import OpenServices, Services
from sana_desktop.reports.sql.title import title_of
from sana_desktop.store.paths import Paths

log = logging.getLogger(__name__)

ENDED_JOB = frozenset({JobState.FAILED, JobState.GONE, JobState.SUBMIT_UNKNOWN, JobState.PAUSED, JobState.STOPPED})
"""Nobody is there to act on a pause, so it is the end here."""
ENDED_TRANSFER = frozenset({TransferState.DONE, TransferState.FAILED, TransferState.LINK_ENDED, TransferState.PAUSED})
GIVEN_UP_TRANSFER = OPEN_TRANSFERS | {TransferState.PAUSED}
"""States from which a window that is opened later would go on by itself."""


def run(command: ExportCommand, paths: Paths, open_services: OpenServices) -> int:
    """Export, print the result and return the exit code of BEHAVIOUR.md."""
    progress = progress_for(command.quiet)
    answer: dict[str, object] | None = None
    try:
        ctrl_c.let_go()
        asked = read_request(command)
        if asked.doubt:
            progress.say(asked.doubt)
        paths.ensure()
        with contextlib.ExitStack() as stack:
            with interruption.held_back():
                runner = stack.enter_context(asyncio.Runner())  # half a loop complains when it is thrown away
            answer = runner.run(_opened(command, asked, open_services, progress))
    except SanaError as error:
        answer = outcome.failure_of(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        answer = answer or outcome.failure("cancelled", interruption.WORDS)
    except Exception:
        log.exception("the export ended by a fault of its own")
        answer = outcome.failure("internal", "The export stopped by a fault of its own. The log says more.")
    finally:
        progress.close()
    return outcome.report(answer, as_json=command.json)


async def _opened(
    command: ExportCommand, asked: Asked, open_services: OpenServices, progress: Progress
) -> dict[str, object]:
    deadline = asyncio.get_running_loop().time() + command.timeout_seconds
    answer: dict[str, object] | None = None
    try:
        async with open_services() as services:
            # Whether it can be written is clear before anything is ordered, and soon (P11).
            await services.database.write(lambda _: None, patience_seconds=0.0)
            for notice in services.open_report.notices:
                progress.say(notice.words)
            if services.open_report.rescan and (words := (await rescan(services)).words()) is not None:
                progress.say(words)
            login = find_login(command, asked, services.book, os.environ)
            answer = await Export(command, asked, login, services, progress, deadline).run()
    except (asyncio.CancelledError, SanaError):
        # What goes wrong while everything is put away does not change what came of the export.
        if answer is None:
            raise
        log.warning("closing was cut short")
    return answer


class Export:
    """One export: orders, waits for both services, and tidies up if it fails.

    Args:
        deadline: when the whole export must be over, in the loop's time.
    """

    def __init__(
        self,
        command: ExportCommand,
        asked: Asked,
        login: Login,
        services: Services,
        progress: Progress,
        deadline: float,
    ) -> None:
        self._command = command
        self._asked = asked
        self._login = login
        self._services = services
        self._progress = progress
        self._deadline = deadline
        self._since = services.clock.now() - timedelta(seconds=command.timeout_seconds)
        self._job: JobRecord | None = None
        self._transfer: TransferRecord | None = None
        self._refusal: Exception | None = None
        self._ended = asyncio.Event()

    async def run(self) -> dict[str, object]:
        """Return the object of BEHAVIOUR.md, of success or of failure.

        Raises:
            SanaError: before anything was ordered.
        """
        connection = self._login.connection
        if self._login.credentials is not None:
            if self._services.book.get(connection.id) is None:
                self._services.book.lend(connection)
            self._services.clients.give_credentials(connection.id, self._login.credentials)
        unsubscribe = [
            self._services.queue.changed.subscribe(self._job_changed),
            self._services.downloads.changed.subscribe(self._transfer_changed),
            self._services.downloads.progressed.subscribe(self._progress.live),
        ]
        beginning: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout_at(self._deadline):
                order = await self._order()
                # Let come to its end: cut in the middle it could leave an order on disk that a window sends later.
                beginning = self._services.supervisor.start("begin", self._begin(order))
                await self._ended.wait()
        except TimeoutError:
            return await self._give_up(beginning, in_time=False)
        except asyncio.CancelledError:
            return await self._give_up(beginning, in_time=True)
        finally:
            for end in unsubscribe:
                end()
        return await self._result()

    async def _order(self) -> Order:
        """Return what is to be ordered, once it is clear that its file can be written."""
        order = Order(
            self._login.connection.id, title_of(self._asked.sql) or "report", self._asked.sql, self._asked.format
        )
        if self._command.out is None:
            # Named by the rule, once the site has given the report its number (B5).
            folder = Path.cwd()
            await asyncio.to_thread(check_target, folder / f"report.{order.format.value}", True)
            return replace(order, folder=str(folder))
        target = self._command.out.expanduser().absolute()
        order = replace(order, target=str(target), overwrite=self._command.overwrite)
        try:
            await asyncio.to_thread(check_target, target, order.overwrite)
        except StorageError as error:
            if error.code != "E-FILE-EXISTS" or not await leftovers.is_own_file(
                self._services.ledger, order, self._since
            ):
                raise
        return order

    async def _begin(self, order: Order) -> None:
        """Go on with the same export if it was killed, else order anew: a report is not ordered twice for one wish."""
        try:
            earlier = await self._left_behind(order)
            if earlier is None:
                self._job_changed(await self._services.queue.order(order))
                return
            self._progress.say("Going on with the same export, which was interrupted; it is not ordered again.")
            self._job_changed(earlier)
            await self._services.downloads.restore()
            stored = await self._services.ledger.transfer_of(earlier.id)
            if stored is not None and stored.state is TransferState.PAUSED:
                await self._services.downloads.retry(stored.id)
        except Exception as error:
            self._refusal = error
            self._ended.set()

    async def _left_behind(self, order: Order) -> JobRecord | None:
        earlier = await self._services.queue.take_over(order, self._since)
        if earlier is not None:
            return earlier
        if order.target is not None:
            # Once more: a file there may have been let pass as what a killed run left.
            await asyncio.to_thread(check_target, Path(order.target), order.overwrite)
        return None

    def _job_changed(self, record: JobRecord) -> None:
        if self._job is not None and record.id != self._job.id:
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
        # Nobody is there to make room (D01) or to close the program that holds the file (D06), either.
        held_up = record.state in {TransferState.WAITING, TransferState.FINALIZING} and record.error_kind == "file"
        if record.state in ENDED_TRANSFER or held_up:
            self._ended.set()

    async def _result(self) -> dict[str, object]:
        job, transfer = self._job, self._transfer
        if job is not None and transfer is not None and transfer.state is TransferState.DONE:
            # The file is in place; the rows of a large one are counted after that, and belong to the answer.
            transfer = await self._services.downloads.counted(transfer.id)
            for words in (*transfer.notices, *(("The report has no rows.",) if transfer.is_empty else ())):
                self._progress.say(words)
            return outcome.success(job, transfer)
        await self._tidy_up()
        if isinstance(self._refusal, SanaError):
            return outcome.failure_of(self._refusal)
        if self._refusal is not None:
            raise self._refusal
        failed = transfer if transfer is not None and transfer.error_message else job
        if job is None or failed is None or not failed.error_kind:
            raise RuntimeError("an export ended without a reason")
        # A job that is gone after it was ready is a link that can't be renewed.
        lost_link = failed is job and transfer is not None and job.state is JobState.GONE
        kind = LinkError.kind if lost_link else failed.error_kind
        message = outcome.told(failed.error_code, failed.error_message, failed.error_next_step)
        return outcome.failure(kind, message, failed.error_http_status, job.job_id)

    async def _give_up(self, beginning: asyncio.Task[None] | None, *, in_time: bool) -> dict[str, object]:
        """Return why it ended early: by an interruption while there was time, or because there is none left."""
        if beginning is not None:
            await asyncio.wait([beginning])
        sending = self._job is not None and self._job.state is JobState.SUBMITTING
        left = _what_is_left(self._job)
        await asyncio.shield(self._tidy_up())
        job_id = self._job.job_id if self._job is not None else None
        if in_time:
            unsure = "It was just being ordered, so the site may make the report all the same."
            words = outcome.joined(interruption.WORDS, unsure if sending else left)
            return outcome.failure("cancelled", words, None, job_id)
        error: SanaError = _too_late(self._command.timeout_seconds, left)
        if isinstance(self._refusal, SanaError):
            error = self._refusal  # the reason why it took so long, such as a database that another program holds
        elif sending:
            # Sent, and no answer in the time given: whoever tries again must know that it may be there already (B7).
            error = submit_unknown(detail=error.message)
        return outcome.failure(error.kind, outcome.sentence(error), error.http_status, job_id)

    async def _tidy_up(self) -> None:
        """Leave nothing beside the target and nothing that a window would go on with: this wish is over."""
        await self._services.downloads.stop()
        if self._job is None:
            return
        if self._job.state in OPEN_STATES:
            await self._services.queue.stop_watching(self._job.id)
        elif self._job.state is JobState.READY:
            await self._close_transfer(self._job)

    async def _close_transfer(self, job: JobRecord) -> None:
        ledger, now = self._services.ledger, self._services.clock.now()
        record = await ledger.transfer_of(job.id)
        if record is None or record.state not in GIVEN_UP_TRANSFER:
            return
        why = {} if record.error_message else {"error_code": "E-STOPPED", "error_message": interruption.WORDS}
        await ledger.save_transfer(forgotten(record).moved(TransferState.FAILED, now, **why))


def _what_is_left(job: JobRecord | None) -> str:
    """Return what an export that ends early leaves at the site, and what another run does: it takes nothing over."""
    if job is None or job.job_id is None:
        return "Nothing was ordered."
    if job.state is JobState.READY:
        return "The report was ready, its file was not complete and is removed. Running it again orders it anew."
    return (
        "The site may go on preparing the report; nothing watches it here any more, and the window lists it as"
        " “Not watched”. Running it again orders it anew."
    )


def _too_late(seconds: float, left: str) -> NetworkError:
    return NetworkError(
        "The report was not complete after {seconds} s, the time this export was given.",
        code="E-TIMEOUT",
        next_step=f"Give it more with --timeout. {left}",
        values={"seconds": f"{seconds:g}"},
    )
