"""The start: reads the command line and hands over to what it asks for, loading nothing else."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
"""As in `typing`, whose loading takes milliseconds in which Ctrl-C could not be answered yet."""
if TYPE_CHECKING:
    from collections.abc import Sequence

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
    # Loading takes a moment in which somebody may already press Ctrl-C.
    try:
        from sana_desktop.base import ctrl_c

        ctrl_c.hold()
        try:
            return _run_read(given)
        finally:
            ctrl_c.forget()
    except KeyboardInterrupt:
        return _interrupted(given)


def _run_read(given: Sequence[str]) -> int:
    from sana_desktop.base import ctrl_c
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

            ctrl_c.let_go()
            return sandbox.run(command)
        case ExportCommand():
            return _export(command)
        case SimulateCommand():
            return _simulate(command)
        case WindowCommand():
            from sana_desktop.bootstrap import run_window

            ctrl_c.let_go()
            return run_window(command)


def _export(command: ExportCommand) -> int:
    from sana_desktop.cli import interruption

    interruption.treat_as_ctrl_c()
    from sana_desktop.bootstrap import run_export

    return run_export(command)


def _simulate(command: SimulateCommand) -> int:
    from sana_desktop.cli import interruption

    interruption.treat_as_ctrl_c()
    from sana_desktop.bootstrap import run_simulation

    return run_simulation(command)


def _interrupted(given: Sequence[str]) -> int:
    from sana_desktop.base import ctrl_c

    ctrl_c.hold()
    try:
        from sana_desktop.cli import interruption

        return interruption.report(given[0], as_json="--json" in given)
    finally:
        ctrl_c.forget()


if __name__ == "__main__":
    sys.exit(main())
