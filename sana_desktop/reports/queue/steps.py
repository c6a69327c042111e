"""What each answer and each act means for a job: pure steps from record to record, with the line that tells of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sana_desktop.api.errors import NotSent, Throttled
from sana_desktop.api.models import JobSnapshot, Phase
from sana_desktop.base.errors import AuthError, JobFailed, LinkError, ProtocolError, SanaError, UserError
from sana_desktop.base.text import quoted
from sana_desktop.base.words import Words
from sana_desktop.reports.records.job import SENDING, WITH, JobRecord, JobState, TimelineEntry

TROUBLE_AFTER_FAILURES = 3
"""So many looks in a row without an answer make a quiet note (N07)."""
LONG_WAIT_SECONDS = 1_800.0
"""After this the person is asked whether to keep watching (A13)."""
ODD_WORD_SECONDS = 86_400.0
"""An unknown status word that stays this long asks for attention (S17)."""
LOOKS_WITHOUT_LINK = 5
LINKLESS_GAP_SECONDS = 5.0
"""A job said to be done, without a link, is looked at so many times, so far apart, and is then given up (S18)."""
STRANGERS_BORNE = 3
"""So many answers in a row about another job are given up on (S22)."""

SAME_LINK = "same link again"
"""The line of a story that tells that a look for another link brought the same one."""
SITE_FORGOTTEN = "E-SITE-FORGOTTEN"
"""The code of a job that was stopped because its connection was forgotten."""
SITE_CHANGED = "E-SITE-CHANGED"
"""The code of an order that was not sent because its connection was given another address meanwhile."""

CONNECTION_NOTE = Words("Connection trouble, still trying.")
LONG_WAIT_NOTE = "Still not ready after {minutes} minutes."
TRIED_AGAIN = "Check this computer's connection; it is tried again by itself."
"""What to do about an order that surely did not arrive."""
TWIN_NOTE = Words("The site gave two of your reports the same number. Compare their files before you use them.")
"""Said of the second one (S23)."""

_NO_ERROR: dict[str, Any] = {
    "error_kind": "",
    "error_code": "",
    "error_message": "",
    "error_next_step": "",
    "error_http_status": None,
}


@dataclass(frozen=True, slots=True)
class Step:
    """The record after a step, and what the job's story says of it; an empty `event` says nothing.

    `before`: lines of what happened earlier, and was not told then.
    """

    record: JobRecord
    event: str = ""
    detail: str = ""
    before: tuple[TimelineEntry, ...] = ()

    def entries(self, at: datetime) -> tuple[TimelineEntry, ...]:
        """Return the lines to add to the story."""
        return (*self.before, TimelineEntry(at, self.event, self.detail)) if self.event else self.before


def by_site_clock(step: Step, ahead_seconds: int | None) -> Step:
    """Return a step whose answer came from a site whose clock runs so far ahead of this computer's."""
    return replace(step, record=replace(step.record, site_ahead_seconds=ahead_seconds))


def words_of(error: SanaError) -> dict[str, Any]:
    """Return the fields of a record that say `error`."""
    return {
        "error_kind": error.kind,
        "error_code": error.code,
        "error_message": error.message,
        "error_next_step": error.next_step,
        "error_http_status": error.http_status,
    }


def sending(record: JobRecord, at: datetime, access: str = "") -> Step:
    """The order is about to be sent, let in by `access`: QUEUED to SUBMITTING (ARCHITECTURE.md, law 2)."""
    changes: dict[str, Any] = {"submits": record.submits + 1, "submitted_at": at, "next_look_at": None, "trouble": ""}
    return Step(record.moved(JobState.SUBMITTING, at, **changes, **_NO_ERROR), SENDING, access and f"{WITH}{access}")


def answered(record: JobRecord, snapshot: JobSnapshot, at: datetime) -> Step:
    """The service took the order. A job stopped meanwhile stays stopped, but its number is kept (U02)."""
    known = replace(record, job_id=snapshot.job_id, service_status=snapshot.status, **_service_times(snapshot))
    if record.state is not JobState.SUBMITTING:
        return Step(replace(known, changed_at=at), "accepted", f"{snapshot.job_id}, no longer watched")
    watching = known.moved(JobState.WATCHING, at, trouble="")
    after = looked(watching, snapshot, at, counted=False)
    return Step(after.record, "accepted", snapshot.job_id)


