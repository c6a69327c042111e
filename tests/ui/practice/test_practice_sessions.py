"""Sessions save themselves: reopened, renamed, deleted and brought back, exported, imported, replayed."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QListView

import sana_desktop.practice.sessions.sessions
import sana_desktop.ui.practice.sessions.presenter
from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.place import PracticePlace
from tests.support.live_window import LiveWindow, live_window
from tests.support.practice_window import (
    can_click,
    click,
    fates,
    go_to_practice,
    page_arrived,
    place_of,
    recommended,
    session_actions,
    steps,
    text_of,
)


async def a_set_of_two(window: LiveWindow) -> PracticePage:
    """Get a set, of which nothing is sent before all of it is answered."""
    page = await go_to_practice(window)
    page.setup.count.setValue(2)
    window.press("nextExercisesButton")
    await window.until("the exercises", lambda: len(recommended(window)) == 2)
    return page


async def one_that_waits(window: LiveWindow) -> PracticePage:
    """Get a set of two and answer the first."""
    page = await a_set_of_two(window)
    window.key(Qt.Key.Key_1)
    await window.until("it waits for the other", lambda: fates(window) == ["waiting"])
    return page


async def a_session(window: LiveWindow) -> PracticePlace:
    """Get a set of two and answer it."""
    await a_set_of_two(window)
    window.key(Qt.Key.Key_1)
    window.key(Qt.Key.Key_3)
    await window.until("both fates", lambda: fates(window) == ["sent", "sent"])
    return place_of(window)


async def test_a_session_is_there_again_after_a_restart(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await a_session(window)
        learner = window.shell.practice.setup.learner.user_id()
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        assert page.setup.learner.user_id() == learner
        await window.until("the list", lambda: session_actions(page))
        assert "2 answers" in session_actions(page)[0].text()
        session_actions(page)[0].trigger()
        await window.until("the steps", lambda: steps(window).rowCount() == 3)
        assert fates(window) == ["sent", "sent"]
        assert page.setup.count.value() == 2
        window.press("exchangeToggle")
        page.session.history.setCurrentIndex(steps(window).index(0, 0))
        assert '"result": "incorrect"' in page.session.exchange.request.toPlainText()
        assert learner in page.session.exchange.request.toPlainText()
        assert "is not kept" in text_of(page, "exchangeFacts")
        assert not page.session.exchange.copy.isEnabled(), "it is no whole request"


async def test_an_answer_that_waits_is_not_said_to_be_sent_when_its_session_is_opened_again(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await one_that_waits(window)
        page.sessions.act("new").trigger()
        await window.until("an empty place", lambda: page.session.is_empty())
        session_actions(page)[0].trigger()
        await window.until("the session", lambda: steps(window).rowCount() == 2)
        await window.until("it still waits", lambda: fates(window) == ["waiting"])


async def test_rename_delete_and_undo(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await a_session(window)
        page = window.shell.practice
        page.sessions.act("rename").trigger()
        await window.until("the dialog", lambda: can_click(window.shell.window, "saveTitleButton"))
        field = window.shell.window.findChild(QLineEdit, "titleField")
        assert field is not None
        QTest.keyClicks(field, "First try")
        click(window.shell.window, "saveTitleButton")
        await window.until("the title", lambda: page.sessions.text() == "First try")
        page.sessions.act("delete").trigger()
        await window.until("the bar", page.undo.text)
        assert page.session.is_empty()
        assert "stay sent" in page.undo.text()
        click(page, "practiceUndo-undo")
        await window.until("it is back", lambda: steps(window).rowCount() == 3)
        assert page.sessions.text() == "First try"
        place = place_of(window)
        record = place.record()
        assert record is not None
        other = await place.services.sessions.begin(record.connection_id, record.setup, "Another")
        await place.sessions._delete_one(other.id)
        await window.until("the bar", page.undo.text)
        click(page, "practiceUndo-undo")
        await window.until("it is listed", lambda: any("Another" in act.text() for act in session_actions(page)))
        assert page.sessions.text() == "First try", "the one in view stays in view"


async def test_a_removed_test_learner_leaves_their_session_and_stays_nobody_real(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await a_session(window)
        page = window.shell.practice
        learner, choice = page.setup.learner.user_id(), page.setup.learner.choice
        window.press("renameLearnerButton")
        await window.until("the dialog", lambda: can_click(window.shell.window, "saveTitleButton"))
        field = window.shell.window.findChild(QLineEdit, "titleField")
        assert field is not None
        QTest.keyClicks(field, "New hire")
        click(window.shell.window, "saveTitleButton")
        await window.until("the name", lambda: page.setup.learner.name() == "New hire")
        assert page.setup.learner.user_id() == learner
        assert not page.session.is_empty(), "it is the same learner, in the same session"
        window.press("removeLearnerButton")
        await window.until("the bar", page.undo.text)
        assert "stays with Sana" in page.undo.text()
        assert (page.setup.learner.user_id(), choice.count()) == ("", 0)
        assert page.session.is_empty()
        click(page, "practiceUndo-learner")
        await window.until("they are back", lambda: page.setup.learner.user_id() == learner)
        assert page.undo.text() == ""
        window.press("removeLearnerButton")
        await window.until("they are gone again", lambda: choice.count() == 0)
        session_actions(page)[0].trigger()
        await window.until("their session", lambda: steps(window).rowCount() == 3)
        assert page.setup.learner.user_id() == learner
        assert page.setup.learner.is_test()
        assert page.real.text() == "", "nobody real"
        assert page.setup.next.isEnabled()
        window.press("putBackLearnerButton")
        await window.until("they are offered", lambda: window.find("removeLearnerButton").isVisible())
        assert steps(window).rowCount() == 3, "their session stays in view"


async def test_out_into_files_and_in_again(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        place = await a_session(window)
        record = place.record()
        assert record is not None
        await place.sessions.export_to(tmp_path / "session.csv", record, "csv")
        await place.sessions.export_to(tmp_path / "session.json", record, "json")
        if os.name == "posix":
            assert {(tmp_path / f"session.{form}").stat().st_mode & 0o777 for form in ("csv", "json")} == {0o600}
        with (tmp_path / "session.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) >= 3
        place.show_record(None)
        await place.sessions.import_from(tmp_path / "session.json")
        again = place.record()
        assert again is not None
        assert again.id != record.id
        assert again.title == f"Imported: {record.title}"
        assert again.outcomes == record.outcomes
        assert again.asked_count == 1
        assert steps(window).rowCount() == 3


async def test_a_session_is_reopened_with_what_was_asked_for_last(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        window.press("nextExercisesButton")
        await window.until("the first", lambda: len(recommended(window)) == 1)
        await window.until("the button again", page.setup.next.isEnabled)
        page.setup.count.setValue(3)
        page.setup.challenge.set_level(0.834)
        wanted = page.setup.setup()
        window.press("nextExercisesButton")
        await window.until("three", lambda: len(recommended(window)) == 3)
        await window.until("the button again", page.setup.next.isEnabled)
        page.sessions.act("new").trigger()
        page.setup.count.setValue(7)
        page.setup.challenge.set_level(None)
        session_actions(page)[0].trigger()
        await window.until("the steps", lambda: steps(window).rowCount() == 2)
        assert page.setup.setup() == wanted
        assert wanted.challenge_level == 0.834
        record = place_of(window).record()
        assert record is not None
        assert record.setup == wanted


async def test_all_sessions_in_a_list(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        older, _newer = await kept_sessions(place, 2)
        page.show_tab("compare")
        assert page.tab() == "compare"
        place.sessions.open(older)
        await window.until("it is in sight", lambda: page.tab() == "session")
        assert title_of(place) == "Session 0"
        dialog = await all_sessions(window)
        assert dialog.focusWidget().objectName() == "sessionsSearch"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
        await window.until("the newest", lambda: title_of(place) == "Session 1")
        # In the list, each is brought back by itself; the strip brings back what is left.
        dialog = await all_sessions(window)
        for left in (1, 0):
            click(dialog, "deleteSessionButton")
            await shown(window, left)
        await window.until("the offer", lambda: can_click(dialog, "bringSessionBackButton"))
        click(dialog, "bringSessionBackButton")
        await shown(window, 1)
        await window.until("the strip", lambda: page.undo.text().startswith("“"))
        click(page, "practiceUndo-undo")
        await shown(window, 2)
        await window.until("no more", lambda: not can_click(dialog, "bringSessionBackButton"))
        click(dialog, "closeDialogButton")


async def test_sessions_deleted_one_after_the_other_come_back_together(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        for number, key in enumerate(await kept_sessions(place, 2)):
            place.sessions.open(key)
            await window.until("it", lambda title=f"Session {number}": title_of(place) == title)  # type: ignore[misc]
            page.sessions.act("delete").trigger()
            await shown(window, 1 - number)
            start = "2 sessions were" if number else "“Session 0” was"
            await window.until("the strip", lambda start=start: page.undo.text().startswith(start))  # type: ignore[misc]
        click(page, "practiceUndo-undo")
        await shown(window, 2)
        assert len(await place.services.sessions.list()) == 2
        await window.until("the last one", lambda: title_of(place) == "Session 1")


def title_of(place: PracticePlace) -> str:
    """Return what the session in view is called, all of it; the button cuts it to its width."""
    record = place.record()
    return record.title if record is not None else ""


async def kept_sessions(place: PracticePlace, count: int) -> list[str]:
    """Keep so many sessions, "Session 0" and on, and return their ids."""
    connection = place.connection_id()
    assert connection is not None
    begin = place.services.sessions.begin
    return [(await begin(connection, place.setup(), f"Session {number}")).id for number in range(count)]


async def all_sessions(window: LiveWindow) -> QDialog:
    """Open the list of all sessions."""
    window.shell.practice.sessions.act("all").trigger()
    await window.until("the dialog", lambda: can_click(window.shell.window, "deleteSessionButton"))
    dialogs = window.shell.window.findChildren(QDialog, "sessionsDialog")
    return next(dialog for dialog in dialogs if dialog.isVisible())


async def shown(window: LiveWindow, count: int) -> None:
    """Wait until the menu lists so many sessions."""
    await window.until(f"{count} sessions", lambda: len(session_actions(window.shell.practice)) == count)


async def test_a_replay_says_whether_it_is_the_same_as_then(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        place = await a_session(window)
        before, learner = len(sandbox.outcomes()), place.setup().user_id
        place.page.sessions.act("rerun").trigger()
        await window.until("the question", lambda: can_click(window.shell.window, "answer-go"))
        click(window.shell.window, "answer-go")
        await window.until("the end", lambda: window.truth().startswith("Replayed"))
        fresh = sandbox.outcomes()[before:]
        assert [one["outcome"]["result"] for one in fresh] == ["correct", "incorrect"]
        assert {one["user_id"] for one in fresh}.isdisjoint({learner})
        # Their session is open, with the fate of each answer; what differs is in Compare.
        assert place.setup().user_id == fresh[0]["user_id"]
        assert steps(window).rowCount() == 3
        assert fates(window) == ["sent", "sent"]
        assert place.page.tab() == "compare"
        verdict = await window.until("the comparison", lambda: place.page.findChild(QLabel, "differenceVerdictWords"))
        assert isinstance(verdict, QLabel)
        await window.until("what it says", verdict.text)
        assert verdict.text().startswith("Asked again, ")
        what = place.page.findChild(QLabel, "differenceSentences")
        assert isinstance(what, QLabel)
        assert what.text().startswith("The session that was replayed"), "not the two that are chosen above"


async def test_a_set_that_is_not_done_waits_over_a_restart_until_it_is_done(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await one_that_waits(window)
        place = place_of(window)
        await window.until("when they go", lambda: place.truth().text.endswith("They are sent when the set is done."))
        learner = page.setup.learner.user_id()
    assert sandbox.outcomes(learner) == ()
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        place_of(window).show_record(None)  # their set is in view again otherwise, to be gone on with
        await window.until("the strip", page.session.outbox.text)
        assert page.session.outbox.text() == "1 answer waits for its set to be done; it is safe on this computer."
        assert can_click(page, "practiceOutbox-send")
        assert place.truth().text == "1 answer waits for its set to be done."
        await window.until("the list", lambda: session_actions(page))
        session_actions(page)[0].trigger()
        await window.until("its fate", lambda: fates(window) == ["waiting"])
        await window.until("how far it is", lambda: place.truth().text.startswith("1 of 2 answered. They are sent"))
        await window.until("no news", lambda: not page.session.outbox.text())
        assert sandbox.outcomes(learner) == ()
        page.session.focus_answers()
        window.key(Qt.Key.Key_2)
        await window.until("all of it", lambda: fates(window) == ["sent"] * 2)
    assert len(sandbox.outcomes(learner)) == 2


async def test_a_set_that_is_not_done_goes_when_somebody_sends_it_now(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await one_that_waits(window)
        learner = page.setup.learner.user_id()
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place_of(window).show_record(None)  # their set is in view again otherwise, to be gone on with
        await window.until("the strip", page.session.outbox.text)
        click(page, "practiceOutbox-send")
        await window.until("it arrived", lambda: sandbox.outcomes(learner))
        await window.until("no more news", lambda: not page.session.outbox.text())


async def test_practice_is_not_opened_before_it_is_wanted(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        assert "practice" not in window.shell.__dict__


async def test_the_window_comes_back_to_the_place_it_was_left_at(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
    async with live_window(tmp_path, sandbox, look=window.shell.current_look()) as window:
        await window.until("the place", lambda: window.shell.window.place == "practice")
        assert (await page_arrived(window)).isVisible()


async def test_no_more_is_offered_to_come_back_than_is_kept(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sana_desktop.practice.sessions.sessions, sana_desktop.ui.practice.sessions.presenter):
        monkeypatch.setattr(module, "DELETED_KEPT", 2)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        for number, key in enumerate(await kept_sessions(place, 3)):
            place.sessions.open(key)
            await window.until("it", lambda title=f"Session {number}": title_of(place) == title)  # type: ignore[misc]
            page.sessions.act("delete").trigger()
            await shown(window, 2 - number)
        await window.until("the strip", lambda: page.undo.text().startswith("The 2 sessions"))
        assert page.undo.text() == "The 2 sessions that were deleted last can be brought back."
        click(page, "practiceUndo-undo")
        await shown(window, 2)
        assert [head.title for head in await place.services.sessions.list()] == ["Session 2", "Session 1"]
        assert "not there any more" not in window.truth()


async def test_sessions_say_of_which_site_they_are_where_there_are_several(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        await kept_sessions(place, 1)
        await window.until("the session", lambda: len(session_actions(page)) == 1)
        assert "Example data" not in session_actions(page)[0].text(), "there is no other"
        practice = parse_practice_origin(told["practice_url"])
        site = parse_workspace(told["insights_url"])
        own = await window.core.book.add(site, name="Mine", client_id="i", practice=practice)
        place.setups.go_to(own.id)
        await window.until("its site", lambda: "   Example data, " in session_actions(page)[0].text())
        await kept_sessions(place, 1)
        await window.until("the other one", lambda: "   Mine, " in session_actions(page)[0].text())
        dialog = await all_sessions(window)
        listed = dialog.findChild(QListView, "sessionsList")
        assert listed is not None
        rows = [str(listed.model().index(at, 0).data()) for at in range(2)]
        assert ["Mine, " in rows[0], "Example data, " in rows[1]] == [True, True]
        click(dialog, "closeDialogButton")
