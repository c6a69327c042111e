"""Further buttons on the card of a paste: note its exercises only, or hold to send to a real person."""

from __future__ import annotations

from PySide6.QtCore import Signal

from sana_desktop.ui.practice.parts.flow import FlowRow
from sana_desktop.ui.practice.parts.hold_button import HoldButton
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import text_button


class PasteWays(FlowRow):
    """The buttons; hidden while there is none.

    Signals:
        note_wanted: only note the exercises.
        held: the button for the real person was held until it was full.
        let_go: it was let go too early.
        chosen: one of the two was taken.
    """

    note_wanted = Signal()
    held = Signal()
    let_go = Signal()
    chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.note = text_button("", "notePasteButton", kind="plain")
        self.hold = HoldButton(theme)
        self.hold.setObjectName("holdPasteButton")
        self.hold.set_held(True)
        self.add(self.note)
        self.add(self.hold)
        self.note.clicked.connect(self._note)
        self.hold.done.connect(self._hold)
        self.hold.let_go.connect(self.let_go)
        self.offer("", "")

    def offer(self, note: str, hold: str) -> None:
        """Show the buttons that have words."""
        self.hold.cancel()  # a finger on it meant another paste
        for button, words in ((self.note, note), (self.hold, hold)):
            button.setText(words)
            button.setAccessibleName(words)
            button.setVisible(bool(words))
        self.hold.setAccessibleName(tr("Practice", "Hold: {words}", words=hold) if hold else "")
        self.setVisible(bool(note or hold))

    def _note(self) -> None:
        self.chosen.emit()
        self.note_wanted.emit()

    def _hold(self) -> None:
        self.chosen.emit()
        self.held.emit()
