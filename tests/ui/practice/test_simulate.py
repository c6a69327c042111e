"""The simulated learner: chosen and played by mouse and keys, against the sandbox, with a way out and a guard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Constraints, NextQuery, Recommendation
from sana_desktop.base.errors import NetworkError
from sana_desktop.practice.personas import PERSONAS
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning_panel import MeaningPanel
from sana_desktop.ui.practice.simulate_panel import UNTIL_STOPPED, SimulatePanel, progress_words
from sana_desktop.ui.practice.simulate_presenter import HANDFUL_MS, SimulatePresenter
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.live_window import live_window
from tests.support.practice_askers import ScriptedAsker, exercise
from tests.support.practice_desk import PracticeDesk, practice_desk
from tests.support.practice_window import fates, go_to_practice, place_of


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=100) as server:
        yield server


@pytest.fixture
def panel(qapp: QApplication, icons: Icons) -> Iterator[SimulatePanel]:
    made = SimulatePanel(icons)
    made.resize(300, 600)
    made.show()
    yield made
    made.deleteLater()


def presenter_of(desk: PracticeDesk, panel: SimulatePanel) -> SimulatePresenter:
    return SimulatePresenter(panel, desk.host, desk.supervisor, desk.clock, desk.services.learners.is_test)


def rests_after(desk: PracticeDesk, panel: SimulatePanel, steps: int) -> bool:
    return len(desk.host.steps) == steps and not panel.is_playing()


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def persona_button(panel: SimulatePanel, key: str) -> QRadioButton:
    found = panel.findChild(QRadioButton, f"persona-{key}")
    assert found is not None
    return found


async def test_ten_steps_are_played_answered_and_accepted(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        presenter_of(desk, panel)
        click(panel.ten)
        await desk.until("the start", lambda: panel.stop.isVisible())
        await desk.until("the end", lambda: not panel.is_playing())
        assert [step.number for step in desk.host.steps] == list(range(1, 11))
        assert panel.words.text() == "Played 10 steps."
        assert panel.one.isVisible()
        assert not panel.stop.isVisible()
        counts = await desk.services.delivery.counts(DEMO_ID)
        assert counts.open == 0, "every answer was taken"


async def test_one_step_after_another_goes_on_with_the_same_learner(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        presenter = presenter_of(desk, panel)
        for count in (1, 2):
            panel.one.setFocus()
            QTest.keyClick(panel.one, Qt.Key.Key_Return)
            await desk.until("a step", partial(rests_after, desk, panel, count))
        assert panel.words.text() == "Played 1 step."
        chances = [step.chance for step in desk.host.steps]
        presenter.forget()
        click(panel.one)
        await desk.until("a third step", lambda: len(desk.host.steps) == 3)
        assert len(chances) == 2


async def test_the_same_seed_plays_the_same_answers(
    panel: SimulatePanel, tmp_path: Path, sandbox: SandboxServer
) -> None:
    asker = ScriptedAsker(lambda query: [exercise(f"e{n}", b=0.0) for n in range(5)])
    async with practice_desk(tmp_path, sandbox) as desk:
        desk.host.asks = asker
        presenter = presenter_of(desk, panel)
        panel.choose("uneven", 42)
        runs = []
        for _ in range(2):
            presenter.forget()
            desk.host.handfuls.clear()
            click(panel.ten)
            await desk.until("ten steps", lambda: len(desk.host.steps) == 10 and not panel.is_playing())
            runs.append([step.outcome.result for step in desk.host.steps])
        assert runs[0] == runs[1]


async def test_until_stopped_stops_after_the_step_under_way_and_tells_in_handfuls(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        desk.host.asks = ScriptedAsker(lambda query: [exercise(f"e{n}", b=0.0) for n in range(5)])
        presenter = presenter_of(desk, panel)
        began = desk.clock.monotonic()
        click(panel.on)
        await desk.until("many steps", lambda: len(desk.host.steps) > 50)
        assert presenter.playing()
        assert "a second" in panel.words.text()
        assert not panel.bar.isVisible(), "nobody knows how far it is"
        click(panel.stop)
        assert panel.stop.text() == "Stop at once"
        await desk.until("the end", lambda: not panel.is_playing())
        taken = desk.clock.monotonic() - began
        assert panel.words.text() == f"Stopped after {len(desk.host.steps):,} steps."
        assert len(desk.host.handfuls) <= taken * 1000 / HANDFUL_MS + 2
        assert panel.stop.text() == "Stop"


class Deaf:
    """Never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def next(self, query: NextQuery) -> Recommendation:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def post(self, user_id: str, outcomes: object) -> None:
        await asyncio.Event().wait()


