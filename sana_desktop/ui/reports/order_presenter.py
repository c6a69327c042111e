"""From "Get the report" to the queue: the statement under the caret, its site, format and rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.job import JobRecord, Order, RerunRule
from sana_desktop.reports.sql_title import title_of
from sana_desktop.reports.sql_words import blanks, statement_at, statements
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.editor import EditorArea
from sana_desktop.ui.tr import error_words, tr


class Orders(Protocol):
    """What ordering needs of `reports.queue.JobQueue`."""

    async def order(self, order: Order, *, click: str = "") -> JobRecord: ...


class OrderPresenter:
    """Orders the report of a tab.

    Args:
        ordered: told of the new job.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        editor: EditorArea,
        queue: Orders,
        settings: Settings,
        supervisor: Supervisor,
        *,
        ordered: Callable[[JobRecord], None],
        say: Callable[[str, str], None],
    ) -> None:
        self._editor = editor
        self._queue = queue
        self._settings = settings
        self._supervisor = supervisor
        self._ordered = ordered
        self._say = say
        editor.order_wanted.connect(self._wanted)

    def _wanted(self, tab: str) -> None:
        draft = self._editor.draft(tab)
        sql = current_statement(draft.text, draft.cursor)
        if not sql:
            self._say(tr("Editor", "There is no query at the caret."), "warn")
            return
        empty = blanks(sql)
        if empty:
            blank = sql[empty[0].start : empty[0].end]
            self._say(tr("Editor", "Fill in {blank} first; nothing was sent.", blank=blank), "warn")
            return
        if draft.connection_id is None:
            self._say(tr("Editor", "Choose a site first; nothing was sent."), "warn")
            return
        several = len(statements(draft.text)) > 1
        order = Order(
            draft.connection_id,
            (draft.title if not several else "") or title_of(sql) or tr("Editor", "Report"),
            sql,
            ReportFormat(draft.format),
            rerun_rule=RerunRule(self._settings.get(keys.RERUN_RULE)),
        )
        self._supervisor.start("order a report", self._order(order))

    async def _order(self, order: Order) -> None:
        try:
            self._ordered(await self._queue.order(order))
        except SanaError as error:
            _, sentence, step = error_words(error)
            self._say(f"{sentence} {step}".strip(), "bad")


def current_statement(text: str, caret: int) -> str:
    """Return the statement that the caret is in, without the semicolon; empty if there is none."""
    span = statement_at(text, caret)
    return text[span.start : span.end].strip()
