"""The log file: small, rotating, for this user's eyes, and never with a secret in it (B12)."""

from __future__ import annotations

import io
import logging
import logging.handlers
import os
import time
from collections.abc import Callable
from pathlib import Path

from sana_desktop.base.redaction import RedactingFilter, Redactor
from sana_desktop.store.private import FILE_MODE, private_folder

LOG_BYTES = 1_000_000
LOGS_KEPT = 3

_QUIET = ("httpx", "httpcore", "aiohttp", "asyncio", "filelock", "keyring", "qasync")
"""Libraries that tell too much at INFO: `httpx` writes whole addresses, signatures included (F5)."""


def start_logging(path: Path, redactor: Redactor, level: int = logging.INFO) -> Callable[[], None]:
    """Send everything that is logged in this process to a rotating file, redacted; return how to end that.

    Two processes may write to the same file; where the system lets them, the first to fill it puts it by.

    Args:
        path: the file; its folder is made if missing.
        redactor: what blanks secrets and links.
        level: the least level kept.

    Raises:
        StorageError: if the folder can't be used.
        OSError: if the file can't be opened.
    """
    private_folder(path.parent)
    handler = _PrivateRotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    # On the handler, not on the logger: a filter there would not see what loggers below it pass up.
    handler.addFilter(RedactingFilter(redactor))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

    def stop() -> None:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()

    return stop


class _PrivateRotatingFileHandler(logging.handlers.RotatingFileHandler):
    """Creates its files closed to other users, whatever the umask (D17); one that can't be put by is written on."""

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:
            # On Windows a file that another process has open keeps its name: this one grows until that has ended.
            self.stream = self.stream or self._open()

    def _open(self) -> io.TextIOWrapper:
        stream = open(self.baseFilename, self.mode, encoding=self.encoding, opener=_private)  # noqa: SIM115
        assert isinstance(stream, io.TextIOWrapper)  # noqa: S101
        return stream


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, FILE_MODE)
