"""Counts the records of a CSV file while its bytes stream by, exactly as Python's `csv` reader counts them.

A gigabyte must not cost a gigabyte of memory, nor the time of a reader that makes a string of every cell (11 s a
gigabyte; this takes 1.5 to 9, by the share of quoted cells). So whole stretches of lines are judged by single calls
into C: lines without a quote are counted by their line ends, stretches whose quoted cells stay on one line by one
regular expression, and only a record that is neither is read by the full grammar.

The grammar is the `csv` module's default dialect: a quote opens a quoted cell only at the cell's start, two quotes
inside are one, text after the closing quote is part of the cell, and `\\n`, `\\r\\n` and a lone `\\r` end a record.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MAX_RECORD_BYTES = 4 * 1024 * 1024
"""A record longer than this is taken for a quote that never closes: then nothing is counted rather than guessed."""
FORMULA_SCAN_BYTES = 32 * 1024 * 1024
"""Formula-like cells are counted in files up to this size: the search costs 9 s a gigabyte."""
_BLOCK = 1024 * 1024
"""One call into C looks at no more than this, so that other threads get their turn within a millisecond or two."""
_DELIMITERS = b",;\t|"
_FIRSTS = b"=+@-\t\r"


@dataclass(frozen=True, slots=True)
class TableCount:
    """What a table holds.

    Attributes:
        rows: data rows, the header not among them.
        columns: cells of the header.
        formula_cells: cells that a spreadsheet would run (start with = + - @ tab or CR and are no number, L48); None
            if they were not looked for.
    """

    rows: int
    columns: int
    formula_cells: int | None = None


class _Grammar(NamedTuple):
    stretch: re.Pattern[bytes]
    """As far as quoted cells stay on one line and are closed before a delimiter; stops at the first other quote."""
    record: re.Pattern[bytes]
    """One record by the full grammar, with its line end."""
    cell: re.Pattern[bytes]
    quoted: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    firsts: tuple[bytes, ...]
    """The characters that a formula begins with."""
    marks: bytes
    """Translates what a cell begins after to 0, what a formula begins with to 1, all else to 2."""


class CsvCounter:
    """Takes the bytes in any pieces and keeps the count; holds at most one record of them.

    Lines without any character count as `csv.reader` counts them, but not before the header, and not at the end of a
    file of several columns: there they are no rows. (In one column such a line is a row whose one value is empty.)
    """

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = False
        self._tail = b""
        self._grammar: _Grammar | None = None
        self._columns = 0
        self._records = 0
        self._blank_at_end = 0
        self._ends_open = False
        self._formulas = 0
        self._seen = 0
        self._given_up = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the file."""
        for start in range(0, len(data), _BLOCK):
            if self._given_up:
                return
            self._take(data[start : start + _BLOCK], last=False)

    def result(self) -> TableCount | None:
        """Return the count at the end of the file; None if it can't be read as a table. Call it once."""
        if not self._given_up:
            self._take(b"", last=True)
        if self._given_up:
            return None
        formulas = self._formulas if self._seen <= FORMULA_SCAN_BYTES else None
        blank = 0 if self._ends_open or self._columns == 1 else self._blank_at_end
        records = self._records - blank
        return TableCount(max(records - 1, 0), self._columns, formulas)

    def ends_in_a_quotation(self) -> bool:
        """Return whether the file ends inside a quoted cell, as far as it can be read. Call it once, for `result`."""
        return self.result() is not None and self._ends_open

    def _take(self, data: bytes, *, last: bool) -> None:
        data = self._as_bytes(data, last=last)
        data = self._tail + data
        if last and data and data[-1:] not in b"\r\n":
            data += b"\n"
        # What follows the last line end, and a CR whose LF may still come, waits for more.
        usable = len(data) if last else max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        text, self._tail = data[:usable], data[usable:]
        if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        used = self._count(text, last=last)
        if used < len(text):
            self._tail = text[used:] + self._tail
        if len(self._tail) > MAX_RECORD_BYTES:
            self._given_up = True

    def _as_bytes(self, data: bytes, *, last: bool) -> bytes:
        """Return the bytes as UTF-8 without a mark at the start; UTF-16 is translated."""
        if not self._begun:
            if len(self._tail) + len(data) < 3 and not last:
                return data
            data, self._tail = self._tail + data, b""
            self._begun = True
            if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
            elif data.startswith(codecs.BOM_UTF8):
                data = data[3:]
        if self._decoder is not None:
            return self._decoder.decode(data, final=last).encode("utf-8", "replace")
        return data

    def _count(self, text: bytes, *, last: bool) -> int:
        """Count the complete records at the start of `text` and return how many bytes they are."""
        position = 0
        if self._grammar is None:
            begun = self._read_header(text, last=last)
            if begun is None:
                return 0
            position = begun
        if self._grammar is None:
            return position
        start = position
        if text.find(b'"', position) < 0:
            self._records += text.count(b"\n", position)
            position = len(text)
            self._note_blanks(text, start)
        else:
            position = self._count_quoted(self._grammar, text, position, last=last)
            self._note_blanks(text[:position], start)
        if self._seen <= FORMULA_SCAN_BYTES:
            self._scan_formulas(self._grammar, text[start:position])
        return position

    def _read_header(self, text: bytes, *, last: bool) -> int | None:
        """Learn delimiter and columns from the first record; return where it ends, None if it is not whole yet."""
        start = len(text) - len(text.lstrip(b"\r\n"))
        grammar = _grammar(_delimiter(text[start:]))
        match = grammar.record.match(text, start)
        if match is None and not last:
            return None
        if start == len(text):
            return start
        # The reader takes a quote that never closes as closed at the end of the file.
        self._ends_open = match is None
        header = match.group() if match else text[start:] + b'"'
        self._grammar = grammar
        self._columns = len(grammar.cell.findall(b"\n" + (header.rstrip(b"\r\n") if match else header)))
        self._records = 1
        return match.end() if match else len(text)

    def _count_quoted(self, grammar: _Grammar, text: bytes, position: int, *, last: bool) -> int:
        text = b"\n" + text  # the grammar looks back at what ended the line before
        position += 1
        while position < len(text):
            match = grammar.stretch.match(text, position)
            stop = match.end() if match else position
            begin = text.rfind(b"\n", 0, stop) + 1
            if begin > position:
                self._records += text.count(b"\n", position, begin)
                position = begin
            if stop == len(text):
                break
            record = grammar.record.match(text, position)
            if record is None:
                if not last:
                    break
                self._records += 1  # a quote that never closes: the reader gives the rest as one record
                self._ends_open = True
                position = len(text)
                break
            self._records += 1
            position = record.end()
        return position - 1

    def _note_blanks(self, text: bytes, start: int) -> None:
        """Keep how many lines at the very end of what was counted (`text` from `start` on) are blank."""
        if start >= len(text):
            return
        end = len(text)
        while end > start and text[end - 1] in b"\r\n":
            end -= 1
        ends = text.count(b"\n", end)
        self._blank_at_end = self._blank_at_end + ends if end == start else ends - 1

    def _scan_formulas(self, grammar: _Grammar, text: bytes) -> None:
        if not text:
            return
        self._seen += len(text)
        text = b"\n" + text
        if b'"' in text:
            # Keep what decides (the first character of short numbers and of everything else) and drop the inside.
            text = grammar.quoted.sub(rb"\1", text)
        # Most text has none, which two calls into C see several times as fast as the expression does; and where not
        # one of the characters occurs, a few even quicker calls do.
        if any(first in text for first in grammar.firsts) and b"\x00\x01" in text.translate(grammar.marks):
            self._formulas += len(grammar.formula.findall(text))


