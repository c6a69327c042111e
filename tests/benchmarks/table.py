"""Plain tables of figures beside their peers and bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("what", "ours", "peer", "ratio", "bound", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: figures with their unit; a bound makes it a promise."""

    what: str
    ours: float
    unit: str = "s"
    peer: float | None = None
    bound: float | None = None
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether it is within its bound; a line without one always is."""
        if self.bound is None:
            return True
        return self.ours >= self.bound if self.at_least else self.ours <= self.bound

    def cells(self) -> tuple[str, ...]:
        """Return the words of the line, column by column."""
        ratio = "" if not self.peer else f"{self.ours / self.peer:.2f}"
        sign = "≥" if self.at_least else "≤"
        return (
            self.what,
            f"{self.ours:.3g} {self.unit}",
            "" if self.peer is None else f"{self.peer:.3g} {self.unit}",
            ratio,
            "" if self.bound is None else f"{sign} {self.bound:.3g} {self.unit}",
            "" if self.bound is None else "ok" if self.kept else "OVER" if not self.at_least else "UNDER",
        )


def show(title: str, rows: Iterable[Row], *notes: str) -> list[str]:
    """Print the table and return the lines that are out of their bounds."""
    rows = list(rows)
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    print(f"\n{title}")
    for line in lines:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    for note in notes:
        print(f"  {note}")
    return [row.what for row in rows if not row.kept]
