"""Real parts of a desktop session, private to the tests: an X server, a message bus, a Secret Service.

Each is a context manager that starts its own processes and ends them; each raises `Unavailable` with a
plain reason where this machine hasn't got the part, so that a test can be skipped with that reason.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE = 20.0  # seconds that a part may take to get ready on a busy machine


class Unavailable(Exception):
    """This machine hasn't got the part; the text is the reason for a skip."""


def require(*programs: str) -> None:
    """Raise `Unavailable` unless this is Linux with all of `programs` on PATH."""
    if sys.platform != "linux":
        raise Unavailable("only on Linux")
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        raise Unavailable(f"needs {', '.join(missing)}; python3 dev.py test names the packages to install")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Look at `condition` every 10 ms; AssertionError after `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} was not ready after {PATIENCE:.0f} s"
        time.sleep(0.01)


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """End the process on the way out, whatever happened."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


@contextlib.contextmanager
def x11_display(size: str = "1280x800x24") -> Iterator[str]:
    """A virtual X server of our own; yields the value for DISPLAY."""
    require("Xvfb")
    reading, writing = os.pipe()
    # As on a desktop: without -noreset the server starts anew whenever its last window goes, and the next one waits.
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    os.close(writing)
    with ended(process), os.fdopen(reading) as answer:
        number = answer.readline().strip()  # written when the server is ready; empty when it died
        if not number:
            raise Unavailable("Xvfb does not start here")
        yield f":{number}"


@contextlib.contextmanager
def session_bus() -> Iterator[dict[str, str]]:
    """A session bus with a home of its own; yields the variables that lead a program there."""
    require("dbus-daemon")
    # Short names: the path of a socket may have 107 bytes at most, and the tests' own folder can be deep.
    with tempfile.TemporaryDirectory(prefix="sana-") as folder:
        home, runtime = Path(folder, "home"), Path(folder, "run")
        home.mkdir()
        runtime.mkdir(mode=0o700)
        variables = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
        variables |= {name: str(home / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
        command.append(f"--address=unix:path={runtime}/bus")
        bus = subprocess.Popen(
            command, env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        with ended(bus):
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            if not address:
                raise Unavailable("dbus-daemon does not start here")
            yield variables | {"DBUS_SESSION_BUS_ADDRESS": address}


@contextlib.contextmanager
def secret_service() -> Iterator[dict[str, str]]:
    """A real, unlocked Secret Service (gnome-keyring) on a bus of its own; yields its variables."""
    require("dbus-daemon", "dbus-send", "gnome-keyring-daemon")
    with session_bus() as variables:
        command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        daemon = subprocess.Popen(
            [*command, f"--control-directory={variables['XDG_RUNTIME_DIR']}/keyring"],
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with ended(daemon):
            assert daemon.stdin is not None
            daemon.stdin.write("a password for the tests")
            daemon.stdin.close()
            wait_until(lambda: _unlocked(variables["DBUS_SESSION_BUS_ADDRESS"]), "the Secret Service")
            yield variables


def _unlocked(address: str) -> bool:
    """Is the Secret Service there, with an open default collection?"""
    # First whether it is there at all: asking it directly would make the bus start a second, locked one.
    owned = ["org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"]
    if _ask(address, *owned, "string:org.freedesktop.secrets") != "boolean true":
        return False
    default = ["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]
    locked = ["string:org.freedesktop.Secret.Collection", "string:Locked"]
    return _ask(address, "org.freedesktop.secrets", *default, *locked) == "variant boolean false"


def _ask(address: str, service: str, path: str, method: str, *values: str) -> str:
    """The answer of a method on the bus in dbus-send's words, or nothing."""
    question = ["dbus-send", f"--bus={address}", "--print-reply=literal", f"--dest={service}", path, method, *values]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    return " ".join(answer.stdout.split()) if answer.returncode == 0 else ""
