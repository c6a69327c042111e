"""A session opened again: what was sent for an answer and what came back is one fold away, as before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sana_desktop.sandbox.server import SandboxServer
from tests.support.live_window import live_window
from tests.support.practice_window import can_click, fates, go_to_practice, place_of, recommended, steps, text_of


async def test_an_answer_of_a_session_opened_again_has_its_request_and_what_came_back(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.count.setValue(2)
        window.press("nextExercisesButton")
        await window.until("exercises", lambda: len(recommended(window)) == 2)
        for key in (Qt.Key.Key_1, Qt.Key.Key_3):
            window.key(key)
        await window.until("what was sent", lambda: steps(window).step(0).exchange)
        await window.until("both sent", lambda: fates(window) == ["sent"] * 2)
        place = place_of(window)
        live = place.presenter.live()
        assert live is not None
        place.show_record(None)
        place.sessions.open(live.id)
        await window.until("the session", lambda: steps(window).rowCount() == 3)
        window.press("exchangeToggle")
        history = page.session.history
        history.setCurrentIndex(history.steps.index(0, 0))
        await window.until("the exchange", lambda: "exercise-outcomes" in text_of(page, "exchangeFacts"))
        assert "  ·  200  ·  " in text_of(page, "exchangeFacts")
        assert '"result": "incorrect"' in page.session.exchange.request.toPlainText()
        assert can_click(page, "copyCurlButton")
