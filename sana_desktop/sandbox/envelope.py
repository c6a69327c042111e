"""The Insights API's answer envelope and the one exception that becomes an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole HTTP answer, small enough to hold in memory."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(eq=False)
class ApiRefusal(Exception):
    """The API says no: HTTP status, a stable code, and a sentence for a person."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"


def success(data: Mapping[str, Any], error: Mapping[str, Any] | None = None) -> Answer:
    """200 with `data`; a failed job carries its reason in `error` beside its data."""
    return json_answer(200, {"data": data, "links": None, "error": error})


def refusal(reason: ApiRefusal) -> Answer:
    error = {"code": reason.code, "message": reason.message}
    return json_answer(reason.status, {"data": None, "links": None, "error": error}, dict(reason.headers))


def json_answer(status: int, content: object, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, (("Content-Type", "application/json; charset=utf-8"), *(headers or {}).items()))
