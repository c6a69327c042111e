"""The Connections place: a list of cards, or the form of one; loading, empty and error are states of the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.connections.form import ConnectionForm
from sana_desktop.ui.connections.row import ConnectionRow
from sana_desktop.ui.connections.views import Access, ConnectionView, ReadSite
from sana_desktop.ui.help import page_heading
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after, empty_layout, label, scrolled, text_button

LIST_WIDTH = 820
SETTLED_MS = 300
"""A card that has grown has its size after so long; from then on the page scrolls by hand alone."""


class ConnectionsPage(QWidget):
    """Shows connections and takes what the person wants with them.

    Signals:
        test_wanted(str), forget_wanted(str): id.
        action_wanted(str, str): id, key of a check's action.
        saved(ConnectionEntry): from the form.
        letter_wanted(str): write to IT; the site's address or "".
        retry_wanted: load again, after an error or because the place was gone to.
    """

    test_wanted = Signal(str)
    forget_wanted = Signal(str)
    action_wanted = Signal(str, str)
    saved = Signal(object)
    letter_wanted = Signal(str)
    retry_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, read_site: ReadSite, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("connectionsPage")
        self._icons = icons
        self._rows: dict[str, ConnectionRow] = {}
        self.form = ConnectionForm(theme, icons, read_site)
        self.add = text_button(tr("Connections", "Connect a site"), "addConnectionButton", kind="primary")
        self._store = label("", role="caption", wrap=True, name="storeSentence")
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self._state = QWidget()
        self._stack = QStackedWidget()
        listed = self._list()
        listed.setMaximumWidth(LIST_WIDTH)
        self._list_page = scrolled(listed, Qt.AlignmentFlag.AlignTop)
        self._form_page = scrolled(self.form, Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(self._list_page)
        self._stack.addWidget(self._form_page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self.add.clicked.connect(lambda: self.begin_form())
        self.form.cancelled.connect(self.show_list)
        self.form.saved.connect(self.saved)
        self.form.letter_wanted.connect(self.letter_wanted)
        self.form.told.connect(self._show_told)
        self._grown = ""
        self._settled = after(self, SETTLED_MS, self._forget_grown)
        # A card says how high it is when it has its width, and only then the page is as long as it will be.
        self._list_page.verticalScrollBar().rangeChanged.connect(self._follow_grown)
        self.show_loading()

    def show_loading(self) -> None:
        """Show the frame while the list is read."""
        self._show_state(tr("Connections", "Reading your connections…"))

    def show_error(self, sentence: str) -> None:
        """Say why the list can't be shown, with one button."""
        self._show_state(sentence, tone="bad", button=tr("Connections", "Try again"))

    def show_connections(self, views: Sequence[ConnectionView]) -> None:
        """Show these; a card that is unchanged keeps the result of its test."""
        for key in [key for key in self._rows if key not in {view.id for view in views}]:
            self._drop(key)
        for place, view in enumerate(views):
            row = self._rows.get(view.id)
            focused = self._holds_focus(row)
            if row is None or row.view != view:
                self._drop(view.id)
                row = self._rows[view.id] = self._make_row(view)
            self._cards.insertWidget(place, row)
            row.show()
            if focused and not self._holds_focus(row):
                row.test.setFocus(Qt.FocusReason.OtherFocusReason)
        if views:
            self._state.hide()
        else:
            words = tr(
                "Connections", "No site yet. Connect yours with a client id and secret, or with a pass you copied."
            )
            self._show_state(words)

    def show_store(self, sentence: str) -> None:
        """Name the place where secrets are kept on this computer."""
        self._store.setText(one_line(sentence, 300))
        self.form.show_store(sentence)

    def row(self, connection_id: str) -> ConnectionRow | None:
        """Return the card of a connection."""
        return self._rows.get(connection_id)

    def begin_form(
        self, view: ConnectionView | None = None, access: Access = "client", *, sign_in: bool = False
    ) -> None:
        """Open the form; to sign in again, at the secret."""
        self._stack.setCurrentWidget(self._form_page)
        self.form.begin(view, access, sign_in=sign_in, others=[row.view for row in self._rows.values()])

    def reveal(self, connection_id: str) -> None:
        """Show the card of a connection before the person's eyes, with the focus on it."""
        row = self._rows.get(connection_id)
        if row is None:
            return
        self._stack.setCurrentWidget(self._list_page)
        row.test.setFocus(Qt.FocusReason.OtherFocusReason)
        self.keep_in_sight(connection_id)

    def keep_in_sight(self, connection_id: str) -> None:
        """Scroll to a card that has grown, if the focus is in it."""
        self._grown = connection_id
        self._settled.start()
        self._follow_grown()

    def show_list(self) -> None:
        """Go back to the list."""
        self._stack.setCurrentWidget(self._list_page)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def showing(self) -> str:
        """Return "list" or "form"."""
        return "form" if self._stack.currentWidget() is self._form_page else "list"

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through."""
        return [self._form_page if self.showing() == "form" else self._list_page]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            # A pass given elsewhere in the window, or lost, changes what a card says.
            self.retry_wanted.emit()

    def _holds_focus(self, row: ConnectionRow | None) -> bool:
        focus = self.focusWidget()
        return row is not None and focus is not None and row.isAncestorOf(focus)

    def _follow_grown(self) -> None:
        row = self._rows.get(self._grown)
        if row is not None and self._holds_focus(row):
            self._scroll_to(row)

    def _forget_grown(self) -> None:
        self._grown = ""

    def _scroll_to(self, row: ConnectionRow) -> None:
        page = _laid_out(self._list_page)
        # The bottom first: of a card taller than the page the top is what must be seen.
        for corner in (row.rect().bottomLeft(), row.rect().topLeft()):
            self._list_page.ensureVisible(0, row.mapTo(page, corner).y())

    def _show_told(self, widgets: Sequence[QWidget]) -> None:
        _laid_out(self._form_page)
        for widget in widgets:
            self._form_page.ensureWidgetVisible(widget)

    def _list(self) -> QWidget:
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        row, _ = page_heading(
            tr("Connections", "Connections"),
            tr(
                "Connections",
                "The learning sites you get reports from, each with its own sign-in and its key for practice.",
            ),
        )
        row.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(row)
        box.addSpacing(24)
        box.addLayout(self._cards)
        box.addWidget(self._state)
        box.addSpacing(16)
        box.addWidget(self._store)
        box.addStretch()
        self._state_box = QVBoxLayout(self._state)
        self._state_box.setContentsMargins(0, 8, 0, 8)
        self._state_box.setSpacing(12)
        return content

    def _make_row(self, view: ConnectionView) -> ConnectionRow:
        row = ConnectionRow(view, self._icons)
        row.test_wanted.connect(lambda: self.test_wanted.emit(view.id))
        row.edit_wanted.connect(lambda: self.begin_form(view))
        row.forget_wanted.connect(lambda: self.forget_wanted.emit(view.id))
        row.action_wanted.connect(lambda action: self.action_wanted.emit(view.id, action))
        return row

    def _drop(self, key: str) -> None:
        row = self._rows.pop(key, None)
        if row is not None:
            self._cards.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _show_state(self, words: str, tone: str = "", button: str = "") -> None:
        empty_layout(self._state_box)
        sentence = label(one_line(words, 400), role="" if tone else "quiet", tone=tone, wrap=True)
        self._state_box.addWidget(sentence)
        sentence.show()
        if button:
            made = text_button(button, "retryConnectionsButton")
            made.clicked.connect(self.retry_wanted)
            self._state_box.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
            made.show()
        self._state.show()


def _laid_out(area: QScrollArea) -> QWidget:
    """Return what a page scrolls, with everything in it where it will be."""
    page = area.widget() or area
    # From the inside out: a row that is new has no size before its own layout is done.
    for widget in (*reversed(page.findChildren(QWidget)), page):
        layout = widget.layout()
        if layout is not None and widget.isVisibleTo(page):
            layout.activate()
    return page
