"""An error's words for a command line: nothing here resumes, tries again by itself or has a button to press (B13)."""

from __future__ import annotations

import re

RUN_AGAIN = "Run it again."
ORDER_ANEW = "Run it again: the report is then ordered anew."
OTHER_PATH = "Give another path with --out."
OTHER_PASS = "Set SANA_TOKEN to a new one, or SANA_CLIENT_ID and SANA_CLIENT_SECRET."  # noqa: S105 - names of variables
LOGIN = "Check SANA_CLIENT_ID and SANA_CLIENT_SECRET, or the stored secret in the window, or write to IT."
CONNECTION = "Check this computer's connection and run it again."

_STEPS = {
    "E-AUTH": LOGIN,
    "E-AUTH-PASTED": OTHER_PASS,
    "E-BUG": "Run it again; if it happens again, send the log to support.",
    "E-DISK-BUSY": "Close the program that uses it and run it again.",
    "E-DISK-FULL": "Free some room and run it again.",
    "E-DISK-IO": "Check the disk, or give another path with --out.",
    "E-DISK-TOOBIG": "Give a path on another disk with --out.",
    "E-DL-CHANGED": "Run it again later.",
    "E-DL-CORRUPT": RUN_AGAIN,
    "E-DL-PROTO": RUN_AGAIN,
    "E-DL-STALLED": CONNECTION,
    "E-DL-TYPE": RUN_AGAIN,
    "E-FILE-EXISTS": "Give another path with --out, or --overwrite to replace it.",
    "E-FILE-FOLDER": "Name a file with --out.",
    "E-FILE-PERMISSION": OTHER_PATH,
    "E-FILE-SPECIAL": "Name a file with --out.",
    "E-KEY": "Check SANA_API_KEY, or the stored key in the window, or ask Sana for another one.",
    "E-LINK-EXPIRED": ORDER_ANEW,
    "E-LINK-GONE": ORDER_ANEW,
    "E-LINK-REFUSED": ORDER_ANEW,
    "E-NET-CONNECT": CONNECTION,
    "E-NET-TIMEOUT": CONNECTION,
    "E-OUT-UNKNOWN": "This command did not send them again.",
    "E-SUBMIT-UNKNOWN": "This command did not repeat it; running it again orders the report once more.",
}
"""Error code to what to do now, where the window's next step is none for a script."""

_OF_THE_WINDOW = re.compile(r"\bresume\b|\bby itself\b", re.IGNORECASE)
_KEPT = re.compile(r" (?:What has arrived(?: in .*)? is kept|Your query is saved)\.")
"""A command that fails leaves nothing behind."""


def message_here(message: str) -> str:
    """Return what happened, without a promise that only the window keeps."""
    return _KEPT.sub("", message)


def step_here(code: str, next_step: str) -> str:
    """Return what to do now, for the error `code` whose next step in the window is `next_step`."""
    if code in _STEPS:
        return _STEPS[code]
    return "Run it again later." if _OF_THE_WINDOW.search(next_step) else next_step
