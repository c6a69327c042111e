"""What is said while the window closes on work under way: a quit asks nothing, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord
from sana_desktop.ui.reports.words.report_words import names_of
from sana_desktop.ui.tr import tr


def farewell_words(
    jobs: Iterable[JobRecord],
    transfers: Iterable[TransferRecord],
    forgets: Callable[[str], bool] = lambda connection: False,
) -> str:
    """Return what becomes of what is under way, "" if nothing is.

    Args:
        forgets: whether what lets a connection in is in memory only, and gone with the app.
    """
    under_way = [record for record in jobs if record.state in OPEN_STATES - {JobState.PAUSED}]
    locked_out = [record for record in under_way if forgets(record.order.connection_id)]
    reports = len(under_way) - len(locked_out)
    files = sum(record.state in OPEN_TRANSFERS for record in transfers)
    parts = []
    if reports:
        parts.append(
            tr("Status line", "1 report") if reports == 1 else tr("Status line", "{count} reports", count=reports)
        )
    if files:
        parts.append(
            tr("Status line", "1 download") if files == 1 else tr("Status line", "{count} downloads", count=files)
        )
    said = []
    names = names_of(locked_out)
    if parts:
        what = tr("Status line", " and ").join(parts)
        said.append(tr("Status line", "What is under way goes on at the next start: {what}.", what=what))
    if locked_out:
        words = "The pass or secret for {names} is in memory only: at the next start it waits for you to sign in."
        if len(locked_out) > 1:
            words = (
                "The passes or secrets for {names} are in memory only: at the next start they wait for you to sign in."
            )
        said.append(tr("Status line", words, names=names))
    return " ".join((tr("Status line", "Closing."), *said)) if said else ""
