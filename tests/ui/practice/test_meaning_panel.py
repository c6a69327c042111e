"""What a session means: pictures, sentences that say the same, tables below them, and updates that cost little."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.practice.meaning.shapes import MeaningSnapshot
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning.panel import PART_MS, MeaningPanel
from sana_desktop.ui.practice.meaning.pictures import Picture
from sana_desktop.ui.practice.parts.plain_table import PlainTable
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples
from tests.support.shots import settle

SECTIONS = ("success", "challenge", "difficulty", "places", "tags", "streaks")


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, icons: Icons) -> MeaningPanel:
    made = MeaningPanel(theme, icons)
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    return made


def snapshot(*results: Result, challenge: float | None = 0.5, difficulty: float | None = 0.3) -> MeaningSnapshot:
    found = Meaning()
    for number, result in enumerate(results):
        exercise = Exercise(f"e{number}", "/math/vectors/", ("exam",), difficulty_level=difficulty)
        found.offered([exercise])
        found.answered(exercise, Outcome(samples.START + timedelta(seconds=number), result), challenge)
    return found.snapshot()


def find(panel: MeaningPanel, name: str) -> QWidget:
    found = panel.findChild(QWidget, name)
    assert found is not None, name
    return found


def table(panel: MeaningPanel, key: str) -> PlainTable:
    found = find(panel, f"{key}Table")
    assert isinstance(found, PlainTable)
    return found


def open_by_key(panel: MeaningPanel, key: str) -> None:
    fold = find(panel, f"{key}Fold")
    fold.setFocus()
    QTest.keyClick(fold, Qt.Key.Key_Return)


def cells(shown: PlainTable) -> list[list[str]]:
    model = shown.cells()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_an_empty_session_says_what_will_stand_here(panel: MeaningPanel) -> None:
    texts = [text.text() for text in panel.findChildren(QLabel) if text.isVisible()]
    assert any("Answer an exercise" in text for text in texts)
    assert not any(picture.isVisible() for picture in panel.findChildren(Picture))


def test_every_picture_has_a_name_and_says_what_stands_below_it(panel: MeaningPanel) -> None:
    panel.show_meaning(samples.meaning())
    pictures = [picture for picture in panel.findChildren(Picture) if picture.isVisible()]
    assert len(pictures) == 6
    assert all(picture.accessibleName() and picture.accessibleDescription() for picture in pictures)
    for key in SECTIONS:
        assert panel.section(key).sentence()
        assert find(panel, f"{key}Sentence").isVisible()
    assert panel.section("success").sentence() == find(panel, "successPicture").accessibleDescription()


def test_the_sentences_tell_the_figures(panel: MeaningPanel) -> None:
    panel.show_meaning(snapshot(Result.CORRECT, Result.CORRECT, Result.INCORRECT, Result.SKIPPED))
    assert panel.section("success").sentence() == (
        "2 of 3 answers were fully right (67 %). 1 was skipped and is not counted."
    )
    assert "Challenge 0.50 was asked for, and 33 % of the answers were not fully right" in (
        panel.section("challenge").sentence()
    )
    assert "math › vectors (4 times)" in panel.section("places").sentence()


def test_many_levels_are_summed_up_in_one_sentence(panel: MeaningPanel) -> None:
    panel.show_meaning(samples.meaning(60))
    assert panel.section("challenge").sentence() == (
        "At 2 of 3 levels what came agrees with what was asked for; at the others it differs."
    )


def test_a_fold_opened_by_keyboard_shows_the_numbers_and_keeps_up(panel: MeaningPanel, qtbot: QtBot) -> None:
    panel.show_meaning(snapshot(Result.CORRECT))
    assert not table(panel, "success").isVisible()
    open_by_key(panel, "success")
    assert table(panel, "success").isVisible()
    assert cells(table(panel, "success"))[:2] == [["Correct", "1"], ["Partly", "0"]]
    panel.show_meaning(snapshot(Result.CORRECT, Result.PARTIALLY_CORRECT))
    qtbot.waitUntil(lambda: cells(table(panel, "success"))[1] == ["Partly", "1"])


def test_a_table_says_its_cells_as_words(panel: MeaningPanel) -> None:
    panel.show_meaning(samples.meaning())
    open_by_key(panel, "challenge")
    shown = table(panel, "challenge")
    interface = QAccessible.queryAccessibleInterface(shown)
    spoken = [
        child.text(QAccessible.Text.Name)
        for child in (interface.child(at) for at in range(interface.childCount()))
        if child.role() == QAccessible.Role.Cell
    ]
    assert {"differs", "nothing to compare with", "Sana decided"} <= set(spoken)


def test_the_table_of_parts_fits_a_narrow_panel(panel: MeaningPanel, qapp: QApplication) -> None:
    panel.show_meaning(samples.meaning(60))
    for key in ("places", "tags", "difficulty"):
        open_by_key(panel, key)
    panel.resize(320, 700)
    settle(qapp)
    for key in ("places", "tags", "difficulty"):
        shown = table(panel, key)
        assert not shown.horizontalScrollBar().isVisible(), key
        assert len(cells(shown)[0]) == 3


def test_the_verdict_about_challenge_is_in_sight_in_a_window_of_1280(panel: MeaningPanel, qapp: QApplication) -> None:
    panel.show_meaning(samples.meaning(60))
    open_by_key(panel, "challenge")
    panel.resize(338, 700)
    settle(qapp)
    shown = table(panel, "challenge")
    assert not shown.horizontalScrollBar().isVisible()
    first = shown.cells().cell(0, 1)
    assert first.text == "54 (29–77)"
    assert first.spoken == "54 % of the answers were not fully right: between 29 % and 77 %, 95 % sure"


def test_in_a_narrow_panel_long_names_are_cut_so_that_numbers_are_seen(panel: MeaningPanel, qapp: QApplication) -> None:
    found = Meaning()
    exercise = Exercise("e", "/occupational-health-and-safety/fire-safety-in-warehouses/", ("exam",))
    found.offered([exercise])
    found.answered(exercise, Outcome(samples.START, Result.CORRECT))
    panel.show_meaning(found.snapshot())
    open_by_key(panel, "places")
    settle(qapp)
    shown = table(panel, "places")
    assert shown.columnViewportPosition(1) + shown.columnWidth(1) <= shown.viewport().width()
    panel.resize(900, 700)
    settle(qapp)
    assert shown.columnWidth(0) >= shown.sizeHintForColumn(0), "where there is room, all of it"


def test_what_was_not_tagged_or_measured_takes_no_room(panel: MeaningPanel) -> None:
    found = Meaning()
    found.offered([Exercise("e", "/math/")])
    found.answered(Exercise("e", "/math/"), Outcome(samples.START, Result.CORRECT))
    panel.show_meaning(found.snapshot())
    assert not panel.section("tags").isVisible()
    assert not find(panel, "difficultyPicture").isVisible()
    assert panel.section("difficulty").sentence() == (
        "The exercises do not say how difficult they are, so there is no estimate of ability."
    )


def test_before_any_answer_it_says_just_that(panel: MeaningPanel) -> None:
    found = Meaning()
    found.offered([Exercise("e", "/math/", difficulty_level=2.0, metadata='{"irt_b": 0.5}')])
    panel.show_meaning(found.snapshot())
    assert panel.section("difficulty").sentence() == "Nothing is answered yet."
    assert panel.section("success").sentence() == "Nothing is answered yet."


def test_of_many_updates_only_the_newest_is_shown(panel: MeaningPanel, qtbot: QtBot) -> None:
    class Paints(QObject):
        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += event.type() == QEvent.Type.Paint
            return False

    panel.show_meaning(snapshot(Result.CORRECT))
    qtbot.waitExposed(panel)
    paints = Paints()
    find(panel, "successPicture").installEventFilter(paints)
    watch = QElapsedTimer()
    watch.start()
    for number in range(2, 60):
        panel.show_meaning(snapshot(*[Result.CORRECT] * number))
        qtbot.wait(1)
    qtbot.waitUntil(lambda: panel.section("success").sentence().startswith("59 of 59"))
    assert 1 <= paints.count <= 1 + watch.elapsed() / PART_MS, paints.count


def test_a_new_session_begins_empty(panel: MeaningPanel) -> None:
    panel.show_meaning(samples.meaning())
    panel.show_empty()
    assert not any(picture.isVisible() for picture in panel.findChildren(Picture))
    panel.show_meaning(snapshot(Result.INCORRECT))
    assert panel.section("success").sentence().startswith("0 of 1")


def test_pictures_follow_the_theme_and_larger_text(panel: MeaningPanel, theme: Theme, qapp: QApplication) -> None:
    panel.show_meaning(samples.meaning())
    settle(qapp)
    picture = find(panel, "challengePicture")
    height = picture.heightForWidth(288)

    def colours() -> set[str]:
        image = picture.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, image.height(), 2)}

    assert theme.colour("accent").name() in colours()
    theme.set_choice("dark")
    assert theme.colour("accent").name() in colours()
    theme.set_scale(2.0)
    assert picture.heightForWidth(288) > 1.6 * height


def test_every_fold_says_whose_table_it_opens(panel: MeaningPanel) -> None:
    panel.show_meaning(samples.meaning())
    names = [find(panel, f"{key}Fold").accessibleName() for key in SECTIONS]
    assert len(set(names)) == len(names)
    assert all(isinstance(find(panel, f"{key}Fold"), QPushButton) for key in SECTIONS)


@pytest.mark.parametrize("given_up", [False, True])
def test_parts_that_come_one_by_one_are_not_laid_out_again_for_the_bar(
    panel: MeaningPanel, qtbot: QtBot, given_up: bool
) -> None:
    area = find(panel, "meaningScroll")
    assert isinstance(area, QScrollArea)
    bar, parts = area.verticalScrollBar(), ("success", "challenge", "difficulty", "places", "tags", "streaks")
    panel.show_meaning(snapshot(*[Result.CORRECT] * 9), at_once=False)
    qtbot.waitUntil(lambda: panel.section("success").isVisible())
    width = panel.section("success").width()
    assert bar.isVisible()
    if given_up:
        panel.show_empty()
    else:
        qtbot.waitUntil(lambda: all(panel.section(key).isVisible() for key in parts))
        assert panel.section("success").width() == width
    qtbot.waitUntil(lambda: bar.isVisible() is not given_up)
    assert bar.isVisible() is (bar.maximum() > 0)
