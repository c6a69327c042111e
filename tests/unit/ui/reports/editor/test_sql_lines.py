"""Comment lines out and in again; brackets in strings and comments are no brackets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.reports.sql.tokens import tokens
from sana_desktop.ui.reports.editor.sql_lines import brackets_of, toggle_comment


def test_comments_are_put_at_the_smallest_indent() -> None:
    assert toggle_comment(["  SELECT 1", "    FROM t", ""]) == ["  -- SELECT 1", "  --   FROM t", ""]


def test_mixed_lines_are_all_commented() -> None:
    assert toggle_comment(["-- a", "b"]) == ["-- -- a", "-- b"]


def test_a_blank_line_alone_becomes_a_comment() -> None:
    assert toggle_comment([""]) == ["-- "]


@given(st.lists(st.text(alphabet="ab -'(", max_size=12), min_size=1, max_size=6))
def test_twice_is_as_before(lines: list[str]) -> None:
    once = toggle_comment(lines)
    if (
        any(line.strip() for line in lines)
        and once[0] != lines[0]
        and all(len(a) >= len(b) for a, b in zip(once, lines, strict=True))
    ):
        assert toggle_comment(once) == lines


def test_brackets_in_strings_names_and_comments_do_not_count() -> None:
    line = "f('(', \"(\", a[1]) -- )"
    assert [character for _, character in brackets_of(line, tokens(line, 0)[0])] == ["(", "[", "]", ")"]
