"""The words, tone and icon for every state of a job and a download; times and sizes as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QLocale

from sana_desktop.api.models import Phase
from sana_desktop.base.text import one_line, size_text
from sana_desktop.reports.queue.steps import SITE_CHANGED, SITE_FORGOTTEN, is_unreached, waits_long
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import (
    FOUND_AGAIN,
    OPEN_TRANSFERS,
    TransferProgress,
    TransferRecord,
    TransferState,
)
from sana_desktop.ui.tr import tr

STATUS_WORD_CHARACTERS = 40
LINK_SOON = timedelta(minutes=5)
LINK_VERY_SOON = timedelta(minutes=1)


class Tone(StrEnum):
    """What a state means to the person; the theme gives each a colour role, and each comes with word and icon."""

    QUIET = "quiet"
    BUSY = "busy"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a state is shown: a short word for the row, an icon's name, a tone, and one sentence for details."""

    word: str
    icon: str
    tone: Tone
    sentence: str


def job_words(record: JobRecord) -> StateWords:
    """Return how the state of a job is said."""
    match record.state:
        case JobState.QUEUED:
            return StateWords(
                tr("job", "Not sent yet"),
                "clock",
                Tone.WARN if is_unreached(record) else Tone.QUIET,
                record.trouble or tr("job", "It has not been sent yet."),
            )
        case JobState.SUBMITTING:
            return StateWords(
                tr("job", "Being ordered"), "clock", Tone.BUSY, tr("job", "The order is on its way to the site.")
            )
        case JobState.WATCHING:
            return _watching_words(record)
        case JobState.READY:
            return StateWords(
                tr("job", "Ready"),
                "check",
                Tone.GOOD,
                tr("job", "The site finished it; the file is fetched by itself."),
            )
        case JobState.FAILED:
            return StateWords(tr("job", "Failed"), "error", Tone.BAD, record.error_message)
        case JobState.GONE:
            return StateWords(tr("job", "No longer known"), "error", Tone.BAD, record.error_message)
        case JobState.SUBMIT_UNKNOWN:
            return StateWords(tr("job", "May have started"), "warning", Tone.WARN, record.error_message)
        case JobState.PAUSED:
            return StateWords(tr("job", "Needs you"), "warning", Tone.WARN, record.error_message)
        case JobState.STOPPED if record.error_code in {SITE_CHANGED, SITE_FORGOTTEN}:
            word = tr("job", "Not ordered") if record.not_taken else tr("job", "Not watched")
            return StateWords(word, "pause", Tone.QUIET, record.error_message)
        case JobState.STOPPED if record.not_taken:
            return StateWords(
                tr("job", "Not ordered"),
                "pause",
                Tone.QUIET,
                tr("job", "You stopped it before the site had taken it: nothing goes on there."),
            )
        case JobState.STOPPED:
            return StateWords(
                tr("job", "Not watched"),
                "pause",
                Tone.QUIET,
                tr("job", "You stopped watching. It may go on at the site; nothing was taken back."),
            )


def _watching_words(record: JobRecord) -> StateWords:
    if record.phase is Phase.UNKNOWN and record.service_status:
        status = one_line(record.service_status, STATUS_WORD_CHARACTERS)
        return StateWords(
            tr("job", "Site says “{status}”", status=status),
            "clock",
            Tone.BUSY,
            tr("job", "The site says “{status}”, which I do not know. I keep watching.", status=status),
        )
    if waits_long(record):
        choice = tr(
            "job",
            "“Keep watching” puts this note off for half an hour. “Stop watching” ends the looks here; the report may "
            "go on at the site.",
        )
        return StateWords(tr("job", "Being prepared"), "clock", Tone.BUSY, f"{record.trouble} {choice}")
    return StateWords(
        tr("job", "Being prepared"),
        "clock",
        Tone.BUSY,
        record.trouble or tr("job", "The site is preparing it. You may close the window; it goes on without you."),
    )


def transfer_words(record: TransferRecord) -> StateWords:
    """Return how the state of a download is said."""
    match record.state:
        case TransferState.WAITING:
            return StateWords(
                tr("download", "Waiting"),
                "clock",
                Tone.WARN if record.is_away or record.lacks_room else Tone.QUIET,
                record.error_message or tr("download", "It starts by itself when its turn comes."),
            )
        case TransferState.FETCHING:
            return StateWords(
                tr("download", "Downloading"), "download", Tone.BUSY, tr("download", "Bytes are arriving.")
            )
        case TransferState.PAUSED:
            return StateWords(
                tr("download", "Paused"),
                "pause",
                Tone.WARN if record.error_message else Tone.QUIET,
                record.error_message or tr("download", "You paused it. What has arrived is kept."),
            )
        case TransferState.FINALIZING:
            return StateWords(
                tr("download", "Checking"),
                "clock",
                Tone.BUSY,
                tr("download", "Everything arrived; it is checked."),
            )
        case TransferState.DONE:
            return _done_words(record)
        case TransferState.LINK_ENDED:
            return StateWords(
                tr("download", "Link ended"),
                "warning",
                Tone.WARN,
                record.error_message
                or tr("download", "The link ended. Running again shows the data as of then, and is a new run."),
            )
        case TransferState.FAILED:
            return StateWords(tr("download", "Failed"), "error", Tone.BAD, record.error_message)


