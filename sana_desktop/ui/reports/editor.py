"""The editor: one tab a query, a search bar, one calm line of remarks, and the bar that orders the report."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.reports.drafts import Draft, Format
from sana_desktop.reports.sql_title import title_of
from sana_desktop.reports.sql_tokens import tokens
from sana_desktop.ui.actions import Actions
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.find_bar import FindBar
from sana_desktop.ui.reports.findings import Finding
from sana_desktop.ui.reports.order_bar import ConnectionChoice, OrderBar
from sana_desktop.ui.reports.query_tabs import QueryTabs
from sana_desktop.ui.reports.sql_edit import SqlEdit
from sana_desktop.ui.reports.sql_lines import Tokenise
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import column, frame, icon_button, label, line, set_tone

SAVE_AFTER_MS = 300
"""A change is handed to the drafts at most this much later, also while typing goes on (A03 allows a second)."""
CHECK_AFTER_MS = 350
"""A pause in typing before the query is checked."""
TITLE_FROM = 4_000
"""Characters of a query that its name is made from."""


@dataclass
class _Tab:
    id: str
    edit: SqlEdit
    title: str = ""
    connection_id: str | None = None
    format: Format = "csv"
    revision: int = 0
    known: str = ""
    findings: list[Finding] = field(default_factory=list)


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
        self._tabs: dict[str, _Tab] = {}
        self._closed: list[Draft] = []
        self._dirty: set[str] = set()
        self._outside_reason = ""
        self.tabs = QueryTabs(icons)
        self.find_bar = FindBar(icons)
        self.order_bar = OrderBar(icons)
        self._stack = QStackedWidget()
        self._remark = label("", name="remarkLine")
        self._remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._remark_mark = label("")
        self._where = label("", role="caption", name="caretPlace")
        self._save = _after(self, SAVE_AFTER_MS, self._hand_over)
        self._check = _after(self, CHECK_AFTER_MS, self._ask_for_check)
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
            format=form or (now.format if now else "csv"),
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

    def current_id(self) -> str:
        """Return the id of the tab in view, "" before there is one."""
        return self.tabs.id_at(self.tabs.bar.currentIndex())

    def current_edit(self) -> SqlEdit | None:
        """Return the field in view."""
        tab = self._current()
        return tab.edit if tab is not None else None

    def draft(self, key: str) -> Draft:
        """Return a tab as it stands; KeyError if there is none."""
        tab = self._tabs[key]
        return Draft(
            id=key,
            position=max(self.tabs.index_of(key), 0),
            text=tab.edit.toPlainText(),
            title=tab.title,
            cursor=tab.edit.caret(),
            connection_id=tab.connection_id,
            format=tab.format,
        )

    def shown_title(self, key: str) -> str:
        """Return what the tab is called now, its own name or the query's."""
        return self.tabs.title_of(key)

    def flush(self) -> None:
        """Hand over what was typed and not yet handed over."""
        self._save.stop()
        self._hand_over()

    # -- what others tell the editor

    def show_connections(self, choices: Sequence[ConnectionChoice]) -> None:
        """Offer these sites to every tab."""
        tab = self._current()
        self.order_bar.show_connections(choices, tab.connection_id if tab else None)
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
        if tab is None or tab.edit.toPlainText().strip():
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
        actions.on("file.new", self.new_query)
        actions.on("file.close", self.close_query)
        actions.on("file.reopen", self.reopen_query)
        actions.on("file.rename", self.tabs.rename)
        actions.on("edit.find", lambda: self.find_bar.open(replace=False))
        actions.on("edit.replace", lambda: self.find_bar.open(replace=True))
        actions.on("edit.find_next", lambda: self.find_bar.step(1))
        actions.on("edit.find_previous", lambda: self.find_bar.step(-1))
        actions.on("edit.comment", lambda: self._on_current(SqlEdit.toggle_comment))
        actions.on("edit.tab_key", lambda: self._on_current(SqlEdit.toggle_tab_key))
        actions.on("query.format", self.ask_for_tidy)
        actions.on("query.get_report", self._order_by_key)
        for form in ("csv", "xlsx"):
            actions.on(f"query.{form}", partial(self._pick_format, form))
        self.order_bar.format.currentIndexChanged.connect(
            lambda: actions.action(f"query.{self.order_bar.chosen_format()}").setChecked(True)
        )
        actions.action(f"query.{self.order_bar.chosen_format()}").setChecked(True)

    def _order_by_key(self) -> None:
        # The command's key works in the whole window; what can't be seen is not ordered.
        if self.order_bar.isVisible():
            self.order_bar.button.click()

    def _pick_format(self, form: str) -> None:
        self.order_bar.format.setCurrentIndex(self.order_bar.format.findData(form))

    def ask_for_tidy(self) -> None:
        """Ask for the current text tidied."""
        tab = self._current()
        if tab is not None and tab.edit.toPlainText().strip():
            self.tidy_wanted.emit(tab.id, tab.revision, tab.edit.toPlainText())

    # -- inside

    def _lay_out(self) -> None:
        box = column(self, spacing=0)
        box.addWidget(self.tabs)
        box.addWidget(line())
        box.addWidget(self.find_bar)
        box.addWidget(self._stack, 1)
        foot = frame("surface")
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._remark_mark)
        row.addWidget(self._remark, 1)
        row.addWidget(self._where)
        tidy = icon_button(self._icons, "format", tr("Editor", "Tidy the SQL (Ctrl+Shift+F)"), "tidyButton")
        search = icon_button(self._icons, "search", tr("Editor", "Find and replace (Ctrl+F)"), "findButton")
        tidy.clicked.connect(self.ask_for_tidy)
        search.clicked.connect(lambda: self.find_bar.open(replace=True))
        row.addWidget(search)
        row.addWidget(tidy)
        box.addWidget(foot)
        box.addWidget(line())
        box.addWidget(self.order_bar)

    def _wire(self) -> None:
        self.tabs.chosen.connect(self._select)
        self.tabs.close_wanted.connect(self.close_query)
        self.tabs.new_wanted.connect(self.new_query)
        self.tabs.renamed.connect(self._renamed)
        self.tabs.moved.connect(self._touch_all)
        self.order_bar.order_wanted.connect(lambda: self.order_wanted.emit(self.current_id()))
        self.order_bar.connection_chosen.connect(self._connection_chosen)
        self.order_bar.format_chosen.connect(self._format_chosen)
        self.order_bar.connect_wanted.connect(self.connect_wanted)
        self._theme.changed.connect(self._judge)

    def _open(self, draft: Draft) -> None:
        edit = SqlEdit(self._theme, self._tokenise)
        tab = _Tab(draft.id, edit, draft.title, draft.connection_id, draft.format)
        self._tabs[draft.id] = tab
        edit.setPlainText(draft.text)
        edit.set_caret(draft.cursor)
        tab.known = edit.toPlainText()
        self._stack.addWidget(edit)
        self.tabs.add(draft.id, self._title(tab))
        edit.textChanged.connect(lambda: self._text_changed(draft.id))
        edit.cursorPositionChanged.connect(lambda: self._caret_moved(draft.id))
        edit.pasted.connect(self.pasted)
        edit.tab_key_changed.connect(self._tab_key_changed)

    def _current(self) -> _Tab | None:
        return self._tabs.get(self.current_id())

    def _on_current(self, act: Callable[[SqlEdit], None]) -> None:
        edit = self.current_edit()
        if edit is not None:
            act(edit)

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
        # Qt also reports a change when only colours or fonts changed.
        if tab is None or (key not in self._dirty and tab.edit.toPlainText() == tab.known):
            return
        tab.revision += 1
        tab.findings = []
        self.tabs.set_title(key, self._title(tab))
        self._touch(key)
        self._judge()
        self._check.start()

    def _caret_moved(self, key: str) -> None:
        if key == self.current_id():
            self._show_place()
            self._check.start()

    def _renamed(self, key: str, title: str) -> None:
        tab = self._tabs[key]
        by_query = one_line(self._title_of(tab.edit.toPlainText()[:TITLE_FROM]), 60)
        tab.title = "" if title == by_query else title
        self.tabs.set_title(key, self._title(tab))
        self._touch(key)

    def _title(self, tab: _Tab) -> str:
        if tab.title:
            return tab.title
        text = tab.edit.toPlainText()[:TITLE_FROM]
        return (self._title_of(text) if text.strip() else "") or tr("Editor", "New query")

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
        for draft in drafts:
            self._tabs[draft.id].known = draft.text
        if drafts:
            self.drafts_changed.emit(drafts)

    def _ask_for_check(self) -> None:
        tab = self._current()
        if tab is not None:
            self.check_wanted.emit(tab.id, tab.revision, tab.edit.toPlainText(), tab.edit.caret())

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

    def _tab_key_changed(self, moves_focus: bool) -> None:
        words = tr("Editor", "Tab key moves the focus") if moves_focus else tr("Editor", "Tab key inserts spaces")
        self._where.setText(words)

    def _show_place(self) -> None:
        edit = self.current_edit()
        if edit is not None:
            cursor = edit.textCursor()
            place = tr(
                "Editor",
                "Line {line}, column {column}",
                line=cursor.blockNumber() + 1,
                column=cursor.columnNumber() + 1,
            )
            self._where.setText(place)

    def _judge(self) -> None:
        """Bring the line of remarks and the reason at the button up to date."""
        tab = self._current()
        if tab is None:
            return
        order = {"error": 0, "warning": 1, "note": 2}
        findings = sorted(tab.findings, key=lambda finding: order[finding.severity])
        reason = self._outside_reason
        if not reason and not tab.edit.toPlainText().strip():
            reason = tr("Editor", "There is no query yet.")
        if not reason and self.order_bar.connection_id() is None:
            reason = tr("Editor", "Choose a site first.")
        if not reason and findings and findings[0].severity == "error":
            reason = tr("Editor", "The query can't run as it is.")
        self.order_bar.set_reason(reason)
        self._show_remark(findings)

    def _show_remark(self, findings: Sequence[Finding]) -> None:
        if not findings:
            self._remark.setText("")
            self._remark_mark.hide()
            return
        looks = {"error": ("error", "bad"), "warning": ("warning", "warn"), "note": ("info", "text_quiet")}
        icon, role = looks[findings[0].severity]
        self._icons.bind_label(self._remark_mark, icon, role)
        self._remark_mark.show()
        more = len(findings) - 1
        words = one_line(findings[0].message, 300)
        if more:
            words = tr("Editor", "{message} (and {count} more)", message=words, count=more)
        set_tone(self._remark, role if role in {"bad", "warn"} else "")
        self._remark.setText(words)
        self._remark.setToolTip("\n".join(one_line(finding.message, 300) for finding in findings[:20]))


def _after(owner: QWidget, milliseconds: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
