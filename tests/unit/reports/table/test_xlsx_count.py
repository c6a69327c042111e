"""Rows of workbooks, without unpacking them to memory (BEHAVIOUR.md T8)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sana_desktop.reports.table.counting import CountingStopped, Steps
from sana_desktop.reports.table.csv_count import TableCount
from sana_desktop.reports.table.xlsx_count import count_workbook


def make(path: Path, rows: int) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for row in range(rows):
        sheet.write_row(row, 0, [row, "<row>", "c"])
    sheet.set_row(rows + 3, 40)  # a row that is there only for its height
    book.close()
    return path


def test_rows_that_hold_nothing_do_not_count(tmp_path: Path) -> None:
    assert count_workbook(make(tmp_path / "a.xlsx", 51), Steps()) == TableCount(50, 3)


def test_a_count_can_be_stopped(tmp_path: Path) -> None:
    steps = Steps()
    steps.stop()
    with pytest.raises(CountingStopped):
        count_workbook(make(tmp_path / "a.xlsx", 51), steps)


def test_what_is_no_workbook_is_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert count_workbook(path, Steps()) is None
    path.write_bytes(b"PK\x03\x04 and no more")
    assert count_workbook(path, Steps()) is None
