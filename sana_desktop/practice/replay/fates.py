"""Answers of a replay's learner of which nobody knows whether they arrived: it goes on past them by a decision (O03).

Sent again they could count twice, and what comes after them was answered after them. So it stops, says how many they
are, and sends what follows when a person wants that; those themselves are never sent again by it.
"""

from __future__ import annotations

from sana_desktop.base.errors import OutcomesUnknown
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.outbox import OutboxCounts
from sana_desktop.practice.replay.record import ReplayRecord

UNDECIDED = "E-REPLAY-UNKNOWN"


async def fates(delivery: Delivery, record: ReplayRecord) -> OutboxCounts:
    """Return what is open of the answers of a replay's learner, whatever run or hand sent them."""
    return (await delivery.counts_of_each(record.connection_id)).get(record.user_id, OutboxCounts())


def undecided(count: int) -> OutcomesUnknown:
    """Return the error of a replay that waits for a decision about so many answers."""
    return OutcomesUnknown(
        "Of 1 answer it is not known whether it arrived. Going on sends what comes after it, and never that one again."
        if count == 1
        else "Of {n} answers it is not known whether they arrived. Going on sends what comes after them, and never "
        "those again.",
        code=UNDECIDED,
        next_step="Go on after them, or look at them first, among the answers on their way.",
        values={"n": f"{count:,}"},
    )
