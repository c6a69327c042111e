"""The form of one connection. It says at once what a typed site means, and where the secret will lie."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.errors import SanaError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.text import one_line
from sana_desktop.ui.connections.colours import Colours
from sana_desktop.ui.connections.practice_part import PracticePart
from sana_desktop.ui.connections.secret_field import SecretField
from sana_desktop.ui.connections.views import Access, ConnectionEntry, ConnectionView, Mark, ReadSite
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.words.site_words import marked
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import DropDown, label, set_tone, text_button, titled

FORM_WIDTH = 620


class ConnectionForm(QFrame):
    """Add or change a connection.

    Signals:
        saved(ConnectionEntry): the form was filled in and everything in it can be used.
        cancelled: the person changed their mind; Esc does the same.
        letter_wanted(str): write to IT; the site's address or "".
        told(list[QWidget]): what should be in sight now, the most important last: a problem, and the field it is of.
    """

    saved = Signal(object)
    cancelled = Signal()
    letter_wanted = Signal(str)
    told = Signal(list)

    def __init__(self, theme: Theme, icons: Icons, read_site: ReadSite, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("connectionForm")
        self.setMaximumWidth(FORM_WIDTH)
        self._read_site = read_site
        self._id: str | None = None
        self._had_access: Access | None = None
        self._had_site = ""
        self._others: list[ConnectionView] = []
        self._marked = False
        """Whether a person has said what the site is for."""
        self._wrong: QLineEdit | None = None
        self._title = label("", role="title")
        self._problem = label("", tone="bad", wrap=True, name="formProblem")
        self.site = _line(
            "siteField", tr("Connections", "Site"), tr("Connections", "acme, acme.sana.ai or the whole address")
        )
        self._echo = label("", role="caption", wrap=True, name="siteEcho")
        self.name = _line("nameField", tr("Connections", "Name"), tr("Connections", "What you call it"))
        self.colour = Colours(theme, icons)
        self.mark = DropDown("markChoice", tr("Connections", "What it is for"))
        self.mark.addItem(tr("Connections", "Live: real people's data"), "live")
        self.mark.addItem(tr("Connections", "Test: for trying things out"), "test")
        self.by_client = QRadioButton(tr("Connections", "A client id and secret: for use again and again"))
        self.by_client.setObjectName("accessClient")
        self.by_pass = QRadioButton(tr("Connections", "A pass I copied: kept in memory only, ends after about an hour"))
        self.by_pass.setObjectName("accessPasted")
        for radio in (self.by_client, self.by_pass):
            radio.setAccessibleName(radio.text())
        self._access = QButtonGroup(self)
        self._access.addButton(self.by_client)
        self._access.addButton(self.by_pass)
        self.client_id = _line("clientIdField", tr("Connections", "Client id"))
        self.secret = SecretField(icons, "secretField", tr("Connections", "Client secret"))
        self.token = SecretField(icons, "tokenField", tr("Connections", "Pass"))
        self.practice = PracticePart(icons)
        self._store = label("", role="caption", wrap=True, name="secretStore")
        self.save = text_button(tr("Connections", "Save and test"), "saveConnectionButton", kind="primary")
        self.cancel = text_button(tr("Connections", "Cancel"), "cancelConnectionButton", kind="plain")
        self.letter = text_button(
            tr("Connections", "I don't have these: write to IT for me"), "formLetterButton", kind="link"
        )
        self._client_part = QWidget()
        self._pass_part = QWidget()
        self._lay_out()
        self.site.textChanged.connect(self._echo_site)
        self.mark.activated.connect(self._mark_chosen)
        for field in self._fields():
            field.textChanged.connect(partial(self._changed, field))
        self._access.buttonToggled.connect(lambda: self._changed(None))
        self.by_client.toggled.connect(self._show_access)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._cancel)
        self.letter.clicked.connect(lambda: self.letter_wanted.emit(self._site_meant() or ""))

    def begin(
        self,
        view: ConnectionView | None = None,
        access: Access = "client",
        *,
        sign_in: bool = False,
        others: Collection[ConnectionView] = (),
    ) -> None:
        """Fill the form with `view`, or empty it for a new connection.

        Args:
            view: the connection to change.
            access: how a new one signs in.
            sign_in: the site is known, only its secret or pass is wanted; the stored one does not do.
            others: the other connections; a new one gets another colour, if there is one left.
        """
        self._id = view.id if view else None
        self._others = [other for other in others if other.id != self._id]
        self._marked = view is not None
        self._had_access = view.access if view and not sign_in else None
        self._had_site = view.site if view else ""
        title = tr("Connections", "Change this connection") if view else tr("Connections", "Connect a site")
        if view and sign_in:
            title = tr("Connections", "Sign in again: {name}", name=one_line(view.name, 60))
        self._title.setText(title)
        self.site.setText(view.site if view else "")
        self.name.setText(view.name if view else "")
        used = [other.colour for other in self._others if other.mark != "demo"]
        self.colour.choose(view.colour if view else self.colour.fresh(used))
        self.mark.setCurrentIndex(max(self.mark.findData(view.mark if view else "live"), 0))
        self.client_id.setText(view.client_id if view else "")
        self.secret.field.setText("")
        self.token.field.setText("")
        self.practice.begin(view)
        (self.by_client if (view.access if view else access) == "client" else self.by_pass).setChecked(True)
        self._show_problem("")
        for field in self._fields():
            set_tone(field, "")
        self._show_access()
        self._echo_site()
        self.save.setEnabled(True)
        given = self.secret if self.by_client.isChecked() else self.token
        first = given.field if view and sign_in else self.site
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.told.emit([first])

    def prefill(self, site: str = "", client_id: str = "", secret: Secret | None = None) -> None:
        """Put in what was understood of a paste, and the focus on the first field that is still empty.

        Args:
            site: an address; empty leaves the field.
            client_id: as the site gave it; empty leaves the field.
            secret: it is shown as dots.
        """
        if site:
            self.site.setText(site)
        if client_id or secret is not None:
            self.by_client.setChecked(True)
        if client_id:
            self.client_id.setText(client_id)
        if secret is not None:
            self.secret.field.setText(secret.reveal())
        fields = (self.site, self.client_id, self.secret.field)
        first = next((field for field in fields if not field.text()), None)
        (first or self.save).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_store(self, sentence: str) -> None:
        """Name the place where the secret will lie."""
        self._store.setText(one_line(sentence, 300))

    def show_problem(self, sentence: str) -> None:
        """Say why it could not be saved; what was typed stays, the secret has to be typed again."""
        self.save.setEnabled(True)
        self._wrong = None
        self._show_problem(sentence)
        self.told.emit([self._problem])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._save()
        else:
            super().keyPressEvent(event)

    # -- inside

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(20)
        box.addWidget(self._title)
        box.addLayout(titled(tr("Connections", "&Site"), self.site, self._echo))
        pair = QHBoxLayout()
        pair.setSpacing(20)
        pair.addLayout(titled(tr("Connections", "&Name"), self.name), 1)
        pair.addLayout(titled(tr("Connections", "What it is &for"), self.mark), 1)
        box.addLayout(pair)
        box.addLayout(titled(tr("Connections", "&Colour"), self.colour))
        access = QVBoxLayout()
        access.setSpacing(4)
        access.addWidget(label(tr("Connections", "How it signs in"), role="heading"))
        access.addWidget(self.by_client)
        access.addWidget(self.by_pass)
        box.addLayout(access)
        inner = QHBoxLayout(self._client_part)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(20)
        inner.addLayout(titled(tr("Connections", "Client &id"), self.client_id), 1)
        inner.addLayout(titled(tr("Connections", "Client s&ecret"), self.secret), 1)
        box.addWidget(self._client_part)
        one = QVBoxLayout(self._pass_part)
        one.setContentsMargins(0, 0, 0, 0)
        one.addLayout(titled(tr("Connections", "&Pass"), self.token))
        box.addWidget(self._pass_part)
        box.addWidget(self._store)
        box.addWidget(self.practice)
        other = QHBoxLayout()
        other.addWidget(self.letter)
        other.addStretch()
        box.addLayout(other)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        # Beside the buttons, and growing downwards: what is said must not push away what is about to be pressed.
        top = Qt.AlignmentFlag.AlignTop
        foot.addWidget(self._problem, 1, top)
        foot.addStretch()
        foot.addWidget(self.cancel, 0, top)
        foot.addWidget(self.save, 0, top)
        box.addLayout(foot)

    def _fields(self) -> tuple[QLineEdit, ...]:
        secrets = (self.secret.field, self.token.field, self.practice.key.field)
        return (self.site, self.name, self.client_id, *secrets, self.practice.other)

    def _changed(self, field: QLineEdit | None, _text: str = "") -> None:
        """What was said of a field is not true of what stands there now."""
        if self._wrong is None or field is None or field is self._wrong:
            self._show_problem("")
            if self._wrong is not None:
                set_tone(self._wrong, "")
            self._wrong = None

    def _keeps_stored(self) -> bool:
        """Whether what is stored stays if nothing is typed: it was entrusted to one site."""
        return self._had_access is not None and self._site_meant() == self._had_site

    def _site_meant(self) -> str | None:
        try:
            return self._read_site(self.site.text().strip())
        except SanaError:
            return None

    def _echo_site(self) -> None:
        set_tone(self._echo, "")
        set_tone(self.site, "")
        kept = tr("Connections", "Empty keeps the stored one") if self._keeps_stored() else ""
        self.secret.field.setPlaceholderText(kept if self._had_access == "client" else "")
        self.practice.show_kept(self._id is not None and self._site_meant() == self._had_site)
        text = self.site.text().strip()
        if not text:
            self._echo.setText(tr("Connections", "The address you see in the browser when you use the learning site."))
            return
        try:
            meant = self._read_site(text)
        except SanaError as error:
            self._echo.setText(_site_trouble(error))
            set_tone(self._echo, "warn")
            return
        self._propose_mark(meant)
        words = tr("Connections", "This means {site}", site=one_line(meant, 120))
        if twins := [marked(one_line(other.name, 60), other.mark) for other in self._others if other.site == meant]:
            set_tone(self._echo, "warn")
            words = tr(
                "Connections", "{words}, which is connected already: {names}", words=words, names="; ".join(twins)
            )
        self._echo.setText(words)

    def _mark_chosen(self) -> None:
        self._marked = True

    def _propose_mark(self, site: str) -> None:
        if not self._marked:
            # Not before it is wanted: the window is painted without it.
            from urllib.parse import urlsplit

            from sana_desktop.workspace.connection import proposed_mark

            mark = proposed_mark(urlsplit(site).hostname or "")
            self.mark.setCurrentIndex(max(self.mark.findData(mark.value), 0))

    def _show_access(self) -> None:
        client = self.by_client.isChecked()
        self._client_part.setVisible(client)
        self._pass_part.setVisible(not client)
        self._store.setVisible(client)

    def _cancel(self) -> None:
        self.secret.take()
        self.token.take()
        self.practice.key.take()
        self.cancelled.emit()

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        wrong = self._first_wrong()
        if wrong is not None:
            field, sentence = wrong
            set_tone(field, "bad")
            self._wrong = field
            self._show_problem(sentence)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.told.emit([self._problem, field])
            return
        self._show_problem("")
        access: Access = "client" if self.by_client.isChecked() else "pasted"
        given, other = (self.secret, self.token) if access == "client" else (self.token, self.secret)
        other.take()
        mark: Mark = "test" if self.mark.currentData() == "test" else "live"
        entry = ConnectionEntry(
            id=self._id,
            name=self.name.text().strip() or self._default_name(),
            site=self.site.text().strip(),
            colour=self.colour.chosen(),
            mark=mark,
            access=access,
            client_id=self.client_id.text().strip() if access == "client" else "",
            secret=given.take(),
            practice=self.practice.address(),
            api_key=self.practice.key.take(),
        )
        self.save.setEnabled(False)
        self.saved.emit(entry)

    def _first_wrong(self) -> tuple[QLineEdit, str] | None:
        for field in self._fields():
            set_tone(field, "")
        text = self.site.text().strip()
        if not text:
            return self.site, tr("Connections", "Which site? Its address is missing.")
        try:
            self._read_site(text)
        except SanaError as error:
            return self.site, _site_trouble(error)
        if self.by_client.isChecked():
            if not self.client_id.text().strip():
                return self.client_id, tr("Connections", "The client id is missing.")
            stored = self._had_access == "client"
            if not self.secret.field.text().strip() and not (stored and self._keeps_stored()):
                words = tr("Connections", "The client secret is missing.")
                if stored:
                    words = tr("Connections", "Another site needs its own client secret: the stored one stays behind.")
                return self.secret.field, words
        elif not self.token.field.text().strip() and not self.practice.address():
            return self.token.field, tr("Connections", "The pass is missing.")
        return self.practice.first_wrong()

    def _default_name(self) -> str:
        host = (self._site_meant() or self.site.text()).split("//")[-1].split("/")[0]
        return host.split(".")[0].split(":")[0].capitalize() or tr("Connections", "My site")

    def _show_problem(self, sentence: str) -> None:
        self._problem.setText(one_line(sentence, 400))
        self._problem.setVisible(bool(sentence))


def _site_trouble(error: SanaError) -> str:
    """Return why no site can be made of what was typed, without it: a secret may have got into the wrong field."""
    words = {
        "E-SITE-HTTP": tr("Connections", "This address would travel unprotected. Only https addresses are used."),
        "E-SITE-PLACEHOLDER": tr("Connections", "There is still a placeholder where the site's name belongs."),
    }
    if error.code in words:
        return words[error.code]
    if any(error.values.values()):
        return tr("Connections", "This is no address of a learning site. Type it like acme or acme.sana.ai.")
    return one_line(error_words(error)[1], 300)


def _line(name: str, words: str, placeholder: str = "") -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setPlaceholderText(placeholder)
    made.setMaxLength(400)
    return made
