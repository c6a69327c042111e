"""What can go wrong on demand: typed faults, and the box of rules from which a request or a job takes its own.

Three families, by what they strike: an answer of the API, a job, a download from the store. The names of
BEHAVIOUR.md's fault matrix (S06, L05, …) stand beside what shows them. Pure, but for the lock of the box.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

Route: TypeAlias = Literal["token", "submit", "poll", "outcomes", "next", "api", "job", "download"]
BodyKind: TypeAlias = Literal["envelope", "html", "empty", "truncated_json", "oversized_json", "deep_json", "text"]


# --- the API's answers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer this instead of doing anything: 401, 403, 404, 429, 500, 502, 503, HTML, nothing at all
    (S01 to S15, M01, M02, M04, M05, N11). `retry_after` is in seconds; `retry_after_date` writes it as a
    date by the server's clock (S07). `size` is the bytes of an oversized body."""

    status: int = 500
    body: BodyKind = "envelope"
    retry_after: float | None = None
    retry_after_date: bool = False
    code: str = "sandbox_fault"
    message: str = "The sandbox was asked to fail."
    size: int = 2_000_000


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """Do the work, then end the connection before the answer is whole (N03, N04, P03): after `after_bytes`
    bytes of its body, -1 for not even the headers. `act` false does no work either; `reset` ends with RST."""

    after_bytes: int = -1
    act: bool = True
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """Accept and never answer (N07). Ends when the client gives up."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the client somewhere else (S20, S21)."""

    location: str
    status: int = 302


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait `seconds`, then answer as usual."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Patch:
    """Change fields of the answer's `data`, or of its `link` (S05, S16, S22, S23, C08, M03, M11); of the Web API,
    which has no envelope, fields of the answer itself."""

    data: dict[str, object] = field(default_factory=dict)
    link: dict[str, object] = field(default_factory=dict)
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exercises:
    """Change the recommended exercises: fields set and removed in each of them, or only in number `only`; then
    entries of any kind added at the end, and the whole list `copies` times over (M13)."""

    set: dict[str, object] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    only: int | None = None
    add: tuple[object, ...] = ()
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Headers:
    """Set and remove answer headers, `Date` too (S24, M08)."""

    set: dict[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DripAnswer:
    """The answer's body in slices of `size` bytes, one every `every` seconds (N06)."""

    every: float = 0.1
    size: int = 1


# --- a job ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slow:
    """The job takes `seconds` in all, from its submission; fractions count."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Fail:
    """The job ends in the state `word` with this reason (S19)."""

    reason: str = "The query could not be completed."
    code: str = "query_failed"
    word: str = "failed"


@dataclass(frozen=True, slots=True)
class Word:
    """Other words for states: `running` while it is worked on, `done` in place of `successful` (S17).
    `link` false keeps the link back, so that the word alone must be understood."""

    running: str | None = None
    done: str | None = None
    link: bool = True


@dataclass(frozen=True, slots=True)
class NoLink:
    """Successful without a link, for the first `polls` polls after the end (S18)."""

    polls: int = 1_000_000


@dataclass(frozen=True, slots=True)
class LinkLife:
    """How long links of this job live (L21 to L24, L27): the first `links` of them live `ttl` seconds, later
    ones as usual. `claims` is the life written in `expiresAt` if that shall be a lie (a dead link that looks
    good); `fresh` false hands the first link out for ever."""

    ttl: float
    links: int = 1
    claims: float | None = None
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Size:
    """The report is `bytes` bytes of seeded CSV text, whatever the query says."""

    bytes: int


# --- a download -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cut:
    """End the connection after `at` bytes of this answer's body (L03, L16, L18, L19)."""

    at: int
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Framing:
    """How the body's end is told: `chunked`, `close` (no length at all), `longer` or `shorter` than the
    Content-Length says by `extra` bytes (L16 to L19, L41), or `endless` (L42)."""

    how: Literal["chunked", "close", "longer", "shorter", "endless"]
    extra: int = 64


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many bytes a second (N17, N18)."""

    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class Range:
    """How a Range request is misunderstood (L04, L06, L09 to L12): `ignored` (200, whole), `wrong_start`,
    `wrong_total`, `unasked` (206 though none asked), `multipart`, `ignores_if_range`."""

    how: Literal["ignored", "wrong_start", "wrong_total", "unasked", "multipart", "ignores_if_range"]


@dataclass(frozen=True, slots=True)
class Unsatisfied:
    """416 to any Range (L13 to L15): `right` total, a `smaller` one, or `bare` without Content-Range."""

    how: Literal["right", "smaller", "bare"] = "right"


@dataclass(frozen=True, slots=True)
class Etag:
    """No ETag or a weak one (L07, L08)."""

    how: Literal["missing", "weak"]


@dataclass(frozen=True, slots=True)
class Changed:
    """Another object stands at the same path: new bytes of the same kind, new ETag (L05, L06)."""


@dataclass(frozen=True, slots=True)
class Gzip:
    """Compressed though identity was asked (L39); with `bomb` the body is that many zero bytes (L40)."""

    bomb: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A web page with 200 in place of the report (L44)."""

    text: str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"


@dataclass(frozen=True, slots=True)
class StoreError:
    """The store's XML error: 403 expired, 404 and 410 gone, 500, 503 slow down (L21, L25, L26)."""

    status: int = 403
    code: str = "AccessDenied"
    message: str = "Request has expired"
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class StoreHeaders:
    """Headers the store adds: Set-Cookie (L38), a checksum that is wrong (L43), a hostile
    Content-Disposition (M10)."""

    set: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoreRedirect:
    """The store sends the client elsewhere (L33 to L37); an empty location loops (L36)."""

    location: str = ""
    status: int = 302


@dataclass(frozen=True, slots=True)
class Stall:
    """The store waits `seconds` before its first byte."""

    seconds: float


ApiFault: TypeAlias = Reply | LoseAnswer | Hang | Redirect | Delay | Patch | Exercises | Headers | DripAnswer
JobFault: TypeAlias = Slow | Fail | Word | NoLink | LinkLife | Size
DownloadFault: TypeAlias = (
    Cut
    | Framing
    | Pace
    | Range
    | Unsatisfied
    | Etag
    | Changed
    | Gzip
    | Page
    | StoreError
    | StoreHeaders
    | StoreRedirect
    | Stall
)
Fault: TypeAlias = ApiFault | JobFault | DownloadFault

API_FAULTS: tuple[type[ApiFault], ...] = (
    Reply, LoseAnswer, Hang, Redirect, Delay, Patch, Exercises, Headers, DripAnswer,
)  # fmt: skip
JOB_FAULTS: tuple[type[JobFault], ...] = (Slow, Fail, Word, NoLink, LinkLife, Size)
DOWNLOAD_FAULTS: tuple[type[DownloadFault], ...] = (
    Cut, Framing, Pace, Range, Unsatisfied, Etag, Changed, Gzip, Page, StoreError, StoreHeaders,
    StoreRedirect, Stall,
)  # fmt: skip
# The routes that "api" stands for.
API_ROUTES: tuple[Route, ...] = ("token", "submit", "poll", "outcomes", "next")
# Of these at most one can shape an answer; the others add to it.
_WHOLE_ANSWERS = (Reply, LoseAnswer, Hang, Redirect)


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault and when it strikes: on `route`, after `skip` matching requests, `times` times (None: until
    cleared), for the job `job` or any ("")."""

    fault: Fault
    route: Route
    times: int | None = 1
    skip: int = 0
    job: str = ""

    def __post_init__(self) -> None:
        if self.route not in routes_of(self.fault):
            allowed = ", ".join(routes_of(self.fault))
            raise ValueError(f"{type(self.fault).__name__} can only strike on: {allowed}")


def routes_of(fault: Fault) -> tuple[Route, ...]:
    if isinstance(fault, JOB_FAULTS):
        return ("job",)
    if isinstance(fault, DOWNLOAD_FAULTS):
        return ("download",)
    return ("next",) if isinstance(fault, Exercises) else (*API_ROUTES, "api")


class FaultBox:
    """The rules in force, in the order they were given. May be used from any thread."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules = list(rules)
        self._lock = threading.Lock()

    def add(self, *rules: Rule) -> None:
        with self._lock:
            self._rules.extend(rules)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def rules(self) -> tuple[Rule, ...]:
        with self._lock:
            return tuple(self._rules)

    def take(self, route: Route, job: str = "") -> tuple[Fault, ...]:
        """The faults that strike this one request (or new job), each counted down.

        Of rules of one kind the first goes before the next, so "429 twice, then 401 once" is two rules.
        """
        if not self._rules:
            return ()
        with self._lock:
            struck: list[Fault] = []
            kept: list[Rule] = []
            for rule in self._rules:
                if not _matches(rule, route, job) or _clashes(rule.fault, struck):
                    kept.append(rule)
                    continue
                if rule.skip:
                    kept.append(replace(rule, skip=rule.skip - 1))
                    continue
                struck.append(rule.fault)
                if rule.times is None or rule.times > 1:
                    kept.append(replace(rule, times=None if rule.times is None else rule.times - 1))
            self._rules = kept
            return tuple(struck)


def _matches(rule: Rule, route: Route, job: str) -> bool:
    same_route = rule.route == route or (rule.route == "api" and route in API_ROUTES)
    return same_route and (not rule.job or rule.job == job)


def _clashes(fault: Fault, struck: list[Fault]) -> bool:
    if isinstance(fault, _WHOLE_ANSWERS):
        return any(isinstance(other, _WHOLE_ANSWERS) for other in struck)
    return any(type(other) is type(fault) for other in struck)
