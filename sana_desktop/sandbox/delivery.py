"""How one download is to be answered: status, headers and span, decided before a byte is sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.faults import Fault
from sana_desktop.sandbox.files import StoredFile
from sana_desktop.sandbox.ranges import Span, Unsatisfiable, if_range_holds, single_range

BOUNDARY = "sana-sandbox-boundary"


@dataclass(frozen=True, slots=True)
class Troubles:
    """The download faults that strike one request, each by its kind."""

    cut: faults.Cut | None = None
    framing: faults.Framing | None = None
    pace: faults.Pace | None = None
    range: faults.Range | None = None
    unsatisfied: faults.Unsatisfied | None = None
    etag: faults.Etag | None = None
    changed: faults.Changed | None = None
    gzip: faults.Gzip | None = None
    page: faults.Page | None = None
    storeerror: faults.StoreError | None = None
    storeheaders: faults.StoreHeaders | None = None
    storeredirect: faults.StoreRedirect | None = None
    stall: faults.Stall | None = None

    @classmethod
    def of(cls, struck: Iterable[Fault]) -> Troubles:
        """Of two of a kind the first wins."""
        known = {entry.name for entry in fields(cls)}
        chosen: dict[str, Fault] = {}
        for fault in struck:
            name = type(fault).__name__.lower()
            if name not in known:
                raise TypeError(f"{fault} is no fault of a download")
            chosen.setdefault(name, fault)
        return cls(**chosen)  # type: ignore[arg-type]

    def wrong_range(self, how: str) -> bool:
        return self.range is not None and self.range.how == how


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer of the store that carries bytes of a file, or none (416)."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    span: Span = field(default_factory=lambda: Span(0, 0))
    declared: int = 0
    prefix: bytes = b""
    suffix: bytes = b""


def etag_of(file: StoredFile, troubles: Troubles) -> str | None:
    if troubles.etag is None:
        return file.etag
    return f"W/{file.etag}" if troubles.etag.how == "weak" else None


def deliver(file: StoredFile, asked: str | None, if_range: str | None, troubles: Troubles) -> Delivery:
    """The answer to a GET or HEAD with these Range and If-Range headers (RFC 9110, sections 13 and 14)."""
    etag = etag_of(file, troubles)
    headers = {"Accept-Ranges": "bytes"} | ({"ETag": etag} if etag else {})
    if asked and troubles.unsatisfied is not None:
        return _unsatisfied(file, troubles.unsatisfied, headers)
    if troubles.wrong_range("ignored"):
        asked = None
    if asked and not (troubles.wrong_range("ignores_if_range") or if_range_holds(if_range, etag)):
        asked = None
    try:
        span = single_range(asked, file.size)
    except Unsatisfiable:
        return Delivery(416, headers | {"Content-Range": f"bytes */{file.size}"})
    if span is None:
        whole = Span(0, file.size)
        if troubles.wrong_range("unasked") and file.size:
            return _partial(whole, file.size, headers)
        return Delivery(200, headers | {"Content-Type": file.content_type}, whole, file.size)
    return _misled(span, file, headers, troubles)


def _misled(span: Span, file: StoredFile, headers: dict[str, str], troubles: Troubles) -> Delivery:
    headers = headers | {"Content-Type": file.content_type}
    if troubles.wrong_range("wrong_start"):
        # Honest about itself: other bytes than asked for, and Content-Range says so.
        return _partial(Span(span.start // 2, span.stop), file.size, headers)
    if troubles.wrong_range("wrong_total"):
        return _partial(span, file.size + 1000, headers)
    if troubles.wrong_range("multipart"):
        return _multipart(span, file, headers)
    return _partial(span, file.size, headers)


def _partial(span: Span, total: int, headers: dict[str, str]) -> Delivery:
    return Delivery(206, headers | {"Content-Range": span.content_range(total)}, span, span.length)


def _multipart(span: Span, file: StoredFile, headers: dict[str, str]) -> Delivery:
    head = (
        f"--{BOUNDARY}\r\nContent-Type: {file.content_type}\r\nContent-Range: {span.content_range(file.size)}\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/byteranges; boundary={BOUNDARY}"}
    return Delivery(206, headers | kind, span, len(head) + span.length + len(tail), head, tail)


def _unsatisfied(file: StoredFile, fault: faults.Unsatisfied, headers: dict[str, str]) -> Delivery:
    totals = {"right": file.size, "smaller": file.size // 2}
    if fault.how == "bare":
        return Delivery(416, headers)
    return Delivery(416, headers | {"Content-Range": f"bytes */{totals[fault.how]}"})
