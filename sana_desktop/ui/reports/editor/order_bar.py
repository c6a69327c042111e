"""The bar under the editor: which site, which format, and the one primary button, which says why when it can't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.drafts import Format
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.words.site_words import marked
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, ElidedLabel, set_property, text_button

Mark = Literal["live", "test", "demo"]


ICON = 16
"""Pixels of the mark beside a site, beside text of the system's size."""


@dataclass(frozen=True, slots=True)
class ConnectionChoice:
    """A site as the chooser shows it: `colour` is one of the tokens' connection colours."""

    id: str
    name: str
    colour: str
    mark: Mark


def format_advice(form: Format) -> str:
    """Return one line that helps to choose."""
    if form == "xlsx":
        return tr("Editor", "Opens in Excel as it is; at most 1,048,576 rows.")
    return tr("Editor", "Plain text, any number of rows; best for other tools and as evidence.")


class OrderBar(QFrame):
    """Site, format, and Get the report.

    Signals:
        order_wanted: the primary button, when it may be pressed.
        connection_chosen(str): id.
        format_chosen(str): "csv" or "xlsx", by the person.
        format_shown(str): the format that is shown now, whoever chose it.
        connect_wanted: the person wants to add a connection.
    """

    order_wanted = Signal()
    connection_chosen = Signal(str)
    format_chosen = Signal(str)
    format_shown = Signal(str)
    connect_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("orderBar")
        self.setProperty("kind", "surface")
        self._icons = icons
        self._choices: list[ConnectionChoice] = []
        self._reason = ""
        self._chosen = 0
        self.connection = DropDown("connectionChoice", tr("Editor", "Site"))
        self.connection.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._draw_icons()
        icons.theme.changed.connect(self._draw_icons)
        self.connection.setPlaceholderText(tr("Editor", "Choose a site"))
        self.format = DropDown("formatChoice", tr("Editor", "Format"))
        self.format.addItem("CSV", "csv")
        self.format.addItem("XLSX", "xlsx")
        self._advice = ElidedLabel("formatAdvice", "caption")
        for fixed in (self.connection, self.format):
            fixed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button = text_button(tr("Editor", "Get the report"), "getReportButton", kind="primary")
        self._lay_out()
        self._wire()
        # Which sites there are is known when the store is open; until then nothing is said of them.
        self._without = tr("Editor", "One moment…")
        self.show_connections([])
        self._without = tr("Editor", "No site yet")
        self._advise()

    def _draw_icons(self) -> None:
        """Draw what stands beside the sites in the colours and the size of the theme that is in force."""
        size = self._icons.theme.pixels(ICON)
        self.connection.setIconSize(QSize(size, size))
        colours = {choice.id: choice.colour for choice in self._choices}
        for index in range(self.connection.count()):
            identity = self.connection.itemData(index)
            if identity in colours:
                self.connection.setItemIcon(index, self._icons.icon("dot", colours[identity]))
            elif identity == "+":
                self.connection.setItemIcon(index, self._icons.icon("plus"))

    def show_connections(self, choices: Sequence[ConnectionChoice], current: str | None = None) -> None:
        """Offer these sites with `current` as the chosen one; None leaves the choice, if it is still among them."""
        wanted = current if current is not None else self.connection_id()
        self._choices = list(choices)
        with QSignalBlocker(self.connection):
            self.connection.clear()
            for choice in choices:
                words = marked(one_line(choice.name, 40), choice.mark)
                self.connection.addItem(words, choice.id)
            if not choices:
                self.connection.addItem(self._without, "")
            self.connection.addItem(tr("Editor", "Connect a site…"), "+")
        self._draw_icons()
        self.choose_connection(wanted)

    def choose_connection(self, connection_id: str | None) -> None:
        """Show a site as the chosen one, without a signal; one that is not offered means that none is chosen."""
        # What is shown is what is ordered from: the first of the list must not stand there for a site that is gone.
        with QSignalBlocker(self.connection):
            self.connection.setCurrentIndex(self.connection.findData(connection_id or "") if self._choices else 0)
        self._chosen = self.connection.currentIndex()
        self._update()

    def connection_id(self) -> str | None:
        """Return the id of the chosen site, None if there is none."""
        data = self.connection.currentData()
        return str(data) if data and data != "+" else None

    def choose_format(self, form: Format) -> None:
        """Show a format as the chosen one, without a signal."""
        with QSignalBlocker(self.format):
            self.format.setCurrentIndex(max(self.format.findData(form), 0))
        self._advise()

    def chosen_format(self) -> Format:
        """Return the chosen format."""
        return "xlsx" if self.format.currentData() == "xlsx" else "csv"

    def set_reason(self, reason: str) -> None:
        """Say why the report can't be ordered now; "" means it can."""
        self._reason = reason
        self._update()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        row.addWidget(self.connection)
        row.addWidget(self.format)
        row.addSpacing(4)
        row.addWidget(self._advice, 1)
        row.addWidget(self.button)

    def _wire(self) -> None:
        self.connection.activated.connect(self._connection_activated)
        self.format.currentIndexChanged.connect(self._format_changed)
        self.button.clicked.connect(self.order_wanted)

    def _connection_activated(self, index: int) -> None:
        if self.connection.itemData(index) == "+":
            self.connection.setCurrentIndex(self._chosen)
            self.connect_wanted.emit()
        else:
            self._chosen = index
            self._update()
            self.connection_chosen.emit(self.connection_id() or "")

    def _format_changed(self) -> None:
        self._advise()
        self.format_chosen.emit(self.chosen_format())

    def _advise(self) -> None:
        advice = format_advice(self.chosen_format())
        self.format.setToolTip(advice)
        self.format.setAccessibleDescription(advice)
        self._update()
        self.format_shown.emit(self.chosen_format())

    def _update(self) -> None:
        # One place for one line: why it can't be ordered now, else what the format is good for.
        line = self._reason or format_advice(self.chosen_format())
        side = Qt.AlignmentFlag.AlignRight if self._reason else Qt.AlignmentFlag.AlignLeft
        self._advice.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        set_property(self._advice, "role", "quiet" if self._reason else "caption")
        self._advice.show_text(line)
        self.button.setEnabled(not self._reason)
        words = self._reason or tr("Editor", "Order this report and save its file (Ctrl+Enter)")
        self.button.setToolTip(words)
        self.button.setAccessibleDescription(words)
