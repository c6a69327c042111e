"""The crash log is empty while all is well, private, kept once it has something, and gone after a good end."""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.store.crash_log import FILE_NAME, KEPT, CrashLog


@pytest.fixture(autouse=True)
def _handler_of_the_tests() -> Iterator[None]:
    yield
    faulthandler.enable(sys.__stderr__ or 2)


def died(folder: Path, stacks: str, at: float) -> None:
    (folder / FILE_NAME).write_text(stacks)
    os.utime(folder / FILE_NAME, (at, at))


def test_a_good_end_leaves_nothing(tmp_path: Path) -> None:
    log = CrashLog(tmp_path)
    log.start()
    assert faulthandler.is_enabled()
    assert (tmp_path / FILE_NAME).stat().st_size == 0
    if os.name == "posix":
        assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    log.end()
    log.end()
    assert (log.earlier, list(tmp_path.iterdir())) == (None, [])


def test_stacks_are_kept_and_told_of_and_an_empty_file_is_not(tmp_path: Path) -> None:
    died(tmp_path, "Fatal Python error: Segmentation fault", 1_800_000_000.0)
    first = CrashLog(tmp_path)
    first.start()
    assert first.earlier is not None
    assert first.earlier.read_text() == "Fatal Python error: Segmentation fault"
    # Now killed: its file stays, and is empty.
    second = CrashLog(tmp_path)
    second.start()
    assert second.earlier is None
    second.end()


def test_only_the_last_few_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        died(tmp_path, f"crash {number}", 1_800_000_000.0 + number)
        log = CrashLog(tmp_path)
        log.start()
        log.end()
    kept = sorted(file.read_text() for file in tmp_path.iterdir())
    assert kept == [f"crash {number}" for number in range(2, KEPT + 2)]


def test_a_folder_that_is_not_there_is_no_reason_not_to_start(tmp_path: Path) -> None:
    log = CrashLog(tmp_path / "nowhere")
    log.start()
    assert log.earlier is None
    log.end()


@pytest.mark.skipif(os.name != "posix", reason="no such limit")
def test_no_image_of_the_memory_is_written(tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)
    log = CrashLog(tmp_path)
    try:
        log.start()
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, before[1])
    finally:
        log.end()
        resource.setrlimit(resource.RLIMIT_CORE, before)
