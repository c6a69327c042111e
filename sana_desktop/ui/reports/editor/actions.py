"""The window's commands that work on the editor, tied to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sana_desktop.ui.actions import Actions
from sana_desktop.ui.reports.editor.sql_edit import SqlEdit

if TYPE_CHECKING:
    from sana_desktop.ui.reports.editor.editor import EditorArea


def bind_editor(area: EditorArea, actions: Actions) -> None:
    """Let the window's actions work on `area`."""
    bar = area.find_bar
    actions.on("file.new", lambda: _in_sight(area, area.new_query))
    actions.on("file.reopen", lambda: _in_sight(area, area.reopen_query))
    actions.offer_if("file.reopen", area.can_reopen)
    acts: dict[str, Callable[[], object]] = {
        "file.close": area.close_query,
        "file.rename": area.tabs.rename,
        "edit.find": partial(bar.open, replace=False),
        "edit.replace": partial(bar.open, replace=True),
        "edit.find_next": partial(bar.step, 1),
        "edit.find_previous": partial(bar.step, -1),
        "edit.comment": partial(area.on_current, SqlEdit.toggle_comment),
        "edit.tab_key": partial(area.on_current, SqlEdit.toggle_tab_key),
        "query.format": area.ask_for_tidy,
        "query.get_report": partial(_order, area),
        "query.csv": partial(_choose_format, area, "csv"),
        "query.xlsx": partial(_choose_format, area, "xlsx"),
        "query.next_tab": partial(_step, area, 1),
        "query.previous_tab": partial(_step, area, -1),
    }
    for name, act in acts.items():
        actions.on(name, partial(_if_seen, area, act))
        actions.offer_if(name, area.isVisible)

    def show_format(form: str) -> None:
        actions.action(f"query.{form}").setChecked(True)

    for form in ("csv", "xlsx"):
        # One that was not done leaves its mark on the entry.
        actions.on(f"query.{form}", lambda: show_format(area.order_bar.chosen_format()))
    area.order_bar.format_shown.connect(show_format)
    show_format(area.order_bar.chosen_format())


def _in_sight(area: EditorArea, act: Callable[[], object]) -> None:
    area.sight_wanted.emit()
    act()


def _if_seen(area: EditorArea, act: Callable[[], object]) -> None:
    # The command's key works in the whole window; a query that can't be seen is not changed, closed or ordered.
    if area.isVisible():
        act()


def _step(area: EditorArea, by: int) -> None:
    area.tabs.step(by)
    area.on_current(SqlEdit.setFocus)


def _order(area: EditorArea) -> None:
    if area.order_bar.isVisible():
        area.order_bar.button.click()


def _choose_format(area: EditorArea, form: str) -> None:
    area.order_bar.format.setCurrentIndex(area.order_bar.format.findData(form))
