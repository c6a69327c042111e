"""`sana-desktop practice simulate`: a simulated learner against the practice API, without a window (BEHAVIOUR.md)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import statistics
import sys
from typing import TYPE_CHECKING

from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Constraints, Exchange, ExerciseOutcome
from sana_desktop.api.practice_wire import outcome_to_json
from sana_desktop.base import ctrl_c
from sana_desktop.base.clock import Clock, SystemClock
from sana_desktop.base.errors import AuthError, SanaError, UserError
from sana_desktop.base.redaction import Redactor
from sana_desktop.base.text import one_line
from sana_desktop.cli import interruption, outcome
from sana_desktop.cli.commands import SimulateCommand
from sana_desktop.practice.asker import ClientAsker
from sana_desktop.practice.learners import TEST_ID_START
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.practice.number_words import figure
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.simulate.personas import GUESSER, SimulatedLearner, persona
from sana_desktop.practice.simulate.player import PlayedStep, Player
from sana_desktop.store.logs import start_logging
from sana_desktop.workspace.credentials import api_key_from_environment, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from sana_desktop.api.origin import Origin
    from sana_desktop.base.redaction import Secret
    from sana_desktop.store.paths import Paths
    from sana_desktop.store.secrets import SecretStore
    from sana_desktop.workspace.connections import ConnectionStore
    from sana_desktop.workspace.stored_access import OpenStoredAccess

log = logging.getLogger(__name__)

PER_CALL = {Mode.SINGLE: 1, Mode.BATCH: 5, Mode.COMBINED: 1}
"""Exercises a request where `--per-call` does not say it."""
EVERY_STEPS = 50
"""Steps between two looks at a terminal's progress."""


LOG_NAME = "simulate.log"


def run(command: SimulateCommand, paths: Paths, open_store: OpenStoredAccess) -> int:
    """Simulate, print the steps or the summary, and return the exit code of BEHAVIOUR.md.

    The store is opened where the environment gives no key, or the service is not on this computer.
    """
    told = _Told(command)
    with contextlib.ExitStack() as until_told:
        try:
            failed = _run(command, paths, open_store, told, until_told)
        except SanaError as error:
            failed = outcome.failure_of(error)
        except (KeyboardInterrupt, asyncio.CancelledError):
            failed = outcome.failure("cancelled", interruption.SIMULATION_WORDS)
        except _NobodyReads:
            outcome.close_stdout()
            return outcome.EXIT_CODES["cancelled"]
        except Exception:
            log.exception("the simulation ended by a fault of its own")
            failed = outcome.failure("internal", "The simulation stopped by a fault of its own. The log says more.")
    told.close()
    if failed is not None:
        return outcome.report(failed, as_json=command.json)
    return 0


def _run(
    command: SimulateCommand, paths: Paths, open_store: OpenStoredAccess, told: _Told, until_told: contextlib.ExitStack
) -> dict[str, object] | None:
    """Log from now on until `until_told` is left, and simulate; return why not all steps were played."""
    ctrl_c.let_go()
    origin = parse_practice_origin(command.url)
    refuse_real_people(origin, command.user)
    paths.ensure()
    redactor = Redactor()
    until_told.callback(start_logging(paths.log / LOG_NAME, redactor))
    with contextlib.ExitStack() as stack:
        with interruption.held_back():
            runner = stack.enter_context(asyncio.Runner())
        return runner.run(_looked_up(command, origin, redactor, open_store, told))


def refuse_real_people(origin: Origin, user_id: str) -> None:
    """Let pass whoever answers can be made up for: anybody on this computer, elsewhere only test learners (B26).

    Raises:
        UserError: E-LEARNER-REAL.
    """
    if not origin.is_loopback and not user_id.startswith(TEST_ID_START):
        raise UserError(
            "{user} may be a real person: made-up answers would change what they are offered, and can't be taken back."
            " Nothing was sent.",
            code="E-LEARNER-REAL",
            next_step=f"Give an id that begins with {TEST_ID_START}, such as {TEST_ID_START}1.",
            values={"user": one_line(user_id, 80)},
        )


async def _looked_up(
    command: SimulateCommand, origin: Origin, redactor: Redactor, open_store: OpenStoredAccess, told: _Told
) -> dict[str, object] | None:
    """Simulate with the key of the environment or of the store, which is closed again before the first request."""
    clock = SystemClock()
    key, extra_ca = api_key_from_environment(os.environ), None
    # What is trusted besides the system's authorities is kept in the store; a service on this computer has no need.
    if key is None or not origin.is_loopback:
        async with open_store(clock, redactor) as stored:
            key, extra_ca = key or await stored_key(stored.book, stored.secrets, origin), stored.extra_ca
    return await _simulate(command, origin, key, clock, redactor, extra_ca, told)


async def _simulate(
    command: SimulateCommand,
    origin: Origin,
    key: Secret,
    clock: Clock,
    redactor: Redactor,
    extra_ca: Path | None,
    told: _Told,
) -> dict[str, object] | None:
    """Play all steps; return why they were not all played, None if they were.

    Raises:
        SanaError: a question or an outcome came to nothing.
        _NobodyReads: whoever read the steps is gone.
    """
    from sana_desktop.api.practice import PracticeClient

    client = PracticeClient(origin, key, clock=clock, redactor=redactor, extra_ca=extra_ca)
    client.exchanged.subscribe(told.exchanged)
    learner = SimulatedLearner(persona(command.persona), command.seed, ability=command.ability)
    player = Player(ClientAsker(client, clock), learner, setup_of(command), clock)
    try:
        async for step in player.play(command.steps):
            told.step(step)
    finally:
        await client.aclose()
    if player.ended is None:
        return None
    return outcome.failure("query", f"{player.ended} Played {told.steps} of {_counted(command.steps, 'step')}.")


