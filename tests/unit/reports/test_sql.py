"""Statements, checks, blanks, layout, names and words of SQL."""

from __future__ import annotations

import pytest
import sqlglot

from sana_desktop.reports.sql import (
    Severity,
    Span,
    blanks,
    check,
    explain,
    facts,
    human,
    statement_at,
    statements,
    tidy,
    title_of,
)

SEED = (
    'SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance" '
    'FROM "analytics"."user_course_instance_progress" ORDER BY "user"'
)


def found(sql: str) -> list[tuple[str, str, str]]:
    return [(one.severity.value, one.code, sql[one.start : one.end]) for one in check(sql)]


# Statements


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ';'",
        "SELECT 'it''s;'",
        "SELECT E'it\\'s;'",
        'SELECT ";"',
        'SELECT "a"";"',
        "SELECT 1 -- ;\n",
        "SELECT /* ; /* ; */ ; */ 1",
        "SELECT $$;$$",
        "SELECT $tag$ ; $$ ; $tag$",
        "SELECT 'unclosed ;",
        "SELECT 1 - 2 / 3; -- the end",
        "SELECT $1;",
        ";;",
    ],
)
def test_one_statement(sql: str) -> None:
    assert statements(sql) == (Span(0, len(sql)),)


def test_statements_are_split_and_cover_the_text() -> None:
    sql = " SELECT 1 ;\n\n-- second\nSELECT 2;;  SELECT 'a;b'\n"
    spans = statements(sql)
    assert "".join(span.of(sql) for span in spans) == sql
    assert [span.of(sql).strip() for span in spans] == ["SELECT 1 ;", "-- second\nSELECT 2;;", "SELECT 'a;b'"]
    assert statements("") == ()


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("SEL|ECT 1; SELECT 2", "SELECT 1"),
        ("SELECT 1|; SELECT 2", "SELECT 1"),
        ("SELECT 1;| SELECT 2", "SELECT 1"),
        ("SELECT 1;|\nSELECT 2", "SELECT 1"),
        ("SELECT 1;|SELECT 2", "SELECT 2"),
        ("SELECT 1;\n|SELECT 2", "SELECT 2"),
        ("SELECT 1;\nSELECT 2|", "SELECT 2"),
        ("SELECT 1;\nSELECT 2;  \n|", "SELECT 2"),
        ("|\n\n SELECT 1", "SELECT 1"),
        ("  |", ""),
        ("|", ""),
        ("SELECT 1; -- |later", "SELECT 1"),
    ],
)
def test_statement_at_the_caret(marked: str, expected: str) -> None:
    position = marked.index("|")
    sql = marked.replace("|", "")
    assert statement_at(sql, position).of(sql) == expected


# Checks


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (SEED + " LIMIT 5", []),
        ("WITH a AS (SELECT 1 AS x) SELECT x FROM a LIMIT 1;", []),
        ("SELECT a FROM t WHERE d >= '2025-01-01'", []),
        ("SELECT a FROM t WHERE d > current_date - interval '1 month'", []),
        ("SELECT a, count(*) FROM t GROUP BY a", []),
        ("SELECT 1", []),
        ("SELECT a FROM t", [("hint", "everything", "SELECT")]),
        ("", [("hint", "empty", "")]),
        ("-- later", [("hint", "empty", "")]),
        ("SELECT 'a", [("error", "quote_open", "'")]),
        ('SELECT "a', [("error", "quote_open", '"')]),
        ("SELECT $$a", [("error", "quote_open", "$")]),
        ("SELECT /* a", [("error", "comment_open", "/*")]),
        ("SELECT (1, (2)", [("error", "bracket_open", "(")]),
        ("SELECT 1)", [("error", "bracket_extra", ")")]),
        ("SELECT (1]", [("error", "bracket_extra", "]")]),
        ("SELECT a FROM t WHERE b = ‘x’ LIMIT 1", [("error", "curly_quote", "‘")]),
        ("SELECT a FROM t WHERE b = '{{day}}' LIMIT 1", [("error", "blank", "{{day}}")]),
        ("SELECT a FROM t WHERE b = <group> LIMIT 1", [("error", "blank", "<group>")]),
        ("SELECT a FROM t WHERE b = :day LIMIT 1", [("warning", "parameter", ":day")]),
        ("SELECT a FROM t WHERE b = $1 LIMIT 1", [("warning", "parameter", "$1")]),
        ("SELECT a FROM t WHERE b = ? LIMIT 1", [("warning", "parameter", "?")]),
        ("SELECT a::date, l[1:n] FROM t LIMIT 1", []),
        ("SELECT 1; SELECT 2", [("warning", "several", "SELECT")]),
        ("DELETE FROM t", [("warning", "writes", "DELETE")]),
        ("SELEC 1", [("warning", "not_select", "SELEC")]),
        ("SELECT user FROM t LIMIT 1", [("warning", "quote_user", "user")]),
        ('SELECT t.user, "user", a AS user FROM t LIMIT 1', []),
        ("SELECT a FROM t WHERE x = = 3", [("warning", "unreadable", "=")]),
        ("SELECT a b c FROM t", [("warning", "unreadable", "c")]),
        ("SELECT a,\r\n  'é😀' b c\r\nFROM t", [("warning", "unreadable", "c")]),
        ("SELECT a FROM", [("warning", "unreadable", "")]),
        ("SELECT " + "(" * 70 + "1" + ")" * 70, [("hint", "too_deep", "")]),
        ("SELECT " + "NOT " * 5_000 + "1", [("warning", "unreadable", "")]),
    ],
)
def test_check(sql: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(sql) == expected


def test_place_is_exact_far_down_and_beside_wide_characters() -> None:
    lines = [f'  "spalte_{number}" AS "größe 😀 {number}",' for number in range(300)]
    sql = "SELECT\n" + "\n".join(lines) + "\n  x y zzz\nFROM t"
    (one,) = check(sql)
    assert (one.start, one.end) == (sql.index("zzz"), sql.index("zzz") + 3)
    assert one.severity is Severity.WARNING


def test_what_is_too_long_is_not_checked() -> None:
    assert [one.code for one in check("SELECT 1 -- " + "x" * 200_000)] == ["too_long"]


# Blanks


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT '{{from}}', {{ to }}, ${group}", ["from", "to", "group"]),
        ("SELECT * FROM t WHERE a = <start_date> AND b = '<your department>'", ["start_date", "your department"]),
        ("SELECT * FROM t WHERE a <b AND c> d", []),
        ("SELECT a<b>c, a < b, x <> y", []),
        ("SELECT '<b>', '<p>text</p>', 'a <tag> b'", []),
        ("SELECT 1 -- {{no}} <none>", []),
        ("SELECT LIST<INT>", []),
        ('SELECT "{{column}}"', ["column"]),
    ],
)
def test_blanks(sql: str, names: list[str]) -> None:
    assert [blank.name for blank in blanks(sql)] == names


