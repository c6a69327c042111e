"""Whether a folder lies on another computer: SQLite's write-ahead log needs shared memory, so not there (B11)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "webdav", "davfs", "9p", "ceph"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.glusterfs", "glusterfs", "lustre", "ocfs2", "gfs2"}
)
_DRIVE_REMOTE = 4


def is_network_folder(folder: Path) -> bool:
    """Return whether `folder` is known to lie on a network file system. Best effort: what can't be told is local."""
    if sys.platform == "win32":
        return _is_remote_drive(folder)
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return type_of_mount(os.path.realpath(folder), mounts) in _NETWORK_TYPES


def type_of_mount(path: str, mounts: str) -> str:
    """Return the file system type of the mount that holds `path`, from the text of /proc/self/mounts; empty if none."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescaped(fields[1])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _unescaped(field: str) -> str:
    # The kernel writes the four characters that would break a line as octal.
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field


def _is_remote_drive(folder: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    anchor = Path(os.path.realpath(folder)).anchor
    return anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(anchor) == _DRIVE_REMOTE
