"""Choices of a replay: what words mean, what is kept for a file, what is proposed, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.replay.columns import PATH_UNKNOWN, Mapping, Place, TimeUnit, guess_mapping
from sana_desktop.practice.replay.dry_run import DryRun, Odd, Remark, Understood
from sana_desktop.practice.replay.file import Columns
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.replay.columns import spent_words
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.replay.meanings import MEANING
from sana_desktop.ui.practice.replay.presenter import ReplayPresenter
from sana_desktop.ui.practice.replay.words import dry_tone, dry_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.practice_desk import PracticeDesk
from tests.support.replay_bench import replay_presenter

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FINE = DryRun(
    rows=80, usable=80, problems=(), problem_count=0, requests=1, bytes=9_000, people=(), people_count=0, person=0,
    first_at=NOON, last_at=NOON + timedelta(days=40), in_order=True, file_sha256="00",
)  # fmt: skip
GERMAN = (
    "Exercise,Result,Time spent,Date\n"
    "q1,richtig,00:01:30,2026-01-05T10:03:00Z\n"
    "q2,na ja,45,2026-01-05T10:02:00Z\n"
    'q3,befriedigend,"12,5",2026-01-05T10:01:00Z\n'
)
UNDERSTOOD = GERMAN.replace("na ja", "falsch").replace("befriedigend", "teilweise richtig")
COLUMNS = Columns(("Exercise", "Result", "Time spent", "Date"), (("q", "ja", "45", "2026-01-05"),), ",", "utf-8", 60)


class Opened:
    """The dialog by its presenter; the next file is chosen from `path`."""

    def __init__(self, desk: PracticeDesk, theme: Theme, icons: Icons, path: Path) -> None:
        self.path = path
        self.known: Catalogue | None = None
        self._desk = desk
        self.window = QWidget()
        self.presenter: ReplayPresenter = replay_presenter(
            desk, theme, icons, self.window, self._open_file, known=lambda: self.known
        )

    async def _open_file(self) -> Path:
        return self.path

    async def open(self) -> ReplayDialog:
        self.presenter.open()
        dialog = await self._desk.until("the dialog", self.presenter.dialog)
        await self._desk.until("its learners", lambda: dialog.learner.count() > 1)
        return dialog

    async def close(self, dialog: ReplayDialog) -> None:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await self._desk.until("the end", lambda: self.presenter.dialog() is None)

    async def look(self, dialog: ReplayDialog) -> None:
        press(dialog.choose)
        await self._desk.until("the look", dialog.send.isEnabled)


@pytest.fixture
def opened(desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path) -> Iterator[Opened]:
    path = tmp_path / "antworten.csv"
    path.write_text(GERMAN, "utf-8")
    made = Opened(desk, theme, icons, path)
    yield made
    made.window.deleteLater()


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, icons: Icons) -> ReplayDialog:
    made = ReplayDialog(theme, icons)
    qtbot.addWidget(made)
    made.show()
    return made


def press(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(box: QComboBox, words: str) -> None:
    at = box.findText(words)
    assert at >= 0
    box.setFocus()
    box.setCurrentIndex(at)


def boxes(dialog: ReplayDialog) -> list[QComboBox]:
    """Return what says the meaning of each word, from top to bottom."""
    table = dialog.meanings
    cells = [table.indexWidget(table.cells().index(row, MEANING)) for row in range(table.cells().rowCount())]
    return [box for cell in cells if cell is not None for box in cell.findChildren(QComboBox)]


def meanings(dialog: ReplayDialog) -> list[str]:
    return [box.currentText() or box.placeholderText() for box in boxes(dialog)]


async def test_what_words_mean_is_chosen_and_is_still_there_after_escape(desk: PracticeDesk, opened: Opened) -> None:
    dialog = await opened.open()
    await opened.look(dialog)
    assert meanings(dialog) == ["Correct", "not understood: left out", "not understood: left out"]
    assert "2 words of the results are not understood: choose below what they mean." in dialog.verdict.text()
    second, third = boxes(dialog)[1:]
    assert second.accessibleName() == "What “na ja” means"
    choose(second, "Partly")
    assert dialog.meanings.isVisible(), "it keeps the focus while the file is looked through"
    await desk.until("the look", lambda: dialog.verdict.text().startswith("2 of 3 rows"))
    assert boxes(dialog)[1] is second
    choose(third, "leave out")
    await desk.until("the look", lambda: dialog.send.isEnabled() and "understood" not in dialog.verdict.text())
    dialog.columns.path.setText("/deutsch")
    await desk.until("the look", lambda: dialog.send.isEnabled() and "/deutsch" in dialog.verdict.text())
    await opened.close(dialog)
    dialog = await opened.open()
    await opened.look(dialog)
    assert meanings(dialog) == ["Correct", "Partly", "leave out"]
    assert dialog.columns.path.text() == "/deutsch"
    press(dialog.send)
    await desk.until("the end", lambda: dialog.words.text() == "All 2 were sent and taken.")
    assert dialog.verdict.text() == "2 answers were sent. 1 row was left out. From 2026-01-05 to 2026-01-05."
    entries = await desk.services.delivery.entries(DEMO_ID, open_only=False)
    sent = {each.outcome.exercise.id: each.outcome.outcome for each in entries}
    assert {key: outcome.result for key, outcome in sent.items()} == {
        "q1": Result.CORRECT, "q2": Result.PARTIALLY_CORRECT,
    }  # fmt: skip
    assert (sent["q1"].time_spent_ms, sent["q2"].time_spent_ms) == (90_000, 45_000)
    await opened.close(dialog)


async def test_rows_out_of_order_are_sent_in_the_order_of_their_times_unless_it_is_unticked(
    desk: PracticeDesk, opened: Opened
) -> None:
    opened.path.write_text(UNDERSTOOD, "utf-8")
    dialog = await opened.open()
    await opened.look(dialog)
    assert dialog.columns.by_time.isChecked()
    assert "not in the order of their times, but are sent in it, as ticked below" in dialog.verdict.text()
    dialog.columns.by_time.click()
    await desk.until("the look", lambda: "are sent as the rows stand" in dialog.verdict.text())
    assert not dialog.columns.by_time.isChecked(), "as it was chosen"
    await opened.close(dialog)


async def test_exercises_that_are_known_have_their_topic_from_the_content(desk: PracticeDesk, opened: Opened) -> None:
    opened.known = Catalogue([Exercise("q1", "/IB/math", difficulty_level=3.0)])
    opened.path.write_text(UNDERSTOOD, "utf-8")
    dialog = await opened.open()
    await opened.look(dialog)
    assert "In 1 of them the exercise is known here, and has its topic" in dialog.verdict.text()
    press(dialog.send)
    await desk.until("the end", lambda: dialog.words.text() == "All 3 were sent and taken.")
    entries = await desk.services.delivery.entries(DEMO_ID, open_only=False)
    exercises = {each.outcome.exercise.id: each.outcome.exercise for each in entries}
    assert {key: (each.path, each.difficulty_level) for key, each in exercises.items()} == {
        "q1": ("/IB/math", 3.0), "q2": (PATH_UNKNOWN, None), "q3": (PATH_UNKNOWN, None),
    }  # fmt: skip
    await opened.close(dialog)


async def test_a_file_that_is_no_table_shows_nothing_of_an_earlier_one(
    desk: PracticeDesk, opened: Opened, tmp_path: Path
) -> None:
    dialog = await opened.open()
    await opened.look(dialog)
    assert dialog.columns.isVisible()
    opened.path = tmp_path / "empty.csv"
    opened.path.write_bytes(b"")
    press(dialog.choose)
    await desk.until("the problem", lambda: "no table" in dialog.verdict.text())
    assert (dialog.file.text(), dialog.columns.isVisible(), dialog.meanings.isVisible()) == ("", False, False)
    assert not dialog.send.isEnabled()
    await opened.close(dialog)


def test_the_unit_is_said_beside_the_first_value_and_follows_what_is_chosen(dialog: ReplayDialog) -> None:
    dialog.show_file("a.csv", COLUMNS, guess_mapping(COLUMNS.names, COLUMNS.samples))
    sample = dialog.findChild(QLabel, "replaySample-time_spent")
    assert isinstance(sample, QLabel)
    assert dialog.columns.unit.currentText() == "in seconds"
    assert sample.text() == "such as 45, that is 45 s"
    dialog.columns.unit.setCurrentIndex(dialog.columns.unit.findData(TimeUnit.MINUTES))
    assert sample.text() == "such as 45, that is 45 min 0 s"


@pytest.mark.parametrize(
    ("told", "unit", "words"),
    [
        ("00:01:30", TimeUnit.MILLISECONDS, "such as 00:01:30, a clock time: 1 min 30 s"),
        ("12,5", TimeUnit.SECONDS, "such as 12,5, that is 12.5 s"),
        ("45", TimeUnit.MILLISECONDS, "such as 45, that is 0.045 s"),
        ("3900", TimeUnit.SECONDS, "such as 3900, that is 1 h 5 min"),
        ("soon", TimeUnit.SECONDS, "such as soon"),
    ],
)
def test_a_time_spent_is_said_as_it_is_read(told: str, unit: TimeUnit, words: str) -> None:
    assert spent_words(told, unit) == words


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        (Remark(Odd.FUTURE, 1, 4), "1 answer is dated in the future: row 5."),
        (Remark(Odd.FUTURE, 1_200, 4), "1,200 answers are dated in the future, the first in row 5."),
        (Remark(Odd.LONG_AGO, 1, 1), "1 answer is dated before 2000: row 2."),
        (Remark(Odd.LONG_AGO, 3, 1), "3 answers are dated before 2000, the first in row 2."),
        (Remark(Odd.TWICE, 1, 6), "1 answer is there twice, the same exercise at the same time: row 7."),
        (
            Remark(Odd.TWICE, 2, 6),
            "2 answers repeat one that is there, the same exercise at the same time, the first in row 7.",
        ),
    ],
)
def test_what_is_odd_is_remarked_before_it_is_sent(remark: Remark, words: str) -> None:
    odd = replace(FINE, remarks=(remark,))
    assert words in dry_words(odd, False)
    assert dry_tone(odd) == "warn"


def test_where_all_exercises_are_known_nothing_is_said_to_be_nowhere() -> None:
    known = replace(FINE, placed=80, places={"q": Place("/IB")})
    said = dry_words(known, False, PATH_UNKNOWN)
    assert "All exercises are known here" in said
    assert PATH_UNKNOWN not in said
    assert dry_tone(known, PATH_UNKNOWN) == "good"
    some = replace(known, placed=30)
    assert "the others are, so they are sent as being in “/replay”" in dry_words(some, False, PATH_UNKNOWN)
    assert dry_tone(some, PATH_UNKNOWN) == "warn"


def test_after_sending_it_speaks_of_what_was_sent_and_not_of_choices(dialog: ReplayDialog) -> None:
    dialog.show_dry(replace(FINE, maybe_person="User", rows=83, problem_count=3))
    assert "choose it as the person below" in dialog.verdict.text()
    dialog.show_sending(0, 80, "0 of 80 sent.")
    assert dialog.verdict.text() == "This replay has 80 answers. 3 rows were left out. From 2026-01-05 to 2026-02-14."
    dialog.show_finished("80 were put on their way: 1 were not taken", "warn")
    assert dialog.verdict.text().startswith("This replay has 80 answers."), "not all were taken"
    dialog.show_finished("All 80 were sent and taken.")
    assert dialog.verdict.text() == "80 answers were sent. 3 rows were left out. From 2026-01-05 to 2026-02-14."


def test_a_replay_that_is_gone_on_with_says_nothing_of_a_file_that_was_looked_at(dialog: ReplayDialog) -> None:
    dialog.show_file("other.csv", COLUMNS, Mapping())
    dialog.show_dry(FINE)
    dialog.show_taken_up("another.csv")
    dialog.show_sending(3, 9, "3 of 9 sent.")
    assert (dialog.file.whole, dialog.verdict.text()) == ("another.csv", "")


@pytest.mark.parametrize(
    ("dry", "missing"),
    [
        (FINE, ""),
        (replace(FINE, asks_days=True), "Choose above how its dates are read."),
        (replace(FINE, people_count=3), "Choose above whose answers to send."),
        (replace(FINE, usable=0), "None of the rows can be sent as it is."),
    ],
)
def test_what_keeps_it_from_being_sent_is_said_beside_the_button(
    dialog: ReplayDialog, dry: DryRun, missing: str
) -> None:
    dialog.show_file("other.csv", COLUMNS, Mapping())
    dialog.show_dry(dry)
    assert dialog.words.text() == missing
    assert dialog.send.isEnabled() is not bool(missing)
    dialog.show_problem("Choose the column that says when it was.")
    assert dialog.words.text() == "Choose the column that says when it was."
    assert not dialog.foot.bar.isVisible(), "nothing is under way"
    dialog.show_checking()
    assert dialog.words.text() == ""


def test_a_value_of_a_score_has_nothing_to_choose(dialog: ReplayDialog) -> None:
    dialog.show_dry(replace(FINE, understood=(Understood("", Result.CORRECT, 3), Understood("ja", Result.CORRECT, 2))))
    assert [box.accessibleName() for box in boxes(dialog)] == ["What “ja” means"]
    dialog.show_dry(replace(FINE, understood=(Understood("nein", Result.INCORRECT, 2),)))
    assert meanings(dialog) == ["Incorrect"]
