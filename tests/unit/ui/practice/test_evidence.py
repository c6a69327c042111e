"""What a comparison found as text for a mail and as CSV for a table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from sana_desktop.base.words import Words
from sana_desktop.practice.health.report import Finding, HealthLine, HealthReport, HealthVerdict
from sana_desktop.ui.practice.compare import health_export
from sana_desktop.ui.practice.compare.evidence import Evidence, as_csv, as_text

AT = datetime(2026, 11, 22, 5, 13, tzinfo=UTC)
FOUND = Evidence("What if?", ("It makes a difference.",), ("Exercise", "Level"), (("=1+1", "-5"), ("plain", "leaves")))


def test_text_has_the_sentences_and_a_table_in_columns() -> None:
    head, sentence, gap, *table = as_text(FOUND, AT).splitlines()
    assert head.startswith("What if? 2026-11-2")
    assert (sentence, gap) == ("It makes a difference.", "")
    assert table == ["Exercise  Level", "=1+1      -5", "plain     leaves"]


def test_T7_a_spreadsheet_runs_nothing_of_a_table() -> None:
    assert list(csv.reader(io.StringIO(as_csv(FOUND)))) == [["Exercise", "Level"], ["'=1+1", "-5"], ["plain", "leaves"]]
    only_words = Evidence("What if?", ("=1+1", "Nothing."))
    assert list(csv.reader(io.StringIO(as_csv(only_words)))) == [["'=1+1"], ["Nothing."]]


def test_T7_the_evidence_of_a_health_check_is_quoted_too() -> None:
    finding = Finding(HealthVerdict.FAIL, (Words("{id} came twice.", id="=cmd()"),))
    report = HealthReport((HealthLine("count", Words("Title"), finding, 3),))
    _, line = csv.reader(io.StringIO(health_export.as_csv(report)))
    assert line == ["Title", "fail", "'=cmd() came twice.", "3"]
