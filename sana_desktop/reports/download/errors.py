"""The words of a download's failures: one place, a plain sentence and one next step each (BEHAVIOUR.md B13)."""

from __future__ import annotations

import errno
import sys
from copy import copy
from pathlib import Path

from sana_desktop.base.errors import LinkError, NetworkError, ProtocolError, SanaError, StorageError
from sana_desktop.base.text import size_text
from sana_desktop.reports.disk import names

_PATH_TOO_LONG = 206
"""Windows' ERROR_FILENAME_EXCED_RANGE."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def site_forgotten() -> LinkError:
    """Its connection was forgotten, so nobody can ask for a link any more."""
    return LinkError("Its site was forgotten before the file was here.", code="E-SITE-FORGOTTEN")


GOES_ON = "Nothing to do: it is tried again by itself."
_NOTHING_SENT = " Nothing was sent."
_KEPT = " What has arrived is kept."


def told(error: SanaError, received: int, *, goes_on: bool) -> SanaError:
    """Return an error as it is said of a file: what is true of a request that brought nothing is not of the file.

    Args:
        received: bytes that are here.
        goes_on: it is tried again by itself.
    """
    said = copy(error)
    said.template = error.template.replace(_NOTHING_SENT, _KEPT if received else "")
    if goes_on:
        said.next_step = GOES_ON
    return said


def away(error: NetworkError, received: int) -> NetworkError:
    """Nobody was reached: look-up, connection or proxy failed (N10)."""
    template = {
        "E-NET-DNS": "{host} can't be found just now.",
        "E-PROXY": "Your company's proxy does not let us through just now.",
    }.get(error.code, "{host} can't be reached just now.")
    return NetworkError(
        template + (_KEPT if received else ""),
        code=error.code,
        values=error.values,
        next_step="Check this computer's connection; it is tried again by itself.",
        http_status=error.http_status,
        detail=error.detail,
        retryable=True,
    )


def disk_full(rest: int | None, reserve: int, free: int, *, begun: bool = False) -> StorageError:
    """There is less room than the rest of the report needs (D01).

    Args:
        rest: bytes that are still to come, None if that is not known.
        reserve: bytes that stay free besides.
        begun: some of the report is here.
    """
    if rest is None:
        template = "There is not enough room: {reserve} must stay free on the disk, {free} are free."
    elif begun:
        template = (
            "There is not enough room: {rest} for the rest and {reserve} that stay free are needed, {free} are free."
        )
    else:
        template = (
            "There is not enough room: {rest} for the report and {reserve} that stay free are needed, {free} are free."
        )
    return StorageError(
        template,
        code="E-DISK-FULL",
        values={"rest": size_text(rest or 0), "reserve": size_text(reserve), "free": size_text(free)},
        next_step="Free some room or choose another folder; it goes on by itself once there is room.",
        retryable=True,
    )


def from_disk(error: OSError, path: Path, *, windows: bool = sys.platform == "win32") -> StorageError:
    """Return what the operating system's word about `path` means."""
    unfound = error.errno in {errno.ENOENT, errno.ENOTDIR}
    too_long = error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == _PATH_TOO_LONG
    # Windows says of a path that is too long that there is no such file.
    if too_long or (unfound and names.is_too_long(path, windows=windows)):
        return path_too_long(path.parent)
    values: dict[str, object] = {"path": path, "folder": path.parent}
    if error.errno in _NO_ROOM:
        return StorageError(
            "The disk is full. What has arrived in {folder} is kept.",
            code="E-DISK-FULL",
            values=values,
            next_step="Free some room, then resume.",
            retryable=True,
        )
    if unfound:
        return folder_gone(path.parent)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return not_writable(path.parent)
    if error.errno == errno.EFBIG:
        return StorageError(
            "The disk of {folder} can't hold a file this large.",
            code="E-DISK-TOOBIG",
            values=values,
            next_step="Choose a folder on another disk.",
        )
    return StorageError(
        "The disk did not take the file {path}.",
        code="E-DISK-IO",
        values=values,
        next_step="Check the disk, or choose another folder.",
        detail=f"{errno.errorcode.get(error.errno or 0, '?')}: {error.strerror or type(error).__name__}",
    )


def folder_gone(folder: Path) -> StorageError:
    """The target folder was removed or unmounted (D07)."""
    return StorageError(
        "The folder {folder} is not there any more.",
        code="E-DISK-PATH",
        values={"folder": folder},
        next_step="Choose another folder, or bring this one back and resume.",
        retryable=True,
    )


def path_too_long(folder: Path) -> StorageError:
    """Folder and name together are longer than this system allows (D13)."""
    return StorageError(
        "The path of {folder} is too long: with the file's name it is more than this computer takes.",
        code="E-DISK-PATH",
        values={"folder": folder},
        next_step="Choose a folder with a shorter path.",
    )


def no_folder(folder: Path) -> StorageError:
    """The folder of a file that was asked for is not there."""
    return StorageError(
        "There is no folder {folder}.",
        code="E-DISK-PATH",
        values={"folder": folder},
        next_step="Make it, or name another one.",
        retryable=True,
    )


def not_writable(folder: Path) -> StorageError:
    """The folder refuses new files (D08)."""
    return StorageError(
        "Files can't be saved in {folder}.",
        code="E-FILE-PERMISSION",
        values={"folder": folder},
        next_step="Choose another folder.",
    )


def exists(path: Path) -> StorageError:
    """The named target is there and may not be replaced."""
    return StorageError(
        "The file {path} exists already and was left as it is.",
        code="E-FILE-EXISTS",
        values={"path": path},
        next_step="Choose another name, or allow it to be replaced.",
    )


