"""The Web API (Personalized Practice) as the seed's page tells it: two calls, strict. No faults here, only the API."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Iterable

from sana_desktop.sandbox.catalogue import Item
from sana_desktop.sandbox.envelope import Answer
from sana_desktop.sandbox.practice_book import PracticeBook
from sana_desktop.sandbox.practice_checks import BadBody, next_body, outcomes_body
from sana_desktop.sandbox.wire import Receive, Scope, Send

log = logging.getLogger(__name__)
PREFIX = "/v1/"
OUTCOMES_PATH = "/v1/exercise-outcomes"
NEXT_PATH = "/v1/next-exercises"
MAX_BODY_BYTES = 16_384  # "16 KB per call without exception"
ERRORS_PAGE = "https://web-api.sana-sandbox.example/errors#"
# The page's table of error codes.
_TEXTS = {
    400: "Your request is invalid.",
    401: "No API Key or your API key is wrong.",
    404: "The specified resource could not be found.",
    405: "You tried to access a resource with an invalid method.",
    500: "There was a problem on the server side. Please try again later.",
    503: "The API is temporarily offline for maintenance. Please try again later.",
}
_JSON = ("Content-Type", "application/json")


class PracticeApi:
    """An ASGI app for everything below /v1/. Only who has the key learns what is there and what is not."""

    def __init__(self, book: PracticeBook, api_key: str) -> None:
        self._book = book
        self._key = api_key.encode()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except Exception:
            log.exception("the practice API failed at %s", scope["path"])
            answer = errors(500)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        body = await _body(receive)
        if not hmac.compare_digest(headers.get(b"x-api-key", b""), self._key):
            return errors(401)
        if scope["path"] not in (OUTCOMES_PATH, NEXT_PATH):
            return errors(404)
        if scope["method"] != "POST":
            return errors(405, headers=(("Allow", "POST"),))
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
            return errors(400, ("Content-Type: must be application/json.",))
        if body is None:
            return errors(400, (f"The request is larger than 16 KB ({MAX_BODY_BYTES:,} bytes).",))
        try:
            return self._outcomes(body) if scope["path"] == OUTCOMES_PATH else self._next(body)
        except BadBody as bad:
            return errors(400, bad.details)

    def _outcomes(self, body: bytes) -> Answer:
        given = outcomes_body(body)
        self._book.take(given.user_id, given.outcomes)
        return Answer(200, b"")

    def _next(self, body: bytes) -> Answer:
        asked = next_body(body)
        self._book.take(asked.user_id, asked.outcomes)
        return Answer(200, _exercises(self._book.next(asked)), (_JSON,))


def errors(status: int, details: Iterable[str] = (), headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An Error Response; without details it has the table's words."""
    told = list(details) or [_TEXTS.get(status, "The request could not be answered.")]
    content = [{"status": status, "detail": detail, "link": f"{ERRORS_PAGE}{status}"} for detail in told]
    body = json.dumps({"errors": content}, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return Answer(status, body, (_JSON, *headers))


def _exercises(items: Iterable[Item]) -> bytes:
    return ('{"exercises":[' + ",".join(item.body for item in items) + "]}").encode()


async def _body(receive: Receive) -> bytes | None:
    """The whole body, read to its end; None of one that is too large."""
    body = bytearray()
    size = 0
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        size += len(part)
        if size <= MAX_BODY_BYTES:
            body += part
        if not message.get("more_body"):
            return bytes(body) if size <= MAX_BODY_BYTES else None
