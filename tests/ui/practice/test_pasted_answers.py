"""Pasted answers: to a test learner at a press, to their own person only unlocked and by a hold, else nowhere (B26)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.parts import hold_button
from tests.support.live_window import CTRL, SHIFT, LiveWindow, live_window
from tests.support.practice_window import can_click, click, fates, go_to_practice, place_of, steps, text_of


def request(user: str, count: int, metadata: str = "") -> str:
    """Return a request of answers as the developer page has it: `1.` for a number."""
    one = (
        '{"exercise": {"id": "pasted-%d", "path": "/a/b", "max_score": 1.}, "outcome": {"timestamp":'
        ' "2026-01-0%dT00:00:00Z", "result": "correct", "metadata": %s}}'
    )
    answers = ", ".join(one % (number, number, json.dumps(metadata)) for number in range(1, count + 1))
    return f'{{"user_id": "{user}", "exercise_outcomes": [{answers}]}}'


async def paste(window: LiveWindow, qapp: QApplication, text: str) -> str:
    """Paste it, and return what the card says."""
    qapp.clipboard().setText(text)
    window.key(Qt.Key.Key_V, CTRL | SHIFT)
    await window.until("the card", window.shell.practice.shows_card)
    return " ".join(label.text() for label in window.shell.practice.card.findChildren(QLabel) if label.isVisible())


async def test_they_go_to_the_chosen_test_learner_as_a_session_of_their_own(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        learner = page.setup.learner.user_id()
        said = await paste(window, qapp, request("maria", 3, "x" * 7_000))
        assert "A request with 3 answers." in said
        assert "Goes to Test learner 1, in 2 requests" in said
        assert "A number was written in an unusual way" in said
        assert "They were for maria, who is not one of your test learners. Nothing goes to them" in said
        assert page.card.accept.text() == "Send the answers"
        assert not can_click(page, "holdPasteButton")
        click(page, "acceptPasteButton")
        await window.until("all sent", lambda: len(sandbox.outcomes(learner)) == 3)
        await window.until("their session", lambda: fates(window) == ["sent"] * 3)
        assert window.truth().startswith("3 answers are on their way to Test learner 1.")
        taken = [(one["exercise"]["id"], one["outcome"]["timestamp"][:10]) for one in sandbox.outcomes(learner)]
        assert taken == [(f"pasted-{n}", f"2026-01-0{n}") for n in (1, 2, 3)], "in order, with their own times"
        assert sandbox.outcomes("maria") == ()
        live = place_of(window).presenter.live()
        assert live is not None
        assert live.title.startswith("Pasted answers, ")
        window.press("exchangeToggle")
        page.session.history.setCurrentIndex(steps(window).index(0, 0))
        await window.until("what was sent", lambda: "exercise-outcomes" in text_of(page, "exchangeFacts"))
        assert "pasted-3" in page.session.exchange.request.toPlainText()
        assert {"pasted-1", "pasted-2", "pasted-3"} <= {one.id for one in place_of(window).catalogue().exercises}


async def test_their_own_person_gets_them_only_unlocked_and_by_a_hold(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 60)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        learners = place_of(window).services.learners
        learners.lock(page.setup.site_id(), False)
        said = await paste(window, qapp, request("maria", 1))
        assert "can't be taken back" in said
        hold = page.paste_ways.hold
        assert hold.text() == "Hold to send to maria"
        QTest.mouseClick(hold, Qt.MouseButton.LeftButton)
        await window.until("the words", lambda: window.truth().startswith("Let go too early: nothing was sent."))
        assert page.shows_card()
        QTest.mousePress(hold, Qt.MouseButton.LeftButton)
        learners.lock(page.setup.site_id(), True)
        await window.until("it was refused", lambda: "locked for real people" in window.truth())
        assert sandbox.outcomes("maria") == ()
        assert page.session.is_empty(), "no session was begun"
        QTest.mouseRelease(hold, Qt.MouseButton.LeftButton)
        learners.lock(page.setup.site_id(), False)
        await paste(window, qapp, request("maria", 1))
        QTest.mousePress(hold, Qt.MouseButton.LeftButton)
        await window.until("it was sent", lambda: len(sandbox.outcomes("maria")) == 1)
        QTest.mouseRelease(hold, Qt.MouseButton.LeftButton)
        await window.until("it is on record", lambda: fates(window) == ["sent"])
        assert page.setup.learner.user_id() == "maria"
        assert page.real.isVisible()


async def test_one_that_no_request_can_hold_says_so_and_where_nothing_is_connected_nothing_is_offered(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "one", sandbox) as window:
        page = await go_to_practice(window)
        said = await paste(window, qapp, request("maria", 1, "x" * 17_000))
        assert "outcome.metadata" in said
        assert page.card.accept.text() == "Note its exercise"
        assert not can_click(page, "notePasteButton")
    async with live_window(tmp_path / "two", sandbox, demo=False) as window:
        await paste(window, qapp, request("maria", 2))
        assert window.shell.practice.card.accept.text() == "Note its exercises"
