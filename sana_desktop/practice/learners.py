"""Test learners, and the guard that keeps answers from real people (B26).

Answers change what a person is offered, and can't be taken back. So an id that this app did not make is a real
person's: answers go there only with a `Consent`, which is given for one person of one connection, once, and is good for
a minute; and not at all while the connection is locked, which it is from each start of the app until somebody unlocks
it. What waits is sent only once it was released, with such a consent, since the app started and the connection was
locked last: nothing of a real person's goes on by itself at a start.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.text import one_line
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.database import Database

TEST_ID_START = "sana-desktop-test-"
"""How the ids of test learners begin, so that the site's own people know them for what they are."""
CHECK_ID_START = TEST_ID_START + "check-"
"""How the ids of those begin that a check made for itself: nobody chooses one of them."""
MAX_NAME_LENGTH = 60
CONSENT_SECONDS = 60.0
"""A held button means the answer in view, not one an hour later."""


class Guard(Enum):
    """What stands between an answer and a learner."""

    TEST = "test"
    """Nothing: a learner that this app made."""
    REAL_NEEDS_HOLD = "real needs hold"
    """A real person: each sending needs a `Consent`."""
    REAL_LOCKED = "real locked"
    """A real person of a locked connection: nothing is sent."""


@dataclass(frozen=True, slots=True)
class TestLearner:
    """A learner who is nobody.

    Attributes:
        user_id: what the site knows them by.
        name: what the person here calls them; plain text.
        removed_at: since when they are not offered any more; None if they are. They stay nobody for ever.
    """

    __test__ = False  # what pytest asks of a class of this name

    connection_id: str
    user_id: str
    name: str
    created_at: datetime
    removed_at: datetime | None = None

    @property
    def is_for_a_check(self) -> bool:
        """Whether a check made them for itself."""
        return self.user_id.startswith(CHECK_ID_START)


class Consent:
    """Leave to send answers once to one real person, given by `LearnerStore.consent` and nothing else.

    Attributes:
        connection_id, user_id: to whom.
        given_at: monotonic seconds of the book's clock.
    """

    __slots__ = ("connection_id", "given_at", "user_id")

    def __init__(self, connection_id: str, user_id: str, given_at: float) -> None:
        # One that was made anywhere else is good for nothing: the book knows those that it gave.
        self.connection_id = connection_id
        self.user_id = user_id
        self.given_at = given_at