def setup_of(command: SimulateCommand) -> Setup:
    """Return what the simulation asks for."""
    mode = Mode(command.mode)
    return Setup(
        mode=mode,
        user_id=command.user,
        num_exercises=command.per_call or PER_CALL[mode],
        constraints=Constraints(True if command.review else None, command.paths, command.tags),
        challenge_level=command.challenge,
        persona=command.persona,
        seed=command.seed,
    )


async def stored_key(book: ConnectionStore, secrets: SecretStore, origin: Origin) -> Secret:
    """Return the key of the connection that uses this service.

    Raises:
        AuthError: E-KEY-MISSING, or E-KR-… if the password store did not give it.
    """
    fitting = [each for each in book.list() if each.practice == origin]
    if len(fitting) != 1:
        template = "Several connections use {site}." if fitting else "There is no API key for {site}."
        raise AuthError(
            template,
            code="E-KEY-MISSING",
            next_step="Set SANA_API_KEY.",
            values={"site": origin.host},
        )
    return await key_of(fitting[0], secrets)


def as_record(step: PlayedStep) -> dict[str, object]:
    """Return the step as one object of BEHAVIOUR.md."""
    told = outcome_to_json(ExerciseOutcome(step.exercise, step.outcome))
    return {
        "step": step.number,
        **told,
        **_measured(step.recommendation.exchange, ""),
        **_measured(step.delivered, "outcome_"),
    }


def _measured(exchange: Exchange | None, prefix: str) -> dict[str, object]:
    latency = None if exchange is None or exchange.latency_seconds is None else exchange.latency_seconds
    return {
        f"{prefix}request_bytes": None if exchange is None else exchange.request_bytes,
        f"{prefix}status": None if exchange is None else exchange.status,
        f"{prefix}latency_ms": None if latency is None else round(1_000 * latency, 3),
    }


def _counted(count: int, name: str) -> str:
    """Return a number with what it counts: `1 step`, `2 steps`."""
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def _who_answers(command: SimulateCommand) -> str:
    who = persona(command.persona)
    named = f"Simulated: {who.title}, seed {command.seed}."
    if who is GUESSER:
        return named  # knowing more does not make a guess better
    return f"{named} Ability {figure(who.ability if command.ability is None else command.ability)}, where 0 is average."


class _NobodyReads(Exception):
    """Standard output was closed: no more steps are wanted."""


class _Told:
    """What is printed while it runs and at its end: a line a step for programs, a summary for people."""

    def __init__(self, command: SimulateCommand) -> None:
        self.steps = 0
        self._command = command
        self._meaning = Meaning()
        self._latencies: list[float] = []
        self._bytes = 0
        self._live = not command.json and sys.stderr is not None and sys.stderr.isatty()

    def exchanged(self, exchange: Exchange) -> None:
        """Take one request and what came of it."""
        self._bytes = max(self._bytes, exchange.request_bytes)
        if exchange.latency_seconds is not None:
            self._latencies.append(exchange.latency_seconds)

    def step(self, step: PlayedStep) -> None:
        """Take one step.

        Raises:
            _NobodyReads: whoever read the lines is gone.
        """
        self.steps += 1
        if self._command.json:
            try:
                print(json.dumps(as_record(step)), flush=True)
            except OSError:
                raise _NobodyReads from None
            return
        if step.place == 0:
            self._meaning.offered(step.recommendation.exercises)
        self._meaning.answered(step.exercise, step.outcome, step.query.challenge_level)
        if self._live and step.number % EVERY_STEPS == 0:
            self._note(f"\r{step.number:,} of {self._command.steps:,} steps")

    def close(self) -> None:
        """Leave the terminal as it was, and print the summary of what was played."""
        if self._live and self.steps >= EVERY_STEPS:
            self._note("\r" + " " * 40 + "\r")
        if self._command.json or not self.steps:
            return
        for line in self._summary():
            outcome.say(line)

    def _summary(self) -> list[str]:
        command, now = self._command, self._meaning.snapshot()
        steps = _counted(self.steps, "step")
        asked = "left to Sana" if command.challenge is None else f"{command.challenge:g}"
        lines = [
            f"Learner {one_line(command.user, 80)}: {steps}, mode {command.mode}, challenge {asked}.",
            _who_answers(command),
            *(
                str(line)
                for figure in (now.success, now.challenge, now.difficulty, now.ability)
                for line in figure.words()
            ),
            f"{_counted(now.coverage.exercises, 'different exercise')} came up.",
            *map(str, now.repeats.words()),
        ]
        if self._latencies:
            middle = 1_000 * statistics.median(self._latencies)
            lines.append(
                f"1 request, answered within {middle:.1f} ms; it had {self._bytes:,} bytes."
                if len(self._latencies) == 1
                else f"{len(self._latencies):,} requests, half of them within {middle:.1f} ms;"
                f" the longest had {self._bytes:,} bytes."
            )
        return lines

    def _note(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
