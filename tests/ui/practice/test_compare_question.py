"""What was found on the Compare page belongs to its question: another one that is chosen there hides it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.practice.compare.comparison import compare_sessions
from sana_desktop.practice.compare.sweep import challenge_levels
from sana_desktop.practice.compare.sweep_result import result_of
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.difference_view import Kind, Source
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.compare.sweep_levels import choices_of
from sana_desktop.ui.practice.compare.sweep_view import SweepSetting
from sana_desktop.ui.practice.compare.why_view import Doubt
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples
from tests.support.compare_bench import compare_page
from tests.support.practice_askers import answered
from tests.support.shots import settle

BEFORE = "Another question is chosen now. Choose the one before again to see what was found."
SESSIONS = [Source("session:a", "Monday"), Source("session:b", "Tuesday"), Source("session:c", "Friday")]


@pytest.fixture
def page(qapp: QApplication, theme: Theme, icons: Icons) -> Iterator[ComparePage]:
    with compare_page(theme, icons) as made:
        yield made


def find(page: QWidget, name: str) -> QLabel:
    found = page.findChild(QLabel, name)
    assert found is not None, name
    return found


def found(study: ComparisonPanel) -> None:
    """Let it have found something, as its presenter does."""
    study.hand_on.offer(True)
    study.show_found_for("question", "The question.")
    study.show_question("The question.", "question")


def stands(page: ComparePage, study: ComparisonPanel) -> bool:
    """Return whether what was found is shown, with what hands it on; if not, that is said."""
    said = find(page, f"{study.key}StaleWords")
    shown = study.verdict.isVisible()
    assert study.save.isVisible() is shown
    assert said.isVisible() is not shown
    assert shown or said.text() == BEFORE
    return shown


def test_two_recommendations_do_not_stand_under_two_sessions(page: ComparePage) -> None:
    view = page.difference
    page.show_study("difference")
    view.show_sources([Source("now", "Now", asks=True), Source("asked:0", "Then")])
    view.show_comparison(samples.difference())
    found(view)
    assert stands(page, view)
    view.kind.setCurrentIndex(view.kind.findData(Kind.SESSIONS))
    assert not stands(page, view)
    view.kind.setCurrentIndex(view.kind.findData(Kind.ANSWERS))
    assert stands(page, view), "it is its question's"
    view.after.setCurrentIndex(1 - view.after.currentIndex())
    assert not stands(page, view)


def test_what_was_asked_before_the_choice_changed_is_of_the_choice_then(page: ComparePage) -> None:
    view = page.difference
    page.show_study("difference")
    view.show_sources(SESSIONS)
    choice = view.choice()
    view.after.setCurrentIndex(2)  # while it runs
    view.show_comparison(samples.difference())
    view.hand_on.offer(True)
    view.show_found_for(None, "The question.", choice)
    assert not stands(page, view)


def test_what_a_replay_found_stays_until_something_is_chosen(page: ComparePage) -> None:
    view = page.difference
    page.show_study("difference")
    view.show_rerun(RerunFound((), 3))
    view.hand_on.offer(True)
    view.show_found_for(None, "")
    view.show_sources([Source("now", "Now", asks=True), Source("asked:0", "Then")])
    assert stands(page, view)
    view.after.setCurrentIndex(1)
    assert not stands(page, view)


@pytest.mark.parametrize(
    ("kept", "chosen"),
    [
        (("", ""), ("session:b", "session:a")),
        (("session:a", ""), ("session:a", "session:b")),
        (("", "session:b"), ("session:a", "session:b")),
        (("session:c", "session:c"), ("session:c", "session:c")),
    ],
)
def test_a_session_is_laid_beside_another_one_unless_it_is_chosen_so(
    page: ComparePage, kept: tuple[str, str], chosen: tuple[str, str]
) -> None:
    view = page.difference
    earlier = [Source(key, key) for key in kept] if any(kept) else []
    if earlier:  # of two recommendations: the last one of a session has the session's key
        view.show_sources([Source("now", "Now", asks=True), Source("asked:0", "Then"), *dict.fromkeys(earlier)])
        view.before.setCurrentIndex(view.before.findData(kept[0] or "asked:0"))
        view.after.setCurrentIndex(view.after.findData(kept[1] or "asked:0"))
    view.kind.setCurrentIndex(view.kind.findData(Kind.SESSIONS))
    view.show_sources(SESSIONS)
    assert view.chosen() == chosen


def test_the_only_session_has_no_other_one(page: ComparePage) -> None:
    view = page.difference
    page.show_study("difference")
    view.kind.setCurrentIndex(view.kind.findData(Kind.SESSIONS))
    view.show_sources(SESSIONS[:1])
    assert view.chosen() == ("session:a", "")
    assert view.after.placeholderText() == "None yet"


def test_another_doubt_or_another_exercise_hides_the_verdict(page: ComparePage) -> None:
    page.show_study("why")
    page.why.choose(Doubt.NOT_THIS, "waves-002")
    page.why.show_not(samples.why_not())
    found(page.why)
    assert stands(page, page.why)
    page.why.exercise.setText("nobody knows this")
    assert not stands(page, page.why)
    page.why.exercise.setText("waves-002")
    assert stands(page, page.why)
    page.why.choose(Doubt.EMPTY)
    assert not stands(page, page.why)


def test_other_levels_hide_the_grid_and_another_set_up_is_said(page: ComparePage) -> None:
    page.show_study("sweep")
    page.sweep.show_levels(choices_of(SweepSetting.CHALLENGE, samples.SET_UP, Catalogue()))
    page.sweep.show_result(samples.sweep())
    found(page.sweep)
    assert stands(page, page.sweep)
    page.sweep.levels.item(0).setCheckState(Qt.CheckState.Checked)
    assert not stands(page, page.sweep)
    page.sweep.levels.item(0).setCheckState(Qt.CheckState.Unchecked)
    page.sweep.knob.setCurrentIndex(1)
    assert not stands(page, page.sweep)
    page.sweep.knob.setCurrentIndex(0)
    page.sweep.show_question("Another question.", "another")
    assert page.sweep.verdict.isVisible()
    assert find(page, "sweepStaleWords").text() == "Something else is set up now. This was found for: The question."
    page.show_study("repeat")
    page.repeat.show_result(samples.SURE)
    found(page.repeat)
    page.repeat.times.setValue(9)
    assert not stands(page, page.repeat)


def test_names_are_whole_where_another_column_can_be_cut(page: ComparePage, qapp: QApplication) -> None:
    long = "/compliance/information-security/phishing and how it is reported to others/"
    known = [Exercise(f"information-security-phishing-{at:02}", long if at else "/a/", (), 2.0) for at in range(5)]
    page.show_study("difference")
    both = [answered(each) for each in known], [answered(each, Result.INCORRECT) for each in known]
    page.difference.show_sessions(compare_sessions(*both))
    settle(qapp)
    table = page.difference.table()
    assert table.columnWidth(1) >= table.sizeHintForColumn(1)
    assert table.columnWidth(2) < table.sizeHintForColumn(2), "the topic is cut, its tooltip is not"
    assert not table.horizontalScrollBar().isVisible()
    tip = str(table.model().index(1, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert "information-security-phishing-" in tip
    levels = [level.name for level in challenge_levels(samples.SET_UP.query(), [0.1, 0.5, 0.9])]
    page.show_study("sweep")
    page.sweep.show_result(result_of(levels, [[tuple(known)] * 2] * 3))
    settle(qapp)
    grid = page.sweep.grid()
    assert grid.columnWidth(0) >= grid.sizeHintForColumn(0)
