"""A store that was lost does not take the reports with it: the folder is looked through (P12, P13, B11)."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.api.origin import parse_workspace
from sana_desktop.bootstrap import open_services
from sana_desktop.reports import rescan as module
from sana_desktop.reports.disk.names import part_name, report_file_name
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.reports.rescan import look_through, rescan
from sana_desktop.reports.services import Services
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.connections import Access
from tests.support.records import START, job, transfer

HERE = datetime(2026, 3, 4, 9, 12).astimezone()
"""Names are in the time zone of this computer."""


def named(title: str, kind: ReportFormat = ReportFormat.CSV) -> str:
    return report_file_name("Acme", title, HERE, "job-4", kind)


async def deliver(services: Services, title: str) -> str:
    """A report that was fetched, with its records."""
    name = named(title)
    folder = services.paths.downloads
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x\n1\n")
    await services.ledger.save_job(replace(job(title, JobState.READY), ready_at=START))
    record = transfer(title, TransferState.DONE, job=title, folder=str(folder), name=name, received=4, sha256="known")
    await services.ledger.save_transfer(record)
    return name


async def test_P12_a_damaged_store_goes_back_to_its_backup_and_the_folder_tells_the_rest(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    async with open_services(paths, adopts_others=True) as services:
        earlier = await deliver(services, "earlier")  # the first close makes a backup
    async with open_services(paths, adopts_others=True) as services:
        later = await deliver(services, "later")
    content = bytearray(paths.database.read_bytes())
    page = random.Random(12).randrange(1, len(content) // 4096) * 4096
    content[page : page + 4096] = random.Random(13).randbytes(4096)
    paths.database.write_bytes(content)

    async with open_services(paths, adopts_others=True) as services:
        report = services.open_report
        assert report.quarantined is not None
        assert (report.quarantined / paths.database.name).read_bytes() == content
        assert report.restored_from is not None
        assert [notice.code for notice in report.notices] == ["W-DB-RESTORED"]
        assert report.rescan
        found = await rescan(services)
        (record,) = found.records
        assert (record.name, record.state, record.received, record.sha256) == (later, TransferState.DONE, 4, "")
        assert record.found_again
        assert found.words() == f"I found 1 report again in {paths.downloads}; it is back in the list."
        assert {one.name for one in await services.ledger.transfers()} == {earlier, later}
        # What was asked for is lost: there is no job to show, to run again or to wait for.
        assert [one.id for one in await services.ledger.jobs()] == ["earlier"]
        assert await services.ledger.undelivered_jobs() == []
        # Once is enough.
        again = await rescan(services)
        assert (again.records, again.words()) == ((), None)
        # A look takes the hash, so that from here on a change is seen.
        seen = await services.downloads.verify(record.id)
        assert (seen.verified_ok, len(seen.sha256), seen.found_again) == (True, 64, True)
        (paths.downloads / later).write_bytes(b"x\n2\n")
        assert (await services.downloads.verify(record.id)).verified_ok is False


@pytest.mark.parametrize("content", [b"", b"not a database" * 1000])
async def test_P13_an_emptied_store_begins_with_what_the_folder_holds(tmp_path: Path, content: bytes) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    async with open_services(paths, adopts_others=True) as services:
        await deliver(services, "one")
        await deliver(services, "two")
    for backup in (paths.data / "backups").iterdir():
        backup.unlink()
    paths.database.write_bytes(content)
    async with open_services(paths, adopts_others=True) as services:
        assert [notice.code for notice in services.open_report.notices] == ["W-DB-EMPTIED"]
        found = await rescan(services)
        assert {record.name for record in found.records} == {named("one"), named("two")}
        assert "I found 2 reports again" in str(found.words())


def test_only_whole_files_with_names_of_ours_are_taken(tmp_path: Path) -> None:
    ours = [named("Course completions"), named("Who  fehlt?", ReportFormat.XLSX), named("One").replace(".", " (2).")]
    others = [
        "report.csv",
        "Acme_x_20260304-0912_job.pdf",
        "Acme_x_20269999-0912_job.csv",
        part_name(ours[0], "0123abcd"),
    ]
    for number, name in enumerate([*ours, *others]):
        (tmp_path / name).write_bytes(b"x" * (number + 1))
        os.utime(tmp_path / name, (START.timestamp() + number,) * 2)
    (tmp_path / named("a folder")).mkdir()
    if os.name == "posix":
        (tmp_path / named("a link")).symlink_to(tmp_path / ours[0])
    found, more = look_through(tmp_path)
    assert not more
    assert [file.name.whole for file in found] == ours[::-1]
    assert [file.bytes for file in found] == [3, 2, 1]
    assert (found[-1].name.report, found[-1].name.moment) == ("Course completions", HERE.astimezone(UTC))
    assert found[1].name.kind is ReportFormat.XLSX


def test_so_many_and_no_more(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / named(f"report {number}")).touch()
    assert [len(look_through(tmp_path, most)[0]) for most in (3, 4)] == [3, 4]
    assert [look_through(tmp_path, most)[1] for most in (3, 4)] == [True, False]
    assert look_through(tmp_path / "nowhere") == ([], False)


async def test_many_come_in_parts_and_the_site_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    paths = Paths.below(tmp_path)
    paths.ensure()
    paths.downloads.mkdir()
    for number in range(8):
        (paths.downloads / named(f"report {number}")).touch()
    async with open_services(paths, adopts_others=True) as services:
        acme = await services.book.add(parse_workspace("acme"), name="Acme", access=Access.PASTED)
        found = await rescan(services)
        assert len(found.records) == 8
        jobs = [await services.ledger.job(record.job) for record in found.records]
        assert {one.order.connection_id for one in jobs if one is not None} == {acme.id}
