"""The SQL editor in a document of ten thousand lines: from a key to the painted change."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from tests.benchmarks.live import live_app
from tests.benchmarks.table import Row, show

pytestmark = pytest.mark.qt_loop

LINES = 10_000
KEYS = 100
PAUSE_SECONDS = 0.02
BOUND_MS = 16.0
"""A frame of a usual screen: a key whose change takes longer is felt."""
TYPED = "select a, b from c where d = 'e' and f in (1, 2) "


def document() -> str:
    line = 'SELECT "user", "course", "start_date" -- {n}\nFROM "analytics"."user_course_progress" WHERE "id" = {n};'
    return "\n".join(line.format(n=number) for number in range(LINES // 2))


async def test_key_to_paint(tmp_path: Path) -> None:
    rows, misses = [], []
    async with live_app(tmp_path) as live:
        live.shell.editor.insert_query(document())
        edit = live.shell.editor.current_edit()
        assert edit is not None
        edit.setFocus()
        await asyncio.sleep(2)
        for place, line in (("at the top", 0), ("in the middle", LINES // 2), ("at the end", LINES - 1)):
            edit.setTextCursor(QTextCursor(edit.document().findBlockByNumber(line)))
            edit.ensureCursorVisible()
            await asyncio.sleep(1)
            taken, after = [], []
            for number in range(KEYS):
                began = time.perf_counter()
                QTest.keyClicks(edit, TYPED[number % len(TYPED)])
                edit.viewport().repaint()
                taken.append((time.perf_counter() - began) * 1000)
                began = time.perf_counter()
                await asyncio.sleep(PAUSE_SECONDS)
                after.append((time.perf_counter() - began - PAUSE_SECONDS) * 1000)
            rows.append(Row(f"{place}, median", statistics.median(taken), "ms"))
            rows.append(Row(f"{place}, p99", statistics.quantiles(taken, n=100)[98], "ms", bound=BOUND_MS))
            rows.append(Row(f"{place}, work after the key, median", statistics.median(after), "ms"))
        misses = show(f"Key to painted change in {LINES} lines of SQL, {KEYS} keys a place", rows)
    assert not misses
