"""What a command found wrong with the store is said by the next window, too: nobody may have read standard error."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

from sana_desktop.base.errors import StorageError
from sana_desktop.base.words import Words
from sana_desktop.store.opening import Notice, OpenReport
from sana_desktop.store.settings import UNTOLD_NOTICES, Settings

log = logging.getLogger(__name__)

NETWORK_CODE = "W-DB-NETWORK"


async def hand_over(settings: Settings, report: OpenReport, *, to_a_window: bool) -> OpenReport:
    """Keep what there is to tell of the store for the next window; a window gets what was kept for it.

    Returns:
        The report, in a window with what earlier commands had to tell before its own notices.
    """
    kept = settings.get(UNTOLD_NOTICES)
    try:
        if not to_a_window:
            for notice in report.notices:
                if notice.code != NETWORK_CODE:  # that is found anew at each start
                    await settings.put_entry(UNTOLD_NOTICES, notice.code, _stored(notice))
            return report
        if kept:
            await settings.reset(UNTOLD_NOTICES)
    except StorageError as error:
        log.warning("what there is to tell was not kept: %s", error.code)
    told = tuple(notice for notice in map(_notice, kept.items()) if notice is not None)
    return replace(report, notices=(*told, *report.notices))


def _stored(notice: Notice) -> str:
    return json.dumps({"template": notice.words.template, "values": dict(notice.words.values)})


def _notice(entry: tuple[str, str]) -> Notice | None:
    code, stored = entry
    try:
        parts = json.loads(stored)
        return Notice(code, Words(parts["template"], **parts["values"]))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        log.warning("a kept notice is unusable: %s", code)
        return None
