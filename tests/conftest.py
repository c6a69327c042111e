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
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.support import environment

# Before the first import of PySide6, and for every process that a test starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_API"] = "pyside6"
os.environ["LC_ALL"] = "C.UTF-8"  # numbers and dates look the same for every developer
os.environ["SSL_CERT_FILE"] = os.devnull  # aiohttp reads the system's authorities at its import: 50 ms in each process

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in the background of a shell; the programs that tests start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

gc.disable()  # until all tests are collected: what is made for them stays

T = TypeVar("T")
HERE = Path(__file__).parent
UI = HERE / "ui"
WAITING = ("e2e", "property", "contract", "unit/store")
"""Where tests wait for other processes and for servers, as long as they compute."""
TRODDEN = (
    "contract/test_insights_client.py",
    "contract/test_practice_client.py",
    "contract/test_sandbox_hostile_sql.py",
    "contract/test_sandbox_process.py",
    "e2e/test_demo.py",
    "e2e/test_downloads_killed.py",
    "e2e/test_export_inputs.py",
    "e2e/test_export_log.py",
    "e2e/test_outbox_killed.py",
    "property/test_kill_export.py",
    "ui/practice/test_compare_old_answers.py",
    "ui/practice/test_compare_question.py",
    "ui/practice/test_compare_scenes.py",
    "ui/practice/test_meaning_panel.py",
    "ui/practice/test_practice_arriving.py",
    "ui/practice/test_practice_beside.py",
    "ui/practice/test_practice_opening.py",
    "ui/practice/test_practice_session.py",
    "ui/practice/test_practice_sessions.py",
    "ui/practice/test_practice_truth.py",
    "ui/practice/test_real_outbox.py",
    "ui/practice/test_replay_running.py",
    "ui/practice/test_replay_session.py",
    "ui/practice/test_second_look.py",
    "ui/practice/test_sent_view.py",
    "ui/practice/test_session_follower.py",
    "ui/practice/test_session_in_view.py",
    "ui/practice/test_session_replay.py",
    "ui/practice/test_simulate.py",
    "ui/reports/test_hidden_editor.py",
    "ui/reports/test_jobs_panel.py",
    "ui/reports/test_panel.py",
    "ui/reports/test_paste_hostile.py",
    "ui/reports/test_record_header.py",
    "ui/test_buttons_and_text.py",
    "ui/test_coming_back.py",
    "ui/test_dialog_defaults.py",
    "ui/test_drop_downs.py",
    "ui/test_every_scene.py",
    "ui/test_keyboard_only.py",
    "ui/test_layout_memory.py",
    "ui/test_random_events.py",
    "ui/test_session.py",
    "ui/test_session_memory.py",
    "ui/test_session_trouble.py",
    "ui/test_theme_change.py",
    "unit/practice/health/test_health_sandbox.py",
    "unit/sandbox/test_data.py",
    "unit/sandbox/test_practice_book.py",
)
"""Tests that go where others have gone, at a price: measured, all of these together would add one line or branch of a
hundred to coverage, for half as much time again as they take."""
WITH_TRODDEN_CHILDREN = (
    "contract/test_sandbox_store.py",
    "e2e/test_export_outcomes.py",
    "e2e/test_practice_simulate.py",
    "unit/sandbox/test_reporters.py",
    "unit/store/test_database.py",
    "unit/store/test_opening.py",
)
"""Tests that are measured, but not the processes they start: those do what other tests do in their own."""
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
        if item.path.relative_to(HERE).as_posix() in TRODDEN:
            item.add_marker(pytest.mark.no_cover)
        if item.path.is_relative_to(UI) and item.get_closest_marker("timeout") is None:
            # A Qt loop with nothing to do never comes back to Python, where a signal would be heard: from a thread.
            item.add_marker(pytest.mark.timeout(method="thread"))
    if "soak" not in config.getoption("markexpr"):
        left_out = {item for item in items if item.get_closest_marker("soak")}
        if left_out:
            config.hook.pytest_deselected(items=list(left_out))
            items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workerinput"):
        items[:] = _in_turns(items)


