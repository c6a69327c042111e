"""Every state of the Practice place as a scene that can be drawn: for pictures, and for the walks over all widgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QWidget

from sana_desktop.api.practice_models import Exchange, Exercise, Outcome, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.strips import StripAct, offer_undo, say_outbox, say_real
from sana_desktop.ui.practice.session.exercise_list import Card
from sana_desktop.ui.practice.session.real_outbox import RealOutbox, say_real_outbox
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.practice.sessions.menu import SessionView
from sana_desktop.ui.practice.setup.learner_picker import LearnerView
from sana_desktop.ui.practice.setup.panel import SetupPanel, SiteChoice
from sana_desktop.ui.rail import Place
from sana_desktop.ui.reports.paste.understood_card import Note, Understood
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow

AT = datetime(2025, 4, 2, 10, 12, tzinfo=UTC)
LEARNER = "sana-desktop-test-12ab34cd"
PASTED = Understood(
    rows=(
        ("Service", "api.sanalabs.com"),
        ("Learner", "user"),
        ("Exercises", "5"),
        ("Topics", "IB › math › vectors, IB › math › algebra"),
        ("Tags", "tag1, tag2"),
        ("Challenge", "0.5"),
    ),
    notes=(
        Note("A comma was missing after “constraints”; it was put in."),
        Note("The key was lifted out. It is shown nowhere and never written to disk.", "good"),
    ),
    accept="Use this set-up",
    title="This asks for 5 exercises.",
)


def exercises(count: int) -> list[Exercise]:
    """Return exercises with names, places and tags of all lengths."""
    tags = ("NationalExamQuestion", "Year2018", "Safety", "Refresher for those who come back", "Quiz")
    return [
        Exercise(f"vectors-in-three-dimensions-{n:03d}", f"/IB/math/vectors/unit {n}/", tags[: n % 6], 1 + n / 2)
        for n in range(count)
    ]


def make_practice(theme: Theme, icons: Icons) -> tuple[MainWindow, PracticePage]:
    """Return a window on the Practice place, with a site and a test learner."""
    window = MainWindow(theme, icons)
    page = PracticePage(theme, icons)
    window.add_place(Place("practice", "railPractice", "practice", "Practice", page))
    page.mount_meaning(MeaningPanel(theme, icons))
    page.offer_compare(lambda: ComparePage(theme, icons))
    set_up(page.setup)
    page.sessions.show_recent([SessionView("s", "Test learner 1, 02 Apr 10:12", "02 Apr 10:15, 12 answers")])
    page.session.show_empty("Choose on the left whose exercises and how hard, then get the first ones.", begin=True)
    return window, page


def set_up(panel: SetupPanel) -> None:
    """Show a site, a test learner and what there is to choose from."""
    panel.show_sites([SiteChoice("a", "Example data"), SiteChoice("b", "Acme")], "a")
    panel.learner.show_learners([LearnerView(LEARNER, "Test learner 1")], LEARNER)
    panel.show_source("From the example site: 2,000 exercises")
    catalogue = Catalogue(exercises(40))
    panel.paths.show_places(catalogue.tree.children)
    panel.tags.show_tags([(tag.name, tag.count) for tag in catalogue.tags])
    panel.meter.show_request('{\n  "user_id": "sana-desktop-test-12ab34cd"\n}', 59)
    panel.show_ready("")


def fill(page: PracticePage) -> None:
    """Show a session under way."""
    five = exercises(5)
    cards = [Card(five[0], Result.CORRECT), Card(five[1], Result.PARTIALLY_CORRECT), Card(five[2], None, True)]
    page.setup.count.setValue(5)
    page.session.show_work()
    page.session.show_cards(
        [*cards, Card(five[3]), Card(five[4])], "5 exercises  ·  asked for at 10:12:00  ·  Sana decided how hard"
    )
    page.session.history.steps.add(
        [
            Step(0, AT, "Asked for 5: 5 came"),
            Step(1, AT, five[0].id, "IB › math", Result.CORRECT, Fate.SENT, 1),
            Step(2, AT, five[1].id, "IB › math", Result.PARTIALLY_CORRECT, Fate.UNKNOWN, 2),
        ]
    )
    page.session.show_count(2)
    body = '{"user_id":"sana-desktop-test-12ab34cd","num_exercises":5}'
    page.session.exchange.show_exchange(Exchange("/v1/next-exercises", AT, body, 200, '{"exercises":[]}', 0.042))
    page.sessions.show_current("Test learner 1, 02 Apr 10:12", True)
    meaning = Meaning()
    meaning.offered(five)
    for number, exercise in enumerate(exercises(30)):
        result = Result.INCORRECT if number % 3 == 0 else Result.CORRECT
        meaning.answered(exercise, Outcome(AT + timedelta(seconds=number), result), 0.5 if number % 2 else None)
    panel = page.findChild(MeaningPanel)
    assert isinstance(panel, MeaningPanel)
    panel.show_meaning(meaning.snapshot())


def no_site(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    page.setup.show_sites([], "")
    page.setup.learner.show_learners([], "")
    page.setup.show_source("None known yet: they are learned from what comes back.")
    page.setup.paths.show_places(())
    page.setup.tags.show_tags([])
    page.setup.show_ready("Connect a site with practice first, or try with example data.")
    page.session.show_empty("Try it with example data on this computer.", example=True, connect=True)
    return window


def empty(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    offer_undo(page.undo, "“Test learner 1, 02 Apr” was deleted.", "undo")
    return window


def session(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    fill(page)
    return window


def setup_open(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    page.setup.paths.choose(["/IB/math/vectors", "/IB/math/vectors/unit 3"])
    page.setup.paths.fold.set_open(True)
    page.setup.tags.fold.set_open(True)
    page.setup.tags.choose(["Safety", "Refresher for those who come back"])
    page.setup.challenge.set_level(0.7)
    page.setup.show_fits("12 of the known exercises fit.")
    page.setup.show_source("From catalogue.csv: 40 exercises", "Row 3 has no path and was left out.")
    page.setup.meter.show_request('{\n  "user_id": "x"\n}', 13_400)
    page.show_tab("setup")
    return window


def real_person(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    fill(page)
    page.setup.learner.choice.setEditText("anna.svensson@acme.com")
    say_real(page.real, "anna.svensson@acme.com", locked=False)
    page.session.answers.set_held(True)
    page.session.answers._fold.set_open(True)
    say_real_outbox(page.session.real_outbox, RealOutbox("anna.svensson@acme.com", 2, locked=False))
    window.rail.mark("practice", "Unlocked for real people: Example data")
    return window


def locked(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    page.setup.learner.choice.setEditText("anna.svensson@acme.com")
    say_real(page.real, "anna.svensson@acme.com", locked=True)
    page.setup.show_ready("Locked: this is a real person.")
    page.session.show_empty("Choose on the left whose exercises and how hard, then get the first ones.")
    return window


def trouble(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    fill(page)
    sentence = "api.sanalabs.com can't be reached. Check the network. Your answers are safe on this computer."
    page.session.trouble.say(sentence, "bad", StripAct("again", "Try again"), heading="No connection")
    say_outbox(page.session.outbox, waiting=3, unknown=1, parked=0)
    page.session.exchange.fold.set_open(True)
    return window


def set_done(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    fill(page)
    page.session.show_cards([Card(one, Result.CORRECT) for one in exercises(3)], "3 exercises")
    page.session.history.steps.show_fate(2, Fate.SENT)
    page.session.done.say("Set done: 3 of 3 correct.", "good", StripAct("next", "Get the next set"))
    return window


def deleted(theme: Theme, icons: Icons) -> QWidget:
    """A session under way, another one just deleted, a replay and a set left in the middle."""
    window, page = make_practice(theme, icons)
    fill(page)
    say_outbox(page.session.outbox, waiting=0, unknown=0, parked=0, apart=3)
    words = "A replay from a report is not finished: 50 of 809 were sent."
    go_on, close = StripAct("go-on", "Go on"), StripAct("close", "Close", "plain")
    page.session.unfinished.say(words, "", go_on, close)
    offer_undo(page.undo, "“Test learner 1, 02 Apr 10:12” was deleted. Answers that were sent stay sent.", "undo")
    return window


def pasted(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_practice(theme, icons)
    page.show_understood(PASTED)
    return window


def pasted_answers(theme: Theme, icons: Icons) -> QWidget:
    """Answers for a real person of a site that is unlocked."""
    window, page = make_practice(theme, icons)
    words = (
        "They were for anna.svensson, who is not one of your test learners. What is sent to them changes what they are "
        "offered, and can't be taken back."
    )
    card = Understood(
        rows=(("Learner", "anna.svensson"), ("Answers", "60"), ("Goes to", "Test learner 2, in 2 requests")),
        notes=(Note("A number was written in an unusual way and read as meant."), Note(words, "warn")),
        accept="Send the answers",
        title="A request with 60 answers.",
    )
    page.show_understood(card, note="Note its exercises", hold="Hold to send to anna.svensson")
    return window


def undelivered(theme: Theme, icons: Icons) -> QWidget:
    """Answers that can't be delivered, for two reasons, and some that wait at another site."""
    window, page = make_practice(theme, icons)
    fill(page)
    reasons = {"The site did not take the answers. It said: “tags: too many”.": 2, "This answer can't be read.": 1}
    say_outbox(page.session.outbox, waiting=0, unknown=0, parked=3, reasons=reasons, again=True)
    page.session.elsewhere.say("Answers at Acme training: 2 answers wait to be sent.", "Show Acme training")
    return window


PRACTICE_SCENES = {
    "practice-no-site": no_site,
    "practice-empty": empty,
    "practice-session": session,
    "practice-setup": setup_open,
    "practice-real-person": real_person,
    "practice-locked": locked,
    "practice-trouble": trouble,
    "practice-set-done": set_done,
    "practice-deleted": deleted,
    "practice-pasted": pasted,
    "practice-pasted-answers": pasted_answers,
    "practice-undelivered": undelivered,
}
