"""What can be done with a job or a download, by its state: names, words, icons and keys in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from sana_desktop.base.errors import NetworkError
from sana_desktop.reports.queue.steps import SITE_FORGOTTEN, is_unreached, waits_long
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.words.next_words import is_query_at_fault
from sana_desktop.ui.tr import tr

NETWORK_CODES = ("E-NET", "E-TLS", "E-PROXY")
"""How the codes of errors on the way to the site begin."""


class JobAction(StrEnum):
    """An act on a job."""

    CHECK_NOW = "checkNow"
    STOP_WATCHING = "stopWatching"
    KEEP_WATCHING = "keepWatching"
    WATCH_AGAIN = "watchAgain"
    RUN_AGAIN = "runAgain"
    ORDER_AGAIN = "orderAgain"
    SIGN_IN = "signIn"
    SHOW_SQL = "showSql"
    COPY_ID = "copyJobId"
    DETAILS = "details"
    REMOVE = "remove"


class DownloadAction(StrEnum):
    """An act on a download."""

    OPEN = "open"
    SHOW_IN_FOLDER = "showInFolder"
    COPY_PATH = "copyPath"
    COPY_FILE = "copyFile"
    COPY_HASH = "copyHash"
    VERIFY = "verifyAgain"
    LOCATE = "locate"
    PAUSE = "pause"
    RESUME = "resume"
    OTHER_FOLDER = "otherFolder"
    RUN_AGAIN = "runAgain"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Act:
    """One act as it is offered: its name, the verb on the button, its icon, its key (empty: none).

    Attributes:
        place: which of the buttons on the row it is, from the left; None for one in the context menu only.
        enabled: whether it can be done now.
    """

    name: str
    words: str
    icon: str
    key: QKeySequence
    place: int | None = None
    enabled: bool = True


def row_buttons(acts: Sequence[Act], usual: Sequence[Act]) -> list[Act]:
    """Return the buttons of a row, always as many and each in its place: what can't be done now stands there disabled.

    So a button that a person is about to press never becomes another one under the pointer.

    Args:
        acts: what can be done with the record now.
        usual: the act that stands in each place where none of `acts` does.
    """
    by_place = {act.place: act for act in acts}
    return [by_place.get(place) or replace(act, enabled=False) for place, act in enumerate(usual)]


def job_acts(record: JobRecord) -> list[Act]:
    """Return what can be done with a job now, most likely first."""
    state = record.state
    acts: list[Act] = []
    if state is JobState.WATCHING:
        acts.append(_check_now())
    if is_unreached(record):
        acts.append(_act(JobAction.CHECK_NOW, tr("jobs", "Try now"), "refresh", Qt.Key.Key_F5, place=0))
    if waits_long(record):
        acts.append(_act(JobAction.KEEP_WATCHING, tr("jobs", "Keep watching"), "eye", place=2))
    if state is JobState.PAUSED and _is_network(record):
        acts.append(_act(JobAction.CHECK_NOW, tr("jobs", "Try again"), "refresh", Qt.Key.Key_F5, place=0))
    elif state is JobState.PAUSED:
        acts.append(_act(JobAction.SIGN_IN, tr("jobs", "Sign in and go on"), "key", place=0))
    if state is JobState.SUBMIT_UNKNOWN:
        acts.append(_act(JobAction.ORDER_AGAIN, tr("jobs", "Order again…"), "again", place=2))
    if state is JobState.STOPPED and record.job_id and record.error_code != SITE_FORGOTTEN:
        acts.append(_act(JobAction.WATCH_AGAIN, tr("jobs", "Watch again"), "eye", place=0))
    if state in OPEN_STATES:
        acts.append(_stop_watching())
    if state in {JobState.READY, JobState.FAILED, JobState.GONE, JobState.STOPPED}:
        acts.append(_job_again())
    acts.append(_details())
    words = tr("jobs", "Change the query") if is_query_at_fault(record) else tr("jobs", "Show SQL")
    acts.append(_act(JobAction.SHOW_SQL, words, "open"))
    if record.job_id:
        acts.append(_act(JobAction.COPY_ID, tr("jobs", "Copy job id"), "copy", _ctrl(Qt.Key.Key_C)))
    if state not in OPEN_STATES:
        acts.append(_act(JobAction.REMOVE, tr("jobs", "Remove from list…"), "trash", Qt.Key.Key_Delete))
    return acts


def way_on_of(record: JobRecord) -> Act | None:
    """Return the act that lets a job go on, now, that waits for the person or its site; None for any other."""
    if record.state is not JobState.PAUSED and not is_unreached(record):
        return None
    return next(act for act in job_acts(record) if act.place == 0)


def ways_on_of(job: JobRecord, file: TransferRecord | None) -> list[Act]:
    """Return the acts on the file of a finished job that let it go on where it does not, or find it where it is missed;
    its row has them, too.
    """
    if job.state is not JobState.READY or file is None:
        return []
    wanted = {DownloadAction.RESUME, DownloadAction.OTHER_FOLDER, DownloadAction.LOCATE}
    return [act for act in download_acts(file) if act.name in wanted]


def job_buttons() -> list[Act]:
    """Return the act that usually stands in each place of a job's row."""
    return [_check_now(), _stop_watching(), _job_again(), _details()]


