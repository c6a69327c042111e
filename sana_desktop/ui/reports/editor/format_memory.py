"""Which format a query was last wanted in (A18)."""

from __future__ import annotations

import hashlib
import logging

from sana_desktop.base.errors import SanaError
from sana_desktop.reports.records.drafts import Format
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings

log = logging.getLogger(__name__)


class FormatMemory:
    """Remembers by the query's hash: the settings hold no query."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, sql: str) -> Format:
        """Return the format last chosen for this query, else the one last chosen at all."""
        default = self._settings.get(keys.DEFAULT_FORMAT)
        return _format(self._settings.get(keys.FORMAT_BY_QUERY).get(_name(sql), default))

    def usual(self) -> Format:
        """Return the format last chosen at all."""
        return _format(self._settings.get(keys.DEFAULT_FORMAT))

    async def keep(self, sql: str, form: Format) -> None:
        """Remember a choice; not being able to is logged, and no reason to stop an order."""
        try:
            if self._settings.get(keys.FORMAT_BY_QUERY).get(_name(sql)) != form:
                await self._settings.put_entry(keys.FORMAT_BY_QUERY, _name(sql), form)
            if self._settings.get(keys.DEFAULT_FORMAT) != form:
                await self._settings.set(keys.DEFAULT_FORMAT, form)
        except SanaError as error:
            log.warning("the chosen format is not remembered: %s", error.code)


def _name(sql: str) -> str:
    return hashlib.sha256(sql.strip().encode("utf-8", "surrogatepass")).hexdigest()


def _format(value: str) -> Format:
    return "xlsx" if value == "xlsx" else "csv"
