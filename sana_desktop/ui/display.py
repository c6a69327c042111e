"""Whether anybody can see a window here. No Qt: it is asked before Qt, which aborts where its display is dead."""

from __future__ import annotations

import os
import sys
from pathlib import Path

NONE_HERE = "There is no display here"
ANSWER_SECONDS = 2.0
"""A display on this computer answers within a millisecond; one that does not is hung, and Qt would wait for ever."""
X11_TCP_PORT = 6000
X11_SOCKETS = "/tmp/.X11-unix/X"  # noqa: S108 - where X11 has its sockets
NO_ORDER_OF_BYTES = bytes(12)
"""As long as the opening of an X11 conversation, but senseless: a living server hangs up at once, without a note in its
log, as a try to get in without the right to would leave."""


def why_no_display() -> str:
    """Return why no window can be shown, as the beginning of a sentence; empty if there is a display, or may be.

    On Linux a display is X11 or Wayland, or a platform of Qt that was chosen on purpose.
    """
    if sys.platform in {"win32", "darwin"}:
        return ""
    chosen = {entry.partition(":")[0] for entry in os.environ.get("QT_QPA_PLATFORM", "").split(";") if entry}
    if any(not name.startswith(("xcb", "wayland")) for name in chosen):
        return ""
    kinds = {"DISPLAY": ("xcb", _x11_answers), "WAYLAND_DISPLAY": ("wayland", _wayland_answers)}
    named = ""
    for variable, (kind, answers) in kinds.items():
        name = os.environ.get(variable, "")
        if name and (not chosen or any(platform.startswith(kind) for platform in chosen)):
            if answers(name):
                return ""
            named = named or name
    return f"The display “{named}” does not answer" if named else NONE_HERE


def _x11_answers(name: str) -> bool:
    """Return whether there is an X11 server at `[host]:number[.screen]`; in doubt there is."""
    host, colon, rest = name.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return True
    if host.startswith("/"):
        return _answers(f"{host}:{number}", NO_ORDER_OF_BYTES)
    port = X11_TCP_PORT + int(number)
    if host not in {"", "unix"}:
        # The way there may lead over a tunnel, where more than a connection would be noticed.
        return _answers((host.strip("[]"), port), b"")
    path = X11_SOCKETS + number
    # In the order of X11's own library; Linux has sockets that are no files.
    places = (f"\0{path}", path, ("127.0.0.1", port))
    return any(_answers(place, NO_ORDER_OF_BYTES) for place in places)


def _wayland_answers(name: str) -> bool:
    return _answers(str(Path(os.environ.get("XDG_RUNTIME_DIR", ""), name)), b"")


def _answers(address: str | tuple[str, int], question: bytes) -> bool:
    """Return whether somebody takes a connection at a socket's path or host and port, and, if asked, reacts."""
    # Not `socket`: it takes a twentieth of the start to load, and its core is all that is needed here.
    import _socket

    if isinstance(address, str) and not hasattr(_socket, "AF_UNIX"):
        return True
    family = _socket.AF_INET if isinstance(address, tuple) else _socket.AF_UNIX
    if isinstance(address, tuple) and ":" in address[0]:
        family = _socket.AF_INET6
    line = _socket.socket(family, _socket.SOCK_STREAM)
    line.settimeout(ANSWER_SECONDS)
    try:
        line.connect(address)
    except (OSError, OverflowError):  # the latter: no such port
        line.close()
        return False
    try:
        if question:
            line.sendall(question)
            line.recv(1)
    except TimeoutError:
        return False
    except OSError:
        return True  # it reacted
    finally:
        line.close()
    return True
