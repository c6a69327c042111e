"""What the name of a report's file says in a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.disk.names import report_file_name
from sana_desktop.ui.reports.words import file_names


def test_what_a_file_is_of_is_read_from_a_name_made_by_our_rule_only() -> None:
    now = datetime(2026, 3, 4, 12, 0).astimezone()
    made = report_file_name("Acme", "Who did what_now", now, "9f31-c2ab", ReportFormat.CSV)
    assert file_names.file_words(made, now, now) == ("Who-did-what_now", ".csv · 12:00")
    assert file_names.file_words(made.replace(".csv", " (2).csv"), now, now) == ("Who-did-what_now", ".csv · 12:00 (2)")
    for other in ("report.csv", "a_b_20269999-1000_x.csv", "a_b_c.csv", ""):
        assert file_names.file_words(other, now, now) is None


def test_the_time_is_told_in_the_zone_of_now_whatever_zone_the_name_was_made_in() -> None:
    ready = datetime(2026, 3, 4, 12, 7, tzinfo=UTC)
    made = report_file_name("Acme", "Users", ready.astimezone(timezone(timedelta(hours=9))), "9f31", ReportFormat.CSV)
    assert "20260304-2107" in made
    here = ready.astimezone().strftime("%H:%M")
    assert file_names.file_words(made, ready, ready + timedelta(seconds=5)) == ("Users", f".csv · {here}")
