"""One tab of the editor: its field, and what belongs to the query beside its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sana_desktop.reports.drafts import Draft, Format
from sana_desktop.ui.reports.findings import Finding
from sana_desktop.ui.reports.sql_edit import SqlEdit
from sana_desktop.ui.tr import tr

TITLE_FROM = 4_000
"""Characters of a query that its name is made from."""


@dataclass
class QueryTab:
    """What the editor keeps of a tab.

    Attributes:
        title: the name the person gave it; "" means named after its query.
        revision: grows with every change of the text, so that late answers are known as such.
        known: the text as it was last handed over.
        findings: what the last check of this very text found.
    """

    id: str
    edit: SqlEdit
    title: str = ""
    connection_id: str | None = None
    format: Format = "csv"
    revision: int = 0
    known: str = ""
    findings: list[Finding] = field(default_factory=list)

    def draft(self, position: int) -> Draft:
        """Return the tab as it stands, at a place among the others."""
        return Draft(
            id=self.id,
            position=max(position, 0),
            text=self.edit.toPlainText(),
            title=self.title,
            cursor=self.edit.caret(),
            connection_id=self.connection_id,
            format=self.format,
        )

    def shown_title(self, title_of: Callable[[str], str]) -> str:
        """Return what the tab is called: its own name, else the one its query gives, else that it is new."""
        text = self.edit.toPlainText()[:TITLE_FROM]
        return self.title or (title_of(text) if text.strip() else "") or tr("Editor", "New query")
