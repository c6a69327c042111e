"""The View menu's commands for the panels of jobs and downloads: where they stand, how large, with which columns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint

from sana_desktop.ui.actions import Actions, ActionSpec
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.records.panel import RecordPanel
from sana_desktop.ui.tr import tr


def add_layout_actions(actions: Actions, page: ReportsPage, jobs: RecordPanel, downloads: RecordPanel) -> None:
    """Add the commands; each works from the keyboard what a drag or a right click does with the mouse."""

    def usual() -> None:
        page.reset_layout()
        for panel in (jobs, downloads):
            panel.usual_columns()

    commands: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
        ("swap_panels", tr("Menu", "S&wap jobs and downloads"), "Alt+Shift+S", page.swap_panels),
        ("panels_taller", tr("Menu", "More room for the &panels"), "Alt+Shift+Up", lambda: page.resize_panels(1)),
        ("panels_lower", tr("Menu", "More room for the &editor"), "Alt+Shift+Down", lambda: page.resize_panels(-1)),
        ("jobs_wider", tr("Menu", "More room for &jobs"), "Alt+Shift+Right", lambda: page.share_panels(1)),
        ("downloads_wider", tr("Menu", "More room for d&ownloads"), "Alt+Shift+Left", lambda: page.share_panels(-1)),
        ("jobs_columns", tr("Menu", "&Columns of jobs…"), "Alt+Shift+J", lambda: _show_columns(jobs)),
        ("downloads_columns", tr("Menu", "Columns of downloads…"), "Alt+Shift+D", lambda: _show_columns(downloads)),
        ("usual_layout", tr("Menu", "&Usual layout and columns"), "Alt+Shift+U", usual),
    )
    for number, (name, words, key, act) in enumerate(commands):
        spec = ActionSpec(f"view.{name}", words, (key,), separator=number == 0)
        actions.add(spec)
        actions.on(spec.name, act)


def _show_columns(panel: RecordPanel) -> None:
    panel.columns_menu().popup(panel.mapToGlobal(QPoint(0, 0)))
