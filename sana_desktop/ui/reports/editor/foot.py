"""The line under the text: what the check says in one calm sentence, where the caret is, and two small tools."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.findings import Finding, Severity
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import ElidedLabel, icon_button, label, set_tone

LONGEST = 300
_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_LOOKS: dict[Severity, tuple[str, str]] = {
    "error": ("error", "bad"),
    "warning": ("warning", "warn"),
    "note": ("info", "text_quiet"),
}


def worst(findings: Sequence[Finding]) -> Finding | None:
    """Return what matters most, the first of its kind; None if there is nothing."""
    return min(findings, key=lambda finding: _ORDER[finding.severity], default=None)


class EditorFoot(QFrame):
    """The line.

    Signals:
        find_wanted, tidy_wanted: the tools.
    """

    find_wanted = Signal()
    tidy_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self._icons = icons
        self._mark = label("")
        self._mark.hide()
        self._remark = ElidedLabel("remarkLine")
        self._where = label("", role="caption", name="caretPlace")
        find = icon_button(icons, "search", tr("Editor", "Find and replace (Ctrl+F)"), "findButton")
        tidy = icon_button(icons, "format", tr("Editor", "Tidy the SQL (Ctrl+Shift+F)"), "tidyButton")
        find.clicked.connect(self.find_wanted)
        tidy.clicked.connect(self.tidy_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._remark, 1)
        row.addWidget(self._where)
        row.addWidget(find)
        row.addWidget(tidy)

    def show_place(self, line: int, column: int) -> None:
        """Say where the caret is; both count from 1."""
        self._where.setText(tr("Editor", "Line {line}, column {column}", line=line, column=column))

    def show_tab_key(self, moves_focus: bool) -> None:
        """Say what the Tab key does now."""
        words = tr("Editor", "Tab key moves the focus") if moves_focus else tr("Editor", "Tab key inserts spaces")
        self._where.setText(words)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say what matters most, and how much more there is; all of it on hover."""
        first = worst(findings)
        self._mark.setVisible(first is not None)
        if first is None:
            self._remark.show_text("")
            return
        icon, role = _LOOKS[first.severity]
        self._icons.bind_label(self._mark, icon, role)
        words = one_line(first.message, LONGEST)
        if len(findings) > 1:
            words = tr("Editor", "{message} (and {count} more)", message=words, count=len(findings) - 1)
        set_tone(self._remark, role if role in {"bad", "warn"} else "")
        self._remark.show_text(words, "\n".join(one_line(finding.message, LONGEST) for finding in findings[:20]))
