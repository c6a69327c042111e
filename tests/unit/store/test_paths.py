from __future__ import annotations

import os
from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.store.paths import Paths


def test_one_variable_puts_everything_below_one_folder(tmp_path: Path) -> None:
    paths = Paths.here({"SANA_DESKTOP_HOME": str(tmp_path / "one")})
    everything = [paths.config, paths.data, paths.cache, paths.log, paths.downloads]
    assert all(folder.parent == tmp_path / "one" for folder in everything)
    assert len(set(everything)) == 5


def test_a_relative_home_does_not_move_with_the_program() -> None:
    assert Paths.here({"SANA_DESKTOP_HOME": "here"}).data.is_absolute()


def test_without_it_the_platform_says_where() -> None:
    paths = Paths.here({})
    assert paths == Paths.here({"SANA_DESKTOP_HOME": "  "})
    assert all("sana-desktop" in str(folder) for folder in (paths.config, paths.data, paths.cache, paths.log))
    assert paths.downloads.name == "Sana reports"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_D17_folders_are_for_this_user_alone_whatever_the_umask(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path / "deep" / "home")
    paths.data.mkdir(parents=True, mode=0o755)
    before = os.umask(0)
    try:
        paths.ensure()
        paths.ensure()
    finally:
        os.umask(before)
    assert {folder.stat().st_mode & 0o777 for folder in (paths.config, paths.data, paths.cache, paths.log)} == {0o700}
    assert not paths.downloads.exists()


def test_a_file_in_the_way_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    with pytest.raises(StorageError) as caught:
        Paths.below(tmp_path).ensure()
    assert caught.value.code == "E-DISK-PATH"
    assert str(tmp_path / "config") in caught.value.message


def test_trying_the_demo_leaves_nothing_in_the_real_folders() -> None:
    paths = Paths.below(Path("/x"))
    demo = paths.for_demo()
    assert [demo.config, demo.data, demo.cache, demo.log] == [
        folder / "demo" for folder in (paths.config, paths.data, paths.cache, paths.log)
    ]
    assert demo.downloads == paths.downloads / "Example data"
    assert demo.sandbox.is_relative_to(demo.data)
    # A pretend site that the plain window starts does not share its state with the demo's.
    assert paths.sandbox not in (demo.data, demo.sandbox)


def test_what_lies_where() -> None:
    paths = Paths.below(Path("/x"))
    assert paths.database.parent == paths.processes.parent == paths.data
    assert paths.log_file.parent == paths.log
