"""The editor: one tab a query, a search bar, one calm line of remarks, and the bar that orders the report."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.drafts import Draft, Format
from sana_desktop.reports.sql.title import title_of
from sana_desktop.reports.sql.tokens import tokens
from sana_desktop.ui.actions import Actions
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.actions import bind_editor
from sana_desktop.ui.reports.editor.find_bar import FindBar
from sana_desktop.ui.reports.editor.findings import Finding
from sana_desktop.ui.reports.editor.foot import EditorFoot, worst
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice, OrderBar
from sana_desktop.ui.reports.editor.query_tab import QueryTab
from sana_desktop.ui.reports.editor.query_tabs import QueryTabs
from sana_desktop.ui.reports.editor.sql_edit import SqlEdit
from sana_desktop.ui.reports.editor.sql_lines import Tokenise
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after, column, line

SAVE_AFTER_MS = 300
"""A change is handed to the drafts at most this much later, also while typing goes on (A03 allows a second)."""
CHECK_AFTER_MS = 350
"""A pause in typing before the query is checked."""


class EditorArea(QWidget):
    """All queries.

    Signals:
        drafts_changed(list[Draft]): drafts to be written now, the changed ones and those whose place changed.
        draft_closed(str): id of a tab that was closed.
        reopen_wanted: a closed tab is wanted back and none was closed since the start.
        check_wanted(str, int, str, int): tab, revision, text, caret in characters: answer with `show_findings`.
        tidy_wanted(str, int, str): tab, revision, text: answer with `show_tidied`.
        order_wanted(str): id of the tab whose report is wanted.
        pasted(str): text that must be understood first.
        connection_chosen(str), format_chosen(str), connect_wanted: from the bar below, for the current tab.
        current_changed(str): id of the tab in view.
        sight_wanted: the person asked for a tab from elsewhere in the window.

    Attributes:
        closed_before: whether an earlier session may have left a closed tab that can be opened again.
    """

    drafts_changed = Signal(list)
    draft_closed = Signal(str)
    reopen_wanted = Signal()
    check_wanted = Signal(str, int, str, int)
    tidy_wanted = Signal(str, int, str)
    order_wanted = Signal(str)
    pasted = Signal(str)
    connection_chosen = Signal(str)
    format_chosen = Signal(str)
    connect_wanted = Signal()
    current_changed = Signal(str)
    sight_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        tokenise: Tokenise = tokens,
        title_of: Callable[[str], str] = title_of,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("editorArea")
        self._theme = theme
        self._icons = icons
        self._tokenise = tokenise
        self._title_of = title_of
        self._tabs: dict[str, QueryTab] = {}
        self._closed: list[Draft] = []
        self._dirty: set[str] = set()
        self._outside_reason = ""
        self.closed_before = True
        self.tabs = QueryTabs(icons)
        self.find_bar = FindBar(icons)
        self.order_bar = OrderBar(icons)
        self._stack = QStackedWidget()
        self._foot = EditorFoot(icons)
        self._save = after(self, SAVE_AFTER_MS, self._hand_over)
        self._check = after(self, CHECK_AFTER_MS, self._ask_for_check)
        self._lay_out()
        self._wire()

    # -- tabs

    def new_query(self, text: str = "", *, connection_id: str | None = None, form: Format | None = None) -> str:
        """Open a tab with `text`, make it the current one and return its id."""
        now = self._current()
        draft = Draft(
            id=os.urandom(16).hex(),
            position=len(self._tabs),
            text=text,
            connection_id=connection_id or (now.connection_id if now else self.order_bar.connection_id()),
            format=form or (now.format if now else self.order_bar.chosen_format()),
        )
        self._open(draft)
        self.tabs.select(draft.id)
        self._touch(draft.id)
        self._focus_text()
        return draft.id

    def restore(self, drafts: Sequence[Draft], current: str = "") -> None:
        """Show the tabs of the last session; one empty tab if there were none. Nothing is written by this."""
        for draft in drafts:
            if draft.id not in self._tabs:
                self._open(draft)
        if not self._tabs:
            self.new_query()
        if current in self._tabs:
            self.tabs.select(current)

    def open_draft(self, draft: Draft) -> None:
        """Open a tab that was closed in an earlier session, or go to it if it is open."""
        if draft.id not in self._tabs:
            self._open(draft)
            self._touch(draft.id)
        self.tabs.select(draft.id)
        self._focus_text()

    def close_query(self, key: str = "") -> None:
        """Close a tab (the current one); it can be reopened. The last one is followed by an empty one."""
        key = key or self.current_id()
        if key not in self._tabs:
            return
        draft = self.draft(key)
        # The last words must be on disk before the tab counts as closed.
        self.flush()
        if draft.text.strip():
            self._closed.append(draft)
        tab = self._tabs.pop(key)
        self.tabs.remove(key)
        self._stack.removeWidget(tab.edit)
        tab.edit.setObjectName("editor-closed")
        if not self._tabs:
            self.new_query()
        self._select(self.current_id())
        tab.edit.deleteLater()
        self.draft_closed.emit(key)
        self._touch_all()

    def reopen_query(self) -> None:
        """Open the tab closed last."""
        if self._closed:
            self.open_draft(self._closed.pop())
        else:
            self.reopen_wanted.emit()

    def can_reopen(self) -> bool:
        """Return whether there may be a closed tab to open again."""
        return bool(self._closed) or self.closed_before

    def current_id(self) -> str:
        """Return the id of the tab in view, "" before there is one."""
        return self.tabs.id_at(self.tabs.bar.currentIndex())

    def current_edit(self) -> SqlEdit | None:
        """Return the field in view."""
        tab = self._current()
        return tab.edit if tab is not None else None

    def draft(self, key: str) -> Draft:
        """Return a tab as it stands; KeyError if there is none."""
        return self._tabs[key].draft(self.tabs.index_of(key))

    def shown_title(self, key: str) -> str:
        """Return what the tab is called now, its own name or the query's."""
        return self.tabs.title_of(key)

    def flush(self) -> None:
        """Hand over what was typed and not yet handed over."""
        self._save.stop()
        self._hand_over()

    # -- what others tell the editor

    def show_connections(self, choices: Sequence[ConnectionChoice], usual: str = "", came: str = "") -> None:
        """Offer these sites to every tab. One that has none takes `usual`, or the first if that is not offered; the
        current one, if its site is gone, takes `came`, which was just connected.
        """
        offered = [choice.id for choice in choices]
        for tab in self._tabs.values():
            if tab.connection_id is None and offered:
                tab.connection_id = usual if usual in offered else offered[0]
        now = self._current()
        if now is not None and came in offered and now.connection_id not in offered:
            now.connection_id = came
        self.order_bar.show_connections(choices, (now.connection_id or "") if now else usual)
        self._judge()

    def set_reason(self, reason: str) -> None:
        """Say why no report can be ordered at all now, such as while closing; "" for no such reason."""
        self._outside_reason = reason
        self._judge()

    def show_findings(self, key: str, revision: int, findings: Sequence[Finding]) -> None:
        """Show what a check found; an answer to an older text is dropped."""
        tab = self._tabs.get(key)
        if tab is None or tab.revision != revision:
            return
        tab.findings = list(findings)
        tab.edit.show_findings(findings)
        if key == self.current_id():
            self._judge()

    def show_tidied(self, key: str, revision: int, text: str) -> None:
        """Put the tidied text in place, as one undo step, unless it was typed on meanwhile."""
        tab = self._tabs.get(key)
        if tab is not None and tab.revision == revision and text != tab.edit.toPlainText():
            tab.edit.replace_text(text)

    def insert_query(self, text: str, *, connection_id: str | None = None, form: Format | None = None) -> str:
        """Put an understood query into the current tab if that is blank, else into a new one; return its id."""
        tab = self._current()
        if tab is None or not tab.edit.blank():
            return self.new_query(text, connection_id=connection_id, form=form)
        if connection_id is not None:
            tab.connection_id = connection_id
        if form is not None:
            tab.format = form
        tab.edit.replace_text(text)
        self._select(tab.id)
        self._touch(tab.id)
        return tab.id

    def bind(self, actions: Actions) -> None:
        """Let the window's actions work on this editor."""
        bind_editor(self, actions)

    def on_current(self, act: Callable[[SqlEdit], None]) -> None:
        """Do something with the field in view."""
        edit = self.current_edit()
        if edit is not None:
            act(edit)

    def ask_for_tidy(self) -> None:
        """Ask for the current text tidied."""
        tab = self._current()
        if tab is not None and not tab.edit.blank():
            self.tidy_wanted.emit(tab.id, tab.revision, tab.edit.toPlainText())

    # -- inside

    def _lay_out(self) -> None:
        box = column(self, spacing=0)
        box.addWidget(self.tabs)
        box.addWidget(line())
        box.addWidget(self.find_bar)
        box.addWidget(self._stack, 1)
        box.addWidget(self._foot)
        box.addWidget(line())
        box.addWidget(self.order_bar)

    def _wire(self) -> None:
        self.tabs.chosen.connect(self._select)
        self.tabs.close_wanted.connect(self.close_query)
        self.tabs.new_wanted.connect(self.new_query)
        self.tabs.renamed.connect(self._renamed)
        self.tabs.moved.connect(self._touch_all)
        self.tabs.rename_ended.connect(self._focus_text)
        self.order_bar.order_wanted.connect(lambda: self.order_wanted.emit(self.current_id()))
        self.order_bar.connection_chosen.connect(self._connection_chosen)
        self.order_bar.format_chosen.connect(self._format_chosen)
        self.order_bar.connect_wanted.connect(self.connect_wanted)
        self._foot.find_wanted.connect(lambda: self.find_bar.open(replace=True))
        self._foot.tidy_wanted.connect(self.ask_for_tidy)

    def _open(self, draft: Draft) -> None:
        edit = SqlEdit(self._theme, self._tokenise)
        tab = QueryTab(draft.id, edit, draft.title, draft.connection_id, draft.format)
        self._tabs[draft.id] = tab
        edit.setPlainText(draft.text)
        edit.set_caret(draft.cursor)
        self._stack.addWidget(edit)
        self.tabs.add(draft.id, tab.shown_title(self._title_of))
        edit.textChanged.connect(lambda: self._text_changed(draft.id))
        edit.cursorPositionChanged.connect(lambda: self._caret_moved(draft.id))
        edit.pasted.connect(self.pasted)
        edit.tab_key_changed.connect(self._foot.show_tab_key)

    def _current(self) -> QueryTab | None:
        return self._tabs.get(self.current_id())

    def _select(self, key: str) -> None:
        tab = self._tabs.get(key)
        if tab is None:
            return
        for other in self._tabs.values():
            other.edit.setObjectName("editor" if other is tab else f"editor-{other.id}")
        self._stack.setCurrentWidget(tab.edit)
        self.find_bar.attach(tab.edit)
        self.order_bar.choose_connection(tab.connection_id)
        self.order_bar.choose_format(tab.format)
        self._show_place()
        self._judge()
        self._check.start()
        self.current_changed.emit(key)

    def _focus_text(self) -> None:
        edit = self.current_edit()
        if edit is not None and self.isVisible():
            edit.setFocus()

    def _text_changed(self, key: str) -> None:
        tab = self._tabs.get(key)
        # Qt also reports a change when only colours changed; a long text is coloured in thousands of steps.
        if tab is None or tab.edit.only_colours_change:
            return
        tab.revision += 1
        tab.findings = []
        self.tabs.set_title(key, tab.shown_title(self._title_of))
        self._touch(key)
        self._judge()
        self._check.start()

    def _caret_moved(self, key: str) -> None:
        if key == self.current_id():
            self._show_place()
            self._check.start()

    def _renamed(self, key: str, title: str) -> None:
        tab = self._tabs[key]
        by_query = one_line(tab.query_title(self._title_of), 60)
        tab.title = "" if title == by_query else title
        self.tabs.set_title(key, tab.shown_title(self._title_of))
        self._touch(key)

    def _touch(self, key: str) -> None:
        self._dirty.add(key)
        if not self._save.isActive():
            self._save.start()

    def _touch_all(self) -> None:
        for key in self._tabs:
            self._touch(key)

    def _hand_over(self) -> None:
        drafts = [self.draft(key) for key in self.tabs.ids() if key in self._dirty and key in self._tabs]
        self._dirty.clear()
        if drafts:
            self.drafts_changed.emit(drafts)

    def _ask_for_check(self) -> None:
        tab = self._current()
        if tab is not None:
            text = tab.edit.toPlainText()
            self.check_wanted.emit(tab.id, tab.revision, text, tab.edit.caret(text))

    def _connection_chosen(self, connection_id: str) -> None:
        tab = self._current()
        if tab is not None:
            tab.connection_id = connection_id or None
            self._touch(tab.id)
        self._judge()
        self.connection_chosen.emit(connection_id)

    def _format_chosen(self, form: str) -> None:
        tab = self._current()
        if tab is not None:
            tab.format = "xlsx" if form == "xlsx" else "csv"
            self._touch(tab.id)
        self.format_chosen.emit(form)

    def _show_place(self) -> None:
        edit = self.current_edit()
        if edit is not None:
            cursor = edit.textCursor()
            self._foot.show_place(cursor.blockNumber() + 1, cursor.columnNumber() + 1)

    def _judge(self) -> None:
        """Bring the line of remarks and the reason at the button up to date."""
        tab = self._current()
        if tab is None:
            self.order_bar.set_reason(self._outside_reason or tr("Editor", "There is no query yet."))
            return
        gravest = worst(tab.findings)
        reason = self._outside_reason
        if not reason and tab.edit.blank():
            reason = tr("Editor", "There is no query yet.")
        if not reason and self.order_bar.connection_id() is None:
            reason = tr("Editor", "Choose a site first.")
        if not reason and gravest is not None and gravest.severity == "error":
            reason = tr("Editor", "The query can't run as it is.")
        self.order_bar.set_reason(reason)
        self._foot.show_findings(tab.findings)
