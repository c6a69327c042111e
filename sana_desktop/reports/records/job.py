"""A report job: its states, which changes between them are allowed, and its record on disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sana_desktop.api.models import DownloadLink, Phase, ReportFormat


class JobState(StrEnum):
    """Where a job is. Every change is on disk before the app acts on it (ARCHITECTURE.md, law 2).

    QUEUED: wanted, not sent (first time, or surely not sent, or asked to wait). Safe to send.
    SUBMITTING: the order is about to be sent or was sent; after a crash this reads as SUBMIT_UNKNOWN.
    WATCHING: the service took it (there is a `job_id`); it is polled.
    READY: the service finished it; there was a link. The download takes over. A later look may renew the link.
    FAILED: the service or the rules ended it; `error` says why.
    GONE: the service no longer knows it.
    SUBMIT_UNKNOWN: sent, answer lost. Only a person may order again.
    PAUSED: can't go on until the person does something (sign in again); `error` says what. Resumes to WATCHING if it
        has a `job_id`, else to QUEUED.
    STOPPED: the person stopped watching; the job may go on at the service.
    """

    QUEUED = "queued"
    SUBMITTING = "submitting"
    WATCHING = "watching"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"
    SUBMIT_UNKNOWN = "submit_unknown"
    PAUSED = "paused"
    STOPPED = "stopped"


_ALLOWED: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.SUBMITTING, JobState.PAUSED, JobState.FAILED, JobState.STOPPED}),
    JobState.SUBMITTING: frozenset(
        {
            JobState.QUEUED,
            JobState.WATCHING,
            JobState.READY,
            JobState.FAILED,
            JobState.SUBMIT_UNKNOWN,
            JobState.PAUSED,
            JobState.STOPPED,
        }
    ),
    JobState.WATCHING: frozenset({JobState.READY, JobState.FAILED, JobState.GONE, JobState.PAUSED, JobState.STOPPED}),
    JobState.READY: frozenset({JobState.GONE, JobState.STOPPED}),
    JobState.PAUSED: frozenset({JobState.QUEUED, JobState.WATCHING, JobState.STOPPED}),
    JobState.SUBMIT_UNKNOWN: frozenset({JobState.STOPPED}),
    JobState.FAILED: frozenset(),
    JobState.GONE: frozenset(),
    JobState.STOPPED: frozenset({JobState.WATCHING}),
}

OPEN_STATES = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.PAUSED})
"""States in which the queue still has something to do."""


class IllegalTransition(Exception):
    """A change of state that the machine does not allow: a bug, never a person's fault."""


def check_transition(before: JobState, after: JobState) -> None:
    """Return if a job may go from `before` to `after`; staying where it is is always allowed.

    Raises:
        IllegalTransition: otherwise.
    """
    if before is not after and after not in _ALLOWED[before]:
        raise IllegalTransition(f"{before} -> {after}")


