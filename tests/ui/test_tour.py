"""What the tour does before its first step; the whole of it runs in tests/e2e/test_demo.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.ui import tour


def test_a_folder_that_can_not_be_made_is_said_and_nothing_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")

    def never(*_: object) -> object:
        raise AssertionError("nothing must be started")

    assert tour.run(tmp_path / "file" / "tour", "", open_at=never, server_at=never) == 7  # type: ignore[arg-type]
    assert "can't be made" in capsys.readouterr().err
