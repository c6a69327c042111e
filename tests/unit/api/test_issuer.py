"""The issuer's name out of a certificate."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from sana_desktop.api.issuer import issuer_name, issuer_of
from tests.support.certificates import Authority
from tests.support.fake_server import FakeServer


async def test_N15_the_issuer_of_a_server_is_named(tmp_path: Path) -> None:
    async with FakeServer(tls=Authority(tmp_path, "Contoso Inspection CA").server_context()) as server:
        assert await issuer_of("127.0.0.1", server.port) == "Contoso Inspection CA"
        assert server.requests == []


async def test_a_server_without_tls_or_without_an_answer_has_no_issuer() -> None:
    async with FakeServer() as server:
        server.drop_connections = True
        assert await issuer_of("127.0.0.1", server.port) == ""
    assert await issuer_of("127.0.0.1", server.port) == ""


def test_an_organisation_stands_in_for_a_missing_name(tmp_path: Path) -> None:
    der = ssl.PEM_cert_to_DER_cert(Authority(tmp_path, "Só Ça").ca_file.read_text())
    assert issuer_name(der) == "Só Ça"
    assert issuer_name(der.replace(bytes.fromhex("0603550403"), bytes.fromhex("060355040a"))) == "Só Ça"
    assert issuer_name(der.replace(bytes.fromhex("0603550403"), bytes.fromhex("0603550406"))) == ""


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x82\xff\xff", b"\x30\x03\x02\x01\x01", b"x" * 70_000])
def test_what_is_no_certificate(der: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        issuer_name(der)


def test_every_cut_of_a_certificate_is_told(tmp_path: Path) -> None:
    der = ssl.PEM_cert_to_DER_cert(Authority(tmp_path).ca_file.read_text())
    for length in range(len(der)):
        with pytest.raises(ValueError, match=r"."):
            issuer_name(der[:length])
