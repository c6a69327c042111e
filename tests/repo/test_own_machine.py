"""The tests' own ground: nothing of the developer's machine shows through, and the parts asked for are real."""

from __future__ import annotations

import asyncio
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def test_homes_are_private_and_credentials_gone(tmp_path: Path) -> None:
    session = tmp_path.parent
    for name in ("HOME", "XDG_CONFIG_HOME", "SANA_DESKTOP_HOME", "APPDATA"):
        assert Path(os.environ[name]).is_relative_to(session)
    assert Path.home().is_relative_to(session)
    assert [name for name in os.environ if name.startswith("SANA_")] == ["SANA_DESKTOP_HOME"]
    assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_finds_its_home_empty(turn: str) -> None:
    assert list(Path.home().iterdir()) == []
    (Path.home() / "left-by-a-test").touch()


@pytest.mark.no_cover
def test_what_is_marked_no_cover_is_not_measured_nor_are_its_processes() -> None:
    """Also where several processes run the tests and pytest-cov has begun twice."""
    assert sys.gettrace() is None
    assert [name for name in os.environ if name.startswith("COVERAGE_")] == []


def test_what_is_not_measured_is_there(request: pytest.FixtureRequest) -> None:
    tests = request.config.rootpath / "tests"
    named = re.findall(r'^    "(.+\.py)",$', (tests / "conftest.py").read_text("utf-8"), re.MULTILINE)
    assert named
    assert [name for name in named if not (tests / name).is_file()] == []


async def test_coroutines_run_on_plain_asyncio() -> None:
    assert type(asyncio.get_running_loop()).__module__.startswith("asyncio.")


@pytest.mark.qt_loop
async def test_coroutines_run_on_qt_where_asked() -> None:
    assert not type(asyncio.get_running_loop()).__module__.startswith("asyncio.")
    assert await asyncio.wait_for(asyncio.sleep(0.01, "done"), 5) == "done"


@pytest.mark.keyring_real
def test_the_secret_service_is_real_and_open() -> None:
    backend: Any = importlib.import_module("keyring.backends.SecretService")  # untyped
    service = backend.Keyring()
    service.set_password("a site", "a client", "a secret")
    assert service.get_password("a site", "a client") == "a secret"


def test_a_window_on_a_real_x_server(x11_display: str) -> None:
    show = (
        "from PySide6.QtWidgets import QApplication, QWidget; app = QApplication([]); "
        "window = QWidget(); window.show(); print(app.platformName())"
    )
    variables = os.environ | {"DISPLAY": x11_display, "QT_QPA_PLATFORM": "xcb"}
    shown = subprocess.run([sys.executable, "-c", show], env=variables, capture_output=True, text=True)
    assert shown.stdout.strip() == "xcb", shown.stderr
