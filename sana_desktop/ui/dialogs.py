"""Awaitable dialogs. A nested event loop inside a coroutine loses other tasks for ever, so nothing here nests one."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.text import bounded
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, line, text_button

DIALOG_WIDTH = 460
TITLE_CHARACTERS = 28
"""A frame of that width shows so many beside its buttons and the name of the app."""
MAX_OF_SCREEN = 0.9
"""Of the screen's free room, for a dialog with its frame."""
LAST_FOLDER = "lastFolder"
"""The main window's property: where a file was chosen last, as people look for the next one there."""
LOOK_SECONDS = 1.0
"""Longest wait for the disk to say whether the folder of documents is there: it may be a network drive."""
MAX_TEXT_LENGTH = 4_000
"""Characters of one dialog text; what comes from outside may be endless."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One button of a question: `key` is what the question returns, `words` the verb on it."""

    key: str
    words: str
    kind: Literal["primary", "normal", "danger"] = "normal"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        title: the question in one line.
        text: what happens, what is safe; plain text.
        answers: the platform decides which stands where, so that the safe one is always on the same side. Escape means
            the one whose key is `safe`.
        safe: the answer that changes nothing; it has the focus, so Enter alone does no harm.
        detail: the technical layer, folded into a read-only field below; empty for none.
    """

    title: str
    text: str
    answers: Sequence[Answer]
    safe: str
    detail: str = ""


async def finished(dialog: QDialog) -> int:
    """Open `dialog` over its parent, wait until it is closed and return its result; it is deleted afterwards."""
    # Imported here: the window is painted before asyncio is loaded.
    import asyncio

    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(result: int) -> None:
        if not done.done():
            done.set_result(result)

    dialog.finished.connect(settle)
    if dialog.testAttribute(Qt.WidgetAttribute.WA_Resized):
        # The size it was given may be more than a small screen has.
        dialog.resize(dialog.size().boundedTo(dialog.screen().availableGeometry().size() * MAX_OF_SCREEN))
    dialog.open()
    try:
        return await done
    finally:
        if not done.done() or done.cancelled():
            dialog.close()
        dialog.deleteLater()


class QuestionDialog(QDialog):
    """A question with verbs on its buttons."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = question.safe
        self.setObjectName("questionDialog")
        self.setWindowTitle(window_title(question.title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(DIALOG_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 20)
        box.setSpacing(8)
        box.addWidget(label(bounded(question.title, 200), role="lead", wrap=True))
        box.addWidget(label(bounded(question.text, MAX_TEXT_LENGTH), wrap=True, selectable=True))
        if question.detail:
            field = QPlainTextEdit(bounded(question.detail, MAX_TEXT_LENGTH))
            field.setReadOnly(True)
            field.setProperty("kind", "field")
            field.setAccessibleName(tr("Dialogs", "Details"))
            field.setMaximumHeight(140)
            box.addWidget(field)
        box.addSpacing(12)
        box.addStretch()
        buttons = QDialogButtonBox()
        for answer in question.answers:
            buttons.addButton(self._button(answer, question.safe), _role(answer, question.safe))
        box.addWidget(buttons)
        self._box = box
        # Only now that it stands in the dialog does a button keep the focus it is given.
        safe = self.findChild(QPushButton, f"answer-{question.safe}")
        if isinstance(safe, QPushButton):
            safe.setFocus()

    def _button(self, answer: Answer, safe: str) -> QPushButton:
        button = text_button(answer.words, f"answer-{answer.key}", kind="" if answer.kind == "normal" else answer.kind)
        button.setDefault(answer.key == safe)
        button.clicked.connect(lambda: self._choose(answer.key))
        return button

    def showEvent(self, event: QShowEvent) -> None:
        # Only now the style is on and the height of wrapped text known.
        self.resize(self.width(), self._box.totalHeightForWidth(self.width()))
        super().showEvent(event)

    def _choose(self, key: str) -> None:
        self.chosen = key
        self.accept()


def window_title(title: str) -> str:
    """Return what stands in a dialog's frame: its title, or where a frame would cut that, whose dialog it is; the whole
    title stands in the dialog.
    """
    return title if len(title) <= TITLE_CHARACTERS else tr("Dialogs", "Sana Desktop")


def _role(answer: Answer, safe: str) -> QDialogButtonBox.ButtonRole:
    return QDialogButtonBox.ButtonRole.RejectRole if answer.key == safe else QDialogButtonBox.ButtonRole.AcceptRole


async def ask(parent: QWidget | None, question: Question) -> str:
    """Ask and return the key of the chosen answer; closing the dialog is the safe answer."""
    dialog = QuestionDialog(question, parent)
    result = await finished(dialog)
    return dialog.chosen if result == QDialog.DialogCode.Accepted else question.safe


async def sure(parent: QWidget | None, title: str, text: str, verb: str, keep: str) -> bool:
    """Ask before something that can't be undone; True only for the button with the `verb` on it."""
    answers = [Answer("do", verb, "danger"), Answer("keep", keep, "primary")]
    return await ask(parent, Question(title, text, answers, safe="keep")) == "do"


async def tell(parent: QWidget | None, title: str, text: str, detail: str = "") -> None:
    """Say something that needs to be read before going on."""
    close = Answer("close", tr("Dialogs", "Close"))
    await ask(parent, Question(title, text, [close], safe="close", detail=detail))


async def choose_open_file(
    parent: QWidget | None, title: str, folder: Path | None = None, filters: Sequence[str] = ()
) -> Path | None:
    """Let the person choose an existing file; None if they changed their mind.

    Args:
        parent: the window it belongs to.
        title: what the file is for.
        folder: where to start; None: where the last file was chosen, at first among the documents.
        filters: such as "SQL (*.sql)".
    """
    return await _choose(parent, title, folder, filters, QFileDialog.FileMode.ExistingFile)


async def choose_save_file(
    parent: QWidget | None, title: str, start: Path | None = None, filters: Sequence[str] = ()
) -> Path | None:
    """Let the person name a file to write; the system's dialog asks before one is replaced."""
    return await _choose(parent, title, start, filters, QFileDialog.FileMode.AnyFile, saving=True)


async def choose_folder(parent: QWidget | None, title: str, folder: Path | None = None) -> Path | None:
    """Let the person choose a folder."""
    return await _choose(parent, title, folder, (), QFileDialog.FileMode.Directory)


async def _choose(
    parent: QWidget | None,
    title: str,
    start: Path | None,
    filters: Sequence[str],
    mode: QFileDialog.FileMode,
    *,
    saving: bool = False,
) -> Path | None:
    dialog = _FileDialog(parent, title)
    dialog.setFileMode(mode)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave if saving else QFileDialog.AcceptMode.AcceptOpen)
    if mode is QFileDialog.FileMode.Directory:
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if filters:
        dialog.setNameFilters(list(filters))
    if start is not None:
        # Asking the disk here could block on a network drive: a name with a suffix is taken as a file.
        folder, name = (start.parent, start.name) if saving and start.suffix else (start, "")
        dialog.setDirectory(str(folder))
        if name:
            # A name that is typed without an ending gets that of the kind that is chosen.
            dialog.setDefaultSuffix(start.suffix.removeprefix("."))
            dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_ending_of(kind)))
            dialog.selectFile(name)
    else:
        dialog.setDirectory(_last_folder(parent) or await _documents())
    result = await finished(dialog)
    files = dialog.selectedFiles()
    if result != QDialog.DialogCode.Accepted or not files:
        return None
    chosen = Path(files[0])
    if parent is not None:
        _main_window(parent).setProperty(LAST_FOLDER, str(chosen.parent))
    return chosen


