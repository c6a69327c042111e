"""How the running app treats its loop and the processor: stalls under load, and what it costs when nothing happens."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer

from sana_desktop.api.models import ReportFormat
from sana_desktop.bootstrap import open_services
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.reports.services import Services
from sana_desktop.store import settings as keys
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.demo import DEMO_ID
from sana_desktop.workspace.demo_server import DemoAddress
from tests.benchmarks.live import LiveApp, ask, live_app
from tests.benchmarks.table import Row, show

pytestmark = pytest.mark.qt_loop

JOBS = 1_000
DOWNLOADS = 5
LISTEN_SECONDS = 20.0
BEAT_MS = 10
STALL_BOUND_MS = 16.0
IDLE_BOUND_PERCENT = 1.0
SETTLE_SECONDS = 10.0
"""What is loaded after the start, behind the window, is no idling yet."""


async def lags(seconds: float) -> list[float]:
    """Return by how many milliseconds each beat of a precise timer came late."""
    found: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        found.append(max((now - last) * 1000 - BEAT_MS, 0.0))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(BEAT_MS)
    timer.timeout.connect(beat)
    timer.start()
    await asyncio.sleep(seconds)
    timer.stop()
    return found


async def processor_percent(seconds: float) -> float:
    """Return how much of one processor this process took."""
    began, wall = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    return (time.process_time() - began) / (time.monotonic() - wall) * 100


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def order(sql: str) -> Order:
    return Order(DEMO_ID, "Benchmark", sql, ReportFormat.CSV)


async def watched(services: Services, address: DemoAddress, count: int) -> None:
    """Put jobs on disk that a dead process watched, all still running at the sandbox."""

    def submit(number: int) -> str:
        body = {"query": f"-- sandbox: slow 3600\nSELECT {number} AS n", "format": "csv"}
        return str(ask(address, "/api/v1/reports/query", body)["data"]["jobId"])

    def submit_all() -> list[str]:
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(submit, range(count)))

    now = services.clock.now()
    for number, job_id in enumerate(await asyncio.to_thread(submit_all)):
        sql = f"-- sandbox: slow 3600\nSELECT {number} AS n"
        record = JobRecord(
            f"{number:032x}", order(sql), JobState.WATCHING, now, now, job_id=job_id, submits=1, submitted_at=now
        )
        await services.ledger.save_job(record)


async def fetching(live: LiveApp) -> None:
    """Start the downloads: each so slow that it lasts as long as we listen."""
    for number in range(DOWNLOADS):
        sql = f"-- sandbox: slow 0.7; size 120e6; pace 3e6\nSELECT {number} AS download"
        await live.services.queue.order(order(sql))
    model = live.shell.downloads_model

    def flowing() -> bool:
        records = [model.record(row) for row in range(model.rowCount())]
        return sum(record.state is TransferState.FETCHING for record in records) == DOWNLOADS

    await live.until("the downloads", flowing)


async def test_stall_with_many_jobs_and_downloads(tmp_path: Path) -> None:
    async with live_app(tmp_path / "idle"):
        await asyncio.sleep(3)
        floor = await lags(LISTEN_SECONDS)

    paths = Paths.below(tmp_path / "busy")
    paths.ensure()
    async with open_services(paths, adopts_others=False) as services:
        await services.settings.set(keys.DOWNLOADS_AT_ONCE, DOWNLOADS)  # it counts from the next start

    async def prepare(services: Services, address: DemoAddress) -> None:
        await watched(services, address, JOBS)

    async with live_app(tmp_path / "busy", prepare) as live:
        model = live.shell.jobs_model
        await live.until("the jobs", lambda: model.rowCount() >= JOBS)
        await fetching(live)
        before = sum((await asyncio.to_thread(live.requests)).values())
        began = time.process_time()
        busy = await lags(LISTEN_SECONDS)
        taken = (time.process_time() - began) / LISTEN_SECONDS * 100
        asked = sum((await asyncio.to_thread(live.requests)).values()) - before
        moving = live.shell.downloads_model
        states = json.dumps([str(moving.record(row).state) for row in range(moving.rowCount())])
    misses = show(
        f"Loop lag in {LISTEN_SECONDS:.0f} s, {JOBS} watched jobs and {DOWNLOADS} downloads; the peer is the idle app",
        [
            Row("p99", p99(busy), "ms", p99(floor), STALL_BOUND_MS),
            Row("median", statistics.median(busy), "ms", statistics.median(floor)),
            Row("max", max(busy), "ms", max(floor)),
        ],
        f"{asked / LISTEN_SECONDS:.1f} requests a second, {taken:.0f} % of a processor; downloads: {states}",
    )
    assert not misses


async def test_processor_when_nothing_happens(tmp_path: Path) -> None:
    async with live_app(tmp_path / "idle"):
        await asyncio.sleep(SETTLE_SECONDS)
        nothing = await processor_percent(LISTEN_SECONDS)

    async def prepare(services: Services, address: DemoAddress) -> None:
        await watched(services, address, 10)

    async with live_app(tmp_path / "watching", prepare) as live:
        await live.until("the jobs", lambda: live.shell.jobs_model.rowCount() >= 10)
        await asyncio.sleep(SETTLE_SECONDS)
        watching = await processor_percent(LISTEN_SECONDS)
    misses = show(
        f"Processor of the app with its window in sight, over {LISTEN_SECONDS:.0f} s",
        [
            Row("nothing under way", nothing, "%", bound=IDLE_BOUND_PERCENT),
            Row("10 jobs watched", watching, "%"),
        ],
    )
    assert not misses
