"""Counts rows and columns of a workbook's first sheet without unpacking it to memory or parsing its cells.

A sheet is a stream of `<row …><c r="A1" …>…</c></row>`. In XML a `<` can stand for nothing else than markup (cells'
texts escape it), so the start tags of rows are counted in the bytes as they are unpacked: seconds where a parser
takes minutes, and no entity is ever expanded. A sheet that declares a document type is not counted at all.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import ParseError

from sana_desktop.reports.table.counting import Steps
from sana_desktop.reports.table.csv_count import TableCount

MAX_SHEET_BYTES = 8 * 1024 * 1024 * 1024
"""Unpacked size past which a sheet is not counted: a full one of 1,048,576 rows and 100 columns has about 5 GB."""
_SMALL_PART_BYTES = 1024 * 1024
_CHUNK = 256 * 1024
_MAX_TAG_LENGTH = 4096
_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?(?<!/)>")
_FIRST_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?(?<!/)>(.*?)</(?:\w+:)?row>", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?>")
_REFERENCE = re.compile(rb"\sr=\"([A-Z]{1,3})\d+\"")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def count_workbook(path: Path, steps: Steps) -> TableCount | None:
    """Return rows (without the header) and columns of the first sheet, None if they can't be told. Blocks.

    Empty rows that are written only for their format (`<row … />`) do not count.

    Raises:
        OSError: if the file can't be read.
        CountingStopped: if `steps` were stopped.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _count_sheet(archive, _first_sheet(archive), steps)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError, ValueError, EOFError):
        return None
    except (ParseError, StopIteration, zlib.error):
        return None


def _first_sheet(archive: zipfile.ZipFile) -> str:
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    book = fromstring(_small_part(archive, "xl/workbook.xml"))
    sheet = next(element for element in book.iter() if element.tag.endswith("}sheet"))
    wanted = sheet.get(_RELATION)
    for relation in fromstring(_small_part(archive, "xl/_rels/workbook.xml.rels")):
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    raise KeyError(wanted)


def _small_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(_SMALL_PART_BYTES + 1)
    if len(data) > _SMALL_PART_BYTES:
        raise ValueError(f"{name} is too large")
    return data


def _count_sheet(archive: zipfile.ZipFile, name: str, steps: Steps) -> TableCount | None:
    if archive.getinfo(name).file_size > MAX_SHEET_BYTES:
        return None
    rows, tail, head, header_seen = 0, b"", b"", False
    with archive.open(name) as sheet:
        while chunk := sheet.read(_CHUNK):
            if not head and (b"<!DOCTYPE" in chunk or chunk[:2] in (b"\xff\xfe", b"\xfe\xff")):
                return None
            if not header_seen:
                head += chunk
                header_seen = _FIRST_ROW.search(head) is not None or len(head) > _SMALL_PART_BYTES
            data = tail + chunk
            cut = data.rfind(b"<")
            cut = len(data) if cut < 0 or b">" in data[cut:] else cut
            data, tail = data[:cut], data[cut:]
            if len(tail) > _MAX_TAG_LENGTH:
                return None
            with steps:
                rows += len(_ROW.findall(data))
    return TableCount(max(rows - 1, 0), _columns(head))


def _columns(data: bytes) -> int:
    """Return the cells of the first row that has any, by its last cell's reference where it has one."""
    first = _FIRST_ROW.search(data)
    cells = _CELL.findall(first[1]) if first else []
    if not cells:
        return 0
    reference = _REFERENCE.search(cells[-1])
    return max(len(cells), _column_number(reference[1]) if reference else 0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
