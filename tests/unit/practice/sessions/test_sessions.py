"""Sessions on disk: appended event by event, listed without their events, deleted and brought back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import thread_time

import pytest

from sana_desktop.api.practice_models import (
    Constraints,
    Exchange,
    Exercise,
    ExerciseOutcome,
    NextQuery,
    Outcome,
    Recommendation,
    Result,
)
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.practice.sessions.event_rows import event_from_json, event_to_json, setup_from_json
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, SessionRecord, Setup, tally
from sana_desktop.practice.sessions.sessions import DELETED_KEPT, MAX_TITLE_LENGTH, SessionStore
from sana_desktop.store.database import Database
from tests.support.outbox_bench import SITE, START, MemoryDatabase, SwiftClock

SETUP = Setup(Mode.BATCH, "u1", 3, Constraints(True, ("/IB",), ("a", "b")), 0.5, "rusty expert", 7)
EXERCISES = tuple(
    Exercise(f"e{number}", f"/IB/{number}", ("a",), 0.5, 2.0, '{"irt_b": 1}', {"new": [1, None]}) for number in range(3)
)
EXCHANGE = Exchange("/v1/next-exercises", START, '{"user_id": "u1"}', 200, "{\u2028}", 0.25, "")
ASKED = Asked(START, SETUP.query(), Recommendation(EXERCISES, EXCHANGE, unusable=2, repeated=1))


def answered(number: int, result: Result = Result.CORRECT, asked: int = 0) -> Answered:
    at = START + timedelta(minutes=number)
    return Answered(at, EXERCISES[number], Outcome(at, result, 1_500, 1.0, "note", {"x": True}), asked, 40 + number)


@pytest.fixture
def clock() -> SwiftClock:
    return SwiftClock()


@pytest.fixture
def database() -> MemoryDatabase:
    return MemoryDatabase()


@pytest.fixture
def book(database: MemoryDatabase, clock: SwiftClock) -> SessionStore:
    return SessionStore(database, clock)


async def test_what_is_asked_for_now_is_what_a_session_comes_back_with(book: SessionStore) -> None:
    record = await book.begin(SITE, SETUP, "First steps")
    await book.append(record.id, ASKED)
    later = replace(SETUP, mode=Mode.BATCH, num_exercises=5, challenge_level=0.83)
    await book.change_setup(record.id, later)
    again = await book.load(record.id)
    assert again.setup == later
    assert again.events == (ASKED,)
    assert (await book.list())[0].mode is Mode.BATCH
    with pytest.raises(UserError) as caught:
        await book.change_setup("no such session", later)
    assert caught.value.code == "E-SESSION-GONE"


async def test_a_session_comes_back_as_it_was_written(book: SessionStore, clock: SwiftClock) -> None:
    record = await book.begin(SITE, SETUP, "First steps")
    changed: list[str] = []
    book.changed.subscribe(changed.append)
    assert await book.append(record.id, ASKED) == 0
    clock.passed += 60
    events = (answered(0), answered(1, Result.SKIPPED))
    assert await book.append_many(record.id, events) == 1
    assert changed == [record.id] * 2
    loaded = await book.load(record.id)
    assert loaded == replace(record, events=(ASKED, *events), changed_at=clock.now())
    (head,) = await book.list()
    assert (head.title, head.mode, head.user_id, head.asked, head.answered, head.correct) == (
        "First steps", Mode.BATCH, "u1", 1, 2, 1,
    )  # fmt: skip
    assert (loaded.asked_count, loaded.answered_count) == (1, 2)


def record_of(*events: Asked | Answered) -> SessionRecord:
    return SessionRecord("s", SITE, "t", SETUP, events, START, START)


def test_what_is_still_to_be_answered() -> None:
    assert record_of().pending == ()
    assert record_of().last_asked is None
    assert record_of(ASKED, answered(1)).pending == (EXERCISES[0], EXERCISES[2])
    twice = replace(ASKED, recommendation=Recommendation((EXERCISES[0], EXERCISES[0]), EXCHANGE))
    assert record_of(twice, answered(0)).pending == (EXERCISES[0],)
    # A later question leaves the rest of the earlier one behind.
    later = replace(ASKED, at=START + timedelta(hours=1))
    record = record_of(ASKED, answered(0), later, answered(0, asked=2))
    assert record.pending == EXERCISES[1:]
    assert record.last_asked == (2, later)
    assert record.outcomes == (ExerciseOutcome(EXERCISES[0], answered(0).outcome),) * 2
    assert tally(record.events).correct == 2


REPORTED = replace(answered(0), asked=None)
"""An answer of a report: no question came before it."""


def test_answers_of_a_report_leave_an_earlier_recommendation_behind() -> None:
    assert (REPORTED.from_report, answered(0).from_report) == (True, False)
    assert record_of(REPORTED).pending == ()
    assert record_of(REPORTED, ASKED).pending == EXERCISES
    record = record_of(ASKED, REPORTED)
    assert record.pending == ()
    assert record.outcomes == (ExerciseOutcome(EXERCISES[0], REPORTED.outcome),)


async def test_an_answer_that_no_question_came_before_comes_back_as_such(book: SessionStore) -> None:
    record = await book.begin(SITE, SETUP)
    events = (REPORTED, ASKED, answered(1, asked=1))
    await book.append_many(record.id, events)
    assert (await book.load(record.id)).events == events
    (head,) = await book.list()
    assert (head.asked, head.answered, head.correct) == (1, 2, 2)


async def test_what_came_since_is_read_alone(book: SessionStore, database: MemoryDatabase) -> None:
    record = await book.begin(SITE, SETUP)
    await book.append_many(record.id, (ASKED, answered(0), answered(1)))
    assert await book.since(record.id, 2) == (answered(1),)
    assert await book.since(record.id, 3) == ()
    assert await book.since("x", 0) == ()
    database.connection.execute("UPDATE practice_events SET body = 'x' WHERE number < 2")
    assert await book.since(record.id, 2) == (answered(1),), "the others are not even looked at"


async def test_what_comes_with_a_beginning_is_there_with_it_or_neither_is(
    book: SessionStore, database: MemoryDatabase
) -> None:
    told: list[str] = []
    record = await book.begin(SITE, SETUP, also=lambda connection, session: told.append(session))
    assert told == [record.id]

    def fails(connection: object, session: str) -> None:
        raise UserError("No.", code="E-NO")

    with pytest.raises(UserError):
        await book.begin(SITE, SETUP, also=fails)
    assert [head.id for head in await book.list()] == [record.id]


async def test_the_latest_comes_first_and_titles_are_bounded(book: SessionStore, clock: SwiftClock) -> None:
    first = await book.begin(SITE, SETUP, "a" * 500)
    clock.passed += 1
    second = await book.begin(SITE, SETUP)
    assert len(first.title) == MAX_TITLE_LENGTH
    assert second.title == "2026-03-04 10:16 UTC"
    assert [head.id for head in await book.list()] == [second.id, first.id]
    clock.passed += 1
    await book.rename(first.id, "Better\x1b name")
    await book.rename(first.id, "  ")
    assert [head.title for head in await book.list(1)] == ["Better\\x1b name"]


async def test_everybody_who_played_is_named_in_the_order_they_came(
    book: SessionStore, database: MemoryDatabase
) -> None:
    record = await book.begin(SITE, Setup(Mode.SINGLE, "u", persona="tires", seed=1))
    assert (await book.list())[0].players == (("tires", 1),), "who is to play"
    for persona, seed in (("guesser", 7), ("steady", 1), ("guesser", 7), ("guesser", 8), (None, None)):
        await book.append(record.id, replace(answered(1), persona=persona, seed=seed))
    named = (("guesser", 7), ("steady", 1), ("guesser", 8))
    assert (await book.list())[0].players == named
    assert (await book.bring_in(await book.load(record.id), SITE)).events
    assert (await book.list())[0].players == named, "and in a copy"
    for broken in ("no JSON", "7", "[1]"):
        database.connection.execute("UPDATE practice_sessions SET players = ?", (broken,))
        await book.append(record.id, replace(answered(1), persona="steady", seed=1))
        assert (("steady", 1),) in [head.players for head in await book.list()]


async def test_B40_a_deleted_session_can_be_brought_back(book: SessionStore, clock: SwiftClock) -> None:
    record = await book.begin(SITE, SETUP, "Mine")
    await book.append(record.id, ASKED)
    await book.delete(record.id)
    assert await book.list() == ()
    assert [head.id for head in await book.bin()] == [record.id]
    await book.undelete(record.id)
    assert await book.bin() == ()
    assert (await book.load(record.id)).events == (ASKED,)
    deleted = [(await book.begin(SITE, SETUP)).id for _ in range(DELETED_KEPT + 1)]
    for key in deleted:
        clock.passed += 1
        await book.delete(key)
    assert [head.id for head in await book.bin()] == deleted[:0:-1]
    with pytest.raises(UserError) as caught:
        await book.load(deleted[0])  # gone for good, not only left out of the list
    assert caught.value.code == "E-SESSION-GONE"
    assert [head.id for head in await book.list()] == [record.id]


async def test_one_that_is_gone_is_said_to_be(book: SessionStore) -> None:
    for act in (book.load("x"), book.append("x", ASKED), book.rename("x", "y"), book.delete("x"), book.undelete("x")):
        with pytest.raises(UserError) as caught:
            await act
        assert caught.value.code == "E-SESSION-GONE"


async def test_one_that_makes_no_sense_is_said_to(book: SessionStore, database: MemoryDatabase) -> None:
    record = await book.begin(SITE, SETUP)
    await book.append(record.id, ASKED)
    database.connection.execute("""UPDATE practice_events SET body = '{"query": {}}'""")
    for read in (book.load(record.id), book.since(record.id, 0)):
        with pytest.raises(StorageError) as caught:
            await read
        assert caught.value.code == "E-SESSION-DAMAGED"


async def test_what_the_api_does_not_take_is_not_begun(book: SessionStore) -> None:
    with pytest.raises(UserError):
        await book.begin(SITE, replace(SETUP, challenge_level=1.5))
    assert await book.list() == ()


@pytest.mark.parametrize("broken", [None, [], {}, {"mode": "other", "query": {"user_id": "u"}}, {"mode": "single"}])
def test_a_broken_set_up_is_a_value_error(broken: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        setup_from_json(broken)


def test_each_field_of_an_event_may_be_broken() -> None:
    for event in (ASKED, answered(0)):
        whole = event_to_json(event)
        assert event_from_json(whole) == event
        for field in whole:
            broken: tuple[object, ...] = (None, 3, "x", [], {}, [None])
            for value in broken:
                try:
                    event_from_json({**whole, field: value})
                except ValueError:
                    continue


@pytest.mark.timeout(60)
async def test_ten_thousand_events_are_read_without_the_loop_standing_still(tmp_path: Path) -> None:
    database = Database(tmp_path / "sana.db")
    await database.open()
    book = SessionStore(database, SwiftClock())
    record = await book.begin(SITE, SETUP)
    one = Asked(START, NextQuery("u1"), Recommendation(EXERCISES[:1], EXCHANGE))
    events = [one if number % 2 == 0 else answered(0, asked=number - 1) for number in range(10_000)]
    await book.append_many(record.id, events)
    longest, over = 0.0, False

    async def watch() -> None:
        nonlocal longest
        while not over:
            before = thread_time()
            await asyncio.sleep(0.002)
            longest = max(longest, thread_time() - before)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        loaded = await book.load(record.id)
        over = True
    assert len(loaded.events) == 10_000
    assert (await book.list())[0].answered == 5_000
    assert longest < 0.1, longest  # seconds of the loop's thread, of a read that takes far longer in all
    await database.close()


@pytest.mark.parametrize("setup", ["{}", "[]", "nonsense", '{"mode": "unheard of"}', "3"])
async def test_one_whose_row_makes_no_sense_does_not_hide_the_others(
    book: SessionStore, database: MemoryDatabase, setup: str
) -> None:
    damaged, fine = await book.begin(SITE, SETUP), await book.begin(SITE, SETUP)
    database.connection.execute("UPDATE practice_sessions SET setup = ? WHERE id = ?", (setup, damaged.id))
    assert [head.id for head in await book.list()] == [fine.id]
    with pytest.raises(StorageError) as caught:
        await book.load(damaged.id)
    assert caught.value.code == "E-SESSION-DAMAGED"