def _in_turns(items: list[pytest.Item]) -> list[pytest.Item]:
    """The order for several processes, which take one module after another: windows, whose modules are long, come
    early, and by turns with what waits, so that somebody always has work for the processor."""
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    ordered = sorted(modules, key=lambda path: (not path.is_relative_to(UI), -len(modules[path])))
    waiting = [path for path in ordered if path.relative_to(HERE).as_posix().startswith(WAITING)]
    computing = [path for path in ordered if path not in waiting]
    turns = itertools.chain.from_iterable(itertools.zip_longest(waiting, computing))
    return [item for path in turns if path is not None for item in modules[path]]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Of several processes only those that run tests are measured, and not from their start on by the environment."""
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    _pause_coverage(config)


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Generator[None, object, object]:
    """In such a process pytest-cov begins twice, and where a test marked `no_cover` stops one, the other takes over.

    What is imported to collect the tests is the same in all of them: one measures it.
    """
    if hasattr(session.config, "workerinput"):
        _pause_coverage(session.config)
    result = yield
    if _collects_unmeasured(session.config):
        _pause_coverage(session.config)
    return result


def _collects_unmeasured(config: pytest.Config) -> bool:
    return str(getattr(config, "workerinput", {}).get("workerid", "gw0")) != "gw0"


def _pause_coverage(config: pytest.Config) -> None:
    controller = _coverage(config)
    if controller is not None:
        controller.pause()


def _coverage(config: pytest.Config) -> Any:
    """Return what measures, None where nothing does. (pytest-cov has no types.)"""
    return getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take all that the collection made, some hundred thousand objects, out of every later garbage collection."""
    controller = _coverage(session.config)
    if controller is not None and _collects_unmeasured(session.config):
        controller.resume()
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Give them back, so that libraries which look at their own objects at the end find them gone."""
    gc.unfreeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Of several processes, let those that ran tests go at once: all is told, and to take a million objects apart one
    by one while nothing else is left to do takes seconds."""
    if hasattr(config, "workerinput"):
        os._exit(0)


@pytest.fixture(autouse=True)
def own_machine(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine of its own for each test: home and data folders empty, nobody's credentials, bus or proxy.

    The processes of a test marked `no_cover` are not traced either, nor those of `WITH_TRODDEN_CHILDREN`, which halves
    what they cost.
    """
    _enter_empty_home(tmp_path_factory.getbasetemp() / "homes")
    with pytest.MonkeyPatch.context() as patch:
        module = request.node.path.relative_to(HERE).as_posix()
        if request.node.get_closest_marker("no_cover") or module in WITH_TRODDEN_CHILDREN:
            for name in list(os.environ):
                if name.startswith("COVERAGE_"):
                    patch.delenv(name)
        if request.node.get_closest_marker("keyring_real"):
            for name, value in request.getfixturevalue("secret_service").items():
                patch.setenv(name, value)
        yield
    _enter_empty_home(tmp_path_factory.getbasetemp() / "homes")  # for what modules share, made before the next test


_home: Path | None = None
_homes = itertools.count()


def _enter_empty_home(homes: Path) -> None:
    """The home in use serves on while nobody puts anything there: to make and delete a folder takes longer than most
    tests."""
    global _home
    if _home is None or not _home.is_dir() or any(_home.iterdir()):
        # Not by `mktemp`, which looks through all folders of the run to find the next number.
        _home = homes / str(next(_homes))
        _home.mkdir(mode=0o700, parents=True)
    wanted = dict.fromkeys(HOMES, str(_home)) | {"SANA_DESKTOP_HOME": str(_home / "sana-desktop")}
    for name in list(os.environ):
        foreign = name.startswith("SANA_") or name in FOREIGN or name.lower() in PROXIES
        if (foreign and name not in wanted) or (name == "DISPLAY" and os.environ["QT_QPA_PLATFORM"] == "offscreen"):
            del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


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
