"""The real Insights client against a FakeServer, with time limits that suit tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.api.auth import ClientCredentials, Credentials, PastedToken
from sana_desktop.api.insights import InsightsClient
from sana_desktop.api.network import FindProxy, Timeouts, no_proxy
from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import Clock, SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from tests.support.fake_server import FakeServer, Reply, Request, Script, envelope, json_reply

TOKEN = "/api/token"
QUERY = "/api/v1/reports/query"
JOB = "/api/v1/reports/jobs/j1"
CANARY_SECRET = "canary-secret-8d1f"
CANARY_TOKEN = "canary-token-77aa"
PATIENT = Timeouts(connect=20.0, read=20.0, pool=20.0, total=40.0)
"""Where something answers: on a busy machine it may be late."""
SHORT = Timeouts(connect=2.0, read=0.4, pool=3.0, total=2.0)
"""Where nothing answers, so that the limit itself is waited for."""

CLIENT = ClientCredentials("client-1", Secret(CANARY_SECRET))
PASTED = PastedToken(Secret(CANARY_TOKEN))
PENDING = json_reply(envelope({"jobId": "j1", "status": "pending", "link": None}))


@dataclass
class Tokens:
    """A token endpoint: a new token each time, and it knows which one is the current."""

    given: int = 0
    expires_in: object = 3600

    @property
    def current(self) -> str:
        return f"{CANARY_TOKEN}-{self.given}"

    def __call__(self, request: Request) -> Reply:
        self.given += 1
        return json_reply(envelope({"accessToken": self.current, "tokenType": "bearer", "expiresIn": self.expires_in}))

    def guard(self, reply: Reply) -> Script:
        """Return `reply` for the current token, 401 for any other."""

        def answer(request: Request) -> Reply:
            if request.header("authorization") == f"Bearer {self.current}":
                return reply
            return json_reply(envelope(None, "unauthorized"), 401)

        return answer


@asynccontextmanager
async def client_of(
    server: FakeServer,
    credentials: Credentials = PASTED,
    *,
    clock: Clock | None = None,
    redactor: Redactor | None = None,
    timeouts: Timeouts = PATIENT,
    extra_ca: Path | None = None,
    proxy: FindProxy = no_proxy,
) -> AsyncIterator[InsightsClient]:
    """Yield a client of `server`; by default with a pasted pass, so that only the call itself is seen."""
    client = InsightsClient(
        parse_workspace(server.url),
        credentials,
        clock=clock or SystemClock(),
        redactor=redactor or Redactor(),
        timeouts=timeouts,
        extra_ca=extra_ca,
        proxy=proxy,
        uniform=lambda: 0.5,
    )
    try:
        yield client
    finally:
        await client.aclose()
