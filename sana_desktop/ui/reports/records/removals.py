"""What was taken off the lists: out of sight at once, and gone for good only when nobody wanted it back (B40)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.records.undo_bar import UndoBar
from sana_desktop.ui.reports.words.report_words import report_name
from sana_desktop.ui.tr import error_text, tr

Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Gone:
    """One act: a job with the download that went with it, or a download alone."""

    job: JobRecord | None
    file: TransferRecord | None

    @property
    def name(self) -> str:
        if self.job is not None:
            return report_name(self.job.order)
        return self.file.name if self.file is not None else ""


class Removals(QObject):
    """Keeps what was removed until its time is over.

    Args:
        forget_job, forget_file: take a job, or a download, away for good, by its id.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        jobs: JobsPanel,
        downloads: DownloadsPanel,
        supervisor: Supervisor,
        *,
        forget_job: Forget,
        forget_file: Forget,
        say: Callable[[str, str], None],
    ) -> None:
        super().__init__(jobs)
        self._jobs = jobs.model
        self._downloads = downloads.model
        self._tables = {True: jobs.table, False: downloads.table}
        self._supervisor = supervisor
        self._forget_job = forget_job
        self._forget_file = forget_file
        self._say = say
        self._gone: list[_Gone] = []
        self._bars = {True: UndoBar("jobsUndo"), False: UndoBar("downloadsUndo")}
        for of_jobs, panel in ((True, jobs), (False, downloads)):
            panel.takes_back = self
            bar, layout = self._bars[of_jobs], panel.layout()
            if layout is not None:
                layout.addWidget(bar)
            bar.undo_wanted.connect(lambda of_jobs=of_jobs: self.undo(of_jobs))
            bar.over.connect(lambda of_jobs=of_jobs: self._over(of_jobs))

    def remove_job(self, record: JobRecord) -> None:
        """Take a job and the row of its download out of sight."""
        file = self._jobs.file_of(record.id)
        self._gone.append(_Gone(record, file))
        self._jobs.remove(record.id)
        if file is not None:
            self._downloads.remove(file.id)
        self._offer(True)

    def remove_file(self, record: TransferRecord) -> None:
        """Take a download out of sight."""
        self._gone.append(_Gone(None, record))
        self._downloads.remove(record.id)
        self._offer(False)

    def note_job(self, record: JobRecord) -> bool:
        """A job changed; return whether it is out of sight, and is to stay so."""
        at = next((n for n, one in enumerate(self._gone) if one.job is not None and one.job.id == record.id), None)
        if at is not None:
            self._gone[at] = replace(self._gone[at], job=record)
        return at is not None

    def note_file(self, record: TransferRecord) -> bool:
        """A download changed; return whether it is out of sight, and is to stay so."""
        at = next((n for n, one in enumerate(self._gone) if _holds(one, record)), None)
        if at is not None:
            self._gone[at] = replace(self._gone[at], file=record)
        return at is not None

    def job_of_file(self, transfer: str) -> str | None:
        """Return the job of a download that is out of sight; None if it is not."""
        return next((one.file.job for one in self._gone if one.file is not None and one.file.id == transfer), None)

    def can_undo(self) -> bool:
        """Return whether something can still come back."""
        return any(not bar.isHidden() for bar in self._bars.values())

    def undo_last(self) -> None:
        """Bring back what was removed from the list that something was removed from last."""
        offered = [of_jobs for one in self._gone if not self._bars[of_jobs := one.job is not None].isHidden()]
        if offered:
            self.undo(offered[-1])

    def undo(self, of_jobs: bool) -> None:
        """Bring back what was removed from a list, all that can still come back."""
        back = [one for one in self._gone if (one.job is not None) is of_jobs]
        self._gone = [one for one in self._gone if (one.job is not None) is not of_jobs]
        self._bars[of_jobs].withdraw()
        for one in back:
            self._show(one)
        self._tables[of_jobs].setFocus()
        self._say(tr("records", "It is back in the list."), "quiet")

    async def finish(self) -> None:
        """Let what was removed be gone for good now: the app is being closed."""
        for of_jobs in (True, False):
            self._bars[of_jobs].withdraw()
            await self._forget(of_jobs)

    def _offer(self, of_jobs: bool) -> None:
        gone = [one for one in self._gone if (one.job is not None) is of_jobs]
        words = (
            tr("records", "Removed from the list: {name}.", name=gone[0].name)
            if len(gone) == 1
            else tr("records", "Removed from the list: {n} rows.", n=len(gone))
        )
        self._bars[of_jobs].offer(words)
        self._say(tr("records", "{words} “Undo” brings it back.", words=words), "quiet")

    def _over(self, of_jobs: bool) -> None:
        self._bars[of_jobs].withdraw()
        self._supervisor.start("forget what was removed", self._forget(of_jobs))

    async def _forget(self, of_jobs: bool) -> None:
        for one in [one for one in self._gone if (one.job is not None) is of_jobs]:
            try:
                if one.job is not None:
                    await self._forget_job(one.job.id)
                elif one.file is not None:
                    await self._forget_file(one.file.id)
            except SanaError as error:
                self._show(one)
                self._say(error_text(error), "warn")
            finally:
                self._gone = [other for other in self._gone if _key(other) != _key(one)]

    def _show(self, one: _Gone) -> None:
        if one.job is not None:
            self._jobs.put_back(one.job)
        if one.file is not None:
            self._jobs.show_file(one.file)
            self._downloads.put_back(one.file)


def _key(one: _Gone) -> tuple[str, str]:
    return ("job", one.job.id) if one.job is not None else ("file", one.file.id if one.file is not None else "")


def _holds(one: _Gone, record: TransferRecord) -> bool:
    own = one.file is not None and one.file.id == record.id
    return own or (one.job is not None and one.job.id == record.job)
