"""A known secret is in no text that was cleaned, however it is surrounded (B12)."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.base.text import one_line, visible

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Cs", "Cc"]), min_size=8)
AROUND = st.text(max_size=30)


@given(SECRETS, AROUND, AROUND, st.sampled_from([str, quote, quote_plus, lambda text: json.dumps(text)[1:-1]]))
def test_no_spelling_of_a_known_secret_is_left(secret: str, before: str, after: str, spell: object) -> None:
    redactor = Redactor()
    redactor.add(Secret(secret))
    spelled = spell(secret)  # type: ignore[operator]
    assert spelled not in redactor.clean(before + spelled + after)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    redactor = Redactor()
    once = redactor.clean(text)
    assert redactor.clean(once) == once


@given(st.text(), st.integers(1, 200))
def test_M09_a_line_is_one_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert visible(line) == line
