"""The guide says what it did not find instead of going on; the whole tour runs in tests/e2e/test_demo.py."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.store.first_look import FirstLook
from sana_desktop.ui import tour_guide
from sana_desktop.ui.app import read_site
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.shell import Shell
from sana_desktop.ui.tour_guide import Guide, TourFailed
from sana_desktop.workspace.demo_server import DemoServer
from tests.support.records import transfer


def is_private(path: Path) -> bool:
    """Whether nobody but this user can read it, where rights are kept as modes."""
    return sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def shell(qapp: QApplication) -> Iterator[Shell]:
    made = Shell(Frame(qapp, FirstLook(theme="light")), read_site)
    made.window.resize(1280, 800)
    made.window.show()
    yield made
    made.window.close_for_good()
    for widget in (made.reports, made.connections, made.settings, made.window):
        widget.deleteLater()


async def test_what_does_not_come_ends_the_tour_with_its_name_a_picture_and_the_close(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tour_guide, "STEP_SECONDS", 0.1)
    said: list[str] = []
    closed = asyncio.Event()
    shell.window.close_requested.connect(closed.set)
    assert await Guide(shell, DemoServer([]), tmp_path, said.append).lead() == 1
    assert said == ["The tour stopped: the welcome page did not come within 0 s"]
    assert QImage(str(tmp_path / "01-failed.png")).width() == 1280
    assert is_private(tmp_path / "01-failed.png")
    assert closed.is_set()
    assert not (tmp_path / "tour.json").exists()


async def test_hands_press_only_what_a_person_could(shell: Shell, tmp_path: Path) -> None:
    guide = Guide(shell, DemoServer([]), tmp_path, lambda line: None)
    shell.reports.show_work()
    for name in ("no such thing", "getReportButton"):  # the second is there, and can't be pressed yet
        with pytest.raises(TourFailed, match=name):
            guide._press(name)


async def test_a_file_that_is_not_what_was_recorded_is_noticed(shell: Shell, tmp_path: Path) -> None:
    guide = Guide(shell, DemoServer([]), tmp_path, lambda line: None)
    (tmp_path / "report.csv").write_text("a\n1\n")
    record = transfer("t", TransferState.DONE, folder=str(tmp_path), received=4, sha256="00" * 32)
    with pytest.raises(TourFailed, match=r"report\.csv is not what was recorded"):
        guide._check(record)
    guide._write_record([record])
    assert is_private(tmp_path / "tour.json")
    story = json.loads((tmp_path / "tour.json").read_text())
    assert [one["name"] for one in story["files"]] == ["report.csv"]
