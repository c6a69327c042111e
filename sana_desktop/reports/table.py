"""Looks at a whole file as a table: how many rows and columns it has, whatever its format."""

from __future__ import annotations

from pathlib import Path

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.csv_count import CsvCounter, TableCount
from sana_desktop.reports.xlsx_count import count_workbook

_CHUNK = 1024 * 1024


def count_file(path: Path, kind: ReportFormat) -> TableCount | None:
    """Return the count of the file at `path`, None if it is no readable table. Blocks: call it in a thread.

    Raises:
        OSError: if it can't be read.
    """
    if kind is ReportFormat.XLSX:
        return count_workbook(path)
    counter = CsvCounter()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            counter.feed(chunk)
    return counter.result()
