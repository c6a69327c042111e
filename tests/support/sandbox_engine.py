"""The sandbox's checker and engine together in the process of the test, where a query does no harm."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sana_desktop.sandbox.checker import Checker
from sana_desktop.sandbox.engine import Engine, EngineLimits, Reader, build
from sana_desktop.sandbox.policy import CheckedQuery


class WholeEngine:
    """A data set of `rows` progress rows in `folder`, and what reads it."""

    def __init__(self, folder: Path, rows: int, limits: EngineLimits) -> None:
        self.checker = Checker(build(folder, rows), folder / "spill")
        self._engine = Engine(folder, folder / "spill", limits)

    def check(self, text: str) -> CheckedQuery:
        return self.checker.check(text)

    def open(self, query: CheckedQuery) -> AbstractContextManager[Reader]:
        return self._engine.open(query)

    def close(self) -> None:
        self._engine.close()
        self.checker.close()