def looked(record: JobRecord, snapshot: JobSnapshot, at: datetime, *, counted: bool = True) -> Step:
    """A WATCHING job was described by the service. `counted` says whether a poll was made for it."""
    changes: dict[str, Any] = {
        "service_status": snapshot.status,
        "phase": snapshot.phase,
        "polls": record.polls + counted,
        **_service_times(snapshot),
    }
    if snapshot.link is not None:
        changes |= {"link": snapshot.link, "ready_at": at, "next_look_at": None, "trouble": "", "phase": Phase.READY}
        return Step(record.moved(JobState.READY, at, **changes), "ready", snapshot.status)
    if snapshot.phase is Phase.FAILED:
        changes |= {"next_look_at": None, "trouble": "", **words_of(_failure(snapshot))}
        return Step(record.moved(JobState.FAILED, at, **changes), "failed", snapshot.reason or snapshot.status)
    news = snapshot.status != record.service_status or snapshot.phase is not record.phase
    after = replace(record, **changes, changed_at=at if news else record.changed_at)
    return Step(after, "status", snapshot.status) if news else Step(after)


def not_sent(record: JobRecord, at: datetime, again_at: datetime, error: SanaError, event: str = "not sent") -> Step:
    """The order surely did not arrive, or was not processed: SUBMITTING to QUEUED, to be sent at `again_at`.

    Args:
        event: what the story says; UNREACHED of the last of the quick tries, nothing of those that follow.
    """
    changes: dict[str, Any] = {"submitted_at": None, "next_look_at": again_at, "trouble": error.message}
    if isinstance(error, NotSent):
        changes |= words_of(error) | {"error_next_step": TRIED_AGAIN} | _unsent(record, error)
    return Step(record.moved(JobState.QUEUED, at, **changes), event, error.message if event else "")


def is_unreached(record: JobRecord) -> bool:
    """Return whether an order surely did not arrive, and is tried again by itself (N01, N02)."""
    return record.state is JobState.QUEUED and bool(record.trouble) and bool(record.error_code)


def paused(record: JobRecord, at: datetime, error: SanaError) -> Step:
    """It can't go on until a person acts; `error` says on what. A SUBMITTING one surely did not arrive."""
    sent = record.submitted_at if record.job_id else None
    changes: dict[str, Any] = {"next_look_at": None, "trouble": "", "submitted_at": sent, **words_of(error)}
    changes |= _unsent(record, error)
    return Step(record.moved(JobState.PAUSED, at, **changes), "paused", error.message)


def resumed(record: JobRecord, at: datetime, why: str = "") -> Step:
    """A PAUSED job goes on: to WATCHING with a number, else to QUEUED. A STOPPED one is watched again.

    Args:
        why: told where no person asked for it.
    """
    state = JobState.WATCHING if record.job_id else JobState.QUEUED
    return Step(record.moved(state, at, next_look_at=at, trouble="", **_NO_ERROR), "resumed", why)


def ended(record: JobRecord, at: datetime, state: JobState, error: SanaError) -> Step:
    """It is over: FAILED, GONE or SUBMIT_UNKNOWN, in the words of `error`. A job stopped meanwhile stays stopped."""
    changes: dict[str, Any] = {"next_look_at": None, "trouble": "", **words_of(error)}
    if record.state is JobState.STOPPED:
        if isinstance(error, (NotSent, Throttled, AuthError)):
            changes |= {"submitted_at": None, **_unsent(record, error)}  # the site has none of it
        changes["error_next_step"] = ""
        return Step(replace(record, changed_at=at, **changes), state.value, error.message)
    return Step(record.moved(state, at, **changes), state.value, error.message)


def stopped(record: JobRecord, at: datetime) -> Step:
    """The person stopped watching; the job may go on at the service. What it waited for is of no matter any more."""
    changes: dict[str, Any] = {"next_look_at": None, "trouble": "", "error_next_step": ""}
    if record.state in {JobState.PAUSED, JobState.QUEUED}:
        changes |= _NO_ERROR
    return Step(record.moved(JobState.STOPPED, at, **changes), "stopped" if not record.not_taken else "given up")


def site_forgotten(record: JobRecord, at: datetime) -> Step:
    """The connection of an open job was forgotten, so it can be neither sent nor looked at any more."""
    error = UserError(
        "Its site was forgotten before it was sent: nothing was ordered."
        if record.not_taken
        else "Its site was forgotten while it was under way. It may go on there; nothing was taken back.",
        code=SITE_FORGOTTEN,
    )
    changes: dict[str, Any] = {"next_look_at": None, "trouble": "", **words_of(error)}
    return Step(record.moved(JobState.STOPPED, at, **changes), "site forgotten")


