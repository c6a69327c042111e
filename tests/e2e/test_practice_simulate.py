"""`practice simulate` as scripts run it: what it prints, what really arrives, and how it ends.

Most of it runs in this process, from the arguments to the exit code; what a process alone shows has one of its own.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.sandbox.faults import Fault, LoseAnswer, Reply
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.export_command import PATIENCE_SECONDS, PROGRAM, Ended, ThisProcess, interrupt, program_environment

FIELDS = {
    "step", "exercise", "outcome", "request_bytes", "status", "latency_ms",
    "outcome_request_bytes", "outcome_status", "outcome_latency_ms",
}  # fmt: skip
USERS = (f"simulated-{number}" for number in itertools.count())


@dataclass
class Bench:
    """The command against a sandbox, with a home of its own."""

    server: SandboxServer
    home: Path
    here: ThisProcess

    @property
    def key(self) -> str:
        return self.server.describe()["api_key"]

    def arguments(self, user: str, *arguments: str) -> list[str]:
        url = self.server.describe()["practice_url"]
        return ["practice", "simulate", "--url", url, "--user", user, *arguments]

    def run(self, user: str, *arguments: str, key: str | None = None) -> Ended:
        """Run the command in this process; without `key` with the right one."""
        variables = {"SANA_DESKTOP_HOME": str(self.home), "SANA_API_KEY": self.key if key is None else key}
        return self.here.run(self.arguments(user, *arguments), {**os.environ, **variables}, Path.cwd())

    def start(self, user: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the command in a process of its own."""
        variables = {"SANA_DESKTOP_HOME": str(self.home), "SANA_API_KEY": self.key}
        return subprocess.Popen(
            [*PROGRAM, *self.arguments(user, *arguments)],
            env=program_environment(variables, measured=False),  # `run` goes the same way and is
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200) as server:
        yield server


