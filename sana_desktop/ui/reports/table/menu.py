"""The context menu of a row: every act that can be done with its record, and only as long as it can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.table.actions import Act

RECORD_MENU = "recordMenu"
"""Its name: a table has other menus, too, that of its columns."""


def record_menu(
    parent: QWidget, icons: Icons, acts: Iterable[Act], record: str, requested: Callable[[str, str], object]
) -> QMenu:
    """Return a menu of `acts` on the record with this id; it deletes itself when it closes."""
    menu = QMenu(parent)
    menu.setObjectName(RECORD_MENU)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setProperty("record", record)
    for act in acts:
        entry = QAction(icons.icon(act.icon), act.words, menu)
        entry.setObjectName(f"menuAction-{act.name}")
        entry.setShortcut(act.key)
        entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        entry.triggered.connect(lambda _=False, name=act.name: requested(name, record))
        menu.addAction(entry)
    return menu


def keep_true(menu: QMenu, record: str, acts: Sequence[Act]) -> None:
    """Disable what can't be done any more since the menu was opened, as the current record is this one now."""
    names = {act.name for act in acts} if record == menu.property("record") else set()
    for entry in menu.actions():
        entry.setEnabled(entry.objectName().removeprefix("menuAction-") in names)
