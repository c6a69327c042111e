from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.store.filesystem import is_network_folder, type_of_mount

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/maria/local xfs rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/usr/lib", "ext4"),
        ("/home/maria", "nfs4"),
        ("/home", "nfs4"),
        ("/homely", "ext4"),
        ("/home/maria/local/data", "xfs"),
        ("/mnt/my share/data", "cifs"),
        ("/", "ext4"),
    ],
)
def test_the_nearest_mount_counts(path: str, kind: str) -> None:
    assert type_of_mount(path, MOUNTS) == kind


def test_a_later_mount_covers_an_earlier_one_at_the_same_place() -> None:
    assert type_of_mount("/a", "x /a ext4 rw\ny /a nfs rw\n") == "nfs"
    assert type_of_mount("/a", "") == ""


def test_a_folder_of_this_computer_is_local(tmp_path: Path) -> None:
    assert not is_network_folder(tmp_path)
    assert not is_network_folder(tmp_path / "not there yet")
