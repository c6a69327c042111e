"""A place that can't be reached: the download waits and goes on by itself, and its story says so once (B4, N10)."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from sana_desktop.base.errors import LinkError, NetworkError
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import FileEvent
from sana_desktop.reports.records.transfer import TransferState
from tests.support.download_rig import Rig, StoredFile, csv_bytes, sha
from tests.support.fake_server import Reply

DATA = csv_bytes(3_000)
FAST = 1_000


async def story(rig: Rig) -> list[tuple[str, str]]:
    return [(line.event, line.detail) for line in await rig.ledger.timeline(rig.only().job)]


async def events(rig: Rig) -> list[str]:
    return [event for event, _ in await story(rig)]


def tries(rig: Rig) -> int:
    """Return how many tries reached nobody."""
    return len({record.next_try_at for record in rig.saved if record.next_try_at is not None})


def nobody() -> str:
    """Return a link to a port of this computer where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/report?signature=canary"


async def test_N02_a_host_that_is_away_for_long_is_tried_until_it_is_back_and_the_rest_is_fetched(
    tmp_path: Path,
) -> None:
    async with Rig(tmp_path, warp=FAST) as rig:
        port, half = rig.store.port, StoredFile(DATA, cuts=[30_000])
        rig.serve(half)
        await rig.ready()
        await rig.until(lambda: any(record.error_code == "E-NET-LOST" for record in rig.saved))
        await rig.store.stop()
        await rig.until(lambda: tries(rig) >= 12)
        record = rig.only()
        assert record.is_away
        assert "can't be reached just now. What has arrived is kept." in record.error_message
        assert "tried again by itself" in record.error_next_step
        assert TransferState.PAUSED not in {each.state for each in rig.saved}
        # While nobody answers nothing arrives, and nothing else is said.
        since = next(at for at, each in enumerate(rig.saved) if each.is_away)
        assert all(each.is_away for each in rig.saved[since:])
        waits = [
            (each.next_try_at - each.changed_at).total_seconds() for each in rig.saved if each.next_try_at is not None
        ]
        assert waits[0] <= 1.0
        assert 30.0 <= waits[-1] <= 60.0
        await rig.store.start(port)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        done = rig.only()
        assert (done.sha256, done.requests, done.resumes) == (sha(DATA), 2, 1)
        assert not any("Nothing was sent" in each.error_message for each in rig.saved)
        assert await events(rig) == [FileEvent.CUT, FileEvent.UNREACHED, FileEvent.REACHED, FileEvent.RESUMED]


async def test_N01_what_waits_for_its_host_leaves_its_place_to_others(tmp_path: Path) -> None:
    async with Rig(tmp_path, policy=DownloadPolicy(at_once=1)) as rig:
        rig.serve(StoredFile(DATA), path="/other")
        rig.queue.fresh = [NetworkError("Not now.", code="E-NET-LOST")]
        away = await rig.ready(url=nobody())
        await rig.until(lambda: tries(rig) >= 1)
        assert (await rig.settled(await rig.ready(path="/other"))).state is TransferState.DONE
        waiting = rig.manager.of_job(away.id)
        assert waiting is not None
        assert waiting.is_away
        # Nothing of it is here, so nothing is said to be kept.
        assert waiting.error_message.endswith("can't be reached just now.")


async def test_N10_a_link_that_leads_elsewhere_by_now_is_asked_for(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=FAST) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready(url=nobody()))
        assert (record.state, record.sha256, record.requests) == (TransferState.DONE, sha(DATA), 1)
        assert rig.queue.looks == 1


async def test_L24_a_link_that_ends_meanwhile_has_its_usual_end(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=FAST) as rig:
        rig.queue.fresh = [LinkError("No other.", code="E-LINK-EXPIRED")]
        rig.serve(StoredFile(DATA, cuts=[10_000]))
        await rig.ready(life=30.0)
        await rig.until(lambda: any(record.error_code == "E-NET-LOST" for record in rig.saved))
        port = rig.store.port
        await rig.store.stop()
        await rig.until(lambda: tries(rig) >= 8)
        rig.serve(Reply(403))
        await rig.store.start(port)
        await rig.until(lambda: rig.only().state is TransferState.LINK_ENDED)


async def test_what_a_person_does_meanwhile_is_told(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=FAST) as rig:
        port, half = rig.store.port, StoredFile(DATA, cuts=[30_000])
        rig.serve(half)
        await rig.ready()
        await rig.until(lambda: any(record.error_code == "E-NET-LOST" for record in rig.saved))
        await rig.store.stop()
        await rig.until(lambda: tries(rig) >= 2)
        identity = rig.only().id
        await rig.manager.pause(identity)
        assert (rig.only().state, rig.only().error_message) == (TransferState.PAUSED, "")
        made = tries(rig)
        for _ in range(20):
            await asyncio.sleep(0)
        assert tries(rig) == made
        await rig.store.start(port)
        await rig.manager.resume(identity)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        told = await story(rig)
        assert [event for event, _ in told] == [
            FileEvent.CUT,
            FileEvent.UNREACHED,
            FileEvent.PAUSED,
            FileEvent.GOES_ON,
            FileEvent.RESUMED,
        ]
        assert [detail for _, detail in told[2:4]] == ["by hand", "by hand"]


async def test_a_start_goes_on_with_it_and_tells_when_it_was_reached(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=FAST) as rig:
        port = rig.store.port
        rig.serve(StoredFile(DATA, cuts=[30_000]))
        await rig.ready()
        await rig.until(lambda: any(record.error_code == "E-NET-LOST" for record in rig.saved))
        await rig.store.stop()
        await rig.until(lambda: tries(rig) >= 3)
        await rig.close()
        await rig.open()
        made = tries(rig)
        await rig.manager.restore()
        await rig.until(lambda: tries(rig) > made)
        await rig.store.start(port)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert await events(rig) == [FileEvent.CUT, FileEvent.UNREACHED, FileEvent.REACHED, FileEvent.RESUMED]


async def test_a_command_gives_up_after_five_tries(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=FAST, policy=DownloadPolicy().unasked()) as rig:
        record = await rig.settled(await rig.ready(url=nobody()))
        assert (record.state, record.error_code, record.error_kind) == (
            TransferState.PAUSED,
            "E-NET-CONNECT",
            "network",
        )
        assert "by itself" not in record.error_next_step


async def test_it_is_tried_at_once_when_its_site_has_finished_another_report(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=1) as rig:
        rig.queue.fresh = [NetworkError("Not now.", code="E-NET-LOST")]
        rig.serve(StoredFile(DATA))
        away = await rig.ready(url=nobody())
        await rig.until(lambda: tries(rig) >= 1)
        waiting = rig.manager.of_job(away.id)
        assert waiting is not None
        manager = rig.manager
        manager._misses[waiting.id] = 10
        await manager.retry(waiting.id)
        await rig.until(lambda: (last := manager.get(waiting.id)) is not None and last.is_away and tries(rig) >= 2)
        # Its next try is half a minute away or more.
        made = tries(rig)
        assert (await rig.settled(await rig.ready())).state is TransferState.DONE
        await rig.until(lambda: tries(rig) > made)
