"""Every command of the window in one table; menus and the sheet of shortcuts are made from it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from sana_desktop.ui.menu_bar import new_menu
from sana_desktop.ui.tr import tr

Key = QKeySequence.StandardKey | str

# What browsers and editors use on each platform; Qt says Meta for the Control key of a Mac.
_MAC = sys.platform == "darwin"
NEXT_TAB: tuple[Key, ...] = ("Meta+Tab", "Ctrl+}") if _MAC else ("Ctrl+Tab", "Ctrl+PgDown")
PREVIOUS_TAB: tuple[Key, ...] = ("Meta+Shift+Tab", "Ctrl+{") if _MAC else ("Ctrl+Shift+Tab", "Ctrl+PgUp")


class ActionSpec(NamedTuple):
    """One command.

    Attributes:
        name: stable, `menu.verb`; also the QAction's objectName.
        words: what the menu says, with a mnemonic.
        keys: shortcuts, the first is shown. A StandardKey follows the platform.
        group: for a choice: actions of one group exclude each other and can be checked.
        separator: draw a line before it.
        help_only: shown in the shortcut sheet, not made as an action: a widget handles the key itself.
    """

    name: str
    words: str
    keys: tuple[Key, ...] = ()
    group: str = ""
    separator: bool = False
    help_only: bool = False


def specs() -> tuple[ActionSpec, ...]:
    """Return every command, in menu order."""
    std = QKeySequence.StandardKey
    return (
        ActionSpec("file.new", tr("Menu", "&New query"), (std.New, std.AddTab)),
        ActionSpec("file.open", tr("Menu", "&Open SQL file…"), (std.Open,)),
        ActionSpec("file.save_as", tr("Menu", "&Save SQL as…"), (std.Save,)),
        ActionSpec("file.rename", tr("Menu", "Rena&me query…"), ("F2",)),
        ActionSpec("file.close", tr("Menu", "&Close query"), ("Ctrl+W",), separator=True),
        ActionSpec("file.reopen", tr("Menu", "&Reopen closed query"), ("Ctrl+Shift+T",)),
        ActionSpec("file.quit", tr("Menu", "&Quit"), ("Ctrl+Q",), separator=True),
        ActionSpec("edit.undo", tr("Menu", "&Undo"), (std.Undo,)),
        ActionSpec("edit.redo", tr("Menu", "&Redo"), (std.Redo,)),
        ActionSpec("edit.cut", tr("Menu", "Cu&t"), (std.Cut,), separator=True),
        ActionSpec("edit.copy", tr("Menu", "&Copy"), (std.Copy,)),
        ActionSpec("edit.paste", tr("Menu", "&Paste"), (std.Paste,)),
        ActionSpec("edit.paste_widget", tr("Menu", "Paste a copied re&quest"), ("Ctrl+Shift+V",)),
        ActionSpec("edit.select_all", tr("Menu", "Select &all"), (std.SelectAll,)),
        ActionSpec("edit.find", tr("Menu", "&Find…"), (std.Find,), separator=True),
        ActionSpec("edit.replace", tr("Menu", "R&eplace…"), ("Ctrl+H",)),
        ActionSpec("edit.find_next", tr("Menu", "Find &next"), ("F3",)),
        ActionSpec("edit.find_previous", tr("Menu", "Find pre&vious"), ("Shift+F3",)),
        ActionSpec("edit.comment", tr("Menu", "Turn into co&mment, or back"), ("Ctrl+/",), separator=True),
        ActionSpec("edit.tab_key", tr("Menu", "Tab &key moves the focus"), ("Ctrl+M",)),
        ActionSpec("edit.settings", tr("Menu", "&Settings"), (std.Preferences, "Ctrl+,"), separator=True),
        ActionSpec("query.get_report", tr("Menu", "&Get the report"), ("Ctrl+Return", "Ctrl+Enter")),
        ActionSpec("query.format", tr("Menu", "&Tidy the SQL"), ("Ctrl+Shift+F",)),
        ActionSpec("query.csv", tr("Menu", "As &CSV"), ("Ctrl+Alt+C",), "format", separator=True),
        ActionSpec("query.xlsx", tr("Menu", "As &XLSX (Excel)"), ("Ctrl+Alt+X",), "format"),
        ActionSpec("query.check_now", tr("Menu", "Check &now"), ("F5",), separator=True),
        ActionSpec("query.save_jobs", tr("Menu", "&Save the list of jobs…"), ("Ctrl+Shift+J",)),
        ActionSpec("query.next_tab", tr("Menu", "N&ext query"), NEXT_TAB, separator=True),
        ActionSpec("query.previous_tab", tr("Menu", "Pre&vious query"), PREVIOUS_TAB),
        ActionSpec("view.next_pane", tr("Menu", "&Next pane"), ("F6",)),
        ActionSpec("view.previous_pane", tr("Menu", "&Previous pane"), ("Shift+F6",)),
        ActionSpec("view.system", tr("Menu", "Colours of the &system"), ("Ctrl+Alt+0",), "theme", separator=True),
        ActionSpec("view.light", tr("Menu", "&Light"), ("Ctrl+Alt+1",), "theme"),
        ActionSpec("view.dark", tr("Menu", "&Dark"), ("Ctrl+Alt+2",), "theme"),
        ActionSpec("view.larger", tr("Menu", "L&arger text"), (std.ZoomIn, "Ctrl+="), separator=True),
        ActionSpec("view.smaller", tr("Menu", "S&maller text"), (std.ZoomOut,)),
        ActionSpec("view.normal", tr("Menu", "Normal te&xt"), ("Ctrl+0",)),
        ActionSpec("help.shortcuts", tr("Menu", "&Keyboard shortcuts"), (std.HelpContents,)),
        ActionSpec("help.states", tr("Menu", "What the s&tates mean"), ("Ctrl+Shift+F1",)),
        ActionSpec("help.welcome", tr("Menu", "&Welcome page"), ("Ctrl+Shift+W",)),
        ActionSpec("help.letter", tr("Menu", "Write to &IT"), ("Ctrl+Shift+I",)),
        ActionSpec("help.diagnostics", tr("Menu", "Copy &diagnostics"), ("Ctrl+Shift+D",), separator=True),
        ActionSpec("help.about", tr("Menu", "&About Sana Desktop"), ("Ctrl+F1",), separator=True),
        ActionSpec("edit.close_bar", tr("Menu", "Close what opened last"), ("Esc",), help_only=True),
    )


class Actions(QObject):
    """The window's actions by name, in its menus. Others connect to `action(name).triggered`.

    Args:
        window: whose actions they are.
        menus: the menus of its bar by key, still empty.
    """

    def __init__(self, window: QWidget, menus: Mapping[str, QMenu]) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._specs: list[ActionSpec] = []
        self._groups: dict[str, QActionGroup] = {}
        self._menus = dict(menus)
        for spec in specs():
            self.add(spec)
        roles = QAction.MenuRole
        for name, role in (
            ("file.quit", roles.QuitRole),
            ("help.about", roles.AboutRole),
            ("edit.settings", roles.PreferencesRole),
        ):
            self._actions[name].setMenuRole(role)

    def add_menu(self, key: str, title: str, specs_of_it: Iterable[ActionSpec], before: str) -> None:
        """Put one more menu before the menu `before`: of a place that is filled after the first paint."""
        anchor = self._menus[before].menuAction()
        bar = self._menus[before].parentWidget()
        if not isinstance(bar, QMenuBar):
            raise TypeError(before)
        self._menus[key] = menu = new_menu(bar, key, title)
        bar.insertMenu(anchor, menu)
        for spec in specs_of_it:
            self.add(spec)

    def add(self, spec: ActionSpec, before: str = "") -> QAction | None:
        """Make one action and put it into its menu, at the end or before the action named `before`."""
        self._specs.append(spec)
        if spec.help_only:
            return None
        action = QAction(spec.words, self._window)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in _unique(spec.keys)])
        if spec.group:
            action.setCheckable(True)
            group = self._groups.get(spec.group)
            if group is None:
                group = self._groups[spec.group] = QActionGroup(self)
            group.addAction(action)
        menu = self._menus[spec.name.split(".")[0]]
        anchor = self._actions.get(before)
        if spec.separator and anchor is None:
            menu.addSeparator()
        menu.insertAction(anchor, action) if anchor is not None else menu.addAction(action)
        self._actions[spec.name] = action
        return action

    def action(self, name: str) -> QAction:
        """Return the action `name`; KeyError if there is none."""
        return self._actions[name]

    def on(self, name: str, slot: Callable[[], object]) -> None:
        """Call `slot` whenever the action `name` is triggered."""
        self._actions[name].triggered.connect(lambda _checked=False: slot())

    def offer_if(self, name: str, can: Callable[[], bool]) -> None:
        """Grey the entry `name` while its menu is open and `can` says no.

        Only so long: its key is pressed blindly, and what can't be done is then said in words.
        """
        action = self._actions[name]
        menu = self._menus[name.split(".")[0]]
        menu.aboutToShow.connect(lambda: action.setEnabled(can()))
        menu.aboutToHide.connect(lambda: action.setEnabled(True))

    def menu(self, key: str) -> QMenu:
        """Return the menu `key`: file, edit, query, view or help."""
        return self._menus[key]

    def sheet(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield for each command with a key: its menu's title, its words and its keys as this platform writes them."""
        for spec in self._specs:
            keys = [QKeySequence(key) for key in _unique(spec.keys)]
            shown = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
            shown = [text for text in dict.fromkeys(shown) if text]
            if shown:
                yield self._menus[spec.name.split(".")[0]].title().replace("&", ""), spec.words.replace("&", ""), shown


def _unique(keys: tuple[Key, ...]) -> list[Key]:
    seen: dict[str, Key] = {}
    for key in keys:
        text = QKeySequence(key).toString()
        if text:
            seen.setdefault(text, key)
    return list(seen.values())
