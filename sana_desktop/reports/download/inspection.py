"""What came, once all bytes are on disk: its real format, its rows, and what the person should know (B5, T7, T8)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.words import Words
from sana_desktop.reports.disk.partfile import Written
from sana_desktop.reports.records.transfer import CAME_AS_CSV, CAME_AS_XLSX, ROWS_BEING_COUNTED
from sana_desktop.reports.table import sniff
from sana_desktop.reports.table.count import count_file
from sana_desktop.reports.table.counting import COUNTED_IN_PASSING_BYTES
from sana_desktop.reports.table.csv_count import TableCount

WORKBOOK_COUNTED_AT_ONCE_BYTES = 2 * 1024 * 1024
"""A larger workbook is counted after it is in place: it may unpack to a hundred times as much."""

EMPTY_FILE = "The file is empty."
UNPACKS_HUGE = "The workbook would unpack to far more than its size. It is kept as it came; no preview is made."
HAS_MACROS = "The workbook contains macros. Open it with care."
HAS_EXTERNAL_LINKS = "The workbook refers to other files. Open it with care."
SIZE_NOT_CONFIRMED = "Size not confirmed: the server did not say how long the file is."


def formulas_found(count: int) -> Words:
    """Return the notice about cells that a spreadsheet would take for formulas (L48)."""
    return Words("Cells that a spreadsheet takes for formulas: {count}. The bytes were not changed.", count=count)


class WrongContent(Exception):
    """It is no report: a web page, an error document, a damaged or cut workbook (L20, L44)."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The real format, the count (None if it can't be counted, or is not yet) and plain notices."""

    format: ReportFormat
    table: TableCount | None
    notices: tuple[str, ...]


def inspect(path: Path, wanted: ReportFormat, written: Written) -> Inspection:
    """Look at the whole file at `path`. Blocks: call it in a thread.

    Raises:
        WrongContent: if it is no report.
        OSError: if it can't be read.
    """
    with path.open("rb") as file:
        kind = sniff.kind_of(file.read(sniff.HEAD_BYTES))
    if kind.report_format is None or (kind is sniff.Kind.EMPTY and wanted is ReportFormat.XLSX):
        raise WrongContent(kind.value)
    if kind.report_format is ReportFormat.XLSX:
        return _workbook(path, wanted, written.size)
    notices: list[str] = [EMPTY_FILE] if kind is sniff.Kind.EMPTY else []
    if wanted is ReportFormat.XLSX:
        notices.append(CAME_AS_CSV)
    notices += formula_notices(written.table)
    if written.size > COUNTED_IN_PASSING_BYTES:
        notices.append(ROWS_BEING_COUNTED)
    return Inspection(ReportFormat.CSV, written.table, tuple(notices))


def formula_notices(table: TableCount | None) -> list[str]:
    """Return what to say about formula-like cells, nothing if there are none."""
    return [formulas_found(table.formula_cells)] if table is not None and table.formula_cells else []


def _workbook(path: Path, wanted: ReportFormat, size: int) -> Inspection:
    try:
        book = sniff.look_at_workbook(path)
    except sniff.NotAWorkbook as error:
        raise WrongContent(str(error)) from None
    notices = [] if wanted is ReportFormat.XLSX else [CAME_AS_XLSX]
    notices += [UNPACKS_HUGE] if book.bomb else []
    notices += [HAS_MACROS] if book.macros else []
    notices += [HAS_EXTERNAL_LINKS] if book.external_links else []
    table = None
    if not book.bomb and size > WORKBOOK_COUNTED_AT_ONCE_BYTES:
        notices.append(ROWS_BEING_COUNTED)
    elif not book.bomb:
        table = count_file(path, ReportFormat.XLSX)
    return Inspection(ReportFormat.XLSX, table, tuple(notices))
