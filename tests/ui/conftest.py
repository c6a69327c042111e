"""One theme for all window tests, light and at its normal size at the start of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme

_shared: dict[str, tuple[Theme, Icons]] = {}


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The theme of the application, set back to light and normal size."""
    if "all" not in _shared:
        made = Theme(qapp, "light")
        _shared["all"] = (made, Icons(made))
    shared = _shared["all"][0]
    shared.set_choice("light")
    shared.set_scale(1.0)
    return shared


@pytest.fixture(autouse=True)
def really_deleted(qapp: QApplication) -> Iterator[None]:
    """Windows of a test are gone after it; a change of theme would dress them for ever."""
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def icons(theme: Theme) -> Icons:
    """The icons of that theme."""
    return _shared["all"][1]
