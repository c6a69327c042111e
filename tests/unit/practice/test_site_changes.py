"""A connection that becomes another place, or is forgotten: no leave and no answer goes along (B26)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.practice.opening import open_practice
from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store.secrets import SecretName
from sana_desktop.workspace.connections import Connection
from sana_desktop.workspace.demo import demo_connection
from sana_desktop.workspace.practice_clients import PracticeClients
from tests.support.outbox_bench import some_outcomes
from tests.support.waiting import until
from tests.support.workspaces import JobRegistry, desk

MARIA = "maria@acme.example"


@pytest.fixture(scope="module")
def here() -> Iterator[SandboxServer]:
    with running_sandbox(rows=20) as server:
        yield server


@pytest.fixture(scope="module")
def there() -> Iterator[SandboxServer]:
    with running_sandbox(rows=20) as server:
        yield server


@asynccontextmanager
async def at_work(home: Path, site: SandboxServer) -> AsyncIterator[tuple[JobRegistry, PracticeServices, Connection]]:
    """Open practice with one connection to a site, without a key so far."""
    told = site.describe()
    async with desk(home) as room:
        mine = await room.book.add(
            parse_workspace(told["insights_url"]), client_id="i", practice=parse_practice_origin(told["practice_url"])
        )
        clients = PracticeClients(room.book, room.secrets, SystemClock(), Redactor())
        owner = room.database.owner_id
        async with open_practice(
            room.database, room.book, clients, SystemClock(), owner=owner, is_alive=lambda other: False
        ) as services:
            yield room, services, mine
        await clients.aclose()


def give_key(services: PracticeServices, connection: Connection, site: SandboxServer) -> None:
    services.clients.give_key(connection.id, Secret(site.describe()["api_key"]))


async def until_states(services: PracticeServices, wanted: list[OutboxState]) -> None:
    for _ in range(1_000):  # each look is a turn of the loop and of the store
        if [entry.state for entry in await services.delivery.entries(open_only=False)] == wanted:
            return
    raise AssertionError("they are not")


async def test_b26_another_address_takes_back_the_leave_and_holds_what_waits(
    tmp_path: Path, here: SandboxServer, there: SandboxServer
) -> None:
    async with at_work(tmp_path, here) as (room, services, mine):
        learners, delivery = services.learners, services.delivery
        test = await learners.make(mine.id)
        learners.lock(mine.id, False)
        consent = learners.consent(mine.id, MARIA)
        unused = learners.consent(mine.id, MARIA)
        await delivery.put(mine.id, MARIA, some_outcomes(2), consent=consent, release=True)
        await delivery.put(mine.id, test.user_id, some_outcomes(2))
        other = parse_practice_origin(there.describe()["practice_url"])
        await room.book.change(mine.id, practice=other)
        assert learners.is_locked(mine.id), "at once, before anybody else can send"
        give_key(services, mine, there)
        await until_states(services, [OutboxState.PARKED] * 4)
        for person in (MARIA, test.user_id):
            flushed = await delivery.flush(mine.id, person)
            assert (flushed.accepted, flushed.waiting) == (0, 0)
        entries = await delivery.entries()
        assert {entry.error_code for entry in entries} == {"E-OUT-MOVED"}
        assert there.outcomes(MARIA) == there.outcomes(test.user_id) == ()
        learners.lock(mine.id, False)
        with pytest.raises(Exception, match="not one of your test learners"):
            await delivery.send_again(entries[0].number, consent=unused)
        for entry in entries:
            real = entry.user_id == MARIA
            await delivery.send_again(entry.number, consent=learners.consent(mine.id, MARIA) if real else None)
        await until(lambda: len(there.outcomes(MARIA)) == len(there.outcomes(test.user_id)) == 2)
        assert here.outcomes(MARIA) == ()


async def test_the_same_address_given_again_another_name_or_none_for_a_while_changes_nothing(
    tmp_path: Path, here: SandboxServer
) -> None:
    async with at_work(tmp_path, here) as (room, services, mine):
        learners = services.learners
        test = await learners.make(mine.id)
        await services.delivery.put(mine.id, test.user_id, some_outcomes(2))
        learners.lock(mine.id, False)
        await room.book.change(mine.id, name="Another name")
        assert not learners.is_locked(mine.id)
        await room.book.change(mine.id, practice=None)
        assert learners.is_locked(mine.id)
        await room.book.change(mine.id, practice=mine.practice)
        give_key(services, mine, here)
        await until(lambda: len(here.outcomes(test.user_id)) == 2)


async def test_another_key_may_be_of_another_organisation_and_locks(tmp_path: Path, here: SandboxServer) -> None:
    async with at_work(tmp_path, here) as (room, services, mine):
        place = services.findings.place
        await room.book.keep_secret(mine.id, Secret("first"), SecretName.API_KEY)
        first = place(mine.id)
        services.learners.lock(mine.id, False)
        room.book.hold_secret(mine.id, Secret("second"), SecretName.API_KEY)
        assert services.learners.is_locked(mine.id)
        second = place(mine.id)
        services.learners.lock(mine.id, False)
        await services.delivery.put(mine.id, (await services.learners.make(mine.id)).user_id, some_outcomes(1))
        give_key(services, mine, here)  # of a command that was pasted
        assert services.learners.is_locked(mine.id)
        assert len({first, second, place(mine.id)}) == 3
        await until(lambda: len(here.outcomes()) > 0)  # what waits for a test learner goes with the right key
        await room.book.change(mine.id, name="Another name")
        services.learners.lock(mine.id, False)
        before = place(mine.id)
        await room.book.change(mine.id, name="Yet another name")
        assert (services.learners.is_locked(mine.id), place(mine.id)) == (False, before)


async def test_the_example_data_are_the_same_place_at_each_start(tmp_path: Path, here: SandboxServer) -> None:
    told = here.describe()
    async with at_work(tmp_path, here) as (room, services, _):
        for port in (1, 2):
            practice = parse_practice_origin(f"http://127.0.0.1:{port}")
            room.book.lend(demo_connection(parse_workspace(told["insights_url"]), told["client_id"], practice))
            services.clients.give_key("demo", Secret("a key"))
            services.learners.lock("demo", False)
            assert services.findings.place("demo") == "demo"
        assert not services.learners.is_locked("demo")


async def test_another_site_behind_the_same_service_is_another_place(tmp_path: Path, here: SandboxServer) -> None:
    async with at_work(tmp_path, here) as (room, services, mine):
        services.learners.lock(mine.id, False)
        await services.delivery.put(mine.id, (await services.learners.make(mine.id)).user_id, some_outcomes(1))
        await room.book.change(mine.id, origin=parse_workspace("elsewhere"))
        assert services.learners.is_locked(mine.id)
        await until_states(services, [OutboxState.PARKED])


async def test_what_a_forgotten_connection_leaves_is_put_aside_and_its_session_keeps_the_story(
    tmp_path: Path, here: SandboxServer
) -> None:
    async with at_work(tmp_path, here) as (room, services, mine):
        test = await services.learners.make(mine.id)
        record = await services.sessions.begin(mine.id, Setup(Mode.SINGLE, test.user_id))
        kept = await services.delivery.put(mine.id, test.user_id, some_outcomes(3), record.id)
        counts = await services.sites.counts()
        assert {site: each.waiting for site, each in counts.items()} == {mine.id: 3}
        gone: list[int] = []
        services.delivery.removed.subscribe(gone.append)
        await room.book.forget(mine.id)
        await until(lambda: len(gone) == 3)
        assert (await services.delivery.counts()).open == 0
        dropped = await services.delivery.dropped(record.id)
        assert dropped == {entry.number: OutboxState.WAITING for entry in kept}


async def test_what_a_connection_left_that_was_forgotten_earlier_is_put_aside_at_the_next_start(
    tmp_path: Path, here: SandboxServer
) -> None:
    async with at_work(tmp_path, here) as (_, services, mine):
        for connection_id in ("gone", "demo", mine.id):
            learner = await services.learners.make(connection_id)
            await services.delivery.put(connection_id, learner.user_id, some_outcomes(1))
    async with at_work(tmp_path, here) as (_, services, _):
        assert sorted(await services.sites.counts()) == sorted(["demo", mine.id])
