"""The database as the rest of the app sees it: one writer thread, readers beside it, a loop that never waits (B11)."""

from __future__ import annotations

import asyncio
import logging
import math
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TypeVar

from sana_desktop.base.clock import Clock, SystemClock
from sana_desktop.base.errors import StorageError
from sana_desktop.base.events import Topic
from sana_desktop.base.threads import tell_loop
from sana_desktop.store.backups import back_up_if_due
from sana_desktop.store.disk_reserve import DiskReserve
from sana_desktop.store.limits import StoreLimits
from sana_desktop.store.opening import Notice, OpenReport, Place, open_database
from sana_desktop.store.orders import AnyOrder, Order, settle_all
from sana_desktop.store.ownership import ProcessMark, wait_for_lock
from sana_desktop.store.private import folder_error, private_folder
from sana_desktop.store.schema import Migration, load_migrations
from sana_desktop.store.sqlite import (
    Trouble,
    connect,
    is_of_the_disk,
    locked_error,
    storage_error,
    trouble_of,
)
from sana_desktop.store.writing import Outcome, run_batch

__all__ = ["Database", "Notice", "OpenReport", "StoreHealth", "StoreLimits"]

log = logging.getLogger(__name__)

Result = TypeVar("Result")

FOLD_SECONDS = 1.0
"""How long folding the log in waits for another process; the close does it otherwise."""


JOIN_LOOK_SECONDS = 0.02
"""How often a close looks whether it is still waited for; a thread that ends wakes it at once."""


class StoreHealth(Enum):
    """Whether changes reach the disk right now."""

    GOOD = "good"
    LOCKED = "locked"
    FULL = "full"


