"""Where a download link may lead (B2): pure rules, applied to every link, every hop and every address."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from sana_desktop.api.origin import DEFAULT_PORTS, HOST_NAME, is_loopback_host, is_numeric_host
from sana_desktop.base.errors import LinkError
from sana_desktop.base.text import one_line

MAX_LINK_CHARACTERS = 16_384
MAX_REDIRECTS = 5

_LEAVES = "The site is on this computer, and its download link leads elsewhere."
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """What links of one workspace may do.

    Attributes:
        loopback_allowed: the workspace is on this computer itself (the demo, a test server): its links may be http,
            must be on loopback, and may lead nowhere else.
        extra_ports: ports besides 443 that the person allowed for this workspace.
    """

    loopback_allowed: bool = False
    extra_ports: frozenset[int] = frozenset()


def check_link(url: str, policy: LinkPolicy) -> None:
    """Return if `url` may be fetched at all; its addresses are judged later, by `check_address`.

    Raises:
        LinkError: with code `E-LINK-UNSAFE`; nothing was sent (faults L28 to L31, M11).
    """
    if not isinstance(url, str) or not url or len(url) > MAX_LINK_CHARACTERS:
        raise _unsafe("The site gave a download link that is none.")
    if "\\" in url or any(character.isspace() or not character.isprintable() for character in url):
        raise _unsafe("The site gave a download link with characters that do not belong there.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _unsafe("The site gave a download link that can't be read.") from None
    if "@" in parts.netloc:
        raise _unsafe("The download link carries a user name, which is a way to disguise where it leads.")
    if policy.loopback_allowed:
        _check_local_link(parts, host)
    else:
        _check_public_link(parts, host, port, policy)


def check_address(address: str, policy: LinkPolicy) -> None:
    """Return if a link may connect to this IP address, which its host's name led to just now (faults L31, L32).

    Raises:
        LinkError: with code `E-LINK-ADDRESS`, for loopback, private, link-local, multicast, metadata and every other
            address that is not public; of a site on this computer for everything but loopback.
    """
    try:
        peer = _innermost(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        raise _unsafe("The download link leads to an address that can't be read.", "E-LINK-ADDRESS") from None
    if policy.loopback_allowed:
        if not peer.is_loopback:
            raise _unsafe(_LEAVES, "E-LINK-ADDRESS")
    elif not peer.is_global or peer.is_multicast or peer.is_reserved:
        raise _unsafe(
            "The download link leads into a private network, not to the learning site's storage.", "E-LINK-ADDRESS"
        )


def _check_local_link(parts: SplitResult, host: str) -> None:
    if parts.scheme not in DEFAULT_PORTS or not is_loopback_host(host):
        raise _unsafe(_LEAVES)


def _check_public_link(parts: SplitResult, host: str, port: int | None, policy: LinkPolicy) -> None:
    if parts.scheme != "https":
        raise _unsafe("The download link is not protected (it begins with “{scheme}”).", scheme=parts.scheme or "?")
    if is_numeric_host(host) or host == "localhost" or host.endswith(".localhost") or not HOST_NAME.fullmatch(host):
        raise _unsafe("The download link leads to “{host}”, which is no public name.", host=host or "?")
    if port not in {None, 443} and port not in policy.extra_ports:
        raise _unsafe("The download link uses port {port}, which is not usual for downloads.", port=str(port))


def _innermost(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that an IPv6 one merely wraps (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address


def _unsafe(template: str, code: str = "E-LINK-UNSAFE", **values: str) -> LinkError:
    return LinkError(
        template + " It was not opened.",
        code=code,
        next_step="Tell IT or Sana's support: the technical part says what was wrong.",
        values={name: one_line(value, 120) for name, value in values.items()},
    )
