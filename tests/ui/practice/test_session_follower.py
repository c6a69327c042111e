"""Several write into one session: a replay, a simulated learner, a person. Each line has its place, here as on disk."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.sessions.session import Answered, Asked, SessionRecord
from sana_desktop.sandbox.faults import Delay
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui import turns
from sana_desktop.ui.practice.place import PracticePlace
from sana_desktop.ui.practice.session.follower import PIECE
from sana_desktop.ui.practice.session.presenter import TakenIn
from sana_desktop.ui.practice.session.steps import Fate
from tests.support.live_window import LiveWindow, live_window
from tests.support.practice_samples import START
from tests.support.practice_window import go_to_practice, place_of, recommended, session_actions, steps


def of_a_report(count: int) -> list[Answered]:
    times = [START + timedelta(minutes=number) for number in range(count)]
    return [Answered(at, Exercise(f"q{at:%H%M}", "/p"), Outcome(at, Result.CORRECT), None) for at in times]


def in_view(place: PracticePlace) -> SessionRecord:
    record = place.record()
    assert record is not None
    return record


async def whole(window: LiveWindow, place: PracticePlace) -> SessionRecord:
    """Return the session in view, once it has every line of the one on disk."""
    saved = await place.services.sessions.load(in_view(place).id)
    await window.until("each line", lambda: len(in_view(place).events) == len(saved.events))
    assert in_view(place).events == saved.events
    for number, event in enumerate(saved.events):
        if isinstance(event, Answered) and event.asked is not None:
            question = saved.events[event.asked]
            assert isinstance(question, Asked)
            assert event.exercise in question.recommendation.exercises
            assert event.asked < number
    rows = steps(window)
    await window.until("each step", lambda: rows.rowCount() == len(saved.events))
    assert [rows.step(row).number for row in range(rows.rowCount())] == list(reversed(range(rows.rowCount())))
    return saved


async def test_a_person_asks_and_answers_where_others_write(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        place = place_of(window)
        place.presenter.ask()
        await window.until("exercises", lambda: recommended(window))
        key = in_view(place).id
        await place.services.sessions.append_many(key, of_a_report(3))
        window.key(Qt.Key.Key_1)
        await window.until("the answer, and what lies before it", lambda: in_view(place).answered_count == 4)
        await whole(window, place)
        await place.services.sessions.append_many(key, of_a_report(2))
        place.presenter.ask()
        await window.until("exercises again", lambda: in_view(place).asked_count == 2)
        await window.until("they can be answered", lambda: place.page.session.answers.isVisible())
        window.key(Qt.Key.Key_1)
        await window.until("the answer", lambda: in_view(place).answered_count == 7)
        assert [type(event) for event in (await whole(window, place)).events[-2:]] == [Asked, Answered]


async def test_a_simulated_learner_plays_where_others_write(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        place = place_of(window)
        place.simulation.play(2)
        await window.until("its end", lambda: not place.simulation.playing())
        before = await whole(window, place)
        await place.services.sessions.append_many(before.id, of_a_report(3))
        place.simulation.play(2)
        await window.until("its end", lambda: not place.simulation.playing())
        saved = await whole(window, place)
        assert (saved.answered_count, saved.asked_count) == (7, before.asked_count + 2)


async def test_what_is_missing_is_taken_in_piece_by_piece(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay that was gone on with may have written thousands: the window has its turn in between."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.0)
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        place = place_of(window)
        live = await place.presenter.ensure_session()
        await place.services.sessions.append_many(live.id, of_a_report(4 * PIECE))
        place.follower.catch_up(live)
        sizes = set[int]()
        while live.count < 4 * PIECE:
            await asyncio.sleep(0)
            sizes.add(live.count)
        assert sizes == {0, PIECE, 2 * PIECE, 3 * PIECE, 4 * PIECE}
        await whole(window, place)


@pytest.mark.parametrize("other", [False, True])
async def test_what_was_asked_for_comes_into_its_session_whatever_is_opened_meanwhile(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, other: bool
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        place.presenter.ask()
        await window.until("exercises", lambda: recommended(window) and not place.presenter.is_busy())
        first = in_view(place)
        sandbox.add_fault(Delay(0.2), "next")
        sandbox.requests.clear()
        place.presenter.ask()
        await window.until("the question", sandbox.requests.records)
        assert place.presenter.is_busy()
        if other:
            place.show_record(None)
        else:
            # As the menu does, and as whatever else opens a session does.
            (action,) = session_actions(page)
            action.trigger()
            assert action.isChecked()
            await place.reopen(await place.services.sessions.load(first.id))
        await window.until("the end", lambda: not place.presenter.is_busy())
        assert (await place.services.sessions.load(first.id)).asked_count == 2
        if not other:
            await window.until("the answer in view", lambda: in_view(place).asked_count == 2)
        else:
            assert place.record() is None


async def test_an_answer_is_in_view_once_though_its_session_is_opened_again_meanwhile(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        page.setup.count.setValue(2)
        place.presenter.ask()
        await window.until("exercises", lambda: len(recommended(window)) == 2)
        record = in_view(place)
        window.key(Qt.Key.Key_1)  # not on the disk yet
        await place.reopen(record)
        await window.until("the answer", lambda: in_view(place).answered_count == 1)
        live = place.presenter.live()
        assert live is not None
        assert [card.result is None for card in live.cards()] == [False, True]


async def test_what_is_written_while_a_session_is_being_opened_again_is_in_view_as_well(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote it told the one that was in view until then; the new one was read before."""
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        page.setup.count.setValue(2)
        place.presenter.ask()
        await window.until("exercises", lambda: len(recommended(window)) == 2)
        take_in = place.presenter.take_in

        async def while_answering(record: SessionRecord) -> TakenIn:
            taken = await take_in(record)
            window.key(Qt.Key.Key_1)
            await window.until("the answer in the one in view", lambda: in_view(place).answered_count == 1)
            return taken

        monkeypatch.setattr(place.presenter, "take_in", while_answering)
        before = place.presenter.live()
        await place.reopen(in_view(place))
        live = place.presenter.live()
        assert live is not None
        assert live is not before
        await window.until("the answer in the new one", lambda: in_view(place).answered_count == 1)
        await whole(window, place)
        assert [card.result is None for card in live.cards()] == [False, True]
        waits = lambda: steps(window).step(0).fate is Fate.WAITING  # noqa: E731 - for the other one of the set
        await window.until("what became of it", waits)