class Database:
    """The app's one database.

    `work` functions get a connection, run on a thread of the store, and must do nothing but talk to that connection:
    no commit, no waiting, no other state, for they may be run a second time when the first try met a locked store or
    a full disk. They may raise: a write is then undone, and the exception comes out of `write`.

    Two processes (the window and the command `export`) may have the same file open.

    Args:
        path: the database file; backups and companions lie beside it.
        clock: for the names of backups.
        limits: times and sizes.
        migrations: the schema; the package's own if None.

    Attributes:
        health: published on the loop of `open` when the store becomes locked or full, and when it is well again.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock | None = None,
        limits: StoreLimits | None = None,
        migrations: tuple[Migration, ...] | None = None,
    ) -> None:
        self.path = path
        self.health: Topic[StoreHealth] = Topic("store health")
        self._place = Place(path)
        self._clock = clock or SystemClock()
        self._limits = limits or StoreLimits()
        self._migrations = migrations
        self._mark = ProcessMark(self._place.users)
        self._ballast = DiskReserve(self._place.ballast, self._limits.ballast_bytes, self._limits.ballast_room_bytes)
        self._writes: queue.SimpleQueue[AnyOrder | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[AnyOrder | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._readers = 0
        self._health = StoreHealth.GOOD
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = threading.Event()
        self._give_up = threading.Event()
        self._network = False
        self._state = "new"

    @property
    def owner_id(self) -> str:
        """The id of this process's mark, held while the database is open."""
        return self._mark.owner_id

    async def open(self) -> OpenReport:
        """Open, check, and if need be migrate or restore; see `OpenReport` for what a person should be told.

        Raises:
            StorageError: it can't be opened; nothing was changed then.
        """
        if self._state != "new":
            raise RuntimeError("a database is opened once")
        self._state = "open"
        self._loop = asyncio.get_running_loop()
        opening = AnyOrder(lambda _: None, math.inf)
        self._spawn("store-writer", self._write_forever, opening)
        try:
            report: OpenReport = await opening.answer()
        except BaseException:
            self._state = "closed"
            self._closing.set()
            self._writes.put(None)
            raise
        self._network = report.network
        self._spawn("store-keeper", self._keep_forever)
        return report

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what `work` reads, from one consistent state of the database that holds every finished write.

        Raises:
            StorageError: the store is closed, locked for too long, or its disk does not serve.
        """
        self._refuse_if_closed()
        order = Order(work, self._limits.patience_seconds)
        if self._readers < self._limits.readers:
            self._readers += 1
            self._spawn(f"store-reader-{self._readers}", self._read_forever)
        self._reads.put(order)
        return await order.answer()

    async def write(
        self, work: Callable[[sqlite3.Connection], Result], *, patience_seconds: float | None = None
    ) -> Result:
        """Run `work` in a transaction of its own and return its result once that is on the disk.

        Writes happen in the order of the calls. Those that wait at the same time share a commit; each is still whole
        or undone by itself. A call that is cancelled is carried out nevertheless.

        Args:
            work: see the class.
            patience_seconds: how long to try while the store is locked or its disk full; `math.inf` for a state that
                must not be dropped (D16). The default is 30.

        Raises:
            StorageError: E-DB-LOCKED, E-DISK-FULL, E-DB-DAMAGED, E-DB-IO, E-DB-CLOSED; nothing was changed then.
        """
        self._refuse_if_closed()
        order = Order(work, self._limits.patience_seconds if patience_seconds is None else patience_seconds)
        self._writes.put(order)
        return await order.answer()

    async def checkpoint(self) -> None:
        """Fold the write-ahead log into the file and empty it, so that it holds nothing any more that was deleted.

        While another process reads, that waits for the close.
        """
        self._refuse_if_closed()
        if not self._network:
            await asyncio.to_thread(self._fold)

    async def close(self) -> None:
        """Finish what is under way, within some seconds, and let go of the file; done twice it does nothing."""
        if self._state != "open":
            self._state = "closed"
            return
        self._state = "closed"
        self._closing.set()
        self._writes.put(None)
        for _ in range(self._readers):
            self._reads.put(None)
        deadline = time.monotonic() + self._limits.close_seconds
        try:
            await asyncio.to_thread(self._join, deadline)
        except asyncio.CancelledError:
            self._give_up.set()  # nor may the thread that waits hold up the end of the loop
            raise

    # On the store's threads.

    def _join(self, deadline: float) -> None:
        for thread in self._threads:
            while thread.is_alive() and time.monotonic() < deadline and not self._give_up.is_set():
                thread.join(JOIN_LOOK_SECONDS)
        if not self._give_up.is_set() and any(thread.is_alive() for thread in self._threads):
            log.error("the store did not close in time")
            self._give_up.set()

    def _fold(self) -> None:
        try:
            connection = connect(self.path, busy_seconds=FOLD_SECONDS)
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.close()
        except (sqlite3.Error, StorageError):
            log.warning("the log could not be folded in now", exc_info=True)

    def _spawn(self, name: str, work: Callable[..., None], *args: object) -> None:
        # Daemons: a hung disk must not keep the process from ending.
        thread = threading.Thread(target=work, args=args, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _refuse_if_closed(self) -> None:
        if self._state != "open":
            raise _closed()

    def _write_forever(self, opening: AnyOrder) -> None:
        try:
            connection, report = self._open_patiently()
        except Exception as error:
            opening.settle(Outcome(error=self._plain(error)))
            return
        opening.settle(Outcome(report))
        last = False
        while not last:
            batch: list[AnyOrder] = []
            last = self._gather(batch, block=True)
            if batch:
                self._commit(connection, batch)
        self._close_writer(connection)

    def _gather(self, batch: list[AnyOrder], *, block: bool) -> bool:
        """Add the waiting writes to `batch`; return whether the end was reached."""
        try:
            while len(batch) < self._limits.batch:
                order = self._writes.get(block=block)
                if order is None:
                    return True
                batch.append(order)
                block = False
        except queue.Empty:
            pass
        return False

    def _open_patiently(self) -> tuple[sqlite3.Connection, OpenReport]:
        migrations = load_migrations() if self._migrations is None else self._migrations
        deadline = time.monotonic() + self._limits.opening_seconds
        private_folder(self.path.parent)
        lock = wait_for_lock(self._place.opening, self._limits.opening_seconds)
        try:
            while True:
                try:
                    return open_database(
                        self._place, migrations, self._mark, self._clock.now(), self._limits.busy_seconds
                    )
                except sqlite3.Error as error:
                    if trouble_of(error) is not Trouble.LOCKED or time.monotonic() >= deadline:
                        raise
                    self._report(StoreHealth.LOCKED)
                    self._closing.wait(0.05)
        finally:
            lock.release()

    def _commit(self, connection: sqlite3.Connection, batch: list[AnyOrder]) -> None:
        """Carry out `batch` in one transaction, for as long as its patience lasts; settle every order in it."""
        while batch:
            try:
                outcomes = run_batch(connection, [order.work for order in batch])
            except Exception as error:
                trouble = trouble_of(error)
                if trouble in {Trouble.LOCKED, Trouble.FULL}:
                    batch = self._wait_out(trouble, error, batch)
                elif len(batch) > 1 and isinstance(error, sqlite3.Error):
                    # One of them broke the common transaction; alone it breaks only its own.
                    for order in batch:
                        self._commit(connection, [order])
                    return
                else:
                    settle_all(batch, Outcome(error=self._plain(error)))
                    return
            else:
                self._report(StoreHealth.GOOD)
                for order, outcome in zip(batch, outcomes, strict=True):
                    order.settle(outcome)
                return

    def _wait_out(self, trouble: Trouble, error: Exception, batch: list[AnyOrder]) -> list[AnyOrder]:
        """Wait until another try is worth it; return the orders that still have patience, and fail the others."""
        full = trouble is Trouble.FULL
        self._report(StoreHealth.FULL if full else StoreHealth.LOCKED)
        if full and self._ballast.release():
            log.warning("the disk is full: the reserve was given back")
            return batch
        # SQLite has waited for a lock already, but for some kinds of lock it does not.
        self._give_up.wait(self._limits.room_look_seconds if full else 0.05)
        now = math.inf if self._give_up.is_set() else time.monotonic()
        settle_all([order for order in batch if order.deadline <= now], Outcome(error=self._plain(error)))
        return [order for order in batch if order.deadline > now]

    def _close_writer(self, connection: sqlite3.Connection) -> None:
        try:
            back_up_if_due(connection, self._place.backups, self._clock.now(), self._limits.closing_backup_bytes)
            if not self._network:
                # Not worth a wait for the other process that may be reading.
                connection.execute("PRAGMA busy_timeout = 200").fetchall()
                # With nothing left in the log, a kill from here on can lose nothing and be mistaken for nothing.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error:
            log.warning("the log could not be folded in at closing", exc_info=True)
        finally:
            self._mark.release()
            connection.close()
            orders: list[AnyOrder] = []
            self._gather(orders, block=False)
            settle_all(orders, Outcome(error=_closed()))

    def _read_forever(self) -> None:
        connection: sqlite3.Connection | None = None
        while (order := self._reads.get()) is not None:
            while True:
                try:
                    connection = connection or connect(
                        self.path, wal=not self._network, query_only=True, busy_seconds=self._limits.busy_seconds
                    )
                    connection.execute("BEGIN")
                    try:
                        outcome = Outcome(order.work(connection))
                    finally:
                        if connection.in_transaction:
                            connection.execute("ROLLBACK")
                except Exception as error:
                    locked = trouble_of(error) is Trouble.LOCKED
                    if locked and time.monotonic() < order.deadline and not self._give_up.wait(0.05):
                        continue
                    outcome = Outcome(error=self._plain(error))
                break
            order.settle(outcome)
        if connection is not None:
            connection.close()

    def _keep_forever(self) -> None:
        """Backups and ballast, off the start path and off the writer's."""
        pause = self._limits.first_backup_seconds
        while not self._closing.wait(pause):
            pause = self._limits.backup_look_seconds
            try:
                if self._health is StoreHealth.GOOD:
                    self._ballast.lay()
                connection = connect(
                    self.path, wal=not self._network, query_only=True, busy_seconds=self._limits.busy_seconds
                )
                try:
                    back_up_if_due(connection, self._place.backups, self._clock.now())
                finally:
                    connection.close()
            except (sqlite3.Error, StorageError):
                log.warning("no backup could be made now", exc_info=True)

    def _report(self, health: StoreHealth) -> None:
        if health is self._health or self._loop is None:
            return
        self._health = health
        tell_loop(self._loop, self.health.publish, health)

    def _plain(self, error: Exception) -> Exception:
        """Return the plain-word error for what the machine did; a mistake in a work stays what it is."""
        if isinstance(error, TimeoutError):
            plain: Exception = locked_error("another process is opening it")
        elif isinstance(error, sqlite3.Error) and is_of_the_disk(error):
            plain = storage_error(error, self.path)
        elif isinstance(error, OSError):
            plain = folder_error(self.path.parent, error)
        else:
            return error
        plain.__cause__ = error
        return plain


def _closed() -> StorageError:
    return StorageError(
        "The app's own store is closed, so this was not saved.",
        code="E-DB-CLOSED",
        next_step="Start the app again.",
    )
