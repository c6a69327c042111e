"""Whatever is typed or sent as an address: a site or a UserError, a link that may be fetched or a LinkError."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from sana_desktop.api.links import LinkPolicy, check_address, check_link
from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.errors import LinkError, UserError

PUBLIC = LinkPolicy()
PIECES = st.sampled_from(
    (
        *("https://", "http://", "//", "acme", ".sana.ai", "@", ":", "443", "8080", "/", "\\", "?", "#", "%2F"),
        *("[::1]", "127.0.0.1", "localhost", "2130706433", "0x7f.1", "é", "а", "\u202e", "\x00", " ", "\n", ".."),
    )
)
ADDRESSES = st.lists(PIECES, max_size=7).map("".join) | st.text(max_size=40)


@given(ADDRESSES)
@example("https://[::1]@acme.sana.ai")
@example("http://[v1.x]/")
def test_a_workspace_is_https_or_this_computer_and_reads_the_same_again(text: str) -> None:
    try:
        origin = parse_workspace(text)
    except UserError:
        return
    assert origin.scheme == "https" or origin.is_loopback
    assert 0 <= origin.port <= 65_535
    assert parse_workspace(origin.url) == origin
    assert urlsplit(origin.url).hostname == origin.host


@given(ADDRESSES)
@example("https://[v1.x]/")
def test_L28_to_L31_a_link_that_passes_is_https_to_a_name_on_443(text: str) -> None:
    try:
        check_link(text, PUBLIC)
    except LinkError:
        return
    parts = urlsplit(text)
    assert parts.scheme == "https"
    assert parts.port in {None, 443}
    assert parts.username is None
    assert "." in (parts.hostname or "")
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return
    raise AssertionError("an address literal passed")


@given(st.ip_addresses())
def test_L31_an_address_that_passes_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    try:
        check_address(str(address), PUBLIC)
    except LinkError:
        return
    assert address.is_global
    assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_L31_an_ipv4_address_in_disguise_is_judged_like_the_plain_one(address: ipaddress.IPv4Address) -> None:
    def passes(text: str) -> bool:
        try:
            check_address(text, PUBLIC)
        except LinkError:
            return False
        return True

    disguises = [f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))]
    assert {passes(text) for text in disguises} == {passes(str(address))}
