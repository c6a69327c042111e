"""Numbers in the sentences of a session's meaning are grouped, as they are in its tables."""

from __future__ import annotations

from sana_desktop.practice.meaning.shapes import Repeats


def test_thousands_are_grouped_in_a_sentence() -> None:
    assert "12,008 of 20,000 answers were" in str(Repeats(20_000, 12_008, ("e1", 3)).words()[0])
