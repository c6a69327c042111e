"""How large the next request is against the 16,000 bytes that the API takes, and the request itself one fold away."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from sana_desktop.base.text import bounded
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.practice.parts.mono_field import MonoField
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, plain_tip, set_tone

MAX_BYTES = 16_000
"""Of one request: "16 KB per call without exception"."""
WARN_SHARE = 0.8
RAW_HEIGHT = 168
MAX_RAW_LENGTH = 20_000


class SizeMeter(QWidget):
    """A thin bar with its words, which warns at 80 %, and the fold with the request as JSON, kept in step."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setObjectName("practiceSize")
        self.bar.setAccessibleName(tr("Practice", "Size of the request"))
        self.bar.setRange(0, MAX_BYTES)
        self.bar.setTextVisible(False)
        self._mark = QLabel()
        self._icons = icons
        self._words = label("", role="caption", wrap=True, name="practiceSizeWords")
        why = tr("Practice", "Sana takes no longer request. Topics, tags and answers that travel along make it longer.")
        self.setToolTip(plain_tip(why))
        words = tr("Practice", "The request as it will be sent")
        self.raw = MonoField(theme, "practiceRaw", words, RAW_HEIGHT)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        box.addLayout(row)
        box.addWidget(CollapsibleSection(tr("Practice", "Show the request"), "practiceRawFold", icons, self.raw))
        self._mark.hide()

    def show_request(self, text: str, size: int) -> None:
        """Show a request as readable JSON, and how many bytes it has as it is sent."""
        shown = bounded(text, MAX_RAW_LENGTH)
        if shown != self.raw.toPlainText():
            self.raw.setPlainText(shown)
        self.bar.setValue(min(size, MAX_BYTES))
        values = {"size": f"{size:,}", "most": f"{MAX_BYTES:,}"}
        if size > MAX_BYTES:
            icon, tone = "error", "bad"
            said = tr("Practice", "{size} bytes; the limit is {most}. It is not sent like this.", **values)
        elif size >= MAX_BYTES * WARN_SHARE:
            icon, tone = "warning", "warn"
            said = tr("Practice", "{size} of {most} bytes: nearly full.", **values)
        else:
            icon, tone = "", ""
            said = tr("Practice", "The next request: {size} of {most} bytes", **values)
        set_tone(self._words, tone)
        self._words.setText(said)
        self.bar.setAccessibleDescription(said)
        self._mark.setVisible(bool(icon))
        if icon:
            self._icons.bind_label(self._mark, icon, tone)
