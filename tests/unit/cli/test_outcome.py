"""The object, the sentence and the exit code that come of an export."""

from __future__ import annotations

import io
import json
import sys

import pytest

from sana_desktop.base.errors import (
    AuthError,
    LinkError,
    NetworkError,
    QueryRefused,
    SanaError,
    StorageError,
    SubmitUnknown,
    UserError,
)
from sana_desktop.cli import outcome


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (UserError, 2),
        (AuthError, 3),
        (QueryRefused, 4),
        (NetworkError, 5),
        (LinkError, 6),
        (StorageError, 7),
        (SubmitUnknown, 8),
    ],
)
def test_every_branch_of_the_tree_has_its_exit_code(
    kind: type[SanaError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind("It is {what}", code="E-X", values={"what": "so"}, next_step="Wait.", http_status=418, job_id="j")
    assert outcome.report(outcome.failure_of(error), as_json=True) == code
    printed = json.loads(capsys.readouterr().out)
    assert printed["error"] == {"kind": kind.kind, "message": "It is so. Wait.", "http_status": 418, "job_id": "j"}


def test_in_words_a_failure_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome.report(outcome.failure("cancelled", "Stopped."), as_json=False) == 130
    assert capsys.readouterr() == ("", "Stopped.\n")


@pytest.mark.parametrize("path", ["/tmp/Zoë ✓.csv", "/tmp/\udcff.csv"])  # noqa: S108 - nothing is written
def test_any_name_of_a_file_can_be_printed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("utf-8", "cp1252", "ascii"):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        assert outcome.report({"ok": True, "path": path}, as_json=False) == 0
        assert outcome.report({"ok": True, "path": path}, as_json=True) == 0
        plain, line = raw.getvalue().splitlines()
        assert json.loads(line)["path"] == path
        if encoding == "utf-8":
            assert plain.decode("utf-8", "surrogateescape") == path


def test_sentences_end_as_sentences() -> None:
    assert outcome.joined("The link ended", "Run again") == "The link ended. Run again."
    assert outcome.joined("Really?", "") == "Really?"
