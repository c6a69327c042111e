"""The Web API (Personalized Practice) as calls: post outcomes, ask for exercises, check the key. One attempt each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sana_desktop.api.answers import is_page, raise_for_status, reason_in
from sana_desktop.api.errors import NotSent, unreadable, web_page
from sana_desktop.api.network import FindProxy, Lookup, Timeouts, system_lookup, system_proxy
from sana_desktop.api.origin import Origin
from sana_desktop.api.practice_errors import outcomes_unknown, raise_for_practice_status
from sana_desktop.api.practice_hosts import NEXT_PATH, OUTCOMES_PATH
from sana_desktop.api.practice_hosts import PRACTICE_HOSTS as PRACTICE_HOSTS
from sana_desktop.api.practice_models import Exchange, Exercise, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_wire import (
    NextAnswer,
    check_size,
    decode_next,
    encode_next,
    encode_outcomes,
)
from sana_desktop.api.transport import Answer, ApiTransport
from sana_desktop.api.wire import Unreadable, decode_object
from sana_desktop.base.clock import Clock, ServerClock
from sana_desktop.base.errors import NetworkError, SanaError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.base.text import bounded

CATALOGUE_PATH = "/_sandbox/catalogue"
MAX_SHOWN_RESPONSE_LENGTH = 65_536
"""Characters of an answer that an Exchange keeps."""
LARGE_BODY_BYTES = 65_536
"""Longer answers are read in a thread."""
MAX_KEY_LENGTH = 1_200
"""Characters; what every password store can keep."""
_BODY_REFUSED = frozenset({400, 413, 422})
"""What a service that accepts the key says of a request without a learner."""
CATALOGUE_PAGE = 200
"""Exercises asked for at once; more would take longer to read than a frame."""
MAX_CATALOGUE_EXERCISES = 20_000

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PracticeCheck:
    """What the test of a key found out; nothing was posted.

    Attributes:
        latency_seconds: of the exchange.
        clock_skew_seconds: how far this computer's clock runs ahead of the site's; None if the site sent no Date.
    """

    latency_seconds: float
    clock_skew_seconds: float | None


class PracticeClient:
    """The practice service at one origin, with one key, which goes to that origin only.

    Every POST goes out on a fresh connection and once; repeats are decided by `retry.decide`, where the state is on
    disk. No redirect is followed: the key in its header would be forwarded (F2).

    Attributes:
        origin: the service.
        exchanged: every request of the two calls with what came of it, also if it failed.
        server_clock: the service's time, from the Date of every answer.
    """

    def __init__(
        self,
        origin: Origin,
        key: Secret,
        *,
        clock: Clock,
        redactor: Redactor,
        extra_ca: Path | None = None,
        timeouts: Timeouts | None = None,
        lookup: Lookup = system_lookup,
        proxy: FindProxy = system_proxy,
    ) -> None:
        self.origin = origin
        self.exchanged: Topic[Exchange] = Topic("practice exchanges")
        self.server_clock = ServerClock(clock)
        self._key = usable_key(key)
        self._clock = clock
        self._transport = ApiTransport(origin, timeouts=timeouts, extra_ca=extra_ca, lookup=lookup, proxy=proxy)
        self._redactor = redactor
        redactor.add(self._key)
        redactor.trust_origin(origin.url)

    async def post_outcomes(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange:
        """Post outcomes: exactly one POST. A 200 or 201 means that they were taken, whatever its body.

        Raises:
            UserError: E-PRACTICE-VALUE or E-OUT-TOOBIG, before anything is sent.
            NotSent, Throttled: surely not taken; may be repeated.
            OutcomesUnknown: they may have been taken (O03).
            OutcomesRefused: not taken; the service's words are in the sentence.
            AuthError: the key; not taken.
            ProtocolError, ServiceError: the service says no in another way; not taken.
        """
        body = encode_outcomes(user_id, outcomes)
        return (await self._post(OUTCOMES_PATH, user_id, body, self._posted, outcomes=True))[1]

    async def next_exercises(self, query: NextQuery) -> Recommendation:
        """Ask for exercises; with outcomes in the query they are posted along, exactly once.

        Raises:
            UserError: E-PRACTICE-VALUE or E-OUT-TOOBIG, before anything is sent.
            NotSent, Throttled: nothing happened; may be repeated.
            AnswerLost, ServerTrouble: of a query without outcomes, which may be repeated.
            OutcomesUnknown, OutcomesRefused: of a query with outcomes, as `post_outcomes`.
            AuthError: the key.
            ProtocolError, ServiceError: the service says no in another way.
        """
        carries = bool(query.outcomes)
        answer, exchange = await self._post(
            NEXT_PATH,
            query.user_id,
            encode_next(query),
            lambda came: self._recommended(came, outcomes=carries),
            outcomes=carries,
        )
        return Recommendation(answer.exercises, exchange, unusable=answer.unusable, repeated=answer.repeated)

    async def check(self) -> PracticeCheck:
        """Test the key with a request that names no learner: it can only be refused, by the key or by what is missing.

        Raises:
            NetworkError: the service can't be reached or is in trouble.
            AuthError: it does not accept the key.
            ServiceError: there is no practice service at this address.
        """
        answer = await self._send(NEXT_PATH, b"{}")
        self.server_clock.observe(answer.date)
        if is_page(answer) or answer.status not in _BODY_REFUSED:
            raise_for_practice_status(answer, self.origin.host, outcomes=False)
        if is_page(answer):
            raise web_page(self.origin.host, answer.status)
        skew = self.server_clock.skew().total_seconds() if self.server_clock.known else None
        return PracticeCheck(answer.latency_seconds, skew)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def get_from_sandbox(self, path: str) -> Answer:
        """Get something of the demo service's own, without the key.

        Raises:
            UserError: this is not the demo service.
            NetworkError, ServiceError: it did not give it.
        """
        if not self.origin.is_loopback:
            raise UserError(
                "Only the example data tells which exercises there are.",
                code="E-CATALOGUE",
                next_step="Open a file with the exercises, or let the app learn them from what is recommended.",
            )
        answer = await self._transport.send("GET", path, {})
        raise_for_status(answer, self.origin.host)
        if answer.trouble is not None:
            raise answer.trouble
        return answer

    async def _post(
        self, path: str, user_id: str, body: bytes, judge: Callable[[Answer], Result], *, outcomes: bool
    ) -> tuple[Result, Exchange]:
        check_size(body)
        at = self._clock.now()
        answer: Answer | None = None
        try:
            try:
                answer = await self._send(path, body)
            except NotSent:
                raise
            except NetworkError as error:
                if not outcomes:
                    raise
                raise outcomes_unknown(error) from error
            self.server_clock.observe(answer.date)
            # Reading thousands of exercises takes longer than a frame.
            large = len(answer.body) > LARGE_BODY_BYTES
            result = await asyncio.to_thread(judge, answer) if large else judge(answer)
        except SanaError as error:
            self.exchanged.publish(self._exchange(path, user_id, at, body, answer, error.message))
            raise
        exchange = self._exchange(path, user_id, at, body, answer, "")
        self.exchanged.publish(exchange)
        return result, exchange

    def _posted(self, answer: Answer) -> None:
        raise_for_practice_status(answer, self.origin.host, outcomes=True)
        if is_page(answer):
            raise outcomes_unknown(status=answer.status, detail="a web page came")
        if reason := reason_in(answer):
            raise outcomes_unknown(status=answer.status, detail=f"it came with an error: {reason}")

    def _recommended(self, answer: Answer, *, outcomes: bool) -> NextAnswer:
        raise_for_practice_status(answer, self.origin.host, outcomes=outcomes)
        error: NetworkError | None = answer.trouble
        if error is None:
            try:
                return decode_next(answer.body)
            except Unreadable as unusable:
                host, status = self.origin.host, answer.status
                error = web_page(host, status) if is_page(answer) else unreadable(host, status, str(unusable))
        if outcomes:
            raise outcomes_unknown(error)
        raise error

    def _exchange(
        self, path: str, user_id: str, at: datetime, body: bytes, answer: Answer | None, trouble: str
    ) -> Exchange:
        response = "" if answer is None else answer.body.decode(errors="replace")
        return Exchange(
            path=path,
            at=at,
            request=self._redactor.without_secrets(body.decode()),
            status=None if answer is None else answer.status,
            response=bounded(response, MAX_SHOWN_RESPONSE_LENGTH),
            latency_seconds=None if answer is None else answer.latency_seconds,
            trouble=trouble,
            user_id=user_id,
        )

    async def _send(self, path: str, body: bytes) -> Answer:
        """Return the answer without any secret: a service that repeats the key would get it onto the disk (I5)."""
        answer = await self._transport.send("POST", path, self._headers(), body, fresh=True)
        came = answer.body.decode(errors="surrogateescape")
        cleaned = self._redactor.without_secrets(came)
        return answer if cleaned == came else replace(answer, body=cleaned.encode(errors="surrogateescape"))

    def _headers(self) -> dict[str, str]:
        return {"X-API-KEY": self._key.reveal(), "Content-Type": "application/json"}


def usable_key(key: Secret) -> Secret:
    """Return the key without the blanks that copying leaves around it.

    Raises:
        UserError: E-KEY-FORM if it is empty or could not stand in a header; nothing of it is in the sentence.
    """
    value = key.reveal().strip()
    if not value or len(value) > MAX_KEY_LENGTH or not all("!" <= character <= "~" for character in value):
        raise UserError(
            "This is no API key: it is empty, too long, or has characters that no key has.",
            code="E-KEY-FORM",
            next_step="Copy it again from where you got it.",
        )
    return Secret(value)


async def sandbox_catalogue(client: PracticeClient) -> tuple[Exercise, ...]:
    """Return all exercises of the demo service, which the Web API itself has no call for.

    Raises:
        UserError: E-CATALOGUE if the client's service is another one.
        NetworkError, ServiceError: it did not give them.
    """
    found: list[Exercise] = []
    seen, total = 0, MAX_CATALOGUE_EXERCISES
    while seen < total:
        answer = await client.get_from_sandbox(f"{CATALOGUE_PATH}?offset={seen}&limit={CATALOGUE_PAGE}")
        try:
            page, fields = decode_next(answer.body), decode_object(answer.body)
        except Unreadable as error:
            raise unreadable(client.origin.host, answer.status, str(error)) from None
        came = len(page.exercises) + page.unusable
        if came == 0:
            break
        found.extend(page.exercises)
        seen += came
        if isinstance(fields.get("total"), int):
            total = min(fields["total"], MAX_CATALOGUE_EXERCISES)
    return tuple(found)
