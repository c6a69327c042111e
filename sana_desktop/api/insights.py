"""The Insights API as three calls: order a report, look at it, check the access. One attempt each."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sana_desktop.api.answers import is_not_processed, is_page, raise_for_status, reason_in
from sana_desktop.api.auth import Credentials, PastedToken, TokenKeeper, access_refused, pasted_pass_ended
from sana_desktop.api.errors import (
    NotSent,
    Throttled,
    missing_scope,
    query_refused,
    submit_unknown,
    unreadable,
    web_page,
)
from sana_desktop.api.links import LinkPolicy
from sana_desktop.api.models import JobSnapshot, ReportFormat
from sana_desktop.api.network import FindProxy, Lookup, Timeouts, system_lookup, system_proxy
from sana_desktop.api.origin import Origin
from sana_desktop.api.transport import Answer, ApiTransport
from sana_desktop.api.wire import Unreadable, decode_job, encode_query, salvage_failure
from sana_desktop.base.clock import Clock, ServerClock
from sana_desktop.base.errors import JobGone, NetworkError, ProtocolError
from sana_desktop.base.redaction import Redactor, Secret

QUERY_PATH = "/api/v1/reports/query"
JOBS_PATH = "/api/v1/reports/jobs/"
_JSON = "application/json"
_REFUSED_QUERY = frozenset({400, 413, 422})
_NOT_TAKEN = frozenset({301, 307, 308})
"""Redirects that say "not here" of a POST; 302 and 303 may also follow one that was carried out."""


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """What the connection test found out; nothing was ordered.

    Attributes:
        may_read, may_write: whether the pass may look at reports, and order them; None if the site did not say.
        latency_seconds: of the last exchange.
        clock_skew_seconds: how far this computer's clock runs ahead of the site's; None if the site sent no Date.
    """

    may_read: bool | None
    may_write: bool | None
    latency_seconds: float
    clock_skew_seconds: float | None


class InsightsClient:
    """One workspace's reports.

    A 401 renews the token once and repeats the call once; a GET on a closed kept-alive connection is repeated once.
    Nothing else is: repeats are decided by `retry.decide`, where the state is on disk.

    Attributes:
        origin: the site.
        server_clock: the site's time, from the Date of every answer.
        access: what lets it in, `client abc` or `a pass`; no secret.
    """

    def __init__(
        self,
        origin: Origin,
        credentials: Credentials,
        *,
        clock: Clock,
        redactor: Redactor,
        extra_ca: Path | None = None,
        timeouts: Timeouts | None = None,
        lookup: Lookup = system_lookup,
        proxy: FindProxy = system_proxy,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self.origin = origin
        self.server_clock = ServerClock(clock)
        self._transport = ApiTransport(origin, timeouts=timeouts, extra_ca=extra_ca, lookup=lookup, proxy=proxy)
        self._pasted = isinstance(credentials, PastedToken)
        self.access = credentials.told
        self._keeper = TokenKeeper(
            credentials,
            self._transport,
            host=origin.host,
            clock=clock,
            redactor=redactor,
            observe=self._observe,
            uniform=uniform,
        )
        redactor.trust_origin(origin.url)

    def link_policy(self) -> LinkPolicy:
        """Return where this workspace's links may lead."""
        return LinkPolicy(loopback_allowed=self.origin.is_loopback)

    async def submit(self, sql: str, report_format: ReportFormat) -> JobSnapshot:
        """Order a report: exactly one POST (two after a 401 or an ended token), each on a fresh connection.

        Raises:
            NotSent: surely not ordered.
            Throttled: not ordered; wait.
            SubmitUnknown: it may have been ordered (N03 to N05, S11, S12, and any 2xx without a readable job id).
            QueryRefused: the site does not take the query.
            AuthError: the credentials, or the `write` scope.
            ProtocolError, ServiceError: the site says no in another way; not ordered.
        """
        body = encode_query(sql, report_format)
        try:
            token = await self._keeper.token()
        except NetworkError as error:
            raise _before_sending(error) from error
        answer = await self._order(body, token)
        if answer.status == 401:
            try:
                token = await self._keeper.renew(token)
            except NetworkError as error:
                raise _before_sending(error) from error
            answer = await self._order(body, token)
            if answer.status == 401:
                raise self._access_refused()
        return self._ordered(answer)

    async def poll(self, job_id: str) -> JobSnapshot:
        """Look at a job once.

        Raises:
            NotSent, AnswerLost, Throttled, ServerTrouble, ProtocolError: nothing is known; look again later.
            JobGone: the site does not know the job.
            AuthError: the credentials, or the `read` scope.
            ServiceError: the site says no in another way.
        """
        answer = await self._signed_get(JOBS_PATH + quote(job_id, safe=""))
        host = self.origin.host
        if answer.status in {404, 410} and not is_page(answer):
            raise JobGone(
                "The site no longer knows this report (or it belongs to another site).",
                code="E-JOB-GONE",
                next_step="Run it again.",
                http_status=answer.status,
                job_id=job_id,
                detail=reason_in(answer),
            )
        if answer.status == 403 and not is_page(answer):
            raise missing_scope("read", 403, reason_in(answer))
        raise_for_status(answer, host)
        return self._looked_at(answer, job_id)

    async def check(self) -> AccessCheck:
        """Test the connection: sign in, look at a job that can't exist, and post an order without a query.

        Raises:
            NetworkError: the site can't be reached or is in trouble.
            AuthError: it does not accept the credentials.
        """
        look = await self._signed_get(JOBS_PATH + str(uuid.uuid4()))
        if look.status not in {403, 404, 410} or is_page(look):
            raise_for_status(look, self.origin.host)
            if is_page(look):
                raise web_page(self.origin.host, look.status)
        token = await self._keeper.token()
        # Without a query there is nothing to order; what matters is whether it is the pass or the body that is refused.
        order = await self._order(b"{}", token, lost_is_harmless=True)
        skew = self.server_clock.skew().total_seconds() if self.server_clock.known else None
        return AccessCheck(
            may_read=look.status != 403,
            may_write={403: False, 400: True, 422: True}.get(order.status),
            latency_seconds=order.latency_seconds,
            clock_skew_seconds=skew,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def _order(self, body: bytes, token: Secret, *, lost_is_harmless: bool = False) -> Answer:
        try:
            answer = await self._transport.send("POST", QUERY_PATH, self._signed(token), body, fresh=True)
        except NotSent:
            raise
        except NetworkError as error:
            if lost_is_harmless:
                raise
            raise submit_unknown(error) from error
        self._observe(answer)
        return answer

    def _ordered(self, answer: Answer) -> JobSnapshot:
        status, host = answer.status, self.origin.host
        if 200 <= status < 300:
            if answer.trouble is not None:
                raise submit_unknown(answer.trouble, status=status)
            try:
                job = decode_job(answer.body)
            except Unreadable as error:
                detail = "a web page came" if is_page(answer) else str(error)
                raise submit_unknown(status=status, detail=detail) from None
            if not job.job_id:
                raise submit_unknown(status=status, detail=f"no job id; {job.reason}")
            return job
        if is_not_processed(answer):
            raise_for_status(answer, host)
        if status == 408 or status >= 500 or (300 <= status < 400 and status not in _NOT_TAKEN):
            raise submit_unknown(status=status, detail=reason_in(answer))
        if is_page(answer):
            raise_for_status(answer, host)
        if status in _REFUSED_QUERY:
            raise query_refused(status, reason_in(answer))
        if status == 403:
            raise missing_scope("write", 403, reason_in(answer))
        raise_for_status(answer, host)
        raise submit_unknown(status=status)

    def _looked_at(self, answer: Answer, job_id: str) -> JobSnapshot:
        if answer.trouble is not None:
            job = salvage_failure(answer.body, job_id) if isinstance(answer.trouble, ProtocolError) else None
            if job is None:
                raise answer.trouble
            return job
        try:
            job = decode_job(answer.body)
        except Unreadable as error:
            if is_page(answer):
                raise web_page(self.origin.host, answer.status) from None
            raise unreadable(self.origin.host, answer.status, str(error)) from None
        if job.job_id not in {"", job_id}:
            raise ProtocolError(
                "The site answered about another report than the one we asked for.",
                code="E-PROTO-JOB",
                next_step="Nothing to do: it is looked at again by itself.",
                http_status=answer.status,
                job_id=job_id,
                retryable=True,
            )
        return job

    async def _signed_get(self, path: str) -> Answer:
        token = await self._keeper.token()
        answer = await self._get(path, token)
        if answer.status == 401:
            answer = await self._get(path, await self._keeper.renew(token))
            if answer.status == 401:
                raise self._access_refused()
        return answer

    async def _get(self, path: str, token: Secret) -> Answer:
        answer = await self._transport.send("GET", path, self._signed(token))
        self._observe(answer)
        return answer

    def _access_refused(self) -> Exception:
        return pasted_pass_ended() if self._pasted else access_refused(self.origin.host)

    def _observe(self, answer: Answer) -> None:
        self.server_clock.observe(answer.date)

    @staticmethod
    def _signed(token: Secret) -> dict[str, str]:
        return {"Authorization": f"Bearer {token.reveal()}", "Content-Type": _JSON}


def _before_sending(error: NetworkError) -> NetworkError:
    """Return what a failure to get a token means to an order: whatever became of the token, the order was not sent."""
    if isinstance(error, (NotSent, Throttled)):
        return error
    return NotSent(
        error.template,
        code=error.code,
        next_step=error.next_step,
        values=error.values,
        retryable=error.retryable,
        http_status=error.http_status,
        detail=error.detail,
    )
