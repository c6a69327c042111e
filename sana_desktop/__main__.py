"""The start: reads the command line and hands over to what it asks for, loading nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sana_desktop.cli.commands import ExportCommand, SimulateCommand


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (those of the process if None) ask for, and return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given:
        return _run_asked(given)
    # The usual start, and the only one where a person watches: it does not wait for the parser to load.
    from sana_desktop.bootstrap import run_window

    return run_window()


def _run_asked(given: Sequence[str]) -> int:
    from sana_desktop.base.errors import UserError
    from sana_desktop.cli.arguments import parse
    from sana_desktop.cli.commands import ExportCommand, SandboxCommand, SimulateCommand, WindowCommand

    try:
        command = parse(given)
    except UserError as error:
        from sana_desktop.cli import outcome

        return outcome.report_usage(error, as_json="--json" in given)
    match command:
        case SandboxCommand():
            from sana_desktop.cli import sandbox

            return sandbox.run(command)
        case ExportCommand():
            return _export(command)
        case SimulateCommand():
            return _simulate(command)
        case WindowCommand():
            from sana_desktop.bootstrap import run_window

            return run_window(command)


def _export(command: ExportCommand) -> int:
    # Loading the rest takes a moment in which somebody may already press Ctrl-C.
    try:
        from sana_desktop.cli import interruption

        interruption.treat_as_ctrl_c()
        from sana_desktop.bootstrap import run_export

        return run_export(command)
    except KeyboardInterrupt:
        from sana_desktop.cli import interruption

        return interruption.report(as_json=command.json)


def _simulate(command: SimulateCommand) -> int:
    try:
        from sana_desktop.cli import interruption

        interruption.treat_as_ctrl_c()
        from sana_desktop.bootstrap import run_simulation

        return run_simulation(command)
    except KeyboardInterrupt:
        from sana_desktop.cli import interruption

        return interruption.report(as_json=command.json, words=interruption.SIMULATION_WORDS)


if __name__ == "__main__":
    sys.exit(main())
