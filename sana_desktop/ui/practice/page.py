"""The Practice place: set-up on the left, the session in the middle, what it means on the right.

In a narrower window the right side becomes a tab beside the session, in the narrowest the set-up too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from PySide6.QtCore import QByteArray, QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.go_key import is_go
from sana_desktop.ui.practice.parts.foot_strip import FootStrip
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.practice.session.exercise_list import ANSWER_KEYS
from sana_desktop.ui.practice.session.panel import SessionPanel
from sana_desktop.ui.practice.sessions.menu import SessionsButton
from sana_desktop.ui.practice.setup.panel import SetupPanel
from sana_desktop.ui.practice.setup.paste_ways import PasteWays
from sana_desktop.ui.reports.page import centred
from sana_desktop.ui.reports.paste.understood_card import Understood, UnderstoodCard
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import InParts
from sana_desktop.ui.widgets import frame, line

SETUP, SESSION, MEANING, COMPARE = "setup", "session", "meaning", "compare"
MIN_LINES = {SETUP: 17, SESSION: 25, MEANING: 17}
"""Width that a side needs to be read well, in heights of a line: so it grows with the text."""
SHARES = (30, 42, 28)
"""Percent of the width at first."""


class PracticePage(InParts):
    """The place and its parts.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the page shown after that.

    Signals:
        next_wanted: get the next exercises, by its button or by Ctrl+Enter anywhere here.
        paste_accepted, paste_dismissed, clipboard_wanted: what the person wants with the card of a paste.
        shown(str): another tab: "setup", "session", "meaning" or "compare".
    """

    next_wanted = Signal()
    paste_accepted = Signal()
    paste_dismissed = Signal()
    clipboard_wanted = Signal()
    shown = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("practicePage")
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.life: object | None = None
        """What brought the page to life; it lives as long as the page."""
        self._theme = theme
        self._icons = icons
        self._sides: dict[str, QWidget] = {}
        self._compare: QWidget | None = None
        self._make_compare: Callable[[], QWidget] | None = None
        self._shared_out = False
        self._tab = SESSION
        self._keys: list[str] = []
        self._to_come: list[str] = []
        if at_once:
            self.finish()
        else:
            self._to_come += [SETUP, SESSION, MEANING]

    def _make(self) -> Iterator[None]:
        self.sessions = SessionsButton(self._icons)
        yield
        self.real = Strip(self._icons, "realLearnerBand")
        yield
        self.undo = FootStrip(self._icons, "practiceUndo", self)
        yield
        self._make_tabs()
        self._lay_out()
        yield
        self.setup = SetupPanel(self._theme, self._icons, self._split, at_once=False)
        yield from self.setup.parts
        self.session = SessionPanel(self._theme, self._icons, self._split, at_once=False)
        yield from self.session.parts
        self._sides |= {SETUP: self.setup, SESSION: self.session}
        self._show_tabs()
        self.setup.next_wanted.connect(self.next_wanted)
        self._tabs.currentChanged.connect(self._tab_chosen)
        self._theme.changed.connect(self._show_tabs)

    def _make_tabs(self) -> None:
        self._tabs = QTabBar()
        self._tabs.setObjectName("practiceTabs")
        self._tabs.setAccessibleName(tr("Practice", "What is shown"))
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        # The title of the session gives way, not the tabs.
        self._tabs.setUsesScrollButtons(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("practiceSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)

    @property
    def sides(self) -> QWidget:
        """What the sides stand in: one that is made in it from the beginning is mounted sooner."""
        return self._split

    def mount_meaning(self, panel: QWidget) -> None:
        """Put what it means at the right."""
        self._sides[MEANING] = panel
        self._split.addWidget(panel)
        self._shared_out = False
        self._show_tabs()
        self._share_out()

    def offer_compare(self, make: Callable[[], QWidget]) -> None:
        """Offer the comparison behind its own tab; it is made when somebody first goes there."""
        self._make_compare = make
        self._show_tabs()

    @cached_property
    def card(self) -> UnderstoodCard:
        """The card of a paste."""
        made = UnderstoodCard(self._theme, self._icons)
        made.accepted.connect(self._accepted)
        made.dismissed.connect(self._dismissed)
        made.clipboard_wanted.connect(self.clipboard_wanted)
        made.add_row(self.paste_ways)
        self._card_page = centred(made)
        self._stack.addWidget(self._card_page)
        return made

    @cached_property
    def paste_ways(self) -> PasteWays:
        """What else can be done with a paste than what its card's button does."""
        made = PasteWays(self._theme)
        made.chosen.connect(lambda: self._stack.setCurrentWidget(self._split))
        return made

    def show_understood(self, understood: Understood, *, note: str = "", hold: str = "") -> None:
        """Show the card; accepting or dismissing it leads back.

        Args:
            note: words of a second button, that only notes exercises; "" for none.
            hold: words of one that must be held, for a real person; "" for none.
        """
        card = self.card
        self.paste_ways.offer(note, hold)
        self._stack.setCurrentWidget(self._card_page)
        card.show_understood(understood)

    def shows_card(self) -> bool:
        """Return whether the card of a paste is shown."""
        return self._stack.currentWidget() is not self._split

    def show_tab(self, key: str) -> None:
        """Bring a part into view."""
        if key in self._keys:
            self._tabs.setCurrentIndex(self._keys.index(key))
        elif key in {SETUP, MEANING} and self._tab == COMPARE:
            self._tabs.setCurrentIndex(self._keys.index(SESSION))

    def tab(self) -> str:
        """Return which tab is chosen."""
        return self._tab

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through: only what can be seen."""
        if self.shows_card():
            return [self.card]
        found: list[QWidget] = [self.sessions]
        for side in (*self._sides.values(), self._compare):
            given = getattr(side, "panes", None)
            if side is not None and not side.isHidden():
                found += given() if callable(given) else [side]
        return found

    def come(self) -> Iterator[None]:
        """Show side after side: all of them, laid out in one turn, would hold the window up."""
        while self._to_come:
            self._to_come.pop()
            self._show_sides()
            yield
        self._share_out()
        yield

    def save_layout(self) -> bytes:
        """Return the widths of the sides."""
        return bytes(self._split.saveState().data())

    def restore_layout(self, state: bytes) -> bool:
        """Give the sides the widths they had; False, and nothing changed, if `state` is of another kind."""
        restored = self._split.restoreState(QByteArray(state))
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._shared_out = self._shared_out or restored
        self._show_sides()
        return restored

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.whole:
            self._show_tabs()
            self._share_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._share_out()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_go(event):
            # Here Ctrl+Enter gets exercises, not a report.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_go(event):
            if not event.isAutoRepeat() and self.setup.next.isEnabled():
                self.next_wanted.emit()
        elif self._is_answer(event):
            self.session.answers.press(event)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in ANSWER_KEYS:
            self.session.answers.release(event)
        else:
            super().keyReleaseEvent(event)

    # -- inside

    def _is_answer(self, event: QKeyEvent) -> bool:
        others = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return event.key() in ANSWER_KEYS and not others and self.session.answers.isVisible()

    def _lay_out(self) -> None:
        # From the outside in: what is moved later, Qt dresses anew with all that is in it.
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        head = frame("surface", "practiceHead")
        box.addWidget(head)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._tabs, 1)
        row.addWidget(self.sessions)
        box.addWidget(line())
        band = self._band = QFrame()
        box.addWidget(band)
        inside = QVBoxLayout(band)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.real)
        self.real.installEventFilter(self)
        band.setVisible(False)
        self._stack = QStackedWidget()
        box.addWidget(self._stack, 1)
        self._stack.addWidget(self._split)

    def _accepted(self) -> None:
        self._stack.setCurrentWidget(self._split)
        self.paste_accepted.emit()

    def _dismissed(self) -> None:
        self._stack.setCurrentWidget(self._split)
        self.paste_dismissed.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.real and event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._band.setVisible(not self.real.isHidden())
        return False

    def _wanted_tabs(self) -> list[str]:
        """Return the tabs that this width needs; a side without a tab stands beside the session."""
        line_height = self.fontMetrics().height()
        shown = [key for key in (SETUP, SESSION, MEANING) if key in self._sides]
        needed = {key: MIN_LINES[key] * line_height for key in shown}
        tabs = [SESSION]
        if MEANING in needed and sum(needed.values()) > self.width():
            tabs.append(MEANING)
        if needed[SETUP] + needed[SESSION] > self.width():
            tabs.insert(0, SETUP)
        return [*tabs, COMPARE] if self._make_compare is not None else tabs

    def _show_tabs(self) -> None:
        wanted = self._wanted_tabs()
        if wanted != self._keys:
            words = {
                SETUP: tr("Practice", "Set-up"),
                SESSION: tr("Practice", "Session"),
                MEANING: tr("Practice", "What it means"),
                COMPARE: tr("Practice", "Compare"),
            }
            with QSignalBlocker(self._tabs):
                while self._tabs.count():
                    self._tabs.removeTab(0)
                for key in wanted:
                    self._tabs.addTab(words[key])
                self._keys = wanted
                self._tab = self._tab if self._tab in wanted else SESSION
                self._tabs.setCurrentIndex(wanted.index(self._tab))
        self._show_sides()

    def _tab_chosen(self, index: int) -> None:
        self._tab = self._keys[index]
        if self._tab == COMPARE and self._compare is None and self._make_compare is not None:
            self._compare = self._make_compare()
            self._split.addWidget(self._compare)
        self._show_sides()
        self.shown.emit(self._tab)

    def _show_sides(self) -> None:
        for key, side in self._sides.items():
            beside = key not in self._keys or (key == SESSION and self._tab not in self._keys)
            wanted = self._tab != COMPARE if beside else self._tab == key
            side.setVisible(wanted and key not in self._to_come)
        if self._compare is not None:
            self._compare.setVisible(self._tab == COMPARE)

    def _share_out(self) -> None:
        if self._shared_out or self._to_come or not self.isVisible():
            return
        self._shared_out = MEANING in self._sides
        width = self.width()
        self._split.setSizes([width * share // 100 for share in SHARES[: self._split.count()]])
        for at in range(self._split.count()):
            self._split.setStretchFactor(at, 2 if at == 1 else 1)
