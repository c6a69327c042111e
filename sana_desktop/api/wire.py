"""JSON of the Insights API to types and back; lenient: any field may be null, a list or missing (fault M03)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from sana_desktop.api.errors import plain_reason
from sana_desktop.api.links import MAX_LINK_CHARACTERS
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase, ReportFormat
from sana_desktop.base.redaction import Secret
from sana_desktop.base.text import one_line
from sana_desktop.base.timestamps import parse_timestamp

DEFAULT_TOKEN_SECONDS = 300.0
"""Life of a token whose `expiresIn` is nonsense (fault S05)."""
MAX_TOKEN_SECONDS = 30 * 86_400.0
MAX_TOKEN_CHARACTERS = 16_384
MAX_STATUS_CHARACTERS = 64
MAX_JOB_ID_CHARACTERS = 256

_BOM = b"\xef\xbb\xbf"
_PHASES: Mapping[str, Phase] = {
    **dict.fromkeys(("pending", "queued", "created", "submitted", "accepted", "waiting", "scheduled"), Phase.PENDING),
    **dict.fromkeys(("running", "started", "processing", "executing", "inprogress", "generating"), Phase.RUNNING),
    **dict.fromkeys(
        ("successful", "success", "succeeded", "completed", "complete", "finished", "done", "ready"), Phase.READY
    ),
    **dict.fromkeys(
        (
            "failed",
            "failure",
            "error",
            "errored",
            "cancelled",
            "canceled",
            "aborted",
            "rejected",
            "timedout",
            "expired",
        ),
        Phase.FAILED,
    ),
}
_JOB_ID = re.compile(rf"[\x21-\x7e]{{1,{MAX_JOB_ID_CHARACTERS}}}")
_TOKEN = re.compile(rf"[\x21-\x7e]{{1,{MAX_TOKEN_CHARACTERS}}}")
_REASON_FIELDS = ("message", "detail", "title", "description", "reason", "code")
_CODE = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+")
_POINTER = re.compile(r"^[ \t]*[\^~]+[ \t]*$", re.MULTILINE)
_QUOTED_LINE = re.compile(r"(?<=\S)\s*\n\s*(?=LINE [0-9]+:)")
MAX_POINTED_AT = 20_000
"""Characters of a reason that are looked at; far fewer are shown."""
_CUT_STATUS = re.compile(rb'"status"\s*:\s*"([^"\\]{1,64})"')
_CUT_JOB_ID = re.compile(rb'"jobId"\s*:\s*"([^"\\]{1,256})"')
_CUT_REASON = re.compile(rb'"(?:message|detail|error|reason)"\s*:\s*"((?:[^"\\]|\\.){1,16000})')


class Unreadable(Exception):
    """An answer is not what the service describes; the text says what, without any of its values."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as it was given: the pass itself and how many seconds it lasts from now."""

    token: Secret
    seconds: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """The frame of every Insights answer: what it holds, and the service's words about an error ("" for none)."""

    data: Any
    reason: str


def encode_query(sql: str, report_format: ReportFormat) -> bytes:
    """Return the body of an order."""
    return msgspec.json.encode({"query": sql, "format": report_format.value})


