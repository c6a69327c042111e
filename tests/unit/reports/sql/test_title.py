"""Names of queries are made of their own words, or there is none."""

from __future__ import annotations

import pytest

from sana_desktop.reports.sql.title import MAX_TITLE_CHARACTERS, human, title_of

SEED = (
    'SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance" '
    'FROM "analytics"."user_course_instance_progress" ORDER BY "user"'
)


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


@pytest.mark.parametrize(
    ("sql", "title"),
    [
        ("-- sandbox: slow\nSELECT * FROM late_starts", "Late starts"),
        ("-- 12\nSELECT * FROM t", "T"),
        ("-- " + "x" * 120 + "\nSELECT * FROM t", "T"),
        ("SELECT 1 -- no name\nFROM t", "T"),
        ('SELECT * FROM "my ""odd"" table"', 'My "odd" table'),
        ("SELECT a FROM t GROUP BY a, b, c", "T"),
        ("SELECT a FROM t GROUP BY lower(a)", "T"),
        ("SELECT a FROM t GROUP BY a HAVING count(*) > 1", "T, by a"),
        ("SELECT * FROM (SELECT a FROM t GROUP BY a) x", "T"),
        ("WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a JOIN courses c ON true", ""),
        ("WITH a AS NOT MATERIALIZED (SELECT x FROM enrolments) SELECT * FROM a", "Enrolments"),
        ("WITH RECURSIVE a(n, m) AS (SELECT 1, 2) SELECT * FROM a", ""),
        ("SELECT * FROM LATERAL (SELECT 1) x", ""),
        ("SELECT trim(leading 'a' FROM b) FROM names", "Names"),
    ],
)
def test_title_of_odd_queries(sql: str, title: str) -> None:
    assert title_of(sql) == title


def test_a_title_is_one_line_of_bounded_length() -> None:
    title = title_of('SELECT * FROM "' + "a\nb " * 100 + '"')
    assert "\n" not in title
    assert 0 < len(title) <= MAX_TITLE_CHARACTERS


def test_a_title_is_found_near_the_beginning_or_not_at_all() -> None:
    assert title_of("SELECT " + "a, " * 10_000 + "a FROM t") == ""


@pytest.mark.parametrize(
    ("name", "words"), [("SQL", "SQL"), ("a-b_c", "A b c"), ("HTTPServer", "HTTPServer"), ("_x_", "X"), ("", "")]
)
def test_human_of_odd_names(name: str, words: str) -> None:
    assert human(name) == words
