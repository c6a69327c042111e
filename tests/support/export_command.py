"""`sana-desktop` as scripts run it, in a process of its own or in this one, and `export` against a running sandbox."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.__main__ import main
from sana_desktop.sandbox.server import SandboxServer
from tests.support.project import ROOT

PATIENCE_SECONDS = 60.0
SQL = 'SELECT * FROM "analytics"."user_course_instance_progress" ORDER BY "user", "course_instance"'
PROGRAM = (sys.executable, "-m", "sana_desktop")
ENDINGS = [number for number in signal.Signals if number.name in {"SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"}]


def program_environment(changes: Mapping[str, str] | None = None, *, measured: bool = True) -> dict[str, str]:
    """The variables for a process of the app: it is found wherever the process stands.

    Args:
        measured: False keeps coverage out of it, which takes as long again as its start.
    """
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if measured or not name.startswith("COVERAGE_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), **(changes or {})}


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind: its exit code and both streams."""

    code: int
    out: bytes
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one object on standard output."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self
        found = json.loads(lines[0])
        assert isinstance(found, dict)
        return found

    @property
    def kind(self) -> str:
        error = self.answer["error"]
        assert self.answer["ok"] is False
        assert error.keys() == {"kind", "message", "http_status", "job_id"}
        return str(error["kind"])

    @property
    def message(self) -> str:
        return str(self.answer["error"]["message"])


@dataclass(frozen=True, slots=True)
class ThisProcess:
    """Runs commands from the arguments to the exit code without a new process, whose start takes half a second."""

    environment: pytest.MonkeyPatch
    streams: pytest.CaptureFixture[bytes]

    def run(self, arguments: Sequence[str], environ: Mapping[str, str], folder: Path, stdin: bytes = b"") -> Ended:
        """Run a command in `folder`, with `environ` as all its variables."""
        handlers = {number: signal.getsignal(number) for number in ENDINGS}
        self.streams.readouterr()
        try:
            with self.environment.context() as patch:
                for name in os.environ.keys() - environ.keys():
                    patch.delenv(name)
                for name, value in environ.items():
                    patch.setenv(name, value)
                patch.chdir(folder)
                patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
                code = main(arguments)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        out, err = self.streams.readouterr()
        return Ended(code, out, err.decode())


@dataclass
class ExportBench:
    """A folder to export into, and a sandbox to export from.

    Attributes:
        folder: the current folder of the commands.
        home: their SANA_DESKTOP_HOME.
        mark: a comment that tells this bench's queries from those of others at the same sandbox.
        here: where `run` runs its command; a process of its own for each if None.
    """

    server: SandboxServer
    folder: Path
    home: Path
    mark: str = field(default_factory=lambda: f"/* {uuid.uuid4().hex} */")
    environ: dict[str, str] = field(default_factory=dict)
    here: ThisProcess | None = None

    def sql(self, script: str = "", query: str = SQL) -> str:
        """A query of this bench; `script` are orders to the sandbox."""
        return f"{self.mark} {query}" if not script else f"-- sandbox: {script}\n{self.mark} {query}"

    def command(self, *arguments: str | Path) -> list[str]:
        """The whole command; a site is named unless `arguments` name one."""
        given = [str(argument) for argument in arguments]
        site = [] if "--workspace" in given or "--profile" in given else ["--workspace", self.url]
        return [*PROGRAM, "export", *site, *given]

    @property
    def url(self) -> str:
        return self.server.describe()["insights_url"]

    @contextlib.contextmanager
    def started(
        self, *arguments: str | Path, environ: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A running command, its standard streams as pipes; killed at the end if it still runs."""
        child = subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.variables(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait(PATIENCE_SECONDS)
            for pipe in (child.stdout, child.stderr):
                if pipe is not None:
                    pipe.close()

    def run(
        self, *arguments: str | Path, stdin: bytes | None = None, environ: Mapping[str, str] | None = None
    ) -> Ended:
        """Run the command to its end."""
        command = self.command(*arguments)
        if self.here is not None:
            return self.here.run(command[len(PROGRAM) :], self.variables(environ), self.folder, stdin or b"")
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables(environ),
            input=stdin if stdin is not None else b"",
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr.decode())

    def variables(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        """Their environment: the sandbox's own pass, unless `changes` say otherwise; an empty value removes one."""
        given = {"SANA_DESKTOP_HOME": str(self.home), "SANA_TOKEN": self.server.describe()["token"]}
        # Where processes go, `run` goes too, in the measured process of the tests.
        full = program_environment({**given, **self.environ, **(changes or {})}, measured=False)
        return {name: value for name, value in full.items() if value}

    # What came of it.

    @property
    def submits(self) -> int:
        """Orders of this bench that the sandbox took."""
        return sum(self.mark in query for query in self.server.job_queries())

    def files(self) -> list[str]:
        """Everything in the folder, hidden files too."""
        return sorted(entry.name for entry in self.folder.iterdir())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the app's database says."""
        with contextlib.closing(sqlite3.connect(self.home / "data" / "sana.db", timeout=30)) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str, values: Sequence[object] = ()) -> None:
        """Put the app's database into a state that is hard to hit in time."""
        with contextlib.closing(sqlite3.connect(self.home / "data" / "sana.db", timeout=30)) as connection:
            connection.execute(statement, tuple(values))
            connection.commit()

    def check_store(self) -> None:
        """I6: the database is whole."""
        if (self.home / "data" / "sana.db").exists():
            assert self.rows("PRAGMA integrity_check") == [("ok",)]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def interrupt(child: subprocess.Popen[bytes], number: signal.Signals) -> Ended:
    """Send the signal and return how it ended."""
    child.send_signal(number)
    out, err = child.communicate(timeout=PATIENCE_SECONDS)
    return Ended(child.returncode, out, err.decode())


def read_until(child: subprocess.Popen[bytes], words: str) -> str:
    """Read its progress up to the line that has `words` and return that line; empty if it ended before."""
    assert child.stderr is not None
    for line in child.stderr:
        if words in line.decode():
            return line.decode()
    return ""
