"""The project's files: what lies where, what never stands in one, and a test beside every module."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.support.project import PACKAGE, ROOT, dotted, files, modules, place, tree

TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dev.py",
    "packaging",
    "pyproject.toml",
    "resources",
    "sana_desktop",
    "tests",
}
LOCKS = sorted((ROOT / "packaging").glob("*.lock"))
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)

# In pieces, so that this file doesn't hold what it looks for.
MACHINE_PATH = re.compile("(?<![A-Za-z0-9_.])/" + "(?:work|root|farm)" + "/[A-Za-z0-9_.-]+")
REGISTRY = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(?:org|com)"]))

# Rooms that are proved through their outside: sockets, and widgets under mouse and keys. Their coverage is printed.
BY_BEHAVIOUR = ("sandbox/", "ui/")

pytestmark = pytest.mark.no_cover  # files are read here, nothing is run


def pins(lock: Path) -> dict[str, str]:
    return dict(PIN.findall(lock.read_text("utf-8")))


def test_nothing_else_at_the_top() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in files()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_packaging_hides_no_library() -> None:
    """A package named `packaging` is a library that others import; ours must stay a plain folder."""
    assert not list((ROOT / "packaging").rglob("__init__.py"))


def test_no_file_knows_one_machine_or_a_registry() -> None:
    wrong = []
    for path in files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        for pattern in (MACHINE_PATH, REGISTRY):
            wrong += [f"{path.relative_to(ROOT)}: {found}" for found in pattern.findall(text)]
    assert not wrong


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert pins(lock)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_the_locks_agree() -> None:
    """What people run and what is tested are the same versions."""
    runtime, dev = (pins(ROOT / "packaging" / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert runtime.items() <= dev.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in project["dependencies"]}
    assert wanted <= set(runtime), "run: python3 dev.py lock"


def test_the_lock_leaves_out_the_broken_pyside() -> None:
    versions = {
        name: pins(ROOT / "packaging" / "requirements.lock")[name] for name in ("pyside6-essentials", "shiboken6")
    }
    assert "6.12.0" not in versions.values()
    assert len(set(versions.values())) == 1
    assert re.search(r'PySide6-Essentials[^"]*!=6\.12\.0', (ROOT / "pyproject.toml").read_text("utf-8"))


def has_test(path: Path) -> bool:
    """Is there a test module of this module's name where it belongs, or one anywhere that takes it in hand itself?"""
    inside = path.relative_to(PACKAGE)
    named = ROOT / "tests" / "unit" / inside.parent / f"test_{inside.stem}.py"
    return named.exists() or dotted(path) in taken_in_hand()


@cache
def taken_in_hand() -> frozenset[str]:
    """The modules that tests, or what supports them, import something from; a name in a package counts as a module."""
    found: set[str] = set()
    for test in (path for path in (ROOT / "tests").rglob("*.py") if "benchmarks" not in path.parts):
        for node in ast.walk(tree(test)):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
    return frozenset(found)


def test_every_module_is_taken_in_hand_by_a_test() -> None:
    """tests/unit/<room>/test_<module>.py, or a test elsewhere that imports it."""
    without = {place(path) for path in modules() if path.name != "__init__.py" and not has_test(path)}
    without = {name for name in without if not name.startswith(BY_BEHAVIOUR)}
    assert "\n".join(sorted(without)) == ""


def test_the_changelog_speaks_to_users() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    sections = dict(re.findall(r"^## \[?([\w.]+)\]?[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert {"Unreleased", version} & set(sections)
    assert all(re.search(r"^- \S", body, re.MULTILINE) for body in sections.values())


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    init = (PACKAGE / "__init__.py").read_text("utf-8")
    assert f'__version__ = "{project["version"]}"' in init
