"""Credentials and tokens: silent renewal before the end, one renewal for many waiting calls, no storm when refused."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from sana_desktop.api.answers import raise_for_status
from sana_desktop.api.errors import AnswerLost, ServerTrouble, is_web_page, unreadable, web_page
from sana_desktop.api.retry import RequestKind, RetryAfter, decide
from sana_desktop.api.transport import Answer
from sana_desktop.api.wire import Grant, Unreadable, decode_token
from sana_desktop.base.clock import Clock, Countdown, Stopwatch
from sana_desktop.base.errors import AuthError, NetworkError, SanaError
from sana_desktop.base.redaction import Redactor, Secret

SCOPES = "read,write"
TOKEN_PATH = "/api/token"  # noqa: S105
RENEW_BEFORE_SECONDS = 120.0
RENEW_BEFORE_SHARE = 0.2
"""A token is renewed this long before its end, but at most this share of its life before."""
MAX_REQUESTS = 2
REQUEST_WINDOW_SECONDS = 60.0
"""While the site refuses us, or the tokens it gave, at most so many are asked for in this time (fault S02)."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An API client of the workspace: id and secret."""

    client_id: str
    secret: Secret

    @property
    def told(self) -> str:
        """How a record says who was let in: which client, never its secret."""
        return f"client {self.client_id}"


@dataclass(frozen=True, slots=True)
class PastedToken:
    """A ready pass that a person pasted; it ends within the hour and can't be renewed."""

    token: Secret

    @property
    def told(self) -> str:
        """How a record says who was let in: that it was a pass, never which."""
        return "a pass"


Credentials = ClientCredentials | PastedToken


class Sender(Protocol):
    """What sends: an ApiTransport."""

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None, *, fresh: bool = False
    ) -> Answer: ...


