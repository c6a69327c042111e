"""Rows of large reports: the file is in place first and counted afterwards, over stops, kills and removals too."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import UserError
from sana_desktop.reports.download import inspection
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferRecord, TransferState
from sana_desktop.reports.table import counting
from tests.support.download_rig import Rig, StoredFile, sha

ROW = b"1234567,a somewhat longer cell,3.25\n"
HEAD = b"user,course,score\n"
ROWS = counting.COUNTED_IN_PASSING_BYTES // len(ROW) + 1
LARGE = HEAD + ROW * ROWS
"""Just above what is counted in passing."""


class Crossing:
    """Holds every count in the process until `open`: an entered step lets no other one go on."""

    def __enter__(self) -> Crossing:
        self._steps = counting.Steps()
        self._steps.__enter__()
        self._open = False
        return self

    def open(self) -> None:
        if not self._open:
            self._open = True
            self._steps.__exit__(None, None, None)

    def __exit__(self, *_: object) -> None:
        self.open()


async def large_one(rig: Rig) -> TransferRecord:
    rig.serve(StoredFile(LARGE))
    return await rig.settled(await rig.ready())


async def test_a_large_report_is_in_place_before_its_rows_are_counted(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        with Crossing() as crossing:
            record = await large_one(rig)
            assert (record.state, record.rows, record.notices) == (TransferState.DONE, None, (ROWS_BEING_COUNTED,))
            assert record.sha256 == sha(LARGE)
            assert (rig.folder / record.name).read_bytes() == LARGE
            assert rig.manager.counting(record.id)
            crossing.open()
            counted = await rig.manager.counted(record.id)
        assert (counted.rows, counted.columns, counted.notices) == (ROWS, 3, ())
        assert counted.state is TransferState.DONE
        assert rig.saved[-1] == counted == await rig.ledger.transfer(record.id)
        assert not rig.manager.counting(record.id)
        assert await rig.manager.counted(record.id) == counted


async def test_a_small_report_has_its_rows_with_its_file(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(HEAD + ROW * 10))
        record = await rig.settled(await rig.ready())
        assert (record.rows, record.notices) == (10, ())
        assert not rig.manager.counting(record.id)
        assert await rig.manager.counted(record.id) == record


async def test_a_large_workbook_is_counted_afterwards_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "WORKBOOK_COUNTED_AT_ONCE_BYTES", 100_000)
    path = tmp_path / "served.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    filler = sha(b"").encode()
    rows = 0
    while rows < 2_000:
        filler = sha(filler).encode()
        sheet.write_row(rows, 0, [rows, sha(filler), sha(filler + b"x")])
        rows += 1
    book.close()
    data = path.read_bytes()
    assert len(data) > inspection.WORKBOOK_COUNTED_AT_ONCE_BYTES
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(data))
        with Crossing():
            record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
            assert (record.rows, record.notices) == (None, (ROWS_BEING_COUNTED,))
        counted = await rig.manager.counted(record.id)
        assert (counted.rows, counted.columns, counted.notices) == (rows - 1, 3, ())


async def test_P05_an_interrupted_count_is_done_at_the_next_start_and_only_then(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        with Crossing():
            record = await large_one(rig)
            await rig.close()
        assert rig.saved[-1].rows is None
        await rig.open()
        await rig.manager.restore()
        assert (await rig.manager.counted(record.id)).rows == ROWS
        saves = len(rig.saved)
        await rig.close()
        await rig.open()
        await rig.manager.restore()
        assert rig.manager.list() == ()
        assert len(rig.saved) == saves


async def test_D12_a_file_that_is_gone_or_changed_is_not_counted(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        with Crossing():
            record = await large_one(rig)
            await rig.close()
        (rig.folder / record.name).write_bytes(LARGE + ROW)
        await rig.open()
        await rig.manager.restore()
        counted = await rig.manager.counted(record.id)
        assert (counted.rows, counted.columns, counted.notices) == (None, None, ())


async def test_taking_it_off_the_list_ends_the_count(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        with Crossing():
            record = await large_one(rig)
            await rig.manager.remove(record.id)
        with pytest.raises(UserError):
            await rig.manager.counted(record.id)
        assert await rig.ledger.transfer(record.id) is None
        assert rig.left() == [record.name]


async def test_a_check_meanwhile_and_the_count_keep_each_others_result(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        with Crossing():
            record = await large_one(rig)
            before = record.verified_at
            verified = await rig.manager.verify(record.id)
            assert (verified.verified_ok, verified.notices) == (True, (ROWS_BEING_COUNTED,))
        counted = await rig.manager.counted(record.id)
        assert before is not None
        assert counted.verified_at is not None
        assert (counted.rows, counted.verified_at > before) == (ROWS, True)


async def test_a_quit_does_not_wait_for_a_count(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        with Crossing():
            record = await large_one(rig)
            await rig.manager.stop()
        stored = await rig.ledger.transfer(record.id)
        assert stored == replace(record, rows=None)
    assert not [thread for thread in threading.enumerate() if thread.name == "count rows"]
