"""M10: whatever name a file host proposes, the file has ours and lies in the folder (BEHAVIOUR.md B5, F13)."""

from __future__ import annotations

import io
import re
from pathlib import Path

import xlsxwriter

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.records.transfer import TransferState
from tests.support.download_rig import Rig, StoredFile, csv_bytes

CSV = csv_bytes(3)
OURS = re.compile(r"acme_Course-completions_[0-9]{8}-[0-9]{4}_[A-Za-z0-9]{1,8}( \([0-9]+\))?\.(csv|xlsx)", re.ASCII)
TRAP = "{trap}"
"""Stands for the path of a file of the person's outside the folder."""

HOSTILE = (
    'attachment; filename="../../.bashrc"',
    'attachment; filename="..\\..\\evil.exe"',
    'attachment; filename="....//....//evil.csv"',
    'attachment; filename="..%2f..%2fevil.csv"',
    'attachment; filename="%2e%2e/evil.csv"',
    f'attachment; filename="{TRAP}"',
    f"attachment; filename={TRAP}",
    f"attachment; filename*=UTF-8''{TRAP}",
    f'attachment; filename="file://{TRAP}"',
    'attachment; filename="../trap.txt"',
    'attachment; filename="C:\\Windows\\System32\\drivers\\etc\\hosts"',
    'attachment; filename="C:evil.csv"',
    'attachment; filename="\\\\198.51.100.7\\share\\evil.csv"',
    'attachment; filename="//198.51.100.7/share/evil.csv"',
    'attachment; filename="\\\\?\\C:\\evil.csv"',
    'attachment; filename="\\\\.\\PhysicalDrive0"',
    'attachment; filename="/dev/sda"',
    'attachment; filename="~/.ssh/authorized_keys"',
    'attachment; filename="$HOME/.profile"',
    'attachment; filename="%APPDATA%\\evil.csv"',
    "attachment; filename*=UTF-8''report%00.csv.exe",
    "attachment; filename*=UTF-8''%E2%80%AEvsc.exe",  # a right-to-left override: reads as exe.csv
    "attachment; filename*=UTF-8''%EF%BC%8E%EF%BC%8E%EF%BC%8Fevil.csv",  # full-width dots and slash
    "attachment; filename*=UTF-8''a%0D%0AX-Evil:%201.csv",
    "attachment; filename*=UTF-16LE''%2E%00%2E%00%2F%00",
    "attachment; filename*=no-such-charset''%ff%fe",
    'attachment; filename*0="../.."; filename*1=/evil.csv',
    'attachment; filename="\u00e2\u0080\u00aevsc.exe"',  # the same, as raw bytes
    'attachment; filename="CON.csv"',
    'attachment; filename="aux"',
    'attachment; filename="COM1.txt.csv"',
    'attachment; filename="report.csv:evil.exe"',  # another stream of the same file on NTFS
    'attachment; filename="report.csv::$DATA"',
    'attachment; filename="evil.exe. . ."',
    'attachment; filename="evil.desktop"',
    'attachment; filename=".."',
    'attachment; filename=""',
    'attachment; filename="; rm -rf ~; $(touch evil) `touch evil` | evil"',
    f'attachment; filename="{"a" * 4_000}.csv"',
    'inline; filename="evil.html"; filename="../evil.csv"; =; ;;"',
)


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["user", "score"])
    return out.getvalue()


def everything(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


async def test_M10_forty_hostile_names_from_the_host_change_no_name_and_leave_no_folder(tmp_path: Path) -> None:
    assert len(set(HOSTILE)) == 40
    trap = tmp_path / "trap.txt"
    trap.write_text("somebody's own")
    sheet = workbook()
    async with Rig(tmp_path / "machine") as rig:
        before = everything(tmp_path)
        expected: dict[str, bytes] = {}
        jobs = []
        for number, value in enumerate(HOSTILE):
            kind, data = ((ReportFormat.CSV, CSV), (ReportFormat.XLSX, sheet))[number % 2]
            header = ("Content-Disposition", value.replace(TRAP, str(trap)))
            rig.serve(StoredFile(data, headers=(header, ("Content-Type", "text/html"))), path=f"/report{number}")
            jobs.append((await rig.ready(path=f"/report{number}", kind=kind), kind, data))
        for job, kind, data in jobs:
            record = await rig.settled(job)
            assert record.state is TransferState.DONE, (record.error_code, job)
            assert OURS.fullmatch(record.name), record.name
            assert record.name.endswith(f".{kind.value}")
            assert Path(record.folder) == rig.folder
            expected[record.name] = data
        assert len(expected) == 40
        assert {name: (rig.folder / name).read_bytes() for name in rig.left()} == expected
        database = {path for path in everything(tmp_path) if path.name.startswith("state.db")}
        assert everything(tmp_path) - before - database == {rig.folder / name for name in expected}
        assert trap.read_text() == "somebody's own"