def _delimiter(text: bytes) -> bytes:
    """Return the likeliest delimiter of the first line: the most frequent one outside quotes, at best the comma."""
    line = re.sub(rb'"[^"]*"?', b"", text[:65536]).replace(b"\r", b"\n").split(b"\n", 1)[0]
    best = max(_DELIMITERS, key=lambda each: line.count(bytes([each])))
    return bytes([best])


def _marks(delimiter: bytes) -> bytes:
    table = bytearray(b"\x02" * 256)
    for character in _FIRSTS:
        table[character] = 1
    for character in delimiter + b"\n":
        table[character] = 0
    return bytes(table)


@lru_cache(maxsize=8)
def _grammar(delimiter: bytes) -> _Grammar:
    d = re.escape(delimiter)
    quoted = b'"[^"]*+(?:""[^"]*+)*+"'
    cell = b"(?:" + quoted + b'|(?!"))[^' + d + rb"\r\n]*+"
    starters = b"=+@\\-" if delimiter == b"\t" else b"=+@\\-\\t"
    number = rb"[+-]?(?:\d[\d.]*|\.\d+)(?:[eE][+-]?\d+)?(?=" + d + rb"|[\r\n])"
    return _Grammar(
        stretch=re.compile(
            b'(?:[^"]*+(?<=[' + d + b'\\n])"[^"\\n]*+(?:"(?:"|' + d + b'")[^"\\n]*+)*+"(?=[' + d + b'\\r\\n]))*+[^"]*+'
        ),
        record=re.compile(cell + b"(?:" + d + cell + b")*+(?:\\r\\n|\\n|\\r)"),
        cell=re.compile(b"(?:(?<=\\n)|" + d + b")" + cell),
        quoted=re.compile(b"(?<=[" + d + b'\\n])"([^"]{0,24})[^"]*+(?:""[^"]*+)*+"'),
        formula=re.compile(b"[" + d + b"\\n](?=[" + starters + b"\\r])(?!" + number + b")(?!\\r\\n)"),
        firsts=tuple(bytes([first]) for first in _FIRSTS if first not in delimiter),
        marks=_marks(delimiter),
    )
