"""A path that is typed into Qt's own file dialog is the one that is taken, with real keys and the list beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QFileSystemModel,
    QLineEdit,
    QListView,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sana_desktop.ui.dialogs import choose_folder, choose_open_file, choose_save_file
from sana_desktop.ui.theme.theme import Theme
from tests.support.waiting import until


@pytest.fixture
def parent(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with two folders and two files."""
    for name in ("audits", "small"):
        (tmp_path / name).mkdir()
    for name in ("old.csv", "right.csv"):
        (tmp_path / name).write_text(name, "utf-8")
    return tmp_path


class Chooser:
    """The dialog that is open, and a person at it."""

    def __init__(self, parent: QWidget, asked: Coroutine[object, object, Path | None]) -> None:
        self._parent = parent
        self.answer = asyncio.get_running_loop().create_task(asked)

    async def open(self) -> Chooser:
        await until(lambda: any(one.isVisible() for one in self._parent.findChildren(QFileDialog)))
        self.dialog = next(one for one in self._parent.findChildren(QFileDialog) if one.isVisible())
        field = self.dialog.findChild(QLineEdit, "fileNameEdit")
        rows = self.dialog.findChild(QListView, "listView")
        assert isinstance(field, QLineEdit)
        assert isinstance(rows, QListView)
        self.field, self.rows = field, rows
        return self

    def mark(self, *paths: Path) -> None:
        """Leave these selected, as Qt does with folders that the path led through while their rows are still read."""
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        model = self.rows.model()
        assert isinstance(model, QFileSystemModel)
        self.rows.selectionModel().clear()
        for path in paths:
            self.rows.selectionModel().select(model.index(str(path)), flags)

    def type(self, text: str) -> None:
        self.field.setFocus()
        self.field.selectAll()
        QTest.keyClicks(self.field, text)

    def end(self, way: str) -> None:
        if way == "enter":
            QTest.keyClick(self.field, Qt.Key.Key_Return)
        else:
            box = self.dialog.findChild(QDialogButtonBox)
            assert isinstance(box, QDialogButtonBox)
            button = next(one for one in box.buttons() if box.buttonRole(one) is QDialogButtonBox.ButtonRole.AcceptRole)
            assert isinstance(button, QPushButton)
            assert button.isEnabled()
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("way", ["enter", "button"])
async def test_a_typed_folder_is_the_one_that_is_taken_and_not_its_parent(
    parent: QWidget, place: Path, way: str
) -> None:
    wanted = place / "small" / "reports"
    wanted.mkdir()
    chooser = await Chooser(parent, choose_folder(parent, "Folder", place / "small")).open()
    chooser.type(str(wanted))
    chooser.end(way)
    assert await chooser.answer == wanted


@pytest.mark.parametrize("way", ["enter", "button"])
@pytest.mark.parametrize("typed", ["path", "name"])
async def test_a_folder_that_the_path_led_through_is_not_taken(
    parent: QWidget, place: Path, way: str, typed: str
) -> None:
    wanted = place / "small"
    chooser = await Chooser(parent, choose_folder(parent, "Folder", place)).open()
    chooser.type(str(wanted) if typed == "path" else wanted.name)
    chooser.mark(place, wanted)
    assert Path(chooser.dialog.selectedFiles()[0]) == place, "this is what Qt would take"
    chooser.end(way)
    assert await chooser.answer == wanted


@pytest.mark.parametrize("way", ["enter", "button"])
async def test_a_typed_file_is_the_one_that_is_opened(parent: QWidget, place: Path, way: str) -> None:
    chooser = await Chooser(parent, choose_open_file(parent, "A file", place)).open()
    chooser.type(str(place / "right.csv"))
    chooser.mark(place / "old.csv", place / "right.csv")
    chooser.end(way)
    assert await chooser.answer == place / "right.csv"


@pytest.mark.parametrize("way", ["enter", "button"])
async def test_a_typed_name_is_the_one_that_is_written_and_no_other_is_asked_for(
    parent: QWidget, place: Path, way: str
) -> None:
    chooser = await Chooser(parent, choose_save_file(parent, "Save", place / "x.csv", ["Table (*.csv)"])).open()
    chooser.type(str(place / "new"))
    chooser.mark(place / "small", place / "audits")
    chooser.end(way)
    assert not chooser.dialog.findChildren(QMessageBox), "it asks whether another file may be replaced"
    assert not chooser.dialog.isVisible(), "another one is looked into"
    assert await chooser.answer == place / "new.csv"


async def test_a_row_that_is_clicked_is_taken_also_where_its_name_would_read_as_two(
    parent: QWidget, place: Path
) -> None:
    odd = place / 'a "b" c.csv'
    try:
        odd.write_text("x", "utf-8")
    except OSError:
        pytest.skip("no such name here")
    chooser = await Chooser(parent, choose_open_file(parent, "A file", place)).open()
    chooser.rows.setFocus()
    chooser.mark(odd)
    chooser.end("button")
    assert await chooser.answer == odd


async def test_a_folder_without_a_word_or_a_row_is_the_one_in_sight(parent: QWidget, place: Path) -> None:
    chooser = await Chooser(parent, choose_folder(parent, "Folder", place)).open()
    chooser.field.clear()
    chooser.dialog.accept()
    assert await chooser.answer == place
