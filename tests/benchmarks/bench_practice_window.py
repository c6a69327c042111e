"""How the running app treats its loop while a simulated learner plays as fast as it can, with the window on it."""

from __future__ import annotations

import asyncio
import statistics
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTableView, QWidget

from tests.benchmarks.bench_loop import STALL_BOUND_MS, lags, p99
from tests.benchmarks.live import LiveApp, live_app
from tests.benchmarks.table import Row, show

pytestmark = pytest.mark.qt_loop

LISTEN_SECONDS = 20.0
SETTLE_SECONDS = 3.0
PER_CALL = 10


def press(live: LiveApp, name: str) -> None:
    found = live.shell.window.findChild(QAbstractButton, name)
    assert found is not None, name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def steps_shown(live: LiveApp) -> int:
    table = live.shell.window.findChild(QTableView, "practiceHistory")
    assert table is not None
    return table.model().rowCount()


async def test_stall_while_a_simulation_plays(tmp_path: Path) -> None:
    async with live_app(tmp_path) as live:
        press(live, "railPractice")
        page = live.shell.practice
        await live.until("the place", page.setup.next.isEnabled)
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
