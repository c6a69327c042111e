"""Stands between the Settings place and what is stored: every choice takes effect at once and is written at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.disk.names import report_file_name
from sana_desktop.store import settings as keys
from sana_desktop.store.paths import Paths
from sana_desktop.store.settings import Key, Settings
from sana_desktop.ui import desktop, dialogs
from sana_desktop.ui.settings.page import RerunRule, SettingsPage, SettingsView
from sana_desktop.ui.theme.theme import Choice, Theme
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.workspace.demo import DEMO_ID

_KEYS: dict[str, Key[object]] = {
    "theme": cast("Key[object]", keys.THEME),
    "text_scale": cast("Key[object]", keys.TEXT_SCALE),
    "download_folder": cast("Key[object]", keys.DOWNLOAD_FOLDER),
    "notify_after_seconds": cast("Key[object]", keys.NOTIFY_AFTER_SECONDS),
    "rerun_rule": cast("Key[object]", keys.RERUN_RULE),
}


class SettingsPresenter(QObject):
    """Shows the settings and carries changes to the theme and the store. It ends with its page.

    Args:
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        page: SettingsPage,
        settings: Settings,
        theme: Theme,
        paths: Paths,
        supervisor: Supervisor,
        window: QWidget,
        versions: list[tuple[str, str]],
        *,
        say: Callable[[str, str], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._settings = settings
        self._theme = theme
        self._paths = paths
        self._supervisor = supervisor
        self._window = window
        self._say = say
        page.changed.connect(self._changed)
        page.folder_wanted.connect(lambda: supervisor.start("choose a folder", self._choose(), key="choose folder"))
        page.open_folder_wanted.connect(self._open_folder)
        theme.changed.connect(self._theme_changed)
        page.show_versions(versions)
        theme.set_choice(cast("Choice", settings.get(keys.THEME)))
        theme.set_scale(settings.get(keys.TEXT_SCALE))
        self.show()

    def folder(self, connection_id: str = "") -> Path:
        """Return where the reports of a connection go; without one, those of any site but the example."""
        chosen = self._settings.path(keys.DOWNLOAD_FOLDER)
        return self._paths.reports(example=connection_id == DEMO_ID, chosen=chosen)

    def show(self) -> None:
        """Bring the page up to date."""
        example_folder = self.folder(DEMO_ID)
        self._page.show_places(
            [
                (tr("Settings", "Reports"), str(self.folder())),
                (tr("Settings", "Reports of the example"), str(example_folder)),
                (tr("Settings", "Jobs, queries, practice sessions and settings"), str(self._paths.data)),
                (tr("Settings", "How the window was left"), str(self._paths.config)),
                (tr("Settings", "Logs (without secrets)"), str(self._paths.log)),
            ]
        )
        words = tr("Settings", "Those of the example go into {folder}.", folder=example_folder)
        example = report_file_name(
            "Acme", "Course completions", datetime(2026, 3, 4, 10, 12).astimezone(), "7f3a91c2", ReportFormat.CSV
        )
        self._page.show_settings(
            SettingsView(
                theme=self._theme.choice,
                text_scale=self._theme.scale,
                download_folder=str(self.folder()),
                folder_note=words,
                notify_after_seconds=self._settings.get(keys.NOTIFY_AFTER_SECONDS),
                rerun_rule=cast("RerunRule", self._settings.get(keys.RERUN_RULE)),
                name_preview=example,
            )
        )

    def _changed(self, field: str, value: object) -> None:
        if field == "theme":
            self._theme.set_choice(cast("Choice", value))
        elif field == "text_scale":
            self._theme.set_scale(float(cast("float", value)))
        self._supervisor.start(f"save {field}", self._save(field, value))

    def _theme_changed(self) -> None:
        # Also changed by menu and keys: what is shown here and what is stored follow.
        self.show()
        if self._settings.get(keys.THEME) != self._theme.choice:
            self._supervisor.start("save theme", self._save("theme", self._theme.choice))
        if self._settings.get(keys.TEXT_SCALE) != self._theme.scale:
            self._supervisor.start("save text size", self._save("text_scale", self._theme.scale))

    async def _save(self, field: str, value: object) -> None:
        try:
            await self._settings.set(_KEYS[field], value)
        except SanaError as error:
            self._say(error_words(error)[1], "warn")
        self.show()

    async def _choose(self) -> None:
        folder = await dialogs.choose_folder(
            self._window, tr("Settings", "Where should reports be saved?"), self.folder()
        )
        if folder is None:
            return
        if not await asyncio.to_thread(os.access, folder, os.W_OK):
            self._say(
                tr("Settings", "Nothing can be saved into {path}; the folder stays as it was.", path=folder), "warn"
            )
            return
        await self._save("download_folder", str(folder))

    def _open_folder(self, path: str) -> None:
        if not desktop.open_file(Path(path)):
            self._say(tr("Settings", "The folder could not be opened: {path}", path=path), "warn")
