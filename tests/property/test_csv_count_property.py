"""The count is what Python's own `csv` reader counts, whatever the bytes and however they are cut into pieces."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sana_desktop.reports.table.csv_count import CsvCounter, TableCount

TEXTS = st.text(alphabet='ab,"\n\r', max_size=40)
CELLS = st.text(alphabet='ab, ;\n"é=-1', max_size=8)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8))


def counted(data: bytes, sizes: list[int]) -> TableCount | None:
    counter = CsvCounter()
    at = 0
    for size in sizes:
        counter.feed(data[at : at + size])
        at += size
    counter.feed(data[at:])
    return counter.result()


def expected(text: str) -> tuple[int, int]:
    """Return rows and columns as the reader has them; blank lines before and, in several columns, after are no rows."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    while rows and not rows[0]:
        rows.pop(0)
    columns = len(rows[0]) if rows else 0
    while columns > 1 and rows and not rows[-1]:
        rows.pop()
    return max(len(rows) - 1, 0), columns


@settings(max_examples=400)
@given(st.sampled_from(["", "h\n", "h,k\n", "h,k\r\n"]), TEXTS, st.lists(st.integers(1, 9), max_size=12))
@example("h,k\n", '"a\n', [])
@example("h,k\n", 'a"b",c\n', [1, 1, 1])
@example("h,k\n", '"a"b\n"c\n', [])
@example("h,k\n", "1,2\n\n\n", [])
@example("h,k\r\n", "1,2\r", [6])
def test_any_text_counts_as_the_reader_counts(head: str, text: str, sizes: list[int]) -> None:
    found = counted((head + text).encode(), sizes)
    assert found is not None
    assert (found.rows, found.columns) == expected(head + text)


@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.integers(1, 64))
def test_a_written_table_counts_as_written(table: list[list[str]], end: str, quoting: int, size: int) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    width = len(table[0]) if table else 2
    writer.writerow([f"h{number}" for number in range(width)])
    writer.writerows(table)
    data = out.getvalue().encode()
    found = counted(data, [size] * (len(data) // size))
    assert found is not None
    assert (found.rows, found.columns) == (len(table), width)