def download_acts(record: TransferRecord) -> list[Act]:
    """Return what can be done with a download now, most likely first."""
    state = record.state
    missing = record.lost_at is not None
    acts: list[Act] = []
    if state is TransferState.DONE and missing:
        acts = [
            _act(DownloadAction.LOCATE, tr("downloads", "Locate…"), "search", Qt.Key.Key_Return, place=0),
            _copy_path(),
            _verify(),
            _act(DownloadAction.COPY_HASH, tr("downloads", "Copy check number"), "copy"),
        ]
    elif state is TransferState.DONE:
        acts = [
            _open(),
            _show_in_folder(),
            _copy_path(),
            _act(DownloadAction.COPY_FILE, tr("downloads", "Copy file"), "copy"),
            _verify(),
            _act(DownloadAction.COPY_HASH, tr("downloads", "Copy check number"), "copy"),
        ]
    if state in {TransferState.WAITING, TransferState.FETCHING}:
        acts.append(_act(DownloadAction.PAUSE, tr("downloads", "Pause"), "pause", Qt.Key.Key_Space, place=0))
    if state in {TransferState.PAUSED, TransferState.FAILED}:
        acts.append(_act(DownloadAction.RESUME, tr("downloads", "Go on"), "play", Qt.Key.Key_Space, place=0))
    if record.is_away or record.lacks_room:
        acts.append(_act(DownloadAction.RESUME, tr("downloads", "Try now"), "refresh"))
    if state in {TransferState.PAUSED, TransferState.FAILED} or record.lacks_room:
        acts.append(_act(DownloadAction.OTHER_FOLDER, tr("downloads", "Other folder…"), "folder"))
    if record.found_again:
        # What was asked for is not known any more, nor what the bytes should be.
        acts = [act for act in acts if act.name not in {DownloadAction.COPY_HASH, DownloadAction.LOCATE}]
    elif state in {TransferState.LINK_ENDED, TransferState.FAILED, TransferState.DONE}:
        acts.append(_download_again())
    if state not in {TransferState.FETCHING, TransferState.FINALIZING, TransferState.WAITING}:
        acts.append(_act(DownloadAction.REMOVE, tr("downloads", "Remove from list…"), "trash", Qt.Key.Key_Delete))
    return acts


def download_buttons() -> list[Act]:
    """Return the act that usually stands in each place of a download's row."""
    return [_open(), _show_in_folder(), _copy_path(), _verify(), _download_again()]


def _check_now() -> Act:
    return _act(JobAction.CHECK_NOW, tr("jobs", "Check now"), "refresh", Qt.Key.Key_F5, place=0)


def _stop_watching() -> Act:
    return _act(JobAction.STOP_WATCHING, tr("jobs", "Stop watching"), "stop", place=1)


def _job_again() -> Act:
    # It asks first, as under Downloads: it orders a report.
    return _act(JobAction.RUN_AGAIN, tr("jobs", "Run again…"), "again", _ctrl(Qt.Key.Key_R), place=2)


def _details() -> Act:
    return _act(JobAction.DETAILS, tr("jobs", "Details"), "details", Qt.Key.Key_Return, place=3)


def _open() -> Act:
    return _act(DownloadAction.OPEN, tr("downloads", "Open"), "open", Qt.Key.Key_Return, place=0)


def _show_in_folder() -> Act:
    return _act(DownloadAction.SHOW_IN_FOLDER, tr("downloads", "Show in folder"), "folder", place=1)


def _copy_path() -> Act:
    return _act(DownloadAction.COPY_PATH, tr("downloads", "Copy path"), "copy", _ctrl(Qt.Key.Key_C), place=2)


def _verify() -> Act:
    return _act(DownloadAction.VERIFY, tr("downloads", "Verify again"), "check", place=3)


def _download_again() -> Act:
    return _act(DownloadAction.RUN_AGAIN, tr("downloads", "Run again…"), "again", _ctrl(Qt.Key.Key_R), place=4)


def _is_network(record: JobRecord) -> bool:
    """Return whether the site could not be reached: signing in would not help."""
    return record.error_kind == NetworkError.kind or record.error_code.startswith(NETWORK_CODES)


def _act(
    name: str,
    words: str,
    icon: str,
    key: Qt.Key | QKeyCombination | None = None,
    *,
    place: int | None = None,
) -> Act:
    return Act(str(name), words, icon, QKeySequence() if key is None else QKeySequence(key), place)


def _ctrl(key: Qt.Key) -> QKeyCombination:
    return QKeyCombination(Qt.KeyboardModifier.ControlModifier, key)
