"""A sentence that can be shown at once and translated later."""

from __future__ import annotations

import copy
import pickle

import pytest

from sana_desktop.base.words import MAX_VALUE_CHARACTERS, Words


def test_it_is_its_english_sentence() -> None:
    words = Words("I cannot find {host}.", host="acm")
    assert words == "I cannot find acm."
    assert (words.template, words.values) == ("I cannot find {host}.", {"host": "acm"})


def test_it_can_be_said_in_another_language() -> None:
    assert Words("{n} rows", n=3).say(lambda text: text.replace("rows", "Zeilen")) == "3 Zeilen"
    assert Words("done {").say(str.upper) == "DONE {"


def test_values_from_outside_are_harmless() -> None:
    words = Words("It said {what}.", what="a\nb\x1b[31m{other}" + "x" * 1_000)
    assert "\n" not in words
    assert "\x1b" not in words
    assert "{other}" in words
    assert len(words.values["what"]) == MAX_VALUE_CHARACTERS


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda words: pickle.loads(pickle.dumps(words))])  # noqa: S301
def test_a_copy_can_still_be_translated(clone: object) -> None:
    twin = clone(Words("{n} rows", n=3))  # type: ignore[operator]
    assert twin == "3 rows"
    assert twin.say(lambda text: text.replace("rows", "Zeilen")) == "3 Zeilen"
