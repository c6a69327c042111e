"""How the running app treats its loop in Practice: at its openings, with long sessions, while one is played."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.sessions.session import Answered, Mode, SessionRecord, Setup
from sana_desktop.practice.sessions.session_files import to_json
from sana_desktop.ui.garbage import COLLECT_EVERY_MS
from sana_desktop.ui.practice.place import PracticePlace
from tests.benchmarks.bench_loop import STALL_BOUND_MS, lags, p99
from tests.benchmarks.live import LiveApp, live_app
from tests.benchmarks.table import Row, show

pytestmark = pytest.mark.qt_loop

LISTEN_SECONDS = 20.0
SETTLE_SECONDS = 3.0
PER_CALL = 10
AT_REST_SECONDS = 2.0
ANSWERS = 5_000
MAX_ANSWERS = 50_000
ROUNDS = 60
KNOTS = 1_000
"""Rounds of ordinary garbage, one each time that is looked for some: enough for the second generation."""
SIZE = 1280, 800
"""Pixels of the window: wide enough for the pictures beside the session."""
CHANGE_BOUND_MS = 50.0
"""Of theme or text size, for all that is in sight."""


class LongestTurn:
    """While entered: the longest turn of the loop, by the clock and by what this thread itself worked in one."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.worked = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._turn)

    def __enter__(self) -> LongestTurn:
        self._last = time.perf_counter(), time.thread_time()
        self._timer.start(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._turn()
        self._timer.stop()

    def _turn(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.milliseconds = max(self.milliseconds, (now[0] - self._last[0]) * 1000)
        self.worked = max(self.worked, (now[1] - self._last[1]) * 1000)
        self._last = now


def press(live: LiveApp, name: str) -> None:
    found = live.shell.window.findChild(QAbstractButton, name)
    assert found is not None, name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def steps_shown(live: LiveApp) -> int:
    table = live.shell.window.findChild(QTableView, "practiceHistory")
    assert table is not None
    return table.model().rowCount()


def long_session(live: LiveApp, connection: str, learner: str, answers: int = ANSWERS) -> SessionRecord:
    now = live.services.clock.now() - timedelta(days=1)
    events = tuple(
        Answered(
            now + timedelta(seconds=number),
            Exercise(f"exercise-{number % 2_000}", f"/IB/math/unit {number % 40}/", ("exam",), 1 + number % 5),
            Outcome(now + timedelta(seconds=number), Result.CORRECT, 900),
            None,
        )
        for number in range(answers)
    )
    setup = Setup(Mode.SINGLE, learner, 1)
    return SessionRecord("", connection, "Long", setup, events, now, now)


async def test_stall_at_openings_and_changes(tmp_path: Path) -> None:
    """Each once, as a person does it. By the clock it is what keeps a key from being seen, others' work included."""
    rows: list[Row] = []
    tasks = Supervisor("benchmark")

    async def stall(what: str, act: Callable[[], object], done: Callable[[], object], bound: float | None) -> None:
        await asyncio.sleep(AT_REST_SECONDS / 2)
        with LongestTurn() as rest:
            await asyncio.sleep(AT_REST_SECONDS)
        with LongestTurn() as turn:
            act()
            await live.until(what, done)
            await asyncio.sleep(0.3)  # what follows in later turns belongs to it
        rows.append(Row(what, turn.milliseconds, "ms", rest.milliseconds))
        rows.append(Row("    worked in one turn", turn.worked, "ms", rest.worked, bound))

    async with live_app(tmp_path) as live:
        shell = live.shell
        shell.window.resize(*SIZE)
        await asyncio.sleep(SETTLE_SECONDS)
        await stall(
            "first opening of Practice",
            lambda: press(live, "railPractice"),
            lambda: shell.practice_room.has_arrived() and shell.practice.setup.next.isEnabled(),
            STALL_BOUND_MS,
        )
        page = shell.practice
        run = lambda: shell.window.findChild(QAbstractButton, "repeatRunButton")  # noqa: E731
        await stall(
            "first opening of Compare", lambda: page.show_tab("compare"), lambda: (b := run()) and b.isVisible(),
            STALL_BOUND_MS,
        )  # fmt: skip
        for choice in ("dark", "light"):
            await stall(f"theme: {choice}", lambda: shell.theme.set_choice(choice), lambda: True, CHANGE_BOUND_MS)  # noqa: B023
        await stall("text size", lambda: shell.theme.set_scale(1.1), lambda: True, CHANGE_BOUND_MS)
        shell.theme.set_scale(1.0)
        page.show_tab("session")
        place = page.life
        assert isinstance(place, PracticePlace)
        record = long_session(live, place.setups.site_id(), place.setup().user_id)
        kept = await place.services.sessions.bring_in(record, record.connection_id)
        shown = lambda: steps_shown(live) == ANSWERS  # noqa: E731
        await stall(f"opening {ANSWERS:,} answers", lambda: place.sessions.open(kept.id), shown, STALL_BOUND_MS)
        place.show_record(None)
        file = tmp_path / "session.json"
        pretty = await asyncio.to_thread(to_json, record)
        await asyncio.to_thread(file.write_text, pretty, encoding="utf-8")
        size = file.stat().st_size / 1e6
        await stall(
            f"importing {ANSWERS:,} answers", lambda: tasks.start("import", place.sessions.import_from(file)), shown,
            STALL_BOUND_MS,
        )  # fmt: skip
        widgets = len(QApplication.allWidgets())
    misses = show(
        "Longest turn of the loop; the peer is the longest at rest just before",
        rows,
        f"{widgets} widgets in all; the imported file has {size:.1f} MB",
    )
    assert not misses


async def test_stall_while_a_simulation_plays(tmp_path: Path) -> None:
    async with live_app(tmp_path) as live:
        press(live, "railPractice")
        await live.until("the place", live.shell.practice_room.has_arrived)
        page = live.shell.practice
        await live.until("the button", page.setup.next.isEnabled)
        await asyncio.sleep(SETTLE_SECONDS)
        floor = await lags(LISTEN_SECONDS / 4)
        page.setup.count.setValue(PER_CALL)
        press(live, "simulateFold")
        play = live.shell.window.findChild(QWidget, "playOnButton")
        assert isinstance(play, QAbstractButton)
        play.click()
        await live.until("the first steps", lambda: steps_shown(live) > PER_CALL)
        before = steps_shown(live)
        busy = await lags(LISTEN_SECONDS)
        played = steps_shown(live) - before
        press(live, "stopPlayButton")
    misses = show(
        f"Loop lag in {LISTEN_SECONDS:.0f} s of a simulation, sets of {PER_CALL}; the peer is the place at rest",
        [
            Row("p99", p99(busy), "ms", p99(floor), STALL_BOUND_MS),
            Row("median", statistics.median(busy), "ms", statistics.median(floor)),
            Row("max", max(busy), "ms", max(floor)),
        ],
        f"{played / LISTEN_SECONDS:.0f} rows a second came into the session",
    )
    assert played > 0
    assert not misses


async def test_collections_of_garbage_with_a_very_long_session(tmp_path: Path) -> None:
    """No collection looks at the whole session, neither when it is opened nor later, when there is ordinary garbage."""
    taken: dict[int, list[float]] = {0: [], 1: [], 2: []}
    began = 0.0

    def collected(phase: str, about: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.thread_time()
        else:
            taken[about["generation"]].append((time.thread_time() - began) * 1000)

    async with live_app(tmp_path) as live:
        press(live, "railPractice")
        await live.until("the place", live.shell.practice_room.has_arrived)
        await live.until("the button", live.shell.practice.setup.next.isEnabled)
        place = live.shell.practice.life
        assert isinstance(place, PracticePlace)
        record = long_session(live, place.setups.site_id(), place.setup().user_id, MAX_ANSWERS)
        kept = (await place.services.sessions.bring_in(record, record.connection_id)).id
        del record
        gc.callbacks.append(collected)
        try:
            place.sessions.open(kept)
            await live.until("the session", lambda: steps_shown(live) == MAX_ANSWERS)
            for _ in range(ROUNDS):
                garbage = [[] for _ in range(KNOTS)]  # type: list[list[object]]
                for knot in garbage:
                    knot.append(knot)
                del garbage, knot
                await asyncio.sleep(COLLECT_EVERY_MS / 1000)
        finally:
            gc.callbacks.remove(collected)
    rows = [
        Row(f"generation {number}, longest", max(found), "ms", bound=STALL_BOUND_MS)
        for number, found in taken.items()
        if found
    ]
    misses = show(
        f"Collections of garbage with {MAX_ANSWERS:,} answers in sight",
        rows,
        ", ".join(f"{len(found)} of generation {number}" for number, found in taken.items()),
    )
    assert not misses
