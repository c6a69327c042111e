"""The menus of the window, empty: their titles are painted first, and `ui.actions` fills them after that."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QMenuBar

from sana_desktop.ui.tr import tr


def add_menus(bar: QMenuBar) -> dict[str, QMenu]:
    """Put the menus into `bar` and return them by key, in order."""
    titles = {
        "file": tr("Menu", "&File"),
        "edit": tr("Menu", "&Edit"),
        "query": tr("Menu", "&Query"),
        "view": tr("Menu", "&View"),
        "help": tr("Menu", "&Help"),
    }
    menus = {key: new_menu(bar, key, title) for key, title in titles.items()}
    for menu in menus.values():
        bar.addMenu(menu)
    return menus


def new_menu(bar: QMenuBar, key: str, title: str) -> QMenu:
    """Return the menu `key` with its title, not yet in its place in `bar`."""
    menu = QMenu(title, bar)
    menu.setObjectName(f"menu-{key}")
    return menu
