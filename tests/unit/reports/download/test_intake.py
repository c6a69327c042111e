"""One body on its way into the partial file: bounded, judged early, unpacked (BEHAVIOUR.md L17, L39 to L44)."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.disk.partfile import PartFile
from sana_desktop.reports.download.attempts import AttemptFailed, Ending
from sana_desktop.reports.download.decoding import Inflater
from sana_desktop.reports.download.intake import Intake
from sana_desktop.reports.records.transfer import TransferState
from tests.support.clock import ManualClock

DATA = b"a,b\n" + b"1,2\n" * 2_000


async def pieces(data: bytes, size: int = 700) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def take(
    folder: Path,
    body: AsyncIterator[bytes],
    *,
    total: int | None = None,
    cap: int | None = None,
    inflater: Inflater | None = None,
    clock: ManualClock | None = None,
) -> bytes:
    clock = clock or ManualClock()
    part = await PartFile.create(DiskFiles(), folder / ".a.part")

    async def tick(now: float) -> None:
        assert now == clock.monotonic()

    try:
        await Intake(part, clock, tick, total=total, cap=cap, inflater=inflater).take(body)
    finally:
        await part.close()
    return part.path.read_bytes()


async def test_a_body_is_taken_as_it_comes(tmp_path: Path) -> None:
    assert await take(tmp_path, pieces(DATA), total=len(DATA)) == DATA


async def test_L17_what_is_beyond_the_total_is_dropped(tmp_path: Path) -> None:
    assert await take(tmp_path, pieces(DATA + b"more" * 999), total=len(DATA)) == DATA


async def test_L42_an_endless_body_ends_at_the_cap(tmp_path: Path) -> None:
    with pytest.raises(Ending) as caught:
        await take(tmp_path, pieces(DATA), cap=4_000)
    assert (caught.value.state, caught.value.keep) == (TransferState.FAILED, False)


async def test_L44_a_web_page_is_refused_at_its_first_bytes(tmp_path: Path) -> None:
    with pytest.raises(AttemptFailed) as caught:
        await take(tmp_path, pieces(b"<!doctype html><html>" + b" " * 9_000))
    assert (caught.value.once, caught.value.anew) == ("type", True)


async def test_L39_a_packed_body_is_unpacked_and_a_damaged_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(DATA)
    (tmp_path / "b").mkdir()
    assert await take(tmp_path, pieces(packed, 50), inflater=Inflater("gzip")) == DATA
    with pytest.raises(AttemptFailed) as caught:
        await take(tmp_path / "b", pieces(b"\0" * 900), inflater=Inflater("gzip"))
    assert caught.value.once == "packing"


async def test_N18_a_trickle_is_a_standstill(tmp_path: Path) -> None:
    clock = ManualClock()

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"a"
            await clock.advance(31.0)

    with pytest.raises(AttemptFailed) as caught:
        await take(tmp_path, trickle(), clock=clock)
    assert caught.value.error.code == "E-DL-STALLED"
