"""Checksums that a server announces for a whole file, and their check (BEHAVIOUR.md B4, L43)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1024 * 1024
_LENGTHS = {"sha-256": 32, "sha-512": 64, "sha-1": 20, "md5": 16, "crc32": 4}
_AMAZON = {"sha256": "sha-256", "sha1": "sha-1", "crc32": "crc32"}
_DICTIONARY_ITEM = re.compile(r"\s*([A-Za-z0-9*-]+)\s*=\s*:?([A-Za-z0-9+/=_-]+):?\s*")


@dataclass(frozen=True, slots=True)
class Checksum:
    """A digest the server gave: `algorithm` is one of sha-256, sha-512, sha-1, md5, crc32."""

    algorithm: str
    digest: bytes


def announced(headers: Mapping[str, str], *, partial: bool) -> tuple[Checksum, ...]:
    """Return the usable checksums of the whole file among lower-case `headers`.

    Args:
        partial: the answer is a 206: then `Content-MD5` and Amazon's headers may speak of the part and are left out.
            `Repr-Digest` (RFC 9530) and `x-goog-hash` always speak of the whole.
    """
    found: list[Checksum | None] = []
    for header in ("repr-digest", "x-goog-hash"):
        for item in headers.get(header, "").split(","):
            match = _DICTIONARY_ITEM.fullmatch(item)
            if match:
                found.append(_checksum(match[1].lower(), match[2]))
    if not partial:
        found.append(_checksum("md5", headers.get("content-md5", "")))
        found += [
            _checksum(algorithm, headers.get(f"x-amz-checksum-{name}", "")) for name, algorithm in _AMAZON.items()
        ]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def mismatch(path: Path, expected: tuple[Checksum, ...], sha256: str) -> Checksum | None:
    """Return the first checksum that the file at `path` does not have, None if it has all. Blocks.

    Args:
        sha256: the file's own hash, hex, as computed while it streamed; spares a second reading.

    Raises:
        OSError: if the file can't be read.
    """
    for checksum in expected:
        own = bytes.fromhex(sha256) if checksum.algorithm == "sha-256" else _digest(path, checksum.algorithm)
        if own != checksum.digest:
            return checksum
    return None


def _checksum(algorithm: str, text: str) -> Checksum | None:
    if algorithm not in _LENGTHS or not text:
        return None
    try:
        digest = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None  # among them Amazon's checksums of checksums, `…-3`, which say nothing of the whole
    return Checksum(algorithm, digest) if len(digest) == _LENGTHS[algorithm] else None


def _digest(path: Path, algorithm: str) -> bytes:
    with path.open("rb", buffering=0) as file:
        if algorithm != "crc32":
            name = algorithm.replace("-", "")
            return hashlib.file_digest(file, lambda: hashlib.new(name, usedforsecurity=False)).digest()
        crc = 0
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc.to_bytes(4, "big")
