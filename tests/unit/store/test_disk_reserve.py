from __future__ import annotations

from pathlib import Path

from sana_desktop.store.disk_reserve import DiskReserve


def test_it_takes_room_and_gives_it_back(tmp_path: Path) -> None:
    ballast = DiskReserve(tmp_path / "ballast.bin", size=100_000, room=0)
    assert ballast.lay()
    assert ballast.lay()
    content = (tmp_path / "ballast.bin").read_bytes()
    assert len(content) == 100_000
    assert len(set(content)) > 200  # nothing that a disk could squeeze
    assert ballast.release()
    assert not ballast.release()
    assert list(tmp_path.iterdir()) == []


def test_it_is_not_what_fills_the_disk(tmp_path: Path) -> None:
    assert not DiskReserve(tmp_path / "ballast.bin", size=1, room=1 << 60).lay()
    assert list(tmp_path.iterdir()) == []


def test_without_its_folder_it_is_simply_not_there(tmp_path: Path) -> None:
    assert not DiskReserve(tmp_path / "missing" / "ballast.bin", size=1, room=0).lay()
