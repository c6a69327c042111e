"""The session in view is there again after a restart, as it was left; and whose answers wait is shown with theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Result
from sana_desktop.practice.sessions.session import Mode
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.store.settings import VIEW_STATES
from sana_desktop.ui.practice.parts import hold_button
from sana_desktop.ui.practice.session.in_view import IN_VIEW
from sana_desktop.ui.practice.setup.presenter import SITE
from tests.support.live_window import LiveWindow, live_window
from tests.support.practice_window import can_click, click, fates, go_to_practice, place_of, recommended


async def test_after_a_restart_the_session_is_there_as_it_was_left(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.learner.new_wanted.emit()
        await window.until("another learner", lambda: page.setup.learner.name() == "Test learner 2")
        page.setup.learner.choose(place_of(window).services.learners.list(_site(window))[0].user_id)
        page.setup.count.setValue(3)
        page.setup.challenge.set_level(0.2)
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: len(recommended(window)) == 3)
        window.key(Qt.Key.Key_1)
        await window.until("it waits for its set", lambda: fates(window) == ["waiting"])
        left, title = recommended(window), place_of(window).record()
        kept = window.core.settings
        await window.until("it is noted", lambda: title and kept.get(VIEW_STATES).get(IN_VIEW) == title.id)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        await window.until("it is there", lambda: recommended(window) == left)
        await window.until("it waits still", lambda: fates(window) == ["waiting"])
        await window.until("the learner", lambda: page.setup.learner.name() == "Test learner 1")
        setup = page.setup.setup()
        assert (setup.num_exercises, setup.mode, setup.challenge_level) == (3, Mode.BATCH, 0.2)
        place_of(window).show_record(None)
        await window.until("noted", lambda: window.core.settings.get(VIEW_STATES).get(IN_VIEW) == "")
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        assert place_of(window).record() is None, "none was in view"


async def test_the_site_in_view_is_there_again_whichever_it_was(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        example = _site(window)
        own = await window.core.book.add(
            parse_workspace(told["insights_url"]),
            name="Mine",
            client_id="i",
            practice=parse_practice_origin(told["practice_url"]),
        )
    for left, next_one in ((example, own.id), (own.id, example)):
        await _goes_on(tmp_path, sandbox, left, next_one)


async def _goes_on(tmp_path: Path, sandbox: SandboxServer, left: str, next_one: str) -> None:
    """Start, find the site that was left, and turn to another one."""
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        await window.until("the site", lambda: place_of(window).connection_id() == left)
        place_of(window).setups.go_to(next_one)
        kept = window.core.settings
        await window.until("it is noted", lambda: kept.get(VIEW_STATES).get(SITE) == next_one)


async def test_whose_answers_wait_is_shown_with_their_session(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 30)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        test_learner = page.setup.learner.user_id()
        place.services.learners.lock(_site(window), False)
        page.setup.learner.choose("maria")
        page.setup.count.setValue(2)
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: len(recommended(window)) == 2)
        theirs = place.record()
        correct = page.session.answers.buttons[Result.CORRECT]
        QTest.mousePress(correct, Qt.MouseButton.LeftButton)
        await window.until("it waits", lambda: fates(window) == ["waiting"])
        QTest.mouseRelease(correct, Qt.MouseButton.LeftButton)
        page.setup.learner.choose(test_learner)
        assert place.record() is None
        await window.until("who it is", lambda: can_click(page, "practiceRealOutbox-show-real"))
        click(page, "practiceRealOutbox-show-real")
        shown = await window.until("her session", place.record)
        assert theirs is not None
        assert shown is not None
        assert shown.id == theirs.id
        assert len(recommended(window)) == 2


def _site(window: LiveWindow) -> str:
    site = place_of(window).connection_id()
    assert site is not None
    return site
