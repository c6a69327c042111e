"""What is said about a query, and where exactly."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sana_desktop.reports.sql.check import MAX_DEPTH, Severity, check, obstacles

SEED = (
    'SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance" '
    'FROM "analytics"."user_course_instance_progress" ORDER BY "user"'
)


def found(sql: str) -> list[tuple[str, str, str]]:
    return [(one.severity.value, one.code, sql[one.start : one.end]) for one in check(sql)]


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
        ("SELECT " + "NOT " * 5_000 + "1", [("hint", "too_deep", "")]),
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


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("SELECT 'a", "quote_open", "text that begins at this quote"),
        ('SELECT "a', "quote_open", "name that begins at this quote"),
        ("SELECT a FROM t WHERE b = '{{day}}'", "blank", "filled in: day."),
        ("update t set a = 1", "writes", "UPDATE would change data"),
        ("SELECT a FROM t WHERE from = 1", "unreadable", 'write "from"'),
        ("SELECT a FROM", "unreadable", "stop too early"),
    ],
)
def test_the_sentence_says_what_it_is(sql: str, code: str, said: str) -> None:
    assert any(one.code == code and said in one.message for one in check(sql))


def test_findings_stand_in_the_order_of_their_places() -> None:
    places = [one.start for one in check("SELECT user, '{{a}}' FROM t WHERE x = :y AND b = <later>; DELETE FROM t")]
    assert len(places) >= 3
    assert places == sorted(places)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT current_user FROM t LIMIT 1",
        "SELECT * FROM user LIMIT 1",
        "SELECT user.name FROM user LIMIT 1",
        "SELECT 'user' FROM t LIMIT 1",
        "SELECT user() LIMIT 1",
    ],
)
def test_not_every_user_is_the_trap(sql: str) -> None:
    assert "quote_user" not in [one.code for one in check(sql)]


@pytest.mark.parametrize(
    ("rest", "everything"),
    [
        ("WHERE a = 1", True),
        ("WHERE d >= '2025-01-01'", False),
        ("WHERE d > now()", False),
        ("WHERE name = '2025'", True),
        ("FETCH FIRST 5 ROWS ONLY", False),
        ("-- limit 5", True),
    ],
)
def test_hint_about_a_query_without_bounds(rest: str, everything: bool) -> None:
    assert ("everything" in [one.code for one in check(f"SELECT a FROM t {rest}")]) is everything


@pytest.mark.parametrize(
    ("around", "core", "depth"),
    [(("(", ")"), "1", MAX_DEPTH + 1), (("CASE WHEN a THEN (", ") END"), "1", MAX_DEPTH), (("NOT ", ""), "1", 5_000)],
)
def test_what_is_nested_too_deeply_is_said_to_be_that(around: tuple[str, str], core: str, depth: int) -> None:
    (hint,) = check("SELECT " + around[0] * depth + core + around[1] * depth)
    assert (hint.code, hint.severity, hint.start, hint.end) == ("too_deep", Severity.HINT, 0, 0)
    assert "nested too deeply" in hint.message


def test_common_depths_are_checked() -> None:
    assert check("SELECT " + "(" * 20 + "1" + ")" * 20) == ()


def test_what_is_not_certain_never_blocks() -> None:
    for sql in (
        "SELEC 1",
        "DELETE FROM t",
        "SELECT a b c",
        "SELECT 1; SELECT 2",
        "SELECT :a",
        "SELECT user",
        "SELECT (",
    ):
        errors = [one.code for one in check(sql) if one.severity is Severity.ERROR]
        assert errors == (["bracket_open"] if sql.endswith("(") else [])


@pytest.mark.parametrize(
    ("sql", "codes"),
    [
        (SEED, []),
        ("SELECT a FROM t", []),
        ("SELECT a b c FROM t", []),
        ("DELETE FROM t", ["writes"]),
        ("(DROP TABLE t)", ["writes"]),
        ("SELEC 1", ["not_select"]),
        ("SELECT 'a", ["quote_open"]),
        ("DROP TABLE <table>", ["writes", "blank"]),
        ("", []),
    ],
)
def test_what_must_be_settled_before_an_order(sql: str, codes: list[str]) -> None:
    assert [one.code for one in obstacles(sql)] == codes


def test_obstacles_are_found_without_the_parser() -> None:
    code = "import sys; from sana_desktop.reports.sql.check import obstacles; obstacles('DROP TABLE t')"
    done = subprocess.run([sys.executable, "-c", f"{code}; print('sqlglot' in sys.modules)"], capture_output=True)
    assert done.stdout.strip() == b"False"
