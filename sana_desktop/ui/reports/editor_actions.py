"""The window's commands that work on the editor, tied to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sana_desktop.ui.actions import Actions
from sana_desktop.ui.reports.sql_edit import SqlEdit

if TYPE_CHECKING:
    from sana_desktop.ui.reports.editor import EditorArea


def bind_editor(area: EditorArea, actions: Actions) -> None:
    """Let the window's actions work on `area`."""
    bar = area.find_bar
    actions.on("file.new", lambda: _in_sight(area, area.new_query))
    actions.on("file.close", partial(_if_seen, area, area.close_query))
    actions.on("file.reopen", lambda: _in_sight(area, area.reopen_query))
    actions.on("file.rename", partial(_if_seen, area, area.tabs.rename))
    actions.on("edit.find", lambda: bar.open(replace=False))
    actions.on("edit.replace", lambda: bar.open(replace=True))
    actions.on("edit.find_next", lambda: bar.step(1))
    actions.on("edit.find_previous", lambda: bar.step(-1))
    actions.on("edit.comment", lambda: area.on_current(SqlEdit.toggle_comment))
    actions.on("edit.tab_key", lambda: area.on_current(SqlEdit.toggle_tab_key))
    actions.on("query.format", area.ask_for_tidy)
    actions.on("query.get_report", partial(_order, area))
    for form in ("csv", "xlsx"):
        actions.on(f"query.{form}", partial(_choose_format, area, form))

    def show_format(form: str) -> None:
        actions.action(f"query.{form}").setChecked(True)

    area.order_bar.format_shown.connect(show_format)
    show_format(area.order_bar.chosen_format())


def _in_sight(area: EditorArea, act: Callable[[], object]) -> None:
    area.sight_wanted.emit()
    act()


def _if_seen(area: EditorArea, act: Callable[[], object]) -> None:
    # The command's key works in the whole window; a tab that can't be seen is not closed or named.
    if area.isVisible():
        act()


def _order(area: EditorArea) -> None:
    # The command's key works in the whole window; what can't be seen is not ordered.
    if area.order_bar.isVisible():
        area.order_bar.button.click()


def _choose_format(area: EditorArea, form: str) -> None:
    area.order_bar.format.setCurrentIndex(area.order_bar.format.findData(form))
