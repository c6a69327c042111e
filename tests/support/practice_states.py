"""Further states of the Practice place: its set-up alone, and a session while it is asked, sent, refused or long."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QScrollArea, QWidget

from sana_desktop.api.practice_models import Exchange, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.sessions.session import Mode
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.sweep_levels import choices_of
from sana_desktop.ui.practice.compare.sweep_view import SweepSetting
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.practice.parts.rename_dialog import TitleDialog
from sana_desktop.ui.practice.parts.strips import StripAct, say_outbox
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.practice.sessions.dialog import SessionsDialog
from sana_desktop.ui.practice.sessions.menu import SessionView
from sana_desktop.ui.practice.setup.learner_picker import LearnerView
from sana_desktop.ui.practice.setup.panel import SetupPanel
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples
from tests.support.practice_scenes import AT, LEARNER, exercises, fill, make_practice, set_up
from tests.support.shots import DESIGN_SIZE, Scene

SETUP = QSize(340, 1060)
RESULTS = (Result.CORRECT, Result.PARTIALLY_CORRECT, Result.INCORRECT, Result.SKIPPED)
MANY = 5_000
ASKED = '{"user_id":"sana-desktop-test-12ab34cd","num_exercises":5,"constraints":{"paths":["/IB/math/vectors"]}}'
CAME = '{"exercises":[{"id":"vectors-in-three-dimensions-000","path":"/IB/math/vectors/unit 0/"}]}'


def no_learner(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    page.setup.learner.show_learners([LearnerView(LEARNER, "Test learner 1", removed=True)], "")
    page.setup.show_ready("Choose or make a learner first.")
    page.session.show_empty("Make a test learner on the left, or choose one, then get the first exercises.")
    return window


def setup_panel(theme: Theme, icons: Icons) -> SetupPanel:
    """Return the set-up alone, as high as all that is in it."""
    panel = SetupPanel(theme, icons)
    set_up(panel)
    return panel


def setup_decide(theme: Theme, icons: Icons) -> QWidget:
    panel = setup_panel(theme, icons)
    panel.show_source("Came back from this site or were pasted: 1 exercise")
    panel.show_fits("1 of the known exercises fits.")
    return panel


def setup_value(theme: Theme, icons: Icons) -> QWidget:
    panel = setup_panel(theme, icons)
    panel.challenge.set_level(0.35)
    panel.mode.set_mode(Mode.BATCH)
    panel.count.setValue(5)
    panel.review.setChecked(True)
    panel.paths.choose(["/IB/math/vectors"])
    panel.tags.choose(["Safety"])
    for fold in panel.meter.findChildren(CollapsibleSection):
        fold.set_open(True)
    return panel


def setup_failed(theme: Theme, icons: Icons) -> QWidget:
    panel = setup_panel(theme, icons)
    panel.show_source(
        "None known yet: they are learned from what comes back.",
        "exercises.csv has no column for the id of an exercise. Choose a file with a column such as “id”.",
    )
    panel.paths.show_places(())
    panel.tags.show_tags([])
    panel.mode.set_mode(Mode.COMBINED)
    panel.show_ready("", busy=True)
    return panel


def asking(theme: Theme, icons: Icons) -> QWidget:
    """The first exercises of a session are on their way."""
    window, page = make_practice(theme, icons)
    page.setup.show_ready("", busy=True)
    page.session.show_work()
    page.session.show_asking(True)
    page.sessions.show_current("Test learner 1, 02 Apr 10:12", True)
    return window


def sending(theme: Theme, icons: Icons) -> QWidget:
    """Each fate that an answer may have."""
    window, page = make_practice(theme, icons)
    fill(page)
    fates = (Fate.WAITING, Fate.REFUSED, Fate.UNSENT, Fate.DISCARDED)
    page.session.history.steps.add(
        [
            Step(n + 3, AT, f"algebra-of-complex-numbers-{n}", "", RESULTS[n], fate, n + 3)
            for n, fate in enumerate(fates)
        ]
    )
    page.session.show_count(6)
    page.session.show_cards((), "")
    say_outbox(page.session.outbox, waiting=1, unknown=0, parked=0)
    return window


def many(theme: Theme, icons: Icons) -> QWidget:
    """Five thousand answers, all of them sent."""
    window, page = make_practice(theme, icons)
    fill(page)
    known = exercises(40)
    page.session.history.steps.clear()
    page.session.history.steps.add(
        Step(n, AT + timedelta(seconds=n), known[n % 40].id, "", RESULTS[n % 4], Fate.SENT, n + 1) for n in range(MANY)
    )
    page.session.show_count(MANY)
    panel = page.findChild(MeaningPanel)
    assert isinstance(panel, MeaningPanel)
    panel.show_empty()
    panel.show_meaning(samples.meaning(MANY))
    page.sessions.show_current("Test learner 1, 02 Apr 10:12", True)
    return window


def set_empty(theme: Theme, icons: Icons) -> QWidget:
    """Nothing fits what was asked for."""
    window, page = make_practice(theme, icons)
    fill(page)
    page.session.show_cards((), "0 exercises  ·  asked for at 10:14:00  ·  challenge 0.70")
    page.session.history.steps.add([Step(3, AT, "Asked for 5: nothing came")])
    acts = (StripAct("drop:0", "Drop the tag Safety"), StripAct("close", "Close", "plain"))
    found = "Without the tag Safety there would be 12. Without the topic IB › math › vectors there would be 3."
    page.session.trouble.say(f"Nothing fits. {found}", "warn", *acts)
    return window


def exchange(theme: Theme, icons: Icons) -> QWidget:
    """What was sent and what came back, unfolded and in sight."""
    window, page = make_practice(theme, icons)
    fill(page)
    page.session.exchange.show_of("10:12:00, vectors-in-three-dimensions-001, Partly", newest=False)
    page.session.exchange.show_exchange(Exchange("/v1/next-exercises", AT, ASKED, 200, CAME, 0.042))
    unfold(page)
    return window


def exchange_failed(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    fill(page)
    trouble = "The connection was closed before an answer came."
    page.session.exchange.show_exchange(Exchange("/v1/exercise-outcomes", AT, ASKED, None, "", None, trouble))
    unfold(page)
    return window


def unfold(page: PracticePage) -> None:
    """Open the fold, and scroll down to it once there is room for it."""
    page.session.exchange.fold.set_open(True)
    area = page.session.findChild(QScrollArea, "practiceSessionScroll")
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    bar.rangeChanged.connect(lambda _least, most: bar.setValue(most))


def from_report(theme: Theme, icons: Icons) -> QWidget:
    """A session made by a replay: answers of other days, none of them recommended here."""
    window, page = make_practice(theme, icons)
    known = exercises(30)
    page.session.show_work()
    page.session.show_cards((), "")
    page.session.history.steps.add(
        Step(n, AT - timedelta(days=90 - n), known[n].id, "", RESULTS[n % 4], Fate.SENT, n + 1, from_report=True)
        for n in range(30)
    )
    page.session.show_count(30, 30)
    page.sessions.show_current("Replay of a report, 02 Apr 10:12", True)
    return window


def compared(theme: Theme, icons: Icons) -> QWidget:
    """The Compare page where it stands: in the window."""
    window, page = make_practice(theme, icons)
    page.show_tab("compare")
    study = page.findChild(ComparePage)
    assert isinstance(study, ComparePage)
    study.show_study("sweep")
    study.sweep.show_levels(choices_of(SweepSetting.CHALLENGE, samples.SET_UP, Catalogue(samples.exercises())))
    study.sweep.show_question("5 exercises, challenge 0.50, from IB › math › vectors, for Test learner 1.")
    study.sweep.show_result(samples.sweep())
    return window


VIEWS = [
    SessionView("a", "Test learner 1, 02 Apr 10:12", "12 answers"),
    SessionView(
        "b", "What a rusty expert is offered after a long break from vectors and waves", "01 Apr 16:40, 1 answer"
    ),
    SessionView("c", "Replay of a report, 28 Mar 09:05", "5,000 answers"),
]


def sessions(theme: Theme, icons: Icons) -> QWidget:
    dialog = SessionsDialog(VIEWS)
    dialog.show_deleted("d", "Test learner 2, 27 Mar 11:00")
    return dialog


def sessions_none(theme: Theme, icons: Icons) -> QWidget:
    return SessionsDialog([])


def sessions_searched(theme: Theme, icons: Icons) -> QWidget:
    dialog = SessionsDialog(VIEWS)
    dialog.search.setText("geometry")
    return dialog


def rename(theme: Theme, icons: Icons) -> QWidget:
    dialog = TitleDialog("Test learner 1", heading="Rename this test learner", taken=("Test learner 2",))
    dialog.field.setText("Test learner 2")
    return dialog


STATE_SCENES: dict[str, tuple[Scene, QSize | None]] = {
    "practice-no-learner": (no_learner, DESIGN_SIZE),
    "setup-decide": (setup_decide, SETUP),
    "setup-value": (setup_value, SETUP),
    "setup-failed": (setup_failed, SETUP),
    "practice-asking": (asking, DESIGN_SIZE),
    "practice-sending": (sending, DESIGN_SIZE),
    "practice-many": (many, DESIGN_SIZE),
    "practice-set-empty": (set_empty, DESIGN_SIZE),
    "practice-exchange": (exchange, DESIGN_SIZE),
    "practice-exchange-failed": (exchange_failed, DESIGN_SIZE),
    "practice-from-report": (from_report, DESIGN_SIZE),
    "practice-compare": (compared, DESIGN_SIZE),
    "sessions": (sessions, None),
    "sessions-none": (sessions_none, None),
    "sessions-searched": (sessions_searched, None),
    "rename": (rename, None),
}
