"""Range arithmetic against its own definition, on any size and any header."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.sandbox.ranges import Span, Unsatisfiable, if_range_holds, single_range

sizes = st.integers(0, 2**63)
positions = st.integers(0, 2**62)


def outcome(header: str | None, size: int) -> Span | str | None:
    try:
        return single_range(header, size)
    except Unsatisfiable:
        return "416"


@given(positions, positions, st.integers(0, 300))
def test_first_and_last(first: int, last: int, size: int) -> None:
    first, last = first % 400, last % 400
    body = list(range(size))
    got = outcome(f"bytes={first}-{last}", size)
    if last < first:
        assert got is None
    elif first >= size:
        assert got == "416"
    else:
        assert isinstance(got, Span)
        assert body[got.start : got.stop] == [n for n in body if first <= n <= last]


@given(st.integers(0, 400), st.integers(0, 300))
def test_open_end_and_suffix(number: int, size: int) -> None:
    body = list(range(size))
    rest, tail = outcome(f"bytes={number}-", size), outcome(f"bytes=-{number}", size)
    if isinstance(rest, Span):
        assert body[rest.start : rest.stop] == body[number:]
    else:
        assert rest == "416"
        assert number >= size
    if isinstance(tail, Span):
        assert body[tail.start : tail.stop] == body[-number:]
    else:
        assert tail == "416"
        assert number == 0 or size == 0


@settings(max_examples=50)
@given(st.text(max_size=40), sizes)
def test_any_header_gives_a_span_inside_or_nothing(header: str, size: int) -> None:
    for text in (header, f"bytes={header}", f"bytes={header}-", f"bytes=-{header}"):
        got = outcome(text, size)
        if isinstance(got, Span):
            assert 0 <= got.start < got.stop <= size
            assert got.content_range(size) == f"bytes {got.start}-{got.stop - 1}/{size}"


@given(positions, sizes)
def test_two_halves_are_the_whole(cut: int, size: int) -> None:
    left, right = outcome(f"bytes=0-{cut}", size), outcome(f"bytes={cut + 1}-", size)
    lengths = [part.length for part in (left, right) if isinstance(part, Span)]
    assert sum(lengths) == size


@given(st.text(max_size=20), st.text(max_size=20))
def test_if_range_only_holds_for_the_same_strong_tag(given_tag: str, tag: str) -> None:
    assert if_range_holds(None, None)
    assert not if_range_holds(given_tag, None)
    assert if_range_holds(f'"{tag}"', f'"{tag}"')
    assert not if_range_holds(f'W/"{tag}"', f'W/"{tag}"')
    if given_tag.strip() != f'"{tag}"':
        assert not if_range_holds(given_tag, f'"{tag}"')