def is_folder(path: Path) -> StorageError:
    """The named target is a folder."""
    return StorageError(
        "{path} is a folder, not a file.", code="E-FILE-FOLDER", values={"path": path}, next_step="Name a file."
    )


def no_plain_file(path: Path) -> StorageError:
    """The named target is a device, a pipe or a socket, or leads to one: it is not for us to replace."""
    return StorageError(
        "{path} is no plain file, so a report can't be saved there.",
        code="E-FILE-SPECIAL",
        values={"path": path},
        next_step="Name a file.",
    )


def file_busy(path: Path) -> StorageError:
    """Another program held the file for longer than the rename waits (D06)."""
    return StorageError(
        "The report is here, but another program keeps {path} from getting its name.",
        code="E-DISK-BUSY",
        values={"path": path},
        next_step="Close the program that uses it and try again; nothing is downloaded anew.",
        retryable=True,
    )


def truncated() -> NetworkError:
    """The body ended too early, again and again (L16)."""
    return NetworkError(
        "The file kept ending before all of it had come.",
        code="E-DL-TRUNCATED",
        next_step="Resume later; what has arrived is kept.",
        retryable=True,
    )


def size_unconfirmed() -> NetworkError:
    """Nobody is there to see a mark, and whether the file is whole can't be told (B4, L18)."""
    return NetworkError(
        "The place the file comes from did not say how long it is, nor whether what came was all: it may be cut."
        " No file was kept.",
        code="E-DL-UNCONFIRMED",
        next_step="Run it again, or get this report in the window, which keeps such a file and marks it.",
        retryable=True,
    )


def stalled() -> NetworkError:
    """Less than the stall rule's rate for its time (N18)."""
    return NetworkError(
        "The download has come to a standstill.",
        code="E-DL-STALLED",
        next_step="Check the connection, then resume; what has arrived is kept.",
        retryable=True,
    )


def busy(status: int) -> NetworkError:
    """The file's host asks for patience (408, 429, 5xx)."""
    return NetworkError(
        "The place the file comes from has trouble of its own.",
        code="E-DL-BUSY",
        next_step="Resume in a while.",
        http_status=status,
        retryable=True,
    )


def out_of_protocol(detail: str, status: int | None = None) -> ProtocolError:
    """An answer that fits no request of ours (L11)."""
    return ProtocolError(
        "The place the file comes from answered in a way that can't be trusted. No file was kept.",
        code="E-DL-PROTO",
        next_step="Try again.",
        detail=detail,
        http_status=status,
        retryable=True,
    )


def changing() -> ProtocolError:
    """Answers never fit what was there (L06, L09, L10)."""
    return ProtocolError(
        "The file at the link keeps changing while it is fetched.",
        code="E-DL-CHANGED",
        next_step="Resume later, or run the report again.",
        retryable=True,
    )


def wrong_content() -> ProtocolError:
    """A web page, or nothing of a workbook, came with a status of success (L20, L44)."""
    return ProtocolError(
        "The site sent something else instead of a report. No file was kept.",
        code="E-DL-TYPE",
        next_step="Try again.",
        retryable=True,
    )


def corrupt(algorithm: str) -> ProtocolError:
    """The bytes do not have the checksum the server announced (L43)."""
    return ProtocolError(
        "The file does not match the checksum its server gave for it. No file was kept.",
        code="E-DL-CORRUPT",
        next_step="Try again.",
        detail=algorithm,
        retryable=True,
    )


def asks_for_size(size: int) -> StorageError:
    """The announced length is above the size that is fetched without asking (L41)."""
    return StorageError(
        "This report has {size}.",
        code="E-DL-LARGE",
        values={"size": size_text(size)},
        next_step="Download it all the same?",
        retryable=True,
    )


def too_big(cap: int) -> StorageError:
    """A body without a length, or a packed one, grew past the cap (L40, L42)."""
    return StorageError(
        "The file grew past {size} without an end and was dropped.",
        code="E-DL-TOOBIG",
        values={"size": size_text(cap)},
        next_step="Run the report again, perhaps for fewer dates.",
    )


def link_ended(status: int | None = None) -> LinkError:
    """The link ended and the job gave no other (L24)."""
    return LinkError(
        "The download link ended and the site could not give a new one. Running the report again will show the data"
        " as of then.",
        code="E-LINK-EXPIRED",
        next_step="Run again",
        http_status=status,
    )


def link_refused(status: int) -> LinkError:
    """The host refused a link that should be good (L25)."""
    return LinkError(
        "The place the file comes from refused the download link, and the site gives no other that works.",
        code="E-LINK-REFUSED",
        next_step="Run again",
        http_status=status,
    )


def link_gone(status: int) -> LinkError:
    """There is nothing at the link (L26)."""
    return LinkError(
        "There is no file at the download link any more, and the site gives no other that works.",
        code="E-LINK-GONE",
        next_step="Run again",
        http_status=status,
    )


def job_missing() -> LinkError:
    """The job of a download is not known here any more."""
    return LinkError("The report of this download was removed.", code="E-LINK-NOJOB", next_step="Order it again.")


def own_fault() -> StorageError:
    """A mistake of this app stopped the download; what it was is in the log."""
    return StorageError(
        "The download stopped because of a mistake in this app. What has arrived is kept.",
        code="E-BUG",
        next_step="Resume; if it happens again, send the log to support.",
        retryable=True,
    )
