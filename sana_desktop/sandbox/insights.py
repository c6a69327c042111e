"""The Insights API as the seed's page tells it: token, query, job. No faults here, only the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sana_desktop.sandbox.book import OrderBook
from sana_desktop.sandbox.clock import SandboxClock, micro_stamp, nano_stamp
from sana_desktop.sandbox.envelope import Answer, ApiRefusal, refusal, success
from sana_desktop.sandbox.jobs import IssuedLink, Job, JobState
from sana_desktop.sandbox.links import LinkSigner
from sana_desktop.sandbox.tokens import TokenOffice

TOKEN_PATH = "/api/token"  # noqa: S105  a path
SUBMIT_PATH = "/api/v1/reports/query"
JOBS_PATH = "/api/v1/reports/jobs/"
MAX_BODY_BYTES = 1024**2


class InsightsApi:
    """The routes and their manners. `store_origin` is where links lead."""

    def __init__(self, tokens: TokenOffice, book: OrderBook, signer: LinkSigner, clock: SandboxClock) -> None:
        self._tokens = tokens
        self._book = book
        self._signer = signer
        self._clock = clock
        self.store_origin = ""
        self.app = Starlette(
            routes=[
                Route(TOKEN_PATH, self._token, methods=["POST"]),
                Route(SUBMIT_PATH, self._submit, methods=["POST"]),
                Route(JOBS_PATH + "{job_id}", self._poll, methods=["GET"]),
            ],
            exception_handlers={ApiRefusal: _refused, HTTPException: _http_refused},
        )
        self.app.router.redirect_slashes = False

    async def _token(self, request: Request) -> Response:
        given = await _form_or_json(request)
        if given.get("grant_type") != "client_credentials":
            raise ApiRefusal(400, "unsupported_grant_type", "The grant type must be client_credentials.")
        missing = [name for name in ("client_id", "client_secret", "scope") if not given.get(name)]
        if missing:
            raise ApiRefusal(400, "invalid_request", f"Missing: {', '.join(missing)}.")
        token = self._tokens.issue(given["client_id"], given["client_secret"], given["scope"])
        return as_response(success(token))

    async def _submit(self, request: Request) -> Response:
        self._tokens.check(request.headers.get("authorization"), "write")
        content = await _json_object(request)
        query, kind = content.get("query"), content.get("format")
        if not isinstance(query, str) or not query.strip():
            raise ApiRefusal(400, "invalid_request", "The field query must be a text with one SQL statement.")
        if kind not in ("csv", "xlsx"):
            raise ApiRefusal(400, "invalid_request", "The field format must be csv or xlsx.")
        job = await self._book.submit(query, str(kind))
        # Whatever happens later, the first word is pending (the seed's first sample).
        return as_response(success(self._data(job, JobState("pending", None, None), None)))

    async def _poll(self, request: Request) -> Response:
        self._tokens.check(request.headers.get("authorization"), "read")
        job = self._book.find(request.path_params["job_id"])
        state, link = self._book.poll(job)
        error = {"code": state.error_code, "message": state.error_message} if state.error_code else None
        return as_response(success(self._data(job, state, link), error))

    def _data(self, job: Job, state: JobState, link: IssuedLink | None) -> dict[str, object]:
        return {
            "jobId": job.id,
            "status": state.status,
            "createdAt": self._stamp(job.created_ns),
            "startedAt": self._stamp(state.started_ns),
            "finishedAt": self._stamp(state.finished_ns),
            "link": self._link(job, link) if link else None,
        }

    def _link(self, job: Job, link: IssuedLink) -> dict[str, str]:
        return {
            "url": self._signer.url(self.store_origin, job.object_path, link.expires_ns),
            "expiresAt": nano_stamp(self._clock.told(link.claims_ns)),
        }

    def _stamp(self, true_ns: int | None) -> str | None:
        return None if true_ns is None else micro_stamp(self._clock.told(true_ns))


def as_response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers))


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiRefusal):
        raise error
    return as_response(refusal(error))


async def _http_refused(_: Request, error: Exception) -> Response:
    """Unknown paths and methods, in the envelope."""
    if not isinstance(error, HTTPException):
        raise error
    code, message = {
        404: ("not_found", "There is nothing at this address."),
        405: ("method_not_allowed", "This address does not take that method."),
    }.get(error.status_code, ("error", error.detail))
    return as_response(refusal(ApiRefusal(error.status_code, code, message, dict(error.headers or {}))))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise ApiRefusal(413, "too_large", f"The request is larger than {MAX_BODY_BYTES:,} bytes.")
    return bytes(body)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _json_object(request: Request) -> Mapping[str, object]:
    if _content_type(request) != "application/json":
        raise ApiRefusal(415, "unsupported_media_type", "The Content-Type must be application/json.")
    return _parsed(await _body(request))


def _parsed(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiRefusal(400, "invalid_json", "The body is not valid JSON.") from error
    if not isinstance(content, dict):
        raise ApiRefusal(400, "invalid_json", "The body must be a JSON object.")
    return content


async def _form_or_json(request: Request) -> dict[str, str]:
    """The token request: a form as documented; JSON is tolerated."""
    body = await _body(request)
    if _content_type(request) == "application/json":
        return {name: value for name, value in _parsed(body).items() if isinstance(value, str)}
    try:
        form = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=20)
    except ValueError as error:
        raise ApiRefusal(400, "invalid_request", "The body is not a form.") from error
    return {name: values[-1] for name, values in form.items()}
