"""What stands beside the session, in the real window: the simulated learner, the comparison, the replay, the menu."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QTabBar

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.redaction import Secret
from sana_desktop.sandbox.faults import LoseAnswer
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.setup import catalogue as setup_catalogue
from tests.support.live_window import CTRL, SHIFT, WAIT_SECONDS, LiveWindow, live_window
from tests.support.practice_window import (
    can_click,
    click,
    fates,
    go_to_practice,
    page_arrived,
    place_of,
    recommended,
    steps,
)


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


async def test_a_played_answer_of_unknown_fate_is_a_line_of_the_session_and_says_so(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        window.press("simulateFold")
        sandbox.add_fault(LoseAnswer(), "outcomes", times=1)
        click(page, "playOneButton")
        await window.until("its fate", lambda: fates(window) == ["unknown"])
        assert steps(window).rowCount() == 2
        await window.until("it may go on", lambda: not place_of(window).simulation.playing())
        click(page, "playOneButton")
        await window.until("the next", lambda: fates(window) == ["sent", "unknown"])
        live = place_of(window).presenter.live()
        assert live is not None
        kept = await place_of(window).services.sessions.load(live.id)
        assert kept.events == live.record().events, "in view as on the disk"


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
        await window.until("the question", lambda: can_click(page, "repeatRunButton"))
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
        await setups.exercises.load_file(good)
        assert words.text().startswith("From exercises.csv, loaded ")
        assert words.text().endswith(": 2 exercises")
        assert page.setup._source_problem.text() != ""
        assert [tag.name for tag in setups.exercises.catalogue().tags] == ["exam", "quiz"]
        page.setup.paths.choose(["/IB/math"])
        assert page.setup._fits.text() == "1 of the known exercises fits."
        await setups.exercises.load_file(bad)
        assert "columns id and topic" in page.setup._source_problem.text()
        assert words.text().endswith(": 2 exercises"), "what was there stays"


async def test_what_came_up_is_counted_within_the_chosen_source_at_once(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    file = tmp_path / "exercises.csv"
    file.write_text("id,topic\n1,/IB/math/vectors\n2,/IB/art\n", encoding="utf-8")
    async with live_window(tmp_path / "home", sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        await window.until("the example's", lambda: "2,000" in page.setup._source_words.text())
        page.setup.count.setValue(3)
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: len(recommended(window)) == 3)
        said = place.meaning.section("places").sentence
        few = "3 of 2,000 known exercises came up (under 1 %)."
        await window.until("of all", lambda: said().startswith(few))
        page.setup.source_wanted.emit("answers")
        await window.until("of nothing known", lambda: said().startswith("3 different exercises came up."))
        await place.setups.exercises.load_file(file)
        apart = "0 of 2 known exercises came up (0 %). 3 more came that are not among them."
        await window.until("of the file's", lambda: said().startswith(apart))
        page.setup.source_wanted.emit("demo")
        await window.until("of all again", lambda: said().startswith(few))


async def kept_catalogues(window: LiveWindow, count: int) -> None:
    """Wait until so many are on the disk."""

    def kept(connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT count(*) FROM practice_catalogues").fetchone()[0])

    async with asyncio.timeout(WAIT_SECONDS):
        while await window.core.database.read(kept) != count:  # noqa: ASYNC110 - it is the disk that is asked
            await asyncio.sleep(0.02)


async def test_known_exercises_are_there_after_a_restart_until_they_are_forgotten(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_catalogue, "KEEP_MS", 50)
    told = sandbox.describe()
    file = tmp_path / "exercises.csv"
    file.write_text("id,path,tags\n1,/IB/math/vectors,exam;quiz\n2,/IB/art,\n", encoding="utf-8")
    async with live_window(tmp_path / "home", sandbox, demo=False) as window:
        practice = parse_practice_origin(told["practice_url"])
        site = parse_workspace(told["insights_url"])
        own = await window.core.book.add(site, name="Mine", client_id="i", practice=practice)
        window.core.practice_clients.give_key(own.id, Secret(told["api_key"]))
        page = await go_to_practice(window)
        await window.until("the example's", lambda: "2,000" in page.setup._source_words.text())
        await place_of(window).setups.exercises.load_file(file)
        window.press("nextExercisesButton")
        await window.until("an exercise", lambda: recommended(window))
        words = page.setup._source_words
        await window.until("what was learned", lambda: words.text().endswith("(and 1 that came back or were pasted)"))
        await kept_catalogues(window, 2)
    async with live_window(tmp_path / "home", sandbox, demo=False) as window:
        page = await go_to_practice(window)
        words = page.setup._source_words
        exercises = place_of(window).setups.exercises
        await window.until("what was kept", lambda: words.text().startswith("From exercises.csv, loaded "))
        assert words.text().endswith("(and 1 that came back or were pasted)")
        assert "quiz" in [tag.name for tag in exercises.catalogue().tags]
        assert len(exercises.catalogue()) == 3
        page.setup.source_wanted.emit("answers")
        await window.until(
            "only what came", lambda: words.text() == "Came back from this site or were pasted: 1 exercise"
        )
        page.setup.source_wanted.emit("forget")
        await window.until("the bar", page.undo.text)
        assert words.text().startswith("None known yet")
        click(page, "practiceUndo-exercises")
        await window.until("it is back", lambda: words.text().startswith("Came back"))
        page.setup.source_wanted.emit("forget")
        await window.until("the bar again", page.undo.text)
        assert words.text().startswith("None known yet")
        await exercises.load_file(file)
        assert page.undo.text() == "", "what would take away what was loaded since is not offered"
        page.setup.source_wanted.emit("forget")
        await window.until("the third bar", page.undo.text)
        page.undo.close_button.click()
        assert page.undo.text() == ""
        await kept_catalogues(window, 0)


async def test_without_a_site_the_example_is_one_press_away(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox, demo=False) as window:
        window.press("railPractice")
        await page_arrived(window)
        await window.until("the offer", lambda: window.find("practiceExampleButton").isVisible())
        window.press("practiceExampleButton")
        await window.until("the button", window.shell.practice.setup.next.isEnabled)
        assert window.shell.window.place == "practice"
        click(window.shell.practice, "practiceBeginButton")
        await window.until("an exercise", lambda: recommended(window))