@pytest.fixture
def bench(
    sandbox: SandboxServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Bench:
    return Bench(sandbox, tmp_path / "home", ThisProcess(monkeypatch, capsysbinary))


def lines(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


@pytest.mark.parametrize("mode", ["single", "batch", "combined"])
def test_a_line_a_step_and_every_outcome_arrives_once_in_order(bench: Bench, mode: str) -> None:
    user = next(USERS)
    ended = bench.run(user, "--steps", "12", "--mode", mode, "--per-call", "5", "--challenge", "0.4", "--json")
    assert (ended.code, ended.err) == (0, "")
    steps = lines(ended)
    assert [step["step"] for step in steps] == list(range(1, 13))
    arrived = bench.server.outcomes(user)
    assert [each["exercise"]["id"] for each in arrived] == [step["exercise"]["id"] for step in steps]
    assert [each["outcome"]["timestamp"] for each in arrived] == [step["outcome"]["timestamp"] for step in steps]
    for step in steps:
        assert step.keys() == FIELDS
        assert step["status"] == step["outcome_status"] == 200
        assert 0 < step["request_bytes"] <= 16_000
        assert 0 < step["outcome_request_bytes"] <= 16_000
        assert step["latency_ms"] > 0
        assert step["outcome"]["result"] in {"correct", "incorrect"}
        assert "irt_b" in json.loads(step["exercise"]["metadata"])


def test_same_seed_same_run(bench: Bench) -> None:
    runs = [
        lines(bench.run(next(USERS), "--steps", "15", "--seed", seed, "--ability", "0.5", "--json"))
        for seed in ("3", "3", "4")
    ]
    told = [[(s["exercise"]["id"], s["outcome"]["result"], s["outcome"]["time_spent_ms"]) for s in run] for run in runs]
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_constraints_are_asked_for_and_kept(bench: Bench) -> None:
    paths = ["/leadership", "/compliance/"]
    ended = bench.run(next(USERS), "--steps", "10", "--path", paths[0], "--path", paths[1], "--tag", "Quiz", "--json")
    steps = lines(ended)
    assert len(steps) == 10
    assert all(step["exercise"]["path"].startswith(("/leadership/", "/compliance/")) for step in steps)
    assert all("Quiz" in step["exercise"]["tags"] for step in steps)


def test_for_people_there_is_a_summary(bench: Bench) -> None:
    ended = bench.run(next(USERS), "--steps", "40", "--mode", "batch", "--challenge", "0.5")
    assert (ended.code, ended.err) == (0, "")
    said = ended.out.decode()
    assert "40 steps, mode batch, challenge 0.5." in said
    assert "Challenge 0.50 was asked for, and" in said
    assert "of 40 answers were fully right" in said
    assert "the learner's ability is about" in said
    assert "16 requests" in said


def test_nothing_fits(bench: Bench) -> None:
    ended = bench.run(next(USERS), "--tag", "no-such-tag", "--json")
    assert ended.code == 4
    assert ended.kind == "query"
    assert "no exercise fits" in ended.message
    assert "0 of 20 steps" in ended.message


@pytest.mark.parametrize(
    ("arguments", "key", "code", "kind"),
    [
        (("--challenge", "2"), None, 2, "usage"),
        ((), "wrong-key-4417", 3, "auth"),
        ((), "", 3, "auth"),
    ],
)
def test_how_it_ends_where_nothing_can_be_sent(
    bench: Bench, arguments: tuple[str, ...], key: str | None, code: int, kind: str
) -> None:
    user = next(USERS)
    ended = bench.run(user, *arguments, "--json", key=key)
    assert (ended.code, ended.kind) == (code, kind)
    assert "wrong-key-4417" not in ended.message + ended.err
    assert bench.server.outcomes(user) == ()


def test_for_people_a_failure_is_one_line_on_standard_error(bench: Bench) -> None:
    plain = bench.run(next(USERS), key="wrong-key-4417")
    assert (plain.code, plain.out) == (3, b"")
    assert len(plain.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("fault", "on", "code", "kind", "arrived"),
    [
        (LoseAnswer(), "outcomes", 8, "unknown_submit", 3),
        (Reply(500), "outcomes", 8, "unknown_submit", 2),
        (Reply(400), "outcomes", 4, "query", 2),
    ],
)
def test_o03_an_outcome_that_failed_ends_it_and_is_never_sent_again(
    bench: Bench, fault: Fault, on: Any, code: int, kind: str, arrived: int
) -> None:
    user = next(USERS)
    bench.server.add_fault(fault, on, skip=2)
    ended = bench.run(user, "--steps", "9", "--json")
    *steps, last = lines(ended)
    assert (ended.code, last["error"]["kind"]) == (code, kind)
    assert [step["step"] for step in steps] == [1, 2], "a line is an outcome that was accepted"
    assert len(bench.server.outcomes(user)) == arrived


def test_trouble_that_passes_is_not_told(bench: Bench) -> None:
    user = next(USERS)
    bench.server.add_fault(Reply(503), "next", skip=1)
    ended = bench.run(user, "--steps", "3", "--json")
    assert (ended.code, len(lines(ended))) == (0, 3)
    assert len(bench.server.outcomes(user)) == 3


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal to send on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(bench: Bench, number: signal.Signals) -> None:
    user = next(USERS)
    child = bench.start(user, "--steps", "1000000", "--json")
    try:
        assert child.stdout is not None
        first = [child.stdout.readline() for _ in range(5)]
        ended = interrupt(child, number)
    finally:
        child.kill()
        child.wait()
    *steps, last = lines(Ended(ended.code, b"".join(first) + ended.out, ended.err))
    assert ended.code == 130
    assert last["error"]["kind"] == "cancelled"
    assert ended.err == ""
    # The outcome under way when it was cut off may have arrived without its line.
    assert len(bench.server.outcomes(user)) - len(steps) in {0, 1}


def test_nobody_reads_on(bench: Bench) -> None:
    child = bench.start(next(USERS), "--steps", "1000000", "--json")
    try:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline()
        child.stdout.close()
        assert child.wait(PATIENCE_SECONDS) == 130
        assert child.stderr.read() == b""
    finally:
        child.kill()
        child.wait()
        if child.stderr is not None:
            child.stderr.close()


def test_a_process_of_its_own_says_the_same(bench: Bench) -> None:
    """What scripts see: the lines, the exit codes, and nothing left behind but a log without the key (I5)."""
    for steps, tag, code in ((3, "Quiz", 0), (1, "no-such-tag", 4)):
        child = bench.start(next(USERS), "--steps", str(steps), "--tag", tag, "--json")
        out, err = child.communicate(timeout=PATIENCE_SECONDS)
        assert (child.returncode, err) == (code, b"")
        assert len(out.splitlines()) == steps
    files = [path for path in bench.home.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["simulate.log"]
    assert bench.key.encode() not in files[0].read_bytes()


def test_a_key_that_is_refused_is_in_no_file(bench: Bench) -> None:
    """Without a key the store is opened to look for one: it must not hold what the environment gave before."""
    canary = "canary-4417-8f2e"
    assert bench.run(next(USERS), key=canary).code == 3
    assert bench.run(next(USERS), key="").code == 3
    files = [path for path in bench.home.rglob("*") if path.is_file()]
    assert "sana.db" in {path.name for path in files}
    assert not [path for path in files if canary.encode() in path.read_bytes()]
