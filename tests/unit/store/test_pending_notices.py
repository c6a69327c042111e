"""What a command found wrong with the store reaches the person at the next window, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sana_desktop.base.words import Words
from sana_desktop.store.database import Database
from sana_desktop.store.opening import Notice, OpenReport
from sana_desktop.store.pending_notices import hand_over
from sana_desktop.store.settings import UNTOLD_NOTICES, Settings

RESTORED = Notice("W-DB-RESTORED", Words("The backup of {time} is in use.", time="2026-03-04 10:00 UTC"))
NETWORK = Notice("W-DB-NETWORK", Words("It lies on a network drive."))
OWN = Notice("W-DB-LOG-MISSING", Words("A part is missing."))


@pytest_asyncio.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield await loaded(database)
    await database.close()


async def loaded(database: Database) -> Settings:
    settings = Settings(database)
    await settings.load()
    return settings


async def test_P12_what_an_export_found_is_told_by_the_next_window_and_only_by_it(settings: Settings) -> None:
    found = OpenReport(network=True, notices=(RESTORED, NETWORK))
    assert await hand_over(settings, found, to_a_window=False) == found
    assert await hand_over(settings, OpenReport(), to_a_window=False) == OpenReport()
    window = await hand_over(await loaded(settings._database), OpenReport(notices=(OWN,)), to_a_window=True)
    assert window.notices == (RESTORED, OWN)
    assert window.notices[0].words.values == {"time": "2026-03-04 10:00 UTC"}
    again = await hand_over(await loaded(settings._database), OpenReport(), to_a_window=True)
    assert again.notices == ()


@pytest.mark.parametrize(
    "stored", ["", "[]", "{}", '{"template": "{x}", "values": {}}', '{"template": 1, "values": 2}']
)
async def test_what_can_not_be_read_is_left_out(settings: Settings, stored: str) -> None:
    await settings.set(UNTOLD_NOTICES, {"W-DB-RESTORED": stored})
    report = await hand_over(settings, OpenReport(), to_a_window=True)
    assert [str(notice.words) for notice in report.notices] in ([], ["{x}"])
