"""The token keeper against a scripted token endpoint, on a clock of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sana_desktop.api.auth import Credentials, TokenKeeper
from sana_desktop.api.errors import NotSent, Throttled
from sana_desktop.api.network import no_proxy
from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.transport import ApiTransport
from sana_desktop.base.errors import AuthError, ProtocolError
from sana_desktop.base.redaction import DOTS, Redactor, Secret
from tests.support.api_client import CANARY_SECRET, CANARY_TOKEN, CLIENT, PASTED, PATIENT, TOKEN, Tokens
from tests.support.clock import ManualClock
from tests.support.fake_server import BEFORE_HEADERS, FakeServer, Reply, envelope, html_reply, json_reply


@asynccontextmanager
async def keeper_of(
    server: FakeServer, clock: ManualClock, credentials: Credentials = CLIENT, redactor: Redactor | None = None
) -> AsyncIterator[TokenKeeper]:
    transport = ApiTransport(parse_workspace(server.url), timeouts=PATIENT, proxy=no_proxy)
    yield TokenKeeper(
        credentials,
        transport,
        host="acme.sana.ai",
        clock=clock,
        redactor=redactor or Redactor(),
        uniform=lambda: 1.0,
    )
    await transport.aclose()


async def passing_time(clock: ManualClock, work: Coroutine[Any, Any, Secret]) -> Secret:
    """Let the clock run while `work` waits on it."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        while not task.done():
            if clock.sleepers:
                await clock.advance(1.0)
            await asyncio.sleep(0.001)
    return task.result()


async def test_a_token_is_used_until_shortly_before_its_end() -> None:
    clock, tokens = ManualClock(), Tokens(expires_in=3600)
    async with FakeServer() as server, keeper_of(server, clock) as keeper:
        server.on("POST", TOKEN, tokens)
        first = await keeper.token()
        assert keeper.life_left_seconds == 3600
        await clock.advance(3600 - 121)
        assert await keeper.token() == first
        await clock.advance(2)
        assert await keeper.token() != first
        assert tokens.given == 2


@pytest.mark.parametrize("expires_in", [None, 0, -1, "abc", 1e12, True, [], "", "inf"])
async def test_S05_a_nonsensical_life_is_taken_as_five_minutes(expires_in: object) -> None:
    clock, tokens = ManualClock(), Tokens(expires_in=expires_in)
    async with FakeServer() as server, keeper_of(server, clock) as keeper:
        server.on("POST", TOKEN, tokens)
        await keeper.token()
        assert keeper.life_left_seconds == 300
        await clock.advance(239)
        await keeper.token()
        assert tokens.given == 1
        await clock.advance(2)
        await keeper.token()
        assert tokens.given == 2


async def test_a_suspended_computer_renews_though_monotonic_time_stood_still() -> None:
    clock, tokens = ManualClock(), Tokens()
    async with FakeServer() as server, keeper_of(server, clock) as keeper:
        server.on("POST", TOKEN, tokens)
        await keeper.token()
        clock.suspend(4_000)
        await keeper.token()
        assert tokens.given == 2


async def test_S01_many_callers_share_one_request() -> None:
    async with FakeServer() as server, keeper_of(server, ManualClock()) as keeper:
        server.on("POST", TOKEN, Tokens())
        tokens = await asyncio.gather(*(keeper.token() for _ in range(50)))
        assert len({token.reveal() for token in tokens}) == 1
        assert server.count("POST", TOKEN) == 1
        renewed = await asyncio.gather(*(keeper.renew(tokens[0]) for _ in range(50)))
        assert len({token.reveal() for token in renewed}) == 1
        assert server.count("POST", TOKEN) == 2


async def test_S01_many_callers_share_one_failure() -> None:
    async with FakeServer() as server, keeper_of(server, ManualClock()) as keeper:
        server.on("POST", TOKEN, json_reply({"error": "invalid_client"}, 400))
        results = await asyncio.gather(*(keeper.token() for _ in range(50)), return_exceptions=True)
        assert {type(result) for result in results} == {AuthError}
        assert server.count("POST", TOKEN) == 1


