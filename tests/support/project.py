"""Where the project's files are, for tests that read them instead of running them."""

from __future__ import annotations

import ast
import functools
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sana_desktop"


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file of the project that git tracks or would track."""
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        pytest.skip("needs git and a checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(path for name in sorted(listed.split("\0")) if (path := ROOT / name).is_file())


@functools.cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def place(path: Path) -> str:
    """A module's place inside the package, such as `api/transport.py`."""
    return path.relative_to(PACKAGE).as_posix()


def dotted(path: Path) -> str:
    """A module's name for import, such as `sana_desktop.api.transport`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
