"""The practice client over a real socket: what each fault becomes, and how many requests it costs."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sana_desktop.api import practice
from sana_desktop.api.errors import AnswerLost, NotSent, ServerTrouble, Throttled
from sana_desktop.api.practice import (
    CATALOGUE_PAGE,
    LARGE_BODY_BYTES,
    MAX_SHOWN_RESPONSE_LENGTH,
    PracticeClient,
    sandbox_catalogue,
    usable_key,
)
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Exchange, NextQuery
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import (
    AuthError,
    OutcomesRefused,
    OutcomesUnknown,
    ProtocolError,
    SanaError,
    ServiceError,
    UserError,
)
from sana_desktop.base.redaction import DOTS, Redactor, Secret
from tests.support.api_client import SHORT
from tests.support.certificates import Authority
from tests.support.fake_server import BEFORE_HEADERS, CHUNKED, FakeServer, Reply, Request, html_reply, json_reply
from tests.support.practice_client import (
    ASK,
    CANARY_KEY,
    DONE,
    EMPTY,
    NEXT,
    OUTCOMES,
    errors,
    outcome,
    practice_of,
    recommended,
)

WITH_OUTCOME = NextQuery("user", outcomes=(DONE,))
RETRY_AFTER = ("Retry-After", "7")


async def failure(client: PracticeClient, call: str) -> SanaError:
    """Return what a post, a question, or a question that carries an outcome raises."""
    with pytest.raises(SanaError) as caught:
        await ask(client, call)
    return caught.value


async def ask(client: PracticeClient, call: str) -> object:
    if call == "post":
        return await client.post_outcomes("user", [DONE])
    return await client.next_exercises(WITH_OUTCOME if call == "combined" else ASK)


def script(server: FakeServer, *replies: Reply) -> None:
    for path in (OUTCOMES, NEXT):
        server.on("POST", path, *replies)


async def test_a_post_has_the_headers_of_the_page_and_no_other() -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", OUTCOMES, EMPTY)
        exchange = await client.post_outcomes("user", [DONE])
        (request,) = server.requests
        assert request.header_names == {
            "host",
            "user-agent",
            "accept",
            "accept-encoding",
            "x-api-key",
            "content-type",
            "content-length",
        }
        assert request.header("x-api-key") == CANARY_KEY
        assert request.header("content-type") == "application/json"
        assert exchange.request.encode() == request.body
        assert (exchange.path, exchange.status, exchange.response, exchange.trouble) == (OUTCOMES, 200, "", "")
        assert exchange.request_bytes == len(request.body)
        assert exchange.latency_seconds is not None
        assert exchange.latency_seconds > 0


@pytest.mark.parametrize(
    "reply",
    [
        EMPTY,
        Reply(201),
        Reply(204),
        json_reply({}),
        json_reply({"errors": []}, 201),
        Reply(200, b"OK", (("Content-Type", "text/plain"),)),
        Reply(200, b"x" * 100, cut_at=3),
    ],
)
async def test_an_empty_200_or_201_and_whatever_a_200_says_beside_is_success(reply: Reply) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", OUTCOMES, reply)
        assert (await client.post_outcomes("user", [DONE])).status == reply.status
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply", [html_reply(), html_reply(status=201), json_reply({"errors": [{"status": 400, "detail": "no"}]})]
)
async def test_a_web_page_or_an_error_with_200_is_no_success(reply: Reply) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", OUTCOMES, reply)
        error = await failure(client, "post")
        assert type(error) is OutcomesUnknown
        assert error.detail


async def test_exercises_come_in_their_order_with_all_they_have() -> None:
    answer = {"exercises": [{"id": "b", "path": "/x", "title": "B"}, {"id": "a", "path": "/x", "difficulty_level": 2}]}
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", NEXT, json_reply(answer))
        got = await client.next_exercises(ASK)
        assert [exercise.id for exercise in got.exercises] == ["b", "a"]
        assert got.exercises[0].extra == {"title": "B"}
        assert json.loads(got.exchange.response) == answer
        assert (got.unusable, got.repeated) == (0, 0)


async def test_M13_bad_entries_are_counted_and_a_flood_is_not_read() -> None:
    bad = {"exercises": [{"id": "a", "path": "/x"}, {"id": "a", "path": "/x"}, {"id": "b"}, "<b>"]}
    flood = json.dumps({"exercises": [{"id": "a", "path": "x" * 10_000_000}]}).encode()
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", NEXT, json_reply(bad), Reply(200, flood), html_reply(), json_reply({"exercise": []}))
        got = await client.next_exercises(ASK)
        assert ([exercise.id for exercise in got.exercises], got.unusable, got.repeated) == (["a"], 3, 1)
        seen: list[Exchange] = []
        client.exchanged.subscribe(seen.append)
        for _ in range(3):
            assert type(await failure(client, "next")) is ProtocolError
        assert all(len(exchange.response) <= practice.MAX_SHOWN_RESPONSE_LENGTH for exchange in seen)
        assert [exchange.status for exchange in seen] == [200, 200, 200]
        assert all(exchange.trouble for exchange in seen)
        assert {exchange.user_id for exchange in seen} == {ASK.user_id}


@pytest.mark.parametrize("call", ["post", "next", "combined"])
@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_key_is_an_access_error(call: str, status: int) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        script(server, errors(status, "Your API key is wrong."))
        error = await failure(client, call)
        assert type(error) is AuthError
        assert (error.code, error.http_status, error.detail) == ("E-KEY", status, "Your API key is wrong.")
        assert len(server.requests) == 1


@pytest.mark.parametrize("call", ["post", "next", "combined"])
@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [(429, (), "E-BUSY"), (429, (RETRY_AFTER,), "E-BUSY"), (503, (RETRY_AFTER,), "E-DOWN")],
)
async def test_B7_to_be_left_alone_is_not_taken(
    call: str, status: int, headers: tuple[tuple[str, str], ...], code: str
) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        script(server, Reply(status, headers=headers))
        error = await failure(client, call)
        assert type(error) is Throttled
        assert (error.code, error.retry_after_seconds) == (code, 7.0 if headers else None)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_B7_trouble_after_sending_leaves_outcomes_unknown_and_a_question_repeatable(status: int) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        script(server, errors(status, "There was a problem."))
        for call in ("post", "combined"):
            error = await failure(client, call)
            assert type(error) is OutcomesUnknown
            assert (error.kind, error.http_status, error.retryable) == ("unknown_submit", status, False)
            assert "There was a problem." in error.detail
        asked = await failure(client, "next")
        assert type(asked) is ServerTrouble
        assert asked.retryable


@pytest.mark.parametrize(
    "reply",
    [
        Reply(cut_at=BEFORE_HEADERS),
        Reply(cut_at=BEFORE_HEADERS, reset=True),
        Reply(wait=30.0),
        Reply(raw=b"nonsense\r\n\r\n"),
        Reply(read_limit=10, cut_at=BEFORE_HEADERS, reset=True),
    ],
    ids=["closed", "reset", "silent", "nonsense", "cut while sending"],
)
async def test_O03_a_lost_answer_costs_one_request_and_leaves_outcomes_unknown(reply: Reply) -> None:
    async with FakeServer() as server, practice_of(server, timeouts=SHORT) as client:
        script(server, reply)
        for call in ("post", "combined"):
            assert type(await failure(client, call)) is OutcomesUnknown
        asked = await failure(client, "next")
        assert isinstance(asked, AnswerLost | ProtocolError)
        assert asked.retryable
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b'{"exercises":[{"id":"a"', (("Content-Type", "application/json"),), length=500, cut_at=20),
        Reply(200, b'{"exercises":[]}', length=CHUNKED, cut_at=5),
        Reply(200, b"", (("Content-Type", "application/json"),)),
        html_reply(),
    ],
    ids=["cut", "cut in a chunk", "empty", "page"],
)
async def test_a_half_answer_recommends_nothing(reply: Reply) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", NEXT, reply)
        assert isinstance(await failure(client, "next"), AnswerLost | ProtocolError)
        assert type(await failure(client, "combined")) is OutcomesUnknown


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "E-OUT-REFUSED"),
        (404, "E-PRACTICE-ADDRESS"),
        (405, "E-PRACTICE-ADDRESS"),
        (413, "E-OUT-TOOBIG"),
        (422, "E-OUT-REFUSED"),
    ],
)
async def test_O02_O05_what_is_refused_is_not_taken_and_says_why(status: int, code: str) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        script(server, errors(status, "user_id must be a string", "path\u202e is missing"))
        for call in ("post", "combined"):
            error = await failure(client, call)
            assert type(error) is OutcomesRefused
            assert (error.code, error.http_status, error.retryable) == (code, status, False)
            assert "user_id must be a string · path\\u202e is missing" in error.message + error.detail
        asked = await failure(client, "next")
        assert type(asked) is ServiceError
        assert asked.code in {code, "E-NEXT-REFUSED"}


async def test_the_services_words_are_bounded_plain_text_in_one_line() -> None:
    async with FakeServer() as server, practice_of(server) as client:
        script(server, errors(400, "<script>alert(1)</script>\n\x1b[31mred " + "x" * 50_000))
        error = await failure(client, "post")
        assert "<script>" not in error.message
        assert "\n" not in error.message
        assert "\x1b" not in error.message
        assert len(error.message) < 2_200


@pytest.mark.parametrize("call", ["post", "next", "combined"])
@pytest.mark.parametrize("reply", [html_reply(status=403), html_reply(status=404), Reply(301), Reply(307), Reply(308)])
async def test_a_page_or_a_way_elsewhere_did_not_take_it(call: str, reply: Reply) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        script(server, reply)
        assert type(await failure(client, call)) is ProtocolError


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_F2_the_key_never_follows_a_redirect(status: int) -> None:
    async with FakeServer() as elsewhere, FakeServer() as server, practice_of(server) as client:
        script(server, Reply(status, headers=(("Location", elsewhere.url + OUTCOMES),)))
        for call in ("post", "next", "combined"):
            await failure(client, call)
        assert elsewhere.connections == 0
        assert len(server.requests) == 3


async def test_nothing_is_sent_where_nothing_can_be_reached() -> None:
    server = FakeServer()
    await server.start()
    await server.stop()
    async with practice_of(server) as client:
        for call in ("post", "next", "combined"):
            error = await failure(client, call)
            assert type(error) is NotSent
            assert error.retryable


async def test_what_is_out_of_range_or_too_big_never_leaves() -> None:
    async with FakeServer() as server, practice_of(server) as client:
        exchanges: list[Exchange] = []
        client.exchanged.subscribe(exchanges.append)
        huge = [outcome(number, metadata="é" * 1_000) for number in range(9)]
        for query in (NextQuery("user", 0), NextQuery("user", outcomes=tuple(huge))):
            with pytest.raises(UserError):
                await client.next_exercises(query)
        with pytest.raises(UserError) as caught:
            await client.post_outcomes("user", huge)
        assert caught.value.code == "E-OUT-TOOBIG"
        with pytest.raises(UserError):
            await client.post_outcomes(" ", [DONE])
        assert (server.connections, exchanges) == (0, [])


async def test_every_exchange_is_told_also_the_failed_ones_and_none_has_the_key() -> None:
    def echo(request: Request) -> Reply:
        return json_reply({"errors": [{"status": 400, "detail": f"no {request.header('x-api-key')}"}]}, 400)

    async with FakeServer() as server, practice_of(server) as client:
        told: list[Exchange] = []
        client.exchanged.subscribe(told.append)
        server.on("POST", NEXT, recommended("a"), Reply(cut_at=BEFORE_HEADERS))
        server.on("POST", OUTCOMES, echo)
        await client.next_exercises(ASK)
        await failure(client, "next")
        await failure(client, "post")
        assert [(one.path, one.status, bool(one.trouble)) for one in told] == [
            (NEXT, 200, False),
            (NEXT, None, True),
            (OUTCOMES, 400, True),
        ]
        assert told[1].latency_seconds is None
        assert CANARY_KEY not in told[2].response + told[2].trouble
        assert DOTS in told[2].response
        assert CANARY_KEY not in repr(told)


async def test_a_key_that_stands_in_an_answer_of_ours_reaches_no_exchange() -> None:
    async with FakeServer() as server, practice_of(server) as client:
        told: list[Exchange] = []
        client.exchanged.subscribe(told.append)
        script(server, EMPTY)
        note = replace(DONE.outcome, metadata=f"pasted by mistake: {CANARY_KEY}")
        posted = await client.post_outcomes("u", [replace(DONE, outcome=note)])
        assert CANARY_KEY not in posted.request + told[0].request
        assert DOTS in posted.request


async def test_the_key_reaches_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    redactor = Redactor()
    async with FakeServer() as server, practice_of(server, redactor=redactor) as client:
        script(server, errors(500, "x"))
        for call in ("post", "next"):
            error = await failure(client, call)
            assert CANARY_KEY not in f"{error!r} {error.detail} {error.__cause__!r}"
        assert CANARY_KEY not in repr(client.__dict__)
    assert CANARY_KEY not in caplog.text
    assert redactor.clean(f"key={CANARY_KEY}") == f"key={DOTS}"


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "ключ-ключ", "x" * 2_000])
def test_what_is_no_key_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(UserError) as caught:
        usable_key(Secret(key))
    assert caught.value.code == "E-KEY-FORM"
    assert not key.strip() or key not in caught.value.message


async def test_blanks_around_a_key_are_not_part_of_it() -> None:
    async with FakeServer() as server, practice_of(server, f" {CANARY_KEY}\n") as client:
        server.on("POST", OUTCOMES, EMPTY)
        await client.post_outcomes("user", [DONE])
        assert server.requests[0].header("x-api-key") == CANARY_KEY


async def test_the_check_names_no_learner_and_finds_out_about_key_and_clock() -> None:
    ahead = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    async with FakeServer() as server, practice_of(server) as client:
        told: list[Exchange] = []
        client.exchanged.subscribe(told.append)
        server.on("POST", NEXT, Reply(400, b"{}", date=ahead))
        found = await client.check()
        assert server.requests[0].json == {}
        assert found.latency_seconds > 0
        assert found.clock_skew_seconds == pytest.approx(3600, abs=10)
        assert told == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (errors(401, "no"), AuthError),
        (errors(403, "no"), AuthError),
        (errors(404, "no"), ServiceError),
        (errors(500, "no"), ServerTrouble),
        (html_reply(), ProtocolError),
        (html_reply(status=400), ProtocolError),
        (Reply(302), ProtocolError),
        (Reply(cut_at=BEFORE_HEADERS), AnswerLost),
    ],
)
async def test_the_check_fails_with_what_is_wrong(reply: Reply, kind: type[SanaError]) -> None:
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", NEXT, reply)
        with pytest.raises(kind) as caught:
            await client.check()
        assert type(caught.value) is kind


async def test_the_catalogue_of_the_example_comes_in_pages_and_without_the_key() -> None:
    names = [f"e{number}" for number in range(1_203)]

    def page(request: Request) -> Reply:
        offset, limit = (int(request.query[name][0]) for name in ("offset", "limit"))
        listed = [{"id": name, "path": "/a"} for name in names[offset : offset + limit]]
        return json_reply({"exercises": listed, "total": len(names)})

    async with FakeServer() as server, practice_of(server) as client:
        server.on("GET", "/_sandbox/catalogue", page)
        assert [exercise.id for exercise in await sandbox_catalogue(client)] == names
        assert len(server.requests) == -(-len(names) // CATALOGUE_PAGE)
        assert all(request.header("x-api-key") is None for request in server.requests)
        server.on("GET", "/_sandbox/catalogue", json_reply({"exercises": 3}))
        with pytest.raises(ProtocolError):
            await sandbox_catalogue(client)


async def test_no_other_service_is_asked_for_a_catalogue() -> None:
    client = PracticeClient(
        parse_practice_origin("api.sanalabs.com"), Secret(CANARY_KEY), clock=SystemClock(), redactor=Redactor()
    )
    with pytest.raises(UserError) as caught:
        await sandbox_catalogue(client)
    assert caught.value.code == "E-CATALOGUE"
    await client.aclose()


async def test_over_tls_nothing_goes_to_a_host_whose_certificate_is_not_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with FakeServer(tls=authority.server_context()) as server:
        async with practice_of(server) as client:
            error = await failure(client, "post")
            assert (type(error), error.code) == (NotSent, "E-TLS")
        async with practice_of(server, extra_ca=authority.ca_file) as client:
            server.on("POST", OUTCOMES, EMPTY)
            await client.post_outcomes("user", [DONE])
    assert len(server.requests) == 1


async def test_many_at_once_do_not_mix() -> None:
    def answer(request: Request) -> Reply:
        body = json.loads(request.body)
        return json_reply({"exercises": [{"id": body["user_id"], "path": "/"}]})

    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", NEXT, answer)
        got = await asyncio.gather(*(client.next_exercises(NextQuery(f"u{number}")) for number in range(20)))
        assert [one.exercises[0].id for one in got] == [f"u{number}" for number in range(20)]


async def test_a_long_answer_is_read_beside_the_loop() -> None:
    names = [f"exercise-{number:04d}" for number in range(3_000)]
    long = recommended(*names)
    assert len(long.body) > LARGE_BODY_BYTES
    async with FakeServer() as server, practice_of(server) as client:
        told: list[Exchange] = []
        client.exchanged.subscribe(told.append)
        server.on("POST", NEXT, long, Reply(body=b"[" + b" " * LARGE_BODY_BYTES))
        answer = await client.next_exercises(ASK)
        assert [exercise.id for exercise in answer.exercises] == names
        assert len(told[0].response) <= MAX_SHOWN_RESPONSE_LENGTH
        with pytest.raises(ProtocolError):
            await client.next_exercises(ASK)
        assert [bool(one.trouble) for one in told] == [False, True]
