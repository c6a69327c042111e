from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.store import resources
from sana_desktop.store.resources import read_text, resource_path, resources_folder


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    resources_folder.cache_clear()
    yield
    resources_folder.cache_clear()


def test_a_resource_of_the_checkout_is_found() -> None:
    assert "<svg" in read_text("icons/check.svg")
    assert resource_path("icons").is_dir()


@pytest.mark.parametrize("name", ["../README.md", "/etc/passwd", "icons/../../README.md", "icons\\check.svg", "C:/x"])
def test_nothing_outside_is_a_resource(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a resource"):
        resource_path(name)


def test_a_missing_one_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.svg"):
        resource_path("icons/nothing.svg")


@pytest.mark.parametrize("inside", ["sana_desktop/_resources", "resources"])
def test_in_a_bundle_they_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    (tmp_path / inside).mkdir(parents=True)
    (tmp_path / inside / "a.txt").write_text("bundled")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "nowhere" / "sana_desktop")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert read_text("a.txt") == "bundled"


def test_installed_they_lie_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources").mkdir()
    (tmp_path / "_resources" / "a.txt").write_text("installed")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert read_text("a.txt") == "installed"


def test_an_incomplete_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "nowhere" / "sana_desktop")
    with pytest.raises(FileNotFoundError, match="missing"):
        resources_folder()
