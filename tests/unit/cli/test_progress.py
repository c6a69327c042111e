"""What an export says while it runs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from sana_desktop.api.models import ReportFormat
from sana_desktop.cli.progress import Lines, LiveLine, bar_line
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState

NOW = datetime(2026, 11, 21, tzinfo=UTC)
JOB = JobRecord("1", Order("c", "t", "SELECT 1", ReportFormat.CSV), JobState.QUEUED, NOW, NOW)
TRANSFER = TransferRecord("2", "1", TransferState.WAITING, "folder", "report.csv", NOW, NOW)


def test_a_line_for_each_change_and_none_twice() -> None:
    out = io.StringIO()
    lines = Lines(out)
    ready = replace(JOB, state=JobState.READY)
    lines.job(replace(JOB, state=JobState.SUBMITTING))
    lines.job(ready)
    lines.transfer(replace(TRANSFER, state=TransferState.FETCHING))
    lines.job(ready)  # its link was renewed
    lines.live(TransferProgress("2", 1, 2, 1.0, 1.0))
    lines.transfer(replace(TRANSFER, state=TransferState.DONE, received=1_500, rows=1_000))
    lines.close()
    assert out.getvalue().splitlines() == [
        "Ordering the report.",
        "The report is ready.",
        "Fetching it into folder.",
        "Complete: report.csv (1.5 kB, 1,000 rows).",
    ]


def test_the_bar_is_drawn_over_itself_and_wiped_before_a_line() -> None:
    out = io.StringIO()
    out.fileno = lambda: 10_000  # type: ignore[method-assign]  # no terminal to ask for its width
    live = LiveLine(out)
    live.live(TransferProgress("2", 50, 100, 10.0, 5.0))
    live.say("Hello.")
    live.close()
    bar, wiped, hello = out.getvalue().split("\r")[1:]
    assert bar.startswith("[" + "#" * 12 + "-" * 12 + "]")
    assert wiped == " " * len(bar)
    assert hello == "Hello.\n"


def test_no_bar_without_a_length() -> None:
    assert bar_line(TransferProgress("2", 1_000_000, None, 2_000.0, None)) == "1.0 MB  2.0 kB/s"


class Gone(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError


def test_a_reader_that_has_gone_does_not_stop_the_export() -> None:
    lines = Lines(Gone())
    lines.say("Hello.")
    lines.close()
