"""What comes next for a job beside its own state: how far its file is, and what a refusal comes down to. Pure."""

from __future__ import annotations

import re

from sana_desktop.base.text import size_text
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.tr import tr

QUERY_CODES = frozenset({"E-QUERY", "E-JOB-FAILED"})
"""Of errors that the query may be the cause of."""
_SAID = re.compile(r"“(.+)”", re.DOTALL)


def fetching(job: JobRecord, file: TransferRecord | None, progress: TransferProgress | None) -> list[str]:
    """Return how far the file of a ready job is, longest wording first; nothing where it is here or in trouble."""
    if job.state is not JobState.READY or file is None or file.error_message:
        return []
    match file.state:
        case TransferState.WAITING:
            return [tr("job", "Its file is fetched in its turn."), tr("job", "Fetched in its turn")]
        case TransferState.FINALIZING:
            return [tr("job", "Checking the file")]
        case TransferState.FETCHING:
            received = progress.received if progress is not None else file.received
            total = progress.total if progress is not None else file.total
            how_far = tr("job", "{n} %", n=received * 100 // total) if total else size_text(received)
            short = tr("job", "Fetching, {how_far}", how_far=how_far)
            return [tr("job", "Fetching the file, {how_far}", how_far=how_far), short, how_far]
        case _:
            return []


def refusal(message: str) -> list[str]:
    """Return why a job failed, longest wording first: the last one is what the site itself said, if it said something.

    The sentence around it is the same in every row.
    """
    said = _SAID.search(message)
    return [message, said[1]] if said is not None else [message]


def is_query_at_fault(record: JobRecord) -> bool:
    """Return whether the site could not do with the query: the same one again would fail again."""
    return record.state is JobState.FAILED and record.error_code in QUERY_CODES
