"""Whatever happens to the database's bytes, the app starts, with a sound store, and says what it did (P12, P13)."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.base.errors import StorageError
from sana_desktop.store.database import Database, OpenReport
from tests.support.store_process import put

ROWS = 60


@pytest.fixture(scope="module")
def original() -> Iterator[Path]:
    """A data folder with some rows of some pages, and a backup of it."""

    async def fill(path: Path) -> None:
        database = Database(path)
        await database.open()
        for number in range(ROWS):
            await database.write(put(f"{number:03d}-" + "x" * 400))
        await database.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder) / "data" / "sana.db"))
        yield Path(folder) / "data"


async def look(path: Path) -> tuple[OpenReport, int]:
    database = Database(path)
    report = await database.open()
    try:
        assert await database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        rows = await database.read(lambda c: c.execute("SELECT * FROM settings").fetchall())
        assert await database.write(put("probe")) == 1
        return report, len(rows)
    finally:
        await database.close()


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_P12_any_stretch_of_bytes_overwritten(original: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copytree(original, Path(folder) / "data")) / "sana.db"
        size = path.stat().st_size
        start = data.draw(st.integers(0, size - 1), label="start")
        garbage = data.draw(st.binary(min_size=1, max_size=64), label="garbage")
        repeat = data.draw(st.integers(1, 200), label="repeat")
        with path.open("r+b") as file:
            file.seek(start)
            file.write((garbage * repeat)[: size - start])
        says_newer = int.from_bytes(path.read_bytes()[60:64], "big", signed=True) > 1
        try:
            report, rows = asyncio.run(look(path))
        except StorageError as error:
            # The one field that can't be told from a newer version's, and nothing but it.
            if says_newer and error.code == "E-DB-NEWER":
                return
            raise
        assert rows == ROWS
        assert bool(report.notices) == (report.restored_from is not None)


@settings(max_examples=12, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_P13_cut_off_anywhere(original: Path, share: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copytree(original, Path(folder) / "data")) / "sana.db"
        with path.open("r+b") as file:
            file.truncate(int(path.stat().st_size * share))
        report, rows = asyncio.run(look(path))
        assert rows == ROWS
        assert bool(report.notices) == (report.restored_from is not None)
