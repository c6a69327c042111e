"""The one sentence of the status line: what is going on, made from what is under way. Pure, so that it can't drift."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sana_desktop.base.text import one_line
from sana_desktop.reports.job import JobRecord, JobState
from sana_desktop.reports.transfer import TransferRecord, TransferState
from sana_desktop.ui.status_line import Tone
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Truth:
    """What the status line says, and in which tone."""

    text: str
    tone: Tone


def truth_of(jobs: Collection[JobRecord], transfers: Collection[TransferRecord], last_done: str, site: str) -> Truth:
    """Return what is true now.

    What needs the person comes first, then trouble, then what is under way, then what happened last.

    Args:
        jobs: those in an open state.
        transfers: those that are not finished, and paused ones.
        last_done: name of the file finished last in this session; empty if there was none.
        site: name of the chosen site; empty if there is none.
    """
    waiting_for_person = [record for record in jobs if record.state is JobState.PAUSED]
    if waiting_for_person:
        return Truth(waiting_for_person[0].error_message or tr("Status line", "A report needs you."), "warn")
    stuck = [record for record in transfers if record.state is TransferState.PAUSED and record.error_message]
    if stuck:
        return Truth(stuck[0].error_message, "warn")
    troubled = next((record.trouble for record in jobs if record.trouble), "")
    parts = [part for part in (_jobs_part(jobs), _transfers_part(transfers), troubled) if part]
    if parts:
        return Truth(" · ".join(parts), "warn" if troubled else "busy")
    if last_done:
        return Truth(tr("Status line", "Saved and checked: {name}", name=one_line(last_done, NAME_CHARACTERS)), "good")
    if site:
        return Truth(
            tr("Status line", "Nothing under way. Reports come from {site}.", site=one_line(site, 60)), "quiet"
        )
    return Truth(tr("Status line", "Nothing under way. No site is connected yet."), "quiet")


def _jobs_part(jobs: Collection[JobRecord]) -> str:
    count = len(jobs)
    if count == 0:
        return ""
    if count == 1:
        record = next(iter(jobs))
        title = one_line(record.order.title, NAME_CHARACTERS)
        if record.state is JobState.WATCHING:
            return tr("Status line", "The site is preparing “{title}”", title=title)
        if record.state is JobState.SUBMITTING:
            return tr("Status line", "Ordering “{title}”", title=title)
        return tr("Status line", "“{title}” is waiting to be sent", title=title)
    return tr("Status line", "{n} reports under way", n=count)


def _transfers_part(transfers: Collection[TransferRecord]) -> str:
    active = [record for record in transfers if record.state in {TransferState.FETCHING, TransferState.FINALIZING}]
    waiting = [record for record in transfers if record.state is TransferState.WAITING]
    if len(active) == 1:
        return tr("Status line", "fetching {name}", name=one_line(active[0].name, NAME_CHARACTERS))
    if active:
        return tr("Status line", "fetching {n} files", n=len(active))
    if waiting:
        return (
            tr("Status line", "{n} downloads waiting", n=len(waiting))
            if len(waiting) > 1
            else tr("Status line", "1 download waiting")
        )
    return ""
