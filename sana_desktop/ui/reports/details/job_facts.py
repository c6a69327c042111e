"""What is on record about a job beyond its state, in words: facts for an audit, and the lines of its story. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.job import SENDING, WITH, FileEvent, JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferRecord, TransferState
from sana_desktop.reports.sql.limit import row_limit
from sana_desktop.ui.reports.details.time_line import LINK_ENDED, NO_FILE, step_words
from sana_desktop.ui.reports.words import state_words
from sana_desktop.ui.reports.words.file_note import ENDED as NO_FILE_CAME
from sana_desktop.ui.reports.words.report_words import exact, other_format
from sana_desktop.ui.reports.words.site_words import clocks_line, site_line
from sana_desktop.ui.tr import tr

VALUE_CHARACTERS = 200
HASH_CHARACTERS = 12
"""What is shown of a text from outside, and of a check number, in the story."""
WHOLE = 20_000
"""What is copied is not cut: far more than is kept of any text from outside (B13)."""


class StoryLine(NamedTuple):
    """One line of a story: as it is shown, and with day and time zone as it is copied."""

    shown: str
    whole: str


def story_lines(story: Sequence[TimelineEntry], file: TransferRecord | None) -> list[StoryLine]:
    """Return what happened, oldest first: the stored story, and when the file was complete."""
    told = [(entry.at, story_words(entry), story_words(entry, WHOLE)) for entry in story]
    if file is not None and file.state is TransferState.DONE and file.finished_at is not None:
        told.append((file.finished_at, file_words(file), file_words(file, whole=True)))
    if file is not None and file.state in NO_FILE_CAME:
        event = LINK_ENDED if file.state is TransferState.LINK_ENDED else NO_FILE
        end = TimelineEntry(file.changed_at, event, file.error_message)
        told.append((end.at, story_words(end), story_words(end, WHOLE)))
    told.sort(key=lambda line: line[0])
    first = told[0][0].astimezone().date() if told else None
    return [StoryLine(_told(at, words, first), f"{exact(at)}  {whole}") for at, words, whole in told]


def story_words(entry: TimelineEntry, limit: int = VALUE_CHARACTERS) -> str:
    """Return what a line of the stored story says: what happened, and its detail if there is one."""
    detail = one_line(entry.detail, limit)
    words = step_words(entry.event)
    return f"{words} · {detail}" if detail else words


def file_words(file: TransferRecord, *, whole: bool = False) -> str:
    """Return what the story says of a file that was complete, and of what was in it."""
    parts = [state_words.done_line(file)]
    if file.sha256:
        number = file.sha256 if whole else f"{file.sha256[:HASH_CHARACTERS]}…"
        parts.append(tr("jobs", "check number {hash}", hash=number))
    return f"{tr('jobs', 'On disk, checked')} · {' · '.join(parts)}"


def job_facts(
    record: JobRecord,
    file: TransferRecord | None,
    typical: tuple[float, float] | None,
    story: Sequence[TimelineEntry] = (),
) -> list[tuple[str, str]]:
    """Return names and values of what is known about a job, its file and its story, what is not known left out.

    Nothing is cut, for it is copied as a record; a query may have many lines: it is what was sent, to the letter.
    """
    never = _never_ordered(record)
    by_site = _times_of_the_site(record)
    facts = [
        (tr("jobs", "Site"), site_line(record)),
        (tr("jobs", "Query"), record.order.sql),
        (tr("jobs", "Format"), other_format(record, file) or record.order.format.value.upper()),
        (tr("jobs", "Asked for") if never else tr("jobs", "Ordered"), exact(record.created_at)),
        (tr("jobs", "Asked for by") if never else tr("jobs", "Ordered by"), record.ordered_by),
        (tr("jobs", "Sent"), exact(record.submitted_at) or _not_sent(record)),
        (tr("jobs", "Sent with"), _access(story) if record.submitted_at is not None else ""),
        (tr("jobs", "Data as of"), exact(record.as_of)),
        (tr("jobs", "Ready at the site"), exact(record.service_finished_at) if record.ready_at is not None else ""),
        (tr("jobs", "Failed at the site"), exact(_failed_there(record))),
        (tr("jobs", "Seen ready"), exact(record.ready_at)),
        (tr("jobs", "Clocks"), clocks_line(record, by_site)),
        *(_file_facts(record, file, story) if file is not None else [(tr("jobs", "File"), _without_file(record))]),
        (tr("jobs", "Requests"), _requests(record)),
        (tr("jobs", "Usual time"), state_words.time_range(typical) if typical is not None else ""),
        (tr("jobs", "Job id"), record.job_id or ""),
        (tr("jobs", "Runs again"), record.order.rerun_of or ""),
        (tr("jobs", "The site said last"), record.service_status),
        (tr("jobs", "Error"), _error(record)),
        (tr("jobs", "Ordered with"), record.app_version and f"Sana Desktop {record.app_version}"),
    ]
    query = tr("jobs", "Query")
    bounded = [(name, value if name == query else one_line(value, WHOLE)) for name, value in facts]
    return [(name, value) for name, value in bounded if value]


def _times_of_the_site(record: JobRecord) -> list[str]:
    """Return the names of those facts that are times which the site told, by its own clock."""
    told = []
    if record.as_of is not None and (record.service_started_at or record.service_created_at) is not None:
        told.append(tr("jobs", "Data as of"))
    if record.ready_at is not None and record.service_finished_at is not None:
        told.append(tr("jobs", "Ready at the site"))
    if _failed_there(record) is not None:
        told.append(tr("jobs", "Failed at the site"))
    return told


def _failed_there(record: JobRecord) -> datetime | None:
    return record.service_finished_at if record.state is JobState.FAILED and record.ready_at is None else None


def _without_file(record: JobRecord) -> str:
    """Return why there is no file of a job that has no download: there is none to come, or none yet."""
    match record.state:
        case JobState.READY:
            return tr("jobs", "not on record any more")
        case JobState.FAILED if record.job_id is None:
            return tr("jobs", "none: the site did not take the order")
        case JobState.FAILED:
            return tr("jobs", "none: the report failed")
        case JobState.GONE:
            return tr("jobs", "none: the site did not know the report any more")
        case JobState.SUBMIT_UNKNOWN:
            return tr("jobs", "none: it is not known whether the report was ordered")
        case JobState.STOPPED if record.not_taken:
            return tr("jobs", "none: nothing was ordered")
        case JobState.STOPPED:
            return tr("jobs", "none: the report is not watched any more")
        case _:
            return tr("jobs", "none yet")


def _file_facts(record: JobRecord, file: TransferRecord, story: Sequence[TimelineEntry]) -> list[tuple[str, str]]:
    if file.state is not TransferState.DONE:
        return _facts_without_file(file, story)
    as_it_was = file.lost_at is None and file.verified_ok is not False
    path = str(Path(file.folder) / file.name)
    contents = [tr("jobs", "{n} bytes", n=f"{file.received:,}")]
    if file.rows is not None:
        contents.insert(0, state_words.rows(file.rows))
    if file.columns is not None:
        columns = tr("jobs", "1 column") if file.columns == 1 else tr("jobs", "{n} columns", n=file.columns)
        contents.insert(-1, columns)
    inside = tr("jobs", "In the file") if as_it_was else tr("jobs", "In the file that was saved")
    return [
        (tr("jobs", "File"), path if file.lost_at is None else tr("jobs", "was saved as {path}", path=path)),
        (tr("jobs", "File complete"), exact(file.finished_at)),
        _check(file),
        (inside, " · ".join(contents)),
        (tr("jobs", "Rows"), _cut_short(record, file)),
        (tr("jobs", "Download"), download_words(file, story)),
        (tr("jobs", "SHA-256") if as_it_was else tr("jobs", "SHA-256 of the file that was saved"), file.sha256),
        _noticed(file),
    ]


def _facts_without_file(file: TransferRecord, story: Sequence[TimelineEntry]) -> list[tuple[str, str]]:
    """Return what is on record of a download that has brought no file, or none yet: none of it may sound like one."""
    if file.state in NO_FILE_CAME:
        there, received = tr("jobs", "none: {why}", why=file.error_message or tr("jobs", "not known")), ""
    else:
        path = str(Path(file.folder) / file.name)
        there = tr("jobs", "none yet; it is to be saved as {path}", path=path)
        received = tr("jobs", "{n} bytes", n=f"{file.received:,}") if file.received else ""
        if received and file.total:
            received = tr("jobs", "{n} of {all} bytes", n=f"{file.received:,}", all=f"{file.total:,}")
    times = [tr("jobs", "requested once"), tr("jobs", "not requested yet")][file.requests == 0]
    if file.requests == 0 and file.state in NO_FILE_CAME:
        times = tr("jobs", "never requested")
    return [
        (tr("jobs", "File"), there),
        (tr("jobs", "Received"), received),
        (tr("jobs", "Download"), download_words(file, story) or times),
        _noticed(file),
    ]


def _noticed(file: TransferRecord) -> tuple[str, str]:
    told = " ".join(notice for notice in file.notices if notice != ROWS_BEING_COUNTED)
    return tr("jobs", "Noticed"), told


def _cut_short(record: JobRecord, file: TransferRecord) -> str:
    """Return that a file has just as many rows as its query asked for at most, so that there may be more; else ""."""
    limit = row_limit(record.order.sql)
    if limit is None or limit.rows is None or file.rows != limit.rows:
        return ""
    if limit.leaves_it_open:
        return tr("jobs", "exactly the limit of the query, which does not say which of all: there may be more")
    return tr("jobs", "exactly the limit of the query: there may be more")


def download_words(file: TransferRecord, story: Sequence[TimelineEntry] = ()) -> str:
    """Return that a file did not come in one piece, how often and why; "" for one that did."""
    anew = [entry.detail.partition(" · ")[2] for entry in story if entry.event == FileEvent.ANEW]
    if not file.resumes and not anew:
        return tr("jobs", "requested {n} times", n=file.requests) if file.requests > 1 else ""
    parts = []
    if file.resumes == 1:
        parts.append(tr("jobs", "interrupted once, and went on from there"))
    elif file.resumes:
        parts.append(tr("jobs", "interrupted {n} times, and went on from there", n=file.resumes))
    if len(anew) == 1:
        parts.append(tr("jobs", "begun again from the start once"))
    elif anew:
        parts.append(tr("jobs", "begun again from the start {n} times", n=len(anew)))
    why = ", ".join(dict.fromkeys(filter(None, anew)))
    if why:
        parts[-1] += f": {why}"
    return "; ".join((*parts, tr("jobs", "asked for {n} times", n=file.requests)))


def _check(file: TransferRecord) -> tuple[str, str]:
    """Return what the last look at a finished file found, and when; one that it was saved with is no later check."""
    name = tr("jobs", "Last checked")
    if file.lost_at is not None:
        return name, tr("jobs", "noticed to be away at {time}", time=exact(file.lost_at))
    if file.verified_at is None or file.verified_ok is None:
        return name, ""
    if file.verified_ok and file.finished_at is not None and file.verified_at <= file.finished_at:
        return tr("jobs", "Checked"), tr("jobs", "when it was saved")
    time = exact(file.verified_at)
    unchanged, changed = tr("jobs", "{time}: unchanged", time=time), tr("jobs", "{time}: changed", time=time)
    return name, unchanged if file.verified_ok else changed


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
    # Of several tries at most the last one is known to have arrived.
    sent = tr("jobs", "tried {n} times until the site took it", n=record.submits)
    if record.submits == 1:
        sent = tr("jobs", "sent once")
    elif record.job_id is None:
        sent = tr("jobs", "tried {n} times", n=record.submits)
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
