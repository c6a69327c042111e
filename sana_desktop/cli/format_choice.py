"""Which format an export has: what was asked for, and what the ending of its file says, are one thing."""

from __future__ import annotations

from pathlib import Path

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import UserError


def choose(given: str | None, pasted: ReportFormat | None, out: Path | None) -> ReportFormat:
    """Return the format to order.

    Args:
        given: that of `--format`.
        pasted: that of a pasted cURL, which holds only where the command line says nothing.
        out: the file to make. One without an ending says nothing about what is in it.

    Raises:
        UserError: E-USAGE-FORMAT; the ending is none of a report's, or another format's than `given`.
    """
    said = _of_ending(out)
    if given is None:
        return said or pasted or ReportFormat.CSV
    wanted = ReportFormat(given)
    if out is not None and said not in {None, wanted}:
        raise UserError(
            "--format {wanted} and --out {name} contradict each other.",
            code="E-USAGE-FORMAT",
            next_step=f"Name the file .{wanted.value}, or leave --format out: the ending says it. Nothing was ordered.",
            values={"wanted": wanted.value, "name": out.name},
        )
    return wanted


def _of_ending(out: Path | None) -> ReportFormat | None:
    ending = out.suffix.removeprefix(".").lower() if out is not None else ""
    if not ending:
        return None
    if ending not in set(ReportFormat):
        raise UserError(
            "A report is no .{ending} file.",
            code="E-USAGE-FORMAT",
            next_step="Name it .csv or .xlsx with --out. Nothing was ordered.",
            values={"ending": ending},
        )
    return ReportFormat(ending)
