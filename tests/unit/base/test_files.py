"""Files read whole and bounded, in the encodings that programs write; and their hash."""

from __future__ import annotations

import codecs
import hashlib
import os
import sys
from pathlib import Path

import pytest

from sana_desktop.base.files import TooLong, decoded, read_text, sha256_of

TEXT = "SELECT 'é€😀'"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16 of Windows", "the other UTF-16"],
)
def test_a_text_is_the_same_in_every_encoding(raw: bytes, tmp_path: Path) -> None:
    assert decoded(raw) == TEXT
    (tmp_path / "f").write_bytes(raw)
    assert read_text(tmp_path / "f", len(raw)) == TEXT
    with pytest.raises(TooLong):
        read_text(tmp_path / "f", len(raw) - 1)


@pytest.mark.parametrize("raw", [b"SELECT '\xe9'", codecs.BOM_UTF16_LE + b"x"])
def test_what_is_no_text_is_not_guessed(raw: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(raw)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        read_text(tmp_path / "gone", 10)
    with pytest.raises(OSError, match=tmp_path.name):
        read_text(tmp_path, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe"):
        read_text(tmp_path / "pipe", 10)


@pytest.mark.parametrize("size", [0, 1, 700_000])
def test_a_file_has_its_hash_and_size(size: int, tmp_path: Path) -> None:
    data = os.urandom(size)
    (tmp_path / "f").write_bytes(data)
    assert sha256_of(tmp_path / "f") == (hashlib.sha256(data).hexdigest(), size)
    with pytest.raises(FileNotFoundError):
        sha256_of(tmp_path / "gone")
