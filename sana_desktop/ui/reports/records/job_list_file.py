"""Saves the list of jobs as a table to hand over: private, and off the window's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.store.private import write_private
from sana_desktop.ui import dialogs
from sana_desktop.ui.reports.words.report_words import report_words
from sana_desktop.ui.reports.words.state_words import transfer_words
from sana_desktop.ui.tr import tr

Pairs = list[tuple[JobRecord, TransferRecord | None]]
Say = Callable[[str, str], None]


async def save_job_list(pairs: Pairs, window: QWidget, now: datetime, say: Say) -> None:
    """Ask for a file and write the jobs into it, in the order given.

    Args:
        pairs: the jobs in the list, each with its download.
        now: in UTC; the name that is offered has it.
        say: a sentence for the status line, with a tone.
    """
    if not pairs:
        say(tr("jobs", "There are no jobs to save yet."), "quiet")
        return
    start = Path.home() / f"jobs-{now.astimezone():%Y%m%d-%H%M}.csv"
    title, kinds = tr("jobs", "Save the list of jobs"), (tr("jobs", "Tables (*.csv)"),)
    path = await dialogs.choose_save_file(window, title, start, kinds)
    if path is not None:
        await write_job_list(pairs, path, say)


async def write_job_list(pairs: Pairs, path: Path, say: Say) -> None:
    """Write the jobs into `path` and say what came of it."""
    try:
        await asyncio.to_thread(_write, pairs, path)
    except OSError as error:
        reason = (error.strerror or tr("jobs", "unknown reason")).lower()
        say(tr("jobs", "{name} could not be saved: {reason}.", name=path.name, reason=reason), "warn")
        return
    count = len(pairs)
    words = tr("jobs", "1 job saved as {name}.", name=path.name)
    say(words if count == 1 else tr("jobs", "{n} jobs saved as {name}.", n=count, name=path.name), "good")


def state_words_of(job: JobRecord, file: TransferRecord | None) -> tuple[str, str]:
    """Return the words of the window for the states of a job and of its file."""
    return report_words(job, file).word, transfer_words(file).word if file is not None else ""


def _write(pairs: Pairs, path: Path) -> None:
    from sana_desktop.reports.records.job_list import to_csv

    write_private(path, to_csv(pairs, state_words_of).encode("utf-8-sig", "replace"))
