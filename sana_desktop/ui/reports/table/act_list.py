"""Every act that a row of the two tables ever offers, with its key: for who looks for a command. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from PySide6.QtGui import QKeySequence

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.table.actions import Act, download_acts, job_acts
from sana_desktop.ui.tr import tr

_EPOCH = datetime.fromtimestamp(0, UTC)


def act_list() -> list[tuple[str, str, list[str]]]:
    """Return for each act: which rows offer it, its words, and its key as this platform writes it; without a key of
    its own, how it is reached.
    """
    order = Order("", "", "", ReportFormat.CSV)
    jobs = (JobRecord("", order, state, _EPOCH, _EPOCH, job_id="1") for state in JobState)
    files = [TransferRecord("", "", state, "", "", _EPOCH, _EPOCH) for state in TransferState]
    offered = (
        (tr("Help", "On a job"), [act for record in jobs for act in job_acts(record)]),
        (tr("Help", "On a download"), [act for record in files for act in download_acts(record)]),
    )
    return [(title, act.words, [_way(act)]) for title, acts in offered for act in _each_once(acts)]


def _each_once(acts: Iterable[Act]) -> list[Act]:
    return list({act.words.removesuffix("…"): act for act in acts}.values())


def _way(act: Act) -> str:
    return act.key.toString(QKeySequence.SequenceFormat.NativeText) or tr("Help", "right click")
