"""`sana-desktop sandbox`: serve the demo workspace alone on loopback."""

from __future__ import annotations

import json
import sys

from sana_desktop.cli.commands import SandboxCommand


def run(command: SandboxCommand) -> int:
    """Serve until SIGINT, SIGTERM or, if asked, the end of standard input; return the exit code.

    When it is ready it prints one JSON line with its addresses and credentials (BEHAVIOUR.md).
    """
    if command.reporter:
        from sana_desktop.sandbox import reporter

        return reporter.main()
    # DuckDB and the web server are loaded only by the process that serves.
    from sana_desktop.sandbox.serve import serve

    def ready(description: dict[str, str]) -> None:
        print(json.dumps(description), flush=True)

    try:
        serve(
            port=command.port,
            rows=command.rows,
            ready=ready,
            state_dir=command.state,
            until_eof=command.until_eof,
        )
    except OSError as error:
        print(f"The demo workspace could not start: {error.strerror or error}.", file=sys.stderr)
        return 5
    return 0
