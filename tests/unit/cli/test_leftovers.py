"""Which earlier order a command may go on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.cli import leftovers
from sana_desktop.reports.records.job import JobState, Order
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.store.database import Database
from tests.support import records

SINCE = records.START - timedelta(hours=1)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield Ledger(database)
    await database.close()


def to(folder: Path, name: str) -> Order:
    return replace(records.order(), target=str(folder / name))


async def test_p05_only_a_file_between_rename_and_note_is_our_own(ledger: Ledger, tmp_path: Path) -> None:
    order = to(tmp_path, "report.csv")
    await ledger.save_job(replace(records.job(state=JobState.READY), order=order))
    assert not await leftovers.is_own_file(ledger, order, SINCE)
    for state in TransferState:
        await ledger.save_transfer(records.transfer(state=state))
        assert await leftovers.is_own_file(ledger, order, SINCE) is (state is TransferState.FINALIZING)
    await ledger.save_transfer(records.transfer(state=TransferState.FINALIZING))
    assert not await leftovers.is_own_file(ledger, replace(order, overwrite=True), SINCE)
    assert not await leftovers.is_own_file(ledger, to(tmp_path, "another.csv"), SINCE)
