"""The status line in the Practice place: what is so there, and nothing that is left from Reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sana_desktop.sandbox.faults import Reply
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.truth import PracticeState, practice_truth
from sana_desktop.ui.reports.status import presenter as status_presenter
from tests.support.live_window import live_window
from tests.support.practice_window import can_click, click, go_to_practice, place_of, recommended


@pytest.mark.parametrize(
    ("state", "text", "tone"),
    [
        (PracticeState(), "No site with practice is connected yet.", "quiet"),
        (PracticeState(site="Acme"), "Nothing asked for yet. Exercises come from Acme.", "quiet"),
        (PracticeState(site="Acme", asking=True), "Getting exercises…", "busy"),
        (
            PracticeState(site="Acme", sending=(1_300, 20_000), waiting=50, answered=1_300),
            "A replay is being sent: 1,300 of 20,000.",
            "busy",
        ),
        (PracticeState(site="Acme", asked=True), "Asked for exercises: nothing came.", "quiet"),
        (
            PracticeState(site="Acme", held=2, answered=2),
            "2 answers for a real person wait. The site is locked: nothing is sent.",
            "warn",
        ),
        (
            PracticeState(site="Acme", held=1, locked=False),
            "1 answer for a real person waits. Nothing is sent until you hold the button.",
            "warn",
        ),
        (PracticeState(site="Acme", total=5, done=2), "2 of 5 answered.", "quiet"),
        (
            PracticeState(site="Acme", total=5, done=2, together=True),
            "2 of 5 answered. They are sent when the set is done.",
            "quiet",
        ),
        (
            PracticeState(site="Acme", total=3, done=2, together=True, blocked=True),
            "2 of 3 answered. The site is locked: nothing is sent.",
            "quiet",
        ),
        (PracticeState(site="Acme", total=1, done=1, answered=1, waiting=1), "1 answer is on its way.", "busy"),
        (
            PracticeState(site="Acme", total=5, done=5, answered=1_005),
            "1,005 answers so far; nothing waits to be sent.",
            "quiet",
        ),
        (PracticeState(playing=True, asking=True), "A simulated learner plays.", "busy"),
        (PracticeState(playing=True, unknown=2), "2 answers: not known whether they arrived.", "warn"),
        (
            PracticeState(site="Acme", compared=3),
            "Compare made 3 requests to Acme. No session asked for exercises yet.",
            "quiet",
        ),
        (
            PracticeState(site="Acme", failed="I can't find acme.", done=1, total=2),
            "Getting exercises failed: I can't find acme.",
            "bad",
        ),
        (PracticeState(asking=True, refused=1), "1 answer can't be delivered.", "warn"),
    ],
)
def test_what_is_so_is_said(state: PracticeState, text: str, tone: str) -> None:
    truth = practice_truth(state)
    assert (truth.text, truth.tone) == (text, tone)


async def test_the_line_follows_what_is_done_and_turns_back_to_reports(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_presenter, "SAID_FOR_MS", 50)
    async with live_window(tmp_path, sandbox) as window:
        reports = "Reports come from Example data."
        await window.until("what reports say", lambda: reports in window.truth())
        page = await go_to_practice(window)
        await window.until("nothing yet", lambda: window.truth().startswith("Nothing asked for yet."))
        page.setup.count.setValue(2)
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: len(recommended(window)) == 2)
        await window.until("the start", lambda: window.truth() == "0 of 2 answered.")
        window.key(Qt.Key.Key_1)
        await window.until("the half", lambda: window.truth().startswith("1 of 2 answered. They are sent"))
        window.key(Qt.Key.Key_3)
        await window.until("the end", lambda: window.truth() == "2 answers so far; nothing waits to be sent.")
        window.press("railReports")
        await window.until("what reports say", lambda: reports in window.truth())


async def test_what_failed_and_what_was_compared_is_no_nothing_yet(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_presenter, "SAID_FOR_MS", 50)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.show_tab("compare")
        await window.until("the question", lambda: can_click(page, "repeatRunButton"))
        click(page, "repeatRunButton")
        compared = "Compare made 3 requests to Example data. No session asked for exercises yet."
        await window.until("what was compared", lambda: window.truth() == compared)
        page.show_tab("session")
        sandbox.add_fault(Reply(401), "next", times=1)
        place_of(window).act("get")
        await window.until("what failed", lambda: window.truth().startswith("Getting exercises failed: "))
        place_of(window).act("get")
        await window.until("the exercises", lambda: recommended(window) and window.truth() == "0 of 1 answered.")


async def test_what_failed_is_over_once_something_else_worked_or_it_is_closed(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        for worked in (lambda: place.simulation.play(1), lambda: page.session.trouble.wanted.emit("close")):
            sandbox.add_fault(Reply(401), "next", times=1)
            place.act("get")
            await window.until("what failed", lambda: window.truth().startswith("Getting exercises failed: "))
            worked()
            await window.until("that it is over", lambda: "so far; nothing waits to be sent." in window.truth())