class RerunRule(StrEnum):
    """What to do when a link ended and the job can't give a new one: running again shows the data as of then (B08)."""

    ASK = "ask"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants: a report from a workspace, in a format, perhaps to a named file.

    Attributes:
        connection_id: which connection orders it.
        title: a short name for rows and file names, made from the query or typed.
        sql: exactly what is sent.
        target: absolute path of the file to make; None lets the name rule choose one (B5).
        folder: absolute path of the folder for a file named by the rule; None is the download folder.
        overwrite: whether an existing file at `target` may be replaced (by the whole new report only).
        rerun_of: local id of the job this one runs again.
    """

    connection_id: str
    title: str
    sql: str
    format: ReportFormat
    target: str | None = None
    overwrite: bool = False
    rerun_rule: RerunRule = RerunRule.ASK
    rerun_of: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job as it stands on disk. Times are UTC; those named `service_` are the service's own words.

    Attributes:
        id: our own id, given before the first request.
        job_id: the service's id, None until its answer to the order arrived.
        service_status: the last status word as it came; empty before the first answer.
        submits, polls: requests made for this job, for the record and for `export --json`.
        unsent: how many of `submits` surely never left, for want of a pass or a way. Not stored: it is what this
            process knows.
        submitted_at: when the order that was taken was sent.
        next_look_at: when the next poll (or the next try to send) is due; None if none is planned.
        ready_at: when we learnt that it was finished.
        link: the last link seen; wiped from disk once the file is done or the link ended.
        error_code, error_message, error_next_step: the plain words of why it is FAILED, GONE, PAUSED or in trouble.
        error_kind: the kind of BEHAVIOUR.md that belongs to the error; empty without one.
        trouble: a quiet note while it goes on all the same ("connection trouble, still trying"); empty if none.
        site_name, site_address, site_mark: of the connection when the report was ordered, whatever became of it since;
            the mark is `live`, `test` or `demo`. Empty where that is not known.
        site_ahead_seconds: how far the service's clock ran ahead of this computer's at its last word on the job, which
            the times named `service_` are to be read by; None where that is not known.
        app_version: of the app that ordered it; empty where that is not known.
        ordered_by: account and computer that ordered it, as the first line of its story has it; empty where not known.
        owner: id of the process that works on it, so that two processes do not share a job.
    """

    id: str
    order: Order
    state: JobState
    created_at: datetime
    changed_at: datetime
    owner: str = ""
    job_id: str | None = None
    service_status: str = ""
    phase: Phase = Phase.PENDING
    submits: int = 0
    polls: int = 0
    submitted_at: datetime | None = None
    next_look_at: datetime | None = None
    service_created_at: datetime | None = None
    service_started_at: datetime | None = None
    service_finished_at: datetime | None = None
    ready_at: datetime | None = None
    link: DownloadLink | None = field(default=None, repr=False)
    error_kind: str = ""
    error_code: str = ""
    error_message: str = ""
    error_next_step: str = ""
    error_http_status: int | None = None
    trouble: str = ""
    site_name: str = ""
    site_address: str = ""
    site_mark: str = ""
    site_ahead_seconds: int | None = None
    app_version: str = ""
    ordered_by: str = ""
    unsent: int = field(default=0, compare=False)

    @property
    def not_taken(self) -> bool:
        """Whether the site surely has no order of it: none was sent yet, or each surely did not arrive."""
        return self.job_id is None and self.submitted_at is None and self.state is not JobState.READY

    @property
    def report_at(self) -> datetime | None:
        """When the report was ready, for its name: when the site finished it, by its clock; where it does not tell,
        when that was seen here. None as long as it is not.
        """
        return None if self.ready_at is None else self.service_finished_at or self.ready_at

    @property
    def as_of(self) -> datetime | None:
        """As of when its data is: when the site began with it, by its clock; where it does not tell, when it took it,
        else when it was sent (B08). None as long as there is none.
        """
        if self.ready_at is None:
            return None
        return self.service_started_at or self.service_created_at or self.submitted_at

    def moved(self, state: JobState, at: datetime, **changes: object) -> JobRecord:
        """Return the record in `state` since `at`, with further fields changed.

        Raises:
            IllegalTransition: if the machine does not allow it.
        """
        check_transition(self.state, state)
        return replace(self, state=state, changed_at=at, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a job's story, as stored: when, which state or event, and a plain detail (bounded, no secret)."""

    at: datetime
    event: str
    detail: str = ""


SENDING = "sending"
UNREACHED = "unreached"
"""The line of a story that tells that an order goes on being tried by itself; the tries that fail are not told."""
WITH = "with "
"""The line of a story that tells that an order was sent, and as its detail what let it in: `with client abc`."""
APP_STARTED = "app started"
"""The line of a story that tells that the app had ended in between, however it did."""
ORDERED_BY = "ordered by"
"""The line of a story that tells, as its detail, who ordered the report and on which computer."""


class FileEvent(StrEnum):
    """Lines of a story about the file. Of the finished one, what a look at it found that was not so before.

    VERIFIED: a person had it checked, and it is unchanged. CHANGED: it is another file now. GONE: it is not in its
    place. BACK: it is there again, unchanged. LOCATED: the person showed where it is. Before that, of its way here:
    CUT: the line broke after so many bytes. RESUMED: it went on there. ANEW: it was fetched from the start again.
    NO_ROOM to ROOM: the disk had too little room. UNREACHED to REACHED: the place it comes from could not be reached,
    however often that was tried. PAUSED to GOES_ON: by hand, or because something had to be done first. MOVED: another
    folder was chosen. HELD: another program kept it from its name.
    """

    CUT = "download cut"
    RESUMED = "download resumed"
    ANEW = "download anew"
    NO_ROOM = "download without room"
    ROOM = "download with room"
    UNREACHED = "download unreached"
    REACHED = "download reached"
    PAUSED = "download paused"
    GOES_ON = "download goes on"
    MOVED = "download moved"
    HELD = "download held"

    VERIFIED = "file verified"
    CHANGED = "file changed"
    GONE = "file gone"
    BACK = "file back"
    LOCATED = "file located"
