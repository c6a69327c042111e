"""The processes that write reports (reporter.py), from the side of the one that serves: started when they are needed,
kept while they are good, killed when a query's time is over."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from sana_desktop.sandbox import engine
from sana_desktop.sandbox.engine import EngineLimits, QueryFailed, QueryTooLong, TooManyRows

START_SECONDS = 60.0
"""Python and DuckDB from a cold and slow disk; measured 0.3 s on two cores."""
_DEATH_SECONDS = 1.0
_ROOT = Path(__file__).parents[2]
_FAILURES = {kind.__name__: kind for kind in (QueryFailed, QueryTooLong, TooManyRows)}
_STOPPING = "The sandbox is stopping."


def command() -> list[str]:
    """What starts one: this Python, or the packed app, which has none that takes a module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "sandbox", "--reporter"]
    return [sys.executable, "-m", "sana_desktop.sandbox.reporter"]


class Reporters:
    """As many processes as ask for a report at once. Its threads may come from anywhere.

    `folder` holds the database; each process has a folder of its own in it for what it spills.
    """

    def __init__(self, folder: Path, limits: EngineLimits) -> None:
        self._folder = folder.absolute()
        self._limits = limits
        self._idle: list[_Reporter] = []
        self._busy: set[_Reporter] = set()
        self._made = 0
        self._stopped = False
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Have one ready before the first query comes. Raises QueryFailed if that is not to be."""
        self._done(self._take(), is_good=True)

    def write(self, query: str, path: Path) -> str:
        """Write the report of a query that may run to `path`, and return its ETag. Raises QueryFailed."""
        reporter = self._take()
        answer: dict[str, Any] = {}
        try:
            answer = reporter.ask({"query": query, "path": str(path.absolute())}, self._limits.last_seconds)
        finally:
            self._done(reporter, is_good=bool(answer.get("again")) and not reporter.was_late)
        if "etag" in answer:
            return str(answer["etag"])
        raise self._failure(reporter, answer)

    def stop(self) -> None:
        """End them all, whatever they do; who waits for one hears of it. No more are started."""
        with self._lock:
            self._stopped = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for reporter in busy:
            reporter.kill()
        for reporter in idle:
            reporter.end()

    def _failure(self, reporter: _Reporter, answer: Mapping[str, Any]) -> Exception:
        if self._stopped:
            return QueryFailed(_STOPPING)
        if reporter.was_late:
            return QueryTooLong(engine.too_long(self._limits))
        if "failed" in answer:
            return _FAILURES[answer["failed"]](answer["message"])
        if "broken" in answer:
            return RuntimeError(f"a report could not be written: {answer['broken']}")
        return QueryFailed(engine.GAVE_UP)  # it crashed, or the system ended it for the memory it took

    def _take(self) -> _Reporter:
        with self._lock:
            if self._stopped:
                raise QueryFailed(_STOPPING)
            while self._idle:
                reporter = self._idle.pop()
                if reporter.is_alive():
                    self._busy.add(reporter)
                    return reporter
                reporter.end()
            self._made += 1
            reporter = _Reporter(self._folder / f"reporter-{self._made}")
            self._busy.add(reporter)
        place = {"folder": str(self._folder), "own": str(reporter.own), "limits": asdict(self._limits)}
        if not reporter.ask(place, START_SECONDS):
            self._done(reporter, is_good=False)
            raise QueryFailed(_STOPPING) if self._stopped else RuntimeError("a reporter did not start")
        return reporter

    def _done(self, reporter: _Reporter, *, is_good: bool) -> None:
        with self._lock:
            self._busy.discard(reporter)
            if is_good and not self._stopped:
                self._idle.append(reporter)
                return
        reporter.end()


class _Reporter:
    """One process with its folder."""

    def __init__(self, own: Path) -> None:
        self.own = own
        self.was_late = False
        own.mkdir()
        self._process = subprocess.Popen(  # noqa: S603  our own program with fixed arguments
            command(),
            cwd=_ROOT,  # the same code as ours, and no module that happens to lie where we were started
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
        )
        self._orders = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)

    def ask(self, content: Mapping[str, object], seconds: float) -> dict[str, Any]:
        """The answer; an empty one if the process ended instead, as it does after `seconds`."""
        watch = threading.Timer(seconds, self._too_late)
        watch.daemon = True
        watch.start()
        try:
            self._orders.write(json.dumps(content).encode() + b"\n")
            self._orders.flush()
            answer = json.loads(self._answers.readline())
        except (OSError, ValueError):
            return {}
        finally:
            watch.cancel()
            watch.join()  # from here on it either was late or was not
        return answer if isinstance(answer, dict) else {}

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """From any thread: who asks gets its empty answer."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DEATH_SECONDS)

    def end(self) -> None:
        """Kill it and remove what it left; nobody may be asking."""
        self.kill()
        for pipe in (self._orders, self._answers):
            with suppress(OSError):
                pipe.close()
        shutil.rmtree(self.own, ignore_errors=True)

    def _too_late(self) -> None:
        self.was_late = True
        self._process.kill()
