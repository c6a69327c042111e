"""Stands between the editor and the slow things: drafts on disk, the check, the tidying."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.drafts import MAX_TEXT_LENGTH, Draft
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.findings import Check
from sana_desktop.ui.tr import error_words, tr

log = logging.getLogger(__name__)

Tidy = Callable[[str], Awaitable[str]]
"""Returns tidied SQL, off the window's thread; raises UserError if the text can't be read as SQL."""


class DraftKeeper(Protocol):
    """What the editor needs of reports.drafts.DraftBook."""

    async def load(self) -> list[Draft]: ...

    async def save(self, drafts: Sequence[Draft]) -> None: ...

    async def close(self, draft_id: str) -> None: ...

    async def reopen(self) -> Draft | None: ...

    async def has_closed(self) -> bool: ...


class EditorPresenter:
    """Writes drafts in order, one at a time, the newest state of each; runs at most one check at a time.

    Args:
        area: the editor.
        drafts: where tabs are kept.
        supervisor: owns the tasks.
        check: finds mistakes in the current statement; None for no checks.
        tidy: formats SQL; None if there is none.
        say: tells the person in the status line that something could not be done.
    """

    def __init__(
        self,
        area: EditorArea,
        drafts: DraftKeeper,
        supervisor: Supervisor,
        *,
        check: Check | None = None,
        tidy: Tidy | None = None,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._area = area
        self._drafts = drafts
        self._supervisor = supervisor
        self._check = check
        self._tidy = tidy
        self._say = say
        self._unsaved: dict[str, Draft] = {}
        self._closed: list[str] = []
        self._asked: tuple[str, int, str, int] | None = None
        area.drafts_changed.connect(self._changed)
        area.draft_closed.connect(self._gone)
        area.reopen_wanted.connect(lambda: supervisor.start("reopen a query", self._reopen(), key="reopen"))
        area.check_wanted.connect(self._check_wanted)
        area.tidy_wanted.connect(self._tidy_wanted)

    async def restore(self, current: str = "") -> None:
        """Show the tabs of the last session, `current` in view; on a broken store one empty tab and a sentence."""
        try:
            self._area.restore(await self._drafts.load(), current)
            self._area.closed_before = await self._drafts.has_closed()
        except SanaError as error:
            self._area.restore([])
            self._say(error_words(error)[1])

    async def finish(self) -> None:
        """Write what was typed last; part of the stop."""
        self._area.flush()
        await self._write()

    def _changed(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            if len(draft.text) > MAX_TEXT_LENGTH:
                self._say(tr("Editor", "This text is too long to be kept for the next start."))
                continue
            self._unsaved[draft.id] = draft
        self._supervisor.start("write drafts", self._write(), key="drafts")

    def _gone(self, draft_id: str) -> None:
        self._closed.append(draft_id)
        self._supervisor.start("write drafts", self._write(), key="drafts")

    async def _write(self) -> None:
        # What comes in meanwhile is written by this same round: the key lets only one run.
        while self._unsaved or self._closed:
            drafts, self._unsaved = list(self._unsaved.values()), {}
            closed, self._closed = self._closed, []
            try:
                await self._drafts.save(drafts)
                for draft_id in closed:
                    await self._drafts.close(draft_id)
            except SanaError as error:
                # Kept for the next change: the newest state wins over what failed.
                self._unsaved = {draft.id: draft for draft in drafts} | self._unsaved
                self._closed = closed + self._closed
                self._say(error_words(error)[1])
                return

    async def _reopen(self) -> None:
        draft = await self._drafts.reopen()
        if draft is not None:
            self._area.open_draft(draft)
        else:
            self._area.closed_before = False
            self._say(tr("Editor", "No query was closed that could be opened again."))

    def _check_wanted(self, key: str, revision: int, text: str, caret: int) -> None:
        if self._check is None:
            return
        self._asked = (key, revision, text, caret)
        self._supervisor.start("check the query", self._run_checks(self._check), key="check")

    async def _run_checks(self, check: Check) -> None:
        while self._asked is not None:
            (key, revision, text, caret), self._asked = self._asked, None
            findings = await check(text, caret)
            self._area.show_findings(key, revision, findings)

    def _tidy_wanted(self, key: str, revision: int, text: str) -> None:
        if self._tidy is not None:
            self._supervisor.start("tidy the query", self._run_tidy(self._tidy, key, revision, text), key="tidy")

    async def _run_tidy(self, tidy: Tidy, key: str, revision: int, text: str) -> None:
        try:
            tidied = await tidy(text)
        except SanaError as error:
            self._say(error_words(error)[1])
            return
        self._area.show_tidied(key, revision, tidied)