async def test_a_caller_that_is_cancelled_does_not_take_the_others_along() -> None:
    gate = asyncio.Event()
    good = json_reply(envelope({"accessToken": "the-token"}))
    async with FakeServer() as server, keeper_of(server, ManualClock()) as keeper:
        server.on("POST", TOKEN, Reply(body=good.body, wait=gate), good)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(keeper.token())
            await server.wait_for(lambda seen: seen.count("POST", TOKEN) == 1)
            second = group.create_task(keeper.token())
            await asyncio.sleep(0)
            first.cancel()
        assert first.cancelled()
        assert second.result() == Secret("the-token")


async def test_S04_a_token_endpoint_in_trouble_is_asked_again_with_growing_gaps() -> None:
    clock, tokens = ManualClock(), Tokens()
    trouble = json_reply(envelope(None), 500)
    async with FakeServer() as server, keeper_of(server, clock) as keeper:
        server.on("POST", TOKEN, trouble, Reply(cut_at=BEFORE_HEADERS), trouble, tokens)
        started = clock.monotonic()
        assert await passing_time(clock, keeper.token())
        assert server.count("POST", TOKEN) == 4
        assert clock.monotonic() - started == pytest.approx(1 + 2 + 4, abs=1.5)


async def test_S04_five_failures_end_it() -> None:
    clock = ManualClock()
    async with FakeServer() as server, keeper_of(server, clock) as keeper:
        server.on("POST", TOKEN, json_reply(envelope(None), 502))
        with pytest.raises(ExceptionGroup) as caught:
            await passing_time(clock, keeper.token())
        (error,) = caught.value.exceptions
        assert isinstance(error, AuthError)
        assert (error.code, error.retryable) == ("E-AUTH-DOWN", True)
        assert server.count("POST", TOKEN) == 5


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (json_reply(envelope(None), 429, [("Retry-After", "9")]), Throttled),
        (json_reply(envelope(None), 503, [("Retry-After", "9")]), Throttled),
        (Reply(status=302, headers=[("Location", "/login")]), ProtocolError),
        (html_reply(), ProtocolError),
        (html_reply(status=403), ProtocolError),
        (json_reply(envelope({"accessToken": "line\nbreak"})), ProtocolError),
        (json_reply(envelope({"accessToken": 5})), ProtocolError),
        (json_reply(envelope({"accessToken": ""})), ProtocolError),
        (json_reply(envelope([])), ProtocolError),
        (Reply(body=b"{"), ProtocolError),
    ],
)
async def test_what_else_may_come_instead_of_a_token(reply: Reply, kind: type[Exception]) -> None:
    async with FakeServer() as server, keeper_of(server, ManualClock()) as keeper:
        server.on("POST", TOKEN, reply)
        with pytest.raises(kind):
            await keeper.token()
        assert server.count("POST", TOKEN) == 1


async def test_an_unreachable_site_is_told_at_once() -> None:
    server = FakeServer()
    await server.start()
    await server.stop()
    async with keeper_of(server, ManualClock()) as keeper:
        with pytest.raises(NotSent):
            await keeper.token()


async def test_in_the_last_minutes_of_its_life_the_old_token_bridges_a_failure() -> None:
    clock = ManualClock()
    async with FakeServer() as server, keeper_of(server, clock) as keeper:
        server.on("POST", TOKEN, Tokens(), json_reply(envelope(None), 429))
        first = await keeper.token()
        await clock.advance(3_590)
        assert await keeper.token() == first
        await clock.advance(20)
        with pytest.raises(Throttled):
            await keeper.token()


async def test_a_pasted_pass_is_used_as_it_is_and_never_renewed() -> None:
    async with FakeServer() as server, keeper_of(server, ManualClock(), PASTED) as keeper:
        token = await keeper.token()
        assert token.reveal() == CANARY_TOKEN
        with pytest.raises(AuthError) as caught:
            await keeper.renew(token)
        assert caught.value.code == "E-AUTH-PASTED"
        assert server.requests == []


async def test_B12_secrets_and_tokens_are_known_to_the_redactor() -> None:
    redactor = Redactor()
    async with FakeServer() as server, keeper_of(server, ManualClock(), redactor=redactor) as keeper:
        server.on("POST", TOKEN, json_reply(envelope({"accessToken": "opaque-value-1"})))
        await keeper.token()
        assert redactor.clean(f"{CANARY_SECRET} and opaque-value-1") == f"{DOTS} and {DOTS}"


def test_credentials_do_not_show_in_their_repr() -> None:
    assert CANARY_SECRET not in repr(CLIENT)
    assert CANARY_TOKEN not in repr(PASTED)
