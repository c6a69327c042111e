"""Hands on what a question of the Compare page found: to a file that only this user can read, or to the clipboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from sana_desktop.base.clock import Clock
from sana_desktop.base.tasks import Supervisor
from sana_desktop.store.private import write_private
from sana_desktop.ui.dialogs import choose_save_file
from sana_desktop.ui.practice.compare.study import Study
from sana_desktop.ui.tr import tr

SAVING = "practice save evidence"
SaveFile = Callable[[str], Awaitable[Path | None]]
"""Asks where a file is to be written, by its proposed name."""
Forms = Mapping[str, Callable[[], str]]
"""What makes the text of a file, by its ending; the first is what is offered first, and what is copied."""


class EvidenceFile:
    """Saves and copies what a study found.

    Args:
        stem: how the proposed name of a file begins.
        forms: returns what can be handed on now, as of a time; empty where there is nothing.
        save_file: None for the dialog.
    """

    def __init__(
        self,
        study: Study,
        supervisor: Supervisor,
        clock: Clock,
        stem: str,
        forms: Callable[[datetime], Forms],
        save_file: SaveFile | None = None,
    ) -> None:
        self._study = study
        self._clock = clock
        self._stem = stem
        self._forms = forms
        self._save_file = save_file or self._ask_for_file
        study.save_wanted.connect(lambda: supervisor.start("save evidence", self._save(), key=SAVING))
        study.copy_wanted.connect(self._copy)

    def _copy(self) -> None:
        for make in list(self._forms(self._clock.now()).values())[:1]:
            QGuiApplication.clipboard().setText(make())
            self._study.show_note_of_report(tr("Practice", "Copied."), "good")

    async def _save(self) -> None:
        at = self._clock.now()
        forms = self._forms(at)
        if not forms:
            return
        first = next(iter(forms))
        path = await self._save_file(f"{self._stem}-{at.astimezone():%Y%m%d-%H%M}{first}")
        if path is None:
            return
        try:
            await _write(path, forms.get(path.suffix.lower(), forms[first])())
        except OSError as error:
            words = tr("Practice", "It could not be saved: {why}", why=error.strerror or str(error))
            self._study.show_note_of_report(words, "bad")
            return
        self._study.show_note_of_report(tr("Practice", "Saved as {name}.", name=path.name), "good")

    async def _ask_for_file(self, name: str) -> Path | None:
        words = {
            ".txt": tr("Practice", "Plain text (*.txt)"),
            ".csv": tr("Practice", "Table (*.csv)"),
            ".json": tr("Practice", "JSON (*.json)"),
        }
        filters = [words[form] for form in self._forms(self._clock.now())]
        title = tr("Practice", "Save the report")
        return await choose_save_file(self._study.window(), title, Path.home() / name, filters)


async def _write(path: Path, text: str) -> None:
    # Imported here: the window is painted before asyncio is loaded.
    import asyncio

    await asyncio.to_thread(write_private, path, text.encode())