async def test_what_a_simulated_learner_plays_is_in_view_though_its_session_was_opened_again(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        place = place_of(window)
        asker = place.asker(place.setup())
        assert asker is not None
        came = await asker.next(place.setup().query())
        before = in_view(place)
        await place.reopen(await place.services.sessions.load(before.id))
        answer = ExerciseOutcome(came.exercises[0], Outcome(START, Result.CORRECT))
        await asker.post(before.setup.user_id, [answer])
        await window.until("the answer", lambda: in_view(place).answered_count == 1)
        await whole(window, place)


async def test_an_opening_that_is_given_up_leaves_no_frame_without_a_session(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame comes a turn before what stands in it; in between, another one may be wanted."""
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        record = (await place.presenter.ensure_session()).record()
        place.show_record(None)
        assert page.session.is_empty()
        tasks, show_work = Supervisor("test"), page.session.show_work

        def then_another() -> None:
            show_work()
            assert not page.session.is_empty()
            tasks.cancel("open")

        monkeypatch.setattr(page.session, "show_work", then_another)
        opening = tasks.start("open", place.reopen(record), key="open")
        assert opening is not None
        await asyncio.wait([opening])
        assert opening.cancelled()
        assert page.session.is_empty()


async def test_the_session_in_view_is_marked_in_the_menu(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        await place.presenter.ensure_session()
        await window.until("it is listed", lambda: session_actions(page))
        assert [action.isChecked() for action in session_actions(page)] == [True]
        place.show_record(None)
        assert [action.isChecked() for action in session_actions(page)] == [False]
