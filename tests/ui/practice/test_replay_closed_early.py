"""A replay dialog that is closed while something is still being looked up for it: that comes to nothing, quietly."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.replay.presenter import KEY
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_desk import PracticeDesk
from tests.support.replay_bench import replay_presenter

TABLE = "exercise,result,timestamp\n" + "q1,correct,2026-01-01T10:00:00Z\n" * 500


@pytest.mark.parametrize("meanwhile", ["fill", "file"])
async def test_what_is_found_after_the_dialog_was_closed_is_dropped(
    desk: PracticeDesk,
    theme: Theme,
    icons: Icons,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    meanwhile: str,
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(TABLE)
    asked = asyncio.Event()

    async def open_file() -> Path:
        asked.set()
        return path

    window = QWidget()
    window.show()
    presenter = replay_presenter(desk, theme, icons, window, open_file)
    presenter.open()
    while (dialog := presenter.dialog()) is None:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0)  # no later than it is there
    if meanwhile == "file":
        await desk.until("the learners", lambda: not desk.supervisor.running(f"{KEY} fill"))
        dialog.file_wanted.emit()
        await asked.wait()
    assert desk.supervisor.running(f"{KEY} {meanwhile}")
    dialog.reject()
    await desk.until("the end of the dialog", lambda: presenter.dialog() is None)
    await desk.until("the end of the look", lambda: not desk.supervisor.running(f"{KEY} {meanwhile}"))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    window.deleteLater()
