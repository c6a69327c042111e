"""What is said of a site beside its name: what it is for, and how its clock goes. Pure."""

from __future__ import annotations

from typing import NamedTuple

from sana_desktop.reports.records.job import JobRecord
from sana_desktop.ui.reports.words.state_words import span
from sana_desktop.ui.tr import tr

AGREES_SECONDS = 2
"""A site tells its time in whole seconds, and the answer is on its way for a while: less is no difference."""


class SiteWords(NamedTuple):
    """What a row says of the site that its report came from.

    Attributes:
        name: its name, as short as it can be told.
        marked: with what it was for.
        tip: its address, and what it was for.
    """

    name: str
    marked: str
    tip: str


NO_SITE = SiteWords("", "", "")


def mark_words(mark: str) -> str:
    """Return the word for what a connection is for; a colour never stands alone. Empty for one that is not known."""
    return {
        "live": tr("Connections", "live"),
        "test": tr("Connections", "test"),
        "demo": tr("Connections", "example data"),
    }.get(mark, "")


def marked(name: str, mark: str) -> str:
    """Return a site's name with what it is for, `Acme · live`; what is called so already is not told twice."""
    words = mark_words(mark)
    return name if not words or name.casefold() == words.casefold() else f"{name} · {words}"


def site_line(record: JobRecord) -> str:
    """Return the site of a job as it was when the report was ordered: its name, its address and what it was for."""
    words = mark_words(record.site_mark)
    if record.site_mark == "demo":
        words = tr("jobs", "made-up data of a pretend site on this computer")
    return " · ".join(filter(None, (record.site_name, record.site_address, words)))


def clocks_line(record: JobRecord, by_site: list[str]) -> str:
    """Return whose clock the times of a job are by, and how the two went.

    Args:
        by_site: the names of those times that the site told.
    """
    if not by_site:
        return tr("jobs", "all times are by this computer's clock")
    names = tr("jobs", " and ").join(f"“{name}”" for name in by_site)
    whose = (
        tr("jobs", "{names} is by the site's clock", names=names)
        if len(by_site) == 1
        else tr("jobs", "{names} are by the site's clock", names=names)
    )
    others = tr("jobs", "all others are by this computer's")
    return f"{whose}, {_ahead(record.site_ahead_seconds)}; {others}"


def _ahead(seconds: int | None) -> str:
    if seconds is None:
        return tr("jobs", "of which it is not known how it went")
    if abs(seconds) <= AGREES_SECONDS:
        return tr("jobs", "which agreed with this computer's to {n} s", n=AGREES_SECONDS)
    if seconds > 0:
        return tr("jobs", "which was about {time} ahead of this computer's", time=span(seconds))
    return tr("jobs", "which was about {time} behind this computer's", time=span(-seconds))
