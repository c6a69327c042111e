"""Statements, pieces, blanks and beginnings of SQL texts."""

from __future__ import annotations

import pytest

from sana_desktop.reports.sql.words import (
    Lexeme,
    Span,
    blanks,
    end_of_block,
    end_of_dollar,
    lex,
    starts_as_query,
    statement_at,
    statements,
)


@pytest.mark.parametrize(
    ("sql", "pieces"),
    [
        ("", []),
        (" \n\t ", []),
        ("-- a\nb", [(Lexeme.COMMENT, "-- a"), (Lexeme.WORD, "b")]),
        ("/* a /* b */ c */d", [(Lexeme.COMMENT, "/* a /* b */ c */"), (Lexeme.WORD, "d")]),
        ("'it''s'", [(Lexeme.STRING, "'it''s'")]),
        (r"E'it\'s'", [(Lexeme.WORD, "E"), (Lexeme.STRING, r"'it\'s'")]),
        (r"'a\'", [(Lexeme.STRING, r"'a\'")]),
        ('"a""b"', [(Lexeme.QUOTED, '"a""b"')]),
        ("$$a;$b$ $$", [(Lexeme.STRING, "$$a;$b$ $$")]),
        ("$t$ $$ $t$", [(Lexeme.STRING, "$t$ $$ $t$")]),
        ("1.5e-3 .5 1_000", [(Lexeme.NUMBER, "1.5e-3"), (Lexeme.NUMBER, ".5"), (Lexeme.NUMBER, "1_000")]),
        ("größe_2", [(Lexeme.WORD, "größe_2")]),
        ("{{a}}${b}<from_day>", [(Lexeme.BLANK, "{{a}}"), (Lexeme.BLANK, "${b}"), (Lexeme.BLANK, "<from_day>")]),
        ("a <b", [(Lexeme.WORD, "a"), (Lexeme.OPERATOR, "<"), (Lexeme.WORD, "b")]),
        ("= $1 :x", [(Lexeme.OPERATOR, "="), (Lexeme.PARAMETER, "$1"), (Lexeme.PARAMETER, ":x")]),
        ("(?)", [(Lexeme.OPEN, "("), (Lexeme.PARAMETER, "?"), (Lexeme.CLOSE, ")")]),
        ("a::b", [(Lexeme.WORD, "a"), (Lexeme.OPERATOR, "::"), (Lexeme.WORD, "b")]),
        ("<>;", [(Lexeme.OPERATOR, "<>"), (Lexeme.SEMICOLON, ";")]),
        ("a->>'b'", [(Lexeme.WORD, "a"), (Lexeme.OPERATOR, "->>"), (Lexeme.STRING, "'b'")]),
        ("\0😀", [(Lexeme.OPERATOR, "\0"), (Lexeme.OPERATOR, "😀")]),
    ],
)
def test_pieces(sql: str, pieces: list[tuple[Lexeme, str]]) -> None:
    assert [(token.kind, token.of(sql)) for token in lex(sql)] == pieces
    assert all(token.closed for token in lex(sql))


@pytest.mark.parametrize("sql", ["'a", "'a''", '"a', "/* a /* b */", "$$a$", "$t$ $$", r"E'a\'"])
def test_a_piece_that_the_text_ends_in_is_open(sql: str) -> None:
    last = list(lex(sql))[-1]
    assert not last.closed
    assert last.end == len(sql)


def test_lexing_may_begin_anywhere() -> None:
    assert [token.start for token in lex("ab cd", 3)] == [3]


def test_ends() -> None:
    assert end_of_block("x /* a */ b */", 2) == (9, True)
    assert end_of_block("/* /* */", 0) == (8, False)
    assert end_of_dollar("$a$ $$ $a$ z", 0, "$a$") == (10, True)
    assert end_of_dollar("$a$ $$", 0, "$a$") == (6, False)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("select a", True),
        ("  -- note\n/* x */ ((SELECT a", True),
        ("With a as", True),
        ("select", False),
        ("selection of things", False),
        ("delete from t", False),
        ("'select a'", False),
        ('"select" a', False),
        ("1 select a", False),
        ("; select a", False),
        ("-- select a", False),
        ("", False),
    ],
)
def test_starts_as_query(text: str, begins: bool) -> None:
    assert starts_as_query(text) is begins


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
