"""A process that writes reports: an order a line on standard input, an answer a line on standard output.

What a stranger's query does it does in here, and nobody else is in here with it: some of the engine's functions can't
be interrupted, some queries crash the engine or leave it useless, some take all the memory they can have. The process
that serves kills this one (reporters.py), and this one ends when that one does.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from sana_desktop.sandbox import files
from sana_desktop.sandbox.engine import Engine, EngineLimits, QueryFailed
from sana_desktop.sandbox.memory import Confinement
from sana_desktop.sandbox.policy import CheckedQuery


def main() -> int:
    """Serve until standard input ends. The first line says where and within which limits, each other one what."""
    # Ctrl-C in a terminal is for the process that serves.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), name="orders", daemon=True).start()
    place = json.loads(lines.get())
    own = Path(place["own"])
    limits = EngineLimits(**place["limits"])
    engine = Engine(Path(place["folder"]), own / "spill", limits)
    # Above what the watch over a query lets it grow by: that one has words for it.
    confinement = Confinement(limits.growth * 5 // 4)
    _say({"ready": True})
    while True:
        order = json.loads(lines.get())
        answer = _write(engine, order["query"], Path(order["path"]), own)
        _say({**answer, "again": "etag" in answer and confinement.is_roomy()})


def _read(lines: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        lines.put(line)
    os._exit(0)  # also in the midst of a query


def _write(engine: Engine, query: str, path: Path, own: Path) -> dict[str, Any]:
    try:
        with engine.open(CheckedQuery(query, repeatable=True)) as reader:
            if path.suffix == ".xlsx":
                files.write_xlsx(reader, path, own)
            else:
                files.write_csv(reader, path)
        return {"etag": files.digest(path)}
    except QueryFailed as error:
        return {"failed": type(error).__name__, "message": str(error)}
    except Exception as error:  # who ordered hears of it
        return {"broken": type(error).__name__}


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
