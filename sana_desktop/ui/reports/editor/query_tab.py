"""One tab of the editor: its field, and what belongs to the query beside its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sana_desktop.reports.records.drafts import Draft, Format
from sana_desktop.ui.reports.editor.findings import Finding
from sana_desktop.ui.reports.editor.sql_edit import SqlEdit
from sana_desktop.ui.tr import tr

TITLE_FROM = 4_000
"""Characters of a query that its name is made from."""


@dataclass
class QueryTab:
    """What the editor keeps of a tab.

    Attributes:
        title: the name the person gave it; "" means named after its query.
        revision: grows with every change of the text, so that late answers are known as such.
        findings: what the last check of this very text found.

    A key costs the same in a text of any length: the whole text is read for a draft, never for a key.
    """

    id: str
    edit: SqlEdit
    title: str = ""
    connection_id: str | None = None
    format: Format = "csv"
    revision: int = 0
    findings: list[Finding] = field(default_factory=list)
    _named: tuple[str, str] | None = None

    def draft(self, position: int) -> Draft:
        """Return the tab as it stands, at a place among the others."""
        text = self.edit.toPlainText()
        return Draft(
            id=self.id,
            position=max(position, 0),
            text=text,
            title=self.title,
            cursor=self.edit.caret(text),
            connection_id=self.connection_id,
            format=self.format,
        )

    def query_title(self, title_of: Callable[[str], str]) -> str:
        """Return the name that the query gives itself, "" if it gives none."""
        head = self.edit.head(TITLE_FROM)
        if self._named is None or self._named[0] != head:
            self._named = (head, title_of(head) if head.strip() else "")
        return self._named[1]

    def shown_title(self, title_of: Callable[[str], str]) -> str:
        """Return what the tab is called: its own name, else the one its query gives, else that it is new."""
        return self.title or self.query_title(title_of) or tr("Editor", "New query")
