"""The fault of PySide6 6.12.0 (F15): each emission lost a reference to True, until the process died."""

from __future__ import annotations

import subprocess
import sys

EMIT = """
import sys
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    plain = Signal()
    told = Signal(bool)

sender, got = Sender(), []
sender.told.connect(got.append)
before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(10_000):
    sender.plain.emit()
    sender.told.emit(False)
assert len(got) == 10_000
print(*(now - then for now, then in zip((sys.getrefcount(True), sys.getrefcount(None)), before)))
"""


def test_ten_thousand_emissions_lose_no_reference() -> None:
    """In a process of its own: where the fault is, the process aborts."""
    asked = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    assert all(abs(int(difference)) < 50 for difference in asked.stdout.split()), asked.stdout
    assert len(asked.stdout.split()) == 2
