"""The report of a health check as a file: JSON for programs, CSV for a table, text for a mail; all in English."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

from sana_desktop.base.text import harmless
from sana_desktop.base.timestamps import format_utc
from sana_desktop.practice.health.report import HealthReport

HEADERS = ("test", "verdict", "evidence", "requests")


def as_json(report: HealthReport, site: str, at: datetime) -> str:
    """Return the report with where and when it was made."""
    return (
        json.dumps({"site": site, "made_at": format_utc(at), **report.to_json()}, indent=2, ensure_ascii=False) + "\n"
    )


def as_csv(report: HealthReport) -> str:
    """Return a line for each test; what a spreadsheet would run is quoted (T7): evidence names exercises."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for line in report.lines:
        evidence = " ".join(line.finding.evidence)
        writer.writerow((str(line.title), str(line.verdict), harmless(evidence), line.calls))
    return out.getvalue()


def as_text(report: HealthReport, site: str, at: datetime) -> str:
    """Return the report for a mail."""
    lines = [f"Health check of {site}, {at.astimezone():%Y-%m-%d %H:%M}", " ".join(report.words()), ""]
    for line in report.lines:
        lines.append(f"{str(line.verdict).upper()}: {line.title}")
        lines += [f"    {words}" for words in line.finding.evidence]
    return "\n".join(lines) + "\n"
