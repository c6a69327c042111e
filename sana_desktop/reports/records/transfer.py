"""A download: its states, which changes between them are allowed, and its record on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import SanaError
from sana_desktop.reports.records.job import IllegalTransition


class TransferState(StrEnum):
    """Where a download is.

    WAITING: its turn has not come, or room on the disk, or a pause before the next try.
    FETCHING: bytes arrive, into a partial file beside the target.
    PAUSED: by the person, or because something must be done first; `error_*` says what. The partial file is kept.
    FINALIZING: all bytes are on disk and hashed; size and hash are recorded; the rename comes next (B6).
    DONE: the file is complete, verified and in place.
    LINK_ENDED: the link is dead and the job gave no new one; only a new run can help (B08).
    FAILED: it can't be had; `error_*` says why. No file was left.
    """

    WAITING = "waiting"
    FETCHING = "fetching"
    PAUSED = "paused"
    FINALIZING = "finalizing"
    DONE = "done"
    LINK_ENDED = "link_ended"
    FAILED = "failed"


_ALLOWED: dict[TransferState, frozenset[TransferState]] = {
    TransferState.WAITING: frozenset(
        {TransferState.FETCHING, TransferState.PAUSED, TransferState.FAILED, TransferState.LINK_ENDED}
    ),
    TransferState.FETCHING: frozenset(
        {
            TransferState.WAITING,
            TransferState.PAUSED,
            TransferState.FINALIZING,
            TransferState.LINK_ENDED,
            TransferState.FAILED,
        }
    ),
    TransferState.PAUSED: frozenset({TransferState.WAITING, TransferState.FAILED, TransferState.LINK_ENDED}),
    TransferState.FINALIZING: frozenset(
        {TransferState.DONE, TransferState.WAITING, TransferState.PAUSED, TransferState.FAILED}
    ),
    TransferState.DONE: frozenset(),
    TransferState.LINK_ENDED: frozenset({TransferState.WAITING}),
    TransferState.FAILED: frozenset({TransferState.WAITING}),
}

OPEN_TRANSFERS = frozenset({TransferState.WAITING, TransferState.FETCHING, TransferState.FINALIZING})
"""States in which the download manager still has something to do by itself."""


AWAY = frozenset({"E-NET-CONNECT", "E-NET-TIMEOUT", "E-NET-DNS", "E-PROXY"})
"""Codes of errors that say that nobody was reached: nothing came, and nothing can be wrong with what would come."""
NO_ROOM = "E-DISK-FULL"

FOUND_AGAIN = "Found in the folder after the app's own list was lost; there is no record to check it against."
"""Stands in the record of a file that was found (reports.rescan), not fetched."""
ROWS_BEING_COUNTED = "The rows are being counted."
"""Stands in the record as long as that is true, over a restart too: it is how an interrupted count is known."""
CAME_AS_CSV = "The site sent CSV though a workbook was asked for; it is saved as what it is."
CAME_AS_XLSX = "The site sent a workbook though CSV was asked for; it is saved as what it is."
"""Stand in the record of a file of another format than was ordered (L45), or instead of them:"""
CAME_AS_CSV_BY_NAME = "The site sent CSV though a workbook was asked for; the file has the name that was given for it."
CAME_AS_XLSX_BY_NAME = "The site sent a workbook though CSV was asked for; the file has the name that was given for it."
"""Those, where somebody chose the name: it is kept, whatever came."""


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """One download as it stands on disk.

    Attributes:
        id: our own id; one job has at most one download.
        job: local id of the job (`JobRecord.id`) it belongs to.
        folder: absolute folder of the target and of the partial file.
        name: final file name, chosen before the first byte (B5).
        part: name of the partial file in `folder`; empty until it was made.
        overwrite: whether an existing file of that name may be replaced by the whole new one.
        received: bytes known to be on disk when the record was written (the live figure is in `TransferProgress`).
        total: announced length in bytes; None when the server did not say.
        etag: strong ETag of the first answer; empty if there was none, then there is no resume (B4).
        link_host: host of the link, for the record; never the link itself.
        link_expires_at: when the link in use ends, by the service's clock.
        prefix_sha256: hash of the first `received` bytes, hex, to trust a partial file after a restart.
        sha256: hash of the whole file, hex; set from FINALIZING on.
        rows, columns: data rows and columns as a CSV reader counts them; None if they could not be counted, or are
            not yet: a large file is DONE first (`DownloadManager.counting`).
        notices: plain sentences the person should know (`size not confirmed`, `saved as .csv`).
        verified_at: when size and hash were last checked against the file; `verified_ok` is the result.
        lost_at: when the finished file was first noticed not to be in its place; None while it is there.
        resumes: how often it went on by Range after a cut. `requests` counts link requests that were made.
        next_try_at: when it is tried again; None if it is not waiting for that. Not stored: a start tries at once.
        error_http_status: with which the error came, if it came with one. Not stored.
    """

    id: str
    job: str
    state: TransferState
    folder: str
    name: str
    created_at: datetime
    changed_at: datetime
    overwrite: bool = False
    part: str = ""
    received: int = 0
    total: int | None = None
    etag: str = ""
    link_host: str = ""
    link_expires_at: datetime | None = None
    prefix_sha256: str = ""
    sha256: str = ""
    rows: int | None = None
    columns: int | None = None
    notices: tuple[str, ...] = ()
    requests: int = 0
    resumes: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    verified_at: datetime | None = None
    verified_ok: bool | None = None
    lost_at: datetime | None = None
    error_kind: str = ""
    error_code: str = ""
    error_message: str = ""
    error_next_step: str = ""
    next_try_at: datetime | None = None
    error_http_status: int | None = None

    @property
    def is_away(self) -> bool:
        """Whether it waits because the place it comes from, or its site, can't be reached."""
        return self.state is TransferState.WAITING and self.error_code in AWAY

    @property
    def lacks_room(self) -> bool:
        """Whether it waits for room on the disk (D01)."""
        return self.state is TransferState.WAITING and self.error_code == NO_ROOM

    @property
    def found_again(self) -> bool:
        """Whether the file was found in the folder, and what it should be is not known."""
        return FOUND_AGAIN in self.notices

    @property
    def came_as(self) -> ReportFormat | None:
        """The format of the file where it is not the one that was ordered; None where it is."""
        if {CAME_AS_CSV, CAME_AS_CSV_BY_NAME} & set(self.notices):
            return ReportFormat.CSV
        return ReportFormat.XLSX if {CAME_AS_XLSX, CAME_AS_XLSX_BY_NAME} & set(self.notices) else None

    @property
    def is_empty(self) -> bool:
        """Whether the finished report has no row."""
        return self.state is TransferState.DONE and self.rows == 0

    @property
    def owes_rows(self) -> bool:
        """Whether the rows of the finished report are still to be counted."""
        return self.state is TransferState.DONE and ROWS_BEING_COUNTED in self.notices

    def moved(self, state: TransferState, at: datetime, **changes: object) -> TransferRecord:
        """Return the record in `state` since `at`, with further fields changed.

        Raises:
            IllegalTransition: if the machine does not allow it.
        """
        if state is not self.state and state not in _ALLOWED[self.state]:
            raise IllegalTransition(f"{self.state} -> {state}")
        return replace(self, state=state, changed_at=at, **changes)  # type: ignore[arg-type]


def with_error(record: TransferRecord, error: SanaError) -> TransferRecord:
    """Return the record saying what is wrong, in the same state."""
    return replace(
        record,
        error_kind=error.kind,
        error_code=error.code,
        error_message=error.message,
        error_next_step=error.next_step,
        error_http_status=error.http_status,
        next_try_at=None,
    )


def without_error(record: TransferRecord) -> TransferRecord:
    """Return the record with nothing wrong."""
    return replace(
        record,
        error_kind="",
        error_code="",
        error_message="",
        error_next_step="",
        error_http_status=None,
        next_try_at=None,
    )


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """A live figure, published a few times a second, never stored.

    Attributes:
        id: the download.
        received: bytes so far. total: announced bytes, None if not known.
        bytes_per_second: over the last few seconds.
        seconds_left: None unless total is known and the speed is steady enough to say.
    """

    id: str
    received: int
    total: int | None
    bytes_per_second: float
    seconds_left: float | None