class LearnerStore:
    """The test learners of all connections, and which connections are locked. Questions are answered from memory.

    An unlocked connection is locked again when the app ends: it is written nowhere.

    Attributes:
        changed: the id of each connection whose learners or lock changed.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.changed: Topic[str] = Topic("learners")
        self._database = database
        self._clock = clock
        self._learners: dict[tuple[str, str], TestLearner] = {}
        self._unlocked: set[str] = set()
        self._given: set[Consent] = set()
        self._released: dict[int, str] = {}  # number in the outbox to connection

    async def load(self) -> None:
        """Read the test learners. Until then every id is a real person's.

        Raises:
            StorageError: if the store can't be read.
        """
        learners = await self._database.read(_load)
        self._learners = {(learner.connection_id, learner.user_id): learner for learner in learners}

    async def make(self, connection_id: str, name: str = "", *, for_a_check: bool = False) -> TestLearner:
        """Make a test learner; durable before anything can be sent to them.

        Args:
            connection_id: where.
            name: what to call them; "Test learner 3" if empty, if two were made before, removed ones among them.
            for_a_check: a check makes them for itself; they are not listed.

        Raises:
            StorageError: if it can't be saved.
        """
        shown = one_line(name.strip(), MAX_NAME_LENGTH) or self._free_name(connection_id)
        start = CHECK_ID_START if for_a_check else TEST_ID_START
        learner = TestLearner(connection_id, start + secrets.token_hex(4), shown, self._clock.now())
        row = (learner.user_id, connection_id, learner.name, format_utc(learner.created_at))
        await self._database.write(
            lambda connection: (
                connection.execute(
                    "INSERT INTO practice_learners (user_id, connection_id, name, created_at) VALUES (?, ?, ?, ?)", row
                ).rowcount
            )
        )
        self._learners[connection_id, learner.user_id] = learner
        if not for_a_check:
            self.changed.publish(connection_id)
        return learner

    def list(self, connection_id: str) -> tuple[TestLearner, ...]:
        """Return the test learners of a connection that a person can choose, oldest first."""
        return tuple(learner for learner in self._made(connection_id) if learner.removed_at is None)

    async def rename(self, connection_id: str, user_id: str, name: str) -> TestLearner | None:
        """Call a test learner something else; return them, None if there is no such one, or no name.

        Raises:
            StorageError: if it can't be saved.
        """
        before, shown = self.get(connection_id, user_id), one_line(name.strip(), MAX_NAME_LENGTH)
        if before is None or before.is_for_a_check or not shown:
            return None
        values = (shown, connection_id, user_id)
        await self._database.write(
            lambda connection: (
                connection.execute(
                    "UPDATE practice_learners SET name = ? WHERE connection_id = ? AND user_id = ?", values
                ).rowcount
            )
        )
        learner = self._learners[connection_id, user_id] = replace(self._learners[connection_id, user_id], name=shown)
        self.changed.publish(connection_id)
        return learner

    def removed(self, connection_id: str) -> tuple[TestLearner, ...]:
        """Return the test learners that were removed, oldest first: their sessions are still there."""
        return tuple(learner for learner in self._made(connection_id) if learner.removed_at is not None)

    async def remove(self, connection_id: str, user_id: str) -> TestLearner | None:
        """Offer a test learner no more; return them, None if they are not offered.

        The id stays known as one that this app made: in a saved session it is no real person's. What the site knows
        of them it keeps: the API has no way to take it back.

        Raises:
            StorageError: if it can't be saved.
        """
        return await self._offer(connection_id, user_id, self._clock.now())

    async def put_back(self, connection_id: str, user_id: str) -> TestLearner | None:
        """Offer a removed test learner again; return them, None if they were not removed. Raises StorageError."""
        return await self._offer(connection_id, user_id, None)

    def get(self, connection_id: str, user_id: str) -> TestLearner | None:
        """Return a test learner, also a removed one; None if this app did not make them."""
        return self._learners.get((connection_id, user_id))

    def is_test(self, connection_id: str, user_id: str) -> bool:
        """Return whether this app made this learner for this connection, removed or not."""
        return (connection_id, user_id) in self._learners

    def lock(self, connection_id: str, locked: bool) -> None:
        """Lock or unlock a connection for real people, until the app ends.

        Locking takes back every consent that was not used yet, and holds back what was released and is not sent.
        """
        if locked:
            self._unlocked.discard(connection_id)
            self._given = {consent for consent in self._given if consent.connection_id != connection_id}
            self._released = {number: site for number, site in self._released.items() if site != connection_id}
        else:
            self._unlocked.add(connection_id)
        self.changed.publish(connection_id)

    def is_locked(self, connection_id: str) -> bool:
        """Return whether nothing may go to real people of this connection."""
        return connection_id not in self._unlocked

    def guard(self, connection_id: str, user_id: str) -> Guard:
        """Return what stands between an answer and this learner."""
        if self.is_test(connection_id, user_id):
            return Guard.TEST
        return Guard.REAL_LOCKED if self.is_locked(connection_id) else Guard.REAL_NEEDS_HOLD

    def consent(self, connection_id: str, user_id: str) -> Consent:
        """Give leave to send once to a real person. Call it from nothing but the deliberate act of a person.

        Raises:
            UserError: E-LEARNER-LOCKED.
        """
        if self.is_locked(connection_id):
            raise _locked()
        consent = Consent(connection_id, user_id, self._clock.monotonic())
        self._given.add(consent)
        return consent

    def unlocked(self) -> frozenset[str]:
        """Return the connections from which answers can go to real people."""
        return frozenset(self._unlocked)

    def release(self, connection_id: str, numbers: Iterable[int]) -> None:
        """Let a real person's answers go out, by their numbers in the outbox: after `admit` used up a consent."""
        if not self.is_locked(connection_id):
            self._released.update(dict.fromkeys(numbers, connection_id))

    def is_released(self, number: int) -> bool:
        """Return whether a real person's answer may go out: somebody wanted that since the app started."""
        return number in self._released

    def check(self, connection_id: str, user_id: str, numbers: Iterable[int], *, consented: bool) -> None:
        """Let answers in the outbox pass that were admitted and released, unless the connection was locked since.

        Raises:
            UserError: E-LEARNER-LOCKED, E-LEARNER-REAL or E-LEARNER-HOLD.
        """
        guard = self.guard(connection_id, user_id)
        if guard is Guard.REAL_LOCKED:
            raise _locked()
        if guard is Guard.REAL_NEEDS_HOLD and not consented:
            raise _real()
        if guard is Guard.REAL_NEEDS_HOLD and not all(number in self._released for number in numbers):
            raise _waits()

    def check_question(self, connection_id: str, user_id: str) -> None:
        """Let a request for exercises pass, unless it is about a real person of a locked connection.

        Raises:
            UserError: E-LEARNER-LOCKED.
        """
        if self.guard(connection_id, user_id) is Guard.REAL_LOCKED:
            raise _locked()

    def admit(self, connection_id: str, user_id: str, consent: Consent | None = None) -> bool:
        """Let answers to a learner pass, using up `consent` if it needs one.

        Returns:
            Whether a consent was used: this is a real person.

        Raises:
            UserError: E-LEARNER-LOCKED, or E-LEARNER-REAL without a consent that is good for exactly this person.
        """
        guard = self.guard(connection_id, user_id)
        if guard is Guard.TEST:
            return False
        if guard is Guard.REAL_LOCKED:
            raise _locked()
        if consent is None or consent not in self._given:
            raise _real()
        self._given.discard(consent)
        age = self._clock.monotonic() - consent.given_at
        if (consent.connection_id, consent.user_id) != (connection_id, user_id) or age > CONSENT_SECONDS:
            raise _real()
        return True

    def names(self, connection_id: str) -> frozenset[str]:
        """Return what the test learners of a connection are called, those of the removed ones too."""
        return frozenset(learner.name for learner in self._made(connection_id))

    def _free_name(self, connection_id: str) -> str:
        number, taken = len(self._made(connection_id)) + 1, self.names(connection_id)
        while f"Test learner {number}" in taken:
            number += 1
        return f"Test learner {number}"

    def _made(self, connection_id: str) -> tuple[TestLearner, ...]:
        """Return whoever was made for people to choose, removed ones too, oldest first."""
        return tuple(
            learner
            for (owner, _), learner in self._learners.items()
            if owner == connection_id and not learner.is_for_a_check
        )

    async def _offer(self, connection_id: str, user_id: str, removed_at: datetime | None) -> TestLearner | None:
        before = self.get(connection_id, user_id)
        if before is None or before.is_for_a_check or (before.removed_at is None) is (removed_at is None):
            return None
        values = (None if removed_at is None else format_utc(removed_at), connection_id, user_id)
        await self._database.write(
            lambda connection: (
                connection.execute(
                    "UPDATE practice_learners SET removed_at = ? WHERE connection_id = ? AND user_id = ?", values
                ).rowcount
            )
        )
        learner = self._learners[connection_id, user_id] = replace(before, removed_at=removed_at)
        self.changed.publish(connection_id)
        return learner


def _locked() -> UserError:
    return UserError(
        "This is not one of your test learners, and this connection is locked for real people. Nothing was sent.",
        code="E-LEARNER-LOCKED",
        next_step="Use a test learner.",
    )


def _real() -> UserError:
    return UserError(
        "This is not one of your test learners. Answers you send change what this person is offered, and cannot be "
        "taken back. Nothing was sent.",
        code="E-LEARNER-REAL",
        next_step="Use a test learner, or hold the button to send.",
    )


def _waits() -> UserError:
    return UserError(
        "Answers to a real person wait on this computer. They go when you hold the button to send them, or the last "
        "answer of their set, not by themselves. Nothing was sent.",
        code="E-LEARNER-HOLD",
        next_step="Hold the button to send them, or discard them.",
    )


def _load(connection: sqlite3.Connection) -> list[TestLearner]:
    learners = []
    statement = (
        "SELECT connection_id, user_id, name, created_at, removed_at FROM practice_learners ORDER BY created_at, rowid"
    )
    for owner, user_id, name, created_at, removed_at in connection.execute(statement):
        at = parse_timestamp(created_at)
        if at is not None:
            learners.append(TestLearner(owner, user_id, name, at, parse_timestamp(removed_at)))
    return learners
