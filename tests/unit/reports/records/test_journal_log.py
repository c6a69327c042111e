"""The lines of the log that let one follow a report through it, and what they never hold (B12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sana_desktop import __version__
from sana_desktop.api.models import DownloadLink
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.base.words import Words
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.journal_log import keep_journal
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.store.logs import start_logging
from tests.support.records import START, job, order, transfer

CANARY = "canary-7719"


@dataclass(frozen=True)
class Said:
    code: str
    words: Words


@dataclass
class JobRegistry:
    jobs: Topic[JobRecord]
    transfers: Topic[TransferRecord]
    path: Path

    def lines(self) -> list[str]:
        return [line.split(": ", 1)[1] for line in self.path.read_text("utf-8").splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[JobRegistry]:
    path = tmp_path / "app.log"
    end = start_logging(path, Redactor())
    yield JobRegistry(Topic("jobs"), Topic("transfers"), path)
    end()


def test_each_change_of_state_is_one_line_between_start_and_stop(desk: JobRegistry) -> None:
    notice = Said("STORE-RESTORED", Words("Restored from {when}.", when="4 March"))
    stop = keep_journal(desk.jobs, desk.transfers, [notice])
    desk.jobs.publish(job("j1", JobState.SUBMITTING))
    desk.jobs.publish(job("j1", JobState.WATCHING))
    desk.jobs.publish(job("j1", JobState.WATCHING, polls=3))
    desk.jobs.publish(job("j1", JobState.FAILED, error_code="E-QUERY", error_http_status=400))
    desk.transfers.publish(transfer("t1", TransferState.FETCHING, total=100))
    desk.transfers.publish(transfer("t1", TransferState.FETCHING, total=100, received=50))
    desk.transfers.publish(transfer("t1", TransferState.WAITING, total=100, received=60, error_code="E-NET-CUT"))
    desk.transfers.publish(transfer("t1", TransferState.FETCHING, total=100, received=60, resumes=1))
    desk.transfers.publish(transfer("t1", TransferState.DONE, total=100, received=100, resumes=1))
    stop()
    desk.jobs.publish(job("j2", JobState.WATCHING))
    assert desk.lines() == [
        f"Sana Desktop {__version__} started",
        "notice STORE-RESTORED: Restored from 4 March.",
        "job j1: submitting",
        "job j1: watching",
        "job j1: failed (E-QUERY, HTTP 400)",
        "download t1 of job j1: fetching, 0 of 100 bytes, resumes 0",
        "download t1 of job j1: waiting (E-NET-CUT), 60 of 100 bytes, resumes 0",
        "download t1 of job j1: fetching, 60 of 100 bytes, resumes 1",
        "download t1 of job j1: done, 100 of 100 bytes, resumes 1",
        f"Sana Desktop {__version__} stopped",
    ]


def test_B12_no_line_holds_a_query_a_name_a_link_or_a_sites_words(desk: JobRegistry) -> None:
    stop = keep_journal(desk.jobs, desk.transfers)
    desk.jobs.publish(
        job(
            state=JobState.FAILED,
            order=replace(order(title=CANARY), sql=CANARY, target=CANARY),
            link=DownloadLink(Secret(f"https://store.example/{CANARY}?sig={CANARY}"), START),
            error_code="E-QUERY",
            error_message=CANARY,
            trouble=CANARY,
        )
    )
    desk.transfers.publish(transfer(name=CANARY, folder=CANARY, etag=CANARY, link_host=CANARY, error_message=CANARY))
    stop()
    assert len(desk.lines()) == 4
    assert CANARY not in desk.path.read_text("utf-8")
