"""How far an export is, on standard error: a live line on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Protocol, TextIO

from sana_desktop.base.text import one_line, size_text
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState

BAR_CHARACTERS = 24
FALLBACK_COLUMNS = 80


class Progress(Protocol):
    """What an export tells while it runs."""

    def job(self, record: JobRecord) -> None:
        """The job changed."""

    def transfer(self, record: TransferRecord) -> None:
        """The download changed."""

    def live(self, progress: TransferProgress) -> None:
        """The download got further."""

    def say(self, text: str) -> None:
        """Something worth a line of its own."""

    def close(self) -> None:
        """Leave the terminal as it was found."""


class Silent:
    """Tells nothing."""

    def job(self, record: JobRecord) -> None:
        """Ignore it."""

    def transfer(self, record: TransferRecord) -> None:
        """Ignore it."""

    def live(self, progress: TransferProgress) -> None:
        """Ignore it."""

    def say(self, text: str) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Nothing to do."""


class Lines:
    """One plain line for each change that a reader cares about."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last: dict[str, str] = {}

    def job(self, record: JobRecord) -> None:
        self._once("job", job_line(record))

    def transfer(self, record: TransferRecord) -> None:
        self._once("transfer", transfer_line(record))

    def live(self, progress: TransferProgress) -> None:
        """A line for each figure would be noise in a log."""

    def say(self, text: str) -> None:
        self._once("say", text)

    def close(self) -> None:
        self._write("")

    def _once(self, about: str, line: str) -> None:
        if line and line != self._last.get(about):
            self._last[about] = line
            self._write(line + "\n")

    def _write(self, text: str) -> None:
        # Whoever read this may be gone; the export goes on.
        with contextlib.suppress(OSError):
            self._out.write(text)
            self._out.flush()


class LiveLine(Lines):
    """The same on a terminal, with the download as a bar that is drawn over itself."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._drawn = 0

    def live(self, progress: TransferProgress) -> None:
        text = bar_line(progress)[: self._columns() - 1]
        self._write("\r" + text.ljust(self._drawn))
        self._drawn = len(text)

    def close(self) -> None:
        self._wipe()
        super().close()

    def _once(self, about: str, line: str) -> None:
        if line and line != self._last.get(about):
            self._wipe()
        super()._once(about, line)

    def _wipe(self) -> None:
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _columns(self) -> int:
        # The width of this very terminal: standard output may be a file.
        try:
            return os.get_terminal_size(self._out.fileno()).columns or FALLBACK_COLUMNS
        except OSError:
            return FALLBACK_COLUMNS


def progress_for(quiet: bool) -> Progress:
    """Return what fits standard error."""
    if quiet or sys.stderr is None:
        return Silent()
    return LiveLine(sys.stderr) if sys.stderr.isatty() else Lines(sys.stderr)


def job_line(record: JobRecord) -> str:
    """Return what a change of the job is worth saying; empty for nothing."""
    match record.state:
        case JobState.SUBMITTING:
            return "Ordering the report."
        case JobState.WATCHING:
            waiting = f"The site took the order (job {one_line(record.job_id or '', 80)}) and is preparing the report."
            return record.trouble or waiting
        case JobState.QUEUED:
            return record.trouble
        case JobState.READY:
            return "The report is ready."
        case _:
            return ""


def transfer_line(record: TransferRecord) -> str:
    """Return what a change of the download is worth saying; empty for nothing."""
    match record.state:
        case TransferState.FETCHING:
            return f"Fetching it into {one_line(record.folder, 300)}."
        case TransferState.FINALIZING:
            return f"All {size_text(record.received)} arrived; checking them."
        case TransferState.DONE:
            rows = f", {record.rows:,} rows" if record.rows is not None else ""
            return f"Complete: {one_line(record.name, 300)} ({size_text(record.received)}{rows})."
        case _:
            return record.error_message


def bar_line(progress: TransferProgress) -> str:
    """Return the live line: a bar only when the length is known, never a wrong percentage (A21)."""
    speed = f"{size_text(int(progress.bytes_per_second))}/s"
    if not progress.total:
        return f"{size_text(progress.received)}  {speed}"
    done = min(progress.received / progress.total, 1.0)
    filled = round(done * BAR_CHARACTERS)
    left = f"  {progress.seconds_left:.0f} s left" if progress.seconds_left is not None else ""
    bar = "#" * filled + "-" * (BAR_CHARACTERS - filled)
    return f"[{bar}] {size_text(progress.received)} of {size_text(progress.total)}  {speed}{left}"
