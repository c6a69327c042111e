"""A field for a secret."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sana_desktop.base.redaction import Secret
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import icon_button


class SecretField(QWidget):
    """Dots; the eye shows what was typed only while it is held down."""

    def __init__(self, icons: Icons, name: str, words: str) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setObjectName(name)
        self.field.setAccessibleName(words)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye = icon_button(icons, "eye", tr("Connections", "Hold to show"), f"{name}Eye")
        self.eye.pressed.connect(lambda: self.field.setEchoMode(QLineEdit.EchoMode.Normal))
        self.eye.released.connect(self._hide)
        self.eye.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.eye)
        self.setFocusProxy(self.field)

    def take(self) -> Secret | None:
        """Return what was typed, without white space around it, and empty the field; None if nothing was."""
        text = self.field.text().strip()
        # setText also empties the field's undo history; clear() would keep the secret there.
        self.field.setText("")
        return Secret(text) if text else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusOut, QEvent.Type.Leave}:
            self._hide()
        return super().eventFilter(watched, event)

    def _hide(self) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
