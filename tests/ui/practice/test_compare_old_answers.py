"""A comparison says for which question it was found, once another one is set up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.theme.theme import Theme
from tests.support.compare_bench import compare_page, present
from tests.support.practice_desk import WAIT_SECONDS, PracticeDesk
from tests.support.waiting import until


@pytest.fixture
def page(qapp: QApplication, theme: Theme, icons: Icons) -> Iterator[ComparePage]:
    with compare_page(theme, icons) as made:
        yield made


async def run(study: ComparisonPanel) -> None:
    ended = asyncio.Event()
    study.ended.connect(ended.set)
    QTest.mouseClick(study.run, Qt.MouseButton.LeftButton)
    async with asyncio.timeout(WAIT_SECONDS):
        await ended.wait()
    study.ended.disconnect(ended.set)


def mark(page: ComparePage, study: str = "repeat") -> str:
    found = page.findChild(QLabel, f"{study}StaleWords")
    assert found is not None
    return found.text() if found.isVisibleTo(page) else ""


async def test_what_was_found_says_for_which_question_once_another_is_set_up(
    desk: PracticeDesk, page: ComparePage
) -> None:
    presenter = present(desk, page)
    before = desk.host.set_up
    await run(page.repeat)
    assert mark(page) == "", "it is about what is set up"
    asked = page.repeat.asked_of.text()
    desk.host.set_up = replace(before, challenge_level=0.9)
    presenter.refresh()
    assert page.repeat.asked_of.text() != asked
    words = f"Something else is set up now. This was found for: {asked} (Example data)"
    await until(lambda: mark(page) == words)
    assert mark(page, "sweep") == "", "nothing was found there yet"
    desk.host.set_up = before
    presenter.refresh()
    assert mark(page) == "", "the same question again"
    desk.host.set_up = replace(before, challenge_level=0.9)
    await run(page.repeat)
    assert mark(page) == "", "found anew, for what is set up now"


async def test_what_was_found_at_another_address_or_with_another_key_is_not_said_of_this_one(
    desk: PracticeDesk, page: ComparePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    presenter = present(desk, page)
    await run(page.repeat)
    await run(page.health)
    assert (mark(page), mark(page, "health")) == ("", "")
    monkeypatch.setattr(desk.services.findings, "place", lambda connection: f"{connection} elsewhere")
    presenter.refresh()
    start = "Another site is chosen now, or this one has another address or key since. This was found for: "
    await until(lambda: mark(page).startswith(start))
    page.show_study("health")
    assert mark(page, "health") == f"{start}Example data"


async def test_a_set_up_changed_while_it_runs_does_not_own_what_was_asked_before(
    desk: PracticeDesk, page: ComparePage, sandbox: SandboxServer
) -> None:
    presenter = present(desk, page)
    asked = page.repeat.asked_of.text()
    ended = asyncio.Event()
    page.repeat.ended.connect(ended.set)
    sandbox.requests.clear()
    QTest.mouseClick(page.repeat.run, Qt.MouseButton.LeftButton)
    await until(sandbox.requests.records)
    desk.host.set_up = replace(desk.host.set_up, challenge_level=0.9)
    presenter.refresh()
    async with asyncio.timeout(WAIT_SECONDS):
        await ended.wait()
    await until(lambda: mark(page).endswith(f"This was found for: {asked} (Example data)"))
