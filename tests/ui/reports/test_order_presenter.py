"""Get the report: what is ordered, how often, and what is said when nothing is."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.base.errors import StorageError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.drafts import Draft
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.store.database import Database
from sana_desktop.store.settings import Settings
from sana_desktop.ui.dialogs import QuestionDialog
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.format_memory import FormatMemory
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice
from sana_desktop.ui.reports.editor.order_presenter import OrderPresenter, Presses, read_statement
from sana_desktop.ui.theme.theme import Theme
from tests.support.clock import ManualClock
from tests.support.records import START
from tests.support.waiting import until


class Orders:
    """A queue that takes each act once, as the real one does."""

    def __init__(self) -> None:
        self.taken: dict[str, JobRecord] = {}
        self.told: list[str] = []
        self.broken = False

    async def order(self, order: Order, *, click: str = "", told: str = "") -> JobRecord:
        if self.broken:
            raise StorageError("It could not be written down.", code="E-TEST", next_step="Make room.")
        self.told.append(told)
        record = JobRecord(f"j{len(self.taken)}", order, JobState.QUEUED, START, START)
        return self.taken.setdefault(click, record)

    @property
    def orders(self) -> list[Order]:
        return [record.order for record in self.taken.values()]


class Bench:
    """An editor with a presenter behind it."""

    def __init__(self, area: EditorArea, settings: Settings, supervisor: Supervisor) -> None:
        self.area, self.queue, self.clock, self.supervisor = area, Orders(), ManualClock(), supervisor
        self.said: list[str] = []
        self.ordered: list[JobRecord] = []
        self.formats = FormatMemory(settings)
        self.asked: list[str] = []
        self.sends_all_the_same = False
        self.presenter = OrderPresenter(
            area,
            self.queue,
            settings,
            self.formats,
            self.clock,
            supervisor,
            ordered=self.ordered.append,
            say=lambda text, tone: self.said.append(text),
            confirm=self.confirm,
        )

    async def confirm(self, why: str) -> bool:
        self.asked.append(why)
        return self.sends_all_the_same

    def press(self) -> None:
        self.area.order_wanted.emit(self.area.current_id())


@pytest.fixture
async def bench(qtbot: QtBot, theme: Theme, icons: Icons, tmp_path: Path) -> AsyncIterator[Bench]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    supervisor = Supervisor("test")
    area = EditorArea(theme, icons)
    qtbot.addWidget(area)
    area.restore([])
    area.show_connections([ConnectionChoice("acme", "Acme", "blue", "live")])
    yield Bench(area, Settings(database), supervisor)
    await supervisor.stop()
    await database.close()


async def test_u01_a_series_of_presses_is_one_order_and_a_later_press_another(bench: Bench) -> None:
    bench.area.insert_query("SELECT 1")
    for _ in range(10):
        bench.press()
        await bench.clock.advance(0.3)
    await until(lambda: bench.ordered)
    assert len(bench.queue.orders) == 1, "ten presses in three seconds are one impatient act"
    await bench.clock.advance(2.0)
    bench.press()
    await until(lambda: len(bench.queue.orders) == 2)


def test_presses_belong_together_by_wish_and_time() -> None:
    presses = Presses()
    first = presses.act_of("a", 10.0)
    assert presses.act_of("a", 10.9) == first
    assert presses.act_of("a", 11.8) == first
    assert presses.act_of("b", 11.9) != first
    assert presses.act_of("a", 12.0) != first
    last = presses.act_of("a", 12.1)
    assert presses.act_of("a", 13.1) != last


async def test_the_statement_at_the_caret_is_ordered_as_the_bar_says(bench: Bench) -> None:
    bench.area.insert_query("SELECT 1 AS one;\nSELECT 2 AS two FROM users", form="xlsx")
    edit = bench.area.current_edit()
    assert edit is not None
    edit.set_caret(20)
    bench.press()
    await until(lambda: bench.ordered)
    (order,) = bench.queue.orders
    assert (order.sql, order.connection_id, order.format) == ("SELECT 2 AS two FROM users", "acme", "xlsx")
    assert order.title == "Users"
    assert bench.queue.told == ["query 2 of 2 in its tab, from line 2 on"]
    await until(lambda: bench.formats.of(order.sql) == "xlsx")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no query where the cursor is."),
        ("SELECT * FROM t WHERE d > '{{from}}'", "Fill in {{from}} first; nothing was sent."),
        ("SELECT 'name FROM x", "The text that begins at this quote has no end. Nothing was sent."),
        ("SELECT (1", "This bracket is never closed. Nothing was sent."),
    ],
)
async def test_what_can_not_be_ordered_is_said(bench: Bench, text: str, said: str) -> None:
    bench.area.insert_query(text)
    bench.press()
    await until(lambda: bench.said)
    assert bench.said == [said]
    assert bench.queue.orders == []


async def test_without_a_site_nothing_is_sent(bench: Bench) -> None:
    bench.area.insert_query("SELECT 1", connection_id="gone")
    bench.area.show_connections([])
    tab = bench.area.new_query("SELECT 2")
    assert bench.area.draft(tab).connection_id == "gone"
    assert not bench.area.order_bar.button.isEnabled()


async def test_an_order_that_could_not_be_written_down_is_said_and_can_be_tried_again(bench: Bench) -> None:
    bench.area.insert_query("SELECT 1")
    bench.queue.broken = True
    bench.press()
    await until(lambda: bench.said)
    assert bench.said == ["It could not be written down. Make room."]
    bench.queue.broken = False
    bench.press()
    await until(lambda: bench.ordered)


async def test_ten_thousand_lines_are_read_off_the_windows_thread(bench: Bench) -> None:
    lines = "\n".join(f'       t.column_{n} AS "column {n}",' for n in range(10_000))
    text = f"SELECT\n{lines}\n       1 AS one\nFROM t"
    bench.area.insert_query(text)
    began = time.thread_time()
    bench.press()
    pressed = time.thread_time() - began
    began = time.thread_time()
    statement = read_statement(Draft("a", 0, text))
    lexed = time.thread_time() - began
    await until(lambda: bench.ordered)
    assert bench.queue.orders[0].sql == statement.sql == text
    assert pressed < lexed, "the press must not do the reading"


def test_a_tab_with_one_statement_gives_it_its_name() -> None:
    assert read_statement(Draft("a", 0, "SELECT 1 FROM users", title="For Ann")).title == "For Ann"
    assert read_statement(Draft("a", 0, "SELECT 1 FROM users; SELECT 2", title="For Ann")).title == "Users"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("DELETE FROM users", "DELETE would change data. Reports only read: begin with SELECT or WITH."),
        ("-- clean up\ndrop table users;", "DROP would change data. Reports only read: begin with SELECT or WITH."),
        ("FROM users", "A query for a report begins with SELECT or WITH."),
    ],
)
async def test_what_is_no_query_for_a_report_is_asked_about(bench: Bench, text: str, why: str) -> None:
    bench.area.insert_query(text)
    bench.press()
    await until(lambda: bench.said)
    assert (bench.asked, bench.said, bench.queue.orders) == ([why], ["Nothing was sent."], [])
    await bench.clock.advance(2.0)
    bench.sends_all_the_same = True
    bench.press()
    await until(lambda: bench.ordered)
    assert len(bench.asked) == 2


async def test_the_question_has_the_safe_answer_under_enter(bench: Bench) -> None:
    answers: list[bool] = []

    async def ask() -> None:
        answers.append(await bench.presenter._ask("DELETE would change data."))

    bench.supervisor.start("ask", ask())
    await until(lambda: bench.area.findChildren(QuestionDialog))
    (dialog,) = bench.area.findChildren(QuestionDialog)
    assert "DELETE would change data." in " ".join(label.text() for label in dialog.findChildren(QLabel))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    await until(lambda: answers)
    assert answers == [False]


async def test_a_query_that_is_one_is_not_asked_about(bench: Bench) -> None:
    bench.area.insert_query("WITH a AS (SELECT 1 AS x) SELECT x FROM a")
    bench.press()
    await until(lambda: bench.ordered)
    assert bench.asked == []
