"""From httpx's exceptions to plain words; the kind says whether the request may have left."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx
import pytest

from sana_desktop.api.errors import AnswerLost, NotSent, from_httpx, is_certificate_error, plain_reason, submit_unknown
from sana_desktop.base.errors import NetworkError, ProtocolError

HOST = "acme.sana.ai"


def caused(error: httpx.HTTPError, cause: BaseException) -> httpx.HTTPError:
    error.__cause__ = cause
    return error


def certificate_error(code: int, text: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, text)
    error.verify_code, error.verify_message = code, text
    return error


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (caused(httpx.ConnectError("x"), socket.gaierror(-2, "not known")), NotSent, "E-NET-DNS"),
        (caused(httpx.ConnectError("x"), ConnectionRefusedError(errno.ECONNREFUSED, "no")), NotSent, "E-NET-CONNECT"),
        (caused(httpx.ConnectError("x"), OSError(errno.ENETUNREACH, "no")), NotSent, "E-NET-CONNECT"),
        (httpx.ConnectError("x"), NotSent, "E-NET-CONNECT"),
        (httpx.ConnectTimeout("x"), NotSent, "E-NET-TIMEOUT"),
        (httpx.PoolTimeout("x"), NotSent, "E-NET-TIMEOUT"),
        (httpx.ProxyError("x"), NotSent, "E-PROXY"),
        (httpx.ProxyError("407"), NotSent, "E-PROXY-AUTH"),
        (httpx.LocalProtocolError("x"), NotSent, "E-NET-ADDRESS"),
        (caused(httpx.ConnectError("x"), ssl.SSLError(1, "no protocols")), NotSent, "E-TLS"),
        (httpx.ReadTimeout("x"), AnswerLost, "E-NET-SLOW"),
        (httpx.WriteTimeout("x"), AnswerLost, "E-NET-SLOW"),
        (httpx.ReadError("x"), AnswerLost, "E-NET-LOST"),
        (httpx.WriteError("x"), AnswerLost, "E-NET-LOST"),
        (httpx.RemoteProtocolError("x"), ProtocolError, "E-PROTO"),
        (httpx.UnsupportedProtocol("x"), NotSent, "E-NET-ADDRESS"),
    ],
)
def test_each_failure_has_its_kind_and_code(error: httpx.HTTPError, kind: type[NetworkError], code: str) -> None:
    told = from_httpx(error, HOST)
    assert type(told) is kind
    assert told.code == code
    assert told.message
    assert "{" not in told.message


@pytest.mark.parametrize(
    ("code", "text", "issuer", "words"),
    [
        (10, "certificate has expired", "", "not valid today"),
        (9, "certificate is not yet valid", "", "not valid today"),
        (62, "Hostname mismatch", "", "another name"),
        (64, "IP address mismatch", "", "another name"),
        (18, "self-signed certificate", "Box", "“Box”"),
        (20, "unable to get local issuer certificate", "", "does not trust"),
        (0, "“acme” certificate is expired", "", "not valid today"),
        (0, "A required certificate is not within its validity period", "", "not valid today"),
        (0, "The certificate's CN name does not match the passed value.", "", "another name"),
    ],
)
def test_N13_N14_N15_certificates(code: int, text: str, issuer: str, words: str) -> None:
    error = caused(httpx.ConnectError("x"), certificate_error(code, text))
    told = from_httpx(error, HOST, issuer)
    assert is_certificate_error(error)
    assert words in told.message
    assert told.code == "E-TLS"
    assert not told.retryable
    assert "off" in told.next_step or "date" in told.next_step


def test_a_reason_is_plain_and_bounded() -> None:
    assert plain_reason("<p>a</p>\n<p>b</p>") == "a b"
    assert len(plain_reason("a " * 100_000)) <= 2_000


def test_an_unknown_order_keeps_why() -> None:
    error = submit_unknown(from_httpx(httpx.ReadTimeout("x"), HOST))
    assert "E-NET-SLOW" in error.detail
    assert not error.retryable


@pytest.mark.parametrize(("host", "asks"), [(HOST, True), ("api.sanalabs.com", False), ("us.api.sanalabs.com", False)])
def test_only_of_an_address_that_was_typed_it_is_asked_whether_it_is_spelt_right(host: str, asks: bool) -> None:
    found = from_httpx(caused(httpx.ConnectError("x"), socket.gaierror(-2, "not known")), host)
    assert str(found).startswith(f"I can't find {host}.")
    assert ("spelt right" in str(found)) is asks
    assert ("address" in found.next_step) is asks
