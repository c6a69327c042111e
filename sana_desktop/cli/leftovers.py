"""What a killed export left, so that the same command goes on with it instead of ordering the report again (B09)."""

from __future__ import annotations

from datetime import datetime

from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import TransferState

LEFT_STATES = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.READY})


async def is_own_file(ledger: Ledger, order: Order, since: datetime) -> bool:
    """Return whether the file at the target may be that of this very order, killed between rename and note (P05)."""
    for record in await _of_same_query(ledger, order, since):
        if record.state is JobState.READY and record.order == order:
            transfer = await ledger.transfer_of(record.id)
            if transfer is not None and transfer.state is TransferState.FINALIZING:
                return True
    return False


async def _of_same_query(ledger: Ledger, order: Order, since: datetime) -> list[JobRecord]:
    found = await ledger.jobs(states=LEFT_STATES, connection_id=order.connection_id, since=since)
    return [record for record in found if record.order.sql == order.sql]
