"""What was sent and what came back, one fold away: request, answer, status, time, bytes, the command."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from sana_desktop.api.practice_models import Exchange
from sana_desktop.base.text import bounded, one_line, visible
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.practice.parts.mono_field import MonoField
from sana_desktop.ui.practice.parts.size_meter import MAX_BYTES
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, set_tone, text_button

FIELD_HEIGHT = 148
SIDE_CHARACTERS = 52
"""What came back stands beside what was sent where both have room for so many characters, else below it."""
MAX_STEP_LENGTH = 200
MAX_SHOWN_LENGTH = 40_000
"""Characters of one text; an answer may have a million."""


class ExchangeFold(QWidget):
    """Closed at first; shows one exchange.

    Signals:
        copy_wanted(Exchange): copy it as a command without the key.
        newest_wanted: show the newest one again, not that of a chosen step.
    """

    copy_wanted = Signal(object)
    newest_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exchangeFold")
        self._exchange: Exchange | None = None
        self._instead = ""
        self._part = ""
        self._of = label("", role="caption", name="exchangeOf", wrap=True)
        self.newest = text_button(tr("Practice", "Show the newest"), "exchangeNewestButton", kind="link")
        self._facts = label("", role="quiet", wrap=True, name="exchangeFacts", selectable=True)
        self._trouble = label("", tone="bad", wrap=True, name="exchangeTrouble")
        self.request = MonoField(theme, "exchangeRequest", tr("Practice", "What was sent"), FIELD_HEIGHT)
        self.response = MonoField(theme, "exchangeResponse", tr("Practice", "What came back"), FIELD_HEIGHT)
        self.copy = text_button(tr("Practice", "Copy as cURL"), "copyCurlButton")
        icons.bind(self.copy, "copy")
        self._note = label(tr("Practice", "Your key is not in it."), role="caption")
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._of, 1)
        head.addWidget(self.newest, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(head)
        box.addWidget(self._facts)
        box.addWidget(self._trouble)
        sides = self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        sides.setSpacing(8)
        for words, field in (
            (tr("Practice", "What was sent"), self.request),
            (tr("Practice", "What came back"), self.response),
        ):
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(label(words, role="caption"))
            side.addWidget(field)
            sides.addLayout(side, 1)
        box.addLayout(sides)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy)
        row.addWidget(self._note)
        row.addStretch()
        box.addLayout(row)
        self.fold = CollapsibleSection(
            tr("Practice", "What was sent and what came back"), "exchangeToggle", icons, content
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.fold)
        self.copy.clicked.connect(self._copy)
        self.newest.clicked.connect(self.newest_wanted)
        self.fold.opened.connect(lambda _opened: self._fill())
        self.show_exchange(None)
        self.show_of("")

    def show_exchange(self, exchange: Exchange | None, instead: str = "", part: str = "") -> None:
        """Show this exchange; where there is none, say `instead`, and show the `part` of a request that is known."""
        self._exchange = exchange
        self._part = part
        self._instead = instead or tr("Practice", "Choose a step above to see what was sent for it.")
        self._fill()

    def show_of(self, step: str, *, newest: bool = True) -> None:
        """Say of which chosen step it is; "" where none was chosen. Without `newest` it is an older one's."""
        words = one_line(step, MAX_STEP_LENGTH)
        self._of.setText(tr("Practice", "Of {step}", step=words) if words else tr("Practice", "The newest request"))
        if newest and self.newest.hasFocus():
            self.fold.toggle.setFocus()
        self.newest.setVisible(not newest)

    def exchange(self) -> Exchange | None:
        """Return what is shown."""
        return self._exchange

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= 2 * SIDE_CHARACTERS * self.request.fontMetrics().horizontalAdvance("0")
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _copy(self) -> None:
        if self._exchange is not None:
            self.copy_wanted.emit(self._exchange)

    def _fill(self) -> None:
        exchange = self._exchange
        self.copy.setEnabled(exchange is not None)
        self._trouble.setVisible(exchange is not None and bool(exchange.trouble))
        if exchange is None:
            self._facts.setText(self._instead)
            self.request.setPlainText(readable(self._part) if self.fold.is_open() else "")
            self.response.setPlainText("")
            return
        self._facts.setText(facts(exchange))
        set_tone(self._trouble, "bad")
        self._trouble.setText(bounded(exchange.trouble, 400))
        if self.fold.is_open():
            # Laying out long texts costs; nobody looks at those of a closed fold.
            self.request.setPlainText(readable(exchange.request))
            self.response.setPlainText(readable(exchange.response) or tr("Practice", "(nothing)"))


def facts(exchange: Exchange) -> str:
    """Return the line of facts: where to, status, time, bytes."""
    status = str(exchange.status) if exchange.status is not None else tr("Practice", "no answer")
    parts = [f"POST {exchange.path}", status]
    if exchange.latency_seconds is not None:
        parts.append(f"{exchange.latency_seconds * 1000:,.0f} ms")
    size = tr("Practice", "{size} of {most} bytes", size=f"{exchange.request_bytes:,}", most=f"{MAX_BYTES:,}")
    return "  ·  ".join([*parts, size])


def readable(text: str) -> str:
    """Return a text of JSON with line breaks, any other text as it is; bounded, and nothing in it invisible."""
    if len(text) <= MAX_SHOWN_LENGTH:
        try:
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            pass
    return bounded(visible(text, keep_newlines=True), MAX_SHOWN_LENGTH)