# Layout


def test_tidy_lays_out_one_clause_a_line() -> None:
    sql = (
        "with a as (select x, y from big_table_one where x between 1 and 2 and y is distinct from 3 or z in (1,2,3)), "
        "b as (select 1) select distinct a.x as from_, count(*) /* n */, -- why\n case when a=1 and b=2 then 3 end "
        "from a left join b using (x) where d >= date '2025-01-01' -- end\n group by 1,2 order by 1 desc "
        "limit 10; select 2"
    )
    assert tidy(sql).text == (
        "WITH a AS (\n  SELECT\n    x,\n    y\n  FROM big_table_one\n  WHERE x BETWEEN 1 AND 2\n"
        "    AND y IS DISTINCT FROM 3\n    OR z IN (1, 2, 3)\n),\nb AS (SELECT 1)\n"
        "SELECT DISTINCT\n  a.x AS from_,\n  count(*) /* n */, -- why\n"
        "  CASE WHEN a=1 AND b=2 THEN 3 END\nFROM a\nLEFT JOIN b USING (x)\nWHERE d >= date '2025-01-01' -- end\n"
        "GROUP BY 1, 2\nORDER BY 1 DESC\nLIMIT 10;\nSELECT 2"
    )


@pytest.mark.parametrize(
    "sql",
    [
        SEED,
        'select left(a, 2), extract(year from d), a."select", count(*) filter (where x) from t',
        "select * from (select a, b from t where a > 1 and b and c = 'select  from' union all select 1, 2) x where 1",
        "select a -- c1\n, b\n-- own line\nfrom t /* block\n  comment */ where x",
        "select row_number() over (partition by a order by b), a->>'x', b[1:2], c::date from t",
    ],
)
def test_tidy_keeps_the_meaning_and_is_done_after_once(sql: str) -> None:
    tidied = tidy(sql)
    assert tidied.reason is None
    assert sqlglot.parse_one(tidied.text, read="duckdb") == sqlglot.parse_one(sql, read="duckdb")
    assert tidy(tidied.text).text == tidied.text


@pytest.mark.parametrize("sql", ["select 'a", "select (1", "select 1)", "x" * 200_001])
def test_tidy_leaves_alone_what_it_can_not_lay_out(sql: str) -> None:
    tidied = tidy(sql)
    assert tidied.text == sql
    assert tidied.reason


# Names and words


@pytest.mark.parametrize(
    ("sql", "title"),
    [
        (SEED, "User course instance progress"),
        (
            "SELECT department, count(*) FROM analytics.course_completions GROUP BY department",
            "Course completions, by department",
        ),
        ("SELECT a FROM t_x GROUP BY t.course_name, grp", "T x, by course name and grp"),
        ("SELECT 1, a FROM CourseCompletions GROUP BY 1", "Course Completions"),
        ("WITH a AS (SELECT * FROM enrolments) SELECT * FROM a", "Enrolments"),
        ("SELECT extract(year FROM d) FROM courses WHERE a IS DISTINCT FROM b", "Courses"),
        ("SELECT * FROM (SELECT * FROM inner_table) x", "Inner table"),
        ("-- Quarterly audit\nSELECT 1", "Quarterly audit"),
        ("/* Late learners */ SELECT 1", "Late learners"),
        ("SELECT * FROM read_csv('x')", ""),
        ("SELECT 1", ""),
        ("", ""),
        ("-- --\nSELECT a FROM b", "B"),
    ],
)
def test_title(sql: str, title: str) -> None:
    assert title_of(sql) == title


def test_human() -> None:
    assert human("user_course_progress") == "User course progress"
    assert human("userId") == "User Id"
    assert human("USERS_AND_GROUPS") == "Users and groups"


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
