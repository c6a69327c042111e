"""The design tokens of resources/theme/tokens.json as frozen values, and the contrast rule they must keep. No Qt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from sana_desktop.store.resources import read_text

Scheme = Literal["light", "dark"]
TextRole = Literal["caption", "body", "lead", "title", "display"]

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11: least contrast of text, and of a mark that carries meaning."""


class Shadow(NamedTuple):
    """The one shadow: blur and offset in pixels, opacity from 0 to 1."""

    blur: int
    offset: int
    opacity: float


class Tokens(NamedTuple):
    """Everything a picture of the window is made from.

    Attributes:
        colours: for each scheme, a role such as `canvas` and its `#RRGGBB`.
        text_on: for each text role, the background roles it is set on.
        marks_on: the same for marks: borders, dots, focus.
        connection_colours: the roles a person may choose for a connection.
        type_scale: the five sizes as multiples of the system font's size.
        grid: pixels; every space is a multiple of it.
    """

    colours: Mapping[Scheme, Mapping[str, str]]
    text_on: Mapping[str, tuple[str, ...]]
    marks_on: Mapping[str, tuple[str, ...]]
    connection_colours: tuple[str, ...]
    type_scale: Mapping[TextRole, float]
    grid: int
    radius_small: int
    radius_large: int
    shadow: Shadow
    motion_ms: int


@cache
def load_tokens() -> Tokens:
    """Return the tokens; the file is part of the app, so a broken one is a bug and raises what it raises."""
    raw = json.loads(read_text("theme/tokens.json"))
    return Tokens(
        colours=raw["colours"],
        text_on={role: tuple(backs) for role, backs in raw["text_on"].items()},
        marks_on={role: tuple(backs) for role, backs in raw["marks_on"].items()},
        connection_colours=tuple(raw["connection_colours"]),
        type_scale=raw["type"],
        grid=raw["grid"],
        radius_small=raw["radius"]["small"],
        radius_large=raw["radius"]["large"],
        shadow=Shadow(**raw["shadow"]),
        motion_ms=raw["motion_ms"],
    )


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio, 1 to 21, of two `#RRGGBB` colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
