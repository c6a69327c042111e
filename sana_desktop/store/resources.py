"""Finds the files of `resources/`: in a checkout, in an installed package, in a frozen bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parents[1]


def resource_path(name: str) -> Path:
    """Return the file or folder that is called `name`, such as `icons/check.svg`.

    Raises:
        ValueError: if `name` leads out of the resources.
        FileNotFoundError: if there is no such resource.
    """
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name:
        raise ValueError(f"{name!r} is no name of a resource")
    path = resources_folder().joinpath(*pure.parts)
    if not path.exists():
        raise FileNotFoundError(f"the resource {name!r} is missing")
    return path


def read_text(name: str) -> str:
    """Return the text of a resource; the errors are those of `resource_path`."""
    return resource_path(name).read_text(encoding="utf-8")


@cache
def resources_folder() -> Path:
    """Return the folder of all resources.

    Raises:
        FileNotFoundError: if the installation is incomplete.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    places = [_PACKAGE / "_resources", _PACKAGE.parent / "resources"]
    if bundle is not None:
        places += [Path(bundle) / "sana_desktop" / "_resources", Path(bundle) / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError("the resources of the app are missing")
