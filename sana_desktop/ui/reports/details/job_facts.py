"""What is on record about a job beyond its state, in words: facts for an audit, and the lines of its story. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.job import SENDING, WITH, JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferRecord, TransferState
from sana_desktop.reports.sql.limit import row_limit
from sana_desktop.ui.reports.details.time_line import step_words
from sana_desktop.ui.reports.words import state_words
from sana_desktop.ui.reports.words.report_words import exact, other_format
from sana_desktop.ui.tr import tr

VALUE_CHARACTERS = 200
HASH_CHARACTERS = 12
"""What is shown of a check number in the story; it stands whole among the facts."""


class StoryLine(NamedTuple):
    """One line of a story: as it is shown, and with day and time zone as it is copied."""

    shown: str
    whole: str


def story_lines(story: Sequence[TimelineEntry], file: TransferRecord | None) -> list[StoryLine]:
    """Return what happened, oldest first: the stored story, and when the file was complete."""
    told = [(entry.at, story_words(entry)) for entry in story]
    if file is not None and file.state is TransferState.DONE and file.finished_at is not None:
        told.append((file.finished_at, file_words(file)))
    if file is not None and file.state in {TransferState.LINK_ENDED, TransferState.FAILED}:
        why = one_line(file.error_message, VALUE_CHARACTERS)
        what = step_words("link ended" if file.state is TransferState.LINK_ENDED else "no file")
        told.append((file.changed_at, f"{what} · {why}" if why else what))
    told.sort(key=lambda line: line[0])
    first = told[0][0].astimezone().date() if told else None
    return [StoryLine(_told(at, words, first), f"{exact(at)}  {words}") for at, words in told]


def story_words(entry: TimelineEntry) -> str:
    """Return what a line of the stored story says: what happened, and its detail if there is one."""
    detail = one_line(entry.detail, VALUE_CHARACTERS)
    words = step_words(entry.event)
    return f"{words} · {detail}" if detail else words


def file_words(file: TransferRecord) -> str:
    """Return what the story says of a file that was complete, and of what was in it."""
    parts = [state_words.done_line(file)]
    if file.sha256:
        parts.append(tr("jobs", "check number {hash}…", hash=file.sha256[:HASH_CHARACTERS]))
    return f"{tr('jobs', 'On disk, checked')} · {' · '.join(parts)}"


def job_facts(
    record: JobRecord,
    file: TransferRecord | None,
    typical: tuple[float, float] | None,
    story: Sequence[TimelineEntry] = (),
) -> list[tuple[str, str]]:
    """Return names and values of what is known about a job, its file and its story, what is not known left out.

    A query may have many lines and is not bounded: it is what was sent, to the letter.
    """
    never = _never_ordered(record)
    facts = [
        (tr("jobs", "Site"), " · ".join(filter(None, (record.site_name, record.site_address)))),
        (tr("jobs", "Query"), record.order.sql),
        (tr("jobs", "Format"), other_format(record, file) or record.order.format.value.upper()),
        (tr("jobs", "Asked for") if never else tr("jobs", "Ordered"), exact(record.created_at)),
        (tr("jobs", "Asked for by") if never else tr("jobs", "Ordered by"), record.ordered_by),
        (tr("jobs", "Sent"), exact(record.submitted_at) or _not_sent(record)),
        (tr("jobs", "Sent with"), _access(story) if record.submitted_at is not None else ""),
        (tr("jobs", "Data as of"), exact(record.as_of)),
        (tr("jobs", "Ready"), exact(record.ready_at)),
        *(_file_facts(record, file) if file is not None else []),
        (tr("jobs", "Requests"), _requests(record)),
        (tr("jobs", "Usual time"), state_words.time_range(typical) if typical is not None else ""),
        (tr("jobs", "Job id"), record.job_id or ""),
        (tr("jobs", "Runs again"), record.order.rerun_of or ""),
        (tr("jobs", "The site says"), record.service_status),
        (tr("jobs", "Error"), _error(record)),
        (tr("jobs", "Ordered with"), record.app_version and f"Sana Desktop {record.app_version}"),
    ]
    query = tr("jobs", "Query")
    bounded = [(name, value if name == query else one_line(value, VALUE_CHARACTERS)) for name, value in facts]
    return [(name, value) for name, value in bounded if value]


def _file_facts(record: JobRecord, file: TransferRecord) -> list[tuple[str, str]]:
    done = file.state is TransferState.DONE
    path = str(Path(file.folder) / file.name)
    contents = [tr("jobs", "{n} bytes", n=f"{file.received:,}")]
    if file.rows is not None:
        contents.insert(0, state_words.rows(file.rows))
    if file.columns is not None:
        contents.insert(-1, tr("jobs", "{n} columns", n=file.columns))
    return [
        (tr("jobs", "File"), path),
        (tr("jobs", "File complete"), exact(file.finished_at) if done else ""),
        (tr("jobs", "Last checked"), _last_check(file) if done else ""),
        (tr("jobs", "In the file"), " · ".join(contents) if done else ""),
        (tr("jobs", "Rows"), _cut_short(record, file) if done else ""),
        (tr("jobs", "Download"), download_words(file)),
        (tr("jobs", "SHA-256"), file.sha256 if done else ""),
        (tr("jobs", "Noticed"), " ".join(notice for notice in file.notices if notice != ROWS_BEING_COUNTED)),
    ]


def _cut_short(record: JobRecord, file: TransferRecord) -> str:
    """Return that a file has just as many rows as its query asked for at most, so that there may be more; else ""."""
    limit = row_limit(record.order.sql)
    if limit is None or limit.rows is None or file.rows != limit.rows:
        return ""
    if limit.leaves_it_open:
        return tr("jobs", "exactly the limit of the query, which does not say which of all: there may be more")
    return tr("jobs", "exactly the limit of the query: there may be more")


def download_words(file: TransferRecord) -> str:
    """Return that a file did not come in one piece, and how often; "" for one that did."""
    if not file.resumes:
        return tr("jobs", "requested {n} times", n=file.requests) if file.requests > 1 else ""
    if file.resumes == 1:
        once = tr("jobs", "interrupted once, and went on from there")
        return f"{once}; {tr('jobs', 'asked for {n} times', n=file.requests)}"
    often = tr("jobs", "interrupted {n} times, and went on from there", n=file.resumes)
    return f"{often}; {tr('jobs', 'asked for {n} times', n=file.requests)}"


def _last_check(file: TransferRecord) -> str:
    if file.lost_at is not None:
        return tr("jobs", "not in its place since {time}", time=exact(file.lost_at))
    if file.verified_at is None or file.verified_ok is None:
        return ""
    time = exact(file.verified_at)
    return tr("jobs", "{time}: unchanged", time=time) if file.verified_ok else tr("jobs", "{time}: changed", time=time)


def _never_ordered(record: JobRecord) -> bool:
    """Return whether it was given up before the site had taken it: nothing was ordered, and nothing will be."""
    return record.state is JobState.STOPPED and record.not_taken


def _not_sent(record: JobRecord) -> str:
    if not record.submits and _never_ordered(record):
        return tr("jobs", "never")
    return tr("jobs", "the site has not taken it") if record.submits else tr("jobs", "not sent yet")


def _access(story: Sequence[TimelineEntry]) -> str:
    """Return what let the order in that was sent last, `client abc` or `a pass`; "" where it is not known."""
    sent = [entry.detail for entry in story if entry.event == SENDING]
    return sent[-1].removeprefix(WITH) if sent else ""


def _requests(record: JobRecord) -> str:
    if not record.submits:
        return tr("jobs", "none") if _never_ordered(record) else tr("jobs", "none yet")
    if record.submitted_at is None:
        return (
            tr("jobs", "tried once; the site did not take it")
            if record.submits == 1
            else tr("jobs", "tried {n} times; the site took none of them", n=record.submits)
        )
    sent = tr("jobs", "sent once") if record.submits == 1 else tr("jobs", "sent {n} times", n=record.submits)
    asked = tr("jobs", "asked once how it is") if record.polls == 1 else ""
    asked = asked or tr("jobs", "asked {n} times how it is", n=record.polls)
    return f"{sent}, {asked}" if record.polls else sent


def _error(record: JobRecord) -> str:
    if not record.error_code:
        return ""
    status = f" ({record.error_http_status})" if record.error_http_status else ""
    return one_line(record.error_code, VALUE_CHARACTERS) + status


def _told(at: datetime, words: str, first: object) -> str:
    there = at.astimezone()
    time = there.strftime("%H:%M:%S" if there.date() == first else "%Y-%m-%d %H:%M:%S")
    return f"{time}  {words}"
