"""What the command line says of an error: it has no button, resumes nothing, and leaves nothing behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sana_desktop.api.auth import pasted_pass_ended
from sana_desktop.api.errors import submit_unknown
from sana_desktop.base.errors import SanaError
from sana_desktop.cli import outcome
from sana_desktop.reports.download import errors as words

FOLDER = Path("/reports")
FILE = FOLDER / "a.csv"

ERRORS = [
    words.disk_full(1000, 500, 10),
    words.from_disk(OSError(28, "No space left on device"), FILE),
    words.from_disk(OSError(27, "File too large"), FILE),
    words.from_disk(OSError(5, "Input/output error"), FILE),
    words.folder_gone(FOLDER),
    words.no_folder(FOLDER),
    words.not_writable(FOLDER),
    words.exists(FILE),
    words.is_folder(FILE),
    words.file_busy(FILE),
    words.truncated(),
    words.stalled(),
    words.busy(503),
    words.out_of_protocol("x"),
    words.changing(),
    words.wrong_content(),
    words.corrupt("md5"),
    words.too_big(10),
    words.link_ended(),
    words.link_refused(403),
    words.link_gone(404),
    words.own_fault(),
    submit_unknown(),
    pasted_pass_ended(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_no_next_step_is_one_of_the_window(error: SanaError) -> None:
    said = outcome.sentence(error)
    found = re.search(r"\bresume|by itself|\bis kept\b|Your query|forget this|Paste|choose", said)
    assert found is None, said
    assert said.endswith(".")


def test_the_words_of_some() -> None:
    assert outcome.sentence(words.no_folder(FOLDER)) == f"There is no folder {FOLDER}. Make it, or name another one."
    assert outcome.sentence(words.exists(FILE)) == (
        f"The file {FILE} exists already and was left as it is. "
        "Give another path with --out, or --overwrite to replace it."
    )
    assert outcome.sentence(words.folder_gone(FOLDER)).endswith("is not there any more. Run it again later.")


def test_a_next_step_that_fits_stays() -> None:
    error = SanaError("It is so.", code="E-OTHER", next_step="Write to IT.")
    assert outcome.sentence(error) == "It is so. Write to IT."
