"""What a person found amiss at the second look: words, keys and buttons that belong to what is going on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.reports.status import presenter as status_presenter
from tests.support.live_window import CTRL, SHIFT, live_window
from tests.support.practice_window import (
    can_click,
    fates,
    go_to_practice,
    place_of,
    recommended,
    session_actions,
    steps,
    text_of,
)


async def test_while_one_plays_nobody_else_asks_and_each_place_says_that_it_plays(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_presenter, "SAID_FOR_MS", 50)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        window.press("simulateFold")
        await window.until("the card", place.simulate.on.isVisible)
        window.press("playOnButton")
        await window.until("some answers", lambda: len(fates(window)) > 3)
        assert not page.setup.next.isEnabled()
        assert text_of(page, "practiceReason") == "A simulated learner plays: stop it to go on by hand."
        assert not page.session.done.isEnabled()
        assert not place.simulate.on.isEnabled()
        window.press("railReports")
        await window.until("it is said", lambda: window.truth() == "In Practice: A simulated learner plays.")
        window.press("railPractice")
        window.press("stopPlayButton")
        await window.until("the end", page.setup.next.isEnabled)
        assert page.session.done.isEnabled()


async def test_the_newest_request_of_a_session_is_the_newest_when_it_is_opened_again(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.count.setValue(2)
        place_of(window).presenter.ask()
        await window.until("exercises", lambda: len(recommended(window)) == 2)
        for sent in range(2):
            window.key(Qt.Key.Key_1)
            await window.until("the answer", lambda sent=sent: len(fates(window)) == sent + 1)  # type: ignore[misc]
        await window.until("both are sent", lambda: set(fates(window)) == {"sent"})
        page.sessions.act("new").trigger()
        await window.until("the list", lambda: session_actions(page))
        session_actions(page)[0].trigger()
        await window.until("the steps", lambda: steps(window).rowCount() == 3)
        window.press("exchangeToggle")
        assert text_of(page, "exchangeOf") == "The newest request"
        await window.until("the answers", lambda: "exercise-outcomes" in text_of(page, "exchangeFacts"))


def shown(labels: list[QLabel]) -> str:
    return " ".join(label.text() for label in labels)


async def test_where_nothing_fits_the_keyboard_is_at_what_helps(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.review.setChecked(True)
        page.setup.paths.choose(("/sales",))
        await window.until("what fits", lambda: "exercises fit" in text_of(page, "catalogueFits"))
        assert text_of(page, "catalogueFits").endswith(
            "Of them only those come whose topics this learner has met, which the site knows."
        )
        page.setup.next.setFocus()
        QTest.keyClick(page.setup.next, Qt.Key.Key_Space)
        await window.until("the way out", lambda: page.session.trouble.buttons())
        await window.until("the keyboard there", lambda: page.session.trouble.buttons()[0].hasFocus())


async def test_a_pasted_command_for_another_act_of_the_service_is_explained_in_practice(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        qapp.clipboard().setText("curl https://api.sanalabs.com/v1/user-events -H 'X-API-KEY: k' -d '{}'")
        window.key(Qt.Key.Key_V, CTRL | SHIFT)
        await window.until("the card", page.shows_card)
        assert window.shell.window.place == "practice"
        assert "/v1/next-exercises asks for exercises" in shown(page.card.findChildren(QLabel))
        assert not can_click(page, "acceptPasteButton")
