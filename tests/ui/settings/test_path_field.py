"""A path that does not fit: cut in its middle, whole where it is read and copied."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from sana_desktop.ui.settings.path_field import PathField
from sana_desktop.ui.theme.theme import Theme

LONG = "/home/maria/Downloads/" + "reports of the whole department/" * 6 + "for the audit"


def test_what_is_painted_is_another_text_and_what_is_read_is_the_path(qtbot: QtBot, theme: Theme) -> None:
    field = PathField("folder", "Download folder")
    qtbot.addWidget(field)
    field.resize(300, 30)
    field.show()
    field.show_path(LONG)
    assert field.text() == LONG
    assert LONG in field.toolTip()
    # Two paths that begin alike are told apart by their ends, which are in sight.
    first = field.grab().toImage()
    field.show_path(LONG + " 2027")
    assert field.grab().toImage() != first


def test_a_path_that_fits_is_painted_as_any_text(qtbot: QtBot, theme: Theme) -> None:
    field = PathField("folder", "Download folder")
    qtbot.addWidget(field)
    field.resize(300, 30)
    field.show()
    field.show_path("/home")
    short = field.grab().toImage()
    field.show_path(LONG)
    assert field.grab().toImage() != short