def site_changed(record: JobRecord, at: datetime) -> Step:
    """The connection of an unsent order leads to another site than when it was ordered: that one gets none of it."""
    error = UserError(
        "Its connection leads to another site now. Nothing was sent there, and nothing was ordered.",
        code=SITE_CHANGED,
        next_step="Run it again if it is meant for the other site.",
    )
    changes: dict[str, Any] = {"next_look_at": None, "trouble": "", **words_of(error)}
    return Step(record.moved(JobState.STOPPED, at, **changes), "site changed")


def site_missing(record: JobRecord) -> UserError:
    """Return why a report of a forgotten site can't be ordered anew: nobody knows the way there any more."""
    site = " · ".join(filter(None, (record.site_name, record.site_address)))
    return UserError(
        "Its site is not connected any more: {site}." if site else "Its site is not connected any more.",
        code=SITE_FORGOTTEN,
        values={"site": site},
        next_step="Connect the site again, then run the report again.",
    )


def relinked(record: JobRecord, snapshot: JobSnapshot, at: datetime) -> Step:
    """A READY job was asked for a fresh link. It stays READY whatever the service says now (S16)."""
    polled = replace(record, polls=record.polls + 1)
    if snapshot.link is None:
        return Step(polled, "odd answer", f"it was ready, and is now said to be “{snapshot.status}”")
    news = record.link is None or snapshot.link.url != record.link.url
    return Step(replace(polled, link=snapshot.link, changed_at=at), "link renewed" if news else SAME_LINK)


def note(record: JobRecord, failures: int, error: SanaError | None, age: float, note_from: float) -> str:
    """Return the quiet note of a job that goes on all the same.

    Args:
        failures: looks in a row without an answer, `error` being the last one's.
        age: seconds since the order was taken.
        note_from: the age from which on the long wait is mentioned.
    """
    if isinstance(error, ProtocolError) and failures:
        return error.message
    if failures >= TROUBLE_AFTER_FAILURES:
        return CONNECTION_NOTE
    if record.phase is Phase.UNKNOWN:
        if age >= ODD_WORD_SECONDS:
            return Words("The site has said “{word}” for a day, which I do not know.", word=record.service_status)
        return Words("The site says “{word}”, which I do not know. I keep watching.", word=record.service_status)
    if record.phase is Phase.READY:
        return Words("The site says it is ready, but gave no link yet.")
    if age >= note_from:
        # In steps of as long: a note that changed with each look would be told anew each time.
        return Words(LONG_WAIT_NOTE, minutes=int(age // LONG_WAIT_SECONDS * LONG_WAIT_SECONDS / 60))
    return ""


def waits_long(record: JobRecord) -> bool:
    """Return whether the note of a job is that about the long wait, which a person may put off (A13)."""
    return record.state is JobState.WATCHING and record.trouble.startswith(LONG_WAIT_NOTE.partition("{")[0])


def no_link_error(record: JobRecord) -> SanaError:
    """Return the error of a job that is done and never got a link (S18)."""
    return ProtocolError(
        "The site says the report is ready, but gives no link to fetch it.",
        code="E-PROTO",
        next_step="Run it again.",
        job_id=record.job_id,
    )


def stranger_error(record: JobRecord) -> SanaError:
    """Return the error of a site that keeps answering about another job (S22)."""
    return ProtocolError(
        "The site keeps answering about another report.",
        code="E-PROTO",
        next_step="Run it again.",
        job_id=record.job_id,
    )


def link_ended(record: JobRecord) -> LinkError:
    """Return the error of a job that gives no link that works (L24)."""
    return LinkError(
        "The download link has ended, and the site gives no new one.",
        code="E-LINK-EXPIRED",
        next_step="Run it again. It is then a new report, with the data as of then.",
        job_id=record.job_id,
    )


def _unsent(record: JobRecord, error: SanaError) -> dict[str, Any]:
    """Return the count with the order that was noted before it was sent, if it never left."""
    never_left = isinstance(error, NotSent) and record.submitted_at is not None and record.job_id is None
    return {"unsent": record.unsent + 1} if never_left else {}


def _failure(snapshot: JobSnapshot) -> SanaError:
    reason = snapshot.reason
    template = (
        "The site could not finish the report. It said: {said}"
        if reason
        else ("The site could not finish the report, and did not say why.")
    )
    return JobFailed(
        template,
        code="E-JOB-FAILED",
        next_step="Change the query, or run it again.",
        values={"said": quoted(reason)},
        job_id=snapshot.job_id,
    )


def _service_times(snapshot: JobSnapshot) -> dict[str, Any]:
    return {
        "service_created_at": snapshot.created_at,
        "service_started_at": snapshot.started_at,
        "service_finished_at": snapshot.finished_at,
    }