async def test_a_second_stop_ends_what_hangs(tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        deaf = Deaf()
        desk.host.asks = deaf
        presenter = presenter_of(desk, panel)
        click(panel.on)
        await deaf.asked.wait()
        click(panel.stop)
        assert panel.words.text() == "Stopping after the step under way…"
        click(panel.stop)
        await desk.until("the end", lambda: not presenter.playing())
        assert panel.words.text() == "Stopped after 0 steps."
        assert panel.one.isEnabled()


async def test_an_empty_recommendation_ends_the_run_in_words(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        desk.host.set_up = replace(desk.host.set_up, constraints=Constraints(tags=("no such tag",)))
        presenter_of(desk, panel)
        click(panel.ten)
        await desk.until("the end", lambda: panel.words.text().startswith("Nothing was recommended"))
        assert not panel.is_playing()


async def test_trouble_is_said_where_it_happened(tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel) -> None:
    def unreachable(query: NextQuery) -> list[object]:
        raise NetworkError("The site can't be reached.", code="E-NET-DOWN")

    async with practice_desk(tmp_path, sandbox) as desk:
        desk.host.asks = ScriptedAsker(unreachable)  # type: ignore[arg-type]
        presenter_of(desk, panel)
        click(panel.ten)
        await desk.until("the trouble", lambda: panel.words.text() == "The site can't be reached.")
        assert panel.words.property("tone") == "bad"
        assert panel.ten.isVisible()
        assert panel.ten.isEnabled()


async def test_nobody_plays_as_a_real_person(tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        presenter = presenter_of(desk, panel)
        assert panel.ten.isEnabled()
        test_learner = desk.host.set_up
        for setup, words in ((replace(test_learner, user_id="maria"), "never as a real person"), (test_learner, "")):
            desk.host.set_up = setup
            presenter.refresh()
            assert words in panel.words.text()
            assert all(button.isEnabled() is not bool(words) for button in (panel.one, panel.ten, panel.on))
        # A shortcut past the buttons is guarded too.
        desk.host.set_up = replace(test_learner, user_id="maria")
        presenter.play(UNTIL_STOPPED)
        assert not presenter.playing()
        desk.host.set_up = replace(test_learner, user_id="")
        presenter.refresh()
        assert "Choose or make a test learner" in panel.words.text()
        desk.host.connection = None
        presenter.refresh()
        assert "Connect a site" in panel.words.text()


async def test_personas_are_chosen_by_mouse_and_keys_and_each_says_how_it_answers(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        presenter_of(desk, panel)
        assert panel.persona() == PERSONAS[0].kind
        for persona in PERSONAS:
            assert persona_button(panel, persona.kind).accessibleDescription() == persona.sentence
        await desk.until("the personas", persona_button(panel, "guesser").isVisible)
        click(persona_button(panel, "guesser"))
        assert panel.persona() == "guesser"
        button = persona_button(panel, "guesser")
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Down)
        assert panel.persona() == "tires"
        before = panel.seed.value()
        while panel.seed.value() == before:
            click(panel.new_seed)
        panel.choose("rusty", 7)
        assert (panel.persona(), panel.seed.value()) == ("rusty", 7)


async def test_in_the_window_a_run_fills_the_session_and_its_pictures(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        window.press("simulateFold")
        simulated = window.find("simulatePanel")
        assert isinstance(simulated, SimulatePanel)
        await window.until("the card", simulated.ten.isVisible)
        simulated.ten.setFocus()
        window.key(Qt.Key.Key_Return)
        await window.until("the end", lambda: simulated.words.text() == "Played 10 steps.")
        meaning = window.find("meaningPanel")
        assert isinstance(meaning, MeaningPanel)
        taken = sandbox.outcomes(page.setup.learner.user_id())
        right = sum(one["outcome"]["result"] == "correct" for one in taken)
        assert len(taken) == 10
        await window.until("the answers", lambda: len(fates(window)) == 10)
        await window.until("the pictures", lambda: meaning.section("success").sentence().startswith(f"{right} of "))
        live = place_of(window).presenter.live()
        assert live is not None
        saved = await place_of(window).services.sessions.load(live.id)
        assert saved.answered_count == 10


def test_progress_is_said_with_its_speed(qtbot: QtBot) -> None:
    assert progress_words(7, 10, 3.21) == "7 of 10 steps, 3.2 a second"
    assert progress_words(1, None, 0) == "1 step"
    assert progress_words(12_345, None, 212.4) == "12,345 steps, 212 a second"


def test_the_focus_stays_with_the_buttons_when_they_change_places(panel: SimulatePanel) -> None:
    panel.activateWindow()
    panel.ten.setFocus()
    panel.show_playing(0, 10, 0)
    assert panel.stop.hasFocus()
    assert panel.bar.isVisible()
    panel.show_ended("Played 10 steps.", "good")
    assert panel.one.hasFocus()
