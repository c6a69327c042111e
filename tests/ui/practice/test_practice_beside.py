"""What stands beside the session, in the real window: the simulated learner, the comparison, the replay, the menu."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QTabBar

from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.ui.practice.meaning_panel import MeaningPanel
from sana_desktop.ui.practice.replay_dialog import ReplayDialog
from tests.support.live_window import CTRL, SHIFT, live_window
from tests.support.practice_window import click, go_to_practice, place_of, recommended, steps


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=20, min_job_seconds=0.1) as server:
        yield server


async def test_a_simulated_learner_plays_into_the_session_and_its_pictures(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        window.press("simulateFold")
        click(page, "playTenButton")
        await window.until("ten answers", lambda: len(sandbox.outcomes(page.setup.learner.user_id())) == 10)
        await window.until("the steps", lambda: steps(window).rowCount() == 20)
        meaning = page.findChild(MeaningPanel)
        assert isinstance(meaning, MeaningPanel)
        await window.until("the picture's twin", lambda: "10 answers" in meaning.section("success").sentence())
        record = place_of(window).record()
        assert record is not None
        assert record.answered_count == 10


async def test_the_same_question_twice_is_asked_without_an_answer(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        tabs = window.find("practiceTabs")
        assert isinstance(tabs, QTabBar)
        await window.until("three columns side by side", lambda: tabs.count() == 2)
        tabs.setFocus()
        window.key(Qt.Key.Key_Right)
        assert page.tab() == "compare"
        sandbox.requests.clear()
        click(page, "repeatRunButton")
        await window.until("three requests", lambda: len(sandbox.requests.records()) == 3)
        assert sandbox.outcomes(page.setup.learner.user_id()) == ()


async def test_the_replay_from_a_report_opens_from_the_menu(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        window.key(Qt.Key.Key_R, CTRL | SHIFT)
        dialog = await window.until("the dialog", lambda: window.shell.window.findChild(ReplayDialog))
        assert isinstance(dialog, QDialog)
        await window.until("in sight", dialog.isVisible)
        dialog.reject()


async def test_a_key_gets_exercises_from_anywhere(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        window.press("railReports")
        window.key(Qt.Key.Key_F9)
        await window.until("an exercise", lambda: recommended(window))
        assert window.shell.window.place == "practice"


async def test_exercises_from_a_file_and_what_could_not_be_read_of_it(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    good, bad = tmp_path / "exercises.csv", tmp_path / "notes.csv"
    good.write_text("id,path,tags\n1,/IB/math/vectors,exam;quiz\n2,/IB/art,\n,/IB/art,\n", encoding="utf-8")
    bad.write_text("hello\n", encoding="utf-8")
    async with live_window(tmp_path / "home", sandbox) as window:
        page = await go_to_practice(window)
        words = page.setup._source_words
        await window.until("the demo's", lambda: words.text() == "From the example site: 2,000 exercises")
        setups = place_of(window).setups
        await setups.load_file(good)
        assert words.text() == "From exercises.csv: 2 exercises"
        assert page.setup._source_problem.text() != ""
        assert [tag.name for tag in setups.catalogue().tags] == ["exam", "quiz"]
        page.setup.paths.choose(["/IB/math"])
        assert page.setup._fits.text() == "1 of the known exercises fits."
        await setups.load_file(bad)
        assert "columns id and path" in page.setup._source_problem.text()
        assert words.text() == "From exercises.csv: 2 exercises", "what was there stays"


async def test_without_a_site_the_example_is_one_press_away(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox, demo=False) as window:
        window.press("railPractice")
        await window.until("the offer", lambda: window.find("practiceExampleButton").isVisible())
        window.press("practiceExampleButton")
        await window.until("the button", window.shell.practice.setup.next.isEnabled)
        assert window.shell.window.place == "practice"
        click(window.shell.practice, "practiceBeginButton")
        await window.until("an exercise", lambda: recommended(window))
