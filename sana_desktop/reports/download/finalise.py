"""From a whole partial file to the report under its name, never over another file (BEHAVIOUR.md B6, P05).

The row says FINALIZING, with size, hash and name, before anything is renamed; so the same code ends a download that has
just come in and one that a crash left at any point: it looks at what is there and does what is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import StorageError
from sana_desktop.base.files import sha256_of
from sana_desktop.reports.disk import names, placeholder
from sana_desktop.reports.disk.files import DiskFiles, Files, is_replaceable, mark_from_the_web
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download.context import SaveTransfer
from sana_desktop.reports.download.link import host_of
from sana_desktop.reports.records.job import FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState, with_error, without_error

RENAME_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
"""Seconds between tries while a scanner or indexer holds the file on Windows (B6)."""
_HELD_BY_ANOTHER = frozenset({5, 32, 33})
"""ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION."""


class _Found(Enum):
    IN_PLACE = auto()
    PART_READY = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class Finaliser:
    """Carries records from FINALIZING to their end.

    Args:
        save: makes a record durable and tells the listeners.
    """

    files: Files
    clock: Clock
    save: SaveTransfer

    async def finish(self, record: TransferRecord, *, exact: bool, trusted: bool) -> TransferRecord:
        """Bring the file of a FINALIZING record in place and return the record as saved.

        It ends as DONE; as PAUSED, if the person has to do something about the name or the folder; as WAITING, if the
        bytes are lost and have to be fetched again; or as FINALIZING still, if another program holds the file (D06).

        Args:
            exact: the person chose this very path: a clash is theirs to solve, no ` (2)` is made.
            trusted: the partial file was sealed just now; otherwise both files are hashed and looked at first.
        """
        try:
            while True:
                folder = Path(record.folder)
                found = _Found.PART_READY if trusted else await asyncio.to_thread(_look, record)
                if found is _Found.LOST:
                    return await self._lost(record)
                if found is _Found.PART_READY:
                    try:
                        await self._move(record, folder / record.part, folder / record.name)
                    except FileExistsError:
                        if exact:
                            return await self._paused(record, words.exists(folder / record.name))
                        name = await asyncio.to_thread(free_name, folder, record.name, ())
                        record = replace(record, name=name)
                        await self.save(record)
                        continue
                await asyncio.to_thread(self._tidy, folder, record, exact)
                return await self._done(record)
        except StorageError as error:  # another program holds it
            line = TimelineEntry(self.clock.now(), FileEvent.HELD, error.message)
            told = () if record.error_code == error.code else (line,)
            record = with_error(record, error)
            await self.save(record, *told)
            return record
        except OSError as error:
            return await self._paused(record, words.from_disk(error, Path(record.folder) / record.name))

    async def _move(self, record: TransferRecord, part: Path, target: Path) -> None:
        move = self.files.move_new
        if record.overwrite and await asyncio.to_thread(is_replaceable, target):
            move = self.files.replace
        await asyncio.to_thread(_make_ready, part, target, host_of(record.link_host))
        for wait in (*RENAME_WAITS, None):
            try:
                await asyncio.to_thread(move, part, target)
                return
            except OSError as error:
                if isinstance(error, FileExistsError) or getattr(error, "winerror", None) not in _HELD_BY_ANOTHER:
                    raise
                if wait is None:
                    raise words.file_busy(target) from None
            await self.clock.sleep(wait)

    def _tidy(self, folder: Path, record: TransferRecord, exact: bool) -> None:
        self.files.remove(folder / record.part)
        if exact:
            remove_old_parts(folder, record.name)
        self.files.sync_folder(folder)

    async def _done(self, record: TransferRecord) -> TransferRecord:
        now = self.clock.now()
        record = without_error(record).moved(
            TransferState.DONE, now, finished_at=now, verified_at=now, verified_ok=True, part=""
        )
        await self.save(record)
        return record

    async def _lost(self, record: TransferRecord) -> TransferRecord:
        record = forgotten(record).moved(TransferState.WAITING, self.clock.now())
        await self.save(record)
        return record

    async def _paused(self, record: TransferRecord, error: StorageError) -> TransferRecord:
        now = self.clock.now()
        record = with_error(record, error).moved(TransferState.PAUSED, now)
        await self.save(record, TimelineEntry(now, FileEvent.PAUSED, error.message))
        return record


def forgotten(record: TransferRecord) -> TransferRecord:
    """Return the record without its partial file: what it knew of the bytes is void."""
    return replace(
        record, part="", received=0, total=None, etag="", prefix_sha256="", sha256="", rows=None, columns=None
    )


def free_name(folder: Path, name: str, reserved: Collection[str]) -> str:
    """Return the first name, from `name` on, that neither the folder nor `reserved` (folded) holds (D09, D14). Blocks.

    Raises:
        OSError: if the folder can't be listed.
    """
    taken = {names.fold(entry.name) for entry in folder.iterdir()} | set(reserved)
    return names.unique_name(name, lambda candidate: names.fold(candidate) in taken)


def check_target(path: Path, overwrite: bool) -> None:
    """Return if a report can be saved at `path`; asked before the report is ordered (BEHAVIOUR.md). Blocks.

    Raises:
        StorageError: `E-FILE-EXISTS`, `E-FILE-FOLDER`, `E-FILE-SPECIAL`, `E-FILE-PERMISSION`, `E-DISK-PATH`,
            `E-DISK-FULL`, `E-DISK-IO`.
    """
    folder = path.parent
    try:
        if not folder.is_dir():
            raise words.no_folder(folder)
        if path.is_dir():
            raise words.is_folder(path)
        if not is_replaceable(path):
            raise words.no_plain_file(path)
        if not overwrite and (path.exists() or path.is_symlink()):
            raise words.exists(path)
    except OSError as error:  # a name that is too long, a folder above that may not be entered
        raise words.from_disk(error, path) from None
    files = DiskFiles()
    trial = folder / names.part_name(path.name, secrets.token_hex(4))
    try:
        os.close(files.create(trial))
        files.remove(trial)
    except OSError as error:
        told = words.from_disk(error, path)
        if told.message == words.folder_gone(folder).message and folder.is_dir():
            told = words.not_writable(folder)  # /proc says of every new name that there is no such file
        raise told from None


def remove_old_parts(folder: Path, name: str, keep: Collection[str] = ()) -> None:
    """Remove the partial files that killed runs left of this path (BEHAVIOUR.md). Blocks; leaves what it may not."""
    with contextlib.suppress(OSError):
        for entry in list(folder.iterdir()):
            if names.is_part_of(entry.name, name) and entry.name not in keep:
                with contextlib.suppress(OSError):
                    entry.unlink()


def _make_ready(part: Path, target: Path, origin: str) -> None:
    placeholder.give_back(target, part.name)
    mark_from_the_web(part, origin)


def _look(record: TransferRecord) -> _Found:
    """Return what a crash left, a name that was only kept given back. Blocks: hashes up to two files."""
    folder = Path(record.folder)
    if not folder.is_dir():
        raise FileNotFoundError(2, "folder is gone", str(folder))
    if _is_ours(folder / record.name, record):
        return _Found.IN_PLACE
    if record.part:
        placeholder.give_back(folder / record.name, record.part, record.changed_at)
    return _Found.PART_READY if record.part and _is_ours(folder / record.part, record) else _Found.LOST


def _is_ours(path: Path, record: TransferRecord) -> bool:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size != record.received:
            return False
        return sha256_of(path)[0] == record.sha256
    except FileNotFoundError:
        return False
