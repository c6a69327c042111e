"""What was sent for answers, over a restart: each answer with the exchange that decided it, bounded, of no other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sana_desktop.api.practice_models import Exchange
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcomes
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.outcomes.outbox import OutboxEntry, OutboxState
from sana_desktop.practice.sessions import exchange_store
from sana_desktop.practice.sessions.exchange_store import MAX_RESPONSE, ExchangeStore
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import FAR, HERE, SITE, START, MemoryDatabase, SwiftClock, an_outcome
from tests.support.waiting import until


class Bench:
    """A book with one session; the connection is at FAR."""

    def __init__(self) -> None:
        self.database = MemoryDatabase()
        self.clock = SwiftClock()
        self.failures: list[BaseException] = []
        self.supervisor = Supervisor("test", lambda name, error: self.failures.append(error))
        self.book = self.again()

    def again(self) -> ExchangeStore:
        """Return the book after a restart."""
        return ExchangeStore(self.database, self.clock, self.supervisor, {SITE: FAR}.get)

    async def session(self) -> str:
        return (await SessionStore(self.database, self.clock).begin(SITE, Setup(Mode.SINGLE, "u"))).id

    def rows(self) -> int:
        (count,) = self.database.connection.execute("SELECT count(*) FROM practice_exchanges").fetchone()
        return int(count)


def entry(number: int, session: str | None, state: OutboxState = OutboxState.ACCEPTED) -> OutboxEntry:
    return OutboxEntry(number, SITE, "u", an_outcome(f"e{number}"), state, session, START, START)


def exchange_of(*numbers: int, user: str = "u", response: str = "") -> Exchange:
    body = encode_outcomes(user, [an_outcome(f"e{number}") for number in numbers]).decode()
    return Exchange("/v1/exercise-outcomes", START, body, 200, response, 0.25, user_id=user)


async def test_the_answers_of_one_request_share_their_exchange_over_a_restart() -> None:
    bench = Bench()
    session = await bench.session()
    sent = exchange_of(1, 2)
    bench.book.exchanged((FAR, sent))
    bench.book.settled(entry(1, session))
    bench.book.settled(entry(2, session))
    assert await bench.book.of(2) == sent, "before it is written"
    await bench.book.write()
    assert bench.rows() == 1
    for number in (1, 2):
        assert await bench.again().of(number) == replace(sent, user_id="")
    assert await bench.again().of(3) is None
    await bench.supervisor.stop()


async def test_the_newest_of_a_session_is_known_after_a_restart() -> None:
    bench = Bench()
    one, other = await bench.session(), await bench.session()
    assert await bench.book.newest(one) is None
    for number, session in ((1, one), (2, one), (3, other)):
        bench.book.exchanged((FAR, exchange_of(number)))
        bench.book.settled(entry(number, session))
    assert await bench.book.newest(one) == exchange_of(2), "before it is written"
    await bench.book.write()
    assert await bench.again().newest(one) == replace(exchange_of(2), user_id="")
    assert await bench.again().newest(other) == replace(exchange_of(3), user_id="")
    await bench.supervisor.stop()


async def test_it_is_written_by_itself_and_what_comes_meanwhile_too() -> None:
    bench = Bench()
    session = await bench.session()
    for number in range(5):
        bench.book.exchanged((FAR, exchange_of(number)))
        bench.book.settled(entry(number, session))
        await asyncio.sleep(0)
    await until(lambda: bench.rows() == 5)
    assert not bench.failures
    await bench.supervisor.stop()


@pytest.mark.parametrize(
    ("origin", "sent", "told"),
    [
        (HERE, exchange_of(1), entry(1, "s")),
        (FAR, exchange_of(1, user="v"), entry(1, "s")),
        (FAR, exchange_of(2), entry(1, "s")),
        (FAR, exchange_of(1), entry(1, None)),
        (FAR, exchange_of(1), entry(1, "s", OutboxState.WAITING)),
        (FAR, exchange_of(1), entry(1, "s", OutboxState.SENDING)),
        (FAR, replace(exchange_of(1), request=""), entry(1, "s")),
    ],
    ids=["another site", "another learner", "another answer", "no session", "waiting", "sending", "no request"],
)
async def test_an_exchange_of_something_else_is_not_taken_for_it(
    origin: object, sent: Exchange, told: OutboxEntry
) -> None:
    bench = Bench()
    session = await bench.session()
    bench.book.exchanged((origin, sent))  # type: ignore[arg-type]
    bench.book.settled(replace(told, session=session if told.session else None))
    assert await bench.book.of(1) is None
    await bench.supervisor.stop()


async def test_an_answer_sent_again_has_the_later_exchange() -> None:
    bench = Bench()
    session = await bench.session()
    lost = replace(exchange_of(1), status=None, latency_seconds=None, trouble="The answer was lost.")
    for sent, state in ((lost, OutboxState.UNKNOWN), (exchange_of(1), OutboxState.ACCEPTED)):
        bench.book.exchanged((FAR, sent))
        bench.book.settled(entry(1, session, state))
        assert await bench.book.of(1) == sent
        await bench.book.write()
        assert await bench.again().of(1) == replace(sent, user_id="")
    await bench.supervisor.stop()


async def test_what_is_kept_is_bounded_and_goes_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_store, "MAX_OF_A_SESSION", 3)
    bench = Bench()
    session = await bench.session()
    for number in range(6):
        bench.book.exchanged((FAR, exchange_of(number, response="x" * 50_000)))
        bench.book.settled(entry(number, session))
    await bench.book.write()
    assert bench.rows() == 3
    assert await bench.again().of(0) is None
    kept = await bench.again().of(5)
    assert kept is not None
    assert len(kept.response) == MAX_RESPONSE
    assert len(kept.request) <= MAX_REQUEST_BYTES
    bench.database.connection.execute("PRAGMA foreign_keys = ON")
    bench.database.connection.execute("DELETE FROM practice_sessions")
    assert bench.rows() == 0
    assert await bench.again().of(5) is None
    bench.book.exchanged((FAR, exchange_of(7)))
    bench.book.settled(entry(7, session))
    await bench.book.write()
    assert bench.rows() == 0, "a session that is gone is no failure"
    await bench.supervisor.stop()
