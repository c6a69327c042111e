"""What is said of a job together with its file: what was so then, and what has become of it since. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sana_desktop.base.text import one_line
from sana_desktop.reports.queue.steps import SITE_FORGOTTEN
from sana_desktop.reports.records.job import JobRecord, JobState, Order, RerunRule
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.words.state_words import StateWords, Tone, job_words
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 120
QUERY_CHARACTERS = 60
SHORT_NAME = 40
NAMES_IN_A_SENTENCE = 2
_NO_NAMES = frozenset({"", "report"})
"""Titles that every query without a name has, letters' case aside."""


def report_words(job: JobRecord, file: TransferRecord | None) -> StateWords:
    """Return how the state of a job is said: of a finished one, how its file is now."""
    if job.state is not JobState.READY or file is None:
        return job_words(job)
    match file.state:
        case TransferState.DONE:
            return _done_words(job, file)
        case TransferState.LINK_ENDED:
            why = file.error_message or tr("job", "The link ended before the file was here.")
            return StateWords(tr("job", "Link ended"), "warning", Tone.WARN, why)
        case TransferState.FAILED:
            return StateWords(tr("job", "No file"), "error", Tone.BAD, file.error_message)
        case TransferState.PAUSED if file.error_message:
            return StateWords(tr("job", "Needs you"), "warning", Tone.WARN, file.error_message)
        case TransferState.PAUSED:
            sentence = tr("job", "The site finished it. You paused its download; what has arrived is kept.")
            return StateWords(tr("job", "Paused"), "pause", Tone.QUIET, sentence)
        case TransferState.WAITING if file.error_message:
            tone = Tone.WARN if file.is_away or file.lacks_room else Tone.QUIET
            return StateWords(tr("job", "Waiting"), "clock", tone, file.error_message)
        case _:
            return job_words(job)


def _done_words(job: JobRecord, file: TransferRecord) -> StateWords:
    then = tr("job", "The file was complete and checked at {time}.", time=exact(file.finished_at or file.changed_at))
    if file.lost_at is not None:
        now = tr("job", "Since then it was moved or deleted: noticed at {time}.", time=exact(file.lost_at))
        return StateWords(tr("job", "File not found"), "warning", Tone.WARN, f"{then} {now}")
    if file.verified_ok is False:
        now = tr("job", "Since then it was changed: noticed at {time}.", time=exact(file.verified_at))
        return StateWords(tr("job", "File changed"), "warning", Tone.BAD, f"{then} {now}")
    again = file.verified_at is not None and file.finished_at is not None and file.verified_at > file.finished_at
    now = tr("job", "Checked again at {time}: unchanged.", time=exact(file.verified_at)) if again else ""
    other = other_format(job, file)
    told = " ".join(filter(None, (other and f"{other}.", then, now, empty_words(file))))
    if other:
        return StateWords(tr("job", "Ready"), "warning", Tone.WARN, told)
    return StateWords(tr("job", "Ready"), "check", Tone.GOOD, told)


def other_format(job: JobRecord, file: TransferRecord | None) -> str:
    """Return that a report came in another format than was ordered (L45); "" if it did not."""
    came = file.came_as if file is not None else None
    if came is None:
        return ""
    ordered = job.order.format.value.upper()
    return tr("job", "Ordered as {ordered}, came as {came}", ordered=ordered, came=came.value.upper())


def empty_words(file: TransferRecord) -> str:
    """Return that a finished report has no rows, which looks like any other from outside; "" if it has some."""
    return tr("job", "The report has no rows.") if file.is_empty else ""


def offers_new_run(job: JobRecord, file: TransferRecord | None) -> bool:
    """Return whether only a new run can give a file: the person is asked, visibly (B08)."""
    if job.state is JobState.READY and file is not None:
        lost = file.state is TransferState.DONE and (file.lost_at is not None or file.verified_ok is False)
        return lost or file.state in {TransferState.LINK_ENDED, TransferState.FAILED}
    return job.state in {JobState.FAILED, JobState.GONE}


def what_now(job: JobRecord, file: TransferRecord | None, *, again: bool) -> list[str]:
    """Return what comes next for a job that was stopped, or whose file is not as it should be, longest wording first;
    else nothing.

    Args:
        again: a later run of it is in the list.
    """
    if again and offers_new_run(job, file):
        return [tr("job", "Run again: see the newer row."), tr("job", "Run again since")]
    if job.state is JobState.STOPPED and job.error_code != SITE_FORGOTTEN:
        if job.not_taken:
            return [tr("job", "Nothing was ordered. Run it again?"), tr("job", "Run it again?")]
        return [tr("job", "“Watch again” looks at it."), tr("job", "Watch again?")] if job.job_id else []
    if job.state is not JobState.READY or file is None:
        return []
    if file.state is TransferState.LINK_ENDED:
        if job.order.rerun_rule is RerunRule.ALWAYS:
            return [tr("job", "A new run is ordered by itself."), tr("job", "A new run follows")]
        asked = tr("job", "Run it again? It would be a new run, with the data as of then.")
        return [asked, tr("job", "Run again, new as-of time?"), tr("job", "Run again?")]
    if file.state is TransferState.DONE and file.lost_at is not None:
        return [tr("job", "Locate it under Downloads, or run it again."), tr("job", "Locate it, or run again")]
    if file.state is TransferState.DONE and file.verified_ok is False:
        return [tr("job", "It is not what was downloaded. Run it again?"), tr("job", "Run it again?")]
    if file.state is TransferState.DONE:
        return _beside_the_point(job, file)
    if file.state in {TransferState.FAILED, TransferState.PAUSED, TransferState.WAITING}:
        return [one_line(file.error_message, NAME_CHARACTERS)]
    return []


def _beside_the_point(job: JobRecord, file: TransferRecord) -> list[str]:
    other, empty = other_format(job, file), empty_words(file)
    whole = " ".join(filter(None, (other and f"{other}.", empty)))
    if other:
        return [whole, other, tr("job", "Other format")]
    return [empty, tr("job", "0 rows")] if empty else []


def report_name(order: Order, limit: int = NAME_CHARACTERS) -> str:
    """Return what a report is called, in at most so many characters; one without a name of its own is told by how its
    query begins.
    """
    title = one_line(order.title, limit)
    if title.casefold() not in _NO_NAMES and title != tr("Editor", "Report"):
        return title
    query = one_line(order.sql, QUERY_CHARACTERS)
    return f"{title} · {query}" if query else title


def names_of(jobs: Sequence[JobRecord]) -> str:
    """Return the names of some reports in a sentence: `“A”`, `“A” and “B”`, `“A”, “B” and 3 more`."""
    named = [tr("job", "“{name}”", name=report_name(record.order, SHORT_NAME)) for record in jobs[:NAMES_IN_A_SENTENCE]]
    more = len(jobs) - len(named)
    if more:
        return tr("job", "{names} and {n} more", names=", ".join(named), n=more)
    return tr("job", " and ").join(named)


def exact(moment: datetime | None) -> str:
    """Return a time as this computer's zone has it, with the zone: `2026-03-04 10:12:47 +01:00`; empty for none."""
    if moment is None:
        return ""
    there = moment.astimezone()
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}"
