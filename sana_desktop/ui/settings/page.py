"""The Settings place: few choices, each with what it means; every change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.text import one_line
from sana_desktop.ui.help import page_heading, version_grid
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.settings.path_field import PathField
from sana_desktop.ui.theme.theme import Choice
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import (
    DropDown,
    ElidedLabel,
    empty_layout,
    frame,
    icon_button,
    label,
    line,
    scrolled,
    text_button,
)

PAGE_WIDTH = 820
FIELD_WIDTH = 280
TEXT_SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
NOTIFY_AFTER = (0, 5, 20, 60, 300)
"""Seconds; 0 is never."""

RerunRule = Literal["ask", "always"]


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The settings as shown.

    Attributes:
        theme: light, dark, or as the system.
        text_scale: multiple of the system's text size.
        download_folder: where reports are saved; shown whole.
        notify_after_seconds: a report that took longer than this is told of when the window is not in front; 0 never.
        rerun_rule: what happens when a link ended and can't be renewed.
        name_preview: an example of a file name.
        folder_note: which reports are saved elsewhere, and where; empty for none.
    """

    theme: Choice
    text_scale: float
    download_folder: str
    notify_after_seconds: int
    rerun_rule: RerunRule
    name_preview: str
    folder_note: str = ""


class SettingsPage(QWidget):
    """Shows settings and tells of changes.

    Signals:
        changed(str, object): field of SettingsView and its new value.
        folder_wanted: choose another download folder.
        open_folder_wanted(str): show this folder in the file manager.
        diagnostics_copied: the redacted text is on the clipboard.

    Args:
        diagnostics: returns the redacted text for support; called when the button is pressed.
    """

    changed = Signal(str, object)
    folder_wanted = Signal()
    open_folder_wanted = Signal(str)
    diagnostics_copied = Signal()

    def __init__(self, icons: Icons, diagnostics: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsPage")
        self._icons = icons
        self._diagnostics = diagnostics
        self._filling = False
        self.theme = self._choice(
            "themeChoice",
            tr("Settings", "Colours"),
            [
                (tr("Settings", "As the system"), "system"),
                (tr("Settings", "Light"), "light"),
                (tr("Settings", "Dark"), "dark"),
            ],
            "theme",
        )
        self.text_scale = self._choice(
            "textSizeChoice",
            tr("Settings", "Text size"),
            [(f"{scale:.0%}", scale) for scale in TEXT_SCALES],
            "text_scale",
        )
        self.rerun = self._choice(
            "rerunChoice",
            tr("Settings", "When a link has ended and can't be renewed"),
            [
                (tr("Settings", "Ask me"), "ask"),
                (tr("Settings", "Run the query again"), "always"),
            ],
            "rerun_rule",
        )
        self.folder = PathField("downloadFolder", tr("Settings", "Download folder"))
        self.choose_folder = text_button(tr("Settings", "Choose…"), "chooseFolderButton")
        self.notify = self._choice(
            "notifyAfter",
            tr("Settings", "Tell me when a report took longer than"),
            [(_span(seconds), seconds) for seconds in NOTIFY_AFTER],
            "notify_after_seconds",
        )
        self._folder_note = label("", role="caption", wrap=True, name="folderNote")
        self._name = ElidedLabel("namePreview")
        self._places = QGridLayout()
        self._versions = QVBoxLayout()
        self._copied = label("", role="caption", tone="good", name="diagnosticsCopied")
        self.copy = text_button(tr("Settings", "Copy diagnostics"), "copyDiagnosticsButton")
        self._lay_out()
        self.choose_folder.clicked.connect(self.folder_wanted)
        self.copy.clicked.connect(self.copy_diagnostics)

    def show_settings(self, view: SettingsView) -> None:
        """Show these values; nothing is told of."""
        self._filling = True
        self.theme.setCurrentIndex(max(self.theme.findData(view.theme), 0))
        nearest = min(range(len(TEXT_SCALES)), key=lambda i: abs(TEXT_SCALES[i] - view.text_scale))
        self.text_scale.setCurrentIndex(nearest)
        self.rerun.setCurrentIndex(max(self.rerun.findData(view.rerun_rule), 0))
        nearest = min(range(len(NOTIFY_AFTER)), key=lambda i: abs(NOTIFY_AFTER[i] - view.notify_after_seconds))
        self.notify.setCurrentIndex(nearest)
        self.folder.show_path(view.download_folder)
        self._folder_note.setText(view.folder_note)
        self._folder_note.setVisible(bool(view.folder_note))
        self._name.show_text(one_line(view.name_preview, 200))
        self._filling = False

    def show_places(self, places: Sequence[tuple[str, str]]) -> None:
        """Show where things are kept: words and folder."""
        empty_layout(self._places)
        for row, (words, path) in enumerate(places):
            field = PathField(f"place-{row}", words)
            field.show_path(path)
            opener = icon_button(self._icons, "folder", tr("Settings", "Open: {what}", what=words), f"openPlace-{row}")
            opener.clicked.connect(lambda _=False, path=path: self.open_folder_wanted.emit(path))
            self._places.addWidget(label(words, role="quiet"), row, 0)
            self._places.addWidget(field, row, 1)
            self._places.addWidget(opener, row, 2)

    def show_versions(self, versions: Sequence[tuple[str, str]]) -> None:
        """Show names and versions."""
        empty_layout(self._versions)
        self._versions.addLayout(version_grid(versions))

    def copy_diagnostics(self) -> None:
        """Put the redacted text on the clipboard."""
        QGuiApplication.clipboard().setText(self._diagnostics())
        self._copied.setText(tr("Settings", "Copied. It holds no secret, no query and no data of yours."))
        self.diagnostics_copied.emit()

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through."""
        return [self._area]

    def _lay_out(self) -> None:
        content = QWidget()
        content.setMaximumWidth(PAGE_WIDTH)
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        row, _ = page_heading(tr("Settings", "Settings"))
        box.addLayout(row)
        box.addSpacing(20)
        folder = QWidget()
        pair = QHBoxLayout(folder)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(8)
        pair.addWidget(self.folder, 1)
        pair.addWidget(self.choose_folder)
        self._section(
            box,
            tr("Settings", "How it looks"),
            [
                (tr("Settings", "Colours"), "", self.theme),
                (tr("Settings", "Text size"), tr("Settings", "On top of the system's own size."), self.text_scale),
            ],
        )
        self._section(
            box,
            tr("Settings", "Reports"),
            [
                (tr("Settings", "Save files in"), self._folder_note, folder),
                (
                    tr("Settings", "Files are named like this"),
                    tr(
                        "Settings",
                        "Site, report, when the site finished it (by its clock), and the start of the job's number.",
                    ),
                    self._name,
                ),
                (
                    tr("Settings", "When a link has ended"),
                    tr("Settings", "A query that runs again shows the data as of then, as a report of its own."),
                    self.rerun,
                ),
                (
                    tr("Settings", "Tell me when a report took longer than"),
                    tr("Settings", "Only when this window is not in front."),
                    self.notify,
                ),
            ],
        )
        for title, layout in ((tr("Settings", "Where things are kept"), self._places),):
            self._places.setHorizontalSpacing(12)
            self._places.setVerticalSpacing(8)
            self._places.setColumnStretch(1, 1)
            box.addWidget(label(title, role="heading"))
            box.addSpacing(8)
            card = frame("card")
            inner = QVBoxLayout(card)
            inner.setContentsMargins(20, 16, 12, 16)
            inner.addLayout(layout)
            box.addWidget(card)
            box.addSpacing(24)
        box.addWidget(label(tr("Settings", "For support"), role="heading"))
        box.addSpacing(8)
        card = frame("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(20, 16, 20, 16)
        inner.setSpacing(12)
        inner.addLayout(self._versions)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.copy)
        foot.addWidget(self._copied, 1)
        inner.addLayout(foot)
        box.addWidget(card)
        box.addStretch()
        self._area = scrolled(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def _section(self, box: QVBoxLayout, title: str, rows: Sequence[tuple[str, str | QLabel, QWidget]]) -> None:
        box.addWidget(label(title, role="heading"))
        box.addSpacing(8)
        card = frame("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(20, 6, 20, 6)
        inner.setSpacing(0)
        for number, (words, hint, widget) in enumerate(rows):
            if number:
                inner.addWidget(line())
            row = QHBoxLayout()
            row.setContentsMargins(0, 10, 0, 10)
            row.setSpacing(24)
            texts = QVBoxLayout()
            texts.setSpacing(2)
            name = QLabel(words)
            name.setBuddy(widget)
            texts.addWidget(name)
            if hint:
                texts.addWidget(hint if isinstance(hint, QLabel) else label(hint, role="caption", wrap=True))
            row.addLayout(texts, 1)
            widget.setMinimumWidth(FIELD_WIDTH)
            # A path needs more room than the words beside it.
            row.addWidget(widget, 3 if widget.layout() is not None else 1 if isinstance(widget, QLabel) else 0)
            inner.addLayout(row)
        box.addWidget(card)
        box.addSpacing(24)

    def _choice(self, name: str, words: str, items: Sequence[tuple[str, object]], key: str) -> DropDown:
        made = DropDown(name, words)
        for text, data in items:
            made.addItem(text, data)
        made.currentIndexChanged.connect(lambda: self._tell(key, made.currentData()))
        return made

    def _tell(self, key: str, value: object) -> None:
        if not self._filling:
            self.changed.emit(key, value)


def _span(seconds: int) -> str:
    if seconds == 0:
        return tr("Settings", "Never")
    if seconds < 60:
        return tr("Settings", "{count} seconds", count=seconds)
    if seconds == 60:
        return tr("Settings", "1 minute")
    return tr("Settings", "{count} minutes", count=seconds // 60)
