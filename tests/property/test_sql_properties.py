"""Whatever the text: statements cover it, colours stay inside it, checks point into it, layout keeps its meaning."""

from __future__ import annotations

import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot.errors import SqlglotError

from sana_desktop.reports.sql.check import check
from sana_desktop.reports.sql.explain import explain
from sana_desktop.reports.sql.tidy import tidy
from sana_desktop.reports.sql.title import title_of
from sana_desktop.reports.sql.tokens import START, tokens
from sana_desktop.reports.sql.words import Lexeme, blanks, lex, statement_at, statements

PIECES = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "AND",
        "BETWEEN",
        "CASE",
        "WHEN",
        "END",
        "GROUP BY",
        "ORDER BY",
        "WITH",
        "AS",
        "JOIN",
        "t",
        "user",
        '"a b"',
        "'x'",
        "E'a\\'b'",
        "1.5",
        "(",
        ")",
        "[",
        "]",
        ",",
        ";",
        "'",
        '"',
        "--",
        "-- c\n",
        "/*",
        "*/",
        "/* c */",
        "$$",
        "$t$",
        "$1",
        ":x",
        "::",
        "{{x}}",
        "<start_date>",
        "<",
        ">",
        "=",
        "\n",
        " ",
        "\r\n",
        "😀",
        "é",
        "\\",
        "?",
        "UNION ALL",
    ]
)
JUMBLE = st.lists(PIECES | st.text(max_size=4), max_size=30).map(" ".join) | st.lists(PIECES, max_size=30).map("".join)
QUICK = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])

NAMES = st.sampled_from(
    ["a", "b", '"user"', "t.c", "count(*)", "sum(x)", "'it''s'", "CASE WHEN a = 1 AND b THEN 2 END"]
)
CONDITIONS = st.sampled_from(
    ["a = 1", "b BETWEEN 1 AND 2", "c IN (1, 2)", "d IS NOT NULL", "e LIKE 'x%' -- why\n", "f > (SELECT max(a) FROM u)"]
)
QUERIES = st.builds(
    lambda items, conditions, joint, cte, tail: (
        (f"WITH q AS ({cte}) " if cte else "")
        + f"select {', '.join(items)} from t left join u using (id) where {f' {joint} '.join(conditions)} {tail}"
    ),
    st.lists(NAMES, min_size=1, max_size=5),
    st.lists(CONDITIONS, min_size=1, max_size=4),
    st.sampled_from(["and", "OR"]),
    st.sampled_from(["", "select 1 as x, 2 as y, 3 as z, 'a long text that needs its own line' as w /* c */"]),
    st.sampled_from(["", "order by 1 desc limit 5", "group by a, b having count(*) > 1", "union all select 1"]),
)


@QUICK
@given(JUMBLE, st.integers(0, 200))
def test_statements_cover_the_text(sql: str, position: int) -> None:
    spans = statements(sql)
    assert "".join(span.of(sql) for span in spans) == sql
    one = statement_at(sql, min(position, len(sql)))
    assert 0 <= one.start <= one.end <= len(sql)
    if one.start < one.end:
        assert one.of(sql) == one.of(sql).strip()
        assert any(span.start <= one.start and one.end <= span.end for span in spans)


@QUICK
@given(JUMBLE)
def test_pieces_cover_everything_but_white_space(sql: str) -> None:
    at = 0
    for token in lex(sql):
        assert sql[at : token.start].strip() == ""
        assert token.end > token.start
        at = token.end
    assert sql[at:].strip() == ""


@QUICK
@given(JUMBLE)
def test_colours_stay_inside_the_line_and_in_order(sql: str) -> None:
    state = START
    for line in sql.split("\n"):
        pieces, state = tokens(line, state)
        at = 0
        for start, length, _ in pieces:
            assert at <= start
            assert length > 0
            at = start + length
        assert at <= len(line)
        assert 0 <= state < 2**31


@QUICK
@given(JUMBLE)
def test_colours_agree_with_the_pieces_about_where_strings_and_comments_end(sql: str) -> None:
    sql = sql.replace("\r", "")
    state = START
    for line in sql.split("\n"):
        _, state = tokens(line, state)
    last = None
    for token in lex(sql):
        last = token
    open_end = last is not None and not last.closed
    assert (state != START) == open_end


@QUICK
@given(JUMBLE)
def test_checks_point_into_the_text(sql: str) -> None:
    for one in check(sql):
        assert 0 <= one.start <= one.end <= len(sql)
        assert one.message
    for blank in blanks(sql):
        assert 0 <= blank.start < blank.end <= len(sql)
    assert len(title_of(sql)) <= 80
    assert explain(sql)


@QUICK
@given(JUMBLE)
def test_layout_never_loses_a_piece(sql: str) -> None:
    tidied = tidy(sql)
    if tidied.reason is not None:
        assert tidied.text == sql
        return
    assert [t.of(tidied.text).lower().rstrip() for t in lex(tidied.text)] == [
        t.of(sql).lower().rstrip() for t in lex(sql)
    ]


@QUICK
@given(QUERIES)
def test_layout_keeps_the_tree_and_the_comments(sql: str) -> None:
    tidied = tidy(sql)
    assert tidied.reason is None
    try:
        before = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return
    assert sqlglot.parse_one(tidied.text, read="duckdb") == before
    comments = [t.of(sql).rstrip() for t in lex(sql) if t.kind is Lexeme.COMMENT]
    assert [t.of(tidied.text).rstrip() for t in lex(tidied.text) if t.kind is Lexeme.COMMENT] == comments
    assert tidy(tidied.text).text == tidied.text
