"""Health check (B32): ten plain tests of a recommender, each passed, failed or not to be told, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from sana_desktop.base.words import Words
from sana_desktop.practice.health.check import TESTS
from sana_desktop.practice.health.report import HealthLine, HealthReport, HealthVerdict
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import moment_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import column, frame, icon_button, label, line, set_tone

LOOKS = {
    HealthVerdict.PASS: ("good", "good"),
    HealthVerdict.FAIL: ("error", "bad"),
    HealthVerdict.CANNOT_TELL: ("warning", "warn"),
}
BELOW_EVIDENCE = 8
WORD_WIDTH = 10
"""Characters that the word of a verdict has room for; the titles of all tests begin below each other."""


def verdict_words(verdict: HealthVerdict | None) -> str:
    """Return the word of a verdict; None where the test was not run."""
    if verdict is None:
        return tr("Practice", "Not run")
    return {
        HealthVerdict.PASS: tr("Practice", "Passed"),
        HealthVerdict.FAIL: tr("Practice", "Failed"),
        HealthVerdict.CANNOT_TELL: tr("Practice", "Can't tell"),
    }[verdict]


class HealthRow(QWidget):
    """One test: mark and word of its verdict, what it is, and its evidence in a fold."""

    def __init__(self, name: str, title: Words, icons: Icons) -> None:
        super().__init__()
        self.setObjectName(f"healthRow-{name}")
        self._icons = icons
        self._mark = QLabel()
        self._word = label("", role="quiet", name=f"healthVerdict-{name}")
        self._title = label(said((title,)), wrap=True)
        self._evidence = label("", role="quiet", name=f"healthEvidence-{name}", wrap=True, selectable=True)
        self._evidence.setContentsMargins(0, 0, 0, BELOW_EVIDENCE)
        self._evidence.hide()
        words = tr("Practice", "Evidence: {title}", title=said((title,)))
        self.fold = icon_button(icons, "chevron-right", words, f"healthFold-{name}", checkable=True)
        self.fold.setProperty("kind", "fold")
        self.fold.setEnabled(False)
        self.fold.toggled.connect(self._turn)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(2, 1)
        for at, widget in enumerate((self._mark, self._word, self._title, self.fold)):
            grid.addWidget(widget, 0, at)
        grid.addWidget(self._evidence, 1, 2)
        self.show_line(None)

    def show_line(self, found: HealthLine | None) -> None:
        """Show what came of it; None before it is run."""
        icon, role = ("ring", "text_quiet") if found is None else LOOKS[found.verdict]
        self._icons.bind_label(self._mark, icon, role)
        self._word.setText(verdict_words(None if found is None else found.verdict))
        self._word.setMinimumWidth(self._word.fontMetrics().averageCharWidth() * WORD_WIDTH)
        set_tone(self._word, "" if found is None else role)
        self._evidence.setText("" if found is None else said(found.finding.evidence))
        self.fold.setEnabled(found is not None and bool(found.finding.evidence))
        # Bad news says why without being asked.
        self.fold.setChecked(found is not None and found.verdict is not HealthVerdict.PASS)
        self._evidence.setVisible(self.fold.isChecked())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The whole row opens and closes its evidence, not its small arrow alone."""
        at = event.position().toPoint()
        inside = at.y() <= self._title.geometry().bottom() and self.rect().contains(at)
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.fold.click()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # so that the release comes here

    def verdict(self) -> str:
        """Return the word that is shown."""
        return self._word.text()

    def evidence(self) -> str:
        """Return what is said in the fold."""
        return self._evidence.text()

    def _turn(self, opened: bool) -> None:
        self._evidence.setVisible(opened)
        self._icons.bind(self.fold, "chevron-down" if opened else "chevron-right", checked="accent")


class HealthView(ComparisonPanel):
    """The ten tests, and what came of them.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the view shown after that.
    """

    def __init__(self, theme: Theme, icons: Icons, *, at_once: bool = True) -> None:
        super().__init__(
            "health",
            tr("Practice", "Does it do what it promises?"),
            tr(
                "Practice",
                "Ten plain tests on test learners that are made for this alone. "
                "Your other learners are left as they are.",
            ),
            tr("Practice", "Run the ten tests"),
            theme,
            icons,
        )
        self.rows: dict[str, HealthRow] = {}
        self.parts = self._make_rows()
        if at_once:
            self.finish()

    def begin(self) -> None:
        """Show all tests as not run."""
        self.verdict.say("")
        for row in self.rows.values():
            row.show_line(None)
        self.hand_on.offer(False)

    def show_line(self, found: HealthLine) -> None:
        """Show what came of one test; of one that this app does not have any more, nothing."""
        if found.name in self.rows:
            self.rows[found.name].show_line(found)

    def show_earlier(self, report: HealthReport, at: datetime) -> None:
        """Show what came of it when it was run before."""
        self.begin()
        self._show(report, tr("Practice", "Last run {when}:", when=moment_words(at)))

    def show_result(self, report: HealthReport) -> None:
        """Show the summary and offer the report."""
        self._show(report, aloud=True)

    def _make_rows(self) -> Iterator[None]:
        card = frame("card")
        self.result.addWidget(card)
        box = column(card, (16, 8, 12, 8), spacing=4)
        for position, test in enumerate(TESTS):
            if position:
                box.addWidget(line())
            row = self.rows[test.name] = HealthRow(test.name, test.title, self.icons)
            box.addWidget(row)
            yield

    def _show(self, report: HealthReport, before: str = "", *, aloud: bool = False) -> None:
        for found in report.lines:
            self.show_line(found)
        failed, unknown = report.count(HealthVerdict.FAIL), report.count(HealthVerdict.CANNOT_TELL)
        tone = "bad" if failed else "warn" if unknown or not report.complete else "good"
        self.verdict.say(f"{before} {said(report.words())}".strip(), tone, aloud=aloud)
        self.hand_on.offer(bool(report.lines))

    def progress_words(self, done: int, total: int | None) -> str:
        return tr("Practice", "{done} of {n} tests", done=done, n=total or len(TESTS))
