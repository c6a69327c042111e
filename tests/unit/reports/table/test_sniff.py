"""What a body is by its first bytes, and what a workbook's directory says (BEHAVIOUR.md B5, L44 to L47, F14)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sana_desktop.reports.table.sniff import Kind, NotAWorkbook, kind_of, look_at_workbook


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"a,b\n1,2\n", Kind.CSV),
        (b"PK\x03\x04rest", Kind.XLSX),
        (b"<!DOCTYPE html><html>", Kind.PAGE),
        (b"\xef\xbb\xbf  \n<HTML lang=en>", Kind.PAGE),
        (b"<?xml version='1.0'?><Error/>", Kind.PAGE),
        ("<html>".encode("utf-16"), Kind.PAGE),
        ("a,b\n".encode("utf-16"), Kind.CSV),
        (b"<5,ok\n", Kind.CSV),
        (b"\x89PNG\0\0", Kind.BINARY),
        (b"note,n\nx\0y,1\n", Kind.CSV),
        (b"note\r\n" + b"\0" * 600, Kind.CSV),
        ("tränen\nx\0".encode() + "y€".encode()[:-1], Kind.CSV),
        (b"<html>\nx\0y", Kind.PAGE),
        (b"no\0te,n\nx,1\n", Kind.BINARY),
        (b"note\0", Kind.BINARY),
        ("a,b\n1,2\n".encode("utf-16-le"), Kind.BINARY),
        (b"\x7fELF\x02\x01\x01\0\0\0\n", Kind.BINARY),
        (b"SQLite format 3\0\x10\0\x01\n", Kind.BINARY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0", Kind.BINARY),
        (b"report.csv" + b"\0" * 90 + b"0000644\0", Kind.BINARY),
    ],
)
def test_the_first_bytes(head: bytes, kind: Kind) -> None:
    assert kind_of(head) is kind


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in {"[Content_Types].xml": b"<Types/>", **entries}.items():
            new.writestr(name, data)
    return path


def test_an_innocent_workbook(tmp_path: Path) -> None:
    book = look_at_workbook(archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>"}))
    assert (book.bomb, book.macros, book.external_links) == (False, False, False)


def test_F14_half_a_gigabyte_in_half_a_megabyte(tmp_path: Path) -> None:
    assert look_at_workbook(archive(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(40_000_000)})).bomb


def test_T8_too_many_entries(tmp_path: Path) -> None:
    assert look_at_workbook(archive(tmp_path / "a.xlsx", {f"x/{n}": b"" for n in range(10_001)})).bomb


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-30], lambda data: b"PK\x03\x04" + data[40:200], lambda data: b""]
)
def test_L18_a_cut_zip_is_no_workbook(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>" * 50})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(NotAWorkbook):
        look_at_workbook(path)


def test_a_zip_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("readme.txt", "x")
    with pytest.raises(NotAWorkbook):
        look_at_workbook(path)
