"""A choice takes effect at once, is written, and what the page shows follows, wherever it was changed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.base.tasks import Supervisor
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.paths import Paths
from sana_desktop.store.settings import Settings
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.settings.page import SettingsPage
from sana_desktop.ui.settings.presenter import SettingsPresenter
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.waiting import until


class Bench:
    """Page, presenter and a real store."""

    def __init__(self, page: SettingsPage, theme: Theme, settings: Settings, paths: Paths, tasks: Supervisor) -> None:
        self.page, self.theme, self.settings = page, theme, settings
        self.said: list[str] = []
        self.window = QWidget()
        self.presenter = SettingsPresenter(
            page,
            settings,
            theme,
            paths,
            tasks,
            self.window,
            [("App", "1")],
            say=lambda text, tone: self.said.append(text),
        )

    def note(self) -> str:
        note = self.page.findChild(QLabel, "folderNote")
        assert isinstance(note, QLabel)
        return "" if note.isHidden() else note.text()

    def places(self) -> list[str]:
        return [field.text() for field in self.page.findChildren(QLineEdit) if field.isReadOnly()]


@pytest.fixture
async def bench(qtbot: QtBot, theme: Theme, icons: Icons, tmp_path: Path) -> AsyncIterator[Bench]:
    paths = Paths.below(tmp_path)
    paths.ensure()
    database = Database(paths.database)
    await database.open()
    tasks = Supervisor("test")
    page = SettingsPage(icons, lambda: "")
    qtbot.addWidget(page)
    yield Bench(page, theme, Settings(database), paths, tasks)
    theme.set_choice("light")
    await tasks.stop()
    await database.close()


async def test_a_choice_on_the_page_takes_effect_and_is_kept(bench: Bench) -> None:
    bench.page.changed.emit("theme", "dark")
    assert bench.theme.scheme == "dark"
    bench.page.changed.emit("notify_after_seconds", 60)
    await until(lambda: bench.settings.get(keys.NOTIFY_AFTER_SECONDS) == 60)
    assert bench.settings.get(keys.THEME) == "dark"


async def test_a_choice_by_menu_or_key_is_kept_and_shown(bench: Bench) -> None:
    bench.theme.set_choice("dark")
    await until(lambda: bench.settings.get(keys.THEME) == "dark")
    assert bench.page.theme.currentData() == "dark"


async def test_in_the_demo_the_folder_of_a_real_site_is_not_that_of_the_example(
    bench: Bench, icons: Icons, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    paths = Paths.below(tmp_path).for_demo()
    page = SettingsPage(icons, lambda: "")
    qtbot.addWidget(page)
    demo = Bench(page, theme, bench.settings, paths, Supervisor("demo"))
    assert demo.presenter.folder("acme") == tmp_path / "Sana reports"
    assert demo.presenter.folder(DEMO_ID) == tmp_path / "Sana reports" / "Example data"
    assert demo.page.folder.text() == str(tmp_path / "Sana reports")
    assert demo.note() == f"Those of the example go into {paths.downloads}."
    assert str(paths.downloads) in demo.places()


async def test_every_folder_that_the_app_leaves_something_in_is_named(bench: Bench, tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    assert {str(paths.data), str(paths.config), str(paths.log), str(paths.downloads)} <= set(bench.places())


async def test_the_folder_chosen_is_where_reports_go_and_is_shown_everywhere(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "my reports"
    folder.mkdir()
    bench.page.folder_wanted.emit()
    await until(lambda: bench.window.findChildren(QFileDialog))
    dialog = bench.window.findChildren(QFileDialog)[0]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.setText(str(folder))
    dialog.accept()
    await until(lambda: bench.settings.get(keys.DOWNLOAD_FOLDER) == str(folder))
    assert bench.presenter.folder() == folder
    assert bench.presenter.folder(DEMO_ID) == folder / "Example data", "no made-up data among real reports (c33)"
    await until(lambda: bench.note() == f"Those of the example go into {folder / 'Example data'}.")
    await until(lambda: str(folder) in bench.places())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who may do everything is refused nothing")
async def test_a_folder_that_takes_no_files_is_not_taken(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    bench.page.folder_wanted.emit()
    await until(lambda: bench.window.findChildren(QFileDialog))
    dialog = bench.window.findChildren(QFileDialog)[0]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.setText(str(folder))
    dialog.accept()
    await until(lambda: bench.said)
    assert bench.settings.get(keys.DOWNLOAD_FOLDER) == ""


async def test_a_store_that_does_not_serve_is_said(bench: Bench) -> None:
    await bench.settings._database.close()
    bench.page.changed.emit("rerun_rule", "always")
    await until(lambda: bench.said)
    assert bench.settings.get(keys.RERUN_RULE) == "always", "it holds until the end of the session"
