"""What a command asks for, before its secrets are lifted out: the common ground of curl and PowerShell."""

from __future__ import annotations

from dataclasses import dataclass, field

from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words


@dataclass(slots=True)
class Draft:
    """A request as a command describes it. Holds secrets in the clear, so it has no repr and lives only briefly.

    Attributes:
        method: as given, or None where the command leaves it to the tool.
        url: as given.
        headers: name and value, in order.
        data: parts of the body; curl joins them with `&`.
        user: name and password of `-u`.
        data_in_url: whether the data belong to the address (`-G`).
        notes: what was left out or put right.
    """

    method: str | None = None
    url: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    user: str | None = None
    data_in_url: bool = False
    head: bool = False
    substituted: bool = False
    notes: list[Words] = field(default_factory=list)

    def __repr__(self) -> str:
        return "Draft(…)"

    def note(self, words: Words) -> None:
        """Add a note, once."""
        if words not in self.notes:
            self.notes.append(words)


def file_refused() -> UserError:
    """Return the error for a command that takes its query from a file: such a file is never read (T13)."""
    return UserError(
        "This command takes its text from a file (an @ in front of a name). A file named in a command is never opened.",
        code="E-PASTE-FILE",
        next_step="Open that file yourself, copy the query in it and paste that here.",
    )
