"""Stands between the panels and the services: rows follow the records, and what is pressed becomes an act."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.job import JobRecord
from sana_desktop.reports.transfer import TransferRecord, TransferState
from sana_desktop.ui import desktop, dialogs
from sana_desktop.ui.models.downloads import DownloadsModel
from sana_desktop.ui.models.jobs import JobsModel
from sana_desktop.ui.reports.actions import DownloadAction, JobAction
from sana_desktop.ui.reports.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.jobs_panel import JobsPanel
from sana_desktop.ui.reports.missing_files import MissingFiles
from sana_desktop.ui.tr import error_words, tr

TICK_MS = 1_000
"""One shared ticker for all clocks and countdowns."""


class Jobs(Protocol):
    """What the panel needs of `reports.queue.JobQueue`."""

    async def check_now(self, identity: str) -> None: ...

    async def stop_watching(self, identity: str) -> None: ...

    async def run_again(self, identity: str, *, click: str = "") -> JobRecord: ...

    async def order_again(self, identity: str) -> JobRecord: ...

    async def remove(self, identity: str) -> None: ...

    async def timeline(self, identity: str) -> list[Any]: ...

    def typical(self, record: JobRecord) -> tuple[float, float] | None: ...

    def attend(self, identities: set[str]) -> None: ...


class Downloads(Protocol):
    """What the panel needs of `reports.download.DownloadManager`."""

    async def pause(self, identity: str) -> None: ...

    async def resume(self, identity: str, *, allow_large: bool = False) -> None: ...

    async def verify(self, identity: str) -> TransferRecord: ...

    async def remove(self, identity: str) -> None: ...

    async def move_to(self, identity: str, folder: Path) -> None: ...

    async def missing(self, identity: str) -> bool: ...

    async def locate(self, identity: str, path: Path) -> bool: ...


class RecordsPresenter(QObject):
    """Wires both panels.

    Args:
        jobs: the queue. downloads: the download manager.
        show_sql: puts the SQL of a job into the editor.
        sign_in: leads to where the connection of a job can be signed in to.
        say: a sentence for the status line, with a tone.
        window: parent of dialogs.
    """

    def __init__(
        self,
        jobs_panel: JobsPanel,
        downloads_panel: DownloadsPanel,
        jobs: Jobs,
        downloads: Downloads,
        supervisor: Supervisor,
        *,
        show_sql: Callable[[JobRecord], None],
        sign_in: Callable[[str], None],
        say: Callable[[str, str], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._jobs_panel = jobs_panel
        self._downloads_panel = downloads_panel
        self._jobs_model: JobsModel = jobs_panel.model
        self._downloads_model: DownloadsModel = downloads_panel.model
        self._jobs = jobs
        self._downloads = downloads
        self._supervisor = supervisor
        self._show_sql = show_sql
        self._sign_in = sign_in
        self._say = say
        self._window = window
        self._detailed = ""
        self._details_old = False
        self._file_of: dict[str, str] = {}
        self._files = MissingFiles(downloads_panel, downloads, supervisor)
        jobs_panel.requested.connect(self._job_requested)
        jobs_panel.details_wanted.connect(self._details_wanted)
        downloads_panel.requested.connect(self._download_requested)
        self._ticker = QTimer(self)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()

    def show_earlier(self, jobs: list[JobRecord], transfers: list[TransferRecord]) -> None:
        """Fill both tables with what earlier sessions left."""
        self._jobs_model.fill(jobs)
        self._downloads_model.fill(transfers)
        self._file_of = {record.job: record.id for record in transfers}

    def show_older(self, jobs: list[JobRecord], transfers: list[TransferRecord]) -> None:
        """Put more of earlier sessions below."""
        self._jobs_model.add_earlier(jobs)
        self._downloads_model.add_earlier(transfers)
        self._file_of = {record.job: record.id for record in transfers} | self._file_of

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        self._jobs_model.put(record)
        if record.id == self._detailed:
            self._refresh_details()

    def job_removed(self, job: str) -> None:
        """A job was forgotten, and with it the row of its download."""
        self._jobs_model.remove(job)
        if (transfer := self._file_of.pop(job, None)) is not None:
            self._downloads_model.remove(transfer)
        if job == self._detailed:
            self._details_wanted(None)

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        self._file_of[record.job] = record.id
        self._downloads_model.put(record)
        self._files.transfer_changed(record)
        if record.job == self._detailed and record.state is TransferState.DONE:
            self._refresh_details()

    def transfer_removed(self, transfer: str) -> None:
        """A download was taken off the list."""
        row = self._downloads_model.row_of(transfer)
        if row is not None:
            self._file_of.pop(self._downloads_model.record(row).job, None)
            self._downloads_model.remove(transfer)

    def job(self, job: str) -> JobRecord | None:
        """Return a listed job by its local id."""
        row = self._jobs_model.row_of(job)
        return None if row is None else self._jobs_model.record(row)

    def check_current(self) -> None:
        """Check the job of the current row now; with no row, every job under way is looked at in its turn."""
        row = self._jobs_panel.table.currentIndex().row()
        if row >= 0:
            self._job_requested(JobAction.CHECK_NOW, self._jobs_model.record(row).id)

    def reveal_job(self, job: str) -> None:
        """Make a job the current row and bring it into sight."""
        self.mark_job(job)
        if self._jobs_model.row_of(job) is not None:
            self._jobs_panel.table.setFocus()

    def mark_job(self, job: str) -> None:
        """Make a job the current row; the focus stays where the person is typing."""
        row = self._jobs_model.row_of(job)
        if row is not None:
            self._jobs_panel.table.setCurrentIndex(self._jobs_model.index(row, 0))

    # -- jobs

    def _job_requested(self, name: str, job: str) -> None:
        row = self._jobs_model.row_of(job)
        if row is None:
            return
        record = self._jobs_model.record(row)
        match JobAction(name):
            case JobAction.CHECK_NOW | JobAction.WATCH_AGAIN:
                self._do(name, job, self._jobs.check_now(job))
            case JobAction.STOP_WATCHING:
                self._do(name, job, self._jobs.stop_watching(job))
            case JobAction.RUN_AGAIN:
                self._do(name, job, self._run_again(job))
            case JobAction.ORDER_AGAIN:
                self._do(name, job, self._order_again(job))
            case JobAction.SIGN_IN:
                self._sign_in(record.order.connection_id)
            case JobAction.SHOW_SQL:
                self._show_sql(record)
            case JobAction.COPY_ID:
                desktop.copy_text(record.job_id or "")
                self._say(tr("jobs", "The job id is on the clipboard."), "quiet")
            case JobAction.DETAILS:
                self._details_wanted(None if self._detailed == job else job)
            case JobAction.REMOVE:
                self._do(name, job, self._remove_job(record))

    async def _remove_job(self, record: JobRecord) -> None:
        # An auditor may ask for it, and it can't be brought back.
        words = tr("jobs", "Its story and its line under Downloads go with it. A finished file stays where it is.")
        if await self._sure(tr("jobs", "Remove “{title}” from the list?", title=record.order.title), words):
            await self._jobs.remove(record.id)

    async def _remove_download(self, record: TransferRecord) -> None:
        done = record.state is TransferState.DONE
        kept = tr("downloads", "The file stays where it is; its check number is forgotten.")
        lost = tr("downloads", "What has arrived of it is deleted.")
        if await self._sure(tr("downloads", "Remove {name} from the list?", name=record.name), kept if done else lost):
            await self._downloads.remove(record.id)

    async def _sure(self, title: str, text: str) -> bool:
        return await dialogs.sure(self._window, title, text, tr("jobs", "Remove from list"), tr("jobs", "Keep it"))

    async def _run_again(self, job: str) -> None:
        record = await self._jobs.run_again(job)
        self.job_changed(record)
        self.mark_job(record.id)

    async def _order_again(self, job: str) -> None:
        again = dialogs.Answer("again", tr("jobs", "Order again"), "danger")
        keep = dialogs.Answer("keep", tr("jobs", "Leave it"), "primary")
        question = dialogs.Question(
            tr("jobs", "Order this report again?"),
            tr(
                "jobs",
                "I asked for the report but got no answer. It may have started. Asking again could start it twice; "
                "each run is kept apart, nothing is overwritten.",
            ),
            [again, keep],
            safe="keep",
        )
        if await dialogs.ask(self._window, question) == "again":
            record = await self._jobs.order_again(job)
            self.job_changed(record)
            self.mark_job(record.id)

    def _details_wanted(self, job: object) -> None:
        self._detailed = job if isinstance(job, str) else ""
        if self._detailed:
            self._refresh_details()
        else:
            self._jobs_panel.hide_details()

    def _refresh_details(self) -> None:
        self._details_old = True
        self._do("details", "", self._load_details())

    async def _load_details(self) -> None:
        # A change that comes while the story is read makes it old: it is read again by this same round.
        while self._details_old and self._detailed:
            self._details_old = False
            job = self._detailed
            story = await self._jobs.timeline(job)
            record = self.job(job)
            if record is None or job != self._detailed:
                continue
            self._jobs_panel.details.show_job(record, story, self._file_record(job), self._jobs.typical(record))
            self._jobs_panel.show_details()

    def _file_record(self, job: str) -> TransferRecord | None:
        row = self._downloads_model.row_of(self._file_of.get(job, ""))
        return None if row is None else self._downloads_model.record(row)

    # -- downloads

    def _download_requested(self, name: str, transfer: str) -> None:
        row = self._downloads_model.row_of(transfer)
        if row is None:
            return
        record = self._downloads_model.record(row)
        path = Path(record.folder) / record.name
        match DownloadAction(name):
            case DownloadAction.OPEN:
                self._do(name, transfer, self._open(record, path))
            case DownloadAction.SHOW_IN_FOLDER:
                self._do(name, transfer, self._show_in_folder(record, path))
            case DownloadAction.COPY_PATH:
                desktop.copy_text(str(path))
                self._say(tr("downloads", "The path is on the clipboard."), "quiet")
            case DownloadAction.COPY_FILE:
                self._say(tr("downloads", "The file is on the clipboard: paste it into a mail or a folder."), "quiet")
            case DownloadAction.COPY_HASH:
                desktop.copy_text(f"SHA-256 {record.sha256}  {record.name}")
                self._say(tr("downloads", "The check number is on the clipboard."), "quiet")
            case DownloadAction.VERIFY:
                self._do(name, transfer, self._verify(record, path))
            case DownloadAction.LOCATE:
                self._do(name, transfer, self._locate(record))
            case DownloadAction.PAUSE:
                self._do(name, transfer, self._downloads.pause(transfer))
            case DownloadAction.RESUME:
                self._do(name, transfer, self._resume(record))
            case DownloadAction.OTHER_FOLDER:
                self._do(name, transfer, self._other_folder(record))
            case DownloadAction.RUN_AGAIN:
                self._do(name, transfer, self._run_again(record.job))
            case DownloadAction.REMOVE:
                self._do(name, transfer, self._remove_download(record))

    async def _open(self, record: TransferRecord, path: Path) -> None:
        size = await asyncio.to_thread(desktop.file_size, path)
        await self._files.check(record.id)
        if size is None:
            self._say_gone(path)
            return
        if size != record.received:
            # U13: what is opened must be what was checked, or the person must know.
            stop = dialogs.Answer("stop", tr("downloads", "Leave it closed"), "primary")
            go_on = dialogs.Answer("open", tr("downloads", "Open anyway"))
            question = dialogs.Question(
                tr("downloads", "This file was changed since it was downloaded"),
                tr("downloads", "Its length is not the one that was checked. Run the report again for the original."),
                [go_on, stop],
                safe="stop",
            )
            if await dialogs.ask(self._window, question) != "open":
                return
        if not desktop.open_file(path):
            self._say(tr("downloads", "This computer has no program for {name}.", name=record.name), "warn")

    async def _show_in_folder(self, record: TransferRecord, path: Path) -> None:
        await self._files.check(record.id)
        if not await asyncio.to_thread(path.parent.is_dir):
            self._say(tr("downloads", "The folder is gone: {path}", path=path.parent), "warn")
        elif not desktop.show_in_folder(path):
            self._say(tr("downloads", "The folder could not be opened: {path}", path=path.parent), "warn")

    async def _verify(self, record: TransferRecord, path: Path) -> None:
        if await asyncio.to_thread(desktop.file_size, path) is None:
            await self._files.check(record.id)
            self._say_gone(path)
            return
        found = await self._downloads.verify(record.id)
        if found.verified_ok:
            self._say(tr("downloads", "Unchanged: {name} is the file that was downloaded.", name=found.name), "good")
        else:
            self._say(tr("downloads", "Changed: {name} is not the file that was downloaded.", name=found.name), "bad")

    async def _locate(self, record: TransferRecord) -> None:
        title = tr("downloads", "Where is {name} now?", name=record.name)
        path = await dialogs.choose_open_file(self._window, title, Path(record.folder))
        if path is None:
            return
        if await self._downloads.locate(record.id, path):
            self._say(tr("downloads", "Found: {name} is the file that was downloaded.", name=path.name), "good")
        else:
            self._say(tr("downloads", "{name} is another file; nothing was changed.", name=path.name), "warn")

    def _say_gone(self, path: Path) -> None:
        self._say(tr("downloads", "The file was moved or deleted: {path}", path=path), "warn")

    async def _resume(self, record: TransferRecord) -> None:
        await self._downloads.resume(record.id, allow_large=record.error_code == "E-DL-LARGE")

    async def _other_folder(self, record: TransferRecord) -> None:
        folder = await dialogs.choose_folder(
            self._window, tr("downloads", "Where should the file go?"), Path(record.folder)
        )
        if folder is not None:
            await self._downloads.move_to(record.id, folder)

    # -- inside

    def _do(self, name: str, identity: str, work: Coroutine[Any, Any, Any]) -> None:
        if self._supervisor.start(name, self._told(work), key=f"{name} {identity}") is None:
            work.close()

    async def _told(self, work: Awaitable[Any]) -> None:
        try:
            await work
        except SanaError as error:
            _, sentence, step = error_words(error)
            self._say(f"{sentence} {step}".strip(), "warn")

    def _tick(self) -> None:
        if not self._window.isVisible() or self._window.isMinimized():
            self._jobs.attend(set())
            return
        first, last = self._jobs_panel.table.rows_in_sight()
        self._jobs_model.tick(first, last)
        self._jobs.attend({self._jobs_model.record(row).id for row in range(first, last + 1)})
        self._downloads_model.tick(*self._downloads_panel.table.rows_in_sight())
        self._files.look()
