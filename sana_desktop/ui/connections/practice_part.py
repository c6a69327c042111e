"""The part of a connection's form for practice, which may be left out: which region, and the key."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sana_desktop.api.practice_hosts import PRACTICE_HOSTS, parse_practice_origin, strange_host
from sana_desktop.base.errors import SanaError
from sana_desktop.base.text import one_line
from sana_desktop.ui.connections.secret_field import SecretField
from sana_desktop.ui.connections.views import ConnectionView
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import DropDown, label, set_tone, titled

OTHER = "other"


class PracticePart(QWidget):
    """Not used at first; a region brings the field for the key."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        europe, states = PRACTICE_HOSTS
        self.region = DropDown("practiceRegion", tr("Connections", "Practice"))
        self.region.addItem(tr("Connections", "Not used"), "")
        self.region.addItem(tr("Connections", "Europe"), europe)
        self.region.addItem(tr("Connections", "United States"), states)
        self.region.addItem(tr("Connections", "Another address"), OTHER)
        self.other = QLineEdit()
        self.other.setObjectName("practiceAddress")
        self.other.setAccessibleName(tr("Connections", "Address of the practice service"))
        self.other.setPlaceholderText(europe)
        self.other.setMaxLength(400)
        self.key = SecretField(icons, "apiKeyField", tr("Connections", "API key for practice"))
        self._echo = label("", role="caption", wrap=True, name="practiceEcho")
        self._key_part = QWidget()
        self._had = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(titled(tr("Connections", "P&ractice (optional)"), self.region), 1)
        key = QVBoxLayout(self._key_part)
        key.setContentsMargins(0, 0, 0, 0)
        key.setSpacing(6)
        key.addLayout(titled(tr("Connections", "API &key"), self.key))
        row.addWidget(self._key_part, 1)
        box.addLayout(row)
        box.addWidget(self.other)
        box.addWidget(self._echo)
        self.region.currentIndexChanged.connect(lambda _row: self._show())
        self.other.textChanged.connect(lambda _text: self._show())
        self._show()

    def begin(self, view: ConnectionView | None) -> None:
        """Fill it with `view`, or empty it for a new connection."""
        address = view.practice if view is not None else ""
        known = self.region.findData(address)
        self.region.setCurrentIndex(known if known >= 0 else self.region.findData(OTHER))
        self.other.setText(address if known < 0 else "")
        self.key.field.setText("")
        self._had = address
        self.show_kept(True)
        self._show()

    def show_kept(self, site_stays: bool) -> None:
        """Say whether a key that is stored stays if none is typed: not where the connection leads to another site."""
        kept = tr("Connections", "Empty keeps the stored one") if self._had and site_stays else ""
        self.key.field.setPlaceholderText(kept)

    def address(self) -> str:
        """Return the address of the practice service, "" if it is not used."""
        chosen = str(self.region.currentData() or "")
        return self.other.text().strip() if chosen == OTHER else chosen

    def first_wrong(self) -> tuple[QLineEdit, str] | None:
        """Return the first field that can't be used, and why."""
        set_tone(self.other, "")
        if self.region.currentData() != OTHER:
            return None
        try:
            parse_practice_origin(self.other.text())
        except SanaError as error:
            return self.other, one_line(error_words(error)[1], 300)
        return None

    def _show(self) -> None:
        used = bool(self.region.currentData())
        self._key_part.setVisible(used)
        self.other.setVisible(self.region.currentData() == OTHER)
        self._echo.setText(self._words())

    def _words(self) -> str:
        address = self.address()
        if not self.region.currentData():
            return tr("Connections", "With a practice key you can see which exercises Sana would recommend.")
        try:
            origin = parse_practice_origin(address) if address else None
        except SanaError as error:
            return one_line(error_words(error)[1], 300)
        if origin is None:
            return ""
        warning = strange_host(origin)
        if warning is not None:
            return warning.say(lambda text: tr("Connections", text))
        return tr("Connections", "The key goes to {site} and nowhere else.", site=origin.url)
