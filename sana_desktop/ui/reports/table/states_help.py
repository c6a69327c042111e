"""What each word in the columns “State” means, to be read when it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.ui.dialogs import SheetDialog
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.table.cells import TONE_COLOURS
from sana_desktop.ui.reports.words.state_words import Tone
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label

Meaning = tuple[str, str, Tone, str]
"""Word, icon, tone, and what it means."""


def job_meanings() -> list[Meaning]:
    """Return the states of jobs, in the order in which they come."""
    return [
        (
            tr("job", "Not sent yet"),
            "clock",
            Tone.QUIET,
            tr("states", "It waits for its turn; where the site can't be reached it is tried again by itself."),
        ),
        (tr("job", "Being ordered"), "clock", Tone.BUSY, tr("states", "The order is on its way to the site.")),
        (
            tr("job", "Being prepared"),
            "clock",
            Tone.BUSY,
            tr("states", "The site works on it; the app asks from time to time."),
        ),
        (
            tr("job", "Ready"),
            "check",
            Tone.GOOD,
            tr("states", "The site finished it. Its file is on its way, or here, complete and checked."),
        ),
        (
            tr("job", "Ready"),
            "warning",
            Tone.WARN,
            tr("states", "Its file is here, complete and checked, but the site sent another format than was ordered."),
        ),
        (
            tr("job", "Waiting"),
            "clock",
            Tone.WARN,
            tr(
                "states",
                "The site finished it. Its file waits for the place it comes from, or for room on the disk, and goes "
                "on by itself.",
            ),
        ),
        (
            tr("job", "Link ended"),
            "warning",
            Tone.WARN,
            tr(
                "states",
                "The site's download link ran out, and it gives no other. Only a new run helps: it has the data as of "
                "then.",
            ),
        ),
        (
            tr("job", "No file"),
            "error",
            Tone.BAD,
            tr("states", "The site finished it, and the file could not be had. Its row under Downloads says why."),
        ),
        (
            tr("job", "File not found"),
            "warning",
            Tone.WARN,
            tr("states", "The file was here, complete, and was moved or deleted since. “Locate…” finds it."),
        ),
        (
            tr("job", "File changed"),
            "warning",
            Tone.BAD,
            tr("states", "The file was here, complete; what is in its place now is another one."),
        ),
        (
            tr("job", "Needs you"),
            "warning",
            Tone.WARN,
            tr("states", "It can't go on by itself: sign in again, or do what its row says."),
        ),
        (
            tr("job", "May have started"),
            "warning",
            Tone.WARN,
            tr("states", "It was sent and the answer was lost. It is never sent twice by itself."),
        ),
        (
            tr("job", "Not watched"),
            "pause",
            Tone.QUIET,
            tr("states", "You stopped watching. It may go on at the site; “Watch again” looks at it."),
        ),
        (
            tr("job", "Not ordered"),
            "pause",
            Tone.QUIET,
            tr(
                "states",
                "You stopped it, or its site was forgotten, before the site had taken it. Nothing goes on there.",
            ),
        ),
        (
            tr("job", "No longer known"),
            "error",
            Tone.BAD,
            tr("states", "The site does not know it any more. Run it again."),
        ),
        (
            tr("job", "Failed"),
            "error",
            Tone.BAD,
            tr("states", "The site refused or could not finish it, and said why."),
        ),
    ]


def word_meanings() -> list[tuple[str, str]]:
    """Return further words of the tables and the details."""
    return [
        (
            tr("states", "Check number (SHA-256)"),
            tr(
                "states",
                "64 letters and digits made from every byte of a file. One changed byte makes another number; so two "
                "files with the same one are the same.",
            ),
        ),
        (
            tr("states", "Verify again"),
            tr("states", "Makes the check number anew and compares it. The story keeps it."),
        ),
        (
            tr("states", "Data as of"),
            tr(
                "states",
                "When the site began to make the report, by its own clock. A new run has a time of its own, and other "
                "data perhaps.",
            ),
        ),
    ]


class StatesSheet(SheetDialog):
    """The words of the tables, each with its icon and what it means."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(tr("states", "What the states mean"), content, parent)
        self.setObjectName("statesSheet")
        self.resize(600, 620)
        inner = QWidget()
        inner.setProperty("kind", "page")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        row = 0
        for word, icon, tone, meaning in job_meanings():
            picture = label("")
            icons.bind_label(picture, icon, TONE_COLOURS[tone])
            grid.addWidget(picture, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(word), row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(meaning, role="quiet", wrap=True), row, 2)
            row += 1
        for word, meaning in word_meanings():
            grid.addWidget(label(word), row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(meaning, role="quiet", wrap=True), row, 2)
            row += 1
        grid.setRowStretch(row, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setAccessibleName(tr("states", "What the states mean"))
        area.setWidget(inner)
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area, 1)
