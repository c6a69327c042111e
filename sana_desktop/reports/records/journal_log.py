"""What happened to jobs and downloads as lines in the log: changes of state only, with ids and codes, never contents.

A log that is empty after a cut download or a kill helps nobody. Ids, states, codes and counts are enough to follow a
report through it; queries, names of files, links and the words of a site are not written (B12).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from sana_desktop import __version__
from sana_desktop.base.events import Topic
from sana_desktop.base.words import Words
from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord

log = logging.getLogger(__name__)


class Notice(Protocol):
    """What the store has to say about its opening."""

    @property
    def code(self) -> str: ...

    @property
    def words(self) -> Words: ...


def keep_journal(
    jobs: Topic[JobRecord], transfers: Topic[TransferRecord], notices: Iterable[Notice] = ()
) -> Callable[[], None]:
    """Log the start, `notices`, and every change of state from now on; return how to end that, which logs the stop."""
    log.info("Sana Desktop %s started", __version__)
    for notice in notices:
        log.info("notice %s: %s", notice.code, notice.words)
    seen: dict[str, tuple[str, ...]] = {}

    def is_new(identity: str, *state: str) -> bool:
        if seen.get(identity) == state:
            return False
        seen[identity] = state
        return True

    def job_changed(record: JobRecord) -> None:
        if is_new(f"job {record.id}", record.state, record.error_code):
            log.info("job %s: %s%s", record.id, record.state, _because(record.error_code, record.error_http_status))

    def transfer_changed(record: TransferRecord) -> None:
        if is_new(f"download {record.id}", record.state, record.error_code, str(record.resumes)):
            log.info(
                "download %s of job %s: %s%s, %d of %s bytes, resumes %d",
                record.id,
                record.job,
                record.state,
                _because(record.error_code, None),
                record.received,
                "unknown" if record.total is None else record.total,
                record.resumes,
            )

    ends = (jobs.subscribe(job_changed), transfers.subscribe(transfer_changed))

    def stop() -> None:
        for end in ends:
            end()
        log.info("Sana Desktop %s stopped", __version__)

    return stop


def _because(code: str, http_status: int | None) -> str:
    if not code:
        return ""
    return f" ({code}, HTTP {http_status})" if http_status is not None else f" ({code})"
