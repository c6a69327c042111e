"""The parts of the set-up by mouse and keys: learner, topics and tags, challenge, number and way, size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Constraints, Exercise
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.rename_dialog import TitleDialog
from sana_desktop.ui.practice.setup.learner_picker import LearnerView
from sana_desktop.ui.practice.setup.panel import MAX_EXERCISES, SetupPanel, SiteChoice
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.support.practice_scenes import real_person

LEARNERS = [LearnerView("sana-desktop-test-1", "Test learner 1"), LearnerView("sana-desktop-test-2", "Test learner 2")]


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, icons: Icons) -> SetupPanel:
    made = SetupPanel(theme, icons)
    qtbot.addWidget(made)
    made.resize(360, 1400)
    made.learner.show_learners(LEARNERS, "sana-desktop-test-2")
    made.show()
    return made


def said(panel: SetupPanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_a_learner_is_chosen_by_name_and_meant_by_id(panel: SetupPanel) -> None:
    assert panel.setup().user_id == "sana-desktop-test-2"
    changed = QSignalSpy(panel.changed)
    panel.learner.choice.setFocus()
    QTest.keyClick(panel.learner.choice, Qt.Key.Key_Up)
    assert panel.setup().user_id == "sana-desktop-test-1"
    assert changed.count() == 1
    assert panel.learner.is_test()


def test_a_typed_id_is_a_real_person_and_is_not_completed_to_another(panel: SetupPanel) -> None:
    edit = panel.learner.choice.lineEdit()
    assert edit is not None
    edit.selectAll()
    QTest.keyClicks(edit, "Test l")
    assert panel.setup().user_id == "Test l"
    assert not panel.learner.is_test()
    assert "real person" in said(panel, "learnerWho")


def test_a_removed_learner_is_not_offered_and_is_no_real_person_where_a_session_is_theirs(panel: SetupPanel) -> None:
    views = [LEARNERS[0], LearnerView("sana-desktop-test-2", "Test learner 2", removed=True)]
    panel.learner.show_learners(views, "sana-desktop-test-1")
    choice = panel.learner.choice
    assert [choice.itemText(row) for row in range(choice.count())] == ["Test learner 1"]
    assert panel.learner.remove.isVisible()
    assert "Test learner 1" in panel.learner.remove.accessibleName()
    panel.learner.choose("sana-desktop-test-2")
    assert (panel.setup().user_id, panel.learner.name()) == ("sana-desktop-test-2", "Test learner 2")
    assert panel.learner.is_test()
    assert "you removed" in said(panel, "learnerWho")
    assert not panel.learner.remove.isVisible()
    back = QSignalSpy(panel.learner.back_wanted)
    QTest.mouseClick(panel.learner.back, Qt.MouseButton.LeftButton)
    assert back.count() == 1
    assert back.at(0) == ["sana-desktop-test-2"]
    # A typed id of theirs is theirs as well; a real person's can't be removed.
    panel.learner.show_learners(views, "sana-desktop-test-1")
    choice.setEditText("sana-desktop-test-2")
    assert panel.learner.is_test()
    choice.setEditText("anna")
    assert not panel.learner.remove.isEnabled()


def test_whoever_was_removed_can_be_put_back_at_any_time(panel: SetupPanel) -> None:
    assert not panel.learner.removed.isVisible()
    views = [LEARNERS[0], LearnerView("sana-desktop-test-2", "R&D", removed=True)]
    panel.learner.show_learners(views, "sana-desktop-test-1")
    assert panel.learner.removed.isVisible()
    back = QSignalSpy(panel.learner.back_wanted)
    offered = panel.findChild(QAction, "putBack-sana-desktop-test-2")
    assert isinstance(offered, QAction)
    assert offered.text() == "Put R&&D back"
    offered.trigger()
    assert back.at(0) == ["sana-desktop-test-2"]


def test_a_name_that_another_has_or_none_can_t_be_taken(qtbot: QtBot) -> None:
    dialog = TitleDialog("Anna", longest=12, taken={"Test learner"})
    qtbot.addWidget(dialog)
    save, problem = dialog.findChild(QPushButton, "saveTitleButton"), dialog.findChild(QLabel, "titleProblem")
    assert isinstance(save, QPushButton)
    assert isinstance(problem, QLabel)
    for text, possible, said in (
        ("Berta", True, ""),
        ("test LEARNER ", False, "Another one"),
        ("Test learner", False, "Another one is called that."),
        ("  ", False, ""),
        ("Berta and Bob", True, "It takes 12 characters at most."),
    ):
        dialog.field.clear()
        QTest.keyClicks(dialog.field, text)
        assert save.isEnabled() is possible, text
        assert problem.text().startswith(said), text
        assert bool(problem.text()) is bool(said), text


def test_a_test_learner_can_be_renamed_by_button_and_by_f2(panel: SetupPanel) -> None:
    wanted = QSignalSpy(panel.learner.rename_wanted)
    field = panel.learner.choice.lineEdit()
    assert field is not None
    QTest.mouseClick(panel.learner.rename, Qt.MouseButton.LeftButton)
    QTest.keyClick(field, Qt.Key.Key_F2)
    assert wanted.count() == 2
    panel.learner.choice.setEditText("anna")
    QTest.keyClick(field, Qt.Key.Key_F2)
    assert wanted.count() == 2, "a real person is called by their id"
    assert not panel.learner.rename.isEnabled()


def test_an_id_stays_when_the_list_of_learners_grows(panel: SetupPanel) -> None:
    panel.learner.choice.setEditText("anna")
    panel.learner.show_learners([*LEARNERS, LearnerView("sana-desktop-test-3", "Test learner 3")])
    assert panel.setup().user_id == "anna"


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_click_on_the_track_goes_to_where_the_pointer_is(panel: SetupPanel, share: float) -> None:
    slider = panel.challenge.slider
    slider.setValue(50)
    at = QPoint(round(slider.width() * share), slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=at)
    level = panel.challenge.level()
    assert level is not None
    assert abs(level - share) < 0.06, "one page would be a fifth"


def test_sana_decides_until_the_slider_is_touched(panel: SetupPanel) -> None:
    assert panel.setup().challenge_level is None
    panel.challenge.slider.setFocus()
    QTest.keyClick(panel.challenge.slider, Qt.Key.Key_Right)
    assert panel.setup().challenge_level == 0.55
    assert not panel.challenge.auto.isChecked()
    assert "0.55 of 1" in said(panel, "challengeWords")
    QTest.mouseClick(panel.challenge.auto, Qt.MouseButton.LeftButton)
    assert panel.setup().challenge_level is None


@pytest.mark.parametrize("level", [0.0, 1.0, 0.07])
def test_any_level_is_shown_as_it_is(panel: SetupPanel, level: float) -> None:
    panel.challenge.set_level(level)
    assert panel.setup().challenge_level == level


def test_number_and_way_agree(panel: SetupPanel) -> None:
    assert panel.setup().mode is Mode.SINGLE
    panel.count.setFocus()
    QTest.keyClick(panel.count, Qt.Key.Key_Up)
    assert (panel.setup().mode, panel.setup().num_exercises) == (Mode.BATCH, 2)
    QTest.mouseClick(panel.mode._radios[Mode.SINGLE], Qt.MouseButton.LeftButton)
    assert (panel.setup().mode, panel.setup().num_exercises) == (Mode.SINGLE, 1)
    QTest.mouseClick(panel.mode._radios[Mode.BATCH], Qt.MouseButton.LeftButton)
    assert (panel.setup().mode, panel.setup().num_exercises) == (Mode.BATCH, 5)
    QTest.mouseClick(panel.mode._radios[Mode.COMBINED], Qt.MouseButton.LeftButton)
    assert (panel.setup().mode, panel.setup().num_exercises) == (Mode.COMBINED, 5)


def test_a_set_up_comes_back_as_it_was(panel: SetupPanel) -> None:
    wanted = Setup(Mode.COMBINED, "anna", 3, Constraints(True, ("/a/b",), ("x", "y")), 0.25)
    changed = QSignalSpy(panel.changed)
    panel.show_setup(wanted)
    assert panel.setup() == wanted
    assert changed.count() == 1, "one change, not five"


def test_topics_and_tags_are_picked_and_put_back_by_keys_and_mouse(panel: SetupPanel) -> None:
    known = Catalogue(
        [
            Exercise("1", "/IB/math/vectors/", ("exam",)),
            Exercise("2", "/IB/math/algebra/", ("exam", "quiz")),
            Exercise("3", "/IB/art/", ()),
        ]
    )
    panel.paths.show_places(known.tree.children)
    panel.tags.show_tags([(tag.name, tag.count) for tag in known.tags])
    panel.paths.fold.set_open(True)
    tree = panel.paths.tree
    QTest.keyClicks(panel.paths.search, "vec")
    rows = [str(tree.model().data(tree.model().index(0, 0)))]
    assert rows == ["IB · 3"], "what leads to a hit stays, with all that is below it"
    tree.setFocus()
    tree.setCurrentIndex(tree.model().index(0, 0))
    for _ in range(2):
        QTest.keyClick(tree, Qt.Key.Key_Down)
    assert str(tree.currentIndex().data()) == "vectors · 1"
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert panel.constraints().paths == ("/IB/math/vectors",)
    panel.tags.choose(["quiz"])
    assert len(known.matching(panel.constraints())) == 0
    chips = panel.paths._chips.flow
    item = chips.itemAt(0)
    assert item is not None
    chip = item.widget()
    assert chip is not None
    assert chip.accessibleName() == "Take away IB › math › vectors"
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert panel.constraints() == Constraints(None, (), ("quiz",))


def test_a_list_without_anything_says_so_in_its_place(panel: SetupPanel) -> None:
    panel.paths.fold.set_open(True)
    assert "No topics are known yet" in said(panel, "practicePathsNone")
    assert not panel.paths.tree.isVisible()
    assert not panel.paths.search.isVisible()
    panel.paths.show_places(Catalogue([Exercise("1", "/IB/math")]).tree.children)
    assert panel.paths.tree.isVisible()
    panel.paths.search.setText("physics")
    assert not panel.paths.tree.isVisible()
    assert said(panel, "practicePathsNone") == "None is called like that."
    panel.paths.search.setText("math")
    assert panel.paths.tree.isVisible()


def test_the_menu_marks_where_the_exercises_come_from(panel: SetupPanel) -> None:
    sources = {action.objectName(): action for action in panel.findChildren(QAction)}
    panel.mark_source("file")
    wanted = QSignalSpy(panel.source_wanted)
    sources["catalogue-answers"].trigger()
    assert wanted.count() == 1
    marked = [name for name, action in sources.items() if action.isChecked()]
    assert marked == ["catalogue-file"], "what is chosen is not where they come from yet"
    panel.mark_source("answers")
    assert sources["catalogue-answers"].isChecked()
    assert not sources["catalogue-file"].isChecked()


def test_the_meter_warns_at_four_fifths_and_says_when_it_is_too_much(panel: SetupPanel) -> None:
    words = []
    for size in (12_799, 12_800, 16_001):
        panel.meter.show_request("{}", size)
        words.append(said(panel, "practiceSizeWords"))
    assert words[0] == "The next request: 12,799 of 16,000 bytes"
    assert "nearly full" in words[1]
    assert "not sent" in words[2]
    assert panel.meter.bar.accessibleDescription() == words[2]


def test_why_the_button_can_not_be_pressed_is_said(panel: SetupPanel) -> None:
    panel.show_ready("Choose a learner first.")
    assert not panel.next.isEnabled()
    assert said(panel, "practiceReason") == "Choose a learner first."
    panel.show_ready("")
    assert panel.next.isEnabled()


def test_tab_follows_sight(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    window = real_person(theme, icons)
    assert isinstance(window, MainWindow)
    qtbot.addWidget(window, before_close_func=lambda _: window.close_for_good())
    window.resize(1280, 800)
    window.show()
    names = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if widget.isVisible() and widget.isEnabled() and takes_tab and widget.focusProxy() is None:
            names.append(widget.objectName())
        widget = widget.nextInFocusChain()
    wanted = [
        "practiceTabs",
        "practiceSessionsButton",
        "realLearnerBand-test",
        "realLearnerBand-lock",
        "practiceSite",
        "practiceLearner",
        "practiceChallenge",
        "practiceCount",
        "practiceModeCombined",
        "nextExercisesButton",
        "recommendations",
        "answerCorrect",
        "answerSkipped",
        "practiceHistory",
        "meaningScroll",
    ]
    assert [name for name in names if name in wanted] == wanted


def test_more_exercises_than_can_be_asked_for_are_said_until_another_number_is_given(panel: SetupPanel) -> None:
    panel.show_setup(Setup(Mode.BATCH, "u", 500))
    assert panel.setup().num_exercises == 500
    note = panel.findChild(QLabel, "practiceCountNote")
    assert isinstance(note, QLabel)
    assert note.isHidden()
    panel.show_setup(Setup(Mode.BATCH, "u", MAX_EXERCISES + 1))
    assert panel.setup().num_exercises == MAX_EXERCISES
    assert note.isVisible()
    assert note.text() == "1,001 were asked for; from here it is at most 1,000 at once."
    panel.count.stepDown()
    assert note.isHidden()
    panel.show_setup(Setup(Mode.BATCH, "u", MAX_EXERCISES + 1))
    panel.show_setup(Setup(Mode.BATCH, "u", MAX_EXERCISES))
    assert note.isHidden()


def test_what_is_shown_already_is_not_laid_out_again(panel: SetupPanel) -> None:
    """A long session comes into view in one turn, and its set-up was shown before its events were read."""
    sites = [SiteChoice("a", "Example data"), SiteChoice("b", "Acme")]
    setup = Setup(Mode.BATCH, "u", None, challenge_level=0.333, persona="steady", seed=7)
    panel.show_sites(sites, "a")
    panel.show_setup(setup)
    changes, rows = QSignalSpy(panel.changed), QSignalSpy(panel.site.model().rowsInserted)
    panel.show_sites(sites, "b")
    panel.show_setup(setup)
    assert (changes.count(), rows.count()) == (0, 0)
    assert panel.site_id() == "b"
    panel.show_sites([sites[0], SiteChoice("b", "Acme 2")], "b")
    panel.show_setup(replace(setup, challenge_level=0.334))
    assert (panel.site.currentText(), panel.setup().challenge_level) == ("Acme 2", 0.334)
