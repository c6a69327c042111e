"""Report files: CSV and XLSX written from a reader's batches, seeded text of any size, and changed twins."""

from __future__ import annotations

import datetime
import hashlib
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from sana_desktop.sandbox.data import REFERENCE_DATE
from sana_desktop.sandbox.engine import QueryFailed, Reader, TooManyRows

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}

MAX_XLSX_ROWS = 1_048_575  # data rows that fit a sheet under its heading
MAX_XLSX_CHARACTERS = 32_767  # of one cell
MAX_REPORT_BYTES = 4 * 1024**3
_LINE = 64


class Stopped(Exception):
    """The sandbox ends before the file is whole."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A finished file in the store: strong `etag` with its quotes, `modified_ns` since 1970."""

    path: Path
    size: int
    etag: str
    content_type: str
    modified_ns: int


def write_csv(reader: Reader, path: Path) -> None:
    """RFC 4180 with line feeds, UTF-8, one heading row. Raises QueryFailed."""
    written = 0
    with path.open("wb") as file:
        written += file.write((",".join(map(_csv_text, reader.columns)) + "\n").encode())
        for lines in reader.csv_lines():
            written += file.write(("\n".join(lines) + "\n").encode())
            if written > MAX_REPORT_BYTES:
                raise QueryFailed(f"The report is larger than {MAX_REPORT_BYTES:,} bytes.")


def write_xlsx(reader: Reader, path: Path, scratch: Path) -> None:
    """One sheet, real dates and numbers, row by row in constant memory; what is written before the file is lies in the
    folder `scratch`. Raises QueryFailed, TooManyRows."""
    if reader.more_rows_than(MAX_XLSX_ROWS):
        raise TooManyRows(f"An XLSX report holds at most {MAX_XLSX_ROWS:,} rows; choose CSV.")
    options = {"constant_memory": True, "tmpdir": str(scratch), "in_memory": False}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        # A fixed moment: the same report is the same file, to the byte.
        book.set_properties({"created": datetime.datetime.fromisoformat(REFERENCE_DATE)})
        sheet = book.add_worksheet("Report")
        cells = _Cells(book, sheet)
        for column, name in enumerate(reader.columns):
            sheet.write_string(0, column, name, book.add_format({"bold": True}))
        number = 0
        for batch in reader.rows():
            for row in batch:
                number += 1
                for column, value in enumerate(row):
                    cells.write(number, column, value)
    finally:
        book.close()


class _Cells:
    def __init__(self, book: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, row: int, column: int, value: object) -> None:
        sheet = self._sheet
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, column, value[:MAX_XLSX_CHARACTERS])
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float) and abs(value) < 1e15:
            sheet.write_number(row, column, value)
        elif isinstance(value, datetime.datetime) and value.tzinfo is None and value.year >= 1900:
            sheet.write_datetime(row, column, value, self._time)
        elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime) and value.year >= 1900:
            sheet.write_datetime(row, column, value, self._date)
        else:
            sheet.write_string(row, column, str(value)[:MAX_XLSX_CHARACTERS])


def write_pattern(path: Path, size: int, seed: str, stopped: Callable[[], bool]) -> None:
    """`size` bytes of CSV text that never repeats: lines of 64 bytes, each megabyte beginning with its number.

    What is asked for past MAX_REPORT_BYTES is a hole in the file: a length to be announced, not room on the disk.
    Raises Stopped.
    """
    generator = random.Random(seed)  # noqa: S311  a pattern, no secret
    heading = b"line,text".ljust(_LINE - 1, b"_") + b"\n"
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    body = b"".join(f"{n:05d},{''.join(generator.choices(alphabet, k=_LINE - 7))}\n".encode() for n in range(16_383))
    with path.open("wb") as file:
        file.write(heading[:size])
        left = min(size, MAX_REPORT_BYTES) - min(size, _LINE)
        block = 0
        while left > 0:
            _go_on(stopped)
            first = f"{block:012d},".encode().ljust(_LINE - 1, b"#") + b"\n"
            part = (first + body)[:left]
            file.write(part)
            left -= len(part)
            block += 1
        file.truncate(size)


def write_changed(source: Path, target: Path, stopped: Callable[[], bool]) -> None:
    """A twin with other bytes from early on and still a good file of its kind (fault Changed). Raises Stopped."""
    if source.suffix == ".xlsx":
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
            for entry in old.infolist():
                new.writestr(zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), old.read(entry))
        return
    table = bytes.maketrans(b"0123456789abcdefghij", b"1234567890jabcdefghi")
    with source.open("rb") as old_file, target.open("wb") as new_file:
        while block := old_file.read(1 << 20):
            _go_on(stopped)
            new_file.write(block.translate(table))


def digest(path: Path) -> str:
    """What an ETag says of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def stored(path: Path, modified_ns: int, etag: str | None = None) -> StoredFile:
    """The finished file with its ETag: the hash of its bytes unless one is given."""
    etag = etag or digest(path)
    kind = CONTENT_TYPES[path.suffix.removeprefix(".")]
    return StoredFile(path, path.stat().st_size, f'"{etag}"', kind, modified_ns)


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Stopped


def _csv_text(value: str) -> str:
    if not value or any(mark in value for mark in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value
