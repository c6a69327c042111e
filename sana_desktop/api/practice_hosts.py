"""Where the Web API is: the vendor's two regions, its two calls, and what people type for an address of it."""

from __future__ import annotations

from sana_desktop.api.origin import Origin, parse_workspace
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words

VENDOR_DOMAIN = "sanalabs.com"
PRACTICE_HOSTS = ("https://api.sanalabs.com", "https://us.api.sanalabs.com")
"""The regions (the developer page, "API Endpoints"; the United States are in the vendor's public reference)."""

OUTCOMES_PATH = "/v1/exercise-outcomes"
NEXT_PATH = "/v1/next-exercises"


def parse_practice_origin(text: str) -> Origin:
    """Return the origin that a person means by a host or a whole URL, whatever follows the host.

    Any https host will do, and http on this computer itself; `strange_host` warns of one that is not the vendor's.

    Raises:
        UserError: with a code that begins with `E-SITE`, if no origin can be made of it.
    """
    typed = text.strip().strip("'\"“”‘’").strip()
    # A single word is the short name of a learning site elsewhere; here there are no such names.
    if typed and "." not in typed and "//" not in typed and not typed.lower().startswith(("localhost", "[")):
        raise UserError(
            "“{typed}” is no address of Sana's practice service.",
            code="E-SITE",
            next_step="Choose a region, or type it like https://api.sanalabs.com.",
            values={"typed": one_line(typed, 120)},
        )
    return parse_workspace(typed)


def is_region(host: str) -> bool:
    """Return whether a host is one of the vendor's regions, which people choose and don't type."""
    return f"https://{host}" in PRACTICE_HOSTS


def strange_host(origin: Origin) -> Words | None:
    """Return a warning if the host is neither the vendor's nor this computer: the key would be entrusted to it."""
    if origin.is_loopback or origin.host == VENDOR_DOMAIN or origin.host.endswith("." + VENDOR_DOMAIN):
        return None
    return Words("{host} is no address of Sana itself. Go on only if you know it.", host=origin.host)
