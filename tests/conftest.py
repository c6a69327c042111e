"""What every test stands on: no trace of the developer's own machine, Qt offscreen, the right event loop.

Tests under tests/ui and those marked `qt_loop` run their coroutines on Qt's event loop, as the app does;
all others run on asyncio's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support import environment

# Before the first import of PySide6, and for every process that a test starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_API"] = "pyside6"
os.environ["LC_ALL"] = "C.UTF-8"  # numbers and dates look the same for every developer

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in the background of a shell; the programs that tests start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

T = TypeVar("T")
UI = Path(__file__).parent / "ui"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
FOREIGN = ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY")
HOMES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "XDG_RUNTIME_DIR",
)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.path.is_relative_to(UI) or item.get_closest_marker("qt_loop"):
        return {"qt": _qt_loop}
    return {"asyncio": asyncio.new_event_loop}


def _qt_loop() -> asyncio.AbstractEventLoop:
    from pytestqt.qt_compat import qt_api

    from sana_desktop.ui.loop import new_event_loop

    global _app  # keep it: Qt wants one application for the life of the process
    _app = qt_api.QtWidgets.QApplication.instance() or qt_api.QtWidgets.QApplication([])
    return new_event_loop()


_app: object = None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs out unless -m speaks of them; look at coverage in plain tests alone."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            # Thousands of cases through the same lines: to trace them doubles their time, and shows nothing new.
            item.add_marker(pytest.mark.no_cover)
        if item.path.is_relative_to(UI) and item.get_closest_marker("timeout") is None:
            # A Qt loop with nothing to do never comes back to Python, where a signal would be heard: from a thread.
            item.add_marker(pytest.mark.timeout(method="thread"))
    if "soak" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("soak")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take all that the collection made, some hundred thousand objects, out of every later garbage collection."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Give them back, so that libraries which look at their own objects at the end find them gone."""
    gc.unfreeze()


_homes = itertools.count()


@pytest.fixture(autouse=True)
def own_machine(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine of its own for each test: home and data folders empty, nobody's credentials, bus or proxy.

    The processes of a test marked `no_cover` are not traced either, which halves what they cost.
    """
    # Not by `mktemp`, which looks through all folders of the run to find the next number.
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_homes))
    home.mkdir(mode=0o700, parents=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("SANA_") or name in FOREIGN or name.lower() in PROXIES:
                patch.delenv(name)
        if os.environ["QT_QPA_PLATFORM"] == "offscreen":
            patch.delenv("DISPLAY", raising=False)
        for name in HOMES:
            patch.setenv(name, str(home))
        patch.setenv("SANA_DESKTOP_HOME", str(home / "sana-desktop"))
        if request.node.get_closest_marker("no_cover"):
            for name in list(os.environ):
                if name.startswith("COVERAGE_"):
                    patch.delenv(name)
        if request.node.get_closest_marker("keyring_real"):
            for name, value in request.getfixturevalue("secret_service").items():
                patch.setenv(name, value)
        yield


@contextlib.contextmanager
def _or_skip(part: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
    try:
        with part() as ready:
            yield ready
    except environment.Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def secret_service() -> Iterator[dict[str, str]]:
    """A real Secret Service, private to this run; its variables are set for tests marked `keyring_real`."""
    with _or_skip(environment.secret_service) as variables:
        yield variables


@pytest.fixture(scope="session")
def x11_display() -> Iterator[str]:
    """A virtual X server for programs that need a real window: the value for their DISPLAY."""
    with _or_skip(environment.x11_display) as display:
        yield display
