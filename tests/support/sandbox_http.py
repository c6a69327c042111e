"""A plain client of the sandbox for its own tests: standard library only, one connection a request."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from sana_desktop.sandbox.server import SandboxServer

SEED_QUERY = (
    'SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance"'
    ' FROM "analytics"."user_course_instance_progress" ORDER BY "user"'
)
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(method: str, url: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, dict(headers or {}))
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read())
    finally:
        connection.close()


def exchange(url: str, method: str = "GET", extra: str = "", body: str = "") -> bytes:
    """Every byte the server sends for one request, until it closes."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    with socket.create_connection((parts.hostname or "", parts.port), timeout=PATIENCE_SECONDS) as wire:
        head = f"{method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n{extra}"
        head += f"Content-Length: {len(body)}\r\n" if body else ""
        wire.sendall((head + "\r\n" + body).encode())
        received = b""
        try:
            while part := wire.recv(65536):
                received += part
        except ConnectionResetError:
            pass
        return received


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it never came true")
        time.sleep(0.01)


class SandboxClient:
    """Speaks the API as the seed's page describes it."""

    def __init__(self, server: SandboxServer) -> None:
        self._take(server.describe())

    def _take(self, described: Mapping[str, str]) -> None:
        self.described = described
        self.url = described["insights_url"]
        self.headers = {
            "Authorization": f"Bearer {described['token']}",
            "Content-Type": "application/json",
        }

    @classmethod
    def of(cls, described: Mapping[str, str]) -> SandboxClient:
        client = cls.__new__(cls)
        client._take(described)
        return client

    def token(self, **changes: str) -> Reply:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.described["client_id"],
            "client_secret": self.described["client_secret"],
            "scope": "read,write",
        } | changes
        content_type = {"Content-Type": "application/x-www-form-urlencoded"}
        return call("POST", f"{self.url}/api/token", urlencode(form), content_type)

    def post(self, content: object) -> Reply:
        return call("POST", f"{self.url}/api/v1/reports/query", json.dumps(content), self.headers)

    def submit(self, query: str, kind: str = "csv") -> str:
        answer = self.post({"query": query, "format": kind})
        assert answer.status == 200, answer.body
        return str(answer.json["data"]["jobId"])

    def poll(self, job: str) -> Reply:
        return call("GET", f"{self.url}/api/v1/reports/jobs/{job}", headers=self.headers)

    def finished(self, job: str) -> Any:
        """The whole envelope of the first poll that has a `finishedAt`."""
        found: list[Any] = []

        def ended() -> bool:
            found[:] = [self.poll(job).json]
            return found[0]["data"]["finishedAt"] is not None

        until(ended)
        return found[0]

    def link(self, query: str, kind: str = "csv") -> str:
        envelope = self.finished(self.submit(query, kind))
        assert envelope["data"]["link"], envelope
        return str(envelope["data"]["link"]["url"])

    def report(self, query: str, kind: str = "csv") -> bytes:
        answer = call("GET", self.link(query, kind))
        assert answer.status == 200, answer.body
        return answer.body

    def control(self, method: str, path: str, content: object = None) -> Reply:
        body = None if content is None else json.dumps(content)
        return call(method, f"{self.url}/_sandbox/{path}", body)
