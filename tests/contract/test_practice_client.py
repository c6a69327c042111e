"""The practice client against the developer page: its samples and tables scripted, then the running sandbox.

The sandbox was written from its own reading of the same page: where both agree, the reading is probably right.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sana_desktop.api.errors import ServerTrouble, Throttled
from sana_desktop.api.network import Timeouts
from sana_desktop.api.practice import PracticeClient, sandbox_catalogue
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import (
    Constraints,
    Exercise,
    ExerciseOutcome,
    NextQuery,
    Outcome,
    Recommendation,
    Result,
)
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import (
    EXERCISE_FIELDS,
    MAX_REQUEST_BYTES,
    OUTCOME_FIELDS,
    encode_outcomes,
    outcome_to_json,
    query_to_json,
)
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import (
    AuthError,
    NetworkError,
    OutcomesRefused,
    OutcomesUnknown,
    ProtocolError,
    SanaError,
    ServiceError,
)
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.sandbox.faults import Exercises, Hang, LoseAnswer, Redirect, Reply
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.fake_server import FakeServer
from tests.support.practice_client import (
    ASK,
    DONE,
    EMPTY,
    NEXT,
    OUTCOMES,
    SAMPLE_NEXT,
    SAMPLE_OUTCOMES,
    errors,
    outcome,
    practice_of,
    recommended,
)

SHORT = Timeouts(connect=5.0, read=1.0, pool=5.0, total=10.0)

# The object model of the page: name, whether it is mandatory, type.
EXERCISE_TABLE = {
    "id": (True, str),
    "path": (True, str),
    "tags": (False, list),
    "difficulty_level": (False, (int, float)),
    "max_score": (False, (int, float)),
    "metadata": (False, str),
}
OUTCOME_TABLE = {
    "timestamp": (True, str),
    "time_spent_ms": (False, int),
    "result": (True, str),
    "score": (False, (int, float)),
    "metadata": (False, str),
}


@pytest.mark.parametrize(("place", "table"), [("exercise", EXERCISE_TABLE), ("outcome", OUTCOME_TABLE)])
def test_the_object_model_is_the_pages(place: str, table: dict[str, tuple[bool, Any]]) -> None:
    assert frozenset(table) == (EXERCISE_FIELDS if place == "exercise" else OUTCOME_FIELDS)
    bare = outcome_to_json(outcome())[place]
    assert bare.keys() == {name for name, (mandatory, _) in table.items() if mandatory}
    full = outcome_to_json(DONE)[place]
    assert full.keys() == table.keys()
    assert all(isinstance(full[name], kind) for name, (_, kind) in table.items())


def test_the_four_results_are_the_pages() -> None:
    assert {result.value for result in Result} == {"correct", "incorrect", "partially_correct", "skipped"}


def test_the_parameters_of_a_question_are_the_pages() -> None:
    full = query_to_json(NextQuery("u", 1, Constraints(True, ("/a",), ("t",)), 0.0, (DONE,)))
    assert full.keys() == {"user_id", "num_exercises", "constraints", "target", "exercise_outcomes"}
    assert full["constraints"].keys() == {"is_review", "paths", "tags"}
    assert full["target"] == {"challenge_level": 0.0}
    assert query_to_json(NextQuery("u")) == {"user_id": "u"}


async def test_the_samples_of_the_page_go_out_word_for_word() -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", OUTCOMES, EMPTY)
        server.on("POST", NEXT, recommended("e1", "e2"))
        await client.post_outcomes("user", [DONE])
        constraints = Constraints(False, ("/IB/math/vectors", "/IB/math/algebra/"), ("tag1", "tag2"))
        got = await client.next_exercises(NextQuery("user", 5, constraints, 0.5))
        assert [request.json for request in server.requests] == [SAMPLE_OUTCOMES, SAMPLE_NEXT]
        assert [request.target for request in server.requests] == ["/v1/exercise-outcomes", "/v1/next-exercises"]
        assert [exercise.id for exercise in got.exercises] == ["e1", "e2"]


@pytest.mark.parametrize(
    ("status", "text", "posted", "asked"),
    [
        (400, "Your request is invalid.", OutcomesRefused, ServiceError),
        (401, "No API Key or your API key is wrong.", AuthError, AuthError),
        (404, "The specified resource could not be found.", OutcomesRefused, ServiceError),
        (405, "You tried to access a resource with an invalid method.", OutcomesRefused, ServiceError),
        (500, "There was a problem on the server side. Please try again later.", OutcomesUnknown, ServerTrouble),
        (503, "The API is temporarily offline for maintenance.", OutcomesUnknown, ServerTrouble),
    ],
)
async def test_the_table_of_error_codes(
    status: int, text: str, posted: type[SanaError], asked: type[SanaError]
) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", OUTCOMES, errors(status, text))
        server.on("POST", NEXT, errors(status, text))
        for call, kind in ((client.post_outcomes("user", [DONE]), posted), (client.next_exercises(ASK), asked)):
            with pytest.raises(SanaError) as caught:
                await call
            assert type(caught.value) is kind
            assert caught.value.http_status == status
            assert text in caught.value.message + caught.value.detail
        assert len(server.requests) == 2


# --- the sandbox ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200, min_job_seconds=0.1) as running:
        yield running


@pytest.fixture(autouse=True)
def no_fault_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "sandbox" in request.fixturenames:
        request.getfixturevalue("sandbox").faults.clear()


@asynccontextmanager
async def client_of(sandbox: SandboxServer, key: str | None = None) -> AsyncIterator[PracticeClient]:
    told = sandbox.describe()
    client = PracticeClient(
        parse_practice_origin(told["practice_url"]),
        Secret(told["api_key"] if key is None else key),
        clock=SystemClock(),
        redactor=Redactor(),
        timeouts=SHORT,
    )
    try:
        yield client
    finally:
        await client.aclose()


def answered(exercise: Exercise, result: Result = Result.CORRECT, **fields: Any) -> ExerciseOutcome:
    return ExerciseOutcome(exercise, Outcome(datetime.now(UTC), result, **fields))


async def asked(client: PracticeClient, query: NextQuery) -> Recommendation:
    got = await client.next_exercises(query)
    assert (got.unusable, got.repeated, got.exchange.status) == (0, 0, 200)
    return got


async def test_the_three_modes_of_usage(sandbox: SandboxServer) -> None:
    async with client_of(sandbox) as client:
        (first,) = (await asked(client, NextQuery("modes"))).exercises  # one at a time
        await client.post_outcomes("modes", [answered(first)])
        sequence = (await asked(client, NextQuery("modes", 5))).exercises  # a sequence, posted in a batch
        assert len(sequence) == 5
        await client.post_outcomes("modes", [answered(exercise, Result.INCORRECT) for exercise in sequence])
        (following,) = (await asked(client, NextQuery("modes", 1))).exercises
        query = NextQuery("modes", outcomes=(answered(following, Result.SKIPPED, score=0, time_spent_ms=5),))
        assert len((await asked(client, query)).exercises) == 1  # posted along with the next request
    assert [one["exercise"]["id"] for one in sandbox.outcomes("modes")] == [
        exercise.id for exercise in (first, *sequence, following)
    ]


async def test_every_optional_thing_is_taken_and_constraints_hold(sandbox: SandboxServer) -> None:
    async with client_of(sandbox) as client:
        catalogue = await sandbox_catalogue(client)
        assert len(catalogue) > 1_000
        some = next(exercise for exercise in catalogue if exercise.tags)
        top = some.path.strip("/").partition("/")[0]
        constraints = Constraints(False, (f"/{top}/",), some.tags)
        got = await asked(client, NextQuery("all", 3, constraints, 0.5, (answered(some, time_spent_ms=0, score=1.0),)))
        assert got.exercises
        assert all(exercise.path.strip("/").startswith(top) for exercise in got.exercises)
        assert all(set(exercise.tags) & set(some.tags) for exercise in got.exercises)
        assert set(got.exercises) <= set(catalogue)
        nothing = await asked(client, NextQuery("all", constraints=Constraints(tags=("no such tag",))))
        assert nothing.exercises == ()


async def test_bodies_up_to_the_last_byte_are_taken(sandbox: SandboxServer) -> None:
    bare = len(encode_outcomes("full", [answered(DONE.exercise, metadata="")]))
    full = replace(DONE, outcome=replace(DONE.outcome, metadata="é" * 7_000))
    rest = MAX_REQUEST_BYTES - len(encode_outcomes("full", [full]))
    full = replace(full, outcome=replace(full.outcome, metadata="é" * 7_000 + "x" * rest))
    assert bare < len(encode_outcomes("full", [full])) == MAX_REQUEST_BYTES
    async with client_of(sandbox) as client:
        assert (await client.post_outcomes("full", [full])).request_bytes == MAX_REQUEST_BYTES


async def test_a_hundred_outcomes_in_batches_arrive_once_and_in_order(sandbox: SandboxServer) -> None:
    many = [outcome(number, metadata="x" * (number * 7 % 900)) for number in range(100)]
    batches = split_outcomes("many", many)
    async with client_of(sandbox) as client:
        for batch in batches:
            await client.post_outcomes("many", batch)
    assert len(batches) == 3
    assert [one["exercise"]["id"] for one in sandbox.outcomes("many")] == [f"e{number}" for number in range(100)]


async def test_the_key_is_checked_and_the_check_leaves_nothing(sandbox: SandboxServer) -> None:
    before = sandbox.outcomes()
    async with client_of(sandbox) as client:
        assert (await client.check()).latency_seconds > 0
    async with client_of(sandbox, "wrong-key-123") as client:
        for call in (client.check(), client.post_outcomes("user", [DONE]), client.next_exercises(ASK)):
            with pytest.raises(AuthError) as caught:
                await call
            assert caught.value.http_status == 401
    assert sandbox.outcomes() == before


async def test_O03_a_lost_answer_is_unknown_and_had_its_effect_once(sandbox: SandboxServer) -> None:
    async with client_of(sandbox) as client:
        for user_id, fault in (("lost", LoseAnswer()), ("reset", LoseAnswer(reset=True)), ("hung", Hang())):
            sandbox.add_fault(fault, "outcomes")
            with pytest.raises(OutcomesUnknown):
                await client.post_outcomes(user_id, [DONE])
        sandbox.add_fault(LoseAnswer(), "next")
        with pytest.raises(NetworkError) as caught:
            await client.next_exercises(NextQuery("lost"))
        assert caught.value.retryable
    assert [len(sandbox.outcomes(user_id)) for user_id in ("lost", "reset", "hung")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("fault", "posted", "asks"),
    [
        (Reply(400), OutcomesRefused, ServiceError),
        (Reply(401), AuthError, AuthError),
        (Reply(413), OutcomesRefused, ServiceError),
        (Reply(429, retry_after=7), Throttled, Throttled),
        (Reply(500), OutcomesUnknown, ServerTrouble),
        (Reply(503), OutcomesUnknown, ServerTrouble),
        (Reply(503, retry_after=7), Throttled, Throttled),
        (Reply(200, "html"), OutcomesUnknown, ProtocolError),
        (Redirect("http://127.0.0.1:9/", 307), ProtocolError, ProtocolError),
    ],
    ids=str,
)
async def test_faults_on_demand(
    sandbox: SandboxServer, fault: Reply | Redirect, posted: type[SanaError], asks: type[SanaError]
) -> None:
    async with client_of(sandbox) as client:
        sandbox.add_fault(fault, "outcomes")
        sandbox.add_fault(fault, "next", times=2)
        calls = (
            (client.post_outcomes("faults", [DONE]), posted),
            (client.next_exercises(NextQuery("faults", outcomes=(DONE,))), posted),
            (client.next_exercises(NextQuery("faults")), asks),
        )
        for call, kind in calls:
            with pytest.raises(SanaError) as caught:
                await call
            assert type(caught.value) is kind
    assert sandbox.outcomes("faults") == ()


async def test_M13_a_recommendation_that_makes_little_sense(sandbox: SandboxServer) -> None:
    async with client_of(sandbox) as client:
        sandbox.add_fault(Exercises(add=(None, "<b>", {"id": 3}, {"id": "x", "path": "/y", "new": [1]})), "next")
        got = await client.next_exercises(NextQuery("odd", 2))
        assert (len(got.exercises), got.unusable, got.repeated) == (3, 3, 0)
        assert got.exercises[-1].extra == {"new": [1]}
        sandbox.add_fault(Exercises(copies=3), "next")
        got = await client.next_exercises(NextQuery("odd", 2))
        assert (len(got.exercises), got.unusable, got.repeated) == (2, 4, 4)
        sandbox.add_fault(Exercises(remove=("path",)), "next")
        got = await client.next_exercises(NextQuery("odd", 2))
        assert (got.exercises, got.unusable) == ((), 2)
        for body in ("oversized_json", "truncated_json", "deep_json", "empty", "html", "text"):
            sandbox.add_fault(Reply(200, body, size=10_000_000), "next")
            with pytest.raises(ProtocolError):
                await client.next_exercises(NextQuery("odd"))


async def test_what_the_sandbox_refuses_is_told_in_its_words(sandbox: SandboxServer) -> None:
    async with client_of(sandbox) as client:
        with pytest.raises(ServiceError) as caught:
            await client.next_exercises(NextQuery("words", 100_000))
        assert caught.value.code == "E-NEXT-REFUSED"
        assert "num_exercises" in caught.value.message
        odd = replace(DONE, exercise=replace(DONE.exercise, difficulty_level=None, extra={"more": {"a": [1, None]}}))
        await client.post_outcomes("words", [odd])
    assert sandbox.outcomes("words")[0]["exercise"]["more"] == {"a": [1, None]}
