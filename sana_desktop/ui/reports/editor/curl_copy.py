"""The query at the caret as a command for a terminal, with `<your_token>` where the pass belongs (A36)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from sana_desktop.api.curl import QUERY_PATH
from sana_desktop.api.curl_export import Shell, export_curl
from sana_desktop.api.models import ReportFormat
from sana_desktop.api.secret_places import TOKEN_BLANK
from sana_desktop.api.wire import encode_query
from sana_desktop.base.tasks import Supervisor
from sana_desktop.ui import desktop
from sana_desktop.ui.actions import Actions, ActionSpec
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.order_presenter import read_statement
from sana_desktop.ui.tr import tr
from sana_desktop.workspace.connections import ConnectionStore

EXAMPLE_SITE = "https://<yourdomain>.sana.ai"


class CurlCopy:
    """The Query menu's commands that put the request on the clipboard, one a kind of terminal.

    Args:
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        actions: Actions,
        editor: EditorArea,
        book: ConnectionStore,
        supervisor: Supervisor,
        *,
        say: Callable[[str, str], None],
    ) -> None:
        self._editor = editor
        self._book = book
        self._supervisor = supervisor
        self._say = say
        for shell, words, separator in (
            (Shell.BASH, tr("Menu", "Copy as cURL (&macOS, Linux)"), True),
            (Shell.CMD, tr("Menu", "Copy as cURL (&Windows)"), False),
            (Shell.POWERSHELL, tr("Menu", "Copy as cURL (&PowerShell)"), False),
        ):
            spec = ActionSpec(f"query.curl_{shell.value}", words, separator=separator)
            actions.add(spec)
            actions.on(spec.name, partial(self._wanted, shell))

    def _wanted(self, shell: Shell) -> None:
        self._supervisor.start("copy as cURL", self._copy(shell), key=f"copy as cURL: {shell.value}")

    async def _copy(self, shell: Shell) -> None:
        draft = self._editor.draft(self._editor.current_id())
        # On a thread: reading ten thousand lines takes longer than a frame.
        statement = await asyncio.to_thread(read_statement, draft)
        if not statement.sql:
            self._say(tr("Editor", "There is no query where the cursor is."), "warn")
            return
        connection = self._book.get(draft.connection_id or "")
        site = connection.origin.url if connection is not None else EXAMPLE_SITE
        headers = (("Authorization", f"Bearer {TOKEN_BLANK}"), ("Content-Type", "application/json"))
        body = encode_query(statement.sql, ReportFormat(draft.format)).decode()
        desktop.copy_text(export_curl("POST", site + QUERY_PATH, headers, body, shell=shell))
        self._say(
            tr("Editor", "The command is on the clipboard, with {blank} where your pass belongs.", blank=TOKEN_BLANK),
            "good",
        )
