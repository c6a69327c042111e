"""Files as they are read here: whole, up to a limit, as text; and the hash of one. All of it blocks."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TooLong(ValueError):
    """A file holds more than is read of one of its kind."""


def decoded(raw: bytes) -> str:
    """Return a text as programs write it: UTF-16 where its mark says so (PowerShell's redirection), else UTF-8, with or
    without a mark.

    Raises:
        UnicodeDecodeError: it is neither.
    """
    return raw.decode("utf-16" if raw.startswith(UTF16_MARKS) else "utf-8-sig")


def read_text(path: Path, limit: int) -> str:
    """Return the text in a file of at most `limit` bytes.

    Raises:
        OSError: it can't be read, or is no file.
        TooLong: it is longer; nothing of it is used.
        UnicodeDecodeError: it is no text.
    """
    if not path.is_file():
        # Also what is no file at all: opening a pipe would wait for ever.
        raise FileNotFoundError(path.name)
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise TooLong
    return decoded(raw)


def sha256_of(path: Path) -> tuple[str, int]:
    """Return hash (hex) of the file at `path`, and how many bytes it is of.

    Raises:
        OSError: if it can't be read.
    """
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
