"""From "Get the report" to the queue: the statement under the caret, its site, format and rule."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.words import Words
from sana_desktop.reports.records.drafts import Draft
from sana_desktop.reports.records.job import JobRecord, Order, RerunRule
from sana_desktop.reports.sql.check import NO_REPORT, Severity, obstacles
from sana_desktop.reports.sql.title import title_of
from sana_desktop.reports.sql.words import blanks, place_among, statement_at
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings
from sana_desktop.ui.dialogs import Answer, Question, ask
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.format_memory import FormatMemory
from sana_desktop.ui.tr import error_text, tr

SAME_ACT_SECONDS = 1.0
"""Presses closer together than this are one act: a double click, an impatient series, a key held down (U01)."""


class Orders(Protocol):
    """What ordering needs of `reports.queue.JobQueue`."""

    async def order(self, order: Order, *, click: str = "", told: str = "") -> JobRecord: ...


class Presses:
    """Tells which presses belong to one act. A series goes on as long as its gaps are short, however long it lasts."""

    def __init__(self) -> None:
        self._last: tuple[object, float, str] | None = None

    def act_of(self, wanted: object, now: float) -> str:
        """Return the id of the act that a press belongs to.

        Args:
            wanted: what is ordered; another wish is another act.
            now: seconds on a steady clock.
        """
        act = uuid.uuid4().hex
        if self._last is not None and self._last[0] == wanted and now - self._last[1] < SAME_ACT_SECONDS:
            act = self._last[2]
        self._last = wanted, now, act
        return act


@dataclass(frozen=True, slots=True)
class Statement:
    """What the editor's text asks for.

    Attributes:
        sql: without the semicolon, empty if there is no query.
        title: what the report is called.
        blank: the first that is still to be filled in.
        error: why it can't run as it is, None if nothing is surely wrong.
        doubt: why it is no report, None if it is one; only a person orders it all the same.
        which: which of the tab's queries it is, for the story of its job; empty if it is the only one.
    """

    sql: str
    title: str = ""
    blank: str = ""
    error: Words | None = None
    doubt: Words | None = None
    which: str = ""


class OrderPresenter:
    """Orders the report of a tab.

    Args:
        formats: told in which format a query was ordered.
        ordered: told of the new job.
        say: a sentence for the status line, with a tone.
        confirm: asks before what is no report is ordered all the same, with the reason; None for the dialog.
    """

    def __init__(
        self,
        editor: EditorArea,
        queue: Orders,
        settings: Settings,
        formats: FormatMemory,
        clock: Clock,
        supervisor: Supervisor,
        *,
        ordered: Callable[[JobRecord], None],
        say: Callable[[str, str], None],
        confirm: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        self._confirm = confirm or self._ask
        self._editor = editor
        self._queue = queue
        self._settings = settings
        self._formats = formats
        self._clock = clock
        self._supervisor = supervisor
        self._ordered = ordered
        self._say = say
        self._presses = Presses()
        editor.order_wanted.connect(self._wanted)

    def _wanted(self, tab: str) -> None:
        draft = self._editor.draft(tab)
        act = self._presses.act_of(draft, self._clock.monotonic())
        self._supervisor.start("order a report", self._order(draft, act), key=f"order {act}")

    async def _order(self, draft: Draft, act: str) -> None:
        # On a thread: reading ten thousand lines takes longer than a frame.
        statement = await asyncio.to_thread(read_statement, draft)
        if not statement.sql:
            self._say(tr("Editor", "There is no query where the cursor is."), "warn")
        elif statement.blank:
            self._say(tr("Editor", "Fill in {blank} first; nothing was sent.", blank=statement.blank), "warn")
        elif draft.connection_id is None:
            self._say(tr("Editor", "Choose a site first; nothing was sent."), "warn")
        elif statement.error is not None:
            self._say(tr("Editor", "{why} Nothing was sent.", why=_words(statement.error)), "warn")
        elif statement.doubt is not None and not await self._confirm(_words(statement.doubt)):
            self._say(tr("Editor", "Nothing was sent."), "quiet")
        else:
            await self._send(draft, statement, draft.connection_id, act)

    async def _ask(self, why: str) -> bool:
        question = Question(
            tr("Editor", "This is no query for a report. Send it all the same?"),
            tr("Editor", "{why} The site may refuse it, or do what it says.", why=why),
            [
                Answer("send", tr("Editor", "Send it all the same"), "danger"),
                Answer("change", tr("Editor", "Change the query"), "primary"),
            ],
            safe="change",
        )
        return await ask(self._editor.window(), question) == "send"

    async def _send(self, draft: Draft, statement: Statement, connection_id: str, act: str) -> None:
        order = Order(
            connection_id,
            statement.title or tr("Editor", "Report"),
            statement.sql,
            ReportFormat(draft.format),
            rerun_rule=RerunRule(self._settings.get(keys.RERUN_RULE)),
        )
        try:
            self._ordered(await self._queue.order(order, click=act, told=statement.which))
        except SanaError as error:
            self._say(error_text(error), "bad")
        else:
            await self._formats.keep(statement.sql, draft.format)


def read_statement(draft: Draft) -> Statement:
    """Return the statement that the caret of a tab is in. Its name is the tab's, where that is the only statement."""
    span = statement_at(draft.text, draft.cursor)
    sql = draft.text[span.start : span.end].strip()
    if not sql:
        return Statement("")
    empty = blanks(sql)
    blank = sql[empty[0].start : empty[0].end] if empty else ""
    number, count = place_among(draft.text, span)
    line = draft.text.count("\n", 0, span.start) + 1
    which = f"query {number} of {count} in its tab, from line {line} on" if count > 1 else ""
    # Looked at anew: the check of what was typed last may still be on its way.
    grave = obstacles(sql)
    error = next((one.message for one in grave if one.severity is Severity.ERROR), None)
    doubt = next((one.message for one in grave if one.code in NO_REPORT), None)
    return Statement(sql, (draft.title if not which else "") or title_of(sql), blank, error, doubt, which)


def _words(words: Words) -> str:
    return words.say(lambda template: tr("Check", template))
