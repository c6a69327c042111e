"""The small file that is read before the first paint."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.store.first_look import FILE_NAME, FirstLook, load_first_look, save_first_look


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    look = FirstLook("dark", 1.25, b"\x00geometry", b"state\xff", "practice")
    save_first_look(tmp_path, look)
    assert load_first_look(tmp_path) == look
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"theme": "pink", "text_scale": 1, "geometry": "", "state": ""}', b"\xff" * 70_000,
     b'{"theme": "dark", "text_scale": "wide", "geometry": "", "state": ""}', b"[" * 60_000],
)  # fmt: skip
def test_an_unusable_file_means_the_defaults(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert load_first_look(tmp_path) == FirstLook()


def test_a_file_from_before_the_place_was_kept_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'{"theme": "dark", "text_scale": 1, "geometry": "", "state": ""}')
    assert load_first_look(tmp_path) == FirstLook("dark")


def test_a_folder_that_is_gone_is_no_obstacle(tmp_path: Path) -> None:
    save_first_look(tmp_path / "gone", FirstLook())
    assert load_first_look(tmp_path / "gone") == FirstLook()
