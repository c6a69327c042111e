"""The left side of the Practice place: who learns, from what, how hard, how many, and how answers travel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.api.practice_models import Constraints
from sana_desktop.base.text import one_line
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.size_meter import SizeMeter
from sana_desktop.ui.practice.setup.challenge_slider import ChallengeSlider
from sana_desktop.ui.practice.setup.learner_picker import LearnerPicker
from sana_desktop.ui.practice.setup.mode_choice import ModeChoice
from sana_desktop.ui.practice.setup.path_picker import PathPicker, TagPicker
from sana_desktop.ui.practice.setup.source_menu import SourceMenu
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import InParts
from sana_desktop.ui.widgets import DropDown, frame, label, let_wheel_pass, line, plain_tip, text_button

MAX_EXERCISES = 1_000
"""Asked for at once. The API names no limit; an answer with many more would be longer than is read (B3)."""
MARGIN = 16


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A connection that has practice."""

    id: str
    name: str


class SetupPanel(InParts):
    """The set-up, scrolling, with the one primary button always in sight below it.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the panel shown after that.

    Signals:
        changed: anything that is asked for is another one now.
        site_chosen(str): connection id, by the person.
        next_wanted: get the next exercises.
        source_wanted(str): where the exercises to choose from come from: "demo", "file", "answers"; or "forget" them.
    """

    changed = Signal()
    site_chosen = Signal(str)
    next_wanted = Signal()
    source_wanted = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("practiceSetup")
        self.setAccessibleName(tr("Practice", "Set-up"))
        self._theme, self._icons = theme, icons
        if at_once:
            self.finish()

    def _make(self) -> Iterator[None]:
        theme, icons = self._theme, self._icons
        self.site = DropDown("practiceSite", tr("Practice", "Site"))
        self.site.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.site.setMinimumContentsLength(8)
        self.site.setPlaceholderText(tr("Practice", "No site yet"))
        self.site.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        yield
        self.learner = LearnerPicker(icons)
        yield
        self.source = text_button(tr("Practice", "Where from…"), "catalogueButton", kind="link")
        self._source_words = label("", role="caption", wrap=True, name="catalogueWords")
        self._source_problem = label("", tone="warn", wrap=True, name="catalogueProblem")
        self._source_problem.hide()
        yield
        self.paths = PathPicker(icons)
        yield
        self.tags = TagPicker(icons)
        self.review = QCheckBox(tr("Practice", "Only topics met before (review)"))
        self.review.setObjectName("practiceReview")
        self._fits = label("", role="caption", wrap=True, name="catalogueFits")
        self._fits.hide()
        yield
        self.challenge = ChallengeSlider(theme)
        yield
        self.count = QSpinBox()
        self.count.setObjectName("practiceCount")
        self.count.setAccessibleName(tr("Practice", "Number of exercises"))
        self.count.setRange(1, MAX_EXERCISES)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._count_note = label("", tone="warn", wrap=True, name="practiceCountNote")
        self._count_note.hide()
        let_wheel_pass(self.count)
        yield
        self.mode = ModeChoice(theme)
        yield
        self.meter = SizeMeter(theme, icons)
        self.next = text_button(tr("Practice", "Get exercises"), "nextExercisesButton", kind="primary")
        self.next.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.next.setToolTip("Ctrl+Enter")
        self._reason = label("", role="caption", wrap=True, name="practiceReason")
        self._menu = SourceMenu(icons, self.source)
        self._menu.wanted.connect(self.source_wanted)
        self._explain()
        yield from self._lay_out()
        self._wire()

    # -- what it says

    def setup(self) -> Setup:
        """Return what is asked for."""
        return Setup(
            self.mode.mode(), self.learner.user_id(), self.count.value(), self.constraints(), self.challenge.level()
        )

    def constraints(self) -> Constraints:
        """Return which exercises may come."""
        return Constraints(True if self.review.isChecked() else None, self.paths.chosen(), self.tags.chosen())

    def show_setup(self, setup: Setup) -> None:
        """Show what a session or a paste asked for; where it is shown already, nothing is laid out anew."""
        if self._shows(setup):
            return
        with QSignalBlocker(self):
            self.learner.choose(setup.user_id)
            self.show_constraints(setup.constraints)
            self.challenge.set_level(setup.challenge_level)
            self.mode.set_mode(setup.mode)
            self.count.setValue(setup.num_exercises or 1)
            self.mode.set_mode(setup.mode)
            self._note_count(setup.num_exercises or 1)
        self.changed.emit()

    def show_constraints(self, constraints: Constraints) -> None:
        """Show other constraints."""
        self.review.setChecked(bool(constraints.is_review))
        self.paths.choose(constraints.paths)
        self.tags.choose(constraints.tags)

    def show_sites(self, sites: Sequence[SiteChoice], chosen: str) -> None:
        """Offer these connections."""
        rows = [(one_line(site.name, 40), site.id) for site in sites]
        with QSignalBlocker(self.site):
            if rows != [(self.site.itemText(at), self.site.itemData(at)) for at in range(self.site.count())]:
                self.site.clear()
                for name, key in rows:
                    self.site.addItem(name, key)
            self.site.setCurrentIndex(self.site.findData(chosen))

    def site_id(self) -> str:
        """Return the id of the chosen connection, "" if there is none."""
        return str(self.site.currentData() or "")

    def show_source(self, words: str, problem: str = "") -> None:
        """Say where the exercises to choose from come from, and what could not be read of them."""
        self._source_words.setText(words)
        self._source_problem.setText(problem)
        self._source_problem.setVisible(bool(problem))

    def show_fits(self, words: str) -> None:
        """Say how many known exercises the constraints leave."""
        self._fits.setText(words)
        self._fits.setVisible(bool(words))

    def show_ready(self, reason: str, *, busy: bool = False) -> None:
        """Let the button be pressed, or say why it can't be; `reason` is empty where it can."""
        self.next.setEnabled(not reason and not busy)
        self.next.setText(tr("Practice", "Getting exercises…") if busy else tr("Practice", "Get exercises"))
        self.next.setAccessibleName(self.next.text())
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))

    def offer_source(self, key: str, offered: bool) -> None:
        """Offer one of the places that exercises come from, or to forget them, or not."""
        self._menu.offer(key, offered)

    def mark_source(self, key: str) -> None:
        """Mark where the exercises come from now; "" marks nothing."""
        self._menu.mark(key)

    def mount(self, card: QWidget) -> None:
        """Put a further part at the end of what scrolls."""
        self._rows.insertWidget(self._rows.count() - 1, line())
        self._rows.insertWidget(self._rows.count() - 1, card)

    def panes(self) -> list[QWidget]:
        """Return what F6 goes to."""
        return [self.learner.choice]

    # -- inside

    def _shows(self, setup: Setup) -> bool:
        here = replace(self.setup(), persona=setup.persona, seed=setup.seed)
        # The note is about a number that can't be shown; with it, this was another set-up.
        return self._count_note.isHidden() and here == replace(setup, num_exercises=setup.num_exercises or 1)

    def _lay_out(self) -> Iterator[None]:
        # From the outside in: what is moved later, Qt dresses anew with all that is in it.
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        area, inner = self._area, self._inner = QScrollArea(), QWidget()
        area.setObjectName("practiceSetupScroll")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box.addWidget(area, 1)
        area.setWidget(inner)
        rows = self._rows = QVBoxLayout(inner)
        rows.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        rows.setSpacing(8)
        self._site_part = QWidget()
        rows.addWidget(self._site_part)
        site = QVBoxLayout(self._site_part)
        site.setContentsMargins(0, 0, 0, 0)
        site.setSpacing(6)
        site.addWidget(_title(tr("Practice", "S&ite"), self.site))
        site.addWidget(self.site)
        yield
        rows.addSpacing(4)
        rows.addWidget(_title(tr("Practice", "&Learner"), self.learner.choice))
        rows.addWidget(self.learner)
        yield
        rows.addWidget(_gap_line())
        head = QHBoxLayout()
        rows.addLayout(head)
        head.addWidget(label(tr("Practice", "Exercises"), role="heading"), 1)
        head.addWidget(self.source)
        rows.addWidget(self._source_words)
        rows.addWidget(self._source_problem)
        rows.addWidget(self.paths)
        yield
        rows.addWidget(self.tags)
        rows.addWidget(self.review, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self._fits)
        yield
        rows.addWidget(_gap_line())
        rows.addWidget(_title(tr("Practice", "C&hallenge"), self.challenge.slider))
        rows.addWidget(self.challenge)
        yield
        rows.addWidget(_gap_line())
        number = QHBoxLayout()
        rows.addLayout(number)
        number.addWidget(_title(tr("Practice", "&Number of exercises"), self.count), 1)
        number.addWidget(self.count)
        rows.addWidget(self._count_note)
        rows.addSpacing(4)
        yield
        rows.addWidget(self.mode)
        yield
        rows.addWidget(_gap_line())
        rows.addWidget(self.meter)
        rows.addStretch()
        yield
        box.addWidget(line())
        foot = frame("surface")
        box.addWidget(foot)
        below = QVBoxLayout(foot)
        below.setContentsMargins(MARGIN, 10, MARGIN, 12)
        below.setSpacing(6)
        below.addWidget(self._reason)
        below.addWidget(self.next)
        self.show_ready(tr("Practice", "One moment: getting ready."))

    def minimumSizeHint(self) -> QSize:
        # As wide as what scrolls in it: it scrolls up and down only.
        least = super().minimumSizeHint()
        width = self._inner.minimumSizeHint().width() + self._area.verticalScrollBar().sizeHint().width()
        return QSize(max(least.width(), width), least.height())

    def _explain(self) -> None:
        """Say on hover, and to assistive tools, what each field does and what it takes."""
        for field, words in (
            (self.learner.choice, tr("Practice", "Whose exercises: a test learner, or the id that your product uses.")),
            (self.paths.fold.toggle, tr("Practice", "Only exercises at or below one of the chosen topics come.")),
            (self.tags.fold.toggle, tr("Practice", "Only exercises with at least one of the chosen tags come.")),
            (
                self.review,
                tr(
                    "Practice",
                    "Only exercises of topics that this learner has met before come; the exercises may be new.",
                ),
            ),
            (
                self.count,
                tr("Practice", "1 to {most}. With more than one their order is chosen too.", most=f"{MAX_EXERCISES:,}"),
            ),
            (self.challenge.auto, tr("Practice", "Nothing is asked for: the exercises fit this learner best.")),
        ):
            field.setToolTip(plain_tip(words))
            field.setAccessibleDescription(words)

    def _wire(self) -> None:
        self.source.clicked.connect(self._open_menu)
        self.site.activated.connect(lambda _row: self.site_chosen.emit(self.site_id()))
        self.next.clicked.connect(self.next_wanted)
        self.count.valueChanged.connect(self._count_changed)
        self.mode.changed.connect(self._mode_changed)
        for part in (self.learner.changed, self.paths.changed, self.tags.changed, self.challenge.changed):
            part.connect(self.changed)
        self.review.toggled.connect(lambda _on: self.changed.emit())

    def _open_menu(self) -> None:
        self._menu.popup(self.source.mapToGlobal(self.source.rect().bottomLeft()))

    def _count_changed(self, count: int) -> None:
        self._note_count(count)
        # One at a time is one; more than one are a set, unless the answers travel with the next request.
        if count > 1 and self.mode.mode() is Mode.SINGLE:
            self.mode.set_mode(Mode.BATCH)
        self.changed.emit()

    def _note_count(self, wanted: int) -> None:
        """Say that more were asked for than can be, as in a paste or a file, until the number is changed."""
        self._count_note.setText(too_many_words(wanted))
        self._count_note.setVisible(wanted > MAX_EXERCISES)

    def _mode_changed(self) -> None:
        if self.mode.mode() is Mode.SINGLE:
            self.count.setValue(1)
        elif self.mode.mode() is Mode.BATCH and self.count.value() == 1:
            self.count.setValue(5)
        self.changed.emit()


def too_many_words(wanted: int) -> str:
    """Return that so many can't be asked for at once, "" where they can."""
    if wanted <= MAX_EXERCISES:
        return ""
    return tr(
        "Practice",
        "{n} were asked for; from here it is at most {most} at once.",
        n=f"{wanted:,}",
        most=f"{MAX_EXERCISES:,}",
    )


def _title(words: str, buddy: QWidget) -> QLabel:
    # A label takes a mnemonic only if it may read markup; these words are ours.
    made = QLabel(words)
    made.setProperty("role", "heading")
    made.setBuddy(buddy)
    return made


def _gap_line() -> QWidget:
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 8, 0, 8)
    box.addWidget(line())
    return holder
