"""Whether there is a display is read from the environment alone."""

from __future__ import annotations

import sys

import pytest

from sana_desktop.ui.display import has_display

NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always one")
@pytest.mark.parametrize("name", NAMES)
def test_one_of_the_names_is_enough_and_an_empty_one_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in NAMES:
        monkeypatch.delenv(other, raising=False)
    assert not has_display()
    monkeypatch.setenv(name, "")
    assert not has_display()
    monkeypatch.setenv(name, "something")
    assert has_display()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_these_systems_always_have_one(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    assert has_display()
