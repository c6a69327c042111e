"""The format of a query comes back with it, also after a restart, and the settings hold no query."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sana_desktop.store.database import Database
from sana_desktop.store.settings import FORMAT_BY_QUERY, Settings
from sana_desktop.ui.reports.editor.format_memory import FormatMemory


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "sana.db")
    await made.open()
    yield made
    await made.close()


async def test_a_choice_is_remembered_for_its_query_and_the_last_one_for_all_others(database: Database) -> None:
    settings = Settings(database)
    memory = FormatMemory(settings)
    assert memory.usual() == "csv"
    await memory.keep("SELECT secret_column", "xlsx")
    await memory.keep("SELECT 2", "csv")
    assert memory.usual() == "csv"
    again = Settings(database)
    await again.load()
    memory = FormatMemory(again)
    assert memory.of("  SELECT secret_column\n") == "xlsx"
    assert memory.of("SELECT 3") == "csv"
    assert "secret_column" not in str(again.get(FORMAT_BY_QUERY))


async def test_a_store_that_does_not_serve_stops_no_order(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    memory = FormatMemory(Settings(database))
    await database.close()
    await memory.keep("SELECT 1", "xlsx")
    assert memory.of("SELECT 1") == "xlsx"
    assert "not remembered" in caplog.text
