"""The sandbox's own endpoints under /_sandbox: set and clear faults, read what was asked, expire tokens, see the
catalogue and the outcomes, break the recommender."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sana_desktop.sandbox import scripts
from sana_desktop.sandbox.clock import SandboxClock
from sana_desktop.sandbox.faults import FaultBox
from sana_desktop.sandbox.flaws import FLAWS
from sana_desktop.sandbox.practice_book import PracticeBook, catalogue_page
from sana_desktop.sandbox.records import RequestLog
from sana_desktop.sandbox.scripts import BadScript
from sana_desktop.sandbox.tokens import TokenOffice

PREFIX = "/_sandbox"
DEFAULT_PAGE, MAX_PAGE = 500, 2000  # exercises; the largest is below half a MiB


class Control:
    """Anybody on this machine may use it: the sandbox holds nothing real."""

    def __init__(
        self,
        box: FaultBox,
        requests: RequestLog,
        clock: SandboxClock,
        tokens: TokenOffice,
        practice: PracticeBook,
        link_for: Callable[[str, int, float | None], str],
    ) -> None:
        self._box = box
        self._requests = requests
        self._clock = clock
        self._tokens = tokens
        self._practice = practice
        self._link_for = link_for
        self.app = Starlette(
            routes=[
                Route(f"{PREFIX}/faults", self._faults, methods=["GET", "POST", "DELETE"]),
                Route(f"{PREFIX}/requests", self._asked, methods=["GET", "DELETE"]),
                Route(f"{PREFIX}/clock", self._set_clock, methods=["POST"]),
                Route(f"{PREFIX}/tokens", self._expire, methods=["DELETE"]),
                Route(f"{PREFIX}/objects", self._add_object, methods=["POST"]),
                Route(f"{PREFIX}/catalogue", self._catalogue, methods=["GET"]),
                Route(f"{PREFIX}/outcomes", self._outcomes, methods=["GET", "DELETE"]),
                Route(f"{PREFIX}/recommender", self._recommender, methods=["GET", "POST"]),
            ],
            exception_handlers={BadScript: _bad},
        )

    async def _faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._box.clear()
        elif request.method == "POST":
            content = await _content(request)
            entries = content if isinstance(content, list) else [content]
            self._box.add(*[scripts.rule_from_json(_object(entry)) for entry in entries])
        return JSONResponse({"faults": [str(rule) for rule in self._box.rules()]})

    async def _asked(self, request: Request) -> Response:
        answer = JSONResponse(self._requests.as_json())
        if request.method == "DELETE":
            self._requests.clear()
        return answer

    async def _set_clock(self, request: Request) -> Response:
        self._clock.offset_seconds = _number(_object(await _content(request)), "offset_seconds")
        return JSONResponse({"offset_seconds": self._clock.offset_seconds})

    async def _expire(self, request: Request) -> Response:
        self._tokens.expire_all(pasted=request.query_params.get("pasted") == "true")
        return JSONResponse({})

    async def _add_object(self, request: Request) -> Response:
        content = _object(await _content(request))
        name = content.get("name")
        if not isinstance(name, str) or not name:
            raise BadScript("name must be a text")
        ttl = _number(content, "ttl") if "ttl" in content else None
        return JSONResponse({"url": self._link_for(name, int(_number(content, "size")), ttl)})

    async def _catalogue(self, request: Request) -> Response:
        offset, limit = _whole(request, "offset", 0), _whole(request, "limit", DEFAULT_PAGE)
        return JSONResponse(catalogue_page(self._practice.content.known, offset, min(limit, MAX_PAGE)))

    async def _outcomes(self, request: Request) -> Response:
        answer = JSONResponse({"outcomes": self._practice.arrivals(request.query_params.get("user_id"))})
        if request.method == "DELETE":
            self._practice.forget_arrivals()
        return answer

    async def _recommender(self, request: Request) -> Response:
        if request.method == "POST":
            given = _object(await _content(request)).get("flaw")
            flaw = next((flaw for flaw in FLAWS if flaw == given), None)
            if flaw is None and given is not None:
                raise BadScript(f"unknown flaw {given!r}; known are: {', '.join(FLAWS)}")
            self._practice.flaw = flaw
        return JSONResponse({"flaw": self._practice.flaw, "known": list(FLAWS)})


async def _content(request: Request) -> object:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise BadScript("the body is not JSON") from error


def _object(content: object) -> Mapping[str, object]:
    if not isinstance(content, dict):
        raise BadScript("send a JSON object")
    return content


def _number(content: Mapping[str, object], name: str) -> float:
    value = content.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadScript(f"{name} must be a number")
    return float(value)


def _whole(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadScript(f"{name} must be a whole number")
    return int(text)


async def _bad(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)
