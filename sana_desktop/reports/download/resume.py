"""Whether bytes on disk and an answer belong together: every decision to resume, without I/O (BEHAVIOUR.md B4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_CONTENT_RANGE = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*", re.IGNORECASE)
_UNSATISFIED = re.compile(r"\s*bytes\s+\*/(\d{1,18})\s*", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,18}")


class Framing(StrEnum):
    """How an answer's end is known: by its length, by a last chunk, or only because the line was closed (F3)."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is trusted of the partial file: its prefix hash was checked and the link names the same object.

    Attributes:
        received: bytes in the partial file; 0 if it is not trusted.
        total: length of the whole as first announced; None if it was not.
        etag: strong ETag of the first answer, empty if there was none.
    """

    received: int = 0
    total: int | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """The body is the whole report: write it from byte 0, whatever was there (L01, L04, L05)."""

    total: int | None
    etag: str
    framing: Framing


@dataclass(frozen=True, slots=True)
class Continue:
    """The body goes on at `offset`, exactly where the partial file ends."""

    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class AllHere:
    """There is nothing behind the bytes that are here: 416 with `*/N`, N as many as they are (L13)."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The answer does not fit the bytes on disk: drop both and ask for the whole.

    Attributes:
        reason: for the log.
        cut: because these are fewer than the whole has.
    """

    reason: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """An answer that fits no request of ours (L11). `reason` is for the log and the technical layer."""

    reason: str


@dataclass(frozen=True, slots=True)
class DeadLink:
    """401, 403, 404 or 410: the link ended or was refused (L21 to L26)."""

    status: int


@dataclass(frozen=True, slots=True)
class Later:
    """408, 429 or 5xx: the same request may work later."""

    status: int


Decision = Whole | Continue | AllHere | Restart | Unusable | DeadLink | Later


def strong_etag(value: str | None) -> str:
    """Return an ETag that may be used with If-Range (RFC 9110 section 13.1.5): a strong one, else nothing (L08)."""
    text = (value or "").strip()
    return text if len(text) >= 2 and text[0] == text[-1] == '"' and len(text) <= 512 else ""


def range_start(disk: OnDisk) -> int:
    """Return the offset to ask for with Range and If-Range; 0 means: no Range at all (L07)."""
    if disk.etag and disk.total is not None and 0 < disk.received < disk.total:
        return disk.received
    return 0


def why_from_zero(disk: OnDisk, *, same_place: bool) -> str:
    """Return for the story why bytes that are here can't be gone on from; "" if they can."""
    if range_start(disk) and same_place:
        return ""
    if not same_place:
        return "the link leads to another place than before"
    return "its size was not announced" if disk.etag else "no mark of its version (a strong ETag) came with it"


def why_whole(before: str, now: str) -> str:
    """Return for the story why the whole came where the rest was asked for, by the ETags of then and now (L04, L05)."""
    if now and now != before:
        return "the file was replaced since"
    return "the place it comes from sends no parts: the whole file came instead of the rest"


def read_answer(asked_from: int, disk: OnDisk, status: int, headers: Mapping[str, str]) -> Decision:
    """Return what an answer means for the partial file.

    Args:
        asked_from: offset asked for with Range; 0 if the whole was asked for.
        disk: what the partial file holds.
        status: HTTP status; redirects were followed before.
        headers: lower-case names.
    """
    if status == 200:
        return _whole(headers)
    if status == 206:
        return _partial(asked_from, disk, headers) if asked_from else Unusable("206 though no range was asked for")
    if status == 416:
        return _past_the_end(asked_from, disk.total, headers)
    if status in {401, 403, 404, 410}:
        return DeadLink(status)
    if _is_busy(status):
        return Later(status)
    return Unusable(f"status {status}")


def read_probe(
    received: int, etag: str, status: int, headers: Mapping[str, str]
) -> Continue | AllHere | Restart | Later | None:
    """Return what a look past the end says when no length is known (L18): more, all here, another whole than ours, ask
    later, or None for no answer.

    Args:
        etag: what was asked with in If-Range; without one the rest can't be taken, but that there is a rest is seen.
    """
    if status == 416:
        match = _UNSATISFIED.fullmatch(headers.get("content-range", ""))
        if match is None:
            return None
        return AllHere() if int(match[1]) == received else _another_whole(match[1], received)
    if status == 206:
        found = _partial(received, OnDisk(received, None, etag), headers)
        if etag and isinstance(found, Continue):
            return found
        span = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        if span is not None and (int(span[1]) == received if span[3] == "*" else int(span[3]) != received):
            return _another_whole(span[3], received)
        return None
    return Later(status) if _is_busy(status) else None


def content_length(headers: Mapping[str, str]) -> int | None:
    """Return the announced length of the body in bytes; None without a usable one."""
    text = headers.get("content-length", "").strip()
    return int(text) if _DIGITS.fullmatch(text) else None


def _is_busy(status: int) -> bool:
    return status in {408, 425, 429} or 500 <= status <= 599


def _another_whole(size: str, received: int) -> Restart:
    if size == "*":
        return Restart(f"there is more than the {received} bytes that are here", cut=True)
    return Restart(f"the whole has {size} bytes, {received} are here", cut=int(size) > received)


def _whole(headers: Mapping[str, str]) -> Whole:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return Whole(None, strong_etag(headers.get("etag")), Framing.CHUNKED)
    total = content_length(headers)
    framing = Framing.CLOSE if total is None else Framing.LENGTH
    return Whole(total, strong_etag(headers.get("etag")), framing)


def _partial(asked_from: int, disk: OnDisk, headers: Mapping[str, str]) -> Continue | Restart:
    if headers.get("content-type", "").strip().lower().startswith("multipart/"):
        return Restart("several ranges though one was asked for")
    if headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
        return Restart("the part is packed, what is here is not")
    match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    if match is None:
        return Restart("206 without a readable Content-Range")
    first, last = int(match[1]), int(match[2])
    if first != asked_from:
        return Restart(f"the range starts at {first}, not at {asked_from}")
    if match[3] == "*" or (disk.total is not None and int(match[3]) != disk.total):
        return Restart("the whole has another length now")
    total = int(match[3])
    if last < first or last >= total:
        return Restart("the range ends outside the whole")
    if strong_etag(headers.get("etag")) != disk.etag:
        return Restart("the report at the link was replaced")
    return Continue(first, total)


def _past_the_end(asked_from: int, total: int | None, headers: Mapping[str, str]) -> Decision:
    if not asked_from:
        return Unusable("416 though no range was asked for")
    match = _UNSATISFIED.fullmatch(headers.get("content-range", ""))
    if match is None:
        return Restart("416 without a length")
    # What is here is all only if nothing else was announced: whatever has another length now is another file.
    if int(match[1]) == asked_from and total in {None, asked_from}:
        return AllHere()
    return _another_whole(match[1], asked_from)
