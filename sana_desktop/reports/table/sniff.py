"""What a downloaded file really is: a table as text, a workbook, or neither (B5, L20, L44 to L47, T8)."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sana_desktop.api.models import ReportFormat

HEAD_BYTES = 512
"""So many first bytes decide what a body is."""
MAX_ENTRIES = 10_000
MAX_RATIO = 100
"""Largest allowed ratio of unpacked to packed size, of one entry and of all; Apache POI's default."""
SMALL_ENTRY_BYTES = 1024 * 1024
"""Smaller entries may be packed tighter: a short run of equal bytes is no bomb."""

_PAGES = (b"<html", b"<!doctype", b"<?xml", b"<head", b"<body", b"<error")
_LINE_END = re.compile(rb"[\r\n]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ZIP = b"PK\x03\x04"
_TYPES_ENTRY = "[Content_Types].xml"


class Kind(StrEnum):
    """What the first bytes say. EMPTY: there are none."""

    CSV = "csv"
    XLSX = "xlsx"
    PAGE = "page"
    BINARY = "binary"
    EMPTY = "empty"

    @property
    def report_format(self) -> ReportFormat | None:
        """The report format this is, if it is one; an empty body is a table without rows (L20)."""
        return {Kind.CSV: ReportFormat.CSV, Kind.EMPTY: ReportFormat.CSV, Kind.XLSX: ReportFormat.XLSX}.get(self)


def kind_of(head: bytes) -> Kind:
    """Return what a body beginning with `head` is (at least `HEAD_BYTES` of it, or all there is)."""
    if not head:
        return Kind.EMPTY
    if head.startswith(_ZIP):
        return Kind.XLSX
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head[2:].replace(b"\0", b"")
    elif b"\0" in head and not _is_table_with_nulls(head):
        return Kind.BINARY
    else:
        text = head.removeprefix(b"\xef\xbb\xbf")
    return Kind.PAGE if text.lstrip().lower().startswith(_PAGES) else Kind.CSV


def _is_table_with_nulls(head: bytes) -> bool:
    """Return whether the NULs are what cells hold (T7): it is UTF-8, and begins with a line of text alone."""
    line = _LINE_END.split(head, maxsplit=1)[0]
    if len(line) == len(head) or _CONTROL.search(line):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return True


class NotAWorkbook(Exception):
    """The zip is cut, damaged, or no workbook at all."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the directory of a workbook says.

    Attributes:
        bomb: it would unpack to far more than it is: the bytes are kept, a preview is not made (L46).
        macros: it holds a macro program. external_links: it refers to other files (L47).
    """

    bomb: bool
    macros: bool
    external_links: bool


def look_at_workbook(path: Path) -> Workbook:
    """Read the zip directory of `path`, unpacking nothing. Blocks: call it in a thread.

    Raises:
        NotAWorkbook: if there is no readable directory at the end (a cut file has none) or no `[Content_Types].xml`.
        OSError: if it can't be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, UnicodeDecodeError) as error:
        raise NotAWorkbook(str(error)) from None
    names = {entry.filename.casefold() for entry in entries}
    if _TYPES_ENTRY.casefold() not in names:
        raise NotAWorkbook(f"no {_TYPES_ENTRY}")
    return Workbook(
        bomb=_is_bomb(entries),
        macros=any(name.endswith("vbaproject.bin") for name in names),
        external_links=any(name.startswith("xl/externallinks/") for name in names),
    )


def _is_bomb(entries: list[zipfile.ZipInfo]) -> bool:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or _too_dense(unpacked, packed):
        return True
    return any(_too_dense(entry.file_size, entry.compress_size) for entry in entries)


def _too_dense(unpacked: int, packed: int) -> bool:
    return unpacked > SMALL_ENTRY_BYTES and unpacked > MAX_RATIO * max(packed, 1)