def decode_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that an answer is.

    Raises:
        Unreadable: if it is none.
    """
    try:
        value = msgspec.json.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise Unreadable("not JSON" if body else "empty") from None
    if not isinstance(value, dict):
        raise Unreadable("not a JSON object")
    return value


def decode_envelope(body: bytes) -> Envelope:
    """Take the frame off an answer; errors as `decode_object`."""
    value = decode_object(body)
    return Envelope(value.get("data"), reason_of(value.get("error") or value.get("errors")))


def reason_of(error: object) -> str:
    """Return the service's words about an error, which may be a string, an object in any mix, or a list of them.

    A code such as `syntax_error` is left out where there are words for people beside it.
    """
    words = list(dict.fromkeys(_words(error, 0)))
    for_people = [text for text in words if not _CODE.fullmatch(text)]
    return plain_reason(" · ".join(for_people or words))


def decode_job(body: bytes) -> JobSnapshot:
    """Return the job that an answer describes.

    The id is "" if there is none; whether that matters is the caller's to say.

    Raises:
        Unreadable: if there is no job in it.
    """
    envelope = decode_envelope(body)
    data = envelope.data
    if not isinstance(data, dict):
        raise Unreadable("no data" + (f"; the site said: {envelope.reason}" if envelope.reason else ""))
    status = one_line(data["status"], MAX_STATUS_CHARACTERS) if isinstance(data.get("status"), str) else ""
    link = _link(data.get("link"))
    phase = Phase.READY if link is not None else phase_of(status)
    reason = envelope.reason or reason_of([data.get(name) for name in ("error", "reason", "message", "failureReason")])
    return JobSnapshot(
        job_id=_job_id(data.get("jobId")),
        status=status,
        phase=phase,
        created_at=parse_timestamp(data.get("createdAt")),
        started_at=parse_timestamp(data.get("startedAt")),
        finished_at=parse_timestamp(data.get("finishedAt")),
        link=link,
        reason=reason,
    )


def salvage_failure(prefix: bytes, job_id: str) -> JobSnapshot | None:
    """Return the failed job that the beginning of an overlong answer describes, None if it does not clearly do so.

    A failure may come with megabytes of a reason (fault S19); its word must not be lost, or the job is polled for ever.
    """
    status, found = _CUT_STATUS.search(prefix), _CUT_JOB_ID.search(prefix)
    if status is None or found is None or found[1] != job_id.encode():
        return None
    word = status[1].decode("utf-8", errors="replace")
    if phase_of(word) is not Phase.FAILED:
        return None
    reason = _CUT_REASON.search(prefix)
    text = reason[1].decode("utf-8", errors="replace") if reason is not None else ""
    text = text.replace("\\n", " ").replace('\\"', '"').replace("\\/", "/")
    return JobSnapshot(job_id, one_line(word, MAX_STATUS_CHARACTERS), Phase.FAILED, reason=plain_reason(text))


def decode_token(body: bytes) -> Grant:
    """Return the token that the token endpoint gave.

    Raises:
        Unreadable: if there is none that could be sent in a header.
    """
    data = decode_envelope(body).data
    if not isinstance(data, dict):
        raise Unreadable("no data")
    token = data.get("accessToken")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Unreadable("no token")
    return Grant(Secret(token), token_seconds(data.get("expiresIn")))


def token_seconds(value: object) -> float:
    """Return the life that `expiresIn` gives a token; nonsense (missing, 0, -1, "abc", 1e12) counts as 300 s (S05)."""
    if isinstance(value, str) and len(value) <= 16:
        try:
            value = float(value)
        except ValueError:
            return DEFAULT_TOKEN_SECONDS
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return DEFAULT_TOKEN_SECONDS
    if not 0 < value <= MAX_TOKEN_SECONDS or math.isnan(value):
        return DEFAULT_TOKEN_SECONDS
    return float(value)


def phase_of(status: str) -> Phase:
    """Return what a status word means; letter case, spaces, hyphens and underscores do not matter."""
    return _PHASES.get(re.sub(r"[\s_-]", "", status).lower(), Phase.UNKNOWN)


def _job_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    # It becomes part of a path: one that a URL would fold away is no id.
    if not isinstance(value, str) or not _JOB_ID.fullmatch(value) or value in {".", ".."}:
        return ""
    return value


def _link(value: object) -> DownloadLink | None:
    url, expires = (value.get("url"), value.get("expiresAt")) if isinstance(value, dict) else (value, None)
    if not isinstance(url, str) or not url or len(url) > MAX_LINK_CHARACTERS:
        return None
    return DownloadLink(Secret(url), parse_timestamp(expires))


def _in_one_line(text: str) -> str:
    """Return words about a query without the line of marks that points into the one above, and that one set apart."""
    return _QUOTED_LINE.sub(" · ", _POINTER.sub("", text))


def _words(error: object, depth: int) -> list[str]:
    if isinstance(error, str):
        return [text] if (text := plain_reason(_in_one_line(error[:MAX_POINTED_AT]))) else []
    if isinstance(error, bool) or error is None or depth > 3:
        return []
    if isinstance(error, (int, float)):
        return [str(error)]
    if isinstance(error, list):
        return [word for entry in error[:10] for word in _words(entry, depth + 1)]
    if isinstance(error, dict):
        return [word for name in _REASON_FIELDS for word in _words(error.get(name), depth + 1)]
    return []
