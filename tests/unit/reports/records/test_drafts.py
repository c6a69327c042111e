"""Drafts on a real database: what was saved is there after a restart, closed ones come back, order is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.reports.records.drafts import CLOSED_KEPT, MAX_TEXT_LENGTH, Draft, DraftStore
from sana_desktop.store.database import Database
from tests.support.clock import ManualClock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "sana.db")
    await made.open()
    yield made
    await made.close()


async def test_what_was_saved_is_there_in_its_order(database: Database) -> None:
    book = DraftStore(database, ManualClock())
    first = Draft("a", 1, "SELECT 1", title="One 😀", cursor=4, connection_id="acme", format="xlsx")
    second = Draft("b", 0, "")
    await book.save([first, second])
    assert await DraftStore(database, ManualClock()).load() == [second, first]


async def test_the_newest_state_wins(database: Database) -> None:
    book = DraftStore(database, ManualClock())
    await book.save([Draft("a", 0, "SELECT")])
    await book.save([Draft("a", 0, "SELECT 1", cursor=8)])
    assert await book.load() == [Draft("a", 0, "SELECT 1", cursor=8)]


async def test_closed_ones_come_back_last_first(database: Database) -> None:
    clock = ManualClock()
    book = DraftStore(database, clock)
    drafts = [Draft(key, place, f"SELECT '{key}'") for place, key in enumerate("abc")]
    await book.save(drafts)
    for key in ("a", "b"):
        await clock.advance(1)
        await book.close(key)
    assert await book.load() == [drafts[2]]
    assert await book.reopen() == drafts[1]
    assert await book.reopen() == drafts[0]
    assert await book.reopen() is None
    assert await book.load() == drafts


async def test_a_blank_one_is_forgotten_when_closed(database: Database) -> None:
    book = DraftStore(database, ManualClock())
    await book.save([Draft("a", 0, " \n")])
    await book.close("a")
    assert await book.reopen() is None


async def test_saving_opens_a_closed_one_again(database: Database) -> None:
    book = DraftStore(database, ManualClock())
    draft = Draft("a", 0, "SELECT 1")
    await book.save([draft])
    await book.close("a")
    await book.save([replace(draft, position=3)])
    assert await book.load() == [replace(draft, position=3)]


async def test_only_the_latest_closed_ones_are_kept(database: Database) -> None:
    clock = ManualClock()
    book = DraftStore(database, clock)
    for number in range(CLOSED_KEPT + 2):
        await clock.advance(1)
        await book.save([Draft(str(number), 0, "SELECT 1")])
        await book.close(str(number))
    left = await database.read(lambda connection: [row[0] for row in connection.execute("SELECT id FROM drafts")])
    assert sorted(left, key=int) == [str(number) for number in range(2, CLOSED_KEPT + 2)]


async def test_a_text_too_long_is_refused_and_nothing_is_written(database: Database) -> None:
    book = DraftStore(database, ManualClock())
    with pytest.raises(ValueError, match="too long"):
        await book.save([Draft("a", 0, "SELECT 1"), Draft("b", 1, "x" * (MAX_TEXT_LENGTH + 1))])
    assert await book.load() == []


async def test_an_unknown_id_is_closed_without_a_word(database: Database) -> None:
    await DraftStore(database, ManualClock()).close("nobody")


async def test_whether_there_is_a_closed_tab_is_known_without_opening_it(database: Database) -> None:
    book = DraftStore(database, ManualClock())
    await book.save([Draft("a", 0, "SELECT 1")])
    assert not await book.has_closed()
    await book.close("a")
    assert await book.has_closed()
    assert await book.load() == []
