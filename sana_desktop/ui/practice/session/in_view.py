"""Which session is in view, kept over a restart: it is shown again as it was left, with its set-up."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.sessions.session import SessionRecord
from sana_desktop.practice.sessions.sessions import SessionStore
from sana_desktop.store.settings import VIEW_STATES, Settings

log = logging.getLogger(__name__)

IN_VIEW = "practiceSession"
"""The entry of the view states that holds its id; empty while none is in view."""


class SessionInView:
    """Notes it each time another one is shown: a kill leaves no time for it.

    Args:
        is_there: whether the site of this id can still be practised with.
        reopen: shows a session with its set-up.
    """

    def __init__(
        self,
        settings: Settings,
        sessions: SessionStore,
        tasks: Supervisor,
        *,
        is_there: Callable[[str], bool],
        reopen: Callable[[SessionRecord], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._tasks = tasks
        self._is_there = is_there
        self._reopen = reopen
        self._noted = settings.get(VIEW_STATES).get(IN_VIEW, "")
        self._awaited = ""

    def note(self, session_id: str) -> None:
        """This one is in view from now on; "" is none."""
        self._awaited = ""
        if session_id != self._noted:
            self._noted = session_id
            self._tasks.start("note the session in view", self._write(session_id))

    async def restore(self) -> None:
        """Show the one that was in view, now or once its site is there; none if it is gone."""
        self._awaited = ""
        if not self._noted:
            return
        try:
            if any(head.id == self._noted for head in await self._sessions.bin()):
                return
            record = await self._sessions.load(self._noted)
            if self._is_there(record.connection_id):
                await self._reopen(record)
            else:
                self._awaited = record.connection_id
        except SanaError as error:
            log.info("the session that was in view can't be shown: %s", error.code)

    def look_again(self) -> None:
        """Other sites are there: maybe that of the session."""
        if self._awaited and self._is_there(self._awaited):
            self._awaited = ""
            self._tasks.start("show the session that was in view", self.restore())

    async def _write(self, session_id: str) -> None:
        try:
            await self._settings.put_entry(VIEW_STATES, IN_VIEW, session_id)
        except SanaError as error:
            log.warning("which session is in view can't be kept: %s", error.code)
