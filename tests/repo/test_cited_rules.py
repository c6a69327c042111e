"""BEHAVIOUR.md says every rule, fault and feature that code and tests cite by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.project import ROOT, files

PAGE = ROOT / ".github" / "BEHAVIOUR.md"
CITED = re.compile(r"\b([ABCDFIKLMNOPSTU]\d{1,2})\b(?!\"|…|:[A-Z]\d)")  # not the "A1" or A1:B2 of a sheet's cell
DOCSTRING = re.compile(r'^ *"""(.*?)"""', re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|\s)#\s.*$", re.MULTILINE)
PROVED = re.compile(r"\btest_([a-z]\d\d)_", re.IGNORECASE)

pytestmark = pytest.mark.no_cover  # files are read here, nothing is run


def defined(page: str) -> set[str]:
    """The ids that a page explains, `A19 to A27` spelled out."""
    ids = set(CITED.findall(page))
    for family, first, last in re.findall(r"\b([A-Z])(\d\d?) to \1(\d\d?)\b", page):
        ids |= {f"{family}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)}
    return ids


def cited(path: Path) -> set[str]:
    """The ids in a module's docstrings and comments, and in the names of its tests."""
    text = path.read_text("utf-8")
    read = "\n".join(DOCSTRING.findall(text) + COMMENT.findall(text))
    return set(CITED.findall(read)) | {found.upper() for found in PROVED.findall(text)}


def test_a_range_defines_what_lies_in_it() -> None:
    assert defined("**A19 to A22** the file. **L05** replaced.") == {"A19", "A20", "A21", "A22", "L05"}


def test_docstrings_comments_and_test_names_cite(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""Kept (B6)."""\n\n\ndef test_L05_replaced() -> None:  # see T2\n    assert "N01"\n')
    assert cited(module) == {"B6", "L05", "T2"}


def test_every_cited_id_is_on_the_page() -> None:
    known = defined(PAGE.read_text("utf-8"))
    python = [path for path in files() if path.suffix == ".py" and path != Path(__file__).resolve()]
    wrong = {path.relative_to(ROOT).as_posix(): sorted(cited(path) - known) for path in python}
    assert {path: ids for path, ids in wrong.items() if ids} == {}
