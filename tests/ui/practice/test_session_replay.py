"""A session that is replayed can be stopped, says what it lacks after that and after a kill, and is gone on with."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.practice.sessions.rerun_marks import RerunMark
from sana_desktop.practice.sessions.session import Answered, Mode, SessionRecord, Setup
from sana_desktop.sandbox.faults import Delay, Reply, Rule
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.place import PracticePlace
from sana_desktop.ui.practice.sessions.reruns import KEY, Stopped, mark_words, stopped_sentence
from tests.support.live_window import LiveWindow, live_window
from tests.support.practice_window import click, go_to_practice, place_of, session_actions

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MANY = 120
MARK = RerunMark("s", "old", "Monday", 12, 1_080)


@pytest.fixture(autouse=True)
def no_faults(sandbox: SandboxServer) -> None:
    sandbox.faults.clear()


async def many_answers(window: LiveWindow) -> tuple[PracticePlace, SessionRecord]:
    """Write a session of answers without a question."""
    await go_to_practice(window)
    place = place_of(window)
    connection = place.connection_id()
    assert connection is not None
    sessions = place.services.sessions
    made = await sessions.begin(connection, Setup(Mode.BATCH, "somebody"), "Monday")
    outcome = Outcome(NOON, Result.CORRECT)
    await sessions.append_many(
        made.id, [Answered(NOON, Exercise(f"q{n}", "/math"), outcome, None) for n in range(MANY)]
    )
    return place, await sessions.load(made.id)


def begin(place: PracticePlace, record: SessionRecord) -> None:
    place.sessions._tasks.start("test", place.sessions.reruns.run(record, record.connection_id))


async def test_a_replay_has_a_way_out_and_says_what_it_lacks_also_after_a_restart(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        place, record = await many_answers(window)
        strip = place.page.session.rerun
        sandbox.faults.add(Rule(Delay(30.0), "outcomes", times=None, skip=1))
        begin(place, record)
        first = "“Monday” is being replayed to a test learner: 100 of 120 questions and answers."
        await window.until("how far it is", lambda: strip.text() == first)
        assert "being replayed" in (await place.sessions._views(await place.services.sessions.list()))[0].about
        click(place.page, "practiceRerun-stop")
        stopped = "This is a replay of “Monday”, stopped after 100 of 120 questions and answers."
        await window.until("what it lacks", lambda: strip.text().startswith(stopped))
        assert window.truth() == "The replay was stopped after 100 of 120."
        user = place.setup().user_id
        assert len(sandbox.outcomes(user)) == 50
    sandbox.faults.clear()
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place, strip = place_of(window), page.session.rerun
        await window.until("the list", lambda: session_actions(page))
        row = session_actions(page)[0]
        assert row.text().startswith("Replay of Monday   stopped after 100 of 120")
        await window.until("what it lacks", lambda: strip.text().startswith(stopped))
        assert "Of 50 answers it is not known whether they arrived. Going on sends what comes after" in strip.text()
        assert strip.buttons()[0].text() == "Go on after them"
        click(page, "practiceRerun-go-on")
        await window.until("the end", lambda: window.truth().startswith("Replayed: 120 answers"))
        await window.until("nothing more to say", lambda: strip.text() == "")
        arrived = [each["exercise"]["id"] for each in sandbox.outcomes(user)]
        assert arrived == [f"q{n}" for n in (*range(50), *range(100, 120))], "those of then never again"
        await window.until("the list", lambda: "stopped" not in session_actions(page)[0].text())


async def test_one_that_failed_says_so_and_can_be_left_as_it_is(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        place, record = await many_answers(window)
        strip = place.page.session.rerun
        sandbox.faults.add(Rule(Reply(401), "outcomes", times=None, skip=1))
        begin(place, record)
        await window.until("what it lacks", lambda: "stopped after 100 of 120" in strip.text())
        assert [button.text() for button in strip.buttons()] == ["Go on", "Leave it so"]
        click(place.page, "practiceRerun-leave")
        await window.until("it is left", lambda: not place.sessions._tasks.running(f"{KEY} act"))
        place.sessions.reruns.look()
        await window.until("the list", lambda: "stopped after 100" in session_actions(place.page)[0].text())
        assert strip.text() == "", "it is said in the list, and not offered any more"


def test_what_a_replay_lacks_is_said() -> None:
    said = stopped_sentence(Stopped(MARK, True, 0))
    assert said == "This is a replay of “Monday”, stopped after 12 of 1,080 questions and answers."
    assert "Of 1 answer it is not known whether it arrived. Going on" in stopped_sentence(Stopped(MARK, True, 1))
    assert stopped_sentence(Stopped(MARK, False, 3)).endswith("something else came after, or what it replays is gone.")
    assert mark_words(MARK, "Replay of Monday", running=False) == "stopped after 12 of 1,080"
    assert mark_words(MARK, "Renamed", running=False) == "replay of Monday, stopped after 12 of 1,080"
    assert mark_words(dataclasses.replace(MARK, done=3), "Renamed", running=True) == "being replayed, 3 of 1,080"
