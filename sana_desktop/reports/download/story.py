"""Lines of a job's story about the pauses and ends of its file: each wait can be read there afterwards. Pure."""

from __future__ import annotations

from sana_desktop.reports.records.job import FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState

BY_HAND = "by hand"
AFTER_SIGN_IN = "by itself: the site lets us in again"
"""Who paused a download, or let it go on."""
LINK_ENDED = "link ended"
NO_FILE = "no file"
"""How a download ends that brings no file. As long as that is so its record says it; the story does once it goes on."""


def paused_line(record: TransferRecord) -> tuple[TimelineEntry, ...]:
    """Return that a download waits for a person, and why; nothing if it does not."""
    if record.state is not TransferState.PAUSED:
        return ()
    return (TimelineEntry(record.changed_at, FileEvent.PAUSED, record.error_message),)


def ending_line(record: TransferRecord) -> tuple[TimelineEntry, ...]:
    """Return how a download had ended that is tried again; nothing if it had not."""
    events = {TransferState.LINK_ENDED: LINK_ENDED, TransferState.FAILED: NO_FILE}
    event = events.get(record.state)
    return () if event is None else (TimelineEntry(record.changed_at, event, record.error_message),)
