"""What a download is given of its connection: name, link client, clock; also when nobody can be signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import AuthError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.sites import Sites
from sana_desktop.workspace.connections import Access
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.fake_server import FakeServer, json_reply
from tests.support.workspaces import JobRegistry, desk


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[JobRegistry]:
    async with desk(tmp_path) as made:
        yield made


@pytest.fixture
async def sites(room: JobRegistry) -> AsyncIterator[Sites]:
    made = Sites(room.book, room.clients, SystemClock())
    yield made
    await made.aclose()


async def test_a_site_has_the_persons_name_and_sites_alike_share_a_client(room: JobRegistry, sites: Sites) -> None:
    one = await room.book.add(parse_workspace("acme"), name="Our site", client_id="c")
    two = await room.book.add(parse_workspace("other"), client_id="c")
    for entry in (one, two):
        await room.book.keep_secret(entry.id, Secret("s"))
    found, other = await sites.site(one.id), await sites.site(two.id)
    assert found.name == "Our site"
    assert found.links is other.links


async def test_only_a_loopback_site_may_link_to_loopback(room: JobRegistry, sites: Sites) -> None:
    real = await room.book.add(parse_workspace("acme"), access=Access.PASTED)
    local = await room.book.add(parse_workspace("http://127.0.0.1:8080"), access=Access.PASTED)
    assert (await sites.site(real.id)).links is not (await sites.site(local.id)).links


async def test_who_can_not_be_signed_in_still_gets_what_a_link_gives(room: JobRegistry, sites: Sites) -> None:
    entry = await room.book.add(parse_workspace("acme"), access=Access.PASTED)
    found = await sites.site(entry.id)
    assert found.name == entry.name
    assert abs(found.server_now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_a_connection_that_is_gone_is_said_to_be(sites: Sites) -> None:
    with pytest.raises(AuthError):
        await sites.site("gone")


async def test_the_time_is_the_sites_and_stays_known_when_the_person_signs_out(room: JobRegistry, sites: Sites) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=3)
    date = format_datetime(ahead, usegmt=True)
    async with FakeServer() as server:
        pending = {"data": {"jobId": "j1", "status": "pending"}, "links": None, "error": None}
        server.on("GET", "/api/v1/reports/jobs/j1", json_reply(pending, date=date))
        entry = await room.book.add(parse_workspace(server.url), access=Access.PASTED)
        room.clients.give_token(entry.id, Secret("pass-1"))
        found = await sites.site(entry.id)
        await (await room.clients.client(entry.id)).poll("j1")
        assert abs(found.server_now() - ahead) < timedelta(minutes=1)
        assert abs(sites.server_now(entry.id) - ahead) < timedelta(minutes=1)
        room.clients.sign_out(entry.id)
        assert abs((await sites.site(entry.id)).server_now() - ahead) < timedelta(minutes=1)
    assert abs(sites.server_now("never seen") - datetime.now(UTC)) < timedelta(seconds=5)


async def test_M5_where_a_connection_leads_is_told_by_name_and_address(room: JobRegistry, sites: Sites) -> None:
    entry = await room.book.add(parse_workspace("acme"), name="Our site", client_id="c")
    assert sites.place(entry.id) == ("Our site", "https://acme.sana.ai", "live")
    assert sites.place("gone") == ("", "", "")


async def test_a_site_that_was_forgotten_and_connected_again_is_found_by_its_address(
    room: JobRegistry, sites: Sites
) -> None:
    first = await room.book.add(parse_workspace("acme"), client_id="c")
    await room.book.add(parse_workspace("other"), client_id="c")
    address = sites.place(first.id)[1]
    assert sites.now_at(first.id, address) == first.id
    await room.book.forget(first.id)
    assert sites.now_at(first.id, address) == ""
    again = await room.book.add(parse_workspace("acme"), client_id="c")
    assert sites.now_at(first.id, address) == again.id
    assert sites.now_at(first.id, "") == ""
    assert sites.now_at(DEMO_ID, "") == DEMO_ID, "it comes back when the example is started"
