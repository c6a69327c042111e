"""`python -m sana_desktop.sandbox`: the sandbox alone, without the rest of the app."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sana_desktop.sandbox.serve import serve
from sana_desktop.sandbox.server import DEFAULT_ROWS
from sana_desktop.sandbox.wire import PortTaken


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sana_desktop.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS)
    parser.add_argument("--state-dir", type=Path)
    parser.add_argument("--until-eof", action="store_true")
    given = parser.parse_args()
    try:
        serve(given.port, given.rows, _announce, given.state_dir, given.until_eof)
    except PortTaken as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _announce(description: dict[str, str]) -> None:
    print(json.dumps(description), flush=True)


if __name__ == "__main__":
    sys.exit(main())
