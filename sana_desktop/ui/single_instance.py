"""The channel by which a second start raises the first window instead of opening another one (BEHAVIOUR.md P08)."""

from __future__ import annotations

import hashlib
import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CALL = b"raise\n"
"""The only message that is understood: whoever connects can do no more than bring the window to the front (E10)."""
PATIENCE_MS = 2_000
START_MS = 6_000
"""How long the first window may take from its lock to its channel: it loads and paints in between."""
RETRY_MS = 50
MAX_SOCKET_BYTES = 80
"""A socket's path may have 104 bytes on macOS, 108 on Linux, and Qt binds it under a longer one first."""


def channel_name(data_folder: Path) -> str:
    """Return the name of the channel of a data folder: one per folder, the same for every process.

    In the folder itself where its path is short enough: Qt's own place depends on TMPDIR, which another terminal or
    a desktop's launcher may have set otherwise.
    """
    folder = data_folder.resolve()
    inside = folder / "window.socket"
    if os.name == "posix" and len(os.fsencode(inside)) <= MAX_SOCKET_BYTES:
        return str(inside)
    return "sana-desktop-" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def raise_first_window(data_folder: Path) -> bool:
    """Ask the window that has the data folder to come to the front; False if it did not answer in time. Blocks."""
    late = QDeadlineTimer(START_MS)
    while True:
        socket = QLocalSocket()
        socket.connectToServer(channel_name(data_folder))
        if socket.waitForConnected(PATIENCE_MS):
            break
        if late.hasExpired():
            return False
        QThread.msleep(RETRY_MS)  # it has the folder and is not listening yet
    socket.write(CALL)
    sent = socket.waitForBytesWritten(PATIENCE_MS)
    socket.disconnectFromServer()
    return sent


class FirstWindow(QObject):
    """Listens for later starts.

    Signals:
        raise_wanted: another start asks for this window.
    """

    raise_wanted = Signal()

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        name = channel_name(data_folder)
        if not self._server.listen(name):
            # A crash leaves the socket's file behind; the folder's lock has already shown that nobody else is there.
            QLocalServer.removeServer(name)
            self._server.listen(name)
        self._callers: set[QLocalSocket] = set()
        self._server.newConnection.connect(self._answer)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._callers.add(socket)
            socket.readyRead.connect(partial(self._read, socket))
            socket.disconnected.connect(partial(self._gone, socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() < len(CALL):
            return
        if bytes(socket.readAll().data()) == CALL:
            self.raise_wanted.emit()
        else:
            socket.abort()  # whoever it is has nothing to say here

    def _gone(self, socket: QLocalSocket) -> None:
        self._callers.discard(socket)
        socket.deleteLater()
