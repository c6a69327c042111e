"""The process around the window: its names, and what a second start does when nobody answers."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sana_desktop.base.errors import UserError
from sana_desktop.reports.services import Services
from sana_desktop.store.ownership import FolderLock
from sana_desktop.store.paths import Paths
from sana_desktop.ui import single_instance
from sana_desktop.ui.app import make_application, read_site, run_window
from sana_desktop.ui.example import Server


def never_opened() -> AbstractAsyncContextManager[Services]:
    raise AssertionError("the services must not be opened")


def never_made() -> Server:
    raise AssertionError("the demo workspace must not be made")


def test_the_application_is_one_and_outlives_its_window(qapp: QApplication) -> None:
    made = make_application()
    assert made is qapp
    assert made.applicationDisplayName() == "Sana Desktop"
    assert not made.quitOnLastWindowClosed()


def test_a_second_start_opens_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(single_instance, "START_MS", 60)
    paths = Paths.below(tmp_path)
    paths.ensure()
    lock = FolderLock(paths.data)
    lock.acquire()
    try:
        assert run_window(paths, never_opened, never_made, demo=False) == 1
    finally:
        lock.release()
    assert "is using the same data folder" in capsys.readouterr().err


def test_a_folder_that_can_not_be_used_is_said(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert run_window(Paths.below(tmp_path / "file"), never_opened, never_made, demo=False) == 1
    assert capsys.readouterr().err.strip()


def test_a_typed_site_is_read() -> None:
    assert read_site("acme") == "https://acme.sana.ai"
    with pytest.raises(UserError):
        read_site("http://elsewhere.example")
