"""Rows and columns of whole files, CSV and workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.table.count import count_file, ends_in_a_quotation
from sana_desktop.reports.table.csv_count import MAX_RECORD_BYTES, TableCount

CSV, XLSX = ReportFormat.CSV, ReportFormat.XLSX


@pytest.mark.parametrize(
    ("data", "rows", "columns"),
    [
        (b"", 0, 0),
        (b"a,b", 0, 2),
        (b"a,b\n", 0, 2),
        (b"a,b\n1,2", 1, 2),
        (b"a,b\n1,2\n\n", 1, 2),
        (b"a\n1\n\n2\n", 3, 1),
        (b'a,b\n"1\n2",3\n4,"5\r\n6"\n', 2, 2),
        (b'a,b\n"say ""hi""",2\n', 1, 2),
        (b'a,b\n5" pipe,2\n6" pipe,3\n', 2, 2),
        (b"a,b\r\n1,2\r\n3,4\r\n", 2, 2),
        (b"a,b\r1,2\r3,4\r", 2, 2),
        (b"a,b\n1,2\r\n3,4\n", 2, 2),
        (b"\xef\xbb\xbfa,b\n1,2\n", 1, 2),
        (b"a;b;c\n1;2;3\n", 1, 3),
        (b"a\tb\n1\t2\n", 1, 2),
        (b'"a, b";c\n1;2\n', 1, 2),
        ("a,b\n1,ö\n2,\u2028\n".encode("utf-16"), 2, 2),
    ],
)
def test_csv_as_a_reader_counts_it(tmp_path: Path, data: bytes, rows: int, columns: int) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    found = count_file(path, CSV)
    assert found is not None
    assert (found.rows, found.columns) == (rows, columns)


def test_counts_past_a_spreadsheets_limit(tmp_path: Path) -> None:
    rows = 1_048_577
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b'1,"x y"\n2,z\n' * (rows // 2) + b"3,4\n" * (rows % 2))
    assert count_file(path, CSV) == TableCount(rows, 2, 0)


def test_a_quote_that_never_closes_is_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n1,"' + b"x,y\n" * (MAX_RECORD_BYTES // 3))
    assert count_file(path, CSV) is None


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        (b"=1+1,+x,-x,@a,\tz", 5),
        (b"-5,+3.2,-1e5,-.5,2024-01-01", 0),
        (b'"=A1","-5","a, =b","@x",ok', 2),
        (b'"say ""=x""",a=b,,"",x', 0),
    ],
)
def test_L48_cells_like_formulas(tmp_path: Path, cells: bytes, count: int) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b,c,d,e\r\n" + cells + b"\r\n")
    found = count_file(path, CSV)
    assert found is not None
    assert found.formula_cells == count


def test_a_workbook_of_two_writers(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(str(first), {"constant_memory": True})
    sheet = book.add_worksheet("Data")
    for row in range(20_001):
        sheet.write_row(row, 0, [row, "a <row r='1'> b", "x"])
    book.add_worksheet("Other").write(5, 5, "x")
    book.close()
    other = Workbook()
    active = other.active
    assert active is not None
    for row in range(11):
        active.append([row, "b", None, "d"])
    other.save(second)
    assert count_file(first, XLSX) == TableCount(20_000, 3)
    assert count_file(second, XLSX) == TableCount(10, 4)


def test_a_workbook_with_a_document_type_or_without_a_sheet_is_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write(0, 0, "x")
    book.close()
    assert count_file(path, XLSX) == TableCount(0, 1)
    changed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet", 1)
            new.writestr(entry, data)
    assert count_file(changed, XLSX) is None
    with zipfile.ZipFile(changed, "w") as new:
        new.writestr("a.txt", "x")
    assert count_file(changed, XLSX) is None


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        (b'a,b\n1,"x', True),
        (b'a,b\n1,"x\n2,y\n', True),
        (b'a,"b', True),
        (b'a,b\n"x ""y"" z', True),
        (b'a,b\n1,"x"', False),
        (b'a,b\n1,"x""y"\n', False),
        (b'a,b\n1,5" pipe\n', False),
        (b"a,b\n1,x", False),
        (b"", False),
    ],
)
def test_L18_whether_a_table_ends_inside_a_quotation(tmp_path: Path, data: bytes, inside: bool) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(data)
    assert ends_in_a_quotation(path) is inside
