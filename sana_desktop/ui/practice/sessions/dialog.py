"""All sessions in one list, with a search box."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.dialogs import SheetDialog
from sana_desktop.ui.practice.sessions.menu import SessionView
from sana_desktop.ui.practice.sessions.rows import ABOUT_ROLE, SessionRows
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, plain_tip, text_button

KEY_ROLE = Qt.ItemDataRole.UserRole + 1
SIZE = (560, 460)


class SessionsDialog(SheetDialog):
    """The list; Enter or a double click opens, also from the search box, where Up and Down choose.

    Signals:
        open_wanted(str), delete_wanted(str), bring_back_wanted(str): id of a session.
    """

    open_wanted = Signal(str)
    delete_wanted = Signal(str)
    bring_back_wanted = Signal(str)

    def __init__(self, views: Sequence[SessionView], parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(tr("Practice", "All sessions"), content, parent)
        self.setObjectName("sessionsDialog")
        self.search = QLineEdit()
        self.search.setObjectName("sessionsSearch")
        self.search.setAccessibleName(tr("Practice", "Search sessions"))
        self.search.setPlaceholderText(tr("Practice", "Search sessions"))
        self._model = QStandardItemModel(self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self._model)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView()
        self.list.setObjectName("sessionsList")
        self.list.setAccessibleName(tr("Practice", "Sessions, newest first"))
        self.list.setModel(self._filtered)
        self.list.setItemDelegate(SessionRows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.search)
        box.addWidget(self.list, 1)
        self._nothing = label("", role="quiet", name="noSessions", wrap=True)
        self._nothing.hide()
        box.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        self._deleted = ""
        self.back_button = text_button("", "bringSessionBackButton", kind="link")
        self.back_button.hide()
        box.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.open_button = text_button(tr("Practice", "Open"), "openSessionButton", kind="primary")
        self.delete_button = text_button(tr("Practice", "Delete"), "deleteSessionButton", kind="plain")
        self.add_button(self.delete_button)
        self.add_button(self.open_button)
        self.open_button.setDefault(True)
        self.resize(*SIZE)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._search)
        self.list.activated.connect(lambda _index: self._open())
        self.open_button.clicked.connect(self._open)
        self.delete_button.clicked.connect(self._delete)
        self.back_button.clicked.connect(lambda: self.bring_back_wanted.emit(self._deleted))
        self.show_sessions(views)
        self.search.setFocus()

    def show_sessions(self, views: Sequence[SessionView]) -> None:
        """Show these; rows that are gone go, new ones come, and the place in the list stays."""
        row = max(self.list.currentIndex().row(), 0)
        known = {view.id: view for view in views}
        for at in range(self._model.rowCount() - 1, -1, -1):
            if str(self._model.item(at).data(KEY_ROLE)) not in known:
                self._model.removeRow(at)
        have = {str(self._model.item(at).data(KEY_ROLE)): self._model.item(at) for at in range(self._model.rowCount())}
        for at, view in enumerate(views):
            text = f"{one_line(view.title, 80)}   {view.about}"
            item = have.get(view.id)
            if item is None:
                item = QStandardItem()
                item.setData(view.id, KEY_ROLE)
                self._model.insertRow(min(at, self._model.rowCount()), item)
            item.setText(text)
            item.setData(view.about, ABOUT_ROLE)
            item.setToolTip(plain_tip(text))
        if self._filtered.rowCount():
            self.list.setCurrentIndex(self._filtered.index(min(row, self._filtered.rowCount() - 1), 0))
        self._offer()

    def show_deleted(self, session_id: str, title: str) -> None:
        """Offer to bring back the session that was deleted last; none if `session_id` is empty."""
        self._deleted = session_id
        words = tr("Practice", "Bring back “{title}”", title=one_line(title, 50))
        self.back_button.setText(words.replace("&", "&&"))
        self.back_button.setAccessibleName(words)
        if not session_id and self.back_button.hasFocus():
            self.search.setFocus()
        self.back_button.setVisible(bool(session_id))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.search and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(event.key())  # type: ignore[call-overload]
            if step is not None:
                row = self.list.currentIndex().row() + step
                self.list.setCurrentIndex(self._filtered.index(max(0, min(row, self._filtered.rowCount() - 1)), 0))
                return True
        return False

    def _search(self, text: str) -> None:
        self._filtered.setFilterFixedString(text)
        self.list.setCurrentIndex(self._filtered.index(0, 0))
        self._offer()

    def _offer(self) -> None:
        found = self._filtered.rowCount() > 0
        words = tr("Practice", "No session has these words.") if self.search.text() else ""
        self._nothing.setText(words or tr("Practice", "There is no session. One begins with the first exercises."))
        self._nothing.setVisible(not found)
        self.list.setVisible(found)
        for button in (self.open_button, self.delete_button):
            button.setEnabled(found)

    def _chosen(self) -> str:
        return str(self.list.currentIndex().data(KEY_ROLE) or "")

    def _open(self) -> None:
        if self._chosen():
            self.open_wanted.emit(self._chosen())
            self.accept()

    def _delete(self) -> None:
        if self._chosen():
            self.delete_wanted.emit(self._chosen())
