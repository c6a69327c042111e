"""What is said while the window closes on work under way: a quit asks nothing, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Iterable

from sana_desktop.reports.records.job import OPEN_STATES, JobRecord
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord
from sana_desktop.ui.tr import tr


def farewell_words(jobs: Iterable[JobRecord], transfers: Iterable[TransferRecord]) -> str:
    """Return what becomes of what is under way, "" if nothing is."""
    reports = sum(record.state in OPEN_STATES for record in jobs)
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
    if not parts:
        return ""
    return tr(
        "Status line",
        "Closing. What is under way goes on at the next start: {what}.",
        what=tr("Status line", " and ").join(parts),
    )
