"""The check and the tidying of SQL as the editor wants them: off the window's thread, places in the whole text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words
from sana_desktop.ui.reports.editor.findings import Finding, Severity
from sana_desktop.ui.tr import tr

_SEVERITIES: dict[str, Severity] = {"error": "error", "warning": "warning", "hint": "note"}


async def check_statement(text: str, caret: int) -> Sequence[Finding]:
    """Return what is to be said about the statement under the caret; an empty text says nothing."""
    return await asyncio.to_thread(_check, text, caret)


async def tidy_text(text: str) -> str:
    """Return the SQL laid out.

    Raises:
        UserError: it is left as it was, and why.
    """
    from sana_desktop.reports.sql.tidy import tidy

    tidied = await asyncio.to_thread(tidy, text)
    if tidied.reason is not None:
        raise UserError(tidied.reason.template, code="E-SQL-TIDY", values=dict(tidied.reason.values))
    return tidied.text


def _check(text: str, caret: int) -> list[Finding]:
    # Imported on this thread: the parser behind it takes 280 ms to load.
    from sana_desktop.reports.sql.check import check
    from sana_desktop.reports.sql.words import place_among, statement_at

    span = statement_at(text, caret)
    statement = text[span.start : span.end]
    if not statement.strip():
        return []
    number, count = place_among(text, span)
    which = [Finding(span.start, span.end, "note", _which(number, count))] if count > 1 else []
    return which + [
        Finding(span.start + one.start, span.start + one.end, _SEVERITIES[one.severity.value], _say(one.message))
        for one in check(statement)
    ]


def _which(number: int, count: int) -> str:
    words = "Query {number} of {count} in this tab. “Get the report” orders this one."
    return tr("Check", words, number=number, count=count)


def _say(words: Words) -> str:
    return words.say(lambda template: tr("Check", template))
