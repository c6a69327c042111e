"""The error tree: words apart from values, bounded, and safe to copy."""

from __future__ import annotations

import copy
import pickle

import pytest

from sana_desktop.base import errors
from sana_desktop.base.errors import MAX_DETAIL_CHARACTERS, SanaError, SubmitUnknown, UserError

TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SanaError)]
KINDS_OF_THE_CONTRACT = {"usage", "auth", "query", "network", "link", "file", "unknown_submit", "service"}


@pytest.mark.parametrize("kind", TREE)
def test_every_kind_has_a_title_and_a_word_of_the_contract(kind: type[SanaError]) -> None:
    error = kind("I cannot find {host}.", code="E-X", values={"host": "acm"})
    assert error.title
    assert error.kind in KINDS_OF_THE_CONTRACT
    assert str(error) == error.message == "I cannot find acm."


def test_the_sentence_is_translated_before_the_values_go_in() -> None:
    error = UserError("I cannot find {host}.", code="E-X", values={"host": "{host}<b>"})
    assert error.say(lambda text: text.replace("I cannot find", "Unbekannt:")) == "Unbekannt: {host}<b>."


def test_text_from_outside_is_bounded() -> None:
    error = SanaError("{a}", code="E-X", values={"a": "x" * 10_000}, detail="y" * 10_000)
    assert len(error.message) == len(error.detail) == MAX_DETAIL_CHARACTERS


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301
def test_a_copy_is_whole(clone: object) -> None:
    error = SubmitUnknown(
        "{a} {b}", code="E-S", next_step="n", values={"a": 1, "b": None}, retryable=True, http_status=502, job_id="j"
    )
    twin = clone(error)  # type: ignore[operator]
    assert type(twin) is SubmitUnknown
    assert vars(twin) == vars(error)
    assert str(twin) == "1 None"


def test_cancellation_is_no_error_of_the_tree() -> None:
    import asyncio

    assert not issubclass(asyncio.CancelledError, SanaError)
