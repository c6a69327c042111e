"""What was found of a site last, over a restart: whether its answers repeat themselves, and its health (B28, B32)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatVerdict
from sana_desktop.practice.database import Database
from sana_desktop.practice.health.report import HealthReport, report_from_row, report_to_row

log = logging.getLogger(__name__)

REPEATABILITY, HEALTH = "repeatability", "health"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HealthFound:
    """A health check, and when it was run."""

    report: HealthReport
    at: datetime


class FindingStore:
    """The last finding of each kind for each connection, as long as it leads to the same place.

    A row that makes no sense is as if there were none.

    Args:
        place: returns what tells the place that a connection leads to from others; see `site_changes.place_of`.
    """

    def __init__(
        self, database: Database, clock: Clock, place: Callable[[str], str] = lambda connection_id: connection_id
    ) -> None:
        self.place = place
        self._database = database
        self._clock = clock

    async def keep_repeatability(self, connection_id: str, found: Repeatability) -> None:
        """Keep a verdict in place of the one before. What can't be saved holds until the app ends."""
        row = {"verdict": found.verdict.value, "asked": found.asked, "agreement": found.agreement}
        await self._keep(connection_id, REPEATABILITY, row)

    async def repeatability(self) -> dict[str, Repeatability]:
        """Return the last verdict of each connection, with when it was found. Raises StorageError."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT connection_id, found_at, body, place FROM practice_findings WHERE kind = ?", (REPEATABILITY,)
            ).fetchall()
        )
        read = {
            str(owner): _read(_repeatability, at, body) for owner, at, body, place in rows if place == self.place(owner)
        }
        return {owner: found for owner, found in read.items() if found is not None}

    async def keep_health(self, connection_id: str, report: HealthReport) -> datetime:
        """Keep a report in place of the one before, and return when; errors as `keep_repeatability`."""
        return await self._keep(connection_id, HEALTH, report_to_row(report))

    async def health(self, connection_id: str) -> HealthFound | None:
        """Return the last report of a connection, None if there is none. Raises StorageError."""
        values = (connection_id, HEALTH, self.place(connection_id))
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT found_at, body FROM practice_findings WHERE connection_id = ? AND kind = ? AND place = ?",
                values,
            ).fetchone()
        )
        return None if row is None else _read(_health, *row)

    async def _keep(self, connection_id: str, kind: str, body: object) -> datetime:
        now = self._clock.now()
        place = self.place(connection_id)
        values = (connection_id, kind, format_utc(now), json.dumps(body, ensure_ascii=False), place)
        try:
            await self._database.write(lambda connection: connection.execute(_KEEP, values).rowcount)
        except SanaError as error:
            log.warning("what was found can't be kept: %s", error.code)
        return now


_KEEP = """
    INSERT INTO practice_findings (connection_id, kind, found_at, body, place) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET found_at = excluded.found_at, body = excluded.body, place = excluded.place
"""


def _read(make: Callable[[Any, datetime], T], found_at: str, body: str) -> T | None:
    at = parse_timestamp(found_at)
    try:
        return None if at is None else make(json.loads(body), at)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _repeatability(told: Any, at: datetime) -> Repeatability:
    return Repeatability(RepeatVerdict(told["verdict"]), int(told["asked"]), float(told["agreement"]), earlier=at)


def _health(told: Any, at: datetime) -> HealthFound:
    return HealthFound(report_from_row(told), at)
