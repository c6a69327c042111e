"""What was chosen for a file, kept while the app runs: closing the dialog throws no choices away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.replay.file import Columns


@dataclass(frozen=True, slots=True)
class Kept:
    """What was chosen for a file; `settled` if somebody chose in which order its rows are sent."""

    columns: Columns
    mapping: Mapping
    settled: bool


class KeptChoices:
    """The choices, by file. Nothing of them is written to disk."""

    def __init__(self) -> None:
        self._kept: dict[Path, Kept] = {}

    def keep(self, path: Path, kept: Kept) -> None:
        """Keep what is chosen for a file."""
        self._kept[path] = kept

    def of(self, path: Path, columns: Columns) -> Kept | None:
        """Return what was chosen for a file; None if nothing was, or its head is another one by now."""
        found = self._kept.get(path)
        return found if found is not None and found.columns == columns else None
