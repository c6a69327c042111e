"""Hands on what a question of the Compare page found: to a file that only this user can read, or to the clipboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

from sana_desktop.base.clock import Clock
from sana_desktop.base.tasks import Supervisor
from sana_desktop.store.private import write_private
from sana_desktop.ui.dialogs import choose_save_file
from sana_desktop.ui.practice.compare.evidence import Evidence, as_csv, as_text
from sana_desktop.ui.practice.compare.hand_on import HandOn
from sana_desktop.ui.tr import tr

SAVING = "practice save evidence"
SaveFile = Callable[[str], Awaitable[Path | None]]
"""Asks where a file is to be written, by its proposed name."""
Forms = Mapping[str, Callable[[], str]]
"""What makes the text of a file, by its ending; the first is what is offered first, and what is copied."""


def forms_of(evidence: Callable[[], Evidence], at: datetime) -> Forms:
    """Return what is found now as text and as a table."""
    found = evidence()
    return {".txt": lambda: as_text(found, at), ".csv": lambda: as_csv(found)}


class EvidenceFile:
    """Saves and copies what was found.

    Args:
        stem: how the proposed name of a file begins.
        forms: returns what can be handed on now, as of a time; empty where there is nothing.
        save_file: None for the dialog.
    """

    def __init__(
        self,
        hand_on: HandOn,
        supervisor: Supervisor,
        clock: Clock,
        stem: str,
        forms: Callable[[datetime], Forms],
        save_file: SaveFile | None = None,
    ) -> None:
        self._hand_on = hand_on
        self._clock = clock
        self._stem = stem
        self._forms = forms
        self._save_file = save_file or self._ask_for_file
        hand_on.save_wanted.connect(lambda: supervisor.start("save evidence", self._save(), key=SAVING))
        hand_on.copy_wanted.connect(self._copy)

    def _copy(self) -> None:
        for make in list(self._forms(self._clock.now()).values())[:1]:
            QGuiApplication.clipboard().setText(make())
            self._say(tr("Practice", "Copied."), "good")

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
            self._say(words, "bad")
            return
        self._say(tr("Practice", "Saved as {name}.", name=path.name), "good")

    def _say(self, words: str, tone: str) -> None:
        if isValid(self._hand_on):  # its dialog may be closed meanwhile
            self._hand_on.say(words, tone)

    async def _ask_for_file(self, name: str) -> Path | None:
        words = {
            ".txt": tr("Practice", "Plain text (*.txt)"),
            ".csv": tr("Practice", "Table (*.csv)"),
            ".json": tr("Practice", "JSON (*.json)"),
        }
        filters = [words[form] for form in self._forms(self._clock.now())]
        title = tr("Practice", "Save the report")
        return await choose_save_file(self._hand_on.window(), title, Path.home() / name, filters)


async def _write(path: Path, text: str) -> None:
    # Imported here: the window is painted before asyncio is loaded.
    import asyncio

    await asyncio.to_thread(write_private, path, text.encode())
