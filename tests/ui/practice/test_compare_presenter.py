"""The comparisons against the sandbox's recommenders, good and flawed: planned, run, stopped, saved."""

from __future__ import annotations

import asyncio
import csv
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QWidget

from sana_desktop.api.practice import sandbox_catalogue
from sana_desktop.api.practice_models import Constraints, Exercise, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.errors import NetworkError
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatVerdict
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.health.check import TESTS
from sana_desktop.practice.health.report import Finding, HealthLine, HealthReport, HealthVerdict
from sana_desktop.practice.learners import CHECK_ID_START
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, Setup
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.difference_view import Kind
from sana_desktop.ui.practice.compare.evidence_file import SAVING
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.compare.sweep_view import SweepSetting
from sana_desktop.ui.practice.compare.why_view import Doubt
from sana_desktop.ui.practice.naming import locked_words, moment_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.compare_bench import compare_page, present
from tests.support.practice_askers import ScriptedAsker, outcome
from tests.support.practice_desk import WAIT_SECONDS, PracticeDesk


@pytest.fixture
def page(qapp: QApplication, theme: Theme, icons: Icons) -> Iterator[ComparePage]:
    with compare_page(theme, icons) as made:
        yield made


@pytest.fixture
async def desk(desk: PracticeDesk) -> PracticeDesk:
    """The exercises are known."""
    client = await desk.services.clients.client(DEMO_ID)
    desk.host.known = Catalogue(await sandbox_catalogue(client))
    return desk