def _done_words(record: TransferRecord) -> StateWords:
    if record.lost_at is not None:
        return StateWords(
            tr("download", "Not found"),
            "warning",
            Tone.WARN,
            tr("download", "The file was moved or deleted since it was saved. “Locate…” finds it again."),
        )
    if record.verified_ok is False:
        return StateWords(
            tr("download", "Changed"),
            "warning",
            Tone.BAD,
            record.error_message or tr("download", "The file on disk is not the one that was downloaded."),
        )
    if record.came_as is not None:
        came = record.came_as.value.upper()
        words = tr("download", "Complete and checked, but it came as {came}, which was not ordered.", came=came)
        return StateWords(tr("download", "Complete"), "warning", Tone.WARN, words)
    if record.found_again:
        return StateWords(tr("download", "Found again"), "check", Tone.QUIET, tr("download", FOUND_AGAIN))
    return StateWords(
        tr("download", "Complete"),
        "check",
        Tone.GOOD,
        tr("download", "Complete and checked: every byte that was announced is on disk."),
    )


def next_look(record: JobRecord, now: datetime) -> str:
    """Return when the app looks (or tries to send) next: `next look in 4 s`; empty if nothing is planned."""
    if record.next_look_at is None or record.state not in {JobState.QUEUED, JobState.WATCHING}:
        return ""
    seconds = round((record.next_look_at - now).total_seconds())
    if record.state is JobState.QUEUED:
        return tr("job", "next try in {time}", time=span(seconds)) if seconds > 0 else tr("job", "trying now")
    return tr("job", "next look in {time}", time=span(seconds)) if seconds > 0 else tr("job", "looking now")


def next_try(record: TransferRecord, now: datetime) -> str:
    """Return when a file whose place can't be reached is tried next: `next try in 40 s`; empty for any other."""
    if not record.is_away:
        return ""
    seconds = round((record.next_try_at - now).total_seconds()) if record.next_try_at is not None else 0
    return tr("job", "next try in {time}", time=span(seconds)) if seconds > 0 else tr("job", "trying now")


def usual_time(low_high: tuple[float, float] | None) -> str:
    """Return the typical duration from history as a range, `usually 38–42 s`; empty if history is too short."""
    return "" if low_high is None else tr("job", "usually {range}", range=time_range(low_high))


def time_range(low_high: tuple[float, float]) -> str:
    """Return a range of durations in seconds, `38–42 s`, `30 s to 2 min` or `about 40 s`."""
    low, high = (max(1, round(seconds)) for seconds in low_high)
    if span(low) == span(high):
        return tr("job", "about {time}", time=span(high))
    if high < 60:
        return tr("job", "{low}–{high} s", low=low, high=high)
    return tr("job", "{low} to {high}", low=span(low), high=span(high))


def elapsed_seconds(record: JobRecord, now: datetime) -> float | None:
    """Return how long the job ran or runs, in seconds; None before it was sent.

    Until the end is known it counts up from the order; a finished job shows order to last change.
    """
    if record.submitted_at is None:
        return None
    running = record.state in {JobState.SUBMITTING, JobState.WATCHING}
    end = now if running else (record.ready_at or record.changed_at)
    return max((end - record.submitted_at).total_seconds(), 0.0)


