"""The first opening of Practice and of Compare: made over many turns of the loop, and shown when all of it is there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.sessions.session import Answered, Mode, SessionRecord, Setup
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui import turns
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.page import PracticePage
from tests.support.live_window import CTRL, LiveWindow, live_window
from tests.support.practice_window import can_click, go_to_practice, page_arrived, place_of, steps


@pytest.fixture(autouse=True)
def one_part_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """However quick the machine is, the window has its turn after each part."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.0)


def a_session(answers: int) -> SessionRecord:
    """Return one of answers alone, as they come from a report."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    times = [start + timedelta(minutes=number) for number in range(answers)]
    events = [
        Answered(at, Exercise(f"exercise-{at:%H%M}", "/IB/math/"), Outcome(at, Result.CORRECT), None) for at in times
    ]
    setup = Setup(Mode.SINGLE, "sana-desktop-test-00000000", 1)
    return SessionRecord("long", "", "Long", setup, tuple(events), start, start)


class Between(QObject):
    """Posts itself one event after the other, and notes what is there of a page each time one is handled."""

    def __init__(self, window: LiveWindow, kind: type[QWidget]) -> None:
        super().__init__()
        self._window = window
        self._kind = kind
        self.sizes: list[int] = []
        self.seen_unfinished = False
        self._post()

    def event(self, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.User:
            return super().event(event)
        page = self._window.shell.window.findChild(self._kind)
        if isinstance(page, (PracticePage, ComparePage)):
            self.sizes.append(len(page.findChildren(QWidget)))
            self.seen_unfinished |= page.isVisible() and not page.whole
        self._post()
        return True

    def stop(self) -> None:
        """Post no more."""
        self._kind = QWidget
        QApplication.removePostedEvents(self)

    def _post(self) -> None:
        QApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.LowEventPriority.value)


async def test_practice_is_made_over_many_turns_and_events_are_handled_between(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        between = Between(window, PracticePage)
        window.press("railPractice")
        assert window.shell.window.place == "practice"
        assert window.find("arrivingPage").isVisible()
        page = await page_arrived(window)
        between.stop()
        assert len(set(between.sizes)) >= 5, "it grew while events were handled"
        assert not between.seen_unfinished
        assert page.isVisible()


async def test_what_is_not_whole_yet_is_out_of_reach_of_the_keyboard(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        window.write("SELECT 1")
        window.key(Qt.Key.Key_2, CTRL)
        sandbox.requests.clear()
        # Neither a report nor exercises: what Ctrl+Enter gets here is not there yet.
        window.key(Qt.Key.Key_Return, CTRL)
        page = window.shell.practice_begun
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_F6, Qt.Key.Key_1):
            window.key(key)
            focus = window.shell.window.focusWidget()
            assert focus is None or not page.isAncestorOf(focus)
        await page_arrived(window)
        await window.until("the place", page.setup.next.isEnabled)
        assert [one for one in sandbox.requests.records() if one.method == "POST"] == []


async def test_who_leaves_meanwhile_is_not_called_back(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        window.press("railPractice")
        window.press("railReports")
        page = await page_arrived(window)
        assert window.shell.window.place == "reports"
        assert not page.isVisible()
        window.press("railPractice")
        assert page.isVisible()


async def test_compare_is_made_over_many_turns_and_can_be_asked_when_it_is_shown(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        between = Between(window, ComparePage)
        page.show_tab("compare")
        assert page.findChild(ComparePage) is None
        await window.until("the comparison", lambda: can_click(page, "repeatRunButton"))
        between.stop()
        assert len(set(between.sizes)) >= 5, "it grew while events were handled"
        assert not between.seen_unfinished
        compare = page.findChild(ComparePage)
        assert compare is not None
        QTest.keyClick(compare.list, Qt.Key.Key_Down)
        assert compare.current().key == "sweep"


async def test_a_long_session_is_opened_over_many_turns_and_shown_in_one(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    answers = 60
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        place = place_of(window)
        record = replace(a_session(answers), connection_id=place.setups.site_id())
        opening = Supervisor("test").start("open it", place.reopen(record))
        assert opening is not None
        seen, turned = set(), 0
        while not opening.done():
            turned += 1
            seen.add(steps(window).rowCount())
            await asyncio.sleep(0)
        assert turned > answers, "the window had its turn after each event"
        assert seen <= {0, len(record.events)}, "never half of it"
        assert steps(window).rowCount() == len(record.events)


def is_opening() -> bool:
    """Return whether a session is on its way into view."""
    return any(task.get_name().endswith(": open a session") for task in asyncio.all_tasks())


async def test_of_two_sessions_the_one_chosen_last_is_opened_and_a_deleted_one_is_not(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        book, site = place.services.sessions, place.setups.site_id()
        long = await book.bring_in(a_session(60), site)
        short = await book.bring_in(replace(a_session(1), title="Short"), site)
        for each in (long, short):
            place.sessions.open(each.id)
        await window.until("both are done", lambda: not is_opening())
        assert page.sessions.text() == "Short"
        place.sessions.open(long.id)
        await window.until("the other", lambda: page.sessions.text() == "Long")
        place.sessions.open(long.id)
        page.sessions.act("delete").trigger()
        await window.until("the strip", page.undo.text)
        await window.until("all is done", lambda: not is_opening())
        assert place.record() is None


def test_what_the_window_is_filled_with_needs_no_asyncio() -> None:
    # The first paint of the filled window comes before it is loaded; a page that arrives needs it only then.
    code = "import sys, sana_desktop.ui.shell; sys.exit('asyncio' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
