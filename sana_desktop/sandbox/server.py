"""A whole sandbox: builds its parts, holds its two ports, its folder and its memory between runs."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sana_desktop.sandbox import control, practice
from sana_desktop.sandbox.book import OrderBook
from sana_desktop.sandbox.checker import Checker
from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock
from sana_desktop.sandbox.control import Control
from sana_desktop.sandbox.engine import EngineLimits, build
from sana_desktop.sandbox.faults import Fault, FaultBox, Route, Rule, routes_of
from sana_desktop.sandbox.flaws import Flaw
from sana_desktop.sandbox.front import ApiFront
from sana_desktop.sandbox.insights import InsightsApi
from sana_desktop.sandbox.jobs import JobRecord
from sana_desktop.sandbox.links import LinkSigner
from sana_desktop.sandbox.practice import PracticeApi
from sana_desktop.sandbox.practice_book import PracticeBook
from sana_desktop.sandbox.practice_record import PracticeRecord
from sana_desktop.sandbox.records import RequestLog
from sana_desktop.sandbox.reporters import Reporters
from sana_desktop.sandbox.results import Results
from sana_desktop.sandbox.store import StoreFront
from sana_desktop.sandbox.tokens import Credentials, TokenOffice
from sana_desktop.sandbox.wire import KEEP_ALIVE_SECONDS, App, Listener

log = logging.getLogger(__name__)
DEFAULT_ROWS = 50_000
START_SECONDS = 120.0
LASTING_PORTS = range(20_000, 30_000)
"""Where the ports of a state folder lie: Linux, macOS and Windows give none of these to a program that asks for any
port, so that they are still free when the sandbox comes back."""
_LASTING_TRIES = 20
_JOIN_SECONDS = 0.5
"""A file that is being hashed is not waited for longer."""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What a state folder keeps: credentials, and the ports so that links and addresses stay the same."""

    credentials: Credentials
    api_port: int = 0
    store_port: int = 0

    @classmethod
    def load(cls, path: Path | None) -> _Memory:
        with suppress(OSError, ValueError, TypeError, KeyError):
            if path is not None:
                content = json.loads(path.read_text(encoding="utf-8"))
                return cls(Credentials(**content["credentials"]), int(content["api_port"]), int(content["store_port"]))
        return cls(Credentials.generate())

    def save(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(path)


def _ports_to_try(last: int, lasting: bool) -> list[int]:
    """The port of the last run, if there was one; then, if it shall last, some of those that nobody is handed."""
    more = random.SystemRandom().sample(LASTING_PORTS, _LASTING_TRIES) if lasting else []
    return [last, *more] if last else more


class SandboxServer:
    """A Sana of our own on loopback.

    `rows` is the number of progress rows, `port` the API's port (0: the last one of `state_dir` if it is free,
    else any). `link_ttl`, `token_ttl`, `min_job_seconds`, `query_seconds` and `keep_alive` (of an idle
    connection, N20) are seconds. With `state_dir` credentials, signing key, ports, jobs and learners outlive the
    process; reports are made again when asked for. `flaw` breaks the recommender in a known way (flaws.py).
    """

    def __init__(
        self,
        rows: int = DEFAULT_ROWS,
        port: int = 0,
        link_ttl: float = 1080.0,
        min_job_seconds: float = 0.7,
        state_dir: Path | None = None,
        *,
        token_ttl: float = 3600.0,
        query_seconds: float = 60.0,
        keep_alive: float = KEEP_ALIVE_SECONDS,
        flaw: Flaw | None = None,
    ) -> None:
        self._rows = rows
        self._port = port
        self._link_ttl = link_ttl
        self._min_job_seconds = min_job_seconds
        self._state_dir = state_dir
        self._token_ttl = token_ttl
        self._limits = EngineLimits(seconds=query_seconds)
        self._keep_alive = keep_alive
        self._first_flaw = flaw
        self._running: _Running | None = None
        self.clock = SandboxClock()
        self.faults = FaultBox()
        self.requests = RequestLog()

    async def start(self) -> None:
        """Ready to answer when it returns. Raises PortTaken."""
        if self._state_dir is not None:
            self._state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = await asyncio.to_thread(self._scratch)
        try:
            self._running = await self._build(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    async def stop(self) -> None:
        """Everything open is cut; the folder is removed. Safe to call twice."""
        running, self._running = self._running, None
        if running is None:
            return
        running.results.stop()
        await running.api.stop()
        await running.store.stop()
        running.practice.close()
        # Not in the loop's threads: those may all be at a query that somebody just ordered.
        joining = threading.Thread(target=running.results.join, name="sandbox-join", daemon=True)
        joining.start()
        joining.join(_JOIN_SECONDS)
        running.checker.close()
        shutil.rmtree(running.folder, ignore_errors=True)

    def warm(self) -> None:
        """Make ready for the first query, in the background."""
        self._up().results.warm()

    def describe(self) -> dict[str, str]:
        """What `sana-desktop sandbox` prints when it is ready (BEHAVIOUR.md)."""
        running = self._up()
        return {
            "insights_url": running.api.origin,
            "practice_url": running.api.origin,
            "client_id": running.credentials.client_id,
            "client_secret": running.credentials.client_secret,
            "token": running.tokens.pasted_token,
            "api_key": running.credentials.api_key,
        }

    @property
    def folder(self) -> Path:
        """Where database and reports lie while it runs."""
        return self._up().folder

    def add_fault(
        self, fault: Fault, on: Route | None = None, *, times: int | None = 1, skip: int = 0, job: str = ""
    ) -> None:
        """Let `fault` strike. Without `on` it strikes where its family does; an API fault needs one."""
        routes = routes_of(fault)
        if on is None and len(routes) > 1:
            raise ValueError(f"say on which route {type(fault).__name__} shall strike: {', '.join(routes)}")
        self.faults.add(Rule(fault, on or routes[0], times, skip, job))

    def job_queries(self) -> tuple[str, ...]:
        """The SQL of every job there is, in the order of submission: what really arrived."""
        return self._up().book.queries()

    @property
    def flaw(self) -> Flaw | None:
        """What is wrong with the recommender; may be set at any time."""
        return self._up().practice.flaw

    @flaw.setter
    def flaw(self, flaw: Flaw | None) -> None:
        self._up().practice.flaw = flaw

    def outcomes(self, user_id: str | None = None) -> tuple[dict[str, Any], ...]:
        """The exercise outcomes that were taken, oldest first, as they came, each with its `user_id`: what really
        arrived, and how often."""
        return self._up().practice.arrivals(user_id)

    def ability(self, user_id: str, path: str = "") -> float:
        """What the recommender believes of a learner, in logits, in general or at a place of the hierarchy."""
        return self._up().practice.ability(user_id, path)

    def expire_tokens(self, *, pasted: bool = False) -> None:
        """Every issued token is refused from now on; with `pasted` the ready-made one too."""
        self._up().tokens.expire_all(pasted=pasted)

    def add_object(self, name: str, size: int, *, ttl: float | None = None) -> str:
        """A link to `size` bytes of seeded CSV text, good for `ttl` seconds. May be called from any thread."""
        running = self._up()
        running.book.add_object(name, size)
        expires_ns = self.clock.true_ns() + int((self._link_ttl if ttl is None else ttl) * NANOSECONDS)
        return running.signer.url(running.store.origin, f"/objects/{name}", expires_ns)

    def _scratch(self) -> Path:
        """A new folder for database and reports. In a state folder, what a killed run left behind goes first."""
        if self._state_dir is None:
            return Path(tempfile.mkdtemp(prefix="sana-sandbox-"))
        home = self._state_dir / "work"
        home.mkdir(parents=True, exist_ok=True)
        for left in home.iterdir():
            shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=home))

    async def _build(self, folder: Path) -> _Running:
        memory_path = self._kept("sandbox.json")
        memory = _Memory.load(memory_path)
        made = await self._make(folder, memory.credentials)
        try:
            await asyncio.to_thread(made.practice.restore)
            await self._listen(made, memory)
            made.book.restore()
            if memory_path is not None:
                _Memory(memory.credentials, made.api.port, made.store.port).save(memory_path)
        except BaseException:
            await made.store.stop()
            await made.api.stop()
            made.results.stop()
            made.checker.close()
            made.practice.close()
            raise
        return made

    async def _make(self, folder: Path, credentials: Credentials) -> _Running:
        """Make the parts and join them; none of them listens yet."""
        words = await asyncio.to_thread(build, folder, self._rows)
        checker = Checker(words, folder / "spill")
        reports = folder / "reports"
        reports.mkdir()
        results = Results(Reporters(folder, self._limits), reports, self.clock)
        tokens = TokenOffice(credentials, self.clock, self._token_ttl)
        signer = LinkSigner(bytes.fromhex(credentials.signing_key))
        book = OrderBook(
            checker=checker,
            results=results,
            clock=self.clock,
            box=self.faults,
            record=JobRecord(self._kept("jobs.jsonl")),
            link_seconds=self._link_ttl,
            job_seconds=self._min_job_seconds,
        )
        insights = InsightsApi(tokens, book, signer, self.clock)
        record = PracticeRecord(self._kept("practice.jsonl"))
        learners = await asyncio.to_thread(PracticeBook, self.clock, record, self._first_flaw)
        apps: dict[str, App] = {
            control.PREFIX: Control(self.faults, self.requests, self.clock, tokens, learners, self._link_for).app,
            practice.PREFIX: PracticeApi(learners, credentials.api_key).app,
            "": insights.app,
        }
        api = Listener(ApiFront(apps, self.faults, self.requests, self.clock), self._keep_alive)
        store = Listener(StoreFront(book, signer, self.faults, self.requests, self.clock), self._keep_alive)
        return _Running(folder, credentials, checker, results, tokens, signer, book, insights, learners, api, store)

    async def _listen(self, made: _Running, memory: _Memory) -> None:
        """Open the two ports: where links lead first, for the API hands them out."""
        lasting = self._state_dir is not None
        await made.store.start_preferring(_ports_to_try(memory.store_port, lasting))
        made.insights.store_origin = made.store.origin
        if self._port:
            await made.api.start(self._port)
        else:
            await made.api.start_preferring(_ports_to_try(memory.api_port, lasting))

    def _kept(self, name: str) -> Path | None:
        """The file of this name that outlives the process; None if nothing does."""
        return self._state_dir / name if self._state_dir is not None else None

    def _link_for(self, name: str, size: int, ttl: float | None) -> str:
        return self.add_object(name, size, ttl=ttl)

    def _up(self) -> _Running:
        if self._running is None:
            raise RuntimeError("the sandbox is not running")
        return self._running


@dataclass(frozen=True, slots=True)
class _Running:
    folder: Path
    credentials: Credentials
    checker: Checker
    results: Results
    tokens: TokenOffice
    signer: LinkSigner
    book: OrderBook
    insights: InsightsApi
    practice: PracticeBook
    api: Listener
    store: Listener


@contextmanager
def running_sandbox(**options: Any) -> Iterator[SandboxServer]:
    """A sandbox in a thread with a loop of its own, for tests and benchmarks; options as SandboxServer's."""
    server = SandboxServer(**options)
    ready: threading.Event = threading.Event()
    failed: list[BaseException] = []
    hooks: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def live() -> None:
        stop = asyncio.Event()
        try:
            await server.start()
        except Exception as error:
            failed.append(error)
            return
        finally:
            hooks.append((asyncio.get_running_loop(), stop))
            ready.set()
        await stop.wait()
        await server.stop()

    def run() -> None:
        asyncio.run(live())

    thread = threading.Thread(target=run, name="sandbox", daemon=True)
    thread.start()
    if not ready.wait(START_SECONDS):
        raise TimeoutError("the sandbox did not start")
    if failed:
        thread.join()
        raise failed[0]
    loop, stop = hooks[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)
