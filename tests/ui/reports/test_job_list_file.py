"""The list of jobs as a file: private, whole or not there, and what came of it is said."""

from __future__ import annotations

import csv
import os
import stat
import sys
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.ui.reports.records.job_list_file import save_job_list, write_job_list
from tests.support.records import START, job, order


class Said(list[tuple[str, str]]):
    def __call__(self, text: str, tone: str) -> None:
        self.append((text, tone))


async def test_M5_the_jobs_in_view_are_written_for_this_user_alone(qtbot: QtBot, tmp_path: Path) -> None:
    path, said = tmp_path / "jobs.csv", Said()
    before = os.umask(0)
    try:
        await write_job_list([(job("b", order=order("Zoë")), None), (job("a", JobState.FAILED), None)], path, said)
    finally:
        os.umask(before)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [(line["report"], line["state"], line["state_code"]) for line in csv.DictReader(file)] == [
            ("Zoë", "Being prepared", "watching"),
            ("Course completions", "Failed", "failed"),
        ]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert said == [("2 jobs saved as jobs.csv.", "good")]


async def test_a_folder_that_does_not_serve_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    said = Said()
    await write_job_list([(job(), None)], tmp_path / "gone" / "jobs.csv", said)
    assert said[0][1] == "warn"
    assert "could not be saved" in said[0][0]


async def test_nothing_to_save_asks_for_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    said, window = Said(), QWidget()
    qtbot.addWidget(window)
    await save_job_list([], window, START, said)
    assert said == [("There are no jobs to save yet.", "quiet")]


async def test_one_job_is_one(qtbot: QtBot, tmp_path: Path) -> None:
    said = Said()
    await write_job_list([(job(), None)], tmp_path / "one.csv", said)
    assert said == [("1 job saved as one.csv.", "good")]
