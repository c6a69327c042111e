"""Looks at a whole file as a table: how many rows and columns it has, whatever its format."""

from __future__ import annotations

from pathlib import Path

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.table.counting import STEP_BYTES, Steps
from sana_desktop.reports.table.csv_count import CsvCounter, TableCount
from sana_desktop.reports.table.xlsx_count import count_workbook


def count_file(path: Path, kind: ReportFormat, steps: Steps | None = None) -> TableCount | None:
    """Return the count of the file at `path`, None if it is no readable table. Blocks: call it in a thread.

    Args:
        steps: to stop it.

    Raises:
        OSError: if it can't be read.
        CountingStopped: if it was stopped.
    """
    steps = steps or Steps()
    return count_workbook(path, steps) if kind is ReportFormat.XLSX else _counted(path, steps).result()


def ends_in_a_quotation(path: Path) -> bool:
    """Return whether the CSV file at `path` ends inside a quoted cell: then it was cut. Blocks.

    Raises:
        OSError: if it can't be read.
    """
    return _counted(path, Steps()).ends_in_a_quotation()


def _counted(path: Path, steps: Steps) -> CsvCounter:
    counter = CsvCounter()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(STEP_BYTES):
            with steps:
                counter.feed(chunk)
    return counter
