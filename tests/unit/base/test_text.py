"""Text from outside: bounded, and with nothing in it that moves a cursor (T12)."""

from __future__ import annotations

import pytest

from sana_desktop.base.text import ELLIPSIS, bounded, harmless, one_line, quoted, size_text, visible


@pytest.mark.parametrize(("limit", "expected"), [(5, "hello"), (4, "hel…"), (1, "…"), (9, "hello")])
def test_bounded(limit: int, expected: str) -> None:
    assert bounded("hello", limit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 日本 🙂", "plain é 日本 🙂"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\x00b\x7fc", "a\\x00b\\x7fc"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2028b", "a\\u2028b"),
        ("\ufeffa", "\\ufeffa"),
        ("\ud800", "\\ud800"),
        ("tab\tstays", "tab\tstays"),
        ("a\nb", "a\\x0ab"),
        ("a\x85b", "a\\x85b"),
    ],
)
def test_M09_what_can_not_be_seen_is_made_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_line_feeds_may_stay() -> None:
    assert visible("a\nb\r", keep_newlines=True) == "a\nb\\x0d"


def test_one_line_folds_white_space_and_is_bounded() -> None:
    assert one_line("  a \n\t b\u2028c  ", 20) == "a b c"
    assert one_line("word " * 1_000, 10) == "word word" + ELLIPSIS
    assert len(one_line("\x00" * 1_000, 10)) == 10


@pytest.mark.parametrize("cell", ["=1", "+A1", "-A1", "@x", "\t=1", "\r=1", "\n=1", " =1", "\0=1", "-", "+", "-inf"])
def test_T7_what_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert harmless(cell).startswith("'")


@pytest.mark.parametrize("cell", ["-5", "+5", "-1.5e3", "e=1", "", "5-3", "'=1"])
def test_T7_what_is_harmless_stays(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(
    ("said", "shown"),
    [("No such column.", "“No such column.”"), ("Why?", "“Why?”"), ("Wait…", "“Wait…”"), ("no", "“no”.")],
)
def test_a_quotation_that_ends_a_sentence_has_one_full_stop(said: str, shown: str) -> None:
    assert quoted(said) == shown


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (30_000, "30.0 kB"),
        (4_200_000, "4.2 MB"),
        (99_940_000, "99.9 MB"),
        (99_960_000, "100 MB"),
        (999_600, "1.0 MB"),
        (123_000_000, "123 MB"),
        (1_200_000_000, "1.2 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_a_size_is_told_in_one_way_everywhere(count: float, text: str) -> None:
    assert size_text(count) == text
