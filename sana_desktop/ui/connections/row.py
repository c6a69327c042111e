"""One connection as a card: who, where, how it signs in, and what its last test said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.connections.views import CheckState, CheckView, ConnectionView
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.words.site_words import mark_words
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import icon_button, label, line, set_tone, text_button

_LOOKS: dict[CheckState, tuple[str, str]] = {
    "good": ("good", "good"),
    "warn": ("warning", "warn"),
    "bad": ("error", "bad"),
    "unknown": ("ring", "text_quiet"),
}


def state_word(state: CheckState) -> str:
    """Return the word of a check's state; the icon and colour say the same."""
    return {
        "good": tr("Check-up", "Fine"),
        "warn": tr("Check-up", "Look at this"),
        "bad": tr("Check-up", "Not working"),
        "unknown": tr("Check-up", "Not checked"),
    }[state]


class ConnectionRow(QFrame):
    """A card.

    Signals:
        test_wanted, edit_wanted, forget_wanted: the person pressed that button.
        action_wanted(str): key of the action of a check.
    """

    test_wanted = Signal()
    edit_wanted = Signal()
    forget_wanted = Signal()
    action_wanted = Signal(str)

    def __init__(self, view: ConnectionView, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setObjectName(f"connection-{view.id}")
        self.setAccessibleName(view.name)
        self.view = view
        self._icons = icons
        self._checks: QWidget | None = None
        name = one_line(view.name, 60)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(20, 16, 12, 16)
        self._box.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(8)
        dot = QLabel()
        icons.bind_label(dot, "dot", view.colour, 20)
        top.addWidget(dot, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(label(name, role="heading"))
        mark = mark_words(view.mark)
        if mark.casefold() != name.casefold():
            title.addWidget(label(mark, role="quiet"))
        title.addStretch()
        words.addLayout(title)
        words.addWidget(label(one_line(view.site, 120), selectable=True))
        words.addWidget(label(self._access_words(), role="caption", wrap=True))
        self._state = label("", role="caption", wrap=True)
        self._state.hide()
        words.addWidget(self._state)
        top.addLayout(words, 1)
        self.test = text_button(tr("Connections", "Test"), "testConnectionButton")
        self.test.setAccessibleName(tr("Connections", "Test {name}", name=name))
        self.test.clicked.connect(self.test_wanted)
        top.addWidget(self.test, 0, Qt.AlignmentFlag.AlignTop)
        for icon, verb, signal, key in (
            ("settings", tr("Connections", "Change {name}", name=name), self.edit_wanted, "editConnectionButton"),
            ("trash", tr("Connections", "Forget {name}", name=name), self.forget_wanted, "forgetConnectionButton"),
        ):
            if view.mark == "demo":
                continue  # its words say why
            button = icon_button(icons, icon, verb, key)
            button.clicked.connect(signal)
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(top)

    def show_testing(self) -> None:
        """Say that the test is under way. The button keeps the focus: a disabled one would hand it to its neighbour."""
        self._drop_checks()
        self._say(tr("Connections", "Looking at address, sign-in and permissions…"))

    def show_checks(self, checks: Sequence[CheckView], at: datetime) -> None:
        """Show what the test that ended `at` that moment found, a line each."""
        self._drop_checks()
        time = f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
        self._say(tr("Connections", "Tested {time}. What has changed since then shows when you test again.", time=time))
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 4, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        grid.addWidget(line(), 0, 0, 1, 4)
        for row, check in enumerate(checks, start=1):
            self._add_check(grid, row, check)
        self._checks = body
        self._box.addWidget(body)
        body.show()

    def show_problem(self, sentence: str) -> None:
        """Say in the card that something could not be done."""
        self._say(sentence, "bad")

    def _add_check(self, grid: QGridLayout, row: int, check: CheckView) -> None:
        icon, role = _LOOKS[check.state]
        mark = QLabel()
        self._icons.bind_label(mark, icon, role)
        known = check.state != "unknown"
        state = label(state_word(check.state), role="" if known else "quiet", tone=role if known else "")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(one_line(check.name, 60)))
        words.addWidget(label(one_line(check.sentence, 400), role="quiet", wrap=True))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(mark, row, 0, top)
        grid.addWidget(state, row, 1, top)
        grid.addLayout(words, row, 2)
        if check.action:
            button = text_button(one_line(check.action_words, 40), f"check-{check.action}")
            button.clicked.connect(lambda: self.action_wanted.emit(check.action))
            grid.addWidget(button, row, 3, top)

    def _access_words(self) -> str:
        if self.view.mark == "demo":
            return tr(
                "Connections",
                "Made up, on this computer alone. There is nothing to change or to forget: it is here while the app is "
                "open. Reports that came from it stay until you remove them.",
            )
        if self.view.access == "pasted":
            how = tr("Connections", "Signs in with a pasted pass.")
        else:
            how = tr("Connections", "Signs in with client id {id}.", id=one_line(self.view.client_id, 60))
        return f"{how} {one_line(self.view.secret_place, 160)}".strip()

    def _say(self, text: str, tone: str = "") -> None:
        self._state.setText(one_line(text, 300))
        set_tone(self._state, tone)
        self._state.setVisible(True)

    def _drop_checks(self) -> None:
        if self._checks is not None:
            self._box.removeWidget(self._checks)
            self._checks.hide()
            self._checks.deleteLater()
            self._checks = None
