"""Colours of SQL, line by line."""

from __future__ import annotations

import statistics
import time

import pytest

from sana_desktop.reports.sql.tokens import START, Kind, tokens


def coloured(line: str, state: int = START) -> list[tuple[str, str]]:
    pieces, _ = tokens(line, state)
    return [(line[start : start + length], kind.value) for start, length, kind in pieces]


def test_every_kind() -> None:
    line = "SELECT count(*), \"a b\", x1, 'it''s', 1.5e3 <> :day, {{x}} -- end"
    assert coloured(line) == [
        ("SELECT", "keyword"),
        ("count", "function"),
        ("*", "operator"),
        ('"a b"', "quoted_identifier"),
        ("x1", "identifier"),
        ("'it''s'", "string"),
        ("1.5e3", "number"),
        ("<", "operator"),
        (">", "operator"),
        (":day", "placeholder"),
        ("{{x}}", "placeholder"),
        ("-- end", "comment"),
    ]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["/* a", "b -- ' \"", "c */ x"], ["comment", "comment", "comment identifier"]),
        (["/* a /* b */", "c */ x"], ["comment", "comment identifier"]),
        (["'a", "b''c", "d' x"], ["string", "string", "string identifier"]),
        (['"a', 'b""c', 'd" x'], ["quoted_identifier", "quoted_identifier", "quoted_identifier identifier"]),
        (["E'a", "b\\'c", "d' x"], ["identifier string", "string", "string identifier"]),
        (["$$a", "$t$ ' b", "c$$ x"], ["string", "string", "string identifier"]),
        (["$t$a", "$$ b", "c$t$ x"], ["string", "string", "string identifier"]),
        (["'a''", "b' x"], ["string", "string identifier"]),
        (["-- a", "x"], ["comment", "identifier"]),
        (["/**/ x", "1"], ["comment identifier", "number"]),
    ],
)
def test_what_goes_over_lines_is_carried(lines: list[str], kinds: list[str]) -> None:
    state = START
    for line, expected in zip(lines, kinds, strict=True):
        pieces, state = tokens(line, state)
        assert " ".join(kind.value for _, _, kind in pieces) == expected
        assert 0 <= state < 2**31
    assert state == START


def test_unknown_state_counts_as_start() -> None:
    assert tokens("x", -1) == ([(0, 1, Kind.IDENTIFIER)], START)
    assert tokens("x", 9) == ([(0, 1, Kind.IDENTIFIER)], START)


def test_a_line_takes_far_less_than_a_frame() -> None:
    line = "  \"user\", count(*) AS n, 'a;b', CASE WHEN x >= 3 THEN 1 ELSE 0 END -- comment"
    times: list[float] = []
    for _ in range(200):
        started = time.thread_time()
        tokens(line)
        times.append(time.thread_time() - started)
    assert statistics.median(times) < 0.001
