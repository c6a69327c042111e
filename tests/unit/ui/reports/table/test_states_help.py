"""The help about states explains every word that a row can show."""

from __future__ import annotations

import pytest

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import CAME_AS_XLSX, TransferState
from sana_desktop.ui.reports.table.states_help import job_meanings
from sana_desktop.ui.reports.words.report_words import report_words
from tests.support.records import START, job, transfer


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Words are translated, which needs an application."""


def test_every_state_of_a_job_is_explained_as_it_is_shown() -> None:
    ready = job(state=JobState.READY)
    done = transfer(state=TransferState.DONE)
    files = [transfer(state=state) for state in (TransferState.LINK_ENDED, TransferState.FAILED)]
    files.append(transfer(state=TransferState.WAITING, error_code="E-DISK-FULL", error_message="No room."))
    files += [transfer(state=TransferState.DONE, lost_at=START), transfer(state=TransferState.DONE, verified_ok=False)]
    shown = [report_words(job(state=state), None) for state in JobState]
    shown.append(report_words(job(state=JobState.STOPPED, job_id=None, submitted_at=None), None))
    shown.append(report_words(ready, transfer(state=TransferState.DONE, notices=(CAME_AS_XLSX,))))
    shown += [report_words(ready, file) for file in (*files, done)]
    explained = {(word, icon, tone) for word, icon, tone, meaning in job_meanings() if meaning}
    assert {(words.word, words.icon, words.tone) for words in shown} <= explained
