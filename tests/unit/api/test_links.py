"""The link policy, rule by rule (B2)."""

from __future__ import annotations

import pytest

from sana_desktop.api.links import MAX_LINK_CHARACTERS, LinkPolicy, check_address, check_link
from sana_desktop.base.errors import LinkError

PUBLIC = LinkPolicy()
DEMO = LinkPolicy(loopback_allowed=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://storage.googleapis.com/bucket/o.csv?X-Goog-Signature=ab%2Fcd",
        "https://b.s3.eu-north-1.amazonaws.com/r%2Fx?X-Amz-Expires=900",
        "https://ACCOUNT.blob.core.windows.net:443/c/b?sig=a%3D",
        "https://xn--bcher-kva.example/r",
    ],
)
def test_links_of_object_stores_pass(url: str) -> None:
    check_link(url, PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://storage.example.com/f", id="L28 http"),
        pytest.param("ftp://storage.example.com/f", id="L29 ftp"),
        pytest.param("file:///etc/passwd", id="L29 file"),
        pytest.param("data:text/csv,a", id="L29 data"),
        pytest.param("javascript:alert(1)", id="L29 javascript"),
        pytest.param("\\\\server\\share\\f", id="L29 UNC"),
        pytest.param("//storage.example.com/f", id="L29 no scheme"),
        pytest.param("https://user@storage.example.com/f", id="L30 user"),
        pytest.param("https://storage.example.com@evil.example/f", id="L30 disguise"),
        pytest.param("https://127.0.0.1/f", id="L31 loopback"),
        pytest.param("https://[::1]/f", id="L31 loopback 6"),
        pytest.param("https://10.1.2.3/f", id="L31 private"),
        pytest.param("https://169.254.169.254/latest/meta-data", id="L31 metadata"),
        pytest.param("https://2130706433/f", id="L31 decimal"),
        pytest.param("https://0x7f.1/f", id="L31 hexadecimal"),
        pytest.param("https://8.8.8.8/f", id="L31 any address literal"),
        pytest.param("https://localhost/f", id="L31 localhost"),
        pytest.param("https://x.localhost/f", id="L31 below localhost"),
        pytest.param("https://intranet/f", id="one label"),
        pytest.param("https://storage.example.com:8443/f", id="port"),
        pytest.param("https://storage.example.com:x/f", id="no port"),
        pytest.param("", id="M11 empty"),
        pytest.param("https://storage.example.com/" + "a" * MAX_LINK_CHARACTERS, id="M11 long"),
        pytest.param("https://storage.example.com/a b", id="M11 space"),
        pytest.param("https://storage.example.com/a\r\nX: y", id="M11 line break"),
        pytest.param("https://storage%2Fexample.com/f", id="M11 escape in host"),
        pytest.param("https://stоrage.example.com/f", id="M11 homograph"),
        pytest.param("https://storage.example.com\\@evil.example/", id="M11 backslash"),
        pytest.param("https://[::1/f", id="M11 bracket"),
        pytest.param("https:///f", id="M11 no host"),
    ],
)
def test_L28_to_L31_M11_refused(url: str) -> None:
    with pytest.raises(LinkError) as caught:
        check_link(url, PUBLIC)
    assert caught.value.code == "E-LINK-UNSAFE"
    assert caught.value.message.endswith("It was not opened.")


@pytest.mark.parametrize("value", [None, 5, ["https://storage.example.com/"], {}])
def test_M11_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(LinkError):
        check_link(value, PUBLIC)  # type: ignore[arg-type]


def test_a_port_that_the_person_allowed() -> None:
    check_link("https://storage.example.com:8443/f", LinkPolicy(extra_ports=frozenset({8443})))


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000/f", "http://localhost:1/f", "https://[::1]:2/f"])
def test_in_the_demo_links_stay_on_this_computer(url: str) -> None:
    check_link(url, DEMO)


@pytest.mark.parametrize("url", ["https://storage.example.com/f", "http://10.0.0.1/f", "ftp://127.0.0.1/f"])
def test_in_the_demo_nothing_else_is_allowed(url: str) -> None:
    with pytest.raises(LinkError):
        check_link(url, DEMO)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "::1",
        "0.0.0.0",  # noqa: S104
        "::",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.100.100.200",
        "169.254.169.254",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "224.0.0.1",
        "ff0e::1",
        "240.0.0.1",
        "255.255.255.255",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:db8::1",
        "not an address",
    ],
)
def test_L31_L32_addresses_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(LinkError) as caught:
        check_address(address, PUBLIC)
    assert caught.value.code == "E-LINK-ADDRESS"


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_pass(address: str) -> None:
    check_address(address, PUBLIC)
    with pytest.raises(LinkError):
        check_address(address, DEMO)


def test_loopback_passes_in_the_demo() -> None:
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        check_address(address, DEMO)


def test_a_link_that_leaves_this_computer_is_refused_in_words_that_fit_every_site_on_it() -> None:
    here = LinkPolicy(loopback_allowed=True)
    with pytest.raises(LinkError) as by_name:
        check_link("https://storage.example.com/f", here)
    with pytest.raises(LinkError) as by_address:
        check_address("93.184.216.34", here)
    assert (by_name.value.code, by_address.value.code) == ("E-LINK-UNSAFE", "E-LINK-ADDRESS")
    for caught in (by_name, by_address):
        assert "leads elsewhere" in caught.value.message
        assert "demo" not in caught.value.message
