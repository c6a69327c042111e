"""The app's own window that tells what its status line says: `python -m tests.support.telling_window [ARGUMENT…]`.

It starts as `sana-desktop` does with these arguments and prints every new text of the line.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from sana_desktop import bootstrap
from sana_desktop.cli.arguments import parse
from sana_desktop.cli.commands import WindowCommand
from sana_desktop.ui.app import make_application

LOOK_MS = 20


def main(arguments: list[str]) -> int:
    app = make_application()
    told = [""]

    def look() -> None:
        for window in app.topLevelWidgets():
            line = window.findChild(QLabel, "statusLine")
            if line is not None and line.text() != told[0]:
                told[0] = line.text()
                os.write(1, f"{told[0]}\n".encode())

    watch = QTimer()
    watch.timeout.connect(look)
    watch.start(LOOK_MS)
    command = parse(arguments)
    assert isinstance(command, WindowCommand)
    return bootstrap.run_window(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
