"""What can be asked of the program, a frozen value a command; apart from its parser, which the window does not need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WindowCommand:
    """Open the window.

    Attributes:
        demo: start the embedded sandbox.
        tour: drive the window with no person at it, and put the pictures there.
        debug_crash: die of this signal once the window is ready, to show what is left then (P17).
    """

    demo: bool = False
    tour: Path | None = None
    debug_crash: str | None = None


@dataclass(frozen=True, slots=True)
class SandboxCommand:
    """Serve the sandbox alone.

    Attributes:
        port: of the Insights API; 0 takes a free one.
        rows: progress rows of the data set.
        state: folder in which jobs and credentials outlive a restart; None keeps nothing.
        until_eof: stop when standard input closes, so that it does not outlive a window that started it.
        reporter: be the process that writes the reports of a sandbox instead.
    """

    port: int
    rows: int
    state: Path | None
    until_eof: bool
    reporter: bool = False


@dataclass(frozen=True, slots=True)
class ExportCommand:
    """One report from SQL to verified file. Exactly one of `sql`, `sql_file` and `curl_file` is set; `-` is stdin."""

    workspace: str | None
    sql: str | None
    sql_file: str | None
    curl_file: str | None
    format: str | None
    out: Path | None
    overwrite: bool
    timeout_seconds: float
    profile: str | None
    quiet: bool
    json: bool


@dataclass(frozen=True, slots=True)
class SimulateCommand:
    """A simulated learner against the practice API.

    Attributes:
        url: of the service.
        user: whose id the outcomes are posted for; whoever gives it vouches that it is no real person.
        per_call: exercises a request; None takes what fits the mode.
        challenge: 0.0 to 1.0; None lets Sana decide.
        persona: stable name of who answers.
        ability: in logits, 0 is average; None is the persona's own.
    """

    url: str
    user: str
    steps: int
    mode: str
    per_call: int | None
    challenge: float | None
    paths: tuple[str, ...]
    tags: tuple[str, ...]
    review: bool
    persona: str
    ability: float | None
    seed: int
    json: bool


Command = WindowCommand | SandboxCommand | ExportCommand | SimulateCommand
