"""Queries in plain words; what the rules do not know is said to be unknown, never left out."""

from __future__ import annotations

import pytest

from sana_desktop.base.words import Words
from sana_desktop.reports.sql.explain import explain, facts

SEED = (
    'SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance" '
    'FROM "analytics"."user_course_instance_progress" ORDER BY "user"'
)


def test_explain_says_what_it_knows() -> None:
    sql = (
        "SELECT DISTINCT course, count(*) AS n FROM analytics.course_completions WHERE completed >= '2025-01-01' AND "
        "completed < '2025-04-01' AND status IN ('done', 'late') AND score >= 3 AND note IS NOT NULL AND who LIKE 'A%' "
        "AND gone IS NULL AND lower(x) = 'y' GROUP BY 1 ORDER BY n DESC LIMIT 1000"
    )
    assert [str(line) for line in explain(sql)] == [
        "It reads: Course completions.",
        "It gets 2 columns.",
        "Equal rows are put together.",
        "Only rows where Completed is from 2025-01-01 to the day before 2025-04-01.",
        "Only rows where Status is one of “done”, “late”.",
        "Only rows where Score is 3 or more.",
        "Only rows where Note is not empty.",
        "Only rows where Who looks like “A%”.",
        "Only rows where Gone is empty.",
        "Only rows where this holds, which is not put into words here: LOWER(x) = 'y'.",
        "Put together by Course.",
        "In the order of N ↓.",
        "At most 1,000 rows.",
    ]


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("SELECT * FROM t", "It gets all columns."),
        ("SELECT a FROM t", "No row is left out by a filter."),
        ("SELECT a FROM t JOIN u USING (x)", "It reads these tables side by side: T, U."),
        (
            "SELECT a FROM t UNION SELECT b FROM u",
            "It puts several queries together; what each one leaves out is not said here.",
        ),
        (
            "SELECT a FROM (SELECT a FROM t WHERE b = 1) x",
            "Only rows where a condition inside a part of the query holds, which is not put into words here.",
        ),
        ("SELECT a FROM t WHERE '2025-01-01' <= d", "Only rows where D is 2025-01-01 or later."),
        (
            "SELECT a FROM t WHERE d BETWEEN '2025-01-01' AND '2025-03-31'",
            "Only rows where D is from 2025-01-01 to 2025-03-31.",
        ),
        (
            "SELECT a FROM t WHERE a = 1 OR b = 2",
            "Only rows where this holds, which is not put into words here: a = 1 OR b = 2.",
        ),
        ("SELECT 1", "It reads no table."),
        ("SELECT a b c", "I can't read this query, so I can't say what it does."),
        ("DROP TABLE t", "I can't read this query, so I can't say what it does."),
        ("SELECT 1; SELECT 2", "I can't read this query, so I can't say what it does."),
    ],
)
def test_explain(sql: str, line: str) -> None:
    assert line in [str(one) for one in explain(sql)]


def test_a_join_is_no_promise_that_no_row_is_left_out() -> None:
    assert not any("left out by a filter" in line for line in explain("SELECT a FROM t JOIN u USING (x)"))


def test_facts_of_the_vendors_query() -> None:
    known = facts(SEED)
    assert known is not None
    assert (known.tables, known.columns, known.order) == (("User course instance progress",), 6, ("User",))
    assert (known.limit, known.distinct, known.combined, known.joined) == (None, False, False, False)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("d > '2025-01-01'", "D is after 2025-01-01"),
        ("d < '2025-01-01T10:00:00Z'", "D is before 2025-01-01"),
        ("d <= date '2025-01-01'", "D is 2025-01-01 or earlier"),
        ("'2025-01-01' > d", "D is before 2025-01-01"),
        ("a <> 1", "A is not 1"),
        ("a > 1", "A is more than 1"),
        ("a < 1.5", "A is less than 1.5"),
        ("a = true", "A is true"),
        ("a ILIKE 'x%'", "A looks like “x%”, capitals or not"),
        ("a IN (1, 2, 3, 4, 5, 6, 7)", "A is one of 1, 2, 3, 4, 5, … (7)"),
        ("((a = 1))", "A is 1"),
        ("(d >= '2025-01-01')", "D is 2025-01-01 or later"),
        ("(a = 1 OR b = 2)", "this holds, which is not put into words here: a = 1 OR b = 2"),
        ("a NOT IN (1, 2)", "this holds, which is not put into words here: NOT a IN (1, 2)"),
        ("a = b", "this holds, which is not put into words here: a = b"),
    ],
)
def test_condition(condition: str, said: str) -> None:
    known = facts(f"SELECT x FROM t WHERE {condition}")
    assert known is not None
    assert [str(one) for one in (*known.dates, *known.filters)] == [said]


def test_conditions_joined_by_and_come_one_by_one_in_order_even_in_brackets() -> None:
    known = facts("SELECT x FROM t WHERE (a = 1 AND (b = 2)) AND c = 3 GROUP BY x HAVING x > 4")
    assert known is not None
    assert known.filters[0] == "A is 1"
    assert known.filters[-2:] == ("C is 3", "X is more than 4")
    assert len(known.filters) == 4


@pytest.mark.parametrize(
    ("sql", "field", "value"),
    [
        ("SELECT * FROM t", "columns", None),
        ("SELECT t.*, a FROM t", "columns", None),
        ("SELECT count(*) FROM t", "columns", 1),
        ("SELECT a FROM t LIMIT 10", "limit", 10),
        ("SELECT a FROM t LIMIT $1", "limit", None),
        ("SELECT a FROM t LIMIT 10 PERCENT", "limit", None),
        ("SELECT DISTINCT a FROM t", "distinct", True),
        ("SELECT a FROM t, u", "joined", True),
        ("SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY 1 LIMIT 3", "combined", True),
        ("SELECT a FROM t UNION ALL SELECT a FROM u LIMIT 3", "limit", 3),
        ("WITH x AS (SELECT 1 AS a) SELECT a FROM x JOIN learners l ON true", "tables", ("Learners",)),
        ("SELECT a AS name_of_it FROM t ORDER BY 1 DESC", "order", ("Name of it ↓",)),
        ("SELECT lower(a) AS low FROM t GROUP BY 1", "groups", ("Low",)),
        ("SELECT a FROM t GROUP BY 7", "groups", ("7",)),
    ],
)
def test_fact(sql: str, field: str, value: object) -> None:
    known = facts(sql)
    assert known is not None
    assert getattr(known, field) == value


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- x",
        "SELECT 'a",
        "SELECT " + "(" * 61 + "1" + ")" * 61,
        "x" * 200_001,
        "SELECT a FROM t WHERE x" + "::int" * 3_000 + " = 1",
    ],
)
def test_what_can_not_be_read_has_no_facts(sql: str) -> None:
    assert facts(sql) is None
    (line,) = explain(sql)
    assert "can't read" in line


def test_values_from_outside_stay_values_and_are_bounded() -> None:
    long = "x" * 5_000
    known = facts(f"SELECT a FROM t WHERE b = '{long}' AND c = '{{x}}'")
    assert known is not None
    assert all(isinstance(one, Words) and len(one) < 400 for one in known.filters)
    assert "“{x}”" in known.filters[1]
