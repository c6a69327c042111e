"""Checksums that a server announces, and whether the file has them (BEHAVIOUR.md B4, L43)."""

from __future__ import annotations

import base64
import hashlib
import zlib
from pathlib import Path

import pytest

from sana_desktop.reports.disk.checksums import Checksum, announced, mismatch

DATA = b"a,b\n1,2\n" * 1_000
SHA256 = hashlib.sha256(DATA).hexdigest()
DIGESTS = {
    "sha-256": hashlib.sha256(DATA).digest(),
    "sha-512": hashlib.sha512(DATA).digest(),
    "sha-1": hashlib.sha1(DATA, usedforsecurity=False).digest(),
    "md5": hashlib.md5(DATA, usedforsecurity=False).digest(),
    "crc32": zlib.crc32(DATA).to_bytes(4, "big"),
}


def text(algorithm: str) -> str:
    return base64.b64encode(DIGESTS[algorithm]).decode()


@pytest.mark.parametrize(
    ("header", "value", "algorithm"),
    [
        ("repr-digest", f"sha-256=:{text('sha-256')}:", "sha-256"),
        ("repr-digest", f"unknown=:AAAA:, sha-512=:{text('sha-512')}:", "sha-512"),
        ("x-goog-hash", f"crc32c=AAAAAA==,md5={text('md5')}", "md5"),
        ("content-md5", text("md5"), "md5"),
        ("x-amz-checksum-sha1", text("sha-1"), "sha-1"),
        ("x-amz-checksum-crc32", text("crc32"), "crc32"),
    ],
)
def test_L43_each_kind_of_header_is_read_and_compared(header: str, value: str, algorithm: str, tmp_path: Path) -> None:
    (found,) = announced({header: value}, partial=False)
    assert found == Checksum(algorithm, DIGESTS[algorithm])
    path = tmp_path / "a.csv"
    path.write_bytes(DATA)
    assert mismatch(path, (found,), SHA256) is None
    other = Checksum(algorithm, bytes(len(found.digest)))
    assert mismatch(path, (found, other), SHA256) == other


def test_what_speaks_of_a_part_is_not_taken_for_the_whole() -> None:
    headers = {"content-md5": text("md5"), "x-amz-checksum-sha256": text("sha-256")}
    assert announced(headers, partial=True) == ()
    assert len(announced({**headers, "repr-digest": f"sha-256=:{text('sha-256')}:"}, partial=True)) == 1


@pytest.mark.parametrize("value", ["", "not base64", "AAAA", f"{text('sha-256')}-3"])
def test_unusable_ones_are_left_out(value: str) -> None:
    assert announced({"x-amz-checksum-sha256": value, "repr-digest": f"sha-256=:{value}:"}, partial=False) == ()
