"""What is pressed on a row of Downloads becomes an act, and what came of it is said (A20, A23, A26, A27)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui import desktop, dialogs
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.missing_files import MissingFiles
from sana_desktop.ui.reports.table.actions import DownloadAction
from sana_desktop.ui.tr import error_text, tr


class Downloads(Protocol):
    """What the panel needs of `reports.download.DownloadManager`."""

    async def pause(self, identity: str) -> None: ...

    async def resume(self, identity: str, *, allow_large: bool = False) -> None: ...

    async def verify(self, identity: str) -> TransferRecord: ...

    async def remove(self, identity: str) -> None: ...

    async def move_to(self, identity: str, folder: Path) -> None: ...

    async def look(self, identity: str) -> TransferRecord: ...

    async def locate(self, identity: str, path: Path) -> bool: ...


class Acts:
    """Begins acts on records, one of a kind at a time for each, and says why one was refused."""

    def __init__(self, supervisor: Supervisor, say: Callable[[str, str], None]) -> None:
        self._supervisor = supervisor
        self._say = say

    def begin(self, name: str, identity: str, work: Coroutine[Any, Any, Any]) -> None:
        """Do `work` unless the same act is under way for this record."""
        task = self._supervisor.start(name, self._told(work), key=f"{name} {identity}")
        if task is None:
            work.close()
        else:
            # Stopped before its first step, the task never came to it; closing what has run does nothing.
            task.add_done_callback(lambda _task: work.close())

    async def _told(self, work: Awaitable[Any]) -> None:
        try:
            await work
        except SanaError as error:
            self._say(error_text(error), "warn")


class FileActs:
    """Wires the panel of downloads.

    Args:
        files: keeps the rows of finished files true.
        run_again: asks, and orders the report of a job (its local id) anew; told what it is pressed at.
        remove: takes a download off its list, from where it can come back for a while.
        say: a sentence for the status line, with a tone.
        window: parent of dialogs.
    """

    def __init__(
        self,
        panel: DownloadsPanel,
        downloads: Downloads,
        files: MissingFiles,
        acts: Acts,
        *,
        run_again: Callable[[str, str], Coroutine[Any, Any, None]],
        remove: Callable[[TransferRecord], None],
        say: Callable[[str, str], None],
        window: QWidget,
    ) -> None:
        self._model = panel.model
        self._downloads = downloads
        self._files = files
        self._acts = acts
        self._run_again = run_again
        self._remove_row = remove
        self._say = say
        self._window = window
        panel.requested.connect(self.requested)

    def requested(self, name: str, transfer: str) -> None:
        """Begin an act on a download, by its name and the download's id."""
        record = self._model.find(transfer)
        if record is None:
            return
        path = Path(record.folder) / record.name
        match DownloadAction(name):
            case DownloadAction.OPEN:
                self._acts.begin(name, transfer, self._open(record, path))
            case DownloadAction.SHOW_IN_FOLDER:
                self._acts.begin(name, transfer, self._show_in_folder(record, path))
            case DownloadAction.COPY_PATH:
                desktop.copy_text(str(path))
                self._say(tr("downloads", "The path is on the clipboard."), "quiet")
            case DownloadAction.COPY_FILE:
                self._say(tr("downloads", "The file is on the clipboard: paste it into a mail or a folder."), "quiet")
            case DownloadAction.COPY_HASH:
                desktop.copy_text(f"SHA-256 {record.sha256}  {record.name}")
                self._say(tr("downloads", "The check number is on the clipboard."), "quiet")
            case DownloadAction.VERIFY:
                self._acts.begin(name, transfer, self._verify(record, path))
            case DownloadAction.LOCATE:
                self._acts.begin(name, transfer, self._locate(record))
            case DownloadAction.PAUSE:
                self._acts.begin(name, transfer, self._downloads.pause(transfer))
            case DownloadAction.RESUME:
                self._acts.begin(name, transfer, self._resume(record))
            case DownloadAction.OTHER_FOLDER:
                self._acts.begin(name, transfer, self._other_folder(record))
            case DownloadAction.RUN_AGAIN:
                self._acts.begin(name, transfer, self._run_again(record.job, record.name))
            case DownloadAction.REMOVE:
                self._acts.begin(name, transfer, self._remove(record))

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
                tr("downloads", "Open the changed file?"),
                tr(
                    "downloads",
                    "Its length is not the one that was checked when it was downloaded. Running the report again gives "
                    "the data of that time, not this file as it was.",
                ),
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
        found = await self._downloads.verify(record.id)
        if found.lost_at is not None:
            self._say_gone(path)
        elif found.verified_ok:
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

    async def _remove(self, record: TransferRecord) -> None:
        done = record.state is TransferState.DONE
        kept = tr("downloads", "The file stays where it is; its check number is forgotten after 10 seconds.")
        lost = tr("downloads", "What has arrived of it is deleted after 10 seconds.")
        title = tr("downloads", "Remove {name} from the list?", name=record.name)
        if await remove_question(self._window, title, kept if done else lost):
            self._remove_row(record)


async def new_run_question(window: QWidget, name: str) -> bool:
    """Return whether a report is to be ordered anew, for data that may be other data: never by a slip of the mouse.

    Args:
        name: what the person pressed it at, a file or a report.
    """
    again = dialogs.Answer("again", tr("downloads", "Run again"), "primary")
    leave = dialogs.Answer("leave", tr("downloads", "Leave it"))
    words = tr(
        "downloads",
        "It is ordered anew, as a new run with the data as of now. {name} and its record stay as they are.",
        name=name,
    )
    question = dialogs.Question(tr("downloads", "Run this report again?"), words, [again, leave], safe="leave")
    return await dialogs.ask(window, question) == "again"


async def site_missing_question(window: QWidget, name: str, address: str) -> bool:
    """Return whether the person wants to connect the forgotten site of a report again, which is needed to order it."""
    site = " · ".join(filter(None, (name, address)))
    connect = dialogs.Answer("connect", tr("jobs", "Connect the site…"), "primary")
    leave = dialogs.Answer("leave", tr("jobs", "Leave it"))
    words = tr(
        "jobs",
        "Its site was forgotten, so there is nowhere to order it. Connect the same address again, and “Run again…” "
        "works on every report of it.",
    )
    question = dialogs.Question(
        tr("jobs", "Connect its site first?"), f"{site}\n\n{words}" if site else words, [connect, leave], safe="leave"
    )
    return await dialogs.ask(window, question) == "connect"


async def remove_question(window: QWidget, title: str, text: str) -> bool:
    """Return whether a row is to be taken off its list."""
    return await dialogs.sure(window, title, text, tr("jobs", "Remove from list"), tr("jobs", "Keep it"))
