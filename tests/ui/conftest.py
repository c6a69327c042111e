"""One theme for all window tests, light and at its normal size at the start of each."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme

HERE = Path(__file__).parent

_shared: dict[str, tuple[Theme, Icons]] = {}
_sheets: dict[str, str] = {}


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The theme of the application, set back to light and normal size before and after: another one, of a window that
    a test opens whole, takes the application's font for the system's."""
    if "all" not in _shared:
        made = Theme(qapp, "light")
        _shared["all"] = (made, Icons(made))
        _sheets["light"] = qapp.styleSheet()
    shared = _shared["all"][0]
    shared.set_choice("light")
    shared.set_scale(1.0)
    if qapp.styleSheet() != _sheets["light"]:
        # Another theme, of a window that a test opened whole, dressed the application last.
        qapp.setStyleSheet(_sheets["light"])
    yield shared
    shared.set_scale(1.0)
    shared.settle()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Delete windows and loops here and now, on this thread.

    What is left would be dressed again at every change of theme, and collected by whichever thread allocates: Qt's
    objects do not survive that. (pytest asks this of tests in other folders too; those have no windows.)
    """
    if not item.path.is_relative_to(HERE):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect(2 if inspect.iscoroutinefunction(getattr(item, "function", None)) else 1)
        if QApplication.topLevelWidgets():
            gc.collect()
        if nextitem is None or nextitem.path != item.path:
            # What outlives a module are other modules and caches: later collections need not look at them again.
            gc.freeze()
        gc.enable()


def pytest_sessionfinish() -> None:
    """Empty the clipboard: offscreen, Qt keeps its contents in a global that goes after Python, which may own them."""
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()


@pytest.fixture
def icons(theme: Theme) -> Icons:
    """The icons of that theme."""
    return _shared["all"][1]
