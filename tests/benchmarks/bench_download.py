"""A download of one gigabyte with hashing, row count and fsync, beside curl on the same object."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.live import ask, sandbox_process
from tests.benchmarks.table import Row, show
from tests.support.project import ROOT

SIZE = 10**9
RUNS = 3
GROWTH_BOUND_MB = 64.0
KINDS = ("app", "app-qt", "carrier", "httpx")


def fetch(how: str, link: str, folder: Path) -> dict[str, float]:
    folder.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.fetch_once", how, link, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(folder)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def fetch_by_curl(link: str, file: Path) -> dict[str, float]:
    before, began = os.times(), time.perf_counter()
    subprocess.run(["curl", "-s", "--noproxy", "*", "-o", str(file), link], check=True, timeout=600)
    seconds, after = time.perf_counter() - began, os.times()
    assert file.stat().st_size == SIZE
    file.unlink()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": seconds, "processor": processor, "growth_mb": 0.0}


async def test_one_gigabyte(tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl; python3 dev.py test names the packages to install")
    taken: dict[str, list[dict[str, float]]] = {kind: [] for kind in ("curl", *KINDS)}
    server = sandbox_process(tmp_path / "sandbox")
    address = await server.start()
    try:
        told = await asyncio.to_thread(ask, address, "/_sandbox/objects", {"name": "big.csv", "size": SIZE})
        link = str(told["url"])
        await asyncio.to_thread(fetch_by_curl, link, tmp_path / "curl.csv")
        for run in range(RUNS):
            taken["curl"].append(await asyncio.to_thread(fetch_by_curl, link, tmp_path / "curl.csv"))
            for kind in KINDS:
                taken[kind].append(await asyncio.to_thread(fetch, kind, link, tmp_path / f"{kind}-{run}"))
    finally:
        await server.stop()

    def middle(kind: str, what: str) -> float:
        return statistics.median(each[what] for each in taken[kind])

    speed = {kind: SIZE / 1e6 / middle(kind, "seconds") for kind in taken}
    curl = speed["curl"]
    rows = [
        Row("app, asyncio's loop", speed["app"], "MB/s", curl, curl / 2, at_least=True),
        Row("app, Qt's loop", speed["app-qt"], "MB/s", curl, curl / 2, at_least=True),
        Row("link client alone, thrown away", speed["carrier"], "MB/s", curl),
        Row("plain httpx alone, thrown away", speed["httpx"], "MB/s", curl),
    ]
    for kind in KINDS:
        rows.append(Row(f"{kind}, processor", middle(kind, "processor"), "s", middle("curl", "processor")))
    for kind in ("app", "app-qt"):
        rows.append(Row(f"{kind}, growth of peak memory", middle(kind, "growth_mb"), "MB", bound=GROWTH_BOUND_MB))
    misses = show(f"Download of {SIZE / 1e9:.0f} GB, median of {RUNS}; the peer is curl -o", rows)
    assert not misses
