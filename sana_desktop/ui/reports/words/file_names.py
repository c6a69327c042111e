"""What a file's name says to a person: report and time out of a name made by the rule of B5. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from sana_desktop.base.text import one_line
from sana_desktop.ui.reports.words.state_words import day_and_time

TITLE_CHARACTERS = 120
NUMBER_CHARACTERS = 4
BETWEEN = " · "
_OUR_NAME = re.compile(
    r"_?[^_]+_(?P<what>.+)_(?P<when>[0-9]{8}-[0-9]{4})_(?P<job>[A-Za-z0-9]+)(?P<number>(?: \([0-9]+\))?)"
    r"(?P<kind>\.[A-Za-z0-9]+)"
)


def file_words(name: str, moment: datetime, now: datetime, *, numbered: bool = False) -> tuple[str, str] | None:
    """Return what tells one report's file from another, `Course-completions` and `.xlsx · 10:12`.

    None for a name that was not made by the rule of B5, which has site, report, time and the job's number in it.

    Args:
        moment: when the report was ready; what stands in the name is the hour of the zone of then.
        numbered: another file has the same report and time: tell the begin of the job's number, `.csv · 10:12 · 9f31`.
    """
    made = _OUR_NAME.fullmatch(name)
    if made is None:
        return None
    try:
        datetime.strptime(made["when"], "%Y%m%d-%H%M").astimezone()
    except (ValueError, OverflowError, OSError):
        return None  # no time, so no name of ours
    job = f"{BETWEEN}{made['job'][:NUMBER_CHARACTERS]}" if numbered else ""
    when = day_and_time(moment, now)[0]
    return one_line(made["what"], TITLE_CHARACTERS), f"{made['kind']}{BETWEEN}{when}{made['number']}{job}"


def likeness(name: str) -> tuple[str, str] | None:
    """Return report, with its kind, and minute in a name made by the rule of B5: what two files can have in common;
    else None.
    """
    made = _OUR_NAME.fullmatch(name)
    return None if made is None else (made["what"] + made["kind"], made["when"])
