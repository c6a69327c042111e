"""What a session means: pictures with their text twins, kept up to date while it goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.meaning.shapes import MeaningSnapshot
from sana_desktop.practice.number_words import unbroken
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning import rows
from sana_desktop.ui.practice.meaning.bars_picture import BarsPicture
from sana_desktop.ui.practice.meaning.challenge_picture import ChallengePicture
from sana_desktop.ui.practice.meaning.curve_picture import CurvePicture
from sana_desktop.ui.practice.meaning.pictures import Picture
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.practice.parts.plain_table import PlainTable
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import InParts
from sana_desktop.ui.widgets import column, label

PART_MS = 40
"""After each part the window has its turn: all of them at once would hold it up in a fast simulation."""
SENTENCE_CHARACTERS = 900


class MeaningSection(QWidget):
    """A heading, a picture or two, the sentences that say the same, and the numbers in a fold."""

    def __init__(self, key: str, title: str, pictures: Sequence[Picture], theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName(f"{key}Meaning")
        self.setAccessibleName(title)
        self._rows: rows.Rows = ((), ())
        self._said = ""
        self._sentence = label("", name=f"{key}Sentence", wrap=True, selectable=True)
        self._table = PlainTable(f"{key}Table", tr("Practice", "{what}, as a table", what=title), theme, icons)
        self.fold = CollapsibleSection(tr("Practice", "As a table"), f"{key}Fold", icons, self._table)
        self.fold.toggle.setAccessibleName(tr("Practice", "{what}, as a table", what=title))
        self.fold.opened.connect(lambda _: self._fill())
        box = column(self, spacing=6)
        box.addWidget(label(title, role="heading", wrap=True))
        for picture in pictures:
            box.addWidget(picture)
        box.addWidget(self._sentence)
        box.addWidget(self.fold)

    def show_words(self, sentence: str, table: rows.Rows) -> None:
        """Show the twins; the table is filled when somebody looks."""
        self._rows = table
        if sentence != self._said:
            self._said = sentence
            self._sentence.setText(unbroken(sentence))
        self._fill()

    def sentence(self) -> str:
        """Return what is said."""
        return self._said

    def _fill(self) -> None:
        if self.fold.is_open():
            self._table.show_rows(*self._rows)


class MeaningPanel(InParts):
    """The right column of a session.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the panel shown after that.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self._theme, self._icons = theme, icons
        self.setObjectName("meaningPanel")
        self.setAccessibleName(tr("Practice", "What it means"))
        self._newest: MeaningSnapshot | None = None
        self._shown: MeaningSnapshot | None = None
        self._success = CurvePicture("successPicture", tr("Practice", "Success over time"), theme, shares=True)
        self._challenge = ChallengePicture(theme)
        self._difficulty = CurvePicture(
            "difficultyPicture", tr("Practice", "Difficulty over time"), theme, shares=False
        )
        self._places = BarsPicture("placesPicture", tr("Practice", "Topics"), theme)
        self._tags = BarsPicture("tagsPicture", tr("Practice", "Tags"), theme)
        self._streaks = BarsPicture("streaksPicture", tr("Practice", "Streaks"), theme)
        self._sections: dict[str, MeaningSection] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(PART_MS)
        self._timer.timeout.connect(self._tick)
        self._due: deque[str] = deque()
        self._shows = {
            "success": self._show_success,
            "challenge": self._show_challenge,
            "difficulty": self._show_difficulty,
            "places": self._show_places,
            "tags": self._show_tags,
            "streaks": self._show_streaks,
        }
        self._empty = self._empty_part(icons)
        self._full = QWidget()
        if at_once:
            self.finish()

    def show_meaning(self, meaning: MeaningSnapshot, *, at_once: bool = True) -> None:
        """Show this, part by part; of several that come at once the last.

        Args:
            at_once: where nothing is shown yet, all parts come now; False is for what comes with much else to show.
        """
        self._newest = meaning
        if self._shown is None:
            for section in self._sections.values():
                section.setVisible(at_once)
            if not at_once:
                # It is needed in the end: coming in the middle, it would have all pictures so far painted anew.
                self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
            self._turn_to_newest()
            while self._due and at_once:
                self._show_next()
        elif not self._timer.isActive():
            self._turn_to_newest()

    def show_empty(self) -> None:
        """Show what will stand here."""
        self._stop()
        self._due.clear()
        self._newest = self._shown = None
        self._full.hide()
        self._empty.show()

    def section(self, key: str) -> MeaningSection:
        """Return a part by its name: success, challenge, difficulty, places, tags or streaks."""
        return self._sections[key]

    def _tick(self) -> None:
        if self._due:
            self._show_next()
        elif self._newest is not self._shown:
            self._turn_to_newest()
        else:
            self._stop()

    def _stop(self) -> None:
        self._timer.stop()
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def _turn_to_newest(self) -> None:
        meaning = self._shown = self._newest
        if meaning is None:
            return
        filled = bool(meaning.coverage.exercises or meaning.success.answers)
        self._empty.setVisible(not filled)
        self._full.setVisible(filled)
        self._due.clear()
        if filled:
            self._due.extend(self._shows)
            self._timer.start()

    def _show_next(self) -> None:
        if self._shown is not None:
            key = self._due.popleft()
            self._sections[key].show()
            self._shows[key](self._shown)

    def _show_success(self, meaning: MeaningSnapshot) -> None:
        words = said(meaning.success.words())
        self._success.setVisible(bool(meaning.success.points))
        self._success.show_points(meaning.success.points, words, meaning.results, meaning.success.latest)
        self._sections["success"].show_words(words, rows.success_rows(meaning.success, meaning.results))

    def _show_challenge(self, meaning: MeaningSnapshot) -> None:
        self._challenge.setVisible(any(each.answers for each in meaning.challenge.bins))
        self._challenge.show_bins(meaning.challenge.bins, said(meaning.challenge.words()))
        words = rows.challenge_sentence(meaning.challenge)
        self._sections["challenge"].show_words(words, rows.challenge_rows(meaning.challenge))

    def _show_difficulty(self, meaning: MeaningSnapshot) -> None:
        words = said((*meaning.difficulty.words(), *meaning.ability.words()))
        self._difficulty.setVisible(bool(meaning.difficulty.points))
        self._difficulty.show_points(meaning.difficulty.points, words)
        table = rows.difficulty_rows(meaning.difficulty, meaning.coverage.levels)
        self._sections["difficulty"].show_words(words, table)

    def _show_places(self, meaning: MeaningSnapshot) -> None:
        parts = meaning.coverage.paths
        words = rows.parts_sentence(parts)
        self._places.show_bars(rows.part_bars(parts, paths=True), words)
        head = said(meaning.coverage.head())
        self._sections["places"].show_words(f"{head} {words}", rows.part_rows(parts, paths=True))

    def _show_tags(self, meaning: MeaningSnapshot) -> None:
        parts = meaning.coverage.tags
        words = rows.parts_sentence(parts)
        self._sections["tags"].setVisible(bool(parts))
        self._tags.show_bars(rows.part_bars(parts, paths=False), words)
        self._sections["tags"].show_words(words, rows.part_rows(parts, paths=False))

    def _show_streaks(self, meaning: MeaningSnapshot) -> None:
        words = said((*meaning.streaks.words(), *meaning.repeats.words()))
        self._streaks.show_bars(rows.streak_bars(meaning.streaks), words)
        self._sections["streaks"].show_words(words, rows.streak_rows(meaning.streaks, meaning.repeats))

    def _empty_part(self, icons: Icons) -> QWidget:
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 24, 0, 0)
        box.setSpacing(4)
        mark = QLabel()
        mark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        icons.bind_label(mark, "practice", "line_strong", 32)
        heading = label(tr("Practice", "Nothing to see yet"), role="heading", wrap=True)
        words = label(
            tr(
                "Practice",
                "Answer an exercise, or let a simulated learner play: success, challenge, difficulty, topics and tags "
                "are drawn here while it goes on.",
            ),
            role="quiet",
            wrap=True,
        )
        for text in (heading, words):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        for widget in (mark, heading, words):
            box.addWidget(widget)
        return part

    def _make(self) -> Iterator[None]:
        inside = self._lay_out()
        yield
        for key, title, picture in (
            ("success", tr("Practice", "Success"), self._success),
            ("challenge", tr("Practice", "Challenge: asked for and got"), self._challenge),
            ("difficulty", tr("Practice", "Difficulty"), self._difficulty),
            ("places", tr("Practice", "Topics that came up"), self._places),
            ("tags", tr("Practice", "Tags that came up"), self._tags),
            ("streaks", tr("Practice", "Streaks and repeats"), self._streaks),
        ):
            section = self._sections[key] = MeaningSection(key, title, (picture,), self._theme, self._icons)
            inside.addWidget(section)
            yield

    def _lay_out(self) -> QVBoxLayout:
        # From the outside in: what is moved later, Qt dresses anew with all that is in it.
        area = self._area = QScrollArea()
        area.setObjectName("meaningScroll")
        area.setProperty("kind", "pane")  # reached by F6: it is seen where one is
        area.setAccessibleName(tr("Practice", "What it means"))
        area.setWidgetResizable(True)
        column(self).addWidget(area)
        page = QWidget()
        page.setProperty("kind", "page")
        area.setWidget(page)
        box = column(page, (16, 12, 16, 20), spacing=16)
        box.addWidget(label(tr("Practice", "What it means"), role="lead"))
        box.addWidget(self._empty)
        box.addWidget(self._full)
        box.addStretch()
        self._full.hide()
        return column(self._full, spacing=20)


def said(words: Sequence[Words]) -> str:
    """Return sentences of the core in the person's language, one after the other."""
    spoken = " ".join(each.say(lambda template: tr("Practice", template)) for each in words)
    return one_line(spoken, SENTENCE_CHARACTERS)
