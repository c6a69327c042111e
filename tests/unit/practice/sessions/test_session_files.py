"""Sessions as files, and once more with another learner."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, NextQuery, Outcome, Recommendation, Result
from sana_desktop.base.errors import UserError
from sana_desktop.practice.sessions.rerun import RerunFound, rerun
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, SessionRecord, Setup
from sana_desktop.practice.sessions.session_files import COLUMNS, from_json, read_session, to_csv, to_json
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import SITE, START, MemoryDatabase, SwiftClock, an_exchange

SETUP = Setup(Mode.SINGLE, "u1", challenge_level=0.5)
HOSTILE = Exercise('=HYPERLINK("http://x")', "/a,b", ("-5", "@t"), -2.0)
PLAIN = Exercise("e2", "/a", max_score=2.0)


def asked(*exercises: Exercise, minute: int = 0, **changes: object) -> Asked:
    query = replace(SETUP.query(), **changes)  # type: ignore[arg-type]
    return Asked(START + timedelta(minutes=minute), query, Recommendation(exercises, an_exchange()))


def answered(exercise: Exercise, at: int, result: Result = Result.CORRECT) -> Answered:
    return Answered(START, exercise, Outcome(START, result, 900, -5.0), at, 12)


def record_of(*events: Asked | Answered) -> SessionRecord:
    return SessionRecord("id", SITE, "Mine", SETUP, events, START, START)


RECORD = record_of(
    asked(HOSTILE), answered(HOSTILE, 0), asked(PLAIN, minute=1), answered(PLAIN, 2, Result.PARTIALLY_CORRECT)
)


def test_T7_the_table_has_no_formula_and_keeps_its_numbers() -> None:
    header, first, second = csv.reader(io.StringIO(to_csv(RECORD)))
    assert tuple(header) == COLUMNS
    told = dict(zip(COLUMNS, first, strict=True))
    assert told["exercise_id"] == '\'=HYPERLINK("http://x")'
    assert told["tags"] == "'-5;@t"
    assert (told["difficulty_level"], told["score"], told["question"]) == ("-2.0", "-5.0", "1")
    assert dict(zip(COLUMNS, second, strict=True))["asked_challenge_level"] == "0.5"
    assert second[2] == "2"


def test_each_answer_in_the_table_says_whose_it_is_and_whether_it_is_simulated() -> None:
    played = replace(answered(PLAIN, 0), persona="guesser", seed=7)
    record = record_of(
        asked(PLAIN, user_id="=u2"), answered(PLAIN, 0), played, replace(played, asked=None, persona=None)
    )
    rows = list(csv.DictReader(io.StringIO(to_csv(from_json(to_json(record))))))
    who = [(row["learner"], row["simulated_by"], row["simulated_seed"]) for row in rows]
    assert who == [("'=u2", "", ""), ("'=u2", "guesser", "7"), ("u1", "", "7")]


def test_the_table_has_the_metadata_of_each_answer_and_whether_it_was_sent() -> None:
    told = replace(answered(PLAIN, 0), outcome=replace(answered(PLAIN, 0).outcome, metadata="=mood"))
    events = [replace(told, entry=number) for number in (1, 2, None)]
    rows = list(csv.DictReader(io.StringIO(to_csv(record_of(asked(PLAIN), *events), {2: "waiting"}))))
    assert [row["metadata"] for row in rows] == ["'=mood"] * 3
    assert [row["sent"] for row in rows] == ["yes", "waiting", ""]


async def test_a_file_opens_as_a_session_of_its_own() -> None:
    book = SessionStore(MemoryDatabase(), SwiftClock())
    read = from_json(to_json(RECORD))
    without = [event if isinstance(event, Asked) else replace(event, entry=None) for event in RECORD.events]
    assert read == replace(RECORD, id="", connection_id="", events=tuple(without))
    mine = await book.bring_in(read, "other")
    assert (await book.load(mine.id)).events == read.events
    (head,) = await book.list()
    assert (head.connection_id, head.asked, head.answered, head.correct) == ("other", 2, 2, 1)


def test_of_a_long_file_no_more_than_one_event_is_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    text = to_json(replace(RECORD, events=RECORD.events * 50))
    longest = max(len(json.dumps(event)) for event in json.loads(text)["events"])
    parts: list[int] = []
    read = json.loads

    def loads(part: bytes) -> object:
        parts.append(len(part))
        return read(part)

    monkeypatch.setattr(json, "loads", loads)
    assert len(from_json(text).events) == 200
    assert len(parts) >= 200
    assert max(parts) < 2 * longest < len(text) / 20


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"},
        {"version": "x"},
        {"events": {}},
        {"events": [{}]},
        {"events": [None]},
        {"setup": None},
        {"created_at": "yesterday"},
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(UserError) as caught:
        from_json(json.dumps({**json.loads(to_json(RECORD)), **change}))
    assert caught.value.code == "E-SESSION-FILE"


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"format": []}'])
def test_no_text_is_more_than_refused(text: str) -> None:
    with pytest.raises(UserError):
        from_json(text)


def test_a_file_is_read_whole_or_refused(tmp_path: Path) -> None:
    path, text = tmp_path / "session.json", to_json(RECORD)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_text(text, encoding=encoding)
        assert read_session(path) == from_json(text)
    path.write_text(text, encoding="utf-8")
    size = path.stat().st_size
    assert read_session(path, size) == from_json(text)
    with pytest.raises(UserError, match=r"session\.json is too large") as caught:
        read_session(path, size - 1)
    assert caught.value.code == "E-SESSION-FILE"
    path.write_bytes(b"\xff" + text.encode())
    with pytest.raises(UserError, match="holds no session"):
        read_session(path)


REPORTED = record_of(
    replace(answered(PLAIN, 0), asked=None),
    asked(HOSTILE),
    answered(HOSTILE, 1),
    replace(answered(PLAIN, 0), asked=None),
)
"""A session that was replayed from a report, with one question at a stop."""


def test_an_answer_of_a_report_has_no_question_in_the_table_and_comes_back_from_a_file() -> None:
    table = [dict(zip(COLUMNS, row, strict=True)) for row in list(csv.reader(io.StringIO(to_csv(REPORTED))))[1:]]
    assert [(row["question"], row["asked_challenge_level"]) for row in table] == [("", ""), ("1", "0.5"), ("", "")]
    read = from_json(to_json(REPORTED))
    assert [event.asked for event in read.events if isinstance(event, Answered)] == [None, 1, None]


def test_a_file_that_does_not_say_which_question_it_was_is_damaged() -> None:
    told = json.loads(to_json(RECORD))
    del told["events"][1]["asked"]
    with pytest.raises(UserError):
        from_json(json.dumps(told))


async def test_a_rerun_of_answers_of_a_report_posts_them_where_they_were() -> None:
    asker = Listening((PLAIN,))
    assert [step.number async for step in rerun(asker, REPORTED, "u2")] == [1]
    assert asker.told == [("post for u2", ["e2"]), ("next for u2", []), ("post for u2", [HOSTILE.id, "e2"])]


def test_a_session_without_a_question_has_nothing_to_compare() -> None:
    found = RerunFound((), 0)
    assert [words.say(str) for words in found.words()] == [
        "No question was asked in this session, so there is nothing to compare."
    ]
    assert not found.identical


@pytest.mark.parametrize("place", [-1, 1, 9])
def test_an_answer_without_its_question_is_refused(place: int) -> None:
    with pytest.raises(UserError):
        from_json(to_json(record_of(asked(PLAIN), answered(PLAIN, place))))


class Listening:
    """An asker that keeps what it was told, and recommends what it is given."""

    def __init__(self, *lists: tuple[Exercise, ...]) -> None:
        self.told: list[tuple[str, list[str]]] = []
        self._lists = list(lists)

    async def next(self, query: NextQuery) -> Recommendation:
        self.told.append((f"next for {query.user_id}", [outcome.exercise.id for outcome in query.outcomes]))
        return Recommendation(self._lists.pop(0), an_exchange())

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        self.told.append((f"post for {user_id}", [outcome.exercise.id for outcome in outcomes]))


async def test_a_rerun_asks_and_answers_the_same_in_the_same_order() -> None:
    asker = Listening((HOSTILE,), (HOSTILE,))
    steps = [step async for step in rerun(asker, RECORD, "u2")]
    assert asker.told == [
        ("next for u2", []),
        ("post for u2", [HOSTILE.id]),
        ("next for u2", []),
        ("post for u2", [PLAIN.id]),
    ]
    assert [(step.number, step.total, step.same) for step in steps] == [(1, 2, True), (2, 2, False)]
    assert (steps[1].then, steps[1].now) == ((PLAIN,), (HOSTILE,))
    found = RerunFound(tuple(steps), 2)
    assert [words.say(str) for words in found.words()] == [
        "Asked again, 1 of 2 questions got the same recommendation as then.",
        "Question 2: 1 new, 1 gone, 0 moved, 0 the same.",
    ]
    assert not found.identical
    assert [words.say(str) for words in RerunFound(tuple(steps[:1]), 2).words()] == [
        "Only 1 of 2 questions could be asked again.",
        "Asked again, every question got the same recommendation as then: 1 of 1.",
    ]


async def test_an_answer_that_travelled_in_a_question_is_not_posted_twice() -> None:
    first = answered(PLAIN, 0)
    aboard = asked(HOSTILE, minute=1, outcomes=(ExerciseOutcome(PLAIN, first.outcome),))
    asker = Listening((PLAIN,), (PLAIN,))
    async for _ in rerun(asker, record_of(asked(PLAIN), first, aboard), "u2"):
        pass
    assert asker.told == [("next for u2", []), ("next for u2", [PLAIN.id])]
