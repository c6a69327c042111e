"""The format of an export: the command line, the ending of its file and a pasted cURL, and which of them holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import UserError
from sana_desktop.cli.format_choice import choose

CSV, XLSX = ReportFormat.CSV, ReportFormat.XLSX


@pytest.mark.parametrize(
    ("given", "pasted", "out", "wanted"),
    [
        (None, None, None, CSV),
        (None, XLSX, None, XLSX),
        (None, None, "u2.xlsx", XLSX),
        (None, None, "folder.xlsx/u2.CSV", CSV),
        (None, XLSX, "k3.csv", CSV),
        (None, CSV, "k3.XLSX", XLSX),
        (None, XLSX, "no-ending", XLSX),
        ("csv", XLSX, "k3.csv", CSV),
        ("xlsx", None, None, XLSX),
        ("xlsx", None, "/dev/fd/3", XLSX),
    ],
)
def test_the_ending_says_the_format(
    given: str | None, pasted: ReportFormat | None, out: str | None, wanted: ReportFormat
) -> None:
    assert choose(given, pasted, Path(out) if out else None) is wanted


@pytest.mark.parametrize(
    ("given", "out", "words"),
    [
        ("csv", "u2.xlsx", "--format csv and --out u2.xlsx contradict each other"),
        ("xlsx", "u2.csv", "--format xlsx and --out u2.csv contradict each other"),
        (None, "u9.pdf", r"no \.pdf file"),
        ("csv", "u9.txt", r"no \.txt file"),
    ],
)
def test_a_file_is_never_named_for_what_it_is_not(given: str | None, out: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        choose(given, None, Path(out))
    assert caught.value.kind == "usage"
