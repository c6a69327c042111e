"""What a query says of how many rows come, and which."""

from __future__ import annotations

import pytest

from sana_desktop.reports.sql.check import check
from sana_desktop.reports.sql.limit import row_limit


@pytest.mark.parametrize(
    ("sql", "rows", "leaves_it_open"),
    [
        ("SELECT a FROM t LIMIT 10", 10, True),
        ("SELECT a FROM t limit 1_000;", 1000, True),
        ("SELECT a FROM t ORDER BY a LIMIT 10", 10, False),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a) x LIMIT 10 -- ORDER BY a", 10, True),
        ("SELECT a FROM t LIMIT 1", 1, False),
        ("SELECT a FROM t LIMIT (SELECT 5)", None, True),
    ],
)
def test_the_limit_of_the_whole_query(sql: str, rows: int | None, leaves_it_open: bool) -> None:
    found = row_limit(sql)
    assert found is not None
    assert (found.rows, found.leaves_it_open) == (rows, leaves_it_open)
    assert found.at.of(sql).lower() == "limit"
    assert ("some_of_all" in [one.code for one in check(sql)]) is leaves_it_open


@pytest.mark.parametrize(
    "sql", ["", "SELECT a FROM t", "SELECT a FROM (SELECT a FROM t LIMIT 5) x", "SELECT 'limit 5'"]
)
def test_a_query_without_one(sql: str) -> None:
    assert row_limit(sql) is None
    assert "some_of_all" not in [one.code for one in check(sql)]
