"""Going on where a dead process stopped: the same rules, started from what it wrote down (P01 to P04, B09)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sana_desktop.api.errors import submit_unknown
from sana_desktop.reports.queue import steps
from sana_desktop.reports.queue.poller import JobPoller
from sana_desktop.reports.queue.registry import JobRegistry, TrackedJob
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.submission import Submission
from sana_desktop.reports.records.job import APP_STARTED, SENDING, JobRecord, JobState, Order, TimelineEntry


class Recovery:
    """Takes over the jobs of dead processes.

    Args:
        is_alive: tells whether the process of an owner id still runs; asked once an owner.
    """

    def __init__(
        self,
        registry: JobRegistry,
        scheduler: RequestScheduler,
        watching: JobPoller,
        submission: Submission,
        is_alive: Callable[[str], bool],
    ) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._watching = watching
        self._submission = submission
        self._is_alive = is_alive

    async def restore(self) -> list[JobRecord]:
        """See `JobQueue.restore`."""
        ledger = self._registry.ledger
        await ledger.drop_ended_links(self._registry.clock.now())
        watches = [
            self._registry.take(record, self._scheduler.now()) for record in await self._adopt(await ledger.open_jobs())
        ]
        lost = [watch for watch in watches if watch.record.state is JobState.SUBMITTING]
        await self._lose(lost)
        undelivered = await self._adopt(await ledger.undelivered_jobs())
        in_hand = list(self._registry.watches.values())
        restored = [*(watch.record for watch in in_hand if watch not in lost), *undelivered]
        self._watching.look_now(self._registry.of_all(JobState.WATCHING))
        for watch in self._registry.of_all(JobState.QUEUED):
            self._send(watch)
        for watch in in_hand:
            await self._watching.remember(watch)
            self._registry.changed.publish(watch.record)
            await asyncio.sleep(0)
        return restored

    async def take_over(self, order: Order, since: datetime) -> JobRecord | None:
        """See `JobQueue.take_over`."""
        ledger = self._registry.ledger
        undelivered = {record.id for record in await ledger.undelivered_jobs()}
        states = {JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.READY}
        for record in await ledger.jobs(states=states, connection_id=order.connection_id, since=since):
            if record.order != order or (record.state is JobState.READY and record.id not in undelivered):
                continue
            if (watch := self._registry.watches.get(record.id)) is not None:
                return watch.record
            for adopted in await self._adopt([record]):
                return await self._go_on(adopted)
        return None

    async def _go_on(self, record: JobRecord) -> JobRecord:
        if record.state is JobState.READY:
            return record
        watch = self._registry.take(record, self._scheduler.now())
        if record.state is JobState.SUBMITTING:
            await self._lose([watch])
        elif record.state is JobState.WATCHING:
            self._watching.look_now([watch])
        else:
            self._send(watch)
        return watch.record

    async def _lose(self, watches: list[TrackedJob]) -> None:
        """An order that was being sent when its process died: its fate is not known."""
        at = self._registry.clock.now()
        error = submit_unknown(detail="The app ended between the order and its answer.")
        changes = [
            (
                watch,
                replace(
                    steps.ended(watch.record, at, JobState.SUBMIT_UNKNOWN, error),
                    before=await self._untold(watch.record),
                ),
            )
            for watch in watches
        ]
        if changes:
            await self._registry.commit_all(changes)

    async def _untold(self, record: JobRecord) -> tuple[TimelineEntry, ...]:
        """Return the line about the sending of a lost order where its story has none: a late try is told by its end."""
        sent = record.submitted_at
        story = await self._registry.ledger.timeline(record.id)
        if sent is None or any(entry.event == SENDING and entry.at >= sent for entry in story):
            return ()
        return (TimelineEntry(sent, SENDING),)

    def _send(self, watch: TrackedJob) -> None:
        record, seconds = watch.record, 0.0
        if record.next_look_at is not None:
            left = record.next_look_at - self._registry.clock.now()
            # Never longer than it was to be: the clock may have been set back since, by years.
            asked = record.next_look_at - record.changed_at
            seconds = max(min(left, asked).total_seconds(), 0.0)
        self._submission.plan(watch, seconds)

    async def _adopt(self, records: list[JobRecord]) -> list[JobRecord]:
        """Return those of `records` that belong to this process or did belong to a dead one."""
        owners = {record.owner for record in records} - {self._registry.owner}
        dead = {owner for owner in owners if not self._is_alive(owner)}
        left = [record for record in records if record.owner in dead]
        mine = [record for record in records if record.owner == self._registry.owner]
        if not left:
            return mine
        entry = TimelineEntry(self._registry.clock.now(), APP_STARTED)
        return mine + await self._registry.ledger.adopt(left, self._registry.owner, entry)
