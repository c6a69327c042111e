"""A replay in the real window: its answers fill the session in view, its pictures and its history, as they are sent."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sana_desktop.practice.replay.columns import guess_mapping
from sana_desktop.practice.sessions.session import Answered, SessionRecord
from sana_desktop.sandbox.faults import Delay
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.page import COMPARE
from sana_desktop.ui.practice.place import PracticePlace
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.session.history_cells import ANSWER, STATE, TIME, WHAT
from sana_desktop.ui.practice.session.steps import Fate
from sana_desktop.ui.practice.sessions.reruns import again_words
from sana_desktop.ui.reports.status import presenter as status_presenter
from tests.support.live_window import LiveWindow, live_window
from tests.support.practice_samples import START
from tests.support.practice_window import click, fates, go_to_practice, place_of, recommended, steps, text_of

ROWS = 130


@pytest.fixture(autouse=True)
def no_faults(sandbox: SandboxServer) -> None:
    sandbox.faults.clear()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("question", "topic", "result", "completed_at"))
        for number in range(ROWS):
            at = (START + timedelta(days=number // 10, minutes=number)).isoformat()
            rows.writerow((f"q{number}", "/math/vectors", ("correct", "incorrect")[number % 2], at))
    return path


async def ready(window: LiveWindow, table: Path) -> ReplayDialog:
    """Open the dialog with the report in it."""
    replay = place_of(window).replay

    async def open_file() -> Path:
        return table

    replay._open_file = open_file
    replay.open()
    dialog = await window.until("the dialog", replay.dialog)
    assert isinstance(dialog, ReplayDialog)
    await window.until("its learners", lambda: dialog.learner.count() > 1)
    QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    await window.until("the look", dialog.send.isEnabled)
    return dialog


async def send(window: LiveWindow, table: Path) -> tuple[PracticePlace, ReplayDialog]:
    """Go to the place and begin the replay."""
    await go_to_practice(window)
    dialog = await ready(window, table)
    click(dialog, "replaySendButton")
    return place_of(window), dialog


async def sent(window: LiveWindow, dialog: ReplayDialog) -> None:
    """Wait until all of it is sent."""
    await window.until("the end", lambda: dialog.words.text().startswith("All 130"))


def in_view(place: PracticePlace) -> SessionRecord:
    record = place.record()
    assert record is not None
    return record


async def test_B34_a_replay_fills_its_session_its_history_and_its_pictures_while_it_is_sent(
    qapp: QApplication, tmp_path: Path, table: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_presenter, "SAID_FOR_MS", 50)
    async with live_window(tmp_path / "home", sandbox) as window:
        sandbox.add_fault(Delay(2.0), "outcomes", times=None)
        place, dialog = await send(window, table)
        await window.until("the first answers", lambda: steps(window).rowCount())
        assert steps(window).rowCount() < ROWS, "while it is sent, not at its end"
        await window.until("it is being sent", lambda: fates(window)[0] == Fate.GOING.value)
        await window.until("how far it is", lambda: place.truth().text.startswith("A replay is being sent: "))
        assert place.truth().text.endswith(" of 130.")
        strip = place.page.session.unfinished
        await window.until("it is said there as well", strip.text)
        assert strip.text().startswith("A replay from a report is being sent: ")
        place.outbox.refresh()
        await window.until("a count", lambda: not place.outbox._soon.isActive())
        assert place.page.session.outbox.isHidden(), "these do not wait for anybody"
        sandbox.faults.clear()
        await sent(window, dialog)
        await window.until("all sent", lambda: set(fates(window)) == {Fate.SENT.value})
        assert steps(window).rowCount() == ROWS
        meaning = place.page.findChild(MeaningPanel)
        assert isinstance(meaning, MeaningPanel)
        await window.until("the picture's twin", lambda: "65 of 130 answers" in meaning.section("success").sentence())
        assert "these answers are from a report" in meaning.section("challenge").sentence()
        live = place.presenter.live()
        assert live is not None
        assert live.title.startswith("Replay of a report, ")
        assert place.page.setup.learner.user_id() == live.user_id
        assert len(sandbox.outcomes(live.user_id)) == ROWS
        saved = await place.services.sessions.load(live.id)
        assert saved.events == in_view(place).events
        model = steps(window)
        newest = [model.index(0, column) for column in (TIME, WHAT, ANSWER, STATE)]
        day = (START + timedelta(days=12, minutes=129)).astimezone().strftime("%Y-%m-%d")
        assert [index.data() for index in newest] == [day, "q129", "Incorrect", "Sent"]
        spoken = model.data(newest[1], Qt.ItemDataRole.AccessibleTextRole)
        assert spoken == "q129, answered, from a report or a paste"
        assert "Answered, from a report" in str(model.data(newest[1], Qt.ItemDataRole.ToolTipRole))
        assert model.step(0).exchange is not None, "what was sent is one fold away"
        assert text_of(place.page, "practiceFromReport").startswith("These answers are from a report")
        assert place.page.session.list.isHidden()


async def test_B34_after_a_restart_the_page_says_what_is_not_finished_and_offers_to_go_on(
    qapp: QApplication, tmp_path: Path, table: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        replays = place.services.replays
        mapping = guess_mapping((await replays.columns(table)).names)
        dry = await replays.dry_run(table, mapping)
        connection = place.connection_id()
        assert connection is not None
        learner = await place.services.learners.make(connection)
        await replays.begin(table, mapping, connection, learner.user_id, dry)
        assert page.session.unfinished.isHidden()
    async with live_window(tmp_path / "home", sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        await window.until("the offer", page.session.unfinished.text)
        assert page.session.unfinished.text() == "A replay from a report is not finished: 0 of 130 were sent."
        click(page, "practiceUnfinished-go-on")
        dialog = await window.until("the dialog", place.replay.dialog)
        assert dialog is not None
        await window.until("no offer", lambda: not page.session.unfinished.offers("go-on"))
        await sent(window, dialog)
        assert len(sandbox.outcomes(learner.user_id)) == ROWS
        dialog.reject()
        await window.until("it is closed", lambda: place.replay.dialog() is None)
        await window.until("nothing is left to say", page.session.unfinished.isHidden)


async def test_then_a_person_goes_on_from_there_by_hand(
    qapp: QApplication, tmp_path: Path, table: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        place, dialog = await send(window, table)
        await sent(window, dialog)
        dialog.reject()
        await window.until("all of it", lambda: steps(window).rowCount() == ROWS)
        key = in_view(place).id
        place.presenter.ask()
        await window.until("exercises", lambda: recommended(window))
        assert in_view(place).id == key, "the same learner, the same session"
        window.key(Qt.Key.Key_1)
        await window.until("the answer", lambda: in_view(place).answered_count == ROWS + 1)
        saved = await place.services.sessions.load(key)
        assert saved.events[ROWS + 1].asked == ROWS  # type: ignore[union-attr]
        assert saved.events == in_view(place).events
        place.sessions.open(key)
        words = "So far: 131 answers, 130 of them from a report or a paste"
        await window.until("opened again", lambda: text_of(place.page, "practiceSoFar") == words)


async def test_a_session_that_is_opened_while_it_is_written_has_every_line_once(
    qapp: QApplication, tmp_path: Path, table: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        sandbox.add_fault(Delay(0.05), "outcomes", times=None)
        place, dialog = await send(window, table)
        await window.until("the first answers", lambda: steps(window).rowCount())
        key = in_view(place).id
        early = await place.services.sessions.load(key)
        await window.until("more of them", lambda: steps(window).rowCount() > len(early.events))
        await place.reopen(early)  # as it was read before they came
        await sent(window, dialog)
        await window.until("each of them", lambda: steps(window).rowCount() == ROWS)
        assert in_view(place).events == (await place.services.sessions.load(key)).events


async def test_a_session_from_a_report_can_be_replayed_to_another_learner(
    qapp: QApplication, tmp_path: Path, table: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        place, dialog = await send(window, table)
        await sent(window, dialog)
        dialog.reject()
        record = in_view(place)
        assert "No question was asked in it" in again_words(record)
        await place.sessions.reruns.run(record, record.connection_id)
        again = in_view(place)
        assert again.id != record.id
        assert [event.exercise.id for event in again.events if isinstance(event, Answered)] == [
            f"q{n}" for n in range(ROWS)
        ]
        assert all(isinstance(event, Answered) and event.from_report for event in again.events)
        assert len(sandbox.outcomes(again.setup.user_id)) == ROWS
        assert place.page.tab() != COMPARE, "there is nothing to compare"
