"""The app's window where whom it asks for names and passwords never answers: `python -m tests.support.hung_window`.

It prints `names` and `passwords` once each was asked, and goes on asking.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from typing import NoReturn

from sana_desktop import bootstrap
from sana_desktop.store import secrets


def hang(told: bytes) -> NoReturn:
    os.write(1, told + b"\n")
    while True:
        threading.Event().wait()


def main() -> int:
    socket.getaddrinfo = lambda *_, **__: hang(b"names")
    secrets.choose_store = lambda: hang(b"passwords")
    return bootstrap.run_window()


if __name__ == "__main__":
    sys.exit(main())
