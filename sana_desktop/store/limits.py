"""The store's times and sizes, in one place (B11, P11)."""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.store.disk_reserve import BALLAST_BYTES, ROOM_WANTED_BYTES
from sana_desktop.store.sqlite import BUSY_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """The store's times and sizes, each with its unit.

    Attributes:
        busy_seconds: how long SQLite waits for a lock within one statement.
        opening_seconds: how long the opening is tried again while the store is locked or being opened (P11).
        patience_seconds: how long a read or write is tried again while the store is locked or its disk full (P11).
        room_look_seconds: how often a full disk is looked at again.
        close_seconds: how long `close` waits for what is under way (I10: quit within 5 s).
        batch: most writes that share one commit.
        readers: reading threads.
        first_backup_seconds: after the opening, before the first backup and the ballast are thought of.
        backup_look_seconds: how often it is asked whether a backup is due.
        closing_backup_bytes: up to this size a backup that is due is made at closing: short runs get one too.
        ballast_bytes: what is kept in reserve for a full disk.
        ballast_room_bytes: the reserve is laid down only where this much stays free beside it.
    """

    busy_seconds: float = BUSY_TIMEOUT_SECONDS
    opening_seconds: float = 30.0
    patience_seconds: float = 30.0
    room_look_seconds: float = 1.0
    close_seconds: float = 4.0
    batch: int = 256
    readers: int = 2
    first_backup_seconds: float = 20.0
    backup_look_seconds: float = 3600.0
    closing_backup_bytes: int = 32 * 1024 * 1024
    ballast_bytes: int = BALLAST_BYTES
    ballast_room_bytes: int = ROOM_WANTED_BYTES


FOR_A_COMMAND = StoreLimits(opening_seconds=BUSY_TIMEOUT_SECONDS)
"""A command that can't begin says so soon: nobody sits there to read why it waits."""
