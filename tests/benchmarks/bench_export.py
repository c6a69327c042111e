"""What an export takes beyond the job's own time, in the running app, beside the vendor's recipe: seconds and looks."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.records.job import Order
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.workspace.demo import DEMO_ID
from tests.benchmarks.live import LiveApp, live_app
from tests.benchmarks.table import Row, show

pytestmark = pytest.mark.qt_loop

RUNS = {0.7: 7, 2.3: 7, 10.4: 3}
HISTORY = 3
RECIPE = Path(__file__).with_name("recipe.sh")


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds beyond the job's own, and looks at the job."""

    seconds: float
    looks: int


def query(duration: float, name: str) -> str:
    return f"-- sandbox: slow {duration}; size 10e6\nSELECT '{name}' AS name"


def looks(live: LiveApp) -> int:
    return sum(count for what, count in live.requests().items() if what.startswith("GET /api/v1/reports/jobs/"))


async def by_app(live: LiveApp, duration: float, name: str) -> Taken:
    before = await asyncio.to_thread(looks, live)
    done: asyncio.Future[TransferRecord] = asyncio.get_running_loop().create_future()

    def heard(record: TransferRecord) -> None:
        if record.state is TransferState.DONE and not done.done():
            done.set_result(record)

    end = live.services.downloads.changed.subscribe(heard)
    began = time.perf_counter()
    await live.services.queue.order(Order(DEMO_ID, name, query(duration, name), ReportFormat.CSV))
    record = await asyncio.wait_for(done, 60)
    seconds = time.perf_counter() - began - duration
    end()
    assert record.total is not None
    assert abs(record.total - 10_000_000) < 100_000
    await asyncio.sleep(0.3)
    return Taken(seconds, await asyncio.to_thread(looks, live) - before)


async def by_recipe(live: LiveApp, duration: float, name: str, folder: Path) -> Taken:
    before = await asyncio.to_thread(looks, live)
    body = json.dumps({"query": query(duration, name), "format": "csv"})
    file = folder / "recipe.csv"
    variables = {"PATH": os.environ["PATH"], "NO_PROXY": "*"}
    arguments = [str(RECIPE), live.address.insights_url, live.address.token.reveal(), body, str(file)]

    def run() -> float:
        import subprocess

        began = time.perf_counter()
        subprocess.run(["sh", *arguments], env=variables, check=True, timeout=60)
        return time.perf_counter() - began - duration

    seconds = await asyncio.to_thread(run)
    assert abs(file.stat().st_size - 10_000_000) < 100_000
    file.unlink()
    return Taken(seconds, await asyncio.to_thread(looks, live) - before)


@pytest.mark.parametrize("duration", RUNS)
async def test_overhead_of_an_export(duration: float, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl; python3 dev.py test names the packages to install")
    runs = RUNS[duration]
    first: list[Taken] = []
    known: list[Taken] = []
    recipe: list[Taken] = []
    async with live_app(tmp_path) as live:
        await by_app(live, 0.7, "warm up")
        await by_recipe(live, 0.7, "warm up", tmp_path)
        for _ in range(HISTORY):
            await by_app(live, duration, "known")
        for run in range(runs):
            recipe.append(await by_recipe(live, duration, f"recipe {run}", tmp_path))
            first.append(await by_app(live, duration, f"first {run}"))
            known.append(await by_app(live, duration, "known"))
    peer = statistics.median(taken.seconds for taken in recipe)
    peer_looks = statistics.median(taken.looks for taken in recipe)
    rows = []
    for what, taken, part in (("first time", first, 1.0), ("history knows it", known, 0.5)):
        seconds = statistics.median(each.seconds for each in taken)
        rows.append(Row(f"{what}, overhead", seconds, "s", peer, peer * part))
        rows.append(Row(f"{what}, looks", statistics.median(each.looks for each in taken), "", peer_looks, peer_looks))
    misses = show(
        f"Export of a 10 MB CSV, job of {duration} s, median of {runs}; the peer is the vendor's recipe",
        rows,
        "all overheads: "
        + "; ".join(
            f"{what} " + " ".join(f"{each.seconds:.2f}/{each.looks}" for each in taken)
            for what, taken in (("recipe", recipe), ("first", first), ("known", known))
        ),
    )
    assert not misses
