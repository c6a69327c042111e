"""Which site: scheme, host and port of a workspace, and what people type for it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line

VENDOR_DOMAIN = "sana.ai"
DEFAULT_PORTS = {"https": 443, "http": 80}

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SHORT_NAME = re.compile(_LABEL)
HOST_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+")
"""A DNS name of at least two labels, lower case."""
_NUMERIC_END = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_EXAMPLE = "Type it like acme, acme.sana.ai or https://acme.sana.ai."


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port; an IPv6 host is without its brackets."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The origin as text; the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")

    @property
    def is_loopback(self) -> bool:
        """Whether it is this computer itself: the demo workspace, or a test server."""
        return is_loopback_host(self.host)

    def __str__(self) -> str:
        return self.url


def is_loopback_host(host: str) -> bool:
    """Return whether `host` is `localhost` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_numeric_host(host: str) -> bool:
    """Return whether `host` is an IP address in any spelling that programs take for one (2130706433, 0x7f.1)."""
    return ":" in host or _NUMERIC_END.search(host) is not None


def parse_workspace(text: str) -> Origin:
    """Return the site that a person means by `acme`, `acme.sana.ai` or a whole URL, whatever follows its host.

    Plain http is refused, except to this computer itself. A loopback address without a scheme means http.

    Raises:
        UserError: with a code that begins with `E-SITE`, if no site can be made of it.
    """
    typed = text.strip().strip("'\"“”‘’").strip()
    if not typed:
        raise _refused("E-SITE-EMPTY", "The name of the learning site is missing.")
    if "<" in typed or ">" in typed:
        raise _refused("E-SITE-PLACEHOLDER", "“{typed}” still has a placeholder where the site's name belongs.", typed)
    if (
        len(typed) > 2_000
        or "\\" in typed
        or any(character.isspace() or not character.isprintable() for character in typed)
    ):
        raise _refused("E-SITE", "“{typed}” is no address of a learning site.", typed)
    if _SHORT_NAME.fullmatch(typed.lower()) and typed.lower() != "localhost" and not typed.isdigit():
        return Origin("https", f"{typed.lower()}.{VENDOR_DOMAIN}", 443)
    return _from_address(typed)


def _from_address(typed: str) -> Origin:
    has_scheme = _SCHEME.match(typed) is not None
    try:
        parts = urlsplit(typed if has_scheme else f"//{typed}")
        host = _plain_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        raise _refused("E-SITE", "“{typed}” is no address of a learning site.", typed) from None
    if "@" in parts.netloc:
        raise _refused("E-SITE-USER", "The address must not contain a user name or a password.")
    loopback = is_loopback_host(host)
    scheme = parts.scheme.lower() if has_scheme else ("http" if loopback else "https")
    if scheme == "http" and not loopback:
        raise _refused(
            "E-SITE-HTTP",
            "“{typed}” would travel unprotected. Only https addresses are used.",
            typed,
            f"Use https://{host} instead." if host else _EXAMPLE,
        )
    if scheme not in DEFAULT_PORTS:
        raise _refused("E-SITE", "“{typed}” is no web address.", typed)
    if not loopback and (is_numeric_host(host) or not HOST_NAME.fullmatch(host)):
        raise _refused("E-SITE", "“{typed}” is no address of a learning site.", typed)
    return Origin(scheme, host, DEFAULT_PORTS[scheme] if port is None else port)


def _plain_host(host: str) -> str:
    host = host.lower().rstrip(".")
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _refused(code: str, template: str, typed: str = "", next_step: str = _EXAMPLE) -> UserError:
    return UserError(template, code=code, next_step=next_step, values={"typed": one_line(typed, 120)})
