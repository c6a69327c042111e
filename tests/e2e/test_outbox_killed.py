"""The outbox against the sandbox: kill -9 as it sends, cut answers, an outage, a replay (O01, O03, O04, O07, B34)."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.sandbox import faults
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support import dying_outbox
from tests.support.dying_outbox import Parts, open_parts
from tests.support.outbox_bench import SITE, an_outcome, some_outcomes
from tests.support.waiting import until

COUNT = 120
KILLS = 4


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200) as server:
        yield server


@pytest.fixture
def site(sandbox: SandboxServer) -> Iterator[tuple[str, str]]:
    sandbox.faults.clear()
    described = sandbox.describe()
    yield described["practice_url"], described["api_key"]
    sandbox.faults.clear()


def arrived(sandbox: SandboxServer, user: str) -> list[str]:
    return [str(entry["exercise"]["id"]) for entry in sandbox.outcomes(user)]


def states(home: Path) -> dict[str, str]:
    with sqlite3.connect(home / "sana.db") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",), "I6"
        rows = store.execute(
            "SELECT outcome ->> '$.exercise.id', state FROM practice_outbox ORDER BY number"
        ).fetchall()
    store.close()
    return dict(rows)


def session_lines(home: Path) -> list[int]:
    """Return the numbers in the outbox of the answers that sessions have as lines, in their order."""
    with sqlite3.connect(home / "sana.db") as store:
        rows = store.execute("SELECT body ->> '$.entry' FROM practice_events ORDER BY session, number").fetchall()
    store.close()
    return [row[0] for row in rows]


def lives_and_dies(home: Path, site: tuple[str, str], puts: int, delay: float) -> tuple[str, set[str], bool]:
    """Let a life go on until it has put so many, and a moment longer; return what it said was done for good."""
    said: list[str] = []
    with dying_outbox.start(home, *site, COUNT) as life:
        assert life.stdout is not None
        for line in life.stdout:
            said.append(line.strip())
            if sum(word.startswith("put") for word in said) >= puts:
                break
        ended = said[-1] == "done"
        if not ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                life.wait(timeout=delay)
            life.kill()
        said += [line.strip() for line in life.stdout]
    user = next(line.split()[1] for line in said if line.startswith("learner"))
    put = {f"e{int(line.split()[1]):05d}" for line in said if line.startswith("put")}
    return user, put, "done" in said


@pytest.mark.timeout(90)
@pytest.mark.no_cover
def test_o07_killed_again_and_again_while_it_sends_nothing_is_lost_or_doubled(
    sandbox: SandboxServer, site: tuple[str, str], tmp_path: Path
) -> None:
    chance = random.Random(7)
    sandbox.add_fault(faults.Delay(0.02), "outcomes", times=None)
    acknowledged: set[str] = set()
    user = ""
    for _ in range(KILLS):
        user, put, _ = lives_and_dies(tmp_path, site, chance.randint(5, 25), chance.random() * 0.03)
        acknowledged |= put
        assert acknowledged <= set(states(tmp_path)), "I2: what was put is there"
    sandbox.faults.clear()
    user, put, done = lives_and_dies(tmp_path, site, COUNT + 1, 0.0)
    assert done
    found = states(tmp_path)
    assert set(found.values()) <= {"accepted", "unknown"}
    assert sorted(found) == [f"e{number:05d}" for number in range(COUNT)]
    taken = arrived(sandbox, user)
    counts = Counter(taken)
    assert max(counts.values()) == 1, "twice"
    assert taken == sorted(taken), "out of order"
    assert {name for name, state in found.items() if state == "accepted"} <= set(taken)
    assert {name for name in found if name not in counts} <= {n for n, state in found.items() if state == "unknown"}


async def test_o07_killed_with_a_request_on_the_wire_it_is_unknown_and_not_sent_again(
    sandbox: SandboxServer, site: tuple[str, str], tmp_path: Path
) -> None:
    sandbox.add_fault(faults.Delay(30.0), "outcomes")
    sandbox.requests.clear()
    with dying_outbox.start(tmp_path, *site, 3) as life:
        assert life.stdout is not None
        said = [life.stdout.readline().split()[-1] for _ in range(4)]
        await until(lambda: any(record.path == "/v1/exercise-outcomes" for record in sandbox.requests.records()))
        life.kill()
    sandbox.faults.clear()
    left = states(tmp_path)
    assert "sending" in left.values()
    in_flight = {name for name, state in left.items() if state == "sending"}
    async with open_parts(tmp_path, *site) as parts:
        restored = await parts.delivery.restore()
        assert restored.unknown == len(in_flight)
        await parts.delivery.flush(SITE, said[0])
        entries = await parts.delivery.entries(open_only=False)
        assert {e.outcome.exercise.id for e in entries if e.state is OutboxState.UNKNOWN} == in_flight
        assert {e.state for e in entries} <= {OutboxState.UNKNOWN, OutboxState.ACCEPTED}
    taken = arrived(sandbox, said[0])
    assert len(taken) == len(set(taken))
    assert set(left) - in_flight <= set(taken)


async def a_learner(parts: Parts) -> str:
    return (await parts.learners.make(SITE)).user_id


@pytest.mark.parametrize("act", [True, False])
async def test_o03_cut_after_sending_the_effects_are_one_at_most(
    sandbox: SandboxServer, site: tuple[str, str], tmp_path: Path, act: bool
) -> None:
    async with open_parts(tmp_path, *site) as parts:
        user = await a_learner(parts)
        sandbox.add_fault(faults.LoseAnswer(act=act), "outcomes")
        await parts.delivery.put(SITE, user, some_outcomes(1))
        assert (await parts.delivery.flush(SITE, user)).unknown == 1
        await parts.delivery.put(SITE, user, some_outcomes(1, start=1))
        assert (await parts.delivery.flush(SITE, user)).accepted == 1
    async with open_parts(tmp_path, *site) as parts:
        assert (await parts.delivery.restore()).unknown == 0
        await parts.delivery.flush(SITE, user)
        assert (await parts.delivery.counts()).unknown == 1
    assert arrived(sandbox, user) == (["e00000", "e00001"] if act else ["e00001"])


async def test_o04_a_thousand_put_while_the_service_is_down_arrive_once_in_order(
    sandbox: SandboxServer, site: tuple[str, str], tmp_path: Path
) -> None:
    nobody = "http://127.0.0.1:9"
    async with open_parts(tmp_path, nobody, site[1]) as parts:
        users = [await a_learner(parts) for _ in range(2)]
        outcomes = some_outcomes(1_000)
        for start in range(0, 1_000, 25):
            await parts.delivery.put(SITE, users[start // 25 % 2], outcomes[start : start + 25])
    async with open_parts(tmp_path, *site) as parts:
        restored = await parts.delivery.restore()
        assert (restored.unknown, restored.waiting_learners) == (0, 2)
        for user in users:
            assert (await parts.delivery.flush(SITE, user)).all_answered
        assert (await parts.delivery.counts()).open == 0
    names = [outcome.exercise.id for outcome in outcomes]
    for place, user in enumerate(users):
        assert arrived(sandbox, user) == [name for number, name in enumerate(names) if number // 25 % 2 == place]


async def test_o01_a_body_at_the_limit_is_taken_and_what_is_above_is_never_sent(
    sandbox: SandboxServer, site: tuple[str, str], tmp_path: Path
) -> None:
    async with open_parts(tmp_path, *site) as parts:
        user = await a_learner(parts)
        large = [an_outcome(f"e{number}", metadata="😀" * 3_800) for number in range(3)]
        sandbox.requests.clear()
        await parts.delivery.put(SITE, user, [*large, *some_outcomes(40)])
        flushed = await parts.delivery.flush(SITE, user)
        assert (flushed.accepted, flushed.parked) == (43, 0)
    assert arrived(sandbox, user)[:3] == ["e0", "e1", "e2"]
    assert all(record.status == 200 for record in sandbox.requests.records())


@pytest.mark.timeout(90)
@pytest.mark.no_cover
def test_B34_a_replay_killed_again_and_again_sends_every_row_once_in_order(
    sandbox: SandboxServer, site: tuple[str, str], tmp_path: Path
) -> None:
    rows = 400
    table = tmp_path / "answers.csv"
    lines = [f"maria@acme.example;q{row:04d};/a;2026-01-05T10:{row // 60:02d}:{row % 60:02d}Z;1" for row in range(rows)]
    table.write_text("user;exercise;path;timestamp;correct\n" + "\n".join(lines))
    sandbox.add_fault(faults.Delay(0.02), "outcomes", times=None)
    home = tmp_path / "home"
    progress: list[int] = []
    user = ""
    for life_number in range(3):
        with dying_outbox.start(home, *site, 0, table) as life:
            assert life.stdout is not None
            for line in life.stdout:
                word, _, value = line.strip().partition(" ")
                user = value if word == "learner" else user
                if word == "replayed":
                    progress.append(int(value))
                    if life_number < 2 and progress[-1] >= (life_number + 1) * 100:
                        life.kill()
                        break
            ended = life.wait()
    assert ended == 0
    assert progress[-1] == rows
    assert progress == sorted(progress)
    found = states(home)
    assert list(found) == [f"q{row:04d}" for row in range(rows)]
    taken = arrived(sandbox, user)
    assert taken == sorted(set(taken))
    assert {name for name, state in found.items() if state == "accepted"} <= set(taken)
    assert set(found.values()) <= {"accepted", "unknown"}
    raw = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"maria" not in raw
    assert session_lines(home) == list(range(1, rows + 1)), (
        "each answer is a line of the session as well, once and in order"
    )
    assert all(entry["user_id"] == user for entry in sandbox.outcomes(user))
