"""What tests of the Practice place stand on: one sandbox a module, and services of practice that work with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.practice_desk import PracticeDesk, practice_desk


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    """A Sana of the module's own. What a test does to it, such as faults, the test or `desk` takes back."""
    with running_sandbox(rows=20, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture
async def desk(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> AsyncIterator[PracticeDesk]:
    """Services of practice with an empty store, and the sandbox without a fault."""
    sandbox.flaw = None
    sandbox.faults.clear()
    async with practice_desk(tmp_path / "home", sandbox) as made:
        yield made
