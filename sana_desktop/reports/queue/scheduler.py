"""Whose turn it is: one scheduler over all planned requests, polite to each connection (BEHAVIOUR.md B8, B9).

What is planned waits in a heap, not in a sleeping task of its own. When its time has come it goes to the lane of its
connection, where at most five requests a second start and at most fifty are in flight; the rest wait their turn.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sana_desktop.base.backoff import backoff_seconds
from sana_desktop.base.clock import MAX_NAP_SECONDS, SUSPEND_JUMP_SECONDS, Clock
from sana_desktop.base.tasks import Supervisor

log = logging.getLogger(__name__)

STARTS_PER_SECOND = 5
MAX_IN_FLIGHT = 50
PROMPT_SHARE = 4
"""After so many prompt turns in a row a patient one is let through, so that none waits for ever."""
PROBE_CAP_SECONDS = 2.0
"""Longest gap between tries of an unreachable site: one job tries for all, and nothing gets out (N09)."""

WATCHFUL_NAP_SECONDS = 1.0
"""Longest nap while anything is planned: timers stand still in a suspend, and its end must be noticed soon (C05)."""
CANCEL_SECONDS = 0.5
"""How long a cancelled request may take to end."""

Work = Callable[[], Coroutine[Any, Any, None]]


class Kind(Enum):
    """What a request is for; a site that asks to be left alone says so about one of them."""

    ORDER = "order"
    LOOK = "look"


@dataclass(slots=True, eq=False)
class ScheduledRequest:
    """One planned request: whose it is, on which lane, when it is due, and what to do then.

    `after_running`: its time came while a request of the same key was under way; it follows at once.
    """

    key: str
    lane: str
    kind: Kind
    due: float
    prompt: bool
    work: Work
    after_running: bool = False


@dataclass(slots=True)
class ConnectionLane:
    """The requests of one connection: those whose time has come and those under way.

    Attributes:
        not_before: per kind, until when the site asked to be left alone. Never shortened.
        misses: tries in a row that did not reach the site; while there are any, one look at a time is tried.
        probe_at: when the next of these may be made.
    """

    prompt: deque[ScheduledRequest] = field(default_factory=deque)
    patient: deque[ScheduledRequest] = field(default_factory=deque)
    not_before: dict[Kind, float] = field(default_factory=dict)
    misses: int = 0
    probe_at: float = 0.0
    in_flight: int = 0
    looks_in_flight: int = 0
    _starts: deque[float] = field(default_factory=lambda: deque(maxlen=STARTS_PER_SECOND))
    _prompt_in_a_row: int = 0

    def add(self, turn: ScheduledRequest) -> None:
        """Let `turn` wait for its start."""
        (self.prompt if turn.prompt else self.patient).append(turn)

    def held_until(self, kind: Kind) -> float:
        """Return when a request of this kind may be made at the earliest; the past if now."""
        asked = self.not_before.get(kind, 0.0)
        return max(asked, self.probe_at) if kind is Kind.LOOK and self.misses else asked

    def free_at(self, now: float) -> float | None:
        """Return when the next start may be, None if nothing waits or something must end first."""
        if not (self.prompt or self.patient) or self.in_flight >= MAX_IN_FLIGHT:
            return None
        if self.misses and self.looks_in_flight and not any(turn.kind is Kind.ORDER for turn in self.prompt):
            return None
        if len(self._starts) < STARTS_PER_SECOND:
            return now
        return max(now, self._starts[0] + 1.0)

    def take(self) -> ScheduledRequest:
        """Return who is next: prompt ones first, a patient one now and then; while probing, orders before looks."""
        if self.misses and self.looks_in_flight:
            order = next(turn for turn in self.prompt if turn.kind is Kind.ORDER)
            self.prompt.remove(order)
            return order
        patient = self.patient and (not self.prompt or self._prompt_in_a_row >= PROMPT_SHARE)
        self._prompt_in_a_row = 0 if patient else self._prompt_in_a_row + 1
        return self.patient.popleft() if patient else self.prompt.popleft()

    def started(self, kind: Kind, now: float) -> None:
        """Count a request that is made now."""
        self._starts.append(now)
        self.in_flight += 1
        self.looks_in_flight += kind is Kind.LOOK

    def ended(self, kind: Kind) -> None:
        """Count a request that is over."""
        self.in_flight -= 1
        self.looks_in_flight -= kind is Kind.LOOK


class RequestScheduler:
    """The scheduler.

    Args:
        clock: for time and naps.
        supervisor: owns the scheduler's task and one task for each request under way.
        woke: called after the computer was suspended (or its clock set forward).
        postponed: called with a key and its new time when a turn has to wait because the site asked for it.
    """

    def __init__(
        self,
        clock: Clock,
        supervisor: Supervisor,
        *,
        woke: Callable[[], None],
        postponed: Callable[[str, float], None],
    ) -> None:
        self._clock = clock
        self._supervisor = supervisor
        self._woke = woke
        self._postponed = postponed
        self._slept = 0.0
        self._ahead = self._difference()
        self._heap: list[tuple[float, int, ScheduledRequest]] = []
        self._count = 0
        self._planned: dict[str, ScheduledRequest] = {}
        self._running: dict[str, tuple[Kind, asyncio.Task[None]]] = {}
        self._lanes: dict[str, ConnectionLane] = {}
        self._scheduler: asyncio.Task[None] | None = None
        self._nap: asyncio.Task[None] | None = None
        self._nap_until = 0.0
        self._stopped = False

    def now(self) -> float:
        """Return seconds that go on during a suspend as well; the zero is arbitrary."""
        return self._clock.monotonic() + self._slept

    def lane(self, name: str) -> ConnectionLane:
        """Return the lane of a connection."""
        return self._lanes.setdefault(name, ConnectionLane())

    def plan(self, key: str, lane: str, kind: Kind, due: float, work: Work, *, prompt: bool = False) -> float:
        """Plan `work` in place of an earlier plan of its key; return when it is due, not before the site allows."""
        due = max(due, self.lane(lane).held_until(kind))
        if self._stopped:
            return due
        turn = ScheduledRequest(key, lane, kind, due, prompt, work)
        self._planned[key] = turn
        self._push(turn)
        self._alarm(min(due, self.now() + WATCHFUL_NAP_SECONDS))
        return due

    def drop(self, key: str) -> None:
        """Forget the plan of `key`; a request already under way goes on."""
        self._planned.pop(key, None)

    def hold(self, lane: str, kind: Kind, until: float) -> None:
        """Make no request of this kind on the lane before `until`: the site asked for it."""
        asked = self.lane(lane).not_before
        asked[kind] = max(asked.get(kind, 0.0), until)

    def missed(self, lane: str, uniform: Callable[[], float]) -> float:
        """Note that the site was not reached; return when the next look may be tried."""
        there = self.lane(lane)
        there.probe_at = self.now() + backoff_seconds(there.misses, uniform, PROBE_CAP_SECONDS)
        there.misses += 1
        return there.held_until(Kind.LOOK)

    def reached(self, lane: str) -> bool:
        """Note that the site answered; return True if it had not been reached before."""
        there = self.lane(lane)
        was_away = there.misses > 0
        there.misses = 0
        if was_away:
            self._alarm(self.now())
        return was_away

    def start(self) -> None:
        """Begin; done twice it does nothing."""
        if self._scheduler is None and not self._stopped:
            self._scheduler = self._supervisor.start("agenda", self._run())

    async def stop(self, grace_seconds: float) -> None:
        """Start nothing more; give orders under way `grace_seconds` for their answer, then cancel what is left."""
        self._stopped = True
        self._planned.clear()
        if self._scheduler is not None:
            self._scheduler.cancel()
        if self._nap is not None:
            self._nap.cancel()
        for kind, task in list(self._running.values()):
            if kind is Kind.LOOK:
                task.cancel()
        if tasks := [task for _, task in self._running.values()]:
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=CANCEL_SECONDS)

    def _push(self, turn: ScheduledRequest) -> None:
        self._count += 1
        heapq.heappush(self._heap, (turn.due, self._count, turn))

    async def _run(self) -> None:
        while True:
            if self._was_suspended():
                self._woke()
            now = self.now()
            self._fill_lanes(now)
            longest = WATCHFUL_NAP_SECONDS if self._planned else MAX_NAP_SECONDS
            wait = min(self._serve_lanes(now) - now, longest)
            if wait > 0:
                await self._sleep(wait)
            else:
                await asyncio.sleep(0)

    def _fill_lanes(self, now: float) -> None:
        while self._heap and self._heap[0][0] <= now:
            _, _, turn = heapq.heappop(self._heap)
            if self._planned.get(turn.key) is not turn:
                continue
            self.lane(turn.lane).add(turn)

    def _serve_lanes(self, now: float) -> float:
        """Start what may start; return when to look again."""
        again = self._heap[0][0] if self._heap else now + MAX_NAP_SECONDS
        for lane in self._lanes.values():
            while (free := lane.free_at(now)) is not None and free <= now:
                self._begin(lane.take(), lane, now)
            if free is not None:
                again = min(again, free)
        # A turn that was put off has a later place in the heap than the one seen above.
        return min(again, self._heap[0][0]) if self._heap else again

    def _begin(self, turn: ScheduledRequest, lane: ConnectionLane, now: float) -> None:
        if self._planned.get(turn.key) is not turn:
            return
        held = lane.held_until(turn.kind)
        if held > now:
            turn.due = held
            self._push(turn)
            if lane.not_before.get(turn.kind, 0.0) > now:
                self._postponed(turn.key, held)
            return
        if turn.key in self._running:
            turn.after_running = True
            return
        del self._planned[turn.key]
        task = self._supervisor.start(f"{turn.kind.value} {turn.key}", turn.work())
        if task is None:
            return
        lane.started(turn.kind, now)
        self._running[turn.key] = turn.kind, task
        task.add_done_callback(lambda _: self._ended(turn, lane))

    def _ended(self, turn: ScheduledRequest, lane: ConnectionLane) -> None:
        del self._running[turn.key]
        lane.ended(turn.kind)
        waiting = self._planned.get(turn.key)
        if waiting is not None and waiting.after_running:
            waiting.after_running = False
            self._push(waiting)
        self._alarm(self.now())

    async def _sleep(self, seconds: float) -> None:
        self._nap_until = self.now() + seconds
        self._nap = self._supervisor.start("nap", self._clock.sleep(seconds))
        if self._nap is None:
            raise asyncio.CancelledError
        try:
            await asyncio.wait([self._nap])
        finally:
            self._nap.cancel()
            self._nap = None

    def _alarm(self, due: float) -> None:
        if self._nap is not None and due < self._nap_until:
            self._nap.cancel()

    def _was_suspended(self) -> bool:
        ahead = self._difference()
        jump = ahead - self._ahead
        self._ahead = ahead
        if jump <= SUSPEND_JUMP_SECONDS:
            return False
        self._slept += jump
        return True

    def _difference(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
