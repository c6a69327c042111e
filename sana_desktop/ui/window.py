"""The window: rail, places, status line, menus. It wires nothing but itself; what things mean is decided elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QEvent, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.menu_bar import add_menus
from sana_desktop.ui.panes import focus_next
from sana_desktop.ui.rail import Place, Rail
from sana_desktop.ui.status_line import StatusLine, Tone
from sana_desktop.ui.theme.theme import Choice, Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.window_memory import WindowMemory, restore

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QSystemTrayIcon

    from sana_desktop.ui.actions import Actions

TITLE_DASH = " - " if sys.platform == "win32" else " — "
"""What Qt itself puts between the title of a dialog and the name of the app."""
MAX_PASTE = 2_000_000
"""Characters; a longer clipboard is not looked at."""
FAREWELL_MS = 1_200
"""What happens to work under way is to be read before the window is gone; stopping counts as part of it."""


class MainWindow(QMainWindow):
    """The window.

    Signals:
        close_requested: the person wants to close it; nothing is closed until `close_for_good`.
        pasted(str): text pasted or dropped where it is no field's own business. It may hold a token; it is empty
            where there is none on the clipboard.
        file_dropped(str): path of a file dropped on the window.
        place_changed(str): key of the place shown.
        notification_opened(str): tag of a notification the person clicked.
    """

    close_requested = Signal()
    pasted = Signal(str)
    file_dropped = Signal(str)
    place_changed = Signal(str)
    notification_opened = Signal(str)

    actions_by_name: Actions
    """The commands of the menus; there are none before `equip`."""

    def __init__(
        self, theme: Theme, icons: Icons, memory: WindowMemory | None = None, *, equipped: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle(tr("Window", "Sana Desktop"))
        self.setAccessibleName(tr("Window", "Sana Desktop"))
        self.setAcceptDrops(True)
        self.theme = theme
        self.icons = icons
        self._memory = memory
        self._closing = False
        self._places: dict[str, Place] = {}
        self._pages: dict[str, QWidget] = {}
        self._place = ""
        self._tray: QSystemTrayIcon | None = None
        self._tag = ""
        self.farewell: Callable[[], str] = lambda: ""
        """What happens, after a close, to what is under way; "" if there is nothing."""
        self._farewell_ends = QDeadlineTimer(0)
        self._menus = add_menus(self.menuBar())
        self._equipped = False
        self.rail = Rail(icons)
        self.status = StatusLine(icons)
        self._stack = QStackedWidget()
        self._lay_out()
        self.rail.chosen.connect(self._chosen)
        restore(self, memory)
        if equipped:
            self.equip()

    def equip(self) -> None:
        """Fill the menus: no first paint shows what is in them, and no key is taken before the session begins."""
        # Imported here: its classes are not needed for the first paint.
        from sana_desktop.ui.actions import Actions

        self.actions_by_name = Actions(self, self._menus)
        self._equipped = True
        for place in self._places.values():
            self._add_to_menu(place)
        self._wire()

    # -- places

    def add_place(self, place: Place, *, show: bool = True) -> None:
        """Add a place to rail, stack and View menu; the first one added is shown. Ctrl+1, Ctrl+2, … go there.

        Args:
            place: the new place.
            show: False leaves the window empty until `go_to`.
        """
        self._places[place.key] = place
        self.rail.add(place)
        if self._equipped:
            self._add_to_menu(place)
        if len(self._places) == 1 and show:
            self.go_to(place.key)

    def _add_to_menu(self, place: Place) -> None:
        from sana_desktop.ui.actions import ActionSpec

        number = list(self._places).index(place.key) + 1
        spec = ActionSpec(f"view.place.{place.key}", place.words, (f"Ctrl+{number}",))
        self.actions_by_name.add(spec, before="view.next_pane")
        self.actions_by_name.on(spec.name, lambda: self._chosen(place.key))

    def go_to(self, key: str) -> None:
        """Show the place `key`, made now if it was not seen before."""
        page = self._pages.get(key)
        if page is None:
            made = self._places[key].page
            page = self._pages[key] = made if isinstance(made, QWidget) else made()
            self._stack.addWidget(page)
        changed = key != self._place
        self._place = key
        self._stack.setCurrentWidget(page)
        self.rail.show_place(key)
        if changed:
            self.place_changed.emit(key)

    def come_back_to(self, key: str) -> None:
        """Show the place that was shown last time, unless the person is elsewhere by now."""
        if key in self._places and self._place == next(iter(self._places)):
            self.go_to(key)

    def show_site(self, name: str) -> None:
        """Name the site that is worked with, at the foot and in the title: example data must not pass for real ones."""
        self.status.show_aside(name)
        app = tr("Window", "Sana Desktop")
        self.setWindowTitle(f"{one_line(name, 60)}{TITLE_DASH}{app}" if name else app)

    @property
    def place(self) -> str:
        """Key of the place shown, "" before there is one."""
        return self._place

    def show_truth(self, text: str, tone: Tone = "quiet", *, announce: bool = False) -> None:
        """Say in the status line what is so now."""
        self.status.show_truth(text, tone, announce=announce)

    # -- notifications

    def notify(self, title: str, text: str, tag: str = "") -> bool:
        """Tell the person, through the system, of something that is done; False if this computer can't.

        Args:
            title: plain text.
            text: plain text.
            tag: handed to `notification_opened` when the notification is clicked.
        """
        # Like the other imports inside functions here: not needed for the first paint.
        from PySide6.QtWidgets import QSystemTrayIcon

        QApplication.alert(self)
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return False
        if self._tray is None:
            self._tray = QSystemTrayIcon(self.icons.icon("reports", "accent"), self)
            self._tray.messageClicked.connect(self._notification_clicked)
            self._tray.show()
        self._tag = tag
        self._tray.showMessage(title, text, self.icons.icon("reports", "accent"))
        return True

    def is_in_front(self) -> bool:
        """Whether the person is looking at this window."""
        return self.isActiveWindow() and not self.isMinimized()

    def come_to_front(self) -> None:
        """Bring the window before the person's eyes."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    # -- closing

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def begin_closing(self) -> None:
        """Remember the window's size and take no more input: it stays in sight until all is in order."""
        self.remember()
        self.setEnabled(False)
        farewell = self.farewell()
        if farewell:
            self._farewell_ends = QDeadlineTimer(FAREWELL_MS)
        words = farewell or tr("Status line", "Closing: finishing what is being written…")
        self.show_truth(words, "busy", announce=True)

    def farewell_left(self) -> float:
        """Return for how many seconds more the farewell should stay in sight, to be read."""
        return self._farewell_ends.remainingTime() / 1_000

    def close_for_good(self) -> None:
        """Close, now that everything has stopped."""
        self._closing = True
        if self._tray is not None:
            self._tray.hide()
        self.close()

    # -- paste and drop

    def paste_here(self) -> None:
        """Paste into the field with the focus, or hand the clipboard on if no field has it."""
        from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

        field = QApplication.focusWidget()
        if isinstance(field, (QLineEdit, QPlainTextEdit, QTextEdit)) and not field.isReadOnly():
            field.paste()
        else:
            self.hand_on_clipboard()

    def hand_on_clipboard(self) -> None:
        """Emit `pasted` with the clipboard's text, whatever has the focus."""
        self.pasted.emit(QGuiApplication.clipboard().text()[:MAX_PASTE])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            for path in files[:20]:
                self.file_dropped.emit(path)
        elif data.hasText():
            self.pasted.emit(data.text()[:MAX_PASTE])
        event.acceptProposedAction()

    # -- panes

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through: the rail's button, then each pane of the place that can take the focus."""
        found: list[QWidget] = []
        button = self.rail.current_button()
        if button is not None:
            found.append(button)
        page = self._stack.currentWidget()
        if page is not None:
            given = getattr(page, "panes", None)
            inside = given() if callable(given) else [page]
            found += [pane for pane in inside if pane.isVisible()]
        return found

    def next_pane(self, step: int = 1) -> None:
        """Move the focus to the next pane, round and round."""
        focus_next(self.panes(), step)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.remember()

    # -- inside

    def _lay_out(self) -> None:
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self.rail)
        upper.addWidget(self._stack, 1)
        rows.addLayout(upper, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(centre)

    def _wire(self) -> None:
        actions = self.actions_by_name
        actions.on("file.quit", self.close)
        actions.on("edit.paste", self.paste_here)
        actions.on("edit.paste_widget", self.hand_on_clipboard)
        actions.on("view.next_pane", lambda: self.next_pane(1))
        actions.on("view.previous_pane", lambda: self.next_pane(-1))
        actions.on("edit.settings", lambda: self.go_to("settings") if "settings" in self._places else None)
        for name in ("undo", "redo", "cut", "copy"):
            actions.on(f"edit.{name}", partial(_call_focused, name))
        for name in ("undo", "redo"):
            actions.offer_if(f"edit.{name}", partial(_focused_can, name))
        actions.on("edit.select_all", lambda: _call_focused("selectAll"))
        choices: tuple[Choice, ...] = ("system", "light", "dark")
        for choice in choices:
            actions.action(f"view.{choice}").setChecked(self.theme.choice == choice)
            actions.on(f"view.{choice}", partial(self.theme.set_choice, choice))
        actions.on("view.larger", lambda: self.theme.set_scale(round(self.theme.scale + 0.1, 2)))
        actions.on("view.smaller", lambda: self.theme.set_scale(round(self.theme.scale - 0.1, 2)))
        actions.on("view.normal", lambda: self.theme.set_scale(1.0))
        self.theme.changed.connect(self._theme_changed)

    def _chosen(self, key: str) -> None:
        """Go where the person wants to be; chosen once more, a place shows what it is there for."""
        again = getattr(self._pages.get(key), "chosen_again", None) if key == self._place else None
        if callable(again):
            again()
        self.go_to(key)

    def _theme_changed(self) -> None:
        self.actions_by_name.action(f"view.{self.theme.choice}").setChecked(True)

    def remember(self) -> None:
        """Let size, place and layout of the window be remembered as they are now."""
        if self._memory is not None:
            self._memory.save(bytes(self.saveGeometry().data()), bytes(self.saveState().data()))

    def _notification_clicked(self) -> None:
        self.come_to_front()
        self.notification_opened.emit(self._tag)


def _focused_can(step: str) -> bool:
    """Return whether the field with the focus has something to undo or redo."""
    from PySide6.QtWidgets import QLineEdit, QMenuBar, QPlainTextEdit, QTextEdit

    field = QApplication.focusWidget()
    if isinstance(field, (QPlainTextEdit, QTextEdit)):
        document = field.document()
        can = document.isUndoAvailable() if step == "undo" else document.isRedoAvailable()
        return can and not field.isReadOnly()
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() if step == "undo" else field.isRedoAvailable()
    if (keeper := _keeper_of(field, step)) is not None:
        return bool(getattr(keeper, f"can_{step}")())
    # By keyboard the menu bar itself has the focus, and gives it back to nobody knows which field.
    return isinstance(field, QMenuBar)


def _keeper_of(widget: QWidget | None, step: str) -> QWidget | None:
    """Return what is around the focus and takes acts on it back itself: a list, from which something was removed."""
    while widget is not None and not hasattr(widget, f"can_{step}"):
        widget = widget.parentWidget()
    return widget


def _call_focused(method: str) -> None:
    widget = QApplication.focusWidget()
    act = getattr(widget, method, None) or getattr(_keeper_of(widget, method), method, None)
    if callable(act):
        act()
