"""The practice API's memory of learners, and that no body whatever gets past its checks unchecked."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.sandbox import content as content_module
from sana_desktop.sandbox.clock import SandboxClock
from sana_desktop.sandbox.content import Content
from sana_desktop.sandbox.practice_book import MAX_LEARNERS, PracticeBook, catalogue_page
from sana_desktop.sandbox.practice_checks import BadBody, Given, NextBody, OutcomesBody, next_body, outcomes_body
from sana_desktop.sandbox.practice_record import PracticeRecord

CLOCK = SandboxClock()


def wrong(exercise: dict[str, Any]) -> Given:
    return Given(exercise, {"result": "incorrect"}, 1.7e9)


def test_a_restored_book_knows_what_the_first_one_knew(tmp_path: Path) -> None:
    book = PracticeBook(CLOCK, PracticeRecord(tmp_path / "p.jsonl"))
    own = {"id": "own", "path": "/own/topic", "tags": ["Own"], "metadata": "å"}
    first = book.next(NextBody("u", 5))
    book.take("u", [*(wrong(dict(item.content)) for item in first), wrong(own), wrong(own)])
    again = PracticeBook(CLOCK, PracticeRecord(tmp_path / "p.jsonl"))
    again.restore()
    for question in (
        NextBody("u", 9, challenge=0.4),
        NextBody("u", 9, is_review=True),
        NextBody("u", tags=("Own",)),
        NextBody("v", tags=("Own",)),
    ):
        assert again.next(question) == book.next(question)
    assert again.ability("u", "own/topic") == book.ability("u", "own/topic") < 0
    assert [entry["exercise"]["id"] for entry in book.arrivals("u")] == [*[item.id for item in first], "own", "own"]
    assert again.arrivals() == ()
    book.close()


def test_learners_are_many_but_not_without_end() -> None:
    book = PracticeBook(CLOCK, PracticeRecord(None))
    exercise = dict(book.content.known[0].content)
    for number in range(MAX_LEARNERS + 1):
        book.take(f"u{number}", [wrong(exercise)])
    assert book.ability("u0") == 0
    assert book.ability("u1") == book.ability(f"u{MAX_LEARNERS}") < 0


def test_places_and_exercises_of_partners_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_module, "MAX_NODES", 50)
    monkeypatch.setattr(content_module, "MAX_LEARNT", 20)
    content = Content(())
    for number in range(100):
        content.chain(content.meet({"id": str(number), "path": f"/s{number}/t"}).path)
    assert content.pool(("/",), ()).size == 20
    assert len(content.chain(("s0", "t"))) == 3
    assert content.chain(("s99", "t")) == content.chain(())


def test_pages_of_the_catalogue() -> None:
    items = PracticeBook(CLOCK, PracticeRecord(None)).content.known
    assert catalogue_page(items, 1999, 5) == {"exercises": [items[-1].content], "total": 2000}
    assert catalogue_page(items, 5000, 5) == {"exercises": [], "total": 2000}


VALID: dict[str, Any] = {
    "user_id": "u",
    "num_exercises": 2,
    "constraints": {"is_review": False, "paths": ["/a"], "tags": ["b"]},
    "target": {"challenge_level": 0.5},
    "exercise_outcomes": [
        {
            "exercise": {"id": "e", "path": "p", "tags": ["t"], "difficulty_level": 1, "max_score": 2, "metadata": ""},
            "outcome": {
                "timestamp": "2018-01-05T15:11:30Z", "time_spent_ms": 5, "result": "skipped", "score": 1,
            },
        }
    ],
}  # fmt: skip
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just("2018-01-05T15:11:30+25:00"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for name, each in inner for place in places(each, (*above, name)))]


def check(body: bytes) -> list[OutcomesBody | NextBody | BadBody]:
    found: list[OutcomesBody | NextBody | BadBody] = []
    for checked in (outcomes_body, next_body):
        try:
            found.append(checked(body))
        except BadBody as bad:
            found.append(bad)
    told = [detail for bad in found if isinstance(bad, BadBody) for detail in bad.details or [""]]
    assert all(0 < len(detail) < 500 for detail in told)
    return found


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(places(VALID)), anything)
def test_one_odd_value_anywhere_is_taken_or_told(place: tuple[str | int, ...], value: object) -> None:
    content: Any = {"": copy.deepcopy(VALID)}
    *above, last = ("", *place)
    owner = content
    for part in above:
        owner = owner[part]
    owner[last] = value
    outcomes, asked = check(json.dumps(content[""]).encode())
    book = PracticeBook(CLOCK, PracticeRecord(None))
    if isinstance(outcomes, OutcomesBody):
        book.take(outcomes.user_id, outcomes.outcomes)
    if isinstance(asked, NextBody):
        book.take(asked.user_id, asked.outcomes)
        assert len(book.next(asked)) <= asked.count


@given(st.binary(max_size=200))
def test_bytes_that_are_no_body_are_told(body: bytes) -> None:
    assert all(isinstance(found, BadBody) for found in check(body))
