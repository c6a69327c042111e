"""Contrast is a rule of the tokens: every pair of text and background that they name is measured, in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sana_desktop.store.resources import read_text, resource_path
from sana_desktop.ui.theme.sheet import style_sheet
from sana_desktop.ui.theme.tokens import MARK_CONTRAST, TEXT_CONTRAST, Scheme, contrast, load_tokens
from sana_desktop.workspace.connections import COLOURS

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
TOKENS = load_tokens()
TEXT_PAIRS = [(role, back) for role, backs in TOKENS.text_on.items() for back in backs]
MARK_PAIRS = [(role, back) for role, backs in TOKENS.marks_on.items() for back in backs]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("role", "back"), TEXT_PAIRS)
def test_text_stands_out(scheme: Scheme, role: str, back: str) -> None:
    colours = TOKENS.colours[scheme]
    assert contrast(colours[role], colours[back]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("role", "back"), MARK_PAIRS)
def test_marks_stand_out(scheme: Scheme, role: str, back: str) -> None:
    colours = TOKENS.colours[scheme]
    assert contrast(colours[role], colours[back]) >= MARK_CONTRAST


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_both_schemes_have_the_same_roles() -> None:
    assert TOKENS.colours["light"].keys() == TOKENS.colours["dark"].keys()


def test_every_text_colour_of_the_style_sheet_is_measured() -> None:
    source = Path(style_sheet.__code__.co_filename).read_text(encoding="utf-8")
    used = set(re.findall(r"(?<![-\w])color: \$(\w+);", source))
    assert used - {"text_disabled"} <= TOKENS.text_on.keys()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_sheet_has_no_hole(scheme: Scheme) -> None:
    sheet = style_sheet(
        TOKENS, scheme, dict.fromkeys(TOKENS.type_scale, 9.0), resource_path("theme").as_posix(), "#000000"
    )
    assert "$" not in sheet
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(Path(picture).is_file() for picture in pictures)


def test_the_colours_of_connections_are_those_of_the_workspace() -> None:
    assert TOKENS.connection_colours == COLOURS


def test_the_scale_is_five_sizes_on_one_grid() -> None:
    assert list(TOKENS.type_scale) == ["caption", "body", "lead", "title", "display"]
    assert sorted(TOKENS.type_scale.values()) == list(TOKENS.type_scale.values())
    assert TOKENS.grid == 4
    assert TOKENS.radius_small % 4 == TOKENS.radius_large % 4 == 0
    assert TOKENS.motion_ms < 150


def test_icons_are_one_family() -> None:
    names = sorted(path.stem for path in resource_path("icons").glob("*.svg"))
    assert len(names) >= 35
    for name in names:
        text = read_text(f"icons/{name}.svg")
        assert 'viewBox="0 0 24 24"' in text, name
        assert "currentColor" in text, name
        width = float(re.findall(r'stroke-width="([\d.]+)"', text)[0])
        assert 1.5 <= width <= 1.75, name
