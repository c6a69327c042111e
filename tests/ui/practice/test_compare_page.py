"""The Compare page on what the comparisons find: every state in words, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Constraints, Result
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.comparison import compare, compare_sessions
from sana_desktop.practice.compare.sweep import challenge_levels
from sana_desktop.practice.compare.sweep_result import result_of
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.limits import Limit, Part
from sana_desktop.practice.health.report import HealthReport
from sana_desktop.practice.number_words import figure
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.difference_view import Kind, Source
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.question_words import question_words
from sana_desktop.ui.practice.compare.study import requests_words
from sana_desktop.ui.practice.compare.sweep_levels import choices_of, plan_of
from sana_desktop.ui.practice.compare.sweep_view import SweepSetting
from sana_desktop.ui.practice.compare.why_view import Doubt
from sana_desktop.ui.practice.naming import crumbs
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples
from tests.support.practice_askers import answered, exercise
from tests.support.shots import settle

KEYS = ("repeat", "sweep", "difference", "why", "health")


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, icons: Icons) -> ComparePage:
    made = ComparePage(theme, icons)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.activateWindow()
    return made


def text(page: ComparePage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


def tone(page: ComparePage, name: str) -> object:
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found.property("tone")


def button(page: ComparePage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None, name
    return found


def spoken(table: PlainTable) -> list[str]:
    interface = QAccessible.queryAccessibleInterface(table)
    children = (interface.child(at) for at in range(interface.childCount()))
    return [child.text(QAccessible.Text.Name) for child in children if child.role() == QAccessible.Role.Cell]


def row(table: PlainTable, at: int) -> list[str]:
    return [table.cells().cell(at, column).text for column in range(table.cells().columnCount())]


def test_the_questions_are_gone_through_by_keys_the_first_one_first(page: ComparePage) -> None:
    shown: list[str] = []
    page.study_shown.connect(shown.append)
    assert page.current().key == "repeat"
    page.list.setFocus()
    for _ in KEYS[1:]:
        QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert shown == list(KEYS[1:])
    assert page.health.isVisible()
    for key in KEYS:
        page.show_study(key)
        assert page.current().isVisible()
        assert page.current().accessibleName()


def test_in_a_narrow_window_the_list_folds_into_a_drop_down(page: ComparePage, qapp: QApplication) -> None:
    assert page.panes()[0] is page.list
    page.resize(640, 600)
    settle(qapp)
    assert not page.list.isVisible()
    assert page.panes()[0] is page.choice
    page.choice.setFocus()
    QTest.keyClick(page.choice, Qt.Key.Key_Down)
    assert page.current() is page.sweep
    page.resize(1100, 600)
    settle(qapp)
    assert page.list.isVisible()
    assert page.list.currentRow() == 1


def test_why_nothing_can_be_asked_is_said_and_the_buttons_wait(page: ComparePage) -> None:
    page.set_reason("Choose or make a test learner first.")
    assert all(not study.run.isEnabled() for study in page.studies())
    assert page.current().progress.text() == "Choose or make a test learner first."
    page.set_reason("")
    assert page.repeat.run.isEnabled()
    assert not page.repeat.progress.isVisible()


def test_a_run_shows_its_progress_and_the_way_out(page: ComparePage) -> None:
    stopped: list[bool] = []
    page.show_study("sweep")
    page.sweep.stop_wanted.connect(lambda: stopped.append(True))
    page.sweep.run.setFocus()
    page.sweep.show_running(7, 15)
    assert page.sweep.progress.text() == "7 of 15 requests"
    assert page.sweep.bar.isVisible()
    assert page.sweep.stop.hasFocus()
    QTest.keyClick(page.sweep.stop, Qt.Key.Key_Return)
    assert stopped == [True]
    page.sweep.show_ended("Stopped.")
    assert page.sweep.run.hasFocus()
    assert not page.sweep.bar.isVisible()
    page.health.show_running(3, 10)
    assert page.health.progress.text() == "3 of 10 tests"


def test_repeatability_is_a_sentence_with_an_icon(page: ComparePage) -> None:
    page.repeat.show_result(samples.SURE)
    assert page.repeat.verdict.text() == "Asked 3 times, the answer was the same each time."
    page.repeat.show_result(samples.VARIES)
    assert "62 %" in page.repeat.verdict.text()
    frame = page.findChild(QFrame, "repeatVerdict")
    assert frame is not None
    assert frame.property("tone") == "warn"


def test_the_grid_of_a_sweep_marks_what_enters_and_leaves_in_words(page: ComparePage) -> None:
    page.show_study("sweep")
    page.sweep.show_result(samples.sweep())
    grid = page.sweep.grid()
    assert grid.isVisible()
    headers = [str(grid.cells().headerData(at, Qt.Orientation.Horizontal)) for at in range(6)]
    assert headers[:3] == ["Exercise", "Tagged level", "0.1"]
    first = samples.sweep().rows[0].exercise
    assert first.difficulty_level is not None
    assert row(grid, 0)[1] == figure(first.difficulty_level)
    assert row(grid, 0)[-1] == crumbs(first.path)
    said = spoken(grid)
    assert any(words.startswith("enters, ") and words.endswith(" of 3 times") for words in said)
    assert "leaves" in said
    assert "not there" in said
    assert "makes a difference" in page.sweep.verdict.text()
    assert "Challenge 0.3: " in text(page, "sweepSentences")


def test_names_that_begin_alike_are_told_apart_in_a_grid_of_many_levels_without_a_scroll_bar(
    page: ComparePage, qapp: QApplication
) -> None:
    page.show_study("sweep")
    levels = challenge_levels(samples.SET_UP.query(), [at / 10 for at in range(11)])
    answers = [[(exercise(f"compliance-competition-law-cartels-{at:02}"),)] * 2 for at in range(11)]
    page.resize(1208, 700)  # what a window of 1280 has for it
    page.sweep.show_result(samples.sweep())
    settle(qapp)
    grid = page.sweep.grid()
    assert not grid.horizontalScrollBar().isVisible(), "nor of the five levels at first"
    page.sweep.show_result(result_of(tuple(level.name for level in levels), answers))
    settle(qapp)
    assert grid.columnWidth(0) >= 200
    assert grid.textElideMode() is Qt.TextElideMode.ElideMiddle
    assert not grid.horizontalScrollBar().isVisible(), "all levels are in sight"
    assert not grid.verticalScrollBar().isVisible(), "all rows are in sight"
    assert grid.viewport().height() >= 11 * grid.rowHeight(0)
    assert "A plus is where it enters" in text(page, "sweepHint")
    headers, rows = grid.contents()
    assert (headers[1], headers[-1]) == ("Tagged level", "Topic"), "what is handed on has all of it"
    assert "enters, 2 of 2 times" in rows[1]


def test_levels_with_long_names_are_cut_before_one_is_out_of_sight(page: ComparePage, qapp: QApplication) -> None:
    page.show_study("sweep")
    page.resize(1208, 700)
    names = [Words("{topic}", topic=f"occupational-health-and-safety › fire-safety-{at}") for at in range(5)]
    page.sweep.show_result(result_of(names, [[(exercise("law-01"),)] * 2] * 5))
    settle(qapp)
    grid = page.sweep.grid()
    assert not grid.horizontalScrollBar().isVisible()
    assert page.sweep.grid().columnWidth(2) >= 96


def test_the_columns_follow_the_width_of_the_table(
    qtbot: QtBot, theme: Theme, icons: Icons, qapp: QApplication
) -> None:
    table = PlainTable("t", "t", theme, icons, most_rows=3)
    qtbot.addWidget(table)
    table.resize(600, 100)
    table.show()
    rows = [[Cell("an exercise with a long name " * 2), *(Cell("enters 3/3", "plus") for _ in range(3))]] * 5
    table.show_rows(["Exercise", "One", "Two", "Three"], rows)
    settle(qapp)
    assert table.viewport().width() < table.width(), "there is a scroll bar"
    table.resize(table.viewport().width(), 100)  # the event tells the viewport's width before, which is this very one
    settle(qapp)
    assert table.horizontalHeader().length() <= table.viewport().width()
    table.show_rows(["Exercise", "One", "Two", "Three"], rows[:3])
    table.resize(table.width(), 60)  # lower than it needs, for a moment
    settle(qapp)
    assert not table.verticalScrollBar().isVisible()
    assert not table.horizontalScrollBar().isVisible()


def test_a_sweep_without_effect_says_that_none_was_found(page: ComparePage) -> None:
    page.show_study("sweep")
    page.sweep.show_result(samples.sweep(differs=False))
    assert page.sweep.verdict.text().startswith("No difference found")


def test_levels_are_ticked_by_keys(page: ComparePage) -> None:
    page.show_study("sweep")
    changes: list[bool] = []
    page.sweep.changed.connect(lambda: changes.append(True))
    page.sweep.show_levels(choices_of(SweepSetting.CHALLENGE, samples.SET_UP, Catalogue()))
    assert page.sweep.chosen_levels() == [0.1, 0.3, 0.5, 0.7, 0.9]
    assert changes == [], "what was not the person's is not told"
    levels = page.findChild(QListWidget, "sweepLevels")
    assert levels is not None
    levels.setFocus()
    levels.setCurrentRow(0)
    QTest.keyClick(levels, Qt.Key.Key_Space)
    assert page.sweep.chosen_levels() == [0.0, 0.1, 0.3, 0.5, 0.7, 0.9]
    assert changes == [True]


@pytest.mark.parametrize(
    ("knob", "first", "chosen"),
    [
        (SweepSetting.CHALLENGE, "0.0", 5),
        (SweepSetting.PATHS, "IB › math › vectors", 2),
        (SweepSetting.TAGS, "GDPR", 1),
        (SweepSetting.REVIEW, "Off and on", 1),
        (SweepSetting.COUNT, "1", 3),
    ],
)
def test_every_setting_can_be_swept_and_begins_with_what_is_set_up(knob: SweepSetting, first: str, chosen: int) -> None:
    choices = choices_of(knob, samples.SET_UP, Catalogue(samples.exercises()))
    assert choices[0].words == first
    values = [choice.value for choice in choices if choice.chosen]
    assert len(values) == chosen
    plan = plan_of(knob, samples.SET_UP.query(), values, 3, 0.2)
    assert plan.calls == 3 * len(plan.levels)
    assert len({level.query for level in plan.levels}) == len(plan.levels), "each level asks something else"


def test_a_hierarchy_with_one_way_down_is_entered_where_it_parts() -> None:
    choices = choices_of(SweepSetting.PATHS, Setup(Mode.SINGLE, "u"), Catalogue(samples.exercises()))
    assert {choice.words for choice in choices[:3]} == {"IB › history", "IB › math", "IB › physics"}


def test_a_difference_is_told_in_words_marks_and_places(page: ComparePage) -> None:
    page.show_study("difference")
    page.difference.show_comparison(samples.difference())
    table = page.difference.table()
    assert page.difference.verdict.text() == "1 new, 2 gone, 2 moved, 1 the same."
    assert [row(table, at)[0] for at in range(6)] == ["Moved up 2", "Moved down 1", "New", "The same", "Gone", "Gone"]
    assert {table.cells().cell(at, 0).icon for at in range(6)} == {"chevron-up", "chevron-down", "plus", "dot", "minus"}
    assert row(table, 2)[3:] == ["–", "3"]
    assert "not there" in spoken(table)


def test_every_difference_says_whether_the_answer_repeats_itself(page: ComparePage) -> None:
    page.show_study("difference")
    page.difference.show_comparison(samples.difference())
    assert text(page, "differenceRepeatWords") == "Asked 3 times, the answer was the same each time."
    assert not page.difference.check.isVisible()
    assert tone(page, "differenceRepeat") == "good"
    elsewhere = replace(samples.SURE, elsewhere=True)
    page.difference.show_comparison(samples.difference(elsewhere))
    assert tone(page, "differenceRepeat") == "", "another question"
    page.difference.show_comparison(samples.difference(None))
    assert "Not checked" in text(page, "differenceRepeatWords")
    QTest.mouseClick(page.difference.check, Qt.MouseButton.LeftButton)
    assert page.current().key == "repeat"


def test_two_lists_that_are_alike_have_no_difference(page: ComparePage) -> None:
    known = samples.exercises(3)
    page.difference.show_comparison(compare(known, known))
    assert page.difference.verdict.text() == "No difference: 3 exercises, in the same order."


def test_two_sessions_are_compared_by_their_answers_too(page: ComparePage) -> None:
    page.show_study("difference")
    first, second = exercise("a"), exercise("b")
    found = compare_sessions([answered(first), answered(second)], [answered(first, Result.INCORRECT)])
    page.difference.show_sessions(found)
    said = text(page, "differenceSentences")
    assert "Fully right: 2 of 2 answers in the first, 0 of 1 in the second." in said
    assert page.difference.verdict.text() == (
        "0 only in the second, 1 only in the first, 0 at another position, 1 the same."
    ), "two learners: nothing is new or gone"
    shown = page.difference.table()
    assert [row(shown, at)[0] for at in range(2)] == ["The same", "Only in the first"]
    assert "In the second" in [shown.cells().headerData(at, Qt.Orientation.Horizontal) for at in range(5)]
    assert "a: right in the first, wrong in the second." in said


def test_sides_of_a_difference_keep_their_choice(page: ComparePage) -> None:
    page.difference.show_sources([Source("now", "Now"), Source("a", "A"), Source("b", "B")])
    assert page.difference.chosen() == ("a", "now")
    page.difference.before.setCurrentIndex(2)
    page.difference.show_sources([Source("now", "Now"), Source("c", "C"), Source("b", "B")])
    assert page.difference.chosen() == ("b", "now")
    page.difference.show_sources([Source("now", "Now")])
    assert page.difference.chosen() == ("now", "now")
    kinds: list[str] = []
    page.difference.kind_chosen.connect(kinds.append)
    page.show_study("difference")
    page.difference.kind.setFocus()
    QTest.keyClick(page.difference.kind, Qt.Key.Key_Down)
    assert kinds == [Kind.SESSIONS]


def test_what_is_in_the_way_can_be_dropped(page: ComparePage, qapp: QApplication) -> None:
    page.show_study("why")
    dropped: list[tuple[Limit, ...]] = []
    page.why.drop_wanted.connect(dropped.append)
    page.why.show_empty(samples.why_empty())
    settle(qapp)
    assert page.why.verdict.text() == "Nothing fits."
    drop = button(page, "whyDrop-1")
    assert drop.text() == "Drop that tag"
    assert button(page, "whyDrop-2").text() == "Drop the topics"
    QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
    tag, challenge = Limit(Part.TAGS, "GDPR"), Limit(Part.CHALLENGE, "0.5")
    assert dropped == [(tag,)]
    page.why.choose(Doubt.NOT_THIS, "waves-002")
    page.why.show_not(samples.why_not())
    settle(qapp)
    assert "It comes without the tag GDPR and the challenge 0.5." in {each.text() for each in page.findChildren(QLabel)}
    QTest.mouseClick(button(page, "whyDrop-1"), Qt.MouseButton.LeftButton)
    assert dropped[-1] == (tag, challenge)


def test_an_exercise_is_asked_for_only_where_it_is_one_that_is_meant(page: ComparePage) -> None:
    page.show_study("why")
    assert not page.why.exercise.isVisible()
    page.why.choose(Doubt.NOT_THIS)
    assert page.why.exercise.isVisible()
    runs: list[bool] = []
    page.why.run_wanted.connect(lambda: runs.append(True))
    page.why.show_exercises(["vectors-001", "vectors-002"])
    QTest.keyClicks(page.why.exercise, "vectors-001")
    QTest.keyClick(page.why.exercise, Qt.Key.Key_Return)
    assert runs == [True]


def test_ten_tests_stand_there_before_they_are_run_and_bad_news_says_why(page: ComparePage) -> None:
    page.show_study("health")
    rows = page.health.rows
    assert len(rows) == 10
    assert {shown.verdict() for shown in rows.values()} == {"Not run"}
    assert not page.health.save.isVisible()
    page.health.show_result(samples.health())
    assert [shown.verdict() for shown in rows.values()][:4] == ["Passed", "Passed", "Failed", "Can't tell"]
    assert page.health.verdict.text() == "6 passed, 2 failed, 2 can't tell."
    assert page.health.save.isVisible()
    visible = {name for name, shown in rows.items() if find(shown, f"healthEvidence-{name}").isVisible()}
    assert visible == {name for name, shown in rows.items() if shown.verdict() != "Passed"}
    first = next(iter(rows))
    QTest.mouseClick(rows[first].fold, Qt.MouseButton.LeftButton)
    assert find(rows[first], f"healthEvidence-{first}").isVisible()
    assert "Mean difficulty" in rows[first].evidence()
    page.health.begin()
    assert {shown.verdict() for shown in rows.values()} == {"Not run"}


def find(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert found is not None, name
    return found


def test_a_click_anywhere_on_a_test_shows_what_it_rests_on(page: ComparePage, qapp: QApplication) -> None:
    page.show_study("health")
    page.health.show_result(samples.health())
    settle(qapp)
    passed = page.health.rows["count"]
    evidence = page.findChild(QLabel, "healthEvidence-count")
    assert evidence is not None
    for shown in (True, False):
        QTest.mouseClick(passed, Qt.MouseButton.LeftButton, pos=QPoint(passed.width() // 3, 12))
        assert evidence.isVisible() is shown


def test_the_question_is_said_as_it_is_set_up() -> None:
    assert question_words(samples.SET_UP, "Learner 1") == (
        "The question, as it is set up: 5 exercises, challenge 0.50, from IB › math › vectors or IB › math › algebra, "
        "tagged GDPR, for Learner 1."
    )
    plain = Setup(Mode.SINGLE, "u", None, Constraints(is_review=True, tags=("a", "b", "c", "d")))
    assert question_words(plain) == (
        "The question, as it is set up: one exercise, challenge as Sana decides, tagged a or b or c or 1 more, "
        "only topics met before, for u."
    )


@pytest.mark.parametrize(
    ("calls", "seconds", "words"),
    [
        (1, 0.2, "This makes 1 request, about 1 s. No answers are sent."),
        (27, 4.4, "This makes 27 requests, about 4 s. No answers are sent."),
    ],
)
def test_what_it_takes_is_said_before(calls: int, seconds: float, words: str) -> None:
    assert requests_words(calls, seconds) == words


@pytest.mark.parametrize("make", [samples.health, lambda: samples.health(passed=True)])
def test_the_summary_has_the_tone_of_its_worst_test(page: ComparePage, make: Callable[[], HealthReport]) -> None:
    report = make()
    page.health.show_result(report)
    frame = find(page, "healthVerdict")
    assert frame.property("tone") == ("bad" if "0 failed" not in page.health.verdict.text() else "good")


def test_what_was_found_says_when_it_was_for_another_question(page: ComparePage) -> None:
    study = page.why
    page.show_study("why")
    stale = page.findChild(QLabel, "whyStaleWords")
    assert stale is not None
    study.show_question("One exercise.", "one")
    study.show_found_for("one", "One exercise.")
    assert not stale.isVisible()
    study.show_question("Five exercises.", "five")
    assert stale.isVisible()
    assert stale.text() == "Something else is set up now. This was found for: One exercise."
    study.show_question("One exercise.", "one")
    assert not stale.isVisible()
