"""The buttons that hand on what was found: to a file, or to the clipboard; and what became of that."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, set_tone, text_button


class HandOn(QWidget):
    """Offered once there is something to hand on.

    Args:
        key: part of the object names.

    Signals:
        save_wanted: write what was found to a file.
        copy_wanted: put it on the clipboard as text.
    """

    save_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, key: str) -> None:
        super().__init__()
        self.save = text_button(tr("Practice", "Save the report…"), f"{key}SaveButton")
        self.copy = text_button(tr("Practice", "Copy as text"), f"{key}CopyButton")
        self.note = label("", role="caption", name=f"{key}Note")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.save, self.copy, self.note):
            row.addWidget(widget)
        row.addStretch()
        self.save.clicked.connect(self.save_wanted)
        self.copy.clicked.connect(self.copy_wanted)
        self.offer(False)

    def offer(self, offered: bool) -> None:
        """Offer to hand on what was found, or not."""
        self.save.setVisible(offered)
        self.copy.setVisible(offered)
        if not offered:
            self.say("")

    def say(self, words: str, tone: str = "") -> None:
        """Say what became of the report."""
        self.note.setText(words)
        set_tone(self.note, tone)
