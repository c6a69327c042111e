"""Writes how the window looks down soon after each change: a start after a crash finds it as it was left (A49)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject

from sana_desktop.base.tasks import Supervisor
from sana_desktop.store.first_look import FirstLook, save_first_look
from sana_desktop.ui.shell import Shell
from sana_desktop.ui.widgets import after

QUIET_MS = 1_000
"""A change is written when none came for so long: a window that is being pulled about is not written at each pixel."""
CHANGES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange})


class LookKeeper(QObject):
    """Keeps the file of the window's look.

    Args:
        folder: where that file lies.
        tasks: owns the writing.
        also: keeps what else belongs to the layout; it decides itself whether that changed.
    """

    def __init__(self, shell: Shell, folder: Path, tasks: Supervisor, also: Callable[[], Awaitable[None]]) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._folder = folder
        self._tasks = tasks
        self._also = also
        self._kept: FirstLook = shell.memory.look
        self._soon = after(self, QUIET_MS, self._keep)
        shell.window.installEventFilter(self)
        shell.window.place_changed.connect(lambda _place: self._soon.start())
        shell.editor.current_changed.connect(lambda _tab: self._soon.start())
        shell.theme.changed.connect(self._soon.start)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in CHANGES:
            self._soon.start()
        return False

    def stop(self) -> None:
        """Write no more: how the window looks when it closes is written by whoever closes it."""
        self._shell.window.removeEventFilter(self)
        self._soon.stop()

    def _keep(self) -> None:
        self._shell.window.remember()
        begun = self._tasks.start("remember the look", self._write(self._shell.current_look()), key="the look")
        if begun is None:
            self._soon.start()  # the one before is not written yet

    async def _write(self, look: FirstLook) -> None:
        await self._also()
        if look != self._kept:
            await asyncio.to_thread(save_first_look, self._folder, look)
            self._kept = look
