"""Jobs: what was ordered, the state it is in at a moment, and the record that survives a restart."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.clock import NANOSECONDS
from sana_desktop.sandbox.engine import QueryFailed, QueryTooLong, TooManyRows
from sana_desktop.sandbox.faults import Fault, FaultBox
from sana_desktop.sandbox.files import StoredFile
from sana_desktop.sandbox.policy import CheckedQuery

PENDING, SUCCESSFUL, FAILED = "pending", "successful", "failed"
QUEUE_SHARE = 0.3  # of a job's duration is spent before it starts


@dataclass(frozen=True, slots=True)
class JobPlan:
    """How a job is to go, made of its faults. `seconds` is the least time from submission to the end."""

    seconds: float
    fail: faults.Fail | None = None
    word: faults.Word | None = None
    no_link: faults.NoLink | None = None
    life: faults.LinkLife | None = None
    size: int | None = None

    @classmethod
    def of(cls, struck: Iterable[Fault], seconds: float) -> JobPlan:
        plan: dict[str, object] = {"seconds": seconds}
        for fault in struck:
            match fault:
                case faults.Slow(seconds=longer):
                    plan["seconds"] = longer
                case faults.Fail():
                    plan["fail"] = fault
                case faults.Word():
                    plan["word"] = fault
                case faults.NoLink():
                    plan["no_link"] = fault
                case faults.LinkLife():
                    plan["life"] = fault
                case faults.Size(bytes=size):
                    plan["size"] = size
                case _:
                    raise TypeError(f"{fault} is no fault of a job")
        return cls(**plan)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """True times in nanoseconds since 1970: when it stops working and when it says it will."""

    expires_ns: int
    claims_ns: int


@dataclass(slots=True)
class Job:
    """One order. All times are true nanoseconds since 1970."""

    id: str
    text: str
    kind: str
    query: CheckedQuery
    plan: JobPlan
    created_ns: int
    downloads: FaultBox = field(default_factory=FaultBox)
    finished_ns: int | None = None
    result: Future[StoredFile] | None = None
    link: IssuedLink | None = None
    links_issued: int = 0
    polls_since_end: int = 0

    @property
    def object_path(self) -> str:
        """The path at the store: the same for every link of this job."""
        return f"/reports/{self.id}/report.{self.kind}"


@dataclass(frozen=True, slots=True)
class JobState:
    """What a poll would say at one moment."""

    status: str
    started_ns: int | None
    finished_ns: int | None
    has_link: bool = False
    error_code: str = ""
    error_message: str = ""


def state_at(job: Job, now_ns: int) -> JobState:
    """Pure but for reading the job's future: the state follows from the times, no timer drives it."""
    due_ns = job.created_ns + int(job.plan.seconds * NANOSECONDS)
    begins_ns = job.created_ns + int(job.plan.seconds * QUEUE_SHARE * NANOSECONDS)
    started_ns = begins_ns if now_ns >= begins_ns else None
    ready = job.finished_ns is not None or (job.result is not None and job.result.done())
    if now_ns < due_ns or not (ready or job.plan.fail):
        running = job.plan.word.running if job.plan.word and started_ns is not None else None
        return JobState(running or PENDING, started_ns, None)
    finished_ns = max(due_ns, job.finished_ns or due_ns)
    reason = _failure(job)
    if reason is not None:
        return JobState(reason.word, started_ns, finished_ns, False, reason.code, reason.reason)
    word = job.plan.word
    done = (word.done if word else None) or SUCCESSFUL
    return JobState(done, started_ns, finished_ns, has_link=word is None or word.link or word.done is None)


def _failure(job: Job) -> faults.Fail | None:
    if job.plan.fail is not None:
        return job.plan.fail
    if job.result is None or not job.result.done():
        return None
    if job.result.cancelled():
        return faults.Fail("The service is stopping.", "unavailable", FAILED)
    error = job.result.exception()
    if error is None:
        return None
    if isinstance(error, QueryTooLong):
        return faults.Fail(str(error), "query_timeout", FAILED)
    if isinstance(error, TooManyRows):
        return faults.Fail(str(error), "too_many_rows", FAILED)
    if isinstance(error, QueryFailed):
        return faults.Fail(str(error), "query_failed", FAILED)
    return faults.Fail("The report could not be written.", "internal_error", FAILED)


def new_job_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class RecordedJob:
    """A job as it was written down."""

    id: str
    text: str
    kind: str
    created_ns: int
    finished_ns: int | None


class JobRecord:
    """An append-only file of JSON lines; without a path it forgets. A torn last line is skipped."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def created(self, job: Job) -> None:
        self._append({"id": job.id, "query": job.text, "format": job.kind, "created": job.created_ns})

    def finished(self, job: Job) -> None:
        self._append({"id": job.id, "finished": job.finished_ns})

    def read(self) -> Iterator[RecordedJob]:
        if self._path is None or not self._path.exists():
            return
        created: dict[str, dict[str, object]] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                created.setdefault(entry["id"], {}).update(entry)
            except (ValueError, KeyError, TypeError):
                continue
        for entry in created.values():
            if {"query", "format", "created"} <= entry.keys():
                finished = entry.get("finished")
                yield RecordedJob(
                    str(entry["id"]),
                    str(entry["query"]),
                    str(entry["format"]),
                    int(str(entry["created"])),
                    int(str(finished)) if finished is not None else None,
                )

    def _append(self, entry: dict[str, object]) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