class _FileDialog(QFileDialog):
    """The system's dialog; where that is Qt's own, what stands in its field is what is taken.

    Qt selects each folder that a typed path leads through, as a help, and keeps some of them selected where their rows
    come late; it takes the first row that is selected, before what was typed.
    """

    def accept(self) -> None:
        field, rows = self.findChild(QLineEdit, "fileNameEdit"), self.findChild(QListView, "listView")
        if isinstance(field, QLineEdit) and isinstance(rows, QListView) and field.text():
            selected = self.selectedFiles()
            # A row that was clicked stands in the field, too; its name may hold what Qt would read as several.
            if selected != [self.directory().absoluteFilePath(field.text())]:
                rows.clearSelection()
        super().accept()


def _main_window(widget: QWidget) -> QWidget:
    """Return the window at the bottom of those that lie over one another."""
    window = widget.window()
    while (below := window.parentWidget()) is not None:
        window = below.window()
    return window


def _last_folder(parent: QWidget | None) -> str:
    return "" if parent is None else _main_window(parent).property(LAST_FOLDER) or ""


async def _documents() -> str:
    import asyncio

    from sana_desktop.base.threads import in_daemon_thread

    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            is_there = await in_daemon_thread(Path(documents).is_dir)
            if documents and is_there:
                return documents
    return str(Path.home())


def _ending_of(kind: str) -> str:
    """Return the ending in a filter such as "Table (*.csv)", without its dot; "" where it names none."""
    found = re.search(r"\*\.(\w+)", kind)
    return found[1] if found is not None else ""


class SheetDialog(QDialog):
    """A dialog with a title, some content and a Close button, which Enter presses unless another is the default."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title(title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(24, 24, 24, 20)
        self._box.setSpacing(16)
        self._heading = label(title, role="title")
        self._box.addWidget(self._heading)
        self._box.addWidget(content, 1)
        self._box.addWidget(line())
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch()
        close = text_button(tr("Dialogs", "Close"), "closeDialogButton")
        close.clicked.connect(self.reject)
        self._row.addWidget(close)
        self._box.addLayout(self._row)
        close.setDefault(True)

    def add_button(self, button: QPushButton) -> None:
        """Put a further button left of Close."""
        self._row.insertWidget(self._row.count() - 1, button)

    def heading(self) -> QLabel:
        """Return the title's label."""
        return self._heading
