"""A query that can't be seen is not changed, closed, found in or ordered by the window's commands."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.ui.scenes import editing

OF_THE_EDITOR = (
    "file.close",
    "file.rename",
    "edit.find",
    "edit.replace",
    "edit.comment",
    "edit.tab_key",
    "query.format",
    "query.get_report",
    "query.xlsx",
    "query.next_tab",
)


def everything(page: ReportsPage) -> tuple[object, ...]:
    """What the commands could change."""
    area = page.editor
    edit = area.current_edit()
    assert edit is not None
    return (
        area.tabs.ids(),
        area.current_id(),
        edit.toPlainText(),
        edit.tabChangesFocus(),
        area.find_bar.isHidden(),
        area.order_bar.chosen_format(),
    )


@pytest.mark.parametrize("name", OF_THE_EDITOR)
def test_a_command_of_the_editor_does_nothing_elsewhere_and_its_entry_is_grey(
    qtbot: QtBot, theme: Theme, icons: Icons, name: str
) -> None:
    window = editing(theme, icons)
    assert isinstance(window, MainWindow)
    qtbot.addWidget(window)
    window.show()
    page = window.findChild(ReportsPage)
    assert page is not None
    before = everything(page)
    window.go_to("connections")
    window.actions_by_name.action(name).trigger()
    assert everything(page) == before
    assert window.actions_by_name.action("query.csv").isChecked()
    menu = window.actions_by_name.menu(name.split(".")[0])
    menu.aboutToShow.emit()
    assert not window.actions_by_name.action(name).isEnabled()
    menu.aboutToHide.emit()
    window.go_to("reports")
    menu.aboutToShow.emit()
    assert window.actions_by_name.action(name).isEnabled()
    menu.aboutToHide.emit()
