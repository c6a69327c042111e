"""From a paste to the card and on: the newest counts, nothing secret is shown, and a file is read with care."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.paste.understanding import Kind, Understanding
from sana_desktop.store.settings import Settings
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.format_memory import FormatMemory
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.paste_presenter import MAX_SQL_FILE_LENGTH, PastePresenter
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.workspace.connections import Access, Mark
from tests.support.waiting import until
from tests.support.workspaces import JobRegistry, desk
from tests.ui.scenes import make_panels

ENDED = "eyJhbGciOiJub25lIn0.eyJleHAiOjE2MDAwMDAwMDB9.c2lnbmVk"
"""Made up: a signed pass that ended in 2020."""
PASS = "a-pass-nobody-may-see-0123456789"
CURL = f"""curl 'https://acme.sana.ai/api/v1/reports/query' -H 'Authorization: Bearer {PASS}' \
-d '{{"query": "SELECT 7 AS seven FROM users"}}'"""


class Bench:
    """The page with a presenter on a real book."""

    def __init__(self, page: ReportsPage, room: JobRegistry, tasks: Supervisor) -> None:
        self.page, self.room, self.redactor = page, room, Redactor()
        self.said: list[str] = []
        self.connect: list[Understanding] = []
        self.formats = FormatMemory(Settings(room.database))
        self.presenter = PastePresenter(
            page,
            room.book,
            room.clients,
            self.redactor,
            SystemClock(),
            tasks,
            connect=self.connect.append,
            formats=self.formats,
            say=lambda text, tone: self.said.append(text),
        )

    async def card(self) -> str:
        await until(lambda: self.page.showing() == "card")
        return "\n".join(label.text() for label in self.page.card.findChildren(QLabel) if not label.isHidden())

    def text(self) -> str:
        edit = self.page.editor.current_edit()
        return edit.toPlainText() if edit is not None else ""


@pytest.fixture
async def bench(qtbot: QtBot, theme: Theme, icons: Icons, tmp_path: Path) -> AsyncIterator[Bench]:
    tasks = Supervisor("test")
    jobs, downloads = make_panels(theme, icons, filled=False)
    page = ReportsPage(theme, icons, EditorArea(theme, icons), jobs, downloads)
    qtbot.addWidget(page)
    page.editor.restore([])
    async with desk(tmp_path / "data") as room:
        yield Bench(page, room, tasks)
        await tasks.stop()


async def test_a_command_becomes_a_card_and_then_a_query_for_its_site(bench: Bench) -> None:
    bench.page.pasted.emit(CURL)
    words = await bench.card()
    assert "acme" in words
    assert PASS not in words
    assert PASS not in bench.redactor.clean(PASS)
    assert bench.room.book.list() == (), "nothing is made before the person agrees"
    bench.page.card.accept.click()
    await until(lambda: "seven" in bench.text())
    (made,) = bench.room.book.list()
    assert (made.access, made.origin) == (Access.PASTED, parse_workspace("acme"))
    assert bench.page.editor.draft(bench.page.editor.current_id()).connection_id == made.id
    assert PASS not in bench.text()


async def test_a_site_that_is_added_is_said_before(bench: Bench) -> None:
    bench.presenter.take(CURL)
    assert "acme.sana.ai, which is added to your connections as “live”" in await bench.card()
    bench.page.card.accept.click()
    await until(lambda: "seven" in bench.text())
    bench.presenter.take(CURL)
    assert "which is connected already (acme.sana.ai)" in await bench.card()


async def test_a_site_on_this_computer_is_added_as_a_test_and_that_is_said(bench: Bench) -> None:
    bench.presenter.take(CURL.replace("https://acme.sana.ai", "http://127.0.0.1:18431"))
    assert "127.0.0.1:18431, which is added to your connections as “test”" in await bench.card()
    bench.page.card.accept.click()
    await until(lambda: "seven" in bench.text())
    assert [one.mark for one in bench.room.book.list()] == [Mark.TEST]


async def test_a_pass_that_has_ended_is_not_offered(bench: Bench) -> None:
    bench.presenter.take(f"Bearer {ENDED}")
    words = await bench.card()
    assert "This pass has already ended." in words
    assert "a fresh pass is in it" in words
    assert bench.page.card.accept.isHidden()


async def test_a_pass_that_has_ended_is_not_kept_with_its_command(bench: Bench) -> None:
    bench.presenter.take(CURL.replace(PASS, ENDED))
    assert "lifted out" not in await bench.card()
    bench.page.card.accept.click()
    await until(lambda: "seven" in bench.text())
    assert bench.said == []


async def test_a_pass_inside_a_query_reaches_neither_editor_nor_disk(bench: Bench) -> None:
    bench.presenter.take(f"-- Authorization: Bearer {PASS}\nSELECT 7 AS seven FROM users")
    assert "It was left out" in await bench.card()
    assert PASS not in bench.redactor.clean(PASS)
    bench.page.card.accept.click()
    await until(lambda: "seven" in bench.text())
    assert PASS not in bench.text()


async def test_a_query_with_a_mistake_is_no_query_that_was_understood_in_silence(bench: Bench) -> None:
    bench.presenter.take("SELECT name, FROM users WHERE (")
    assert "This bracket is never closed." in await bench.card()


async def test_the_newest_paste_counts(bench: Bench) -> None:
    bench.presenter.take(CURL)
    bench.presenter.take("SELECT 8 AS eight FROM users")
    await bench.card()
    bench.page.card.accept.click()
    await until(lambda: "eight" in bench.text())


async def test_what_was_declined_is_forgotten(bench: Bench) -> None:
    bench.presenter.take(CURL)
    await bench.card()
    bench.page.card.dismiss.click()
    bench.page.paste_accepted.emit()
    assert bench.presenter._understood is None
    assert bench.room.book.list() == ()


async def test_a_query_comes_back_in_its_last_format(bench: Bench) -> None:
    await bench.formats.keep("SELECT 9 AS nine FROM users", "xlsx")
    bench.presenter.take("SELECT 9 AS nine FROM users")
    assert "it does not say; Excel (XLSX), until you choose another" in await bench.card()
    bench.page.card.accept.click()
    await until(lambda: "nine" in bench.text())
    assert bench.page.editor.order_bar.chosen_format() == "xlsx"


async def test_credentials_lead_to_the_form_and_not_into_the_editor(bench: Bench) -> None:
    bench.presenter.take("Client ID: abc-123\nClient secret: secret-canary-0123456789")
    assert "secret-canary" not in await bench.card()
    bench.page.card.accept.click()
    await until(lambda: bench.connect)
    (understood,) = bench.connect
    assert understood.kind is Kind.CREDENTIALS
    assert understood.client_id == "abc-123"
    assert understood.client_secret is not None
    assert bench.text() == ""


async def test_a_pass_alone_goes_to_the_chosen_site_or_asks_for_one(bench: Bench) -> None:
    bench.presenter.take(f"Bearer {PASS}")
    await bench.card()
    bench.page.card.accept.click()
    await until(lambda: bench.said)
    assert "I can't tell which site" in bench.said[0]
    made = await bench.room.book.add(parse_workspace("acme"), access=Access.PASTED)
    bench.page.editor.show_connections([ConnectionChoice(made.id, made.name, "blue", "live")])
    bench.presenter.take(f"Bearer {PASS}")
    await bench.card()
    bench.page.card.accept.click()
    await until(lambda: len(bench.said) == 2)
    assert bench.said[1] == f"The pass is kept in memory for {made.name}."
    assert (await bench.room.clients.client(made.id)).origin == made.origin


async def test_of_two_ways_into_a_site_the_chosen_one_is_meant(bench: Bench) -> None:
    one = await bench.room.book.add(parse_workspace("acme"), access=Access.PASTED)
    two = await bench.room.book.add(parse_workspace("acme"), access=Access.PASTED)
    bench.page.editor.show_connections([ConnectionChoice(each.id, each.name, "blue", "live") for each in (one, two)])
    bench.page.editor.order_bar.choose_connection(two.id)
    bench.presenter.take(CURL)
    await bench.card()
    bench.page.card.accept.click()
    await until(lambda: "seven" in bench.text())
    assert bench.page.editor.draft(bench.page.editor.current_id()).connection_id == two.id


async def test_a_dropped_query_is_read(bench: Bench, tmp_path: Path) -> None:
    for name, encoding in (("a.sql", "utf-8"), ("b.txt", "utf-16"), ("c.sql", "utf-8-sig")):
        (tmp_path / name).write_text("SELECT 'Zoë' AS who FROM users", encoding=encoding)
        bench.presenter.take_file(str(tmp_path / name))
        await bench.card()
        bench.page.card.accept.click()
        await until(lambda: "Zoë" in bench.text())
        bench.page.editor.close_query()


async def test_what_is_no_query_is_said_in_plain_words(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "long.sql").write_bytes(b" " * (MAX_SQL_FILE_LENGTH + 1))
    (tmp_path / "picture.sql").write_bytes(b"\xff\x00\xd8\xd8" * 10)
    bench.presenter.take_file(str(tmp_path / "long.sql"))
    await until(lambda: len(bench.said) == 1)
    bench.presenter.take_file(str(tmp_path / "picture.sql"))
    await until(lambda: len(bench.said) == 2)
    bench.presenter.take_file(str(tmp_path))
    await until(lambda: len(bench.said) == 3)
    assert bench.said[0] == "long.sql is too long to be a query."
    assert bench.said[1] == "picture.sql can't be read as text."
    assert bench.said[2] == f"{tmp_path.name} can't be read as text."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
async def test_a_pipe_is_not_waited_for(bench: Bench, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.sql")
    bench.presenter.take_file(str(tmp_path / "pipe.sql"))
    await until(lambda: bench.said)


async def test_a_dropped_report_is_not_read_as_a_query(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("SELECT,1\n")
    bench.presenter.take_file(str(tmp_path / "report.csv"))
    assert "report file" in await bench.card()
    assert bench.page.card.accept.isHidden()


async def test_an_empty_clipboard_gets_a_word(bench: Bench) -> None:
    bench.presenter.take(" \n")
    assert bench.said == ["There is no text on the clipboard to paste."]
    assert bench.page.showing() == "work"


@pytest.mark.parametrize(
    ("text", "way_on"),
    [
        ("well, hello there. how are you?", "choose cURL"),
        ("https://acme.sana.ai/api/v1/reports/jobs/abc-1", "fetches only what it ordered"),
        ("C:\\reports\\mine.csv", "under Downloads"),
        ("x" * 3_000_000, "choose cURL"),
    ],
)
async def test_a_dead_end_says_what_helps_and_takes_another_paste(bench: Bench, text: str, way_on: str) -> None:
    bench.presenter.take(text)
    assert way_on in await bench.card()
    card = bench.page.card
    assert card.accept.isHidden()
    QGuiApplication.clipboard().setText("SELECT 5 AS five FROM users")
    card.again.click()
    await until(lambda: not card.accept.isHidden())
    assert card.again.isHidden()
    card.accept.click()
    await until(lambda: "five" in bench.text())


async def test_what_would_change_data_is_said_on_the_card(bench: Bench) -> None:
    bench.presenter.take(CURL.replace("SELECT 7 AS seven FROM users", "DROP TABLE users"))
    words = await bench.card()
    assert "DROP would change data. Reports only read: begin with SELECT or WITH." in words
    assert "This is no query for a report" in words


async def test_a_format_that_is_not_offered_is_said_to_be_none(bench: Bench) -> None:
    bench.presenter.take('{"query": "SELECT 1 FROM users", "format": "pdf"}')
    words = await bench.card()
    assert "PDF is not offered; CSV, until you choose another" in words
    assert "does not say; CSV" not in words