def text(page: ComparePage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


def press(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def notes(page: ComparePage, words: str) -> bool:
    return text(page, "healthNote").startswith(words)


async def run(desk: PracticeDesk, study: ComparisonPanel) -> None:
    """Press the button and wait for the end."""
    ended = asyncio.Event()
    study.ended.connect(ended.set)
    press(study.run)
    async with asyncio.timeout(WAIT_SECONDS):
        await ended.wait()
    study.ended.disconnect(ended.set)


async def test_the_same_question_twice_is_the_same_answer_here(desk: PracticeDesk, page: ComparePage) -> None:
    present(desk, page)
    assert text(page, "repeatPlan").startswith("This makes 3 requests, about 1 s.")
    assert text(page, "repeatAskedOf").endswith("for Learner 1.")
    await run(desk, page.repeat)
    assert page.repeat.verdict.text() == "Asked 3 times, the answer was the same each time."
    page.repeat.times.setValue(5)
    assert text(page, "repeatPlan").startswith("This makes 5 requests")


async def test_a_recommender_that_draws_lots_is_found_out(
    desk: PracticeDesk, page: ComparePage, sandbox: SandboxServer
) -> None:
    sandbox.flaw = "random"
    present(desk, page)
    await run(desk, page.repeat)
    assert "the answer varied" in page.repeat.verdict.text()
    page.show_study("difference")
    await desk.until("the sources", lambda: page.difference.chosen()[0])
    await run(desk, page.difference)
    assert "the answer varied" in text(page, "differenceRepeatWords"), "said with every comparison"


async def test_a_sweep_over_challenge_finds_the_difference(desk: PracticeDesk, page: ComparePage) -> None:
    present(desk, page)
    page.show_study("sweep")
    assert "5 settings, each asked 3 times: 15 questions" in text(page, "sweepPlan")
    await run(desk, page.sweep)
    assert "makes a difference" in page.sweep.verdict.text()
    assert page.sweep.grid().cells().rowCount() > 5


async def test_a_recommender_that_gives_always_the_same_shows_no_difference(
    desk: PracticeDesk, page: ComparePage, sandbox: SandboxServer
) -> None:
    sandbox.flaw = "constant"
    present(desk, page)
    page.show_study("sweep")
    await run(desk, page.sweep)
    assert page.sweep.verdict.text().startswith("No difference found")


async def test_any_one_setting_can_be_swept(desk: PracticeDesk, page: ComparePage) -> None:
    present(desk, page)
    page.show_study("sweep")
    for knob in (SweepSetting.TAGS, SweepSetting.PATHS):
        page.sweep.knob.setCurrentIndex(page.sweep.knob.findData(knob))
        page.sweep.repeats.setValue(2)
        assert len(page.sweep.chosen_levels()) == 4
        assert "5 settings, each asked 2 times: 10 questions" in text(page, "sweepPlan")
        await run(desk, page.sweep)
        assert "makes a difference" in page.sweep.verdict.text()


async def test_without_a_level_there_is_nothing_to_try(desk: PracticeDesk, page: ComparePage) -> None:
    present(desk, page)
    page.show_study("sweep")
    for at in range(page.sweep.levels.count()):
        page.sweep.levels.item(at).setCheckState(Qt.CheckState.Unchecked)
    assert page.sweep.progress.text() == "Tick a level to try."
    assert not page.sweep.run.isEnabled()
    page.sweep.levels.item(3).setCheckState(Qt.CheckState.Checked)
    assert page.sweep.run.isEnabled()


class Slow:
    """Answers when it is let."""

    def __init__(self, inner: Asker) -> None:
        self.asked = 0
        self.let = asyncio.Semaphore(0)
        self._inner = inner

    def was_asked(self, times: int) -> bool:
        return self.asked >= times

    async def next(self, query: NextQuery) -> Recommendation:
        self.asked += 1
        await self.let.acquire()
        return await self._inner.next(query)

    async def post(self, user_id: str, outcomes: object) -> None:
        raise AssertionError("a comparison answers nothing")


async def test_a_sweep_whose_question_hangs_is_stopped_at_once_and_shows_what_it_has(
    desk: PracticeDesk, page: ComparePage
) -> None:
    slow = Slow(DeliveryAsker(desk.services.delivery, DEMO_ID))
    present(desk, page, slow)
    page.show_study("sweep")
    press(page.sweep.run)
    for count in range(1, 7):
        slow.let.release()
        await desk.until("a question", partial(slow.was_asked, count + 1))
    await desk.until("the progress", lambda: page.sweep.progress.text() == "6 of 15 requests")
    press(page.sweep.stop)
    await desk.until("the end", lambda: not page.sweep.is_running())
    assert slow.asked == 7
    assert "It was stopped before the end." in text(page, "sweepSentences")


async def test_what_hangs_from_the_beginning_is_stopped_and_another_question_waits_its_turn(
    desk: PracticeDesk, page: ComparePage
) -> None:
    slow = Slow(DeliveryAsker(desk.services.delivery, DEMO_ID))
    present(desk, page, slow)
    page.show_study("sweep")
    press(page.sweep.run)
    await desk.until("a question", lambda: slow.asked)
    page.show_study("repeat")
    press(page.repeat.run)
    assert "stop it first" in page.repeat.progress.text()
    page.show_study("sweep")
    press(page.sweep.stop)
    await desk.until("the end", lambda: not page.sweep.is_running())
    assert page.sweep.progress.text() == "Stopped."
    assert slow.asked == 1


async def test_before_and_after_an_answer_are_compared(desk: PracticeDesk, page: ComparePage) -> None:
    asker = DeliveryAsker(desk.services.delivery, DEMO_ID)
    session = await desk.services.sessions.begin(DEMO_ID, desk.host.set_up, "First try")
    recommendation = await asker.next(desk.host.set_up.query())
    await desk.services.sessions.append(session.id, Asked(desk.clock.now(), desk.host.set_up.query(), recommendation))
    first = recommendation.exercises[0]
    await asker.post(desk.host.set_up.user_id, [answered_now(desk, first)])
    await desk.services.sessions.append(session.id, Answered(desk.clock.now(), first, outcome(), 0))
    desk.host.session = await desk.services.sessions.load(session.id)
    other = await desk.services.learners.make(DEMO_ID, "Somebody else")
    present(desk, page)
    page.show_study("difference")
    view = page.difference
    await desk.until("the sources", lambda: view.before.count() == 4)
    words = [view.before.itemText(at) for at in range(4)]
    assert words[:2] == ["Ask now, as it is set up", "Ask now what the other side asked"]
    assert words[2].startswith("This session, question 1: ")
    assert first.id in words[2], "what came tells it from the next question"
    assert words[3] == "Ask now, for Somebody else"
    assert view.chosen() == ("asked:0", "now")
    assert text(page, "differencePlan").startswith("This makes 2 requests")
    await run(desk, view)
    assert "gone" in view.verdict.text(), "what was answered is not offered again"
    assert text(page, "differenceSentences") == "The same question on both sides."
    assert text(page, "differenceRepeatWords") == "Asked 2 times, the answer was the same each time."
    view.before.setCurrentIndex(view.before.findData(f"learner:{other.user_id}"))
    assert text(page, "differencePlan").startswith("This makes 3 requests")
    await run(desk, view)
    assert view.table().cells().rowCount() >= 5
    assert text(page, "differenceSentences") == "Asked for another learner."


def answered_now(desk: PracticeDesk, exercise: Exercise) -> ExerciseOutcome:
    return ExerciseOutcome(exercise, replace(outcome(), timestamp=desk.clock.now()))


async def test_two_saved_sessions_are_compared(desk: PracticeDesk, page: ComparePage) -> None:
    exercises = desk.host.known.exercises[:3]
    for title, count in (("Monday", 3), ("Tuesday", 2)):
        session = await desk.services.sessions.begin(DEMO_ID, desk.host.set_up, title)
        events = [Answered(desk.clock.now(), each, outcome(), 0) for each in exercises[:count]]
        await desk.services.sessions.append_many(session.id, events)
    present(desk, page)
    page.show_study("difference")
    view = page.difference
    view.kind.setCurrentIndex(view.kind.findData(Kind.SESSIONS))
    await desk.until("the sessions", lambda: view.before.count() == 2 and "answers" in view.before.itemText(0))
    assert {view.before.itemText(at) for at in range(2)} == {
        f"Monday, {moment_words(desk.clock.now())}, 3 answers",
        f"Tuesday, {moment_words(desk.clock.now())}, 2 answers",
    }
    await run(desk, view)
    assert view.verdict.text() in {
        "0 only in the second, 1 only in the first, 0 at another position, 2 the same.",
        "1 only in the second, 0 only in the first, 0 at another position, 2 the same.",
    }
    assert "Fully right: " in text(page, "differenceSentences")
    assert text(page, "differencePlan") == "Both are kept here: nothing is asked."
    assert not view.asked_of.isVisible(), "no question is asked"
    assert "Not checked yet" in text(page, "differenceRepeatWords")
    page.show_study("repeat")
    await run(desk, page.repeat)
    page.show_study("difference")
    await run(desk, view)
    assert text(page, "differenceRepeatWords").startswith("Only another question was checked so far.")


async def test_a_set_up_that_was_kept_is_compared_with_another_one(desk: PracticeDesk, page: ComparePage) -> None:
    presenter = present(desk, page)
    page.show_study("difference")
    view = page.difference
    await desk.until("the sources", lambda: view.before.count() == 2)
    press(view.keep)
    await desk.until("the set-up", lambda: view.chosen()[0].startswith("kept:"))
    assert view.before.currentText().startswith("Ask now, as it was set up: 5 exercises, challenge")
    desk.host.set_up = replace(desk.host.set_up, challenge_level=0.9)
    presenter.refresh()
    await run(desk, view)
    assert text(page, "differenceSentences") == "Another challenge: as Sana decides, then 0.9."
    assert "new" in view.verdict.text()
    assert text(page, "differenceRepeatWords") == "Asked 2 times, the answer was the same each time."


async def test_what_a_saved_session_asked_is_asked_again_today(desk: PracticeDesk, page: ComparePage) -> None:
    then = replace(desk.host.set_up, challenge_level=0.2)
    session = await desk.services.sessions.begin(DEMO_ID, then, "Last month")
    recommendation = await DeliveryAsker(desk.services.delivery, DEMO_ID).next(then.query())
    await desk.services.sessions.append(session.id, Asked(desk.clock.now(), then.query(), recommendation))
    present(desk, page)
    page.show_study("difference")
    view = page.difference
    await desk.until("the sources", lambda: view.before.count() == 3)
    assert view.before.currentText().startswith("Last recommendation of Last month, ")
    view.after.setCurrentIndex(view.after.findData("again"))
    await run(desk, view)
    assert text(page, "differenceSentences") == "The same question on both sides."
    assert view.verdict.text() == "No difference: 5 exercises, in the same order."


async def test_one_tag_of_several_is_dropped_where_that_is_enough(desk: PracticeDesk, page: ComparePage) -> None:
    def takes_one_tag(query: NextQuery) -> list[Exercise]:
        return [] if len(query.constraints.tags) > 1 else list(desk.host.known.exercises[:3])

    desk.host.set_up = replace(desk.host.set_up, constraints=Constraints(tags=("GDPR", "Drill")))
    present(desk, page, ScriptedAsker(takes_one_tag))
    page.show_study("why")
    assert text(page, "whyPlan").startswith("At most 4 questions")
    await run(desk, page.why)
    drop = page.findChild(QPushButton, "whyDrop-2")
    assert drop is not None
    assert drop.text() == "Drop that tag"
    press(drop)
    assert desk.host.set_up.constraints == Constraints(tags=("GDPR",))


async def test_why_it_is_empty_names_the_tag_and_drops_it(
    desk: PracticeDesk, page: ComparePage, tmp_path: Path
) -> None:
    first = desk.host.known.exercises[0]
    constraints = Constraints(paths=(first.path,), tags=("no such tag",))
    desk.host.set_up = replace(desk.host.set_up, constraints=constraints)
    present(desk, page, files=[tmp_path / "why.csv"])
    page.show_study("why")
    page.why.choose(Doubt.EMPTY)
    assert page.current() is page.why
    press(page.why.run)
    assert not page.why.save.isVisible(), "nothing was found yet"
    drop = await desk.until("the button", lambda: page.findChild(QPushButton, "whyDrop-1"))
    await desk.until("the end", lambda: not page.why.is_running())
    assert page.why.verdict.text() == "Nothing fits."
    await save(desk, page.why, "Saved as why.csv.")
    told = (tmp_path / "why.csv").read_text("utf-8")
    assert "Nothing fits." in told
    assert "Without the tag" in told, "what is in the way"
    assert "(Example data)" in told, "where and what was asked"
    press(drop)
    assert desk.host.set_up.constraints == Constraints(paths=(first.path,))


async def test_why_not_this_one_is_found_by_its_name(desk: PracticeDesk, page: ComparePage) -> None:
    exercise = desk.host.known.exercises[0]
    elsewhere = next(each.path for each in desk.host.known.exercises if each.path != exercise.path)
    desk.host.set_up = replace(desk.host.set_up, constraints=Constraints(paths=(elsewhere,)))
    present(desk, page)
    page.show_study("why")
    page.why.choose(Doubt.NOT_THIS, exercise.id)
    await run(desk, page.why)
    assert "It is not in the topic" in page.why.verdict.text()
    press(page.why.copy)
    copied = QGuiApplication.clipboard().text()
    assert f"why is {exercise.id} not recommended?" in copied
    assert "comes when its own topic is asked for." in copied
    page.why.choose(Doubt.NOT_THIS, "nobody knows this")
    await run(desk, page.why)
    assert page.why.progress.text() == "No exercise of this name is known here."
    assert not page.why.verdict.isVisible(), "that is another exercise's"


async def test_the_health_check_runs_on_learners_of_its_own_and_its_report_is_saved_and_copied(
    desk: PracticeDesk, page: ComparePage, tmp_path: Path, sandbox: SandboxServer
) -> None:
    sandbox.flaw = "ignores_count"
    files = [tmp_path / "missing" / "report.json", tmp_path / "report.json", tmp_path / "report.csv"]
    present(desk, page, files=files)
    page.show_study("health")
    assert "10 tests on " in text(page, "healthPlan")
    await run(desk, page.health)
    frame = page.findChild(QFrame, "healthVerdict")
    assert frame is not None
    assert frame.property("tone") == "bad"
    assert page.health.rows["count"].verdict() == "Failed"
    learners = desk.services.learners.list(DEMO_ID)
    assert [each.name for each in learners] == ["Learner 1"], "those of the check are not to be chosen"
    answered = {str(one["user_id"]) for one in sandbox.outcomes()}
    assert (
        sum(user.startswith(CHECK_ID_START) and desk.services.learners.is_test(DEMO_ID, user) for user in answered) > 1
    )
    for words in ("It could not be saved: ", "Saved as report.json.", "Saved as report.csv."):
        press(page.health.save)
        await desk.until(words, partial(notes, page, words))
        await desk.until("the end", lambda: not desk.supervisor.running(SAVING))
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (told["site"], told["complete"], len(told["tests"])) == ("Example data", True, 10)
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0] == ["test", "verdict", "evidence", "requests"]
    assert [row[1] for row in rows if row[0].startswith("As many exercises")] == ["fail"]
    press(page.health.copy)
    assert "Health check of Example data" in QGuiApplication.clipboard().text()
    kept = await desk.services.findings.health(DEMO_ID)
    assert kept is not None
    assert kept.report.to_json()["tests"] == told["tests"]


async def test_what_was_found_before_the_app_was_started_is_shown_with_its_date(
    desk: PracticeDesk, page: ComparePage
) -> None:
    line = HealthLine("count", TESTS[0].title, Finding(HealthVerdict.FAIL, (Words("3 of 5 came."),)), 5)
    at = await desk.services.findings.keep_health(DEMO_ID, HealthReport((line,)))
    before = Repeatability(RepeatVerdict.REPEATABLE, 3, 1.0)
    await desk.services.findings.keep_repeatability(DEMO_ID, before)
    desk.services.repeats.note(DEMO_ID, (await desk.services.findings.repeatability())[DEMO_ID])
    presenter = present(desk, page)
    assert page.repeat.verdict.text().startswith("Checked on ")
    assert page.repeat.verdict.text().endswith("It may have been another question.")
    await desk.until("the last report", page.health.verdict.text)
    assert page.health.verdict.text() == f"Last run {moment_words(at)}: 0 passed, 1 failed, 0 can't tell."
    assert page.health.rows["count"].evidence() == "3 of 5 came."
    page.show_study("health")
    press(page.health.copy)
    assert f"Health check of Example data, {at.astimezone():%Y-%m-%d %H:%M}" in QGuiApplication.clipboard().text()
    page.show_study("repeat")
    await run(desk, page.repeat)
    presenter.refresh()
    assert page.repeat.verdict.text() == "Asked 3 times, the answer was the same each time."


async def test_what_was_found_is_saved_and_copied_to_be_handed_on(
    desk: PracticeDesk, page: ComparePage, tmp_path: Path
) -> None:
    files = [tmp_path / "twice.txt", tmp_path / "what-if.csv", tmp_path / "what-if"]
    present(desk, page, files=files)
    page.show_study("repeat")
    assert not page.repeat.save.isVisible(), "nothing was found yet"
    await run(desk, page.repeat)
    await save(desk, page.repeat, "Saved as twice.txt.")
    told = (tmp_path / "twice.txt").read_text("utf-8")
    assert "Asked 3 times, the answer was the same each time." in told
    assert "(Example data)" in told, "where and what was asked"
    assert "3 of 3 times" in told, "which exercises came"
    page.show_study("sweep")
    await run(desk, page.sweep)
    await save(desk, page.sweep, "Saved as what-if.csv.")
    with (tmp_path / "what-if.csv").open(encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    assert header[:2] == ["Exercise", "Tagged level"], "the measured difficulty is another number"
    assert header[-1] == "Topic"
    assert len(rows) == page.sweep.grid().cells().rowCount()
    if os.name == "posix":
        assert (tmp_path / "what-if.csv").stat().st_mode & 0o777 == 0o600
    press(page.sweep.copy)
    assert QGuiApplication.clipboard().text().startswith("What if one setting were different? ")
    page.show_study("difference")
    await desk.until("the sources", lambda: page.difference.before.count() > 1)
    await run(desk, page.difference)
    press(page.difference.copy)
    assert "First: Ask now" in QGuiApplication.clipboard().text()


async def save(desk: PracticeDesk, study: ComparisonPanel, words: str) -> None:
    press(study.save)
    await desk.until(words, lambda: study.hand_on.note.text() == words)
    await desk.until("the end", lambda: not desk.supervisor.running(SAVING))


async def test_nothing_is_asked_without_a_connection_or_a_learner(desk: PracticeDesk, page: ComparePage) -> None:
    desk.host.connection = None
    presenter = present(desk, page)
    assert "Connect a site" in page.repeat.progress.text()
    assert not page.repeat.run.isEnabled()
    desk.host.connection = DEMO_ID
    desk.host.set_up = Setup(Mode.SINGLE, "")
    presenter.refresh()
    assert "Choose or make a test learner" in page.repeat.progress.text()


async def test_an_outage_is_said_in_the_place_and_the_button_is_back(desk: PracticeDesk, page: ComparePage) -> None:
    present(desk, page, Broken())
    await run(desk, page.repeat)
    assert page.repeat.progress.text() == "The site can't be reached."
    assert page.repeat.run.isEnabled()


class Broken:
    """Never reaches anybody."""

    async def next(self, query: NextQuery) -> Recommendation:
        raise NetworkError("The site can't be reached.", code="E-NET-DOWN")

    async def post(self, user_id: str, outcomes: object) -> None:
        raise AssertionError


async def test_b26_no_question_is_asked_about_a_real_person_of_a_locked_site(
    desk: PracticeDesk, page: ComparePage
) -> None:
    compare = present(desk, page)
    desk.host.set_up = replace(desk.host.set_up, user_id="real.person@acme")
    compare.refresh()
    studies = (page.repeat, page.sweep, page.difference, page.why, page.health)
    for study in studies:
        assert not study.run.isEnabled(), study.key
        assert text(page, f"{study.key}ProgressWords") == locked_words()
        study.run_wanted.emit()
    assert not any(study.is_running() for study in studies)
    desk.services.learners.lock(DEMO_ID, False)
    compare.refresh()
    assert all(study.run.isEnabled() for study in studies)


async def test_what_was_checked_before_is_asked_once_and_the_words_say_so(
    desk: PracticeDesk, page: ComparePage
) -> None:
    asker = Counting(DeliveryAsker(desk.services.delivery, DEMO_ID))
    presenter = present(desk, page, asker)
    await run(desk, page.repeat)
    page.show_study("difference")
    view = page.difference
    await desk.until("the sources", lambda: view.before.count() == 2)
    press(view.keep)
    await desk.until("the set-up", lambda: view.chosen()[0].startswith("kept:"))
    assert view.asked_of.isVisible()
    plan = text(page, "differencePlan")
    assert plan.startswith("This makes 2 requests, ")
    assert plan.endswith("Whether the answer repeats itself was found out before: it is asked once.")
    await run(desk, view)
    assert asker.asked == 3 + 2
    assert text(page, "differenceRepeatWords") == (
        "Asked 3 times, the answer was the same each time. That was found before, with the same question."
    )
    desk.host.set_up = replace(desk.host.set_up, challenge_level=0.9)
    presenter.refresh()
    await desk.until("the plan", lambda: text(page, "differencePlan").startswith("This makes 3 requests, "))
    assert "What was not asked before is asked twice" in text(page, "differencePlan")
    view.before.setCurrentIndex(view.before.findData("again"))
    assert presenter.requests(DEMO_ID) == asker.asked
    await run(desk, view)
    assert asker.asked == 5 + 3, "the question that is new twice, and once as the other side's"


class Counting:
    """Counts what is asked."""

    def __init__(self, inner: Asker) -> None:
        self.asked = 0
        self._inner = inner

    async def next(self, query: NextQuery) -> Recommendation:
        self.asked += 1
        return await self._inner.next(query)

    async def post(self, user_id: str, outcomes: object) -> None:
        raise AssertionError("a comparison answers nothing")
