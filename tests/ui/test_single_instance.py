"""The channel between starts: it raises and understands nothing else; what a crash left is no obstacle (P08)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication

from sana_desktop.ui import single_instance
from sana_desktop.ui.single_instance import FirstWindow, channel_name, raise_first_window
from tests.support.export_command import program_environment
from tests.support.waiting import until


@pytest.fixture(autouse=True)
def _app(qapp: QApplication) -> None:
    """The channel needs an application."""


SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QThread
from sana_desktop.ui import single_instance
class Told:
    @staticmethod
    def msleep(milliseconds):
        print("nobody yet", flush=True)
        QThread.msleep(milliseconds)
single_instance.QThread = Told
core = QCoreApplication([])
sys.exit(0 if single_instance.raise_first_window(Path(sys.argv[1])) else 3)
"""
"""Tells of each try to which nobody answered."""


@contextmanager
def second_start(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Do what a second process does, in one: Qt's sockets belong to the thread that has the application."""
    command = [sys.executable, "-c", SECOND, str(folder)]
    with subprocess.Popen(command, env=program_environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


async def another_start(folder: Path) -> bool:
    """Return whether a second start reached the window of the first."""
    with second_start(folder) as process:
        return await asyncio.to_thread(process.wait, 30) == 0


def leave_a_socket_file(path: Path) -> None:
    if path.is_absolute():
        path.touch()


def test_each_folder_has_a_channel_of_its_own(tmp_path: Path) -> None:
    assert channel_name(tmp_path) == channel_name(tmp_path / "x" / "..")
    assert channel_name(tmp_path) != channel_name(tmp_path / "x")


async def test_another_start_raises_the_window(tmp_path: Path) -> None:
    first = FirstWindow(tmp_path)
    wanted: list[str] = []
    first.raise_wanted.connect(lambda: wanted.append("raise"))
    assert await another_start(tmp_path)
    await until(lambda: wanted == ["raise"])
    first.close()


async def test_whoever_connects_can_do_no_more_than_raise(tmp_path: Path) -> None:
    first = FirstWindow(tmp_path)
    wanted: list[str] = []
    first.raise_wanted.connect(lambda: wanted.append("raise"))
    socket = QLocalSocket()
    socket.connectToServer(channel_name(tmp_path))
    await until(lambda: socket.state() is QLocalSocket.LocalSocketState.ConnectedState)
    socket.write(b"delete everything\n" * 100)
    socket.flush()
    await until(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert wanted == []
    assert await another_start(tmp_path)
    await until(lambda: wanted == ["raise"])
    first.close()


async def test_one_that_is_starting_is_waited_for(tmp_path: Path) -> None:
    with second_start(tmp_path) as second:
        assert second.stdout is not None
        assert await asyncio.to_thread(second.stdout.readline) == "nobody yet\n"
        first = FirstWindow(tmp_path)
        wanted: list[str] = []
        first.raise_wanted.connect(lambda: wanted.append("raise"))
        assert await asyncio.to_thread(second.wait, 30) == 0
    await until(lambda: wanted == ["raise"])
    first.close()


def test_where_nobody_answers_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "START_MS", 60)
    assert not raise_first_window(tmp_path)


async def test_the_channel_of_a_crash_is_taken_over(tmp_path: Path) -> None:
    leave_a_socket_file(Path(channel_name(tmp_path)))
    first = FirstWindow(tmp_path)
    assert await another_start(tmp_path)
    first.close()
