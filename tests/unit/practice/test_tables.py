"""Tables of text: encodings, delimiters, and cells as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.practice.tables import DELIMITERS, delimiter_of, encoding_of, is_text, names_in, number_in, rows_of


@pytest.mark.parametrize(
    ("head", "encoding", "text"),
    [
        (b"", "utf-8-sig", True),
        ("é".encode()[:1], "utf-8-sig", True),  # a character cut in two at the end of the head
        ("é,b".encode(), "utf-8-sig", True),
        (b"\xef\xbb\xbfa,b", "utf-8-sig", True),
        ("é,b".encode("cp1252"), "cp1252", True),
        ("a\tb".encode("utf-16"), "utf-16", True),
        (b"a\0b", "utf-8-sig", False),
        (b"PK\x03\x04rest", "utf-8-sig", False),
    ],
)
def test_encodings(head: bytes, encoding: str, text: bool) -> None:
    assert (encoding_of(head), is_text(head)) == (encoding, text)


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_the_one_by_which_all_rows_are_alike(delimiter: str) -> None:
    rows = [["id", "path", "tags"], ["1", "/a", '"x, y; z|w"'], ["2", "/b", '"two\nlines"']]
    lines = "\n".join(delimiter.join(row) for row in rows).splitlines(keepends=True)
    assert delimiter_of(lines) == delimiter
    assert [len(row) for row in rows_of(lines, delimiter)] == [3, 3, 3]


def test_a_row_that_can_not_be_read_ends_the_rows() -> None:
    assert rows_of(["a,b\n", "\n", f'1,"{"x" * 200_000}"\n', "2,3\n"], ",") == [["a", "b"]]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1.5", 1.5), ("1,5", 1.5), ("-3", -3.0), ("1,234,5", None), ("1,234.5", None), ("nan", None), ("1e999", None),
     ("", None), ("hard", None)],
)  # fmt: skip
def test_numbers(cell: str, number: float | None) -> None:
    assert number_in(cell) == number


@pytest.mark.parametrize(
    ("cell", "names"),
    [("x", ("x",)), ("x; y;", ("x", "y")), ("x|y", ("x", "y")), ("x,y,x", ("x", "y")),
     ('["x, y", "z", 1, ""]', ("x, y", "z")), ("[x", ("[x",)), ("[" * 5_000, ("[" * 5_000,)), (" ", ())],
)  # fmt: skip
def test_names(cell: str, names: tuple[str, ...]) -> None:
    assert names_in(cell) == names


@given(st.lists(st.text(st.characters(exclude_characters=";", codec="utf-8"), min_size=1)))
def test_names_that_were_joined_come_apart(names: list[str]) -> None:
    wanted = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(wanted) > 1 and not wanted[0].startswith("["):
        assert names_in(";".join(wanted)) == wanted
