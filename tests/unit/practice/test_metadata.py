"""Metadata as it is typed: JSON stays what it is, names with values become JSON, anything else is refused."""

from __future__ import annotations

import pytest

from sana_desktop.base.errors import UserError
from sana_desktop.practice.metadata import read_metadata


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", None),
        ("   ", None),
        ('{"attempt": 2}', '{"attempt": 2}'),
        ('{ "a" : [1,2] ,"b":"é"}', '{"a": [1, 2], "b": "é"}'),
        ('["a"]', '["a"]'),
        ('"only a text"', '"only a text"'),
        ("attempt = 2", '{"attempt": 2}'),
        ("attempt=2;mood = fine , well=true", '{"attempt": 2, "mood": "fine", "well": true}'),
        ("my note = two words", '{"my note": "two words"}'),
        ("a=", '{"a": ""}'),
        ("a = NaN", '{"a": "NaN"}'),
        ('a = "2"', '{"a": "2"}'),
        ("a = {1}", '{"a": "{1}"}'),
    ],
)
def test_what_is_meant(text: str, read: str | None) -> None:
    assert read_metadata(text) == read


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"attempt": 2', "can't be read"),
        ("{attempt: 2}", "can't be read"),
        ('{"a": NaN}', "can't be read"),
        ("[" * 5_000, "can't be read"),
        ("just words", "can't be read"),
        ("a = 1, words", "can't be read"),
        ("= 1", "can't be read"),
        ("a = 1, a = 2", "“a” is there twice."),
    ],
)
def test_what_can_not_be_meant_says_so(text: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        read_metadata(text)
    assert says in caught.value.message
