"""A display is not there because a variable names it: it must answer; what can't be known is left to Qt."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sana_desktop.ui import display
from sana_desktop.ui.display import NONE_HERE, why_no_display

NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR")
needs_x11 = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always one")


@pytest.fixture(autouse=True)
def _none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[str]:
    """A folder with a short path: that of a socket may have some hundred bytes at most."""
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        path = tmp_path / "wayland-0"
        if len(str(path)) > 100:
            pytest.skip("the tests' folder is too deep for a socket")
        probe.bind(str(path))
        yield str(tmp_path)


@needs_x11
@pytest.mark.parametrize("name", NAMES)
def test_nothing_named_is_no_display(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_no_display() == NONE_HERE
    monkeypatch.setenv(name, "")
    assert why_no_display() == NONE_HERE


@needs_x11
@pytest.mark.parametrize("name", ["offscreen", "minimal", "xcb;offscreen", "vnc:size=800x600"])
def test_a_platform_that_needs_no_display_was_chosen_on_purpose(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", name)
    assert why_no_display() == ""


@needs_x11
def test_a_living_x_server_is_a_display(x11_display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", x11_display)
    assert why_no_display() == ""
    monkeypatch.setenv("DISPLAY", f"{x11_display}.0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert why_no_display() == ""
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    assert why_no_display() == NONE_HERE


@needs_x11
@pytest.mark.parametrize("name", [":65431", "unix:65431", "localhost:59431", ":65431.0"])
def test_a_display_that_is_dead_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", name)
    assert why_no_display() == f"The display “{name}” does not answer"


@needs_x11
def test_a_display_that_takes_calls_and_never_answers_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "ANSWER_SECONDS", 0.05)
    with closing(socket.socket()) as hung:
        hung.bind(("127.0.0.1", 0))
        hung.listen()
        monkeypatch.setattr(display, "X11_TCP_PORT", hung.getsockname()[1] - 65431)
        monkeypatch.setenv("DISPLAY", ":65431")
        assert "does not answer" in why_no_display()
        # To another computer the connection is all that is asked for.
        monkeypatch.setenv("DISPLAY", "127.0.0.1:65431")
        assert why_no_display() == ""


@needs_x11
def test_wayland_is_a_display_while_somebody_listens(runtime: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "“wayland-0” does not answer" in why_no_display()
    path = Path(runtime, "wayland-0")
    path.unlink()
    with closing(socket.socket(socket.AF_UNIX)) as compositor:
        compositor.bind(str(path))
        compositor.listen()
        assert why_no_display() == ""
        monkeypatch.setenv("DISPLAY", ":65431")
        assert why_no_display() == ""
        monkeypatch.delenv("XDG_RUNTIME_DIR")
        monkeypatch.setenv("WAYLAND_DISPLAY", str(path))
        assert why_no_display() == ""


@needs_x11
@pytest.mark.parametrize("name", ["acme", "a:b"])
def test_what_can_not_be_read_is_left_to_qt(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", name)
    assert why_no_display() == ""


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_these_systems_always_have_one(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert why_no_display() == ""
