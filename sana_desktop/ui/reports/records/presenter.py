"""Stands between the panels and the services: rows follow the records, and what is pressed becomes an act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import one_line
from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord
from sana_desktop.ui import desktop, dialogs
from sana_desktop.ui.models.downloads import DownloadsModel
from sana_desktop.ui.models.jobs import JobsModel
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.file_acts import (
    Acts,
    Downloads,
    FileActs,
    new_run_question,
    remove_question,
    site_missing_question,
)
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.records.missing_files import MissingFiles
from sana_desktop.ui.reports.records.removals import Removals
from sana_desktop.ui.reports.table.actions import JobAction, job_acts
from sana_desktop.ui.reports.words import report_words, state_words
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 60
TICK_MS = 1_000
"""One shared ticker for all clocks and countdowns."""


class Jobs(Protocol):
    """What the panel needs of `reports.queue.JobQueue`."""

    async def check_now(self, identity: str) -> None: ...

    async def stop_watching(self, identity: str) -> None: ...

    async def keep_watching(self, identity: str) -> None: ...

    async def run_again(self, identity: str, *, click: str = "") -> JobRecord: ...

    def can_order_anew(self, record: JobRecord) -> bool: ...

    async def order_again(self, identity: str) -> JobRecord: ...

    async def remove(self, identity: str) -> None: ...

    async def timeline(self, identity: str) -> list[Any]: ...

    def typical(self, record: JobRecord) -> tuple[float, float] | None: ...

    def attend(self, identities: set[str]) -> None: ...


class RecordsPresenter(QObject):
    """Wires both panels.

    Args:
        jobs: the queue. downloads: the download manager.
        show_sql: puts the SQL of a job into the editor.
        sign_in: leads to where the connection of a job can be signed in to; told its id and the code of what is wrong.
        connect: leads to where the forgotten site of a job can be connected again.
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
        sign_in: Callable[[str, str], None],
        connect: Callable[[JobRecord], None],
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
        self._show_sql = show_sql
        self._sign_in = sign_in
        self._connect = connect
        self._say = say
        self._window = window
        self._detailed = ""
        self._details_old = False
        self._acts = Acts(supervisor, say)
        self._files = MissingFiles(downloads_panel, downloads, supervisor, self._files_of_jobs)
        self._removals = Removals(
            jobs_panel, downloads_panel, supervisor, forget_job=jobs.remove, forget_file=downloads.remove, say=say
        )
        self._file_acts = FileActs(
            downloads_panel,
            downloads,
            self._files,
            self._acts,
            run_again=self._ask_and_run_again,
            remove=self._removals.remove_file,
            say=say,
            window=window,
        )
        jobs_panel.requested.connect(self._job_requested)
        jobs_panel.table.refused.connect(self._job_refused)
        downloads_panel.table.refused.connect(self._download_refused)
        jobs_panel.details_wanted.connect(self._details_wanted)
        jobs_panel.details.copied.connect(lambda: say(tr("jobs", "The details are on the clipboard."), "quiet"))
        jobs_panel.details.run_again_wanted.connect(lambda job: self._job_requested(JobAction.RUN_AGAIN, job))
        jobs_panel.details.go_on_wanted.connect(self._job_requested)
        jobs_panel.details.file_act_wanted.connect(self._file_acts.requested)
        jobs_panel.details.change_wanted.connect(lambda job: self._job_requested(JobAction.SHOW_SQL, job))
        self._ticker = QTimer(self)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()

    def show_earlier(self, jobs: list[JobRecord], transfers: list[TransferRecord]) -> None:
        """Fill both tables with what earlier sessions left; from now on an empty one is known to be empty."""
        self._jobs_model.know_files(transfers)
        self._jobs_model.add_earlier(jobs)
        self._downloads_model.add_earlier(transfers)
        self._jobs_panel.arrived()
        self._downloads_panel.arrived()

    def show_older(self, jobs: list[JobRecord], transfers: list[TransferRecord]) -> None:
        """Put more of earlier sessions below."""
        self._jobs_model.know_files(transfers)
        self._jobs_model.add_earlier(jobs)
        self._downloads_model.add_earlier(transfers)

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        if self._removals.note_job(record):
            return
        self._jobs_model.put(record)
        if record.id == self._detailed:
            self._refresh_details()

    def job_removed(self, job: str) -> None:
        """A job was forgotten, and with it the row of its download."""
        self._jobs_model.remove(job)
        if (file := self._jobs_model.file_of(job)) is not None:
            self._jobs_model.forget_file(job)
            self._downloads_model.remove(file.id)
        if job == self._detailed:
            self._details_wanted(None)

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        if self._removals.note_file(record):
            return
        self._downloads_model.put(record)
        self._jobs_model.show_file(record)
        self._files.transfer_changed(record)
        if record.job == self._detailed:
            self._refresh_details()

    def progressed(self, progress: TransferProgress) -> None:
        """More of a file has arrived."""
        self._downloads_model.progress(progress)
        if (record := self._downloads_model.find(progress.id)) is not None:
            self._jobs_model.show_progress(record.job, progress)

    def transfer_removed(self, transfer: str) -> None:
        """A download was taken off the list."""
        record = self._downloads_model.find(transfer)
        job = record.job if record is not None else self._removals.job_of_file(transfer)
        if job is not None:
            self._downloads_model.remove(transfer)
            self._jobs_model.forget_file(job)
            if job == self._detailed:
                self._refresh_details()

    async def finish(self) -> None:
        """Let what was removed be gone for good: the app is being closed."""
        await self._removals.finish()

    def listed(self) -> list[tuple[JobRecord, TransferRecord | None]]:
        """Return the jobs in the list, each with its download if there is one, newest first."""
        return [(record, self._jobs_model.file_of(record.id)) for record in self._jobs_model.records()]

    def job(self, job: str) -> JobRecord | None:
        """Return a listed job by its local id."""
        return self._jobs_model.find(job)

    def check_current(self) -> None:
        """Check the job of the current row now; with no row, every job under way is looked at in its turn."""
        row = self._jobs_panel.table.currentIndex().row()
        if row < 0:
            return
        record = self._jobs_model.record(row)
        if any(act.name == JobAction.CHECK_NOW for act in job_acts(record)):
            self._job_requested(JobAction.CHECK_NOW, record.id)
        else:
            self._job_refused(tr("jobs", "Check now"), record.id)

    def reveal_job(self, job: str) -> None:
        """Make a job the current row and bring it into sight."""
        self.mark_job(job)
        if self._jobs_model.row_of(job) is not None:
            self._jobs_panel.table.setFocus()

    def mark_job(self, job: str) -> None:
        """Make a job the current row; the focus stays where the person is typing."""
        if self._jobs_model.row_of(job) is None and self._jobs_model.find(job) is not None:
            self._jobs_panel.filter.clear()  # it is what the person wants to see now
        row = self._jobs_model.row_of(job)
        if row is not None:
            self._jobs_panel.table.setCurrentIndex(self._jobs_model.index(row, 0))

    # -- jobs

    def _job_requested(self, name: str, job: str) -> None:
        record = self.job(job)
        if record is None:
            return
        match JobAction(name):
            case JobAction.CHECK_NOW | JobAction.WATCH_AGAIN:
                self._acts.begin(name, job, self._jobs.check_now(job))
            case JobAction.KEEP_WATCHING:
                self._acts.begin(name, job, self._jobs.keep_watching(job))
            case JobAction.STOP_WATCHING:
                self._acts.begin(name, job, self._jobs.stop_watching(job))
            case JobAction.RUN_AGAIN:
                title = report_words.report_name(record.order, NAME_CHARACTERS)
                self._acts.begin(name, job, self._ask_and_run_again(job, tr("jobs", "“{title}”", title=title)))
            case JobAction.ORDER_AGAIN:
                self._acts.begin(name, job, self._order_again(job))
            case JobAction.SIGN_IN:
                self._sign_in(record.order.connection_id, record.error_code)
            case JobAction.SHOW_SQL:
                self._show_sql(record)
            case JobAction.COPY_ID:
                desktop.copy_text(record.job_id or "")
                self._say(tr("jobs", "The job id is on the clipboard."), "quiet")
            case JobAction.DETAILS:
                self._details_wanted(None if self._detailed == job else job)
            case JobAction.REMOVE:
                self._acts.begin(name, job, self._remove_job(record))

    def _job_refused(self, act: str, job: str) -> None:
        if (record := self.job(job)) is not None:
            state = report_words.report_words(record, self._jobs_model.file_of(job)).word
            self._say(_refusal(act, report_words.report_name(record.order, NAME_CHARACTERS), state), "quiet")

    def _download_refused(self, act: str, transfer: str) -> None:
        if (record := self._downloads_model.find(transfer)) is not None:
            name = one_line(record.name, NAME_CHARACTERS)
            self._say(_refusal(act, name, state_words.transfer_words(record).word), "quiet")

    async def _remove_job(self, record: JobRecord) -> None:
        # An auditor may ask for it.
        words = tr(
            "jobs",
            "It was ordered {time}. Its story, its check number and its line under Downloads go with it, for good "
            "after 10 seconds. A finished file stays where it is.",
            time=report_words.exact(record.created_at),
        )
        title = tr("jobs", "Remove “{title}” from the list?", title=record.order.title)
        if await remove_question(self._window, title, words):
            self._removals.remove_job(self.job(record.id) or record)
            if record.id == self._detailed:
                self._details_wanted(None)

    async def _ask_and_run_again(self, job: str, name: str) -> None:
        # The buttons of a row come under a mouse that rests on its words.
        if await self._is_connected(job) and await new_run_question(self._window, name):
            record = await self._jobs.run_again(job)
            self.job_changed(record)
            self.mark_job(record.id)

    async def _is_connected(self, job: str) -> bool:
        """Return whether the site of a job is there to order at; where it was forgotten, offer to connect it again."""
        record = self.job(job)
        if record is None or self._jobs.can_order_anew(record):
            return True
        if await site_missing_question(self._window, record.site_name, record.site_address):
            self._connect(record)
        return False

    async def _order_again(self, job: str) -> None:
        if not await self._is_connected(job):
            return
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
            if (file := self._jobs_model.file_of(self._detailed)) is not None:
                self._acts.begin("look at the file", file.id, self._files.check(file.id))
            self._refresh_details()
        else:
            self._jobs_panel.hide_details()

    def _files_of_jobs(self) -> list[TransferRecord]:
        """Return the downloads of the jobs in sight: what their rows say of them must be true, too."""
        first, last = self._jobs_panel.table.rows_in_sight()
        files = (self._jobs_model.file_of(self._jobs_model.record(row).id) for row in range(first, last + 1))
        return [file for file in files if file is not None]

    def _refresh_details(self) -> None:
        self._details_old = True
        self._acts.begin("details", "", self._load_details())

    async def _load_details(self) -> None:
        # A change that comes while the story is read makes it old: it is read again by this same round.
        while self._details_old and self._detailed:
            self._details_old = False
            job = self._detailed
            story = await self._jobs.timeline(job)
            record = self.job(job)
            if record is None or job != self._detailed:
                continue
            self._jobs_panel.details.show_job(record, story, self._jobs_model.file_of(job), self._jobs.typical(record))
            self._jobs_panel.show_details()

    # -- inside

    def _tick(self) -> None:
        if not self._window.isVisible() or self._window.isMinimized():
            self._jobs.attend(set())
            return
        first, last = self._jobs_panel.table.rows_in_sight()
        self._jobs_model.tick(first, last)
        self._jobs.attend({self._jobs_model.record(row).id for row in range(first, last + 1)})
        self._downloads_model.tick(*self._downloads_panel.table.rows_in_sight())
        self._files.look()


def _refusal(act: str, name: str, state: str) -> str:
    words = "“{act}” can't be done now: the state of “{name}” is “{state}”."
    return tr("records", words, act=act.removesuffix("…"), name=name, state=state)
