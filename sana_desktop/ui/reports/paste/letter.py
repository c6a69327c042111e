"""The letter to IT (B04): what an admin must ask for, ready to be sent, with nothing secret in it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from sana_desktop.ui.dialogs import SheetDialog
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, set_property, text_button

MAX_MAILTO_LENGTH = 1_900
"""Characters; some mail programs refuse longer addresses."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: subject and text."""

    subject: str
    text: str

    def mailto(self) -> str:
        """Return a `mailto:` address that opens the mail program with this letter, without text if too long."""
        address = f"mailto:?subject={quote(self.subject)}&body={quote(self.text)}"
        return address if len(address) <= MAX_MAILTO_LENGTH else f"mailto:?subject={quote(self.subject)}"


def letter_to_it(site: str = "") -> Letter:
    """Return the letter; `site` is the address of the learning site, if it is known."""
    where = site or tr("Letter", "https://<our name>.sana.ai")
    return Letter(
        tr("Letter", "An API client for reports from our learning site"),
        tr(
            "Letter",
            "Hello,\n\n"
            "I export reports from our learning site with Sana Desktop, a program on my own computer.\n"
            "For that I need an API client. Could you please set one up and give me its id and secret?\n"
            "Please hand over the secret in a safe way, such as our password manager or a call, not by mail.\n\n"
            "- Where: {site}, as an admin of Sana, in the settings for API clients.\n"
            "- Scopes: read and write. Ordering a report counts as writing; the program changes no data.\n"
            "- Network: my computer must reach {site} and the storage hosts that its download links "
            "name, by HTTPS. The system's proxy and certificates are used.\n\n"
            "What the program keeps: the secret in this computer's password store (in memory only, where there is "
            "none), reports in a folder that I choose, and a history of what was ordered. It has no account, no "
            "telemetry and no server of its own.\n\n"
            "Thank you!",
            site=where,
        ),
    )


class LetterDialog(SheetDialog):
    """Shows the letter to be copied or mailed.

    Signals:
        mail_wanted(str): the `mailto:` address to open.
    """

    mail_wanted = Signal(str)

    def __init__(self, letter: Letter, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(tr("Letter", "Write to IT"), content, parent)
        self.setObjectName("letterDialog")
        self.resize(680, 480)
        self._letter = letter
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        hint = tr(
            "Letter",
            "Another person holds the key. This asks for all that is needed, in their words; change what you like.",
        )
        box.addWidget(label(hint, role="quiet", wrap=True))
        self.text = QPlainTextEdit(letter.text)
        self.text.setObjectName("letterText")
        self.text.setAccessibleName(letter.subject)
        self.text.setProperty("kind", "field")
        self.text.setTabChangesFocus(True)
        box.addWidget(self.text, 1)
        self._said = label("", role="quiet", tone="good", name="letterSaid")
        box.addWidget(self._said)
        copy = text_button(tr("Letter", "Copy the letter"), "copyLetterButton")
        mail = text_button(tr("Letter", "Open in mail"), "mailLetterButton", kind="primary")
        copy.clicked.connect(self._copy)
        mail.clicked.connect(lambda: self.mail_wanted.emit(Letter(letter.subject, self.text.toPlainText()).mailto()))
        self.add_button(copy)
        self.add_button(mail)
        mail.setDefault(True)
        mail.setFocus()

    def say(self, words: str, tone: str) -> None:
        """Say below the letter what came of a button, in a tone of the theme."""
        self._said.setText(words)
        set_property(self._said, "tone", tone)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._letter.subject}\n\n{self.text.toPlainText()}")
        self.say(tr("Letter", "Copied."), "good")
