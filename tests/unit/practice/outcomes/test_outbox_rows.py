"""A row of the outbox says what the outcome is; one that makes no sense says so, and keeps no other from being read."""

from __future__ import annotations

import json

import pytest

from sana_desktop.practice.outcomes.outbox_rows import COLUMNS, NO_TIME, OutboxEntry, OutboxState, entry_of
from tests.support.outbox_bench import MemoryDatabase

OUTCOME = {
    "exercise": {"id": "e", "path": "/p/"},
    "outcome": {"timestamp": "2026-03-04T10:00:00Z", "result": "correct"},
}


def entry(text: str, at: str = "2026-03-04T10:00:00.000000Z", *, held: int = 0) -> OutboxEntry:
    return entry_of((1, "site", "u", text, "waiting", "s", at, at, "", "", 1, held))


def test_a_row_says_whose_it_is_and_whether_it_may_go_by_itself() -> None:
    made = entry(json.dumps(OUTCOME), held=1)
    assert (made.lane, made.state, made.session) == (("site", "u"), OutboxState.WAITING, "s")
    assert (made.consented, made.held, made.damaged, made.sendable) == (True, True, False, True)
    assert not entry(json.dumps(OUTCOME)).held


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"exercise": 1}', "[" * 100_000])
def test_a_row_that_makes_no_sense_is_damaged_and_can_not_be_sent(text: str) -> None:
    made = entry(text, "once upon a time")
    assert (made.damaged, made.sendable, made.created_at) == (True, False, NO_TIME)


def test_the_columns_are_those_of_the_table() -> None:
    database = MemoryDatabase()
    assert database.connection.execute(f"SELECT {COLUMNS} FROM practice_outbox").fetchall() == []
