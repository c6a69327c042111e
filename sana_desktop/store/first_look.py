"""What the window must know before its first paint: colours, text size and place, in a small file beside the database.

The database is opened after the paint. This file is a copy for speed: if it is lost, the window opens with the defaults
and is put right as soon as the settings are read.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
from pathlib import Path
from typing import NamedTuple

from sana_desktop.store.private import FILE_MODE

FILE_NAME = "window.state"
MAX_BYTES = 64 * 1024
THEMES = ("system", "light", "dark")


class FirstLook(NamedTuple):
    """How the window looked when it was last closed.

    Attributes:
        theme: "system", "light" or "dark".
        text_scale: multiple of the system's text size.
        geometry, state: Qt's own bytes for place and layout of the window; empty at the first start.
        place: key of the place that was shown; "" at the first start.
    """

    theme: str = "system"
    text_scale: float = 1.0
    geometry: bytes = b""
    state: bytes = b""
    place: str = ""


def load_first_look(folder: Path) -> FirstLook:
    """Return what was saved in `folder`, or the defaults if nothing usable is there."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            saved = json.loads(file.read(MAX_BYTES))
        look = FirstLook(
            theme=saved["theme"],
            text_scale=float(saved["text_scale"]),
            geometry=base64.b64decode(saved["geometry"], validate=True),
            state=base64.b64decode(saved["state"], validate=True),
            place=str(saved.get("place", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        return FirstLook()
    return look if look.theme in THEMES else FirstLook()


def save_first_look(folder: Path, look: FirstLook) -> None:
    """Write `look`, whole or not at all; not being able to is no loss worth a message."""
    content = json.dumps(
        {
            "theme": look.theme,
            "text_scale": look.text_scale,
            "geometry": base64.b64encode(look.geometry).decode(),
            "state": base64.b64encode(look.state).decode(),
            "place": look.place,
        }
    ).encode()
    fresh = folder / f"{FILE_NAME}.{os.getpid()}"
    with contextlib.suppress(OSError):
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        fresh.replace(folder / FILE_NAME)
