"""The guard: an answer reaches a real person by a deliberate act only, once, on a connection not locked (B26)."""

from __future__ import annotations

import pytest

from sana_desktop.base.errors import UserError
from sana_desktop.practice.learners import CONSENT_SECONDS, TEST_ID_START, Consent, Guard, LearnerStore
from tests.support.outbox_bench import SITE, MemoryDatabase, SwiftClock

MARIA = "maria@acme.example"


@pytest.fixture
def clock() -> SwiftClock:
    return SwiftClock()


@pytest.fixture
def database() -> MemoryDatabase:
    return MemoryDatabase()


@pytest.fixture
def book(database: MemoryDatabase, clock: SwiftClock) -> LearnerStore:
    return LearnerStore(database, clock)


def refusal(book: LearnerStore, consent: Consent | None = None, user_id: str = MARIA, site: str = SITE) -> str:
    with pytest.raises(UserError) as caught:
        book.admit(site, user_id, consent)
    return caught.value.code


async def test_test_learners_are_made_named_and_found_again(
    book: LearnerStore, database: MemoryDatabase, clock: SwiftClock
) -> None:
    changed: list[str] = []
    book.changed.subscribe(changed.append)
    first, second = await book.make(SITE), await book.make(SITE, "  Rusty\nexpert ")
    assert (first.name, second.name) == ("Test learner 1", "Rusty expert")
    assert first.user_id != second.user_id
    assert first.user_id.startswith(TEST_ID_START)
    assert changed == [SITE, SITE]
    again = LearnerStore(database, clock)
    assert not again.is_test(SITE, first.user_id)
    await again.load()
    assert again.list(SITE) == (first, second)
    assert again.get(SITE, second.user_id) == second
    assert again.guard(SITE, first.user_id) is Guard.TEST
    # Elsewhere the same id is somebody else.
    assert again.guard("other", first.user_id) is Guard.REAL_LOCKED


async def test_learners_of_a_check_are_test_learners_that_nobody_is_offered(
    book: LearnerStore, database: MemoryDatabase, clock: SwiftClock
) -> None:
    changed: list[str] = []
    book.changed.subscribe(changed.append)
    mine = await book.make(SITE)
    checked = await book.make(SITE, "Health check", for_a_check=True)
    again = LearnerStore(database, clock)
    await again.load()
    for one in (book, again):
        assert one.list(SITE) == (mine,)
        assert one.guard(SITE, checked.user_id) is Guard.TEST
    assert changed == [SITE]
    assert (await book.make(SITE)).name == "Test learner 2"


async def test_B26_a_removed_test_learner_is_not_offered_and_never_becomes_a_real_person(
    book: LearnerStore, database: MemoryDatabase, clock: SwiftClock
) -> None:
    first, second = await book.make(SITE), await book.make(SITE)
    changed: list[str] = []
    book.changed.subscribe(changed.append)
    removed = await book.remove(SITE, first.user_id)
    assert removed is not None
    assert removed.removed_at is not None
    assert await book.remove(SITE, first.user_id) is None
    assert await book.remove(SITE, MARIA) is None
    assert changed == [SITE]
    again = LearnerStore(database, clock)
    await again.load()
    for one in (book, again):
        assert one.list(SITE) == (second,)
        assert one.removed(SITE) == (removed,)
        assert one.get(SITE, first.user_id) == removed
        assert one.guard(SITE, first.user_id) is Guard.TEST
        assert one.admit(SITE, first.user_id) is False
    # No name comes twice: an old session's learner is not taken for a new one.
    assert (await again.make(SITE)).name == "Test learner 3"
    assert await again.put_back(SITE, first.user_id) == first
    assert await again.put_back(SITE, first.user_id) is None
    assert [one.name for one in again.list(SITE)] == ["Test learner 1", "Test learner 2", "Test learner 3"]


async def test_a_learner_of_a_check_can_not_be_removed(book: LearnerStore) -> None:
    checked = await book.make(SITE, for_a_check=True)
    assert await book.remove(SITE, checked.user_id) is None
    assert book.removed(SITE) == ()


async def test_B26_a_connection_is_locked_until_somebody_unlocks_it_and_again_after_a_restart(
    book: LearnerStore, database: MemoryDatabase, clock: SwiftClock
) -> None:
    assert book.is_locked(SITE)
    assert refusal(book) == "E-LEARNER-LOCKED"
    with pytest.raises(UserError):
        book.consent(SITE, MARIA)
    book.lock(SITE, False)
    assert book.guard(SITE, MARIA) is Guard.REAL_NEEDS_HOLD
    again = LearnerStore(database, clock)
    await again.load()
    assert again.is_locked(SITE)
    assert book.unlocked() == {SITE}
    assert book.is_locked("other")
    book.lock(SITE, True)
    assert book.is_locked(SITE)


async def test_B26_a_consent_is_for_one_person_once_and_for_a_minute(book: LearnerStore, clock: SwiftClock) -> None:
    book.lock(SITE, False)
    book.lock("other", False)
    assert refusal(book) == "E-LEARNER-REAL"
    assert book.admit(SITE, MARIA, consent := book.consent(SITE, MARIA))
    assert refusal(book, consent) == "E-LEARNER-REAL"
    assert refusal(book, book.consent(SITE, MARIA), user_id="peter") == "E-LEARNER-REAL"
    assert refusal(book, book.consent(SITE, MARIA), site="other") == "E-LEARNER-REAL"
    late = book.consent(SITE, MARIA)
    clock.passed += CONSENT_SECONDS + 1
    assert refusal(book, late) == "E-LEARNER-REAL"


async def test_B26_a_consent_made_by_hand_is_good_for_nothing(book: LearnerStore, clock: SwiftClock) -> None:
    book.lock(SITE, False)
    assert refusal(book, Consent(SITE, MARIA, clock.monotonic())) == "E-LEARNER-REAL"


async def test_B26_locking_takes_back_what_was_not_used(book: LearnerStore) -> None:
    book.lock(SITE, False)
    consent = book.consent(SITE, MARIA)
    book.lock(SITE, True)
    assert refusal(book, consent) == "E-LEARNER-LOCKED"
    book.lock(SITE, False)
    assert refusal(book, consent) == "E-LEARNER-REAL"


async def test_a_test_learner_needs_nothing_whatever_the_lock(book: LearnerStore) -> None:
    learner = await book.make(SITE)
    assert book.admit(SITE, learner.user_id) is False
    book.check(SITE, learner.user_id, [1], consented=False)


async def test_a_test_learner_gets_another_name_and_keeps_it(book: LearnerStore, database: MemoryDatabase) -> None:
    made = await book.make(SITE)
    heard: list[str] = []
    book.changed.subscribe(heard.append)
    renamed = await book.rename(SITE, made.user_id, "  New\nhire  ")
    assert renamed is not None
    assert (renamed.user_id, renamed.name) == (made.user_id, "New hire")
    assert heard == [SITE]
    assert await book.rename(SITE, made.user_id, "  ") is None
    assert await book.rename(SITE, MARIA, "Maria") is None
    again = LearnerStore(database, SwiftClock())
    await again.load()
    assert [one.name for one in again.list(SITE)] == ["New hire"]


async def test_a_new_test_learner_is_called_what_nobody_is_called(book: LearnerStore) -> None:
    made = await book.make(SITE)
    await book.rename(SITE, made.user_id, "Test learner 2")
    assert (await book.make(SITE)).name == "Test learner 3"
    await book.remove(SITE, made.user_id)
    assert book.names(SITE) == {"Test learner 2", "Test learner 3"}
