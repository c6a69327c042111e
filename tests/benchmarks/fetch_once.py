"""Run as a process of its own: fetches a link once and prints seconds, processor seconds and growth of memory as JSON.

Arguments: how (`app` on asyncio's loop, `app-qt` on Qt's, `carrier` the app's link client alone, `httpx` plain httpx
alone; the last two throw the bytes away), the link, a folder.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from sana_desktop.api.links import LinkPolicy
from sana_desktop.api.transport import LinkTransport, load
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.records.transfer import TransferState
from tests.support.download_rig import Rig

Work = Callable[[], Coroutine[Any, Any, None]]


async def by_app(link: str, folder: Path) -> Work:
    rig = Rig(folder, warp=1.0)
    await rig.__aenter__()

    async def fetch() -> None:
        await rig.ready(url=link)
        await rig.until(lambda: bool(rig.saved) and rig.saved[-1].state is TransferState.DONE, 300)

    return fetch


async def by_carrier(link: str, folder: Path) -> Work:
    links = LinkTransport(LinkPolicy(loopback_allowed=True))

    async def fetch() -> None:
        async with links.open(Secret(link)) as answer:
            async for _ in answer.chunks():
                pass

    return fetch


async def by_httpx(link: str, folder: Path) -> Work:
    import httpx

    client = httpx.AsyncClient(trust_env=False)

    async def fetch() -> None:
        async with client.stream("GET", link) as answer:
            async for _ in answer.aiter_raw():
                pass

    return fetch


def peak_mb() -> float:
    """Return this program's peak memory. On Linux the usual figure starts with that of the process it was made from."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(how: str, link: str, folder: Path) -> dict[str, float]:
    await load()
    prepare = {"app": by_app, "app-qt": by_app, "carrier": by_carrier, "httpx": by_httpx}[how]
    work = await prepare(link, folder)
    before = peak_mb()
    processor, began = time.process_time(), time.perf_counter()
    await work()
    return {
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - processor,
        "growth_mb": peak_mb() - before,
    }


def main(how: str, link: str, folder: str) -> None:
    if how == "app-qt":
        from sana_desktop.ui.app import make_application
        from sana_desktop.ui.loop import run

        app = make_application()
        found = run(lambda: measure(how, link, Path(folder)))
        del app
    else:
        found = asyncio.run(measure(how, link, Path(folder)))
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
