"""What a session means, the simulated learner, the comparisons and the replay as scenes, in each of their states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QWidget

from sana_desktop.base.words import Words
from sana_desktop.practice.compare import why
from sana_desktop.practice.compare.comparison import compare as compare_lists
from sana_desktop.practice.compare.comparison import compare_questions
from sana_desktop.practice.compare.repeatability import Repeatability
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.replay.columns import guess_mapping
from sana_desktop.practice.replay.compare import StopsFound
from sana_desktop.practice.replay.dry_run import DryRun, Person, Problem
from sana_desktop.practice.replay.file import Columns
from sana_desktop.practice.simulate.personas import PERSONAS
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.difference_view import Source
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.question_words import question_words
from sana_desktop.ui.practice.compare.study import requests_words
from sana_desktop.ui.practice.compare.sweep_levels import choices_of, plan_of
from sana_desktop.ui.practice.compare.sweep_view import SweepSetting
from sana_desktop.ui.practice.compare.why_view import Doubt
from sana_desktop.ui.practice.meaning.panel import MeaningPanel, said
from sana_desktop.ui.practice.replay.asks import plain
from sana_desktop.ui.practice.replay.choices import LearnerChoice
from sana_desktop.ui.practice.replay.dialog import ReplayDialog, Unfinished
from sana_desktop.ui.practice.replay.words import asks_words
from sana_desktop.ui.practice.simulate.panel import PersonaView, SimulatePanel
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples

Scene = Callable[[Theme, Icons], QWidget]

PANEL = QSize(330, 1750)
CARD = QSize(300, 560)
PAGE = QSize(1190, 740)
SOURCES = (
    Source("now", "Ask now, as it is set up", asks=True),
    Source("again", "Ask now what the other side asked", asks=True),
    Source("asked:0", "This session, question 3: waves"),
    Source("session:1", "Last recommendation of Vectors, 21 Oct 10:42"),
)
NAMES = ("learner_id", "question", "topic", "answer_result", "completed_at", "seconds")
COLUMNS = Columns(
    NAMES,
    (("4711", "vectors-001", "math/vectors", "correct", "2025-11-03T10:12:00Z", "41"),),
    ",",
    "utf-8",
    96_000,
)
DRY = DryRun(
    rows=812,
    usable=809,
    problems=(
        Problem(17, Words("The result “{value}” is none that I know.", value="n/a")),
        Problem(230, Words("It does not say how it ended.")),
        Problem(231, Words("It does not say how it ended.")),
    ),
    problem_count=3,
    requests=14,
    bytes=197_400,
    people=(Person("4711", 809),),
    people_count=1,
    person=0,
    first_at=samples.START - timedelta(days=90),
    last_at=samples.START,
    in_order=True,
    file_sha256="0" * 64,
)


def meaning_empty(theme: Theme, icons: Icons) -> QWidget:
    return MeaningPanel(theme, icons)


def meaning(theme: Theme, icons: Icons) -> QWidget:
    panel = MeaningPanel(theme, icons)
    panel.show_meaning(samples.meaning())
    return panel


def meaning_tables(theme: Theme, icons: Icons) -> QWidget:
    panel = MeaningPanel(theme, icons)
    panel.show_meaning(samples.meaning())
    for key in ("success", "challenge", "places"):
        panel.section(key).fold.set_open(True)
    return panel


def meaning_first(theme: Theme, icons: Icons) -> QWidget:
    panel = MeaningPanel(theme, icons)
    panel.show_meaning(samples.meaning(1, catalogue=False))
    return panel


def simulate(theme: Theme, icons: Icons) -> SimulatePanel:
    panel = SimulatePanel(icons)
    panel.show_personas([PersonaView(str(each.kind), said((each.title,)), said((each.sentence,))) for each in PERSONAS])
    return panel


def simulate_refused(theme: Theme, icons: Icons) -> QWidget:
    panel = simulate(theme, icons)
    panel.set_reason("A simulated learner plays only as one of your test learners, never as a real person.")
    return panel


def simulate_ten(theme: Theme, icons: Icons) -> QWidget:
    panel = simulate(theme, icons)
    panel.show_playing(7, 10, 3.2)
    return panel


def simulate_on(theme: Theme, icons: Icons) -> QWidget:
    panel = simulate(theme, icons)
    panel.show_playing(1234, None, 212.0)
    return panel


def simulate_failed(theme: Theme, icons: Icons) -> QWidget:
    panel = simulate(theme, icons)
    panel.show_ended("The site can't be reached. Answers that are not taken yet are kept, and sent later.", "bad")
    return panel


def compare(theme: Theme, icons: Icons, key: str) -> ComparePage:
    page = ComparePage(theme, icons)
    page.show_study(key)
    words = question_words(samples.SET_UP, "Learner 1")
    for study in (page.repeat, page.sweep, page.difference, page.why):
        study.show_question(words)
    page.repeat.show_plan(requests_words(3, 0.6))
    page.sweep.show_levels(choices_of(SweepSetting.CHALLENGE, samples.SET_UP, Catalogue(samples.exercises())))
    plan = plan_of(SweepSetting.CHALLENGE, samples.SET_UP.query(), (0.1, 0.3, 0.5, 0.7, 0.9), 3, 0.2)
    page.sweep.show_plan(said(plan.words()))
    page.difference.show_sources(SOURCES)
    page.why.show_exercises([each.id for each in samples.exercises()])
    page.why.show_plan(said(why.plan(samples.SET_UP.query(), 0.2).words()))
    page.health.show_plan("10 tests on 11 new test learners: at most 86 requests, about 17 s.")
    return page


def repeat(found: Repeatability | None, reason: str = "") -> Scene:
    def make(theme: Theme, icons: Icons) -> QWidget:
        page = compare(theme, icons, "repeat")
        page.set_reason(reason)
        if found is not None:
            page.repeat.show_result(found)
        return page

    return make


def sweep_running(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "sweep")
    page.sweep.show_running(7, 15)
    return page


def sweep_result(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "sweep")
    page.sweep.show_result(samples.sweep())
    return page


def sweep_none(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "sweep")
    page.sweep.show_result(samples.sweep(differs=False))
    return page


def difference(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "difference")
    page.difference.show_plan(requests_words(2, 0.4, at_most=True))
    questions = compare_questions(samples.SET_UP.query(), replace(samples.SET_UP, challenge_level=0.3).query())
    page.difference.show_comparison(samples.difference(), questions)
    return page


def difference_unchecked(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "difference")
    page.difference.show_comparison(samples.difference(None))
    return page


def difference_none(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "difference")
    page.difference.show_comparison(compare_lists(samples.exercises(5), samples.exercises(5), samples.VARIES))
    return page


def why_empty(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "why")
    page.why.show_empty(samples.why_empty())
    return page


def why_not(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "why")
    page.why.choose(Doubt.NOT_THIS, samples.exercises()[2].id)
    page.why.show_not(samples.why_not())
    return page


def health_new(theme: Theme, icons: Icons) -> QWidget:
    return compare(theme, icons, "health")


def health_running(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "health")
    for line in samples.health_lines()[:4]:
        page.health.show_line(line)
    page.health.show_running(4, 10)
    return page


def health(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "health")
    page.health.show_result(samples.health())
    return page


def replay_new(theme: Theme, icons: Icons) -> QWidget:
    dialog = ReplayDialog(theme, icons)
    dialog.show_unfinished([Unfinished("a", "answers.csv is not finished: 120 of 809 were sent to Learner 1.")])
    return dialog


def replay(theme: Theme, icons: Icons) -> ReplayDialog:
    dialog = ReplayDialog(theme, icons)
    dialog.show_file("answers.csv", COLUMNS, guess_mapping(NAMES))
    dialog.show_learners([LearnerChoice(samples.LEARNER, "Learner 1")])
    dialog.show_asks((asks_words(plain(samples.SET_UP)), asks_words(samples.SET_UP, as_set_up=True)))
    return dialog


def replay_dry(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    return dialog


def replay_wrong(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    when = dialog.findChild(QComboBox, "replayColumn-timestamp")
    assert when is not None
    when.setCurrentIndex(0)
    dialog.show_problem(said(dialog.mapping().problems(NAMES)))
    return dialog


def replay_sending(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    dialog.show_sending(350, 809, "350 of 809 sent. It goes on when you close this.")
    return dialog


def replay_paused(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    dialog.show_paused(350, 809, "The site can't be reached. What was sent stays sent.", "bad")
    return dialog


def replay_named(theme: Theme, icons: Icons) -> QWidget:
    dialog = ReplayDialog(theme, icons)
    names = tuple(name for name in NAMES if name != "topic")
    samples_of = tuple(tuple(row[at] for at, name in enumerate(NAMES) if name != "topic") for row in COLUMNS.samples)
    dialog.show_file("answers.csv", replace(COLUMNS, names=names, samples=samples_of), guess_mapping(names))
    dialog.show_learners([LearnerChoice(samples.LEARNER, "Learner 1")])
    dialog.show_dry(DRY, dialog.mapping().only_path)
    return dialog


def replay_compared(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    words = "Paused at 350 of 809."
    dialog.show_paused(350, 809, words)
    dialog.show_compared(samples.then_and_now(), words)
    return dialog


def replay_stops(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    dialog.show_finished("All 809 were sent and taken.")
    dialog.show_stops(StopsFound(tuple(samples.then_and_now(done) for done in (100, 200, 350)), samples.VARIES))
    return dialog


def narrow(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "sweep")
    page.sweep.show_result(samples.sweep())
    return page


COMPARE_SCENES: dict[str, tuple[Scene, QSize | None]] = {
    "meaning-empty": (meaning_empty, PANEL),
    "meaning-first": (meaning_first, PANEL),
    "meaning": (meaning, PANEL),
    "meaning-tables": (meaning_tables, PANEL),
    "simulate": (simulate, CARD),
    "simulate-refused": (simulate_refused, CARD),
    "simulate-ten": (simulate_ten, CARD),
    "simulate-on": (simulate_on, CARD),
    "simulate-failed": (simulate_failed, CARD),
    "repeat": (repeat(None), PAGE),
    "repeat-refused": (repeat(None, "Choose or make a test learner first."), PAGE),
    "repeat-same": (repeat(samples.SURE), PAGE),
    "repeat-varies": (repeat(samples.VARIES), PAGE),
    "sweep-running": (sweep_running, PAGE),
    "sweep": (sweep_result, PAGE),
    "sweep-none": (sweep_none, PAGE),
    "difference": (difference, PAGE),
    "difference-unchecked": (difference_unchecked, PAGE),
    "difference-none": (difference_none, PAGE),
    "sweep-narrow": (narrow, QSize(700, 740)),
    "why-empty": (why_empty, PAGE),
    "why-not": (why_not, PAGE),
    "health-new": (health_new, PAGE),
    "health-running": (health_running, PAGE),
    "health": (health, PAGE),
    "replay-new": (replay_new, None),
    "replay-dry": (replay_dry, None),
    "replay-wrong": (replay_wrong, None),
    "replay-sending": (replay_sending, None),
    "replay-paused": (replay_paused, None),
    "replay-named": (replay_named, None),
    "replay-compared": (replay_compared, None),
    "replay-stops": (replay_stops, None),
}
