"""What was asked of the sandbox: a bounded list of requests for tests to count, without any secret in it."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal, TypeAlias

Origin: TypeAlias = Literal["api", "store"]
MAX_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request: its path without the query string (which is the secret of a link), the names of its
    headers in small letters, when it came (seconds since 1970), the port it came to, and the answer's status
    (None: none was given, or not yet)."""

    number: int
    origin: Origin
    method: str
    path: str
    headers: tuple[str, ...]
    has_authorization: bool
    range: str | None
    if_range: str | None
    at: float
    port: int
    status: int | None = None


class RequestLog:
    """The last requests, and counts of all of them by method and path. May be used from any thread."""

    def __init__(self) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=MAX_RECORDS)
        self._counts: Counter[str] = Counter()
        self._total = 0
        self._lock = threading.Lock()

    def note(
        self, origin: Origin, method: str, path: str, headers: Iterable[tuple[str, str]], at: float, port: int
    ) -> RequestRecord:
        pairs = tuple(headers)
        values = dict(pairs)
        with self._lock:
            self._total += 1
            record = RequestRecord(
                number=self._total,
                origin=origin,
                method=method,
                path=path,
                headers=tuple(name for name, _ in pairs),
                has_authorization="authorization" in values,
                range=values.get("range"),
                if_range=values.get("if-range"),
                at=at,
                port=port,
            )
            self._records.append(record)
            self._counts[f"{method} {path}"] += 1
        return record

    def answered(self, record: RequestRecord, status: int) -> None:
        with self._lock:
            for index in range(len(self._records) - 1, -1, -1):
                if self._records[index].number == record.number:
                    self._records[index] = replace(record, status=status)
                    return

    def records(self) -> tuple[RequestRecord, ...]:
        with self._lock:
            return tuple(self._records)

    def counts(self) -> dict[str, int]:
        """Requests by `METHOD /path`."""
        with self._lock:
            return dict(self._counts)

    def clear(self) -> None:
        with self._lock:
            self._records.clear()
            self._counts.clear()

    def as_json(self) -> dict[str, object]:
        return {"counts": self.counts(), "requests": [asdict(record) for record in self.records()]}
