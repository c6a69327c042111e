"""Check and tidying of SQL as the editor wants them: in a thread, in the person's language, loaded when first asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words
from sana_desktop.ui.reports.findings import Finding, Severity
from sana_desktop.ui.tr import tr

_SEVERITIES: dict[str, Severity] = {"error": "error", "warning": "warning"}


async def check_query(text: str, caret: int) -> Sequence[Finding]:
    """Return the remarks on `text`, those on the statement at the caret (in characters) first."""
    if not text.strip():
        return []
    return await asyncio.to_thread(_check, text, caret)


async def tidy_query(text: str) -> str:
    """Return `text` tidied.

    Raises:
        UserError: if it can't be tidied without a risk to its meaning; the sentence says why.
    """
    tidied, reason = await asyncio.to_thread(_tidy, text)
    if reason is not None:
        raise UserError(reason.template, code="E-SQL-TIDY", values=reason.values)
    return tidied


def _check(text: str, caret: int) -> list[Finding]:
    # sqlglot comes along here; the window is painted long before.
    from sana_desktop.reports.sql import check, statement_at

    here = statement_at(text, caret)
    findings = [
        Finding(
            found.start,
            found.end,
            _SEVERITIES.get(found.severity, "note"),
            found.message.say(lambda template: tr("Check", template)),
        )
        for found in check(text)
    ]
    inside = (here.start, here.end) if here is not None else (0, len(text))
    return sorted(findings, key=lambda finding: not inside[0] <= finding.start <= inside[1])


def _tidy(text: str) -> tuple[str, Words | None]:
    from sana_desktop.reports.sql import tidy

    tidied = tidy(text)
    return tidied.text, tidied.reason
