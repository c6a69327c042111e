"""Bounded unpacking of a body that came packed though it was asked for as it is (BEHAVIOUR.md F4, L39, L40)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE_BYTES = 1024 * 1024
"""Largest piece that one call gives out: one packed chunk may hold a thousand times its size."""


class CannotDecode(Exception):
    """The packing is unknown, damaged, cut, or its check sum is wrong."""


class Inflater:
    """Unpacks gzip or deflate piece by piece, never more than `PIECE_BYTES` at a time.

    Raises:
        CannotDecode: if `encoding` is neither.
    """

    def __init__(self, encoding: str) -> None:
        if encoding in {"gzip", "x-gzip"}:
            self._bits = 31  # with zlib's own check of length and CRC at the end
        elif encoding == "deflate":
            self._bits = zlib.MAX_WBITS
        else:
            raise CannotDecode(f"content encoding {encoding[:40]!r}")
        self._inflate = zlib.decompressobj(self._bits)
        self._fed = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to.

        Raises:
            CannotDecode: if it is damaged.
        """
        while data:
            if self._inflate.eof:  # gzip files may be joined
                self._inflate = zlib.decompressobj(self._bits)
            self._fed = True
            try:
                piece = self._inflate.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise CannotDecode(str(error)) from None
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if piece:
                yield piece

    def finish(self) -> None:
        """Check that the packed data came to its own end.

        Raises:
            CannotDecode: if it is cut.
        """
        if not self._fed or not self._inflate.eof:
            raise CannotDecode("the packed data is cut")
