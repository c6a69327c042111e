"""A layout comes back; a broken memory changes nothing; what was never restored is never written."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.drafts import Draft
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.settings import Settings
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.layout_memory import PANELS, LayoutMemory
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.theme.theme import Theme
from tests.ui.scenes import make_panels


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield Settings(database)
    await database.close()


def make(qtbot: QtBot, theme: Theme, icons: Icons, settings: Settings) -> tuple[ReportsPage, LayoutMemory]:
    jobs, downloads = make_panels(theme, icons, filled=False)
    made = ReportsPage(theme, icons, EditorArea(theme, icons), jobs, downloads)
    qtbot.addWidget(made)
    return made, LayoutMemory(settings, made, jobs, downloads)


async def test_panels_come_back(qtbot: QtBot, theme: Theme, icons: Icons, settings: Settings) -> None:
    first, memory = make(qtbot, theme, icons, settings)
    memory.restore()
    plain = first.save_layout()
    first.swap_panels()
    await memory.save()
    second, again = make(qtbot, theme, icons, settings)
    again.restore()
    assert second.save_layout() == first.save_layout() != plain


@pytest.mark.parametrize("stored", ["%%%", base64.b64encode(b"nonsense").decode(), ""])
async def test_a_broken_memory_changes_nothing(
    qtbot: QtBot, theme: Theme, icons: Icons, settings: Settings, stored: str
) -> None:
    await settings.set(keys.VIEW_STATES, {PANELS: stored, "jobsTable": "nonsense"})
    made, memory = make(qtbot, theme, icons, settings)
    before = made.save_layout()
    memory.restore()
    assert made.save_layout() == before


async def test_what_was_never_restored_is_never_written(
    qtbot: QtBot, theme: Theme, icons: Icons, settings: Settings
) -> None:
    _, memory = make(qtbot, theme, icons, settings)
    await memory.save()
    assert settings.get(keys.VIEW_STATES) == {}


async def test_the_query_in_view_comes_back(qtbot: QtBot, theme: Theme, icons: Icons, settings: Settings) -> None:
    first, memory = make(qtbot, theme, icons, settings)
    memory.restore()
    drafts = [Draft("one", 0, "SELECT 1"), Draft("two", 1, "SELECT 2"), Draft("three", 2, "SELECT 3")]
    first.editor.restore(drafts, memory.tab())
    assert first.editor.current_id() == "one"
    first.editor.tabs.select("two")
    await memory.save()
    second, again = make(qtbot, theme, icons, settings)
    again.restore()
    second.editor.restore(drafts, again.tab())
    assert second.editor.current_id() == "two"
