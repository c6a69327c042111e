"""Widths of columns: the room is used up, needs come first, and what a person chose is remembered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.reports.table.columns import Choices, Need, choices_from, give_way, share

needs = st.lists(
    st.builds(
        lambda least, more, grows: Need(least, least + more, grows),
        st.integers(1, 400),
        st.integers(0, 300),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)


@given(width=st.integers(0, 4_000), columns=needs)
def test_columns_fill_the_width_or_have_their_least(width: int, columns: list[Need]) -> None:
    widths = share(width, columns)
    assert all(given >= need.least for given, need in zip(widths, columns, strict=True))
    assert sum(widths) == max(width, sum(need.least for need in columns))


@given(width=st.integers(0, 4_000), columns=needs)
def test_nobody_grows_before_all_wishes_are_granted(width: int, columns: list[Need]) -> None:
    widths = share(width, columns)
    if any(given > need.wish for given, need in zip(widths, columns, strict=True)):
        assert all(given >= need.wish for given, need in zip(widths, columns, strict=True))


@given(width=st.integers(0, 2_000), columns=needs, yields=st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_only_who_yields_is_left_out_and_only_where_there_is_no_room(
    width: int, columns: list[Need], yields: list[int]
) -> None:
    asked = [replace(need, yields=number) for need, number in zip(columns, yields, strict=False)]
    _, out = give_way(width, asked)
    assert all(asked[position].yields for position in out)
    kept = [position for position in range(len(asked)) if position not in out]
    if sum(asked[position].least for position in kept) > width:
        assert not any(asked[position].yields for position in kept)
    if out:
        assert sum(need.least for need in asked) > width
        assert min(asked[p].yields for p in out) >= max((asked[p].yields for p in kept if asked[p].yields), default=0)


def test_the_last_column_takes_what_nobody_wants() -> None:
    assert share(100, [Need(20, 20), Need(30, 30)]) == [20, 80]
    assert share(100, [Need(20, 20, 1), Need(30, 30)]) == [70, 30]
    assert share(100, []) == []


def test_choices_come_back_as_they_were() -> None:
    choices = Choices([2, 0, 1], {1: 140}, {2: False})
    assert choices_from(choices.to_text(), 3) == choices


def test_nothing_chosen_is_nothing_to_remember() -> None:
    assert Choices().to_text() == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"order": 3}',
        '{"order": [0, 0, 1]}',
        '{"order": [0, 1]}',
        '{"widths": [[0, -5], [1, 999999], [7, 50], [0], 5, [0, true]]}',
        '{"shown": [[0, 1], ["a", true]]}',
    ],
)
def test_what_cannot_be_read_is_left_out(text: str) -> None:
    assert choices_from(text, 3) == Choices()


def test_what_can_be_read_beside_it_is_kept() -> None:
    text = json.dumps({"order": [9], "widths": [[0, 120], [1, "x"]], "shown": [[1, False]]})
    assert choices_from(text, 2) == Choices([], {0: 120}, {1: False})