def clock_face(seconds: float) -> str:
    """Return elapsed seconds as `0:12`, `12:05` or `1:02:03`; rounded as in `span`, so that the two never disagree."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def span(seconds: float) -> str:
    """Return a length of time in at most two units: `4 s`, `2 min`, `1 h 5 min`, `3 days`."""
    whole = max(round(seconds), 0)
    if whole < 90:
        return tr("time", "{n} s", n=whole)
    if whole < 3600:
        return tr("time", "{n} min", n=round(whole / 60))
    if whole < 48 * 3600:
        hours, minutes = divmod(round(whole / 60), 60)
        return tr("time", "{h} h {m} min", h=hours, m=minutes) if minutes else tr("time", "{h} h", h=hours)
    return tr("time", "{n} days", n=round(whole / 86_400))


def ago(moment: datetime, now: datetime) -> str:
    """Return a past time relative to now: `just now`, `4 min ago`; an old one as a date."""
    seconds = (now - moment).total_seconds()
    if seconds < 10:
        return tr("time", "just now")
    if seconds < 7 * 86_400:
        return tr("time", "{time} ago", time=span(seconds))
    return moment.astimezone().strftime("%Y-%m-%d")


def day_and_time(moment: datetime, now: datetime) -> list[str]:
    """Return a past moment, longest wording first: `14:32` today, else `4 Mar 14:32` or `4 Mar`, a year if it differs.

    Days are the person's own, by this computer's time zone.
    """
    there, today = moment.astimezone(), now.astimezone()
    time = there.strftime("%H:%M")
    if there.date() == today.date():
        return [time]
    month = QLocale().monthName(there.month, QLocale.FormatType.ShortFormat)
    day = tr("time", "{day} {month}", day=there.day, month=month)
    if there.year != today.year:
        day = tr("time", "{day} {year}", day=day, year=there.year)
    return [f"{day} {time}", day]


def part_of(received: int, total: int) -> str:
    """Return how much of a known whole is there, the unit said once where it is the same: `4.2 of 10.0 MB`."""
    done, whole = size_text(received), size_text(total)
    if done.split()[-1] == whole.split()[-1]:
        done = done.split()[0]
    return tr("size", "{done} of {all}", done=done, all=whole)


def progress_lines(record: TransferRecord, progress: TransferProgress | None) -> list[str]:
    """Return size, speed and time left, each only when known: `4.2 of 10.0 MB · 3.1 MB/s · 2 s left`.

    The first is the whole line, the others are shorter ones for less room. What is not known is not said.
    """
    received = progress.received if progress is not None else record.received
    total = progress.total if progress is not None else record.total
    if record.state is TransferState.DONE:
        # That there is nothing in it is the one thing not to be left out.
        return [done_line(record), rows(0) if record.is_empty else size_text(total if total is not None else received)]
    if record.state is TransferState.FINALIZING:
        return [size_text(total if total is not None else received)]
    if not received and record.state is not TransferState.FETCHING:
        return [size_text(total) if total else ""]
    amount = part_of(received, total) if total else size_text(received)
    share = tr("size", "{n} %", n=received * 100 // total) if total else ""
    if progress is None or record.state is not TransferState.FETCHING:
        return [amount, *([share] if share else [])]
    speed = (
        tr("size", "{speed}/s", speed=size_text(int(progress.bytes_per_second)))
        if progress.bytes_per_second > 0
        else ""
    )
    left = tr("size", "{time} left", time=span(progress.seconds_left)) if progress.seconds_left is not None else ""
    wordings = [(amount, speed, left), (amount, left or speed), (amount,), (share,)]
    return [line for parts in wordings if (line := " · ".join(part for part in parts if part))]


def done_line(record: TransferRecord) -> str:
    """Return what a finished file is: `1.2 MB · 18,204 rows`, or that its rows are still being counted."""
    parts = [size_text(record.total if record.total is not None else record.received)]
    if record.owes_rows:
        parts.append(tr("download", "counting rows…"))
    elif record.rows is not None:
        parts.append(rows(record.rows))
    return " · ".join(parts)


def rows(count: int) -> str:
    """Return a number of rows: `18,204 rows`."""
    return tr("download", "1 row") if count == 1 else tr("download", "{n} rows", n=f"{count:,}")


@dataclass(frozen=True, slots=True)
class LinkLife:
    """What is left of a link: in words, in fewer words, and how calmly they are said."""

    text: str
    short: str
    tone: Tone


def link_life(record: TransferRecord, server_now: datetime) -> LinkLife:
    """Return what is left of the link, as `until 14:32, 18 min`; empty when it is not needed any more (B06)."""
    if record.state in {TransferState.DONE, TransferState.FINALIZING, TransferState.FAILED}:
        return LinkLife("", "", Tone.QUIET)
    if record.state is TransferState.LINK_ENDED:
        return LinkLife(tr("link", "ended"), tr("link", "ended"), Tone.WARN)
    if record.link_expires_at is None:
        return LinkLife("", "", Tone.QUIET)
    left = record.link_expires_at - server_now
    if left <= timedelta(0):
        # A paused download renews nothing until it goes on.
        renewing = record.state in OPEN_TRANSFERS
        ended = tr("link", "ended, renewing") if renewing else tr("link", "ended")
        return LinkLife(ended, tr("link", "ended"), Tone.WARN if renewing else Tone.QUIET)
    time = span(left.total_seconds())
    if left <= LINK_VERY_SOON:
        return LinkLife(tr("link", "ends in {time}", time=time), tr("link", "{time} left", time=time), Tone.BAD)
    # The end is told in the person's own time, also when this computer's clock is wrong: it is what they would read.
    until = tr("link", "until {until}", until=record.link_expires_at.astimezone().strftime("%H:%M"))
    text = tr("link", "{until}, {time}", until=until, time=time)
    if left <= LINK_SOON:
        return LinkLife(text, tr("link", "{time} left", time=time), Tone.WARN)
    return LinkLife(text, until, Tone.QUIET)
