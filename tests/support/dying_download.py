"""A report from the order to the file, in processes that kill themselves at a given step (BEHAVIOUR.md P02, B6).

`python -m tests.support.dying_download` loads the app once and forks a child for each line of JSON that it reads; so a
run costs its own work only. A child goes on with what its folder holds, or orders the report if nothing is there.
Steps are the touches of the disk by a download, each before and after, and every save of a job or a download.
"""

from __future__ import annotations

import asyncio
import errno
import functools
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sana_desktop.api import aiohttp_transport  # noqa: F401 - loaded before the first fork
from sana_desktop.api.auth import PastedToken
from sana_desktop.api.models import ReportFormat
from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.redaction import Secret
from sana_desktop.bootstrap import open_services
from sana_desktop.reports.disk import placeholder
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState, Order, TimelineEntry
from sana_desktop.reports.records.ledger import JobChange, Ledger
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord
from sana_desktop.reports.services import Services
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.connections import Access, Connection, Mark
from tests.support.project import ROOT

NEVER = 0
SITE = "acme"
MAX_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What a child did: its steps in order, the last one being where it died if it did, and the state it ended in."""

    died: bool
    steps: tuple[str, ...]
    job: str
    transfer: str


class Mortals:
    """The process that forks. Use it as a context manager; each run is a child."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.support.dying_download"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=MAX_SECONDS)

    def run(self, home: Path, site: dict[str, str], sql: str, die_at: int | str = NEVER, *, links: bool = True) -> Ran:
        """Order the report, or go on with it, in `home`; the child dies at a step, by its number or its name.

        Args:
            links: whether its disk knows hard links; FAT does not.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked: dict[str, Any] = {"home": str(home), "url": site["insights_url"], "token": site["token"], "sql": sql}
        asked |= {"die_at": die_at, "links": links}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = json.loads(self._process.stdout.readline())
        steps = home / "steps"
        lines = tuple(steps.read_text().splitlines())
        steps.unlink()
        if code == -signal.SIGKILL:
            return Ran(True, lines, "", "")
        assert code == 0, (code, (home / "failure").read_text())
        return Ran(False, lines, *(home / "end").read_text().splitlines())


class Steps:
    """Writes each step down before it is taken, and ends the process at the one it is to die at."""

    def __init__(self, path: Path, die_at: int | str) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._die_at = die_at
        self._taken = 0

    def take(self, name: str) -> None:
        os.write(self._descriptor, f"{name}\n".encode())
        self._taken += 1
        if self._die_at in (self._taken, name):
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """Make a step before and one after each call of a function."""
        real: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(real)
        def stepping(*arguments: Any, **named: Any) -> Any:
            self.take(f"before {name}")
            result = real(*arguments, **named)
            self.take(f"after {name}")
            return result

        setattr(owner, name, stepping)

    def install(self, *, links: bool) -> None:
        """Put steps into everything a report's way touches."""
        if not links:
            os.link = _no_links
            self.around(placeholder, "fill")
        for name in ("create", "reopen", "truncate", "sync", "sync_folder", "move_new", "replace", "remove"):
            self.around(DiskFiles, name)
        self.around(os, "link")
        write, save_transfer, save_jobs = DiskFiles.write, Ledger.save_transfer, Ledger.save_jobs

        def written(files: DiskFiles, descriptor: int, data: bytes) -> None:
            self.take("before write")
            write(files, descriptor, data[: len(data) // 2])
            self.take("in the middle of write")
            write(files, descriptor, data[len(data) // 2 :])
            self.take("after write")

        async def transfer_saved(ledger: Ledger, record: TransferRecord, *entries: TimelineEntry) -> None:
            self.take(f"before save of transfer {record.state}")
            await save_transfer(ledger, record, *entries)
            self.take(f"after save of transfer {record.state}")

        async def jobs_saved(ledger: Ledger, changes: Sequence[JobChange]) -> None:
            state = " ".join(change.record.state for change in changes)
            self.take(f"before save of job {state}")
            await save_jobs(ledger, changes)
            self.take(f"after save of job {state}")

        for owner, name, function in (
            (DiskFiles, "write", written),
            (Ledger, "save_transfer", transfer_saved),
            (Ledger, "save_jobs", jobs_saved),
        ):
            setattr(owner, name, function)


def _no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


async def _carry_on(asked: dict[str, str]) -> tuple[str, str]:
    """Do as the window does at its start, order if nothing was ordered, and return how job and download ended."""
    paths = Paths.below(Path(asked["home"]))
    paths.ensure()
    async with asyncio.timeout(MAX_SECONDS), open_services(paths, adopts_others=True) as services:
        site = Connection(SITE, SITE, parse_workspace(asked["url"]), "slate", Mark.TEST, Access.PASTED)
        services.book.lend(site)
        services.clients.give_credentials(SITE, PastedToken(Secret(asked["token"])))
        news = asyncio.Event()
        services.queue.changed.subscribe(lambda _: news.set())
        services.downloads.changed.subscribe(lambda _: news.set())
        await services.queue.restore()
        await services.downloads.restore()
        if not await services.ledger.jobs():
            await services.queue.order(Order(SITE, "Report", asked["sql"], ReportFormat.CSV))
        while True:
            news.clear()
            job, transfer = await _both(services)
            ended = job.state not in OPEN_STATES and job.state is not JobState.READY
            if ended or (transfer is not None and transfer.state not in OPEN_TRANSFERS):
                return job.state.value, transfer.state.value if transfer else "none"
            await news.wait()


async def _both(services: Services) -> tuple[JobRecord, TransferRecord | None]:
    (job,) = await services.ledger.jobs()
    return job, await services.ledger.transfer_of(job.id)


def _child(asked: dict[str, Any]) -> int:
    home = Path(asked["home"])
    home.mkdir(exist_ok=True)
    try:
        Steps(home / "steps", asked["die_at"]).install(links=asked["links"])
        end = asyncio.run(_carry_on(asked))
        (home / "end").write_text("\n".join(end))
    except BaseException:
        (home / "failure").write_text(traceback.format_exc())
        return 1
    return 0


def main() -> None:
    """Fork a child for each line of standard input and print its exit code."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(_child(json.loads(line)))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
