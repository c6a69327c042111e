"""`practice simulate`: its arguments, what it asks for, and trouble of its own making."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Constraints, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_wire import outcome_from_json
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import AuthError, UserError
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.cli import practice
from sana_desktop.cli.arguments import PERSONAS, parse
from sana_desktop.cli.commands import SimulateCommand
from sana_desktop.practice.learners import TEST_ID_START
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.simulate.personas import PERSONAS as PEOPLE
from sana_desktop.practice.simulate.personas import PersonaKind
from sana_desktop.practice.simulate.player import PlayedStep
from sana_desktop.store.paths import Paths
from sana_desktop.store.secrets import SecretName
from sana_desktop.workspace.stored_access import StoredAccess
from tests.support.practice_askers import exchange, exercise, outcome
from tests.support.workspaces import desk

LEAST = ["practice", "simulate", "--url", "http://127.0.0.1:9", "--user", "u1"]


def command_of(*arguments: str) -> SimulateCommand:
    command = parse([*LEAST, *arguments])
    assert isinstance(command, SimulateCommand)
    return command


def test_defaults() -> None:
    assert command_of() == SimulateCommand(
        "http://127.0.0.1:9", "u1", 20, "single", None, None, (), (), False, "steady", None, 0, False
    )


def test_everything_given() -> None:
    command = command_of(
        *("--steps", "7", "--mode", "batch", "--per-call", "3", "--challenge", "0.25", "--path", "/a", "--path", "/b"),
        *("--tag", "x", "--review", "--ability", "-1.5", "--seed", "-4", "--json"),
    )
    setup = practice.setup_of(command)
    assert setup.query() == NextQuery("u1", 3, Constraints(True, ("/a", "/b"), ("x",)), 0.25)
    assert (setup.mode, setup.seed, command.ability, command.json) == (Mode.BATCH, -4, -1.5, True)


def test_the_help_says_what_everybody_is_called_in_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["practice", "simulate", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert [each.kind for each in PEOPLE if f"{each.kind} ({each.title}" not in said] == []


def test_everybody_of_the_window_can_be_simulated() -> None:
    assert sorted(PERSONAS) == sorted(PersonaKind)
    assert practice.setup_of(command_of("--persona", "guesser")).persona == "guesser"
    assert practice._who_answers(command_of()) == "Simulated: Steady, seed 0. Ability 0, where 0 is average."
    assert practice._who_answers(command_of("--persona", "guesser", "--seed", "4")) == "Simulated: Guesser, seed 4."
    newcomer = practice._who_answers(command_of("--persona", "newcomer"))
    assert newcomer == "Simulated: New starter, seed 0. Ability −1, where 0 is average."
    better = practice._who_answers(command_of("--persona", "newcomer", "--ability", "0.5"))
    assert better.endswith("Ability 0.5, where 0 is average.")


@pytest.mark.parametrize(("mode", "count"), [("single", 1), ("batch", 5), ("combined", 1)])
def test_how_many_a_request_by_mode(mode: str, count: int) -> None:
    assert practice.setup_of(command_of("--mode", mode)).num_exercises == count


def test_what_is_not_given_is_not_asked_for() -> None:
    assert practice.setup_of(command_of()).query() == NextQuery("u1", 1)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["practice"], "COMMAND"),
        (["practice", "simulate", "--user", "u"], "--url"),
        (["practice", "simulate", "--url", "x"], "--user"),
        ([*LEAST, "--steps", "0"], "0"),
        ([*LEAST, "--steps", "many"], "many"),
        ([*LEAST, "--per-call", "-1"], "-1"),
        ([*LEAST, "--mode", "all"], "all"),
        ([*LEAST, "--challenge", "1.1"], "1.1"),
        ([*LEAST, "--challenge", "nan"], "nan"),
        ([*LEAST, "--ability", "inf"], "inf"),
        ([*LEAST, "--persona", "wizard"], "wizard"),
        ([*LEAST, "--seed", "1.5"], "1.5"),
        ([*LEAST, "--path", " "], "--path"),
        ([*LEAST, "--user", "\udc80"], "--user"),
        ([*LEAST, "--step", "3"], "--step"),
        ([*LEAST, "--api-key", "k"], "--api-key"),
    ],
)
def test_unusable_arguments_say_which_part(arguments: list[str], names: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(arguments)
    assert names in caught.value.message


def test_a_step_is_one_object() -> None:
    came = Recommendation((exercise("a", b=0.5),), exchange(request='{"user_id":"ü"}'))
    step = PlayedStep(4, came.exercises[0], outcome(), NextQuery("u"), came, 0, None, 0.5, Setup(Mode.SINGLE, "u"))
    record = json.loads(json.dumps(practice.as_record(step)))
    assert outcome_from_json(record) == ExerciseOutcome(step.exercise, step.outcome)
    assert (record["step"], record["request_bytes"], record["status"], record["latency_ms"]) == (4, 16, 200, 2.0)
    assert record["outcome_request_bytes"] is record["outcome_status"] is record["outcome_latency_ms"] is None
    carried = practice.as_record(replace(step, delivered=exchange(request="{}")))
    assert (carried["outcome_request_bytes"], carried["outcome_status"]) == (2, 200)


@pytest.mark.parametrize(
    ("steps", "counted"),
    [
        (1, ["1 step, mode single", "1 different exercise came up.", "1 request, answered within"]),
        (2, ["2 steps, mode single", "2 different exercises came up.", "2 requests, half of them within"]),
    ],
)
def test_the_summary_counts_in_words_and_speaks_of_nothing_that_a_terminal_lacks(
    capsys: pytest.CaptureFixture[str], steps: int, counted: list[str]
) -> None:
    told = practice._Told(command_of())
    for number in range(steps):
        came = Recommendation((exercise(f"e{number}", b=0.5),), exchange())
        told.exchanged(came.exchange)
        told.step(
            PlayedStep(
                number, came.exercises[0], outcome(), NextQuery("u"), came, 0, None, 0.5, Setup(Mode.SINGLE, "u")
            )
        )
    told.close()
    said = capsys.readouterr().out
    assert [words for words in counted if words not in said] == []
    assert "difficulty" in said
    assert "card" not in said


@pytest.mark.parametrize("as_json", [True, False])
def test_a_fault_of_our_own_is_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    @asynccontextmanager
    async def broken(clock: Clock, redactor: Redactor) -> AsyncIterator[StoredAccess]:
        raise RuntimeError("a bug")
        yield

    monkeypatch.delenv("SANA_API_KEY", raising=False)
    code = practice.run(command_of(*(["--json"] if as_json else [])), Paths.below(tmp_path), broken)
    out, err = capsys.readouterr()
    assert code == 1
    assert "The log says more." in (out if as_json else err)
    assert "a bug" not in out + err
    assert "a bug" in (Paths.below(tmp_path).log / practice.LOG_NAME).read_text("utf-8")


def test_an_address_that_would_travel_unprotected_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def untouched(clock: Clock, redactor: Redactor) -> AsyncIterator[StoredAccess]:
        raise AssertionError("nothing is opened for it")
        yield

    command = replace(command_of(), url="http://api.example.com")
    assert practice.run(command, Paths.below(tmp_path), untouched) == 2
    assert "https" in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [True, False])
def test_made_up_answers_reach_nobody_who_may_be_a_real_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    @asynccontextmanager
    async def untouched(clock: Clock, redactor: Redactor) -> AsyncIterator[StoredAccess]:
        raise AssertionError("nothing is opened for it")
        yield

    monkeypatch.setenv("SANA_API_KEY", "k-1234567")
    command = replace(
        command_of(*(["--json"] if as_json else [])), url="https://api.sanalabs.com", user="real.person@acme"
    )
    assert practice.run(command, Paths.below(tmp_path), untouched) == 2
    out, err = capsys.readouterr()
    said = json.loads(out)["error"]["message"] if as_json else err
    assert "real.person@acme may be a real person" in said
    assert "Nothing was sent." in said
    assert f"an id that begins with {TEST_ID_START}" in said


def test_test_learners_anywhere_and_anybody_on_this_computer_can_be_answered_for() -> None:
    far, here = parse_practice_origin("https://api.sanalabs.com"), parse_practice_origin("http://127.0.0.1:9")
    practice.refuse_real_people(far, TEST_ID_START + "1")
    practice.refuse_real_people(here, "real.person@acme")
    with pytest.raises(UserError, match="real person"):
        practice.refuse_real_people(far, "my-" + TEST_ID_START)


async def test_the_key_of_the_connection_that_uses_the_service(tmp_path: Path) -> None:
    service = parse_practice_origin("https://api.sanalabs.com")
    async with desk(tmp_path) as room:
        entry = await room.book.add(parse_workspace("acme"), client_id="i", practice=service)
        await room.book.keep_secret(entry.id, Secret("k-1234567"), SecretName.API_KEY)
        assert await practice.stored_key(room.book, room.secrets, service) == Secret("k-1234567")
        with pytest.raises(AuthError, match="no API key"):
            await practice.stored_key(room.book, room.secrets, parse_practice_origin("https://us.api.sanalabs.com"))
        await room.book.add(parse_workspace("other"), client_id="i", practice=service)
        with pytest.raises(AuthError, match="Several"):
            await practice.stored_key(room.book, room.secrets, service)
