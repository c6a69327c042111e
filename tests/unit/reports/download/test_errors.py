"""The words of failures: each has a code, a sentence and a next step (BEHAVIOUR.md B13)."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from sana_desktop.base.errors import SanaError
from sana_desktop.reports.download import errors as words

PATH = Path("folder") / "report.csv"
ALL = (
    words.disk_full(10, 5, 5),
    words.folder_gone(PATH),
    words.no_folder(PATH),
    words.not_writable(PATH),
    words.exists(PATH),
    words.is_folder(PATH),
    words.file_busy(PATH),
    words.truncated(),
    words.stalled(),
    words.busy(503),
    words.out_of_protocol("why"),
    words.changing(),
    words.wrong_content(),
    words.corrupt("md5"),
    words.asks_for_size(3 * 10**9),
    words.too_big(2 * 10**9),
    words.link_ended(),
    words.link_refused(403),
    words.link_gone(404),
    words.job_missing(),
    words.own_fault(),
)


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)
def test_B13_each_failure_says_what_and_what_next(error: SanaError) -> None:
    assert error.code.startswith("E-")
    assert error.message.endswith((".", "?"))
    assert error.next_step
    assert "{" not in error.message + error.next_step


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "E-DISK-FULL"),
        (errno.ENOENT, "E-DISK-PATH"),
        (errno.EROFS, "E-FILE-PERMISSION"),
        (errno.EACCES, "E-FILE-PERMISSION"),
        (errno.EFBIG, "E-DISK-TOOBIG"),
        (errno.EIO, "E-DISK-IO"),
    ],
)
def test_what_the_system_says_is_told_by_kind(number: int, code: str) -> None:
    assert words.from_disk(OSError(number, "as the system puts it"), PATH).code == code


def test_D13_a_path_that_is_too_long_is_not_called_a_missing_folder() -> None:
    deep, missing = Path("C:/" + "a" * 230) / "report.csv", OSError(errno.ENOENT, "no such file")
    for error, path, windows in (
        (missing, deep, True),
        (OSError(errno.ENAMETOOLONG, "too long"), PATH, False),
    ):
        assert "is too long" in words.from_disk(error, path, windows=windows).message
    assert "not there any more" in words.from_disk(missing, deep, windows=False).message
    assert "not there any more" in words.from_disk(missing, PATH, windows=True).message
