"""What the menus do beyond the widgets' own acts: files, help, the letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog

from sana_desktop.base.tasks import Supervisor
from sana_desktop.store.private import write_private
from sana_desktop.ui import desktop, dialogs
from sana_desktop.ui.diagnostics import versions
from sana_desktop.ui.help import AboutDialog, ShortcutSheet
from sana_desktop.ui.reports.editor.curl_copy import CurlCopy
from sana_desktop.ui.reports.paste.letter import LetterDialog, letter_to_it
from sana_desktop.ui.reports.paste_presenter import PastePresenter
from sana_desktop.ui.reports.records.job_list_file import save_job_list
from sana_desktop.ui.reports.records.presenter import RecordsPresenter
from sana_desktop.ui.reports.table.act_list import act_list
from sana_desktop.ui.reports.table.states_help import StatesSheet
from sana_desktop.ui.shell import Shell
from sana_desktop.ui.tr import tr
from sana_desktop.workspace.connections import ConnectionStore


class MenuPresenter:
    """Connects the menu actions that need more than one widget.

    Args:
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        shell: Shell,
        supervisor: Supervisor,
        pastes: PastePresenter,
        records: RecordsPresenter,
        book: ConnectionStore,
        *,
        say: Callable[[str, str], None],
    ) -> None:
        self._shell = shell
        self._supervisor = supervisor
        self._pastes = pastes
        self._records = records
        self._say = say
        self._curl = CurlCopy(shell.window.actions_by_name, shell.editor, book, supervisor, say=say)
        on = shell.window.actions_by_name.on
        on("file.open", lambda: supervisor.start("open a file", self._open(), key="file dialog"))
        on("file.save_as", lambda: supervisor.start("save a file", self._save(), key="file dialog"))
        shell.window.actions_by_name.offer_if("file.save_as", shell.editor.isVisible)
        on("query.check_now", records.check_current)
        on("query.save_jobs", lambda: supervisor.start("save the jobs", self._save_jobs(), key="file dialog"))
        on("help.shortcuts", lambda: self._show(ShortcutSheet(shell.window.actions_by_name, shell.window, act_list())))
        on("help.states", lambda: self._show(StatesSheet(shell.icons, shell.window)))
        on("help.about", lambda: self._show(AboutDialog(versions(), shell.window)))
        on("help.welcome", self._welcome)
        on("help.letter", lambda: self.write_to_it(""))
        on("help.diagnostics", shell.settings.copy_diagnostics)
        shell.settings.diagnostics_copied.connect(lambda: say(tr("Help", "Diagnostics are on the clipboard."), "good"))

    def write_to_it(self, site: str) -> None:
        """Show the letter to IT."""
        dialog = LetterDialog(letter_to_it(site), self._shell.window)
        dialog.mail_wanted.connect(lambda address: self._mail(address, dialog))
        self._show(dialog)

    @staticmethod
    def _mail(address: str, dialog: LetterDialog) -> None:
        if desktop.open_mail(address):
            dialog.say(tr("Help", "Your mail program opens."), "good")
        else:
            dialog.say(tr("Help", "This computer has no mail program; copy the letter instead."), "warn")

    def _show(self, dialog: QDialog) -> None:
        if self._supervisor.start("show a dialog", _shown(dialog), key="dialog") is None:
            dialog.deleteLater()  # one is open already

    def _welcome(self) -> None:
        self._shell.window.go_to("reports")
        self._shell.reports.show_welcome(visit=True)

    async def _save_jobs(self) -> None:
        shell = self._shell
        await save_job_list(self._records.listed(), shell.window, shell.answers.now(), self._say)

    async def _open(self) -> None:
        path = await dialogs.choose_open_file(
            self._shell.window, tr("Files", "Open a query"), None, (tr("Files", "Queries and commands (*.sql *.txt)"),)
        )
        if path is not None:
            self._pastes.take_file(str(path))

    async def _save(self) -> None:
        edit = self._shell.editor.current_edit()
        if edit is None or not self._shell.editor.isVisible():
            return  # the key works in the whole window; what is not in sight is not what a person would save
        name = self._shell.editor.shown_title(self._shell.editor.current_id())
        start = Path.home() / f"{_file_name(name)}.sql"
        path = await dialogs.choose_save_file(
            self._shell.window, tr("Files", "Save this query"), start, (tr("Files", "Queries (*.sql)"),)
        )
        if path is None:
            return
        try:
            await asyncio.to_thread(write_private, path, edit.toPlainText().encode())
        except OSError as error:
            reason = (error.strerror or tr("Files", "unknown reason")).lower()
            self._say(tr("Files", "{name} could not be saved: {reason}.", name=path.name, reason=reason), "warn")
        else:
            self._say(tr("Files", "Saved as {name}.", name=path.name), "good")


async def _shown(dialog: QDialog) -> None:
    await dialogs.finished(dialog)


def _file_name(title: str) -> str:
    kept = "".join(character for character in title if character.isalnum() or character in " -_,")
    return kept.strip()[:80] or "query"