class TokenKeeper:
    """Holds the current token in memory only, and gets the next one when it is needed.

    Args:
        host: the site's name, for sentences.
        observe: told every answer's Date.
    """

    def __init__(
        self,
        credentials: Credentials,
        sender: Sender,
        *,
        host: str,
        clock: Clock,
        redactor: Redactor,
        observe: Callable[[Answer], None] = lambda answer: None,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self._credentials = credentials
        self._sender = sender
        self._host = host
        self._clock = clock
        self._redactor = redactor
        self._observe = observe
        self._uniform = uniform
        self._lock = asyncio.Lock()
        self._grant: Grant | None = None
        self._age = Stopwatch(clock)
        self._rounds = 0
        self._failure: SanaError | None = None
        self._asked: deque[float] = deque(maxlen=MAX_REQUESTS)
        redactor.add(credentials.token if isinstance(credentials, PastedToken) else credentials.secret)

    @property
    def life_left_seconds(self) -> float | None:
        """How long the current token still lasts; None for a pasted one or while there is none."""
        return None if self._grant is None else max(self._grant.seconds - self._age.elapsed(), 0.0)

    async def token(self) -> Secret:
        """Return a token that is good for a while yet, asking for one if need be.

        Raises:
            AuthError: the site does not accept the credentials, or could not give a token five times in a row.
            NotSent, Throttled, AnswerLost, ServerTrouble, ProtocolError: no token could be had now; the call that
                needs it was surely not sent.
        """
        if isinstance(self._credentials, PastedToken):
            return self._credentials.token
        if self._good_for_long():
            return self._current().token
        try:
            return await self._obtain(self._credentials, self._good_for_long)
        except NetworkError:
            if self.life_left_seconds:
                return self._current().token  # in the last minutes of its life the old one still does
            raise

    async def renew(self, rejected: Secret) -> Secret:
        """Return another token than `rejected`, which the site answered with 401.

        Raises:
            AuthError: a pasted pass has ended; or tokens keep being refused. Otherwise as `token`.
        """
        if isinstance(self._credentials, PastedToken):
            raise pasted_pass_ended()
        return await self._obtain(
            self._credentials, lambda: self._grant is not None and self._grant.token != rejected, rejected=True
        )

    async def _obtain(
        self, credentials: ClientCredentials, satisfied: Callable[[], bool], *, rejected: bool = False
    ) -> Secret:
        seen = self._rounds
        async with self._lock:
            if satisfied():
                return self._current().token
            if self._rounds != seen and self._failure is not None:
                raise copy(self._failure)  # the one request for all who waited has failed
            if self._asked_enough():
                if isinstance(self._failure, AuthError):
                    raise copy(self._failure)
                if rejected:
                    raise access_refused(self._host)
            self._asked.append(self._clock.monotonic())
            try:
                grant = await self._ask_patiently(credentials)
            except SanaError as error:
                self._rounds, self._failure = self._rounds + 1, error
                raise
            self._rounds, self._failure = self._rounds + 1, None
            self._redactor.add(grant.token)
            self._grant, self._age = grant, Stopwatch(self._clock)
            return grant.token

    async def _ask_patiently(self, credentials: ClientCredentials) -> Grant:
        """Ask, and again where a lost answer or a server in trouble allows it (B7: five tries in all, fault S04).

        What was surely not sent, or was asked to wait, goes up: the caller has its own rule for that.
        """
        attempt = 0
        while True:
            try:
                return await self._ask(credentials)
            except NetworkError as error:
                again = decide(RequestKind.TOKEN, error, attempt, self._uniform)
                if not _is_servers_fault(error):
                    raise
                if not isinstance(again, RetryAfter):
                    raise AuthError(
                        "{host} could not sign us in, though it was asked {tries} times.",
                        code="E-AUTH-DOWN",
                        next_step="Try again later. Nothing is lost.",
                        values={"host": self._host, "tries": attempt + 1},
                        http_status=error.http_status,
                        retryable=True,
                        detail=error.detail,
                    ) from error
                await Countdown(self._clock, again.delay_seconds).wait()
                attempt += 1

    async def _ask(self, credentials: ClientCredentials) -> Grant:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.secret.reveal(),
            "scope": SCOPES,
        }
        answer = await self._sender.send(
            "POST",
            TOKEN_PATH,
            {"Content-Type": "application/x-www-form-urlencoded"},
            urlencode(form).encode(),
            fresh=True,
        )
        self._observe(answer)
        if answer.status in {400, 401, 403} and not is_web_page(answer.body, answer.headers.get("content-type", "")):
            raise self._refused(answer)
        raise_for_status(answer, self._host)
        if answer.trouble is not None:
            raise answer.trouble
        try:
            return decode_token(answer.body)
        except Unreadable as error:
            if is_web_page(answer.body, answer.headers.get("content-type", "")):
                raise web_page(self._host, answer.status) from None
            raise unreadable(self._host, answer.status, f"token: {error}") from None

    def _refused(self, answer: Answer) -> AuthError:
        return AuthError(
            "{host} did not accept this client id or secret. It may have been replaced.",
            code="E-AUTH",
            next_step="Enter them again, or write to IT.",
            values={"host": self._host},
            http_status=answer.status,
        )

    def _asked_enough(self) -> bool:
        return len(self._asked) == MAX_REQUESTS and self._clock.monotonic() - self._asked[0] < REQUEST_WINDOW_SECONDS

    def _good_for_long(self) -> bool:
        if self._grant is None:
            return False
        margin = min(RENEW_BEFORE_SECONDS, RENEW_BEFORE_SHARE * self._grant.seconds)
        return self._age.elapsed() < self._grant.seconds - margin

    def _current(self) -> Grant:
        assert self._grant is not None  # noqa: S101
        return self._grant


def _is_servers_fault(error: NetworkError) -> bool:
    return isinstance(error, (AnswerLost, ServerTrouble))


def pasted_pass_ended() -> AuthError:
    """Return the error of a 401 to a pasted pass."""
    return AuthError(
        "The pass you pasted has ended; they last about an hour. Your query is saved.",
        code="E-AUTH-PASTED",
        next_step="Paste a new one, or connect for good with a client id and secret.",
        http_status=401,
    )


def access_refused(host: str) -> AuthError:
    """Return the error of a site that refuses every pass it has just given (S02)."""
    return AuthError(
        "{host} did not accept the pass it has just given us.",
        code="E-AUTH",
        next_step="Enter client id and secret again, or write to IT.",
        values={"host": host},
        http_status=401,
    )
