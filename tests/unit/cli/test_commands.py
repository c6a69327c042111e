"""The commands as values."""

from __future__ import annotations

import subprocess
import sys

from tests.support.export_command import program_environment


def test_they_cost_the_windows_start_nothing() -> None:
    look = "import sys, sana_desktop.cli.commands; print(*{'argparse', 'asyncio', 'httpx', 'PySide6'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", look], env=program_environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"
