"""Who issued the certificate that was not trusted: only to name it in a sentence (fault N15); nothing is sent."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator

from sana_desktop.base.threads import in_daemon_thread

_SECONDS = 5.0
_MAX_CERTIFICATE_BYTES = 65_536
_ORGANISATION, _COMMON_NAME = bytes.fromhex("55040a"), bytes.fromhex("550403")
_CONTEXT_0 = 0xA0
_BMP_STRING = 0x1E


async def issuer_of(host: str, port: int) -> str:
    """Shake hands with `host` once more, look at its certificate and hang up; "" if that does not work."""
    try:
        async with asyncio.timeout(_SECONDS + 1):
            return await in_daemon_thread(lambda: _look(host, port))
    except (OSError, ValueError, TimeoutError):
        return ""


def _look(host: str, port: int) -> str:
    pem = ssl.get_server_certificate((host, port), timeout=_SECONDS)
    return issuer_name(ssl.PEM_cert_to_DER_cert(pem))


def issuer_name(der: bytes) -> str:
    """Return the issuer's common name, or its organisation, from a certificate in DER (RFC 5280 section 4.1).

    Raises:
        ValueError: if it is no certificate.
    """
    if len(der) > _MAX_CERTIFICATE_BYTES:
        raise ValueError("too long for a certificate")
    try:
        (_, certificate), *_ = _elements(der)
        (_, to_be_signed), *_ = _elements(certificate)
        fields = list(_elements(to_be_signed))
        issuer = fields[3 if fields[0][0] == _CONTEXT_0 else 2][1]
        names: dict[bytes, str] = {}
        for _, group in _elements(issuer):
            for _, attribute in _elements(group):
                (_, oid), (tag, value) = list(_elements(attribute))[:2]
                names[oid] = value.decode("utf-16-be" if tag == _BMP_STRING else "utf-8", errors="replace")
    except IndexError:
        raise ValueError("not a certificate") from None
    return names.get(_COMMON_NAME) or names.get(_ORGANISATION) or ""


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each DER element of `data`."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[at : at + size], "big")
            at += size
        if at + length > len(data):
            raise ValueError("an element is cut")
        yield tag, data[at : at + length]
        at += length
