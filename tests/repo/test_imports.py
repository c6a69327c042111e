"""What comes along when a room is imported, seen in a fresh interpreter: the layers as they are, not as they read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache

import pytest

from tests.support.project import PACKAGE, ROOT, dotted, modules

# For each room: the rooms it may bring along, and the libraries. A new room needs a line here.
WIRE = {"httpx", "aiohttp", "yarl", "truststore", "msgspec"}
DISK = {"msgspec", "platformdirs", "filelock", "keyring"}
TABLES = {"duckdb", "sqlglot", "xlsxwriter", "defusedxml"}
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "base": (set(), set()),
    "api": ({"base"}, WIRE),
    "store": ({"base"}, DISK),
    "workspace": ({"base", "api", "store"}, WIRE | DISK),
    "reports": ({"base", "api", "store", "workspace"}, WIRE | DISK | TABLES),
    "practice": ({"base", "api", "store", "workspace"}, WIRE | DISK),
    "sandbox": (set(), TABLES | {"starlette", "uvicorn", "h11", "msgspec"}),
    "cli": (
        {"base", "api", "store", "workspace", "reports", "practice", "sandbox", "bootstrap"},
        WIRE | DISK | TABLES | {"starlette", "uvicorn", "h11"},
    ),
    "ui": ({"base", "api", "store", "workspace", "reports", "practice"}, {"PySide6", "shiboken6", "qasync", "msgspec"}),
}
# What the window may not wait for before it is painted; these come afterwards.
AFTER_THE_FIRST_PAINT = WIRE | DISK | TABLES | {"starlette", "uvicorn", "h11"}
AFTER_THE_FIRST_PAINT -= {"msgspec", "platformdirs", "filelock"}

LOOK = """
import importlib, json, sys
came, seen = {}, set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module(name)
    came[name] = sorted(set(sys.modules) - seen)
    seen |= set(sys.modules)
print(json.dumps(came))
"""


def came_along(names: list[str]) -> dict[str, list[str]]:
    """What each import newly brought into one fresh interpreter, in order."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    asked = subprocess.run([sys.executable, "-c", LOOK, *names], cwd=ROOT, env=clean, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    came: dict[str, list[str]] = json.loads(asked.stdout)
    return came


@cache
def our_libraries() -> frozenset[str]:
    """The names under which the declared dependencies are imported, and the two that come inseparably with them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[^A-Za-z0-9_-]", line)[0].replace("-", "_") for line in project["dependencies"]}
    return frozenset(names - {"PySide6_Essentials"} | {"PySide6", "shiboken6"})


def test_names_of_the_libraries_are_read_from_the_project_file() -> None:
    assert {"httpx", "msgspec", "PySide6", "h11", "qasync"} <= our_libraries()
    known = set().union(*(libraries for _, libraries in ROOMS.values()))
    assert our_libraries() <= known, "a new dependency needs a place in the table above"


@pytest.mark.parametrize("room", sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()))
def test_a_room_brings_along_only_what_it_may(room: str) -> None:
    rooms, libraries = ROOMS[room]
    names = [dotted(path) for path in modules() if PACKAGE / room in path.parents]
    wrong = []
    for module, came in came_along(names).items():
        for name in came:
            top, _, rest = name.partition(".")
            if top == "sana_desktop":
                other = rest.partition(".")[0]
                forbidden = bool(other) and other not in rooms | {room}
            elif room == "base":
                forbidden = top not in sys.stdlib_module_names
            else:
                forbidden = top in our_libraries() - libraries
            if forbidden:
                wrong.append(f"{module} brings {name}")
    assert not wrong


def test_the_window_starts_without_the_slow_libraries() -> None:
    start = [dotted(path) for name in ("__main__", "bootstrap") if (path := PACKAGE / f"{name}.py").exists()]
    came = {name.partition(".")[0] for names in came_along(start).values() for name in names}
    assert not came & AFTER_THE_FIRST_PAINT
