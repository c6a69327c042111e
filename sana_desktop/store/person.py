"""Who works at this computer, as the system tells it: a report's record has to say who ordered it."""

from __future__ import annotations

import contextlib
import os
import socket
import sys

from sana_desktop.base.text import one_line

MAX_NAME_LENGTH = 80


def person_here() -> str:
    """Return `name on computer`; only what is known of it, "" if nothing is."""
    return " on ".join(part for part in (one_line(user_name(), MAX_NAME_LENGTH), _computer()) if part)


def user_name() -> str:
    """Return the name of the account this process runs under, "" if the system has none for it.

    Asked of the system: variables of the environment say what anybody writes into them.
    """
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            return os.getlogin()
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an account of a container, perhaps
        return str(os.getuid())


def _computer() -> str:
    return one_line(socket.gethostname(), MAX_NAME_LENGTH)
