"""How this computer reaches others: time limits, look-ups, trusted certificates and the system's proxy."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

BUNDLES_OF_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine, BSD
)
"""Where Unix systems keep the authorities they trust."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds (B3).

    Attributes:
        connect: look-up, and again TCP with TLS, each.
        read: longest silence while an answer is awaited or read.
        pool: waiting for a free connection, and making it, together.
        total: a whole exchange with the API; downloads have no such limit. It bounds the writing of a request as well.
    """

    connect: float = 10.0
    read: float = 30.0
    pool: float = 30.0
    total: float = 60.0


Lookup = Callable[[str, int], list[str]]
"""Blocking: host and port to IP addresses in order of preference. Raises OSError if there is no such host."""

FindProxy = Callable[[str], str | None]
"""Blocking: the proxy's URL for a URL, or None for none."""


def system_lookup(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of `host`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def system_proxy(url: str) -> str | None:
    """Return the proxy that the environment or the system's settings name for `url`."""
    import urllib.request

    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def no_proxy(url: str) -> str | None:
    """Go straight to `url`, whatever the environment says."""
    return None


def tls_context(extra_ca: Path | None = None) -> ssl.SSLContext:
    """Return a context that trusts what the operating system trusts, and the authorities in `extra_ca` (T4).

    Raises:
        OSError: if `extra_ca` can't be read or holds no certificate (`ssl.SSLError` is one).
    """
    context = _system_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if extra_ca is not None:
        context.load_verify_locations(cafile=str(extra_ca))
    return context


def _system_context() -> ssl.SSLContext:
    if sys.platform in {"win32", "darwin"}:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Elsewhere truststore would read the same files as here, but anew for every connection: 30 to 45 ms each on the
    # window's thread.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and any(Path(paths.capath).glob("*.0"))):
        context.set_default_verify_paths()
    else:
        # A Python that came in a bundle looks where its builder kept certificates, which is nowhere here.
        for bundle in filter(Path.is_file, map(Path, BUNDLES_OF_AUTHORITIES)):
            context.load_verify_locations(cafile=str(bundle))
            break
    return context
