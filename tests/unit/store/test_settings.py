from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sana_desktop.store import settings
from sana_desktop.store.database import Database
from sana_desktop.store.settings import (
    DOWNLOAD_FOLDER,
    DOWNLOADS_AT_ONCE,
    FORMAT_BY_QUERY,
    KEYS,
    LAST_CONNECTION,
    NOTIFY_AFTER_SECONDS,
    TEXT_SCALE,
    THEME,
    Settings,
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield database
    await database.close()


async def loaded(database: Database) -> Settings:
    settings = Settings(database)
    await settings.load()
    return settings


async def store(database: Database, key: str, value: str) -> None:
    await database.write(lambda c: c.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value)).rowcount)


def test_every_default_is_acceptable_and_no_name_is_used_twice() -> None:
    declared = [value for value in vars(settings).values() if isinstance(value, settings.Key)]
    assert len(declared) == len(KEYS)
    for key in declared:
        assert key.accept(key.default) == key.default


async def test_what_was_chosen_holds_at_the_next_start(database: Database) -> None:
    first = await loaded(database)
    assert first.get(THEME) == "system"
    heard: list[str] = []
    first.changed.subscribe(heard.append)
    await first.set(THEME, "dark")
    await first.set(THEME, "dark")
    await first.set(NOTIFY_AFTER_SECONDS, 60)
    assert heard == ["theme", "notify_after_seconds"]
    second = await loaded(database)
    assert (second.get(THEME), second.get(NOTIFY_AFTER_SECONDS)) == ("dark", 60)
    await second.reset(THEME)
    assert (await loaded(database)).get(THEME) == "system"


@pytest.mark.parametrize(
    "stored", ['"purple"', "7", "null", "not json", "[" * 5000, '{"a": 1}'], ids=lambda text: text[:10]
)
async def test_an_unusable_value_gives_way_to_the_default_and_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture, stored: str
) -> None:
    await store(database, "theme", stored)
    await store(database, "downloads_at_once", "2")
    read = await loaded(database)
    assert read.get(THEME) == "system"
    assert read.get(DOWNLOADS_AT_ONCE) == 2
    assert "theme is unusable" in caplog.text


async def test_keys_of_another_version_are_kept(database: Database) -> None:
    await store(database, "from_the_future", '"x"')
    read = await loaded(database)
    await read.set(THEME, "light")
    rows = await database.read(lambda c: c.execute("SELECT key, value FROM settings ORDER BY key").fetchall())
    assert [tuple(row) for row in rows] == [("from_the_future", '"x"'), ("theme", '"light"')]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (TEXT_SCALE, float("nan")),
        (TEXT_SCALE, 99.0),
        (DOWNLOADS_AT_ONCE, True),
        (DOWNLOADS_AT_ONCE, 2.5),
        (DOWNLOAD_FOLDER, "relative/path"),
        (DOWNLOAD_FOLDER, "/home/maria/../root"),
        (DOWNLOAD_FOLDER, "C:\\Users\\..\\x"),
        (LAST_CONNECTION, "x" * 100_001),
        (FORMAT_BY_QUERY, {"a": 1}),
    ],
)
async def test_what_a_key_does_not_take_changes_nothing(
    database: Database, key: settings.Key[object], value: object
) -> None:
    read = await loaded(database)
    with pytest.raises(ValueError, match="expected"):
        await read.set(key, value)
    assert read.get(key) == key.default


@pytest.mark.parametrize("folder", ["", "/home/maria/Reports", "C:\\Users\\maria\\Reports", "\\\\nas\\share\\x"])
async def test_whole_paths_of_every_system_are_folders(database: Database, folder: str) -> None:
    read = await loaded(database)
    assert read.path(DOWNLOAD_FOLDER) is None
    await read.set(DOWNLOAD_FOLDER, folder)
    assert read.get(DOWNLOAD_FOLDER) == folder
    assert read.path(DOWNLOAD_FOLDER) == (Path(folder) if folder else None)


async def test_a_mapping_keeps_its_newest_entries(database: Database) -> None:
    read = await loaded(database)
    await read.set(FORMAT_BY_QUERY, {str(number): "csv" for number in range(settings.MAX_ENTRIES)})
    await read.put_entry(FORMAT_BY_QUERY, "0", "xlsx")
    await read.put_entry(FORMAT_BY_QUERY, "new", "csv")
    entries = read.get(FORMAT_BY_QUERY)
    assert len(entries) == settings.MAX_ENTRIES
    assert list(entries)[-2:] == ["0", "new"]
    assert "1" not in entries
    assert entries["0"] == "xlsx"
