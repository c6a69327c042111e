"""What the log of `export` tells afterwards: each step, also of a download that was cut off, and no secret (B12)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop import __version__
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store.paths import Paths
from tests.support.export_command import ExportBench, ThisProcess


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=2_000, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture
def bench(
    sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> ExportBench:
    folder = tmp_path / "work"
    folder.mkdir()
    return ExportBench(sandbox, folder, tmp_path / "home", here=ThisProcess(monkeypatch, capsysbinary))


def log_of(bench: ExportBench) -> str:
    return (Paths.below(bench.home).log / "export.log").read_text("utf-8")


def test_l03_a_cut_download_is_in_the_log_step_by_step(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("cut 2000000; size 4000000"), "--out", "a.csv", "--json")
    assert ended.answer["ok"], ended.message
    text = log_of(bench)
    steps = [line.split(": ", 1)[1] for line in text.splitlines()]
    assert steps[0] == f"Sana Desktop {__version__} started"
    assert steps[-1] == f"Sana Desktop {__version__} stopped"
    jobs = [step.rsplit(": ", 1)[1] for step in steps if step.startswith("job ")]
    assert jobs == ["queued", "submitting", "watching", "ready"]
    downloads = [step for step in steps if step.startswith("download ")]
    assert any("(E-" in step and " of 4000000 bytes" in step for step in downloads), downloads
    assert downloads[-1].endswith("done, 4000000 of 4000000 bytes, resumes 1")
    check_no_secret(bench, text)


def test_a_refused_query_is_in_the_log_without_its_words(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("fail because of canary-4410"), "--out", "a.csv", "--json")
    assert "canary-4410" in ended.message
    text = log_of(bench)
    assert ": failed (E-" in text
    assert "canary-4410" not in text
    check_no_secret(bench, text)


def check_no_secret(bench: ExportBench, text: str) -> None:
    described = bench.server.describe()
    for name in ("token", "client_secret", "api_key"):
        assert described[name] not in text
    assert bench.mark not in text
    assert "SELECT" not in text
    assert "a.csv" not in text
