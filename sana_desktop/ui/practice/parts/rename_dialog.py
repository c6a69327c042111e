"""Asks for another title."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from sana_desktop.ui.dialogs import DIALOG_WIDTH, finished
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, text_button

LONGEST_TITLE = 120


class TitleDialog(QDialog):
    """One field with the title as it is, selected."""

    def __init__(self, title: str, parent: QWidget | None = None, *, heading: str = "", longest: int = 0) -> None:
        super().__init__(parent)
        self.setObjectName("titleDialog")
        heading = heading or tr("Practice", "Rename this session")
        self.setWindowTitle(heading)
        self.setMinimumWidth(DIALOG_WIDTH)
        self.field = QLineEdit(title)
        self.field.setObjectName("titleField")
        self.field.setAccessibleName(tr("Practice", "Title"))
        self.field.setMaxLength(longest or LONGEST_TITLE)
        self.field.selectAll()
        cancel = text_button(tr("Practice", "Cancel"), "cancelTitleButton")
        save = text_button(tr("Practice", "Rename"), "saveTitleButton", kind="primary")
        save.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 20)
        box.setSpacing(12)
        box.addWidget(label(heading, role="lead"))
        box.addWidget(self.field)
        buttons = QDialogButtonBox()  # it knows on which side the platform has each
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addWidget(buttons)
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)


async def ask_for_title(parent: QWidget | None, title: str, *, heading: str = "", longest: int = 0) -> str:
    """Return the new title, "" if the person changed their mind.

    Args:
        heading: what is renamed; a session if it is left out.
        longest: characters that the title may have; LONGEST_TITLE if it is left out.
    """
    dialog = TitleDialog(title, parent, heading=heading, longest=longest)
    result = await finished(dialog)
    return dialog.field.text().strip() if result == QDialog.DialogCode.Accepted else ""
