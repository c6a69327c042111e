"""What the practice API keeps between runs: a file of answers, one JSON line each, never grown past a bound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer taken in. `exercise` is the whole object where the catalogue does not have it, else only its id.
    Times are seconds since 1970."""

    user_id: str
    exercise: Mapping[str, object] | str
    success: float
    weight: float
    completed: float
    arrived: float


class PracticeRecord:
    """Appends to `path`; without one it forgets. A full file becomes the older one beside it, and the one that was
    there before goes, so at most the newest answers in two files are kept. A torn line is skipped."""

    def __init__(self, path: Path | None, most_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._file: TextIO | None = None

    def append(self, entry: Entry) -> None:
        """Written to the file at once: a killed process loses nothing that it said it had."""
        if self._path is None:
            return
        if self._file is None:
            self._file = self._opened(self._path)
        self._file.write(json.dumps(list(asdict(entry).values()), separators=(",", ":")) + "\n")
        self._file.flush()
        if self._file.tell() > self._most_bytes:
            self.close()
            self._path.replace(self._older(self._path))

    def read(self) -> Iterator[Entry]:
        """Everything kept, oldest first."""
        if self._path is None:
            return
        for path in (self._older(self._path), self._path):
            with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    entry = _entry(line)
                    if entry is not None:
                        yield entry

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _older(self, path: Path) -> Path:
        return path.with_suffix(".old")

    def _opened(self, path: Path) -> TextIO:
        file = path.open("a+", encoding="utf-8", newline="\n")
        if file.tell():
            file.write("\n")  # a killed process may have left half a line
        return file


def _entry(line: str) -> Entry | None:
    try:
        user_id, exercise, *numbers = json.loads(line)
        success, weight, completed, arrived = map(float, numbers)
    except (ValueError, TypeError):
        return None
    if isinstance(user_id, str) and isinstance(exercise, str | dict):
        return Entry(user_id, exercise, success, weight, completed, arrived)
    return None
