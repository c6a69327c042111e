"""Proxies of the system, certificates to trust, and look-ups that may hang."""

from __future__ import annotations

import ssl
import sys
import time
from pathlib import Path

import pytest

from sana_desktop.api import network
from sana_desktop.api.network import Timeouts, no_proxy, system_lookup, system_proxy, tls_context
from tests.support.certificates import Authority

SITE = "https://acme.sana.ai/"


def test_B3_time_limits() -> None:
    assert Timeouts() == Timeouts(connect=10, read=30, pool=30, total=60)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_the_proxy_of_the_environment_is_used(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("https_proxy", "http://proxy.corp:3128")
    assert system_proxy(SITE) == "http://proxy.corp:3128"
    assert no_proxy(SITE) is None


def test_a_proxy_without_a_scheme_and_one_for_all(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("all_proxy", "proxy.corp:3128")
    assert system_proxy(SITE) == "http://proxy.corp:3128"


def test_exceptions_are_obeyed(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("https_proxy", "http://proxy.corp:3128")
    clean_environment.setenv("no_proxy", ".sana.ai,localhost")
    assert system_proxy(SITE) is None
    assert system_proxy("https://storage.example.com/") == "http://proxy.corp:3128"


def test_the_lookup_knows_this_computer() -> None:
    assert "127.0.0.1" in system_lookup("127.0.0.1", 80)


def test_N16_a_context_verifies_always_and_takes_further_authorities(tmp_path: Path) -> None:
    context = tls_context(Authority(tmp_path).ca_file)
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_context_trusts_what_the_system_trusts_and_is_ready_before_the_first_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    context = tls_context()
    started = time.thread_time()
    for _ in range(5):
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="acme.sana.ai")
    assert time.thread_time() - started < 0.05


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there the system itself decides")
def test_a_python_that_looks_for_certificates_in_the_wrong_place_finds_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = ssl.get_default_verify_paths()._replace(cafile=None, capath=str(tmp_path))  # type: ignore[arg-type]
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    bundle = Authority(tmp_path, "The System").ca_file
    monkeypatch.setattr(network, "BUNDLES_OF_AUTHORITIES", (str(tmp_path / "missing"), str(bundle)))
    (certificate,) = tls_context().get_ca_certs()
    assert "The System" in str(certificate["issuer"])


def test_an_extra_authority_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("not a certificate")
    for path in (empty, tmp_path / "missing.pem"):
        with pytest.raises(OSError):  # noqa: PT011
            tls_context(path)
