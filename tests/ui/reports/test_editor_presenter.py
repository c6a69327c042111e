"""Editor, presenter and a real database on the real loop: what was typed is on disk, in order, and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.drafts import Draft, DraftStore
from sana_desktop.store.database import Database
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.checks import check_statement, tidy_text
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.findings import Finding
from sana_desktop.ui.reports.editor.presenter import DraftKeeper, EditorPresenter
from sana_desktop.ui.reports.editor.sql_edit import SqlEdit
from sana_desktop.ui.theme.theme import Theme
from tests.support.clock import ManualClock
from tests.support.waiting import until


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[DraftStore]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield DraftStore(database, ManualClock())
    await database.close()


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    made = Supervisor("test")
    yield made
    await made.stop()


@pytest.fixture
def new_area(qtbot: QtBot, theme: Theme, icons: Icons) -> Callable[[], EditorArea]:
    def make() -> EditorArea:
        area = EditorArea(theme, icons)
        qtbot.addWidget(area)
        area.resize(900, 500)
        area.show()
        return area

    return make


def edit(area: EditorArea) -> SqlEdit:
    found = area.current_edit()
    assert found is not None
    return found


def remark(area: EditorArea) -> str:
    found = area.findChild(QLabel, "remarkLine")
    assert isinstance(found, QLabel)
    return found.text()


async def test_typed_is_kept_and_comes_back(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea]
) -> None:
    area = new_area()
    presenter = EditorPresenter(area, book, supervisor)
    await presenter.restore()
    QTest.keyClicks(edit(area), "SELECT 1")
    second = area.new_query("SELECT 2")
    third = area.new_query("SELECT 3")
    area.close_query(second)
    await presenter.finish()
    again = new_area()
    await EditorPresenter(again, book, supervisor).restore()
    assert [again.draft(key).text for key in again.tabs.ids()] == ["SELECT 1", "SELECT 3"]
    assert again.tabs.ids()[1] == third
    again.reopen_query()
    await until(lambda: again.current_id() == second)
    assert edit(again).toPlainText() == "SELECT 2"


async def test_without_a_word_to_finish_it_is_on_disk_within_a_second(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea], monkeypatch: pytest.MonkeyPatch
) -> None:
    area = new_area()
    await EditorPresenter(area, book, supervisor).restore()
    QTest.keyClicks(edit(area), "SELECT 1")
    saved = asyncio.Event()
    written = book.save

    async def save(drafts: Sequence[Draft]) -> None:
        await written(drafts)
        saved.set()

    monkeypatch.setattr(book, "save", save)
    async with asyncio.timeout(1):
        await saved.wait()
    assert [draft.text for draft in await book.load()] == ["SELECT 1"]


class Failing:
    """A draft store whose disk is full until `room` is set."""

    def __init__(self, book: DraftStore) -> None:
        self.book = book
        self.room = False

    def _need_room(self) -> None:
        if not self.room:
            raise StorageError("The disk is full.", code="E-FULL")

    async def load(self) -> list[Draft]:
        self._need_room()
        return await self.book.load()

    async def save(self, drafts: Sequence[Draft]) -> None:
        self._need_room()
        await self.book.save(drafts)

    async def close(self, draft_id: str) -> None:
        self._need_room()
        await self.book.close(draft_id)

    async def has_closed(self) -> bool:
        return await self.book.has_closed()

    async def reopen(self) -> Draft | None:
        self._need_room()
        return await self.book.reopen()


async def test_a_full_disk_is_said_and_nothing_is_dropped(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea]
) -> None:
    area, said = new_area(), list[str]()
    failing = Failing(book)
    store: DraftKeeper = failing
    presenter = EditorPresenter(area, store, supervisor, say=said.append)
    await presenter.restore()
    assert len(area.tabs.ids()) == 1, "an editor there is, whatever the disk says"
    QTest.keyClicks(edit(area), "SELECT 1")
    area.flush()
    await until(lambda: len(said) >= 2)
    assert set(said) == {"The disk is full."}
    failing.room = True
    area.new_query("SELECT 2")
    await presenter.finish()
    assert [draft.text for draft in await book.load()] == ["SELECT 1", "SELECT 2"]


async def test_the_real_check_marks_a_mistake(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea]
) -> None:
    area = new_area()
    await EditorPresenter(area, book, supervisor, check=check_statement, tidy=tidy_text).restore()
    QTest.keyClicks(edit(area), "SELECT 'x FROM t")
    await until(lambda: remark(area))
    assert any(one.format.underlineColor().isValid() for one in edit(area).extraSelections())
    assert not area.order_bar.button.isEnabled()


async def test_the_real_tidying_is_one_undo_step(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea]
) -> None:
    area, said = new_area(), list[str]()
    await EditorPresenter(area, book, supervisor, tidy=tidy_text, say=said.append).restore()
    QTest.keyClicks(edit(area), "select a, b from t where a = 1")
    area.ask_for_tidy()
    await until(lambda: "\n" in edit(area).toPlainText())
    edit(area).undo()
    assert edit(area).toPlainText() == "select a, b from t where a = 1"
    edit(area).setPlainText("select (1")
    area.ask_for_tidy()
    await until(lambda: said)
    assert said == ["A quotation or a bracket has no end, so nothing was changed."]


async def test_only_the_newest_text_is_checked_after_a_slow_check(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea]
) -> None:
    area, asked, gate = new_area(), list[str](), asyncio.Event()

    async def slow(text: str, _caret: int) -> Sequence[Finding]:
        asked.append(text)
        await gate.wait()
        return [Finding(0, 1, "note", text)]

    await EditorPresenter(area, book, supervisor, check=slow).restore()
    key = area.current_id()
    for number, text in enumerate(("a", "b", "c")):
        area.check_wanted.emit(key, number, text, 0)
        await asyncio.sleep(0)
    gate.set()
    await until(lambda: not supervisor.running("check"))
    assert asked == ["a", "c"]


async def test_what_cannot_be_tidied_is_a_user_error() -> None:
    with pytest.raises(UserError, match="no end"):
        await tidy_text("select '")
    assert await check_statement("  ", 0) == []


async def test_a_wish_for_a_closed_query_that_is_not_there_is_answered(
    book: DraftStore, supervisor: Supervisor, new_area: Callable[[], EditorArea]
) -> None:
    area, said = new_area(), list[str]()
    presenter = EditorPresenter(area, book, supervisor, say=said.append)
    await presenter.restore()
    assert not area.can_reopen()
    area.reopen_query()
    await until(lambda: said == ["No query was closed that could be opened again."])
    QTest.keyClicks(edit(area), "SELECT 1")
    area.close_query()
    assert area.can_reopen()
    await presenter.finish()
