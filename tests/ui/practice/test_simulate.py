"""The simulated learner: chosen and played by mouse and keys, against the sandbox, with a way out and a guard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Constraints, Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.errors import NetworkError
from sana_desktop.practice.sessions.session import Mode
from sana_desktop.practice.simulate.personas import PERSONAS
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.simulate.panel import UNTIL_STOPPED, PersonaView, SimulatePanel, progress_words
from sana_desktop.ui.practice.simulate.presenter import HANDFUL_MS, KEY, SimulatePresenter
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.live_window import live_window
from tests.support.practice_askers import ScriptedAsker, exercise
from tests.support.practice_desk import PracticeDesk, practice_desk
from tests.support.practice_window import fates, go_to_practice, place_of, session_actions, steps
from tests.support.shots import settle


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
    at_rest = not panel.stop.isEnabled() and not desk.supervisor.running(KEY)
    return at_rest and len(desk.host.steps) == steps


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
        await desk.until("the start", lambda: panel.stop.isEnabled())
        await desk.until("the end", lambda: not panel.stop.isEnabled())
        assert [step.number for step in desk.host.steps] == list(range(1, 11))
        assert panel.words.text() == "Played 10 steps."
        assert panel.one.isEnabled()
        assert not panel.stop.isEnabled()
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


async def test_how_it_ended_is_said_of_the_learner_who_played_alone(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        presenter = presenter_of(desk, panel)
        click(panel.one)
        await desk.until("a step", partial(rests_after, desk, panel, 1))
        presenter.refresh()
        assert panel.words.text() == "Played 1 step."
        other = await desk.services.learners.make(DEMO_ID)
        desk.host.set_up = replace(desk.host.set_up, user_id=other.user_id)
        presenter.refresh()
        assert panel.words.text().strip() == ""
        click(panel.one)
        await desk.until("a step", partial(rests_after, desk, panel, 2))
        assert panel.words.text() == "Played 1 step."
        presenter.forget()
        assert panel.words.text().strip() == "", "another session is in view"


async def test_a_set_in_hand_is_answered_before_another_is_asked_for(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    async with practice_desk(tmp_path, sandbox) as desk:
        desk.host.set_up = replace(desk.host.set_up, mode=Mode.BATCH, num_exercises=3)
        presenter = presenter_of(desk, panel)
        for number in range(1, 5):
            click(panel.one)
            await desk.until("the step", partial(rests_after, desk, panel, number))
        assert [step.place for step in desk.host.steps] == [0, 1, 2, 0]
        assert desk.host.steps[0].recommendation is desk.host.steps[2].recommendation
        presenter.put_down()
        click(panel.one)
        await desk.until("the step", partial(rests_after, desk, panel, 5))
        assert desk.host.steps[4].place == 0


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
            await desk.until("ten steps", lambda: len(desk.host.steps) == 10 and not presenter.playing())
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
        await desk.until("the end", lambda: not panel.stop.isEnabled())
        taken = desk.clock.monotonic() - began
        assert panel.words.text() == f"Stopped after {len(desk.host.steps):,} steps."
        assert len(desk.host.handfuls) <= taken * 1000 / HANDFUL_MS + 2
        assert panel.stop.text() == "Stop"


async def test_another_learner_ends_it_with_the_request_under_way_also_in_the_middle_of_a_large_set(
    tmp_path: Path, sandbox: SandboxServer, panel: SimulatePanel
) -> None:
    many = [exercise(f"e{n}", b=0.0) for n in range(999)]

    class Slow(ScriptedAsker):
        async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
            posting.set()
            await go_on.wait()
            return await super().post(user_id, outcomes)

    async with practice_desk(tmp_path, sandbox) as desk:
        posting, go_on = asyncio.Event(), asyncio.Event()
        asker = desk.host.asks = Slow(lambda query: many)
        desk.host.set_up = replace(desk.host.set_up, mode=Mode.BATCH, num_exercises=999)
        presenter = presenter_of(desk, panel)
        click(panel.on)
        await posting.wait()
        desk.host.set_up = replace(desk.host.set_up, user_id=(await desk.services.learners.make(DEMO_ID)).user_id)
        presenter.refresh()
        go_on.set()
        await desk.until("the end", lambda: not presenter.playing())
        assert len(asker.posts) == 1, "of some twenty"
        assert panel.one.isEnabled()


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
        assert not panel.stop.isEnabled()


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


@pytest.mark.parametrize("mode", list(Mode))
async def test_each_answer_of_a_simulated_learner_was_sent_and_shows_its_request(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, mode: Mode
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.count.setValue(4)
        page.setup.mode.set_mode(mode)
        window.press("simulateFold")
        await window.until("the card", window.find("playTenButton").isVisible)
        window.press("playTenButton")
        await window.until("the answers", lambda: fates(window) == ["sent"] * 10)
        model = steps(window)
        answers = [row for row in range(model.rowCount()) if model.step(row).result is not None]

        def requests() -> list[str]:
            found = [model.step(row).exchange for row in answers]
            return [exchange.request if exchange is not None else "" for exchange in found]

        names = [model.step(row).what for row in answers]
        await window.until(
            "the request that each went out with",
            lambda: all(
                '"exercise_outcomes"' in told and name in told for name, told in zip(names, requests(), strict=True)
            ),
        )
        page.session.history.selectRow(answers[-1])
        assert page.session.exchange.exchange() is model.step(answers[-1]).exchange
        live = place_of(window).presenter.live()
        assert live is not None
        entries = await place_of(window).services.delivery.entries(open_only=False)
        assert {entry.session for entry in entries if entry.user_id == live.user_id} == {live.id}


async def test_who_played_comes_back_with_the_session(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        place.simulate.choose("rusty", 42)
        window.press("simulateFold")
        await window.until("the card", place.simulate.one.isVisible)
        window.press("playOneButton")
        await window.until("the answer", lambda: fates(window) == ["sent"])
        await window.until("a rest", lambda: not place.simulate.stop.isEnabled())
        # Somebody goes on by hand: who played before is kept.
        window.press("nextExercisesButton")
        await window.until("the button again", page.setup.next.isEnabled)
        await window.until("another exercise", lambda: steps(window).rowCount() == 3)
        page.sessions.act("new").trigger()
        place.simulate.choose("steady", 1)
        await window.until("the list", lambda: session_actions(page))
        session_actions(page)[0].trigger()
        await window.until("the steps", lambda: steps(window).rowCount() == 3)
        assert (place.simulate.persona(), place.simulate.seed.value()) == ("rusty", 42)


async def test_what_plays_ends_when_another_session_is_shown(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        window.press("simulateFold")
        await window.until("the card", place.simulate.on.isVisible)
        window.press("playOnButton")
        await window.until("some answers", lambda: len(fates(window)) > 3)
        first = place.presenter.live()
        assert first is not None
        page.sessions.act("new").trigger()
        await window.until("the end", lambda: not place.simulate.stop.isEnabled())
        taken = len(sandbox.outcomes(first.user_id))
        await window.until("all of it in its own session", lambda: first.answered == taken)
        assert place.presenter.live() is None
        assert (await place.services.sessions.load(first.id)).answered_count == taken
        assert fates(window) == []


def test_progress_is_said_with_its_speed(qtbot: QtBot) -> None:
    assert progress_words(7, 10, 3.21) == "7 of 10 steps, 3.2 a second"
    assert progress_words(1, None, 0) == "1 step in this run"
    assert progress_words(12_345, None, 212.4) == "12,345 steps in this run, 212 a second"


def places(panel: SimulatePanel) -> list[QRect]:
    """Return where the buttons and the words are, as seen from the window."""
    settle(app())
    window = panel.window()
    shown = (panel.one, panel.ten, panel.on, panel.stop, panel.words)
    return [QRect(one.mapTo(window, QPoint(0, 0)), one.size()) for one in shown]


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


@pytest.fixture
def area(panel: SimulatePanel, qapp: QApplication) -> Iterator[QScrollArea]:
    """The card at the bottom of a page that scrolls, with something above it that can have the keyboard."""
    page = QWidget()
    box = QVBoxLayout(page)
    box.addWidget(QLineEdit())
    box.addSpacing(900)
    panel.show_personas([PersonaView("a", "Starter", "Learns."), PersonaView("b", "Guesser", "Guesses.")])
    box.addWidget(panel)
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setWidget(page)
    made.resize(320, 420)
    made.show()
    made.activateWindow()
    settle(qapp)
    made.verticalScrollBar().setValue(made.verticalScrollBar().maximum())
    yield made
    panel.setParent(None)
    made.deleteLater()


@pytest.mark.parametrize("pressed", ["playOneButton", "playTenButton", "playOnButton", "simulateSeed"])
def test_nothing_moves_when_one_plays_and_stops(panel: SimulatePanel, area: QScrollArea, pressed: str) -> None:
    button = panel.findChild(QWidget, pressed)
    assert button is not None
    button.setFocus()
    before = places(panel)
    if button is panel.seed:  # a press that takes no keyboard along, as on macOS
        panel.one.click()
    else:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.show_playing(0, 10, 0)
    assert panel.stop.isEnabled()
    assert not panel.stop.visibleRegion().isEmpty()
    assert places(panel) == before
    # What has no end can't be pressed again, but stopped.
    plays = {panel.seed: panel.one, panel.on: panel.stop}.get(button, button)
    assert plays.hasFocus()
    assert not panel.on.isEnabled()
    panel.show_ended("Played 10 steps.", "good")
    assert places(panel) == before
    assert panel.words.visibleRegion().boundingRect() == panel.words.rect(), "all of what is said is seen"
    assert (panel.one if button is panel.seed else button).hasFocus()


def test_stop_hands_the_keyboard_back_to_what_was_pressed(panel: SimulatePanel, area: QScrollArea) -> None:
    click(panel.on)
    panel.show_playing(0, None, 0)
    before = places(panel)
    assert panel.stop.hasFocus()
    panel.show_ended("Stopped after 3 steps.")
    assert panel.on.hasFocus()
    assert places(panel) == before


def test_what_plays_is_not_begun_again(panel: SimulatePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.play_wanted):
        click(panel.on)
    panel.show_playing(0, None, 0)
    with qtbot.assertNotEmitted(panel.play_wanted):
        QTest.mouseClick(panel.on, Qt.MouseButton.LeftButton)
        QTest.mouseClick(panel.ten, Qt.MouseButton.LeftButton)


def test_long_words_at_the_end_are_brought_into_view(panel: SimulatePanel, area: QScrollArea, qtbot: QtBot) -> None:
    panel.show_playing(0, 10, 0)
    panel.show_ended("The site can't be reached, and this sentence goes on for several lines. " * 3, "bad")
    qtbot.waitUntil(lambda: panel.words.visibleRegion().boundingRect() == panel.words.rect())
