"""What a killed export left, so that the same command goes on with it instead of ordering the report again (B09)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sana_desktop.reports.job import JobRecord, JobState, Order
from sana_desktop.reports.ledger import Ledger
from sana_desktop.reports.transfer import TransferState

LEFT_STATES = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.READY})
_OWN_NAME = re.compile(r"(?P<what>.+)_\d{8}-\d{4}_[0-9A-Za-z]+\.(?:csv|xlsx)")


async def is_own_file(ledger: Ledger, order: Order, since: datetime) -> bool:
    """Return whether the file at the target may be that of this very order, killed between rename and note (P05)."""
    for record in await _of_same_query(ledger, order, since):
        if record.state is JobState.READY and record.order == order:
            transfer = await ledger.transfer_of(record.id)
            if transfer is not None and transfer.state is TransferState.FINALIZING:
                return True
    return False


async def same_wish_elsewhere(ledger: Ledger, order: Order, since: datetime) -> Sequence[Order]:
    """Return earlier orders that differ only in the name this app chose for the file, in the same folder, newest first.

    A name of our own has the time in it: the same command twice means two names and is still one wish.
    """
    wanted = _own_name(order)
    return [
        record.order
        for record in await _of_same_query(ledger, order, since)
        if wanted is not None
        and record.order != order
        and _own_name(record.order) == wanted
        and replace(record.order, target=order.target) == order
    ]


async def _of_same_query(ledger: Ledger, order: Order, since: datetime) -> list[JobRecord]:
    found = await ledger.jobs(states=LEFT_STATES, connection_id=order.connection_id, since=since)
    return [record for record in found if record.order.sql == order.sql]


def _own_name(order: Order) -> tuple[Path, str] | None:
    if order.target is None:
        return None
    target = Path(order.target)
    name = _OWN_NAME.fullmatch(target.name)
    return None if name is None else (target.parent, name["what"])
