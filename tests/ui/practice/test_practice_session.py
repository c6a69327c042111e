"""The Practice place by mouse and keys against the real sandbox: what is asked, answered and sent, in each mode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.practice.sessions.session import Mode
from sana_desktop.sandbox.faults import LoseAnswer, Reply
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.parts import hold_button
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.live_window import CTRL, LiveWindow, live_window
from tests.support.practice_window import (
    can_click,
    click,
    fates,
    go_to_practice,
    page_arrived,
    place_of,
    recommended,
    steps,
    text_of,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_faults(sandbox: SandboxServer) -> Iterator[None]:
    yield
    sandbox.faults.clear()


def arrived(sandbox: SandboxServer, window: LiveWindow) -> list[str]:
    """Return how the chosen learner's exercises ended, as the service took them, in order."""
    user_id = window.shell.practice.setup.learner.user_id()
    return [one["outcome"]["result"] for one in sandbox.outcomes(user_id)]


async def ask_for(window: LiveWindow, count: int) -> list[str]:
    window.shell.practice.setup.count.setValue(count)
    window.press("nextExercisesButton")
    await window.until("the exercises", lambda: len(recommended(window)) == count)
    await window.until("the button again", window.find("nextExercisesButton").isEnabled)
    return recommended(window)


async def test_one_at_a_time_each_answer_goes_before_the_next_question(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        window.press("nextExercisesButton")
        first = await window.until("an exercise", lambda: recommended(window))
        assert len(first) == 1
        window.press("answerCorrect")
        await window.until("the next one", lambda: recommended(window) not in ([], first))
        window.key(Qt.Key.Key_3)
        await window.until("the third", lambda: steps(window).rowCount() == 5)
        assert arrived(sandbox, window) == ["correct", "incorrect"]
        await window.until("both fates", lambda: fates(window) == ["sent", "sent"])


async def test_a_set_is_answered_with_the_four_keys_and_sent_when_it_is_done(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 4)
        assert page.setup.mode.mode() is Mode.BATCH, "several at once are a set"
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            window.key(key)
        await window.until("three answers", lambda: len(fates(window)) == 3)
        assert arrived(sandbox, window) == []
        assert page.session.outbox.text() == "", "that they wait is no news"
        window.key(Qt.Key.Key_4)
        await window.until("all fates", lambda: fates(window) == ["sent"] * 4)
        assert arrived(sandbox, window) == ["correct", "partially_correct", "incorrect", "skipped"]
        assert page.session.done.text() == "Set done: 1 of 4 correct, 1 skipped."
        click(page, "practiceDone-next")
        await window.until("the next set", lambda: steps(window).rowCount() == 6)


async def test_a_set_answered_faster_than_it_is_written_goes_when_it_is_done(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        await ask_for(window, 3)
        delivery = place_of(window).services.delivery
        began: list[int] = []
        deliver = delivery.deliver

        def watched(*lane: str) -> None:
            began.append(len(fates(window)))
            deliver(*lane)

        monkeypatch.setattr(delivery, "deliver", watched)
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            window.key(key)
        await window.until("all fates", lambda: fates(window) == ["sent"] * 3)
        assert began == [3]


async def test_answers_travel_inside_the_next_question(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        QTest.mouseClick(page.setup.mode._radios[Mode.COMBINED], Qt.MouseButton.LeftButton)
        window.press("nextExercisesButton")
        first = await window.until("an exercise", lambda: recommended(window))
        sandbox.requests.clear()
        window.press("answerPartly")
        await window.until("the next one", lambda: recommended(window) not in ([], first))
        assert arrived(sandbox, window) == ["partially_correct"]
        posted = [record.path for record in sandbox.requests.records() if record.path.startswith("/v1/")]
        assert posted == ["/v1/next-exercises"]


async def test_score_and_time_go_along_and_nonsense_stays_here(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 1)
        window.press("answerMore")
        bar = page.session.answers
        QTest.keyClicks(bar.score, "a lot")
        at = bar.score.mapTo(bar, QPoint())
        window.press("answerCorrect")
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # not `processEvents`: tasks would run in it
        assert bar.score.mapTo(bar, QPoint()) == at, "what is to be put right stays where it was"
        assert bar.score.hasFocus()
        assert bar.score.selectedText() == "a lot"
        assert "nothing was sent" in text_of(bar, "answerProblem")
        assert fates(window) == []
        bar.score.clear()
        QTest.keyClicks(bar.score, "0,5")
        QTest.keyClicks(bar.time, "1.5")
        QTest.keyClicks(bar.metadata, "just words")
        window.press("answerPartly")
        assert bar.metadata.hasFocus()
        assert "This metadata can't be read." in text_of(bar, "answerProblem")
        assert fates(window) == []
        bar.metadata.clear()
        QTest.keyClicks(bar.metadata, "attempt = 2")
        window.press("answerPartly")
        await window.until("the answer", lambda: arrived(sandbox, window))
        (taken,) = sandbox.outcomes(page.setup.learner.user_id())
        assert (taken["outcome"]["score"], taken["outcome"]["time_spent_ms"]) == (0.5, 1500)
        assert taken["outcome"]["metadata"] == '{"attempt": 2}'
        assert not bar.metadata.text()


async def test_an_answer_to_a_real_person_must_be_unlocked_and_held(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 120)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        edit = page.setup.learner.choice.lineEdit()
        assert edit is not None
        edit.selectAll()
        QTest.keyClicks(edit, "anna")
        assert not page.setup.next.isEnabled()
        assert "locked" in page.real.text()
        click(page, "realLearnerBand-unlock")
        await window.until("the question", lambda: can_click(window.shell.window, "answer-do"))
        dialog = window.shell.window.findChild(QDialog, "questionDialog")
        assert dialog is not None
        assert dialog.focusWidget().objectName() == "answer-keep"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
        await window.until("it is over", lambda: window.shell.window.findChild(QDialog, "questionDialog") is None)
        assert not page.setup.next.isEnabled(), "Enter alone keeps it locked"
        click(page, "realLearnerBand-unlock")
        await window.until("the question", lambda: can_click(window.shell.window, "answer-do"))
        click(window.shell.window, "answer-do")
        await window.until("the button", page.setup.next.isEnabled)
        assert "hold its button until it is full" in page.real.text()
        await ask_for(window, 1)
        button = page.session.answers.buttons[next(iter(page.session.answers.buttons))]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await window.until("the words", lambda: "Let go too early" in window.truth())
        assert fates(window) == []
        QTest.keyPress(page.session.list, Qt.Key.Key_2)
        await window.until("the answer", lambda: arrived(sandbox, window) == ["partially_correct"])
        QTest.keyRelease(page.session.list, Qt.Key.Key_2)
        click(page, "realLearnerBand-test")
        await window.until("a test learner", page.setup.learner.is_test)
        assert "is unlocked for real people" in page.real.text(), "it is not forgotten"
        click(page, "realLearnerBand-lock")
        await window.until("locked", lambda: not page.real.text())


async def test_while_the_service_is_down_the_last_list_stays_with_its_age(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        cards = await ask_for(window, 3)
        sandbox.add_fault(Reply(401), "next", times=1)
        window.press("nextExercisesButton")
        await window.until("the trouble", page.session.trouble.text)
        assert recommended(window) == cards
        assert "less than a minute old" in text_of(page, "practiceAbout")
        assert can_click(page, "practiceTrouble-sign-in")
        window.press("nextExercisesButton")
        await window.until("it is over", lambda: not page.session.trouble.text())


async def test_the_trouble_goes_once_an_answer_arrives(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 2)
        sandbox.add_fault(Reply(200, "html"), "next", times=None)
        window.press("nextExercisesButton")
        await window.until("the trouble", page.session.trouble.text)
        assert can_click(page, "practiceTrouble-again")
        assert "less than a minute old" in text_of(page, "practiceAbout")
        window.key(Qt.Key.Key_1)
        window.key(Qt.Key.Key_1)
        await window.until("the answers", lambda: arrived(sandbox, window) == ["correct", "correct"])
        await window.until("it is over, though nothing was asked for", lambda: not page.session.trouble.text())
        assert not can_click(page, "practiceTrouble-again")
        assert "less than a minute old" not in text_of(page, "practiceAbout")


async def test_an_answer_of_unknown_fate_is_sent_again_by_a_person_only(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 2)
        sandbox.add_fault(LoseAnswer(act=False), "outcomes", times=1)
        window.key(Qt.Key.Key_1)
        window.key(Qt.Key.Key_2)
        await window.until("the strip", lambda: "not known whether" in page.session.outbox.text())
        assert fates(window) == ["unknown", "unknown"]
        assert arrived(sandbox, window) == []
        click(page, "practiceOutbox-again")
        await window.until("they arrived", lambda: arrived(sandbox, window) == ["correct", "partially_correct"])
        await window.until("the strip is gone", lambda: not page.session.outbox.text())
        assert fates(window) == ["sent", "sent"]


async def test_what_is_of_unknown_fate_may_be_left(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 2)
        sandbox.add_fault(LoseAnswer(), "outcomes", times=1)
        window.key(Qt.Key.Key_1)
        window.key(Qt.Key.Key_1)
        await window.until("the strip", lambda: can_click(page, "practiceOutbox-leave"))
        click(page, "practiceOutbox-leave")
        await window.until("the strip is gone", lambda: not page.session.outbox.text())
        assert len(arrived(sandbox, window)) == 2, "they had arrived, and were not sent twice"


async def test_nothing_fits_says_why_and_drops_what_is_in_the_way(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.tags.choose(["no such tag"])
        window.press("nextExercisesButton")
        await window.until("the reason", lambda: can_click(page, "practiceTrouble-drop-0"))
        assert "Without the tag no such tag there would be" in page.session.trouble.text()
        assert not page.session.list.isVisible(), "an empty list takes no room"
        shown = page.session.exchange.exchange()
        assert shown is not None
        assert '"num_exercises":1' in shown.request.replace(" ", ""), "the question of the person, not of who looked"
        click(page, "practiceTrouble-drop-0")
        await window.until("an exercise", lambda: recommended(window))
        assert page.setup.tags.chosen() == ()


async def test_what_was_sent_and_came_back_is_one_fold_away_and_copied_without_the_key(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 2)
        window.press("exchangeToggle")
        fold = page.session.exchange
        assert '"num_exercises": 2' in fold.request.toPlainText()
        assert '"exercises"' in fold.response.toPlainText()
        click(page, "copyCurlButton")
        await window.until("the command", lambda: "/v1/next-exercises" in qapp.clipboard().text())
        assert sandbox.describe()["api_key"] not in qapp.clipboard().text()


async def test_what_goes_to_another_learner_is_not_shown_with_this_session_even_if_it_names_this_one(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await ask_for(window, 2)
        window.press("exchangeToggle")
        fold = page.session.exchange
        shown = fold.request.toPlainText()
        user_id = page.setup.learner.user_id()
        client = await window.core.practice_clients.client(DEMO_ID)
        outcome = ExerciseOutcome(Exercise("an exercise", "/"), Outcome(AT, Result.CORRECT, extra={"like": user_id}))
        sent = await client.post_outcomes("another", [outcome])
        assert json.dumps(user_id) in sent.request
        assert fold.request.toPlainText() == shown
        await client.post_outcomes(user_id, [outcome])
        assert fold.request.toPlainText() != shown


async def test_by_keys_alone(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        window.key(Qt.Key.Key_2, CTRL)
        assert window.shell.window.place == "practice"
        page = await page_arrived(window)
        await window.until("the place", page.setup.next.isEnabled)
        window.key(Qt.Key.Key_Return, CTRL)
        first = await window.until("an exercise", lambda: recommended(window))
        window.key(Qt.Key.Key_1)
        await window.until("the next one", lambda: recommended(window) not in ([], first))
        seen = set()
        for _ in range(8):
            window.key(Qt.Key.Key_F6)
            focus = window.shell.window.focusWidget()
            assert focus is not None
            seen.add(focus.objectName())
        assert {"practiceSessionsButton", "recommendations", "practiceHistory", "railPractice"} <= seen
