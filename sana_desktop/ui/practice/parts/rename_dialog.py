"""Asks for another title."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from sana_desktop.ui.dialogs import DIALOG_WIDTH, finished
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, text_button

MAX_TITLE_LENGTH = 120


class TitleDialog(QDialog):
    """One field with the title as it is, selected; what can't be a title is said, and can't be taken."""

    def __init__(
        self,
        title: str,
        parent: QWidget | None = None,
        *,
        heading: str = "",
        longest: int = 0,
        taken: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self._taken = {each.casefold() for each in taken}
        self.setObjectName("titleDialog")
        heading = heading or tr("Practice", "Rename this session")
        self.setWindowTitle(heading)
        self.setMinimumWidth(DIALOG_WIDTH)
        self.field = QLineEdit(title)
        self.field.setObjectName("titleField")
        self.field.setAccessibleName(tr("Practice", "Title"))
        self.field.setMaxLength(longest or MAX_TITLE_LENGTH)
        self.field.selectAll()
        cancel = text_button(tr("Practice", "Cancel"), "cancelTitleButton")
        save = self._save = text_button(tr("Practice", "Rename"), "saveTitleButton", kind="primary")
        save.setDefault(True)
        self._problem = label("", role="caption", wrap=True, name="titleProblem")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 20)
        box.setSpacing(12)
        box.addWidget(label(heading, role="lead"))
        box.addWidget(self.field)
        box.addWidget(self._problem)
        buttons = QDialogButtonBox()  # it knows on which side the platform has each
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addWidget(buttons)
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        self.field.textChanged.connect(lambda _text: self._look())
        self._look()

    def _look(self) -> None:
        text = self.field.text()
        taken, most = text.strip().casefold() in self._taken, self.field.maxLength()
        self._save.setEnabled(bool(text.strip()) and not taken)
        said = ""
        if taken:
            said = tr("Practice", "Another one is called that.")
        elif len(text) >= most:
            said = tr("Practice", "It takes {n} characters at most.", n=most)
        self._problem.setText(said)
        self._problem.setVisible(bool(said))


async def ask_for_title(
    parent: QWidget | None, title: str, *, heading: str = "", longest: int = 0, taken: Collection[str] = ()
) -> str:
    """Return the new title, "" if the person changed their mind.

    Args:
        heading: what is renamed; a session if it is left out.
        longest: characters that the title may have; MAX_TITLE_LENGTH if it is left out.
        taken: what others are called: it can't be the title.
    """
    dialog = TitleDialog(title, parent, heading=heading, longest=longest, taken=taken)
    result = await finished(dialog)
    return dialog.field.text().strip() if result == QDialog.DialogCode.Accepted else ""
