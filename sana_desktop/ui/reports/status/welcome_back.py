"""What is said at the start of what was under way: how much of it goes on, and what needs the person (B09)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sana_desktop.base.errors import NetworkError, SanaError
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.words.report_words import names_of
from sana_desktop.ui.reports.words.state_words import span
from sana_desktop.ui.tr import tr


class Clients(Protocol):
    """What it needs of `workspace.clients.ClientPool`."""

    async def client(self, connection_id: str, /) -> Any: ...


def restored_words(going: Sequence[JobRecord], now: datetime, stuck: Sequence[JobRecord] = ()) -> str:
    """Return what a start says of exports that were under way, and of the link that ends first of those to be fetched.

    Args:
        going: those that go on by themselves.
        stuck: those that need the person.
    """
    said = []
    if going:
        said.append(
            tr("Status line", "1 export was under way; it goes on.")
            if len(going) == 1
            else tr("Status line", "{n} exports were under way; they go on.", n=len(going))
        )
    if stuck:
        words = "{names} needs you." if len(stuck) == 1 else "{names} need you."
        said.append(tr("Status line", words, names=names_of(stuck)))
    ends = [job.link.expires_at for job in going if job.link is not None and job.link.expires_at is not None]
    left = (min(ends) - now).total_seconds() if ends else 0.0
    if left > 0:
        words = "One link is still good for {time}: it is fetched first."
        said.append(tr("Status line", words, time=span(left)))
    return " ".join(said)


async def who_goes_on(
    restored: Sequence[JobRecord], file_of: Callable[[str], TransferRecord | None], clients: Clients
) -> tuple[list[JobRecord], list[JobRecord]]:
    """Return the jobs that go on by themselves, and those that need the person. What a person paused is neither.

    A job whose connection has no access any more, such as a pass that was in memory only, does not go on. Whether it
    has is asked of the password store, which may take its time.
    """
    locked = await _locked_out({job.order.connection_id for job in restored if _needs_access(job)}, clients)
    going: list[JobRecord] = []
    stuck: list[JobRecord] = []
    for job in restored:
        file = file_of(job.id)
        if job.state is JobState.PAUSED or (_needs_access(job) and job.order.connection_id in locked):
            stuck.append(job)
        elif job.state is JobState.READY and file is not None and file.state is TransferState.PAUSED:
            stuck.extend([job] if file.error_message else [])
        else:
            going.append(job)
    return going, stuck


def _needs_access(job: JobRecord) -> bool:
    return job.state is not JobState.READY


async def _locked_out(connections: Iterable[str], clients: Clients) -> Sequence[str]:
    locked = []
    for connection in sorted(connections):
        try:
            await clients.client(connection)
        except NetworkError:
            continue  # the app is closing
        except SanaError:
            locked.append(connection)
    return locked
