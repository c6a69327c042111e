"""The verdict of a replay's dry run: what it says, in which tone, and what can be done then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QTableView
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Exercise, NextQuery, Recommendation, Result
from sana_desktop.base.words import Words
from sana_desktop.practice.replay.columns import PATH_UNKNOWN, Field, Mapping
from sana_desktop.practice.replay.compare import InFile, ThenAndNow
from sana_desktop.practice.replay.dry_run import DryRun, Person, Problem, Understood
from sana_desktop.practice.replay.file import Columns
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.replay.times import DayOrder
from sana_desktop.practice.sessions.session import Asked
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.replay.words import dry_words, finished_words, understood_rows, unfinished_words
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FINE = DryRun(
    rows=80, usable=80, problems=(), problem_count=0, requests=1, bytes=9_000, people=(), people_count=0, person=0,
    first_at=NOON, last_at=NOON + timedelta(days=40), in_order=True, file_sha256="00",
)  # fmt: skip
BAD = Problem(17, Words("It does not say how it ended."))
PEOPLE = (Person("4711", 50), Person("4712", 30))
RECORD = ReplayRecord("r", "c", "sana-desktop-test-1", Path("a.csv"), "00", Mapping(), 0, 350, 809, NOON, NOON)


@pytest.mark.parametrize(
    ("dry", "path", "said"),
    [
        (FINE, None, "80 of 80 rows can be sent, in one request. From 2026-01-05 to 2026-02-14."),
        (
            replace(FINE, rows=1_812, usable=1_809, requests=14, bytes=197_400, in_order=False),
            None,
            (
                "1,809 of 1,812 rows can be sent, in 14 requests of 197 kB together. "
                "They are not in the order of their times, and are sent as the rows stand. "
                "From 2026-01-05 to 2026-02-14."
            ),
        ),
        (
            replace(FINE, rows=200, problems=(BAD,), problem_count=120),
            None,
            (
                "80 of 200 rows can be sent, in one request. The first 1 that can't be sent are listed. "
                "From 2026-01-05 to 2026-02-14."
            ),
        ),
        (
            FINE,
            PATH_UNKNOWN,
            (
                "80 of 80 rows can be sent, in one request. No column says where the exercises are, so all are sent as "
                "being in “/replay”, which is no topic of your content. Name theirs below, if they have one. "
                "From 2026-01-05 to 2026-02-14."
            ),
        ),
        (
            FINE,
            "/IB/math",
            (
                "80 of 80 rows can be sent, in one request. No column says where the exercises are, so all are sent as "
                "being in “/IB/math”. From 2026-01-05 to 2026-02-14."
            ),
        ),
        (
            replace(FINE, usable=0, requests=0, first_at=None, last_at=None),
            PATH_UNKNOWN,
            "0 of 80 rows can be sent, in one request.",
        ),
    ],
)
def test_what_a_dry_run_found_is_said(dry: DryRun, path: str | None, said: str) -> None:
    assert dry_words(dry, False, path) == said


def test_of_several_people_one_has_to_be_chosen_and_that_is_said() -> None:
    assert dry_words(replace(FINE, people=PEOPLE, people_count=2), True) == (
        "80 of 80 rows can be sent, in one request. They are of 2 people, and one learner can't have answered for all "
        "of them: choose whose to send. From 2026-01-05 to 2026-02-14."
    )


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, icons: Icons) -> ReplayDialog:
    made = ReplayDialog(theme, icons)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("dry", "tone", "ready"),
    [
        (FINE, "good", True),
        (replace(FINE, problems=(BAD,), problem_count=1), "warn", True),
        (replace(FINE, usable=0), "warn", False),
        (replace(FINE, people=PEOPLE, people_count=2), "warn", False),
        (replace(FINE, people=PEOPLE, people_count=2, person=1), "good", True),
        (replace(FINE, maybe_person="User email"), "warn", True),
        (replace(FINE, left_out=((Field.SCORE, 1),)), "warn", True),
        (replace(FINE, asks_days=True), "warn", False),
        (replace(FINE, asks_days=True, days=DayOrder.DAY_FIRST), "good", True),
    ],
)
def test_the_verdict_has_the_tone_of_what_was_found_and_offers_what_can_be_sent(
    dialog: ReplayDialog, dry: DryRun, tone: str, ready: bool
) -> None:
    dialog.show_dry(dry)
    assert dialog.verdict.text().endswith("Nothing was sent yet.")
    assert dialog.verdict.property("tone") == tone
    assert (dialog.send.isEnabled(), dialog.learner.isVisible()) == (ready, ready)


def test_B34_what_has_consequences_is_not_said_in_green(dialog: ReplayDialog) -> None:
    dialog.show_dry(FINE, PATH_UNKNOWN)
    assert dialog.verdict.property("tone") == "warn"
    dialog.show_dry(FINE, "/IB/math")
    assert dialog.verdict.property("tone") == "good"


def test_what_may_be_a_person_and_what_is_left_out_is_said() -> None:
    said = dry_words(
        replace(FINE, maybe_person="User email", left_out=((Field.SCORE, 1), (Field.TIME_SPENT, 1_200))), False
    )
    assert "“User email” seems to say whose answers they are, and names several people: choose it as the person" in said
    assert "Left out, as it can't be read: Score in 1 row, Time spent in 1,200 rows." in said


def test_a_large_file_is_said_in_megabytes() -> None:
    assert "in 250 requests of 3.9 MB together" in dry_words(replace(FINE, requests=250, bytes=3_909_200), False)


def test_how_the_answers_are_understood_is_shown_before_anything_is_sent(dialog: ReplayDialog) -> None:
    understood = (
        Understood("Passed", Result.CORRECT, 1_200),
        Understood("Attempted", None, 3),
        Understood("", Result.SKIPPED, 1),
    )
    dry = replace(FINE, understood=understood, understood_count=15)
    assert [[cell.text for cell in row] for row in understood_rows(dry)] == [
        ["Passed", "Correct", "1,200"],
        ["Attempted", "not understood: left out", "3"],
        ["(by the score)", "Skipped", "1"],
        ["12 values more", "", ""],
    ]
    table = dialog.findChild(QTableView, "replayUnderstood")
    assert isinstance(table, QTableView)
    dialog.show_dry(dry)
    assert table.isVisible()
    dialog.show_sending(0, 80, "0 of 80 sent.")
    assert not table.isVisible()


def test_a_row_that_can_not_be_sent_has_the_number_that_a_spreadsheet_gives_it(dialog: ReplayDialog) -> None:
    dialog.show_dry(replace(FINE, usable=79, problems=(BAD,), problem_count=1))
    view = dialog.findChild(QTableView, "replayProblems")
    assert isinstance(view, QTableView)
    assert [view.model().index(0, column).data() for column in (0, 1)] == ["18", "It does not say how it ended."]


def test_fields_of_both_forms_begin_at_one_line(dialog: ReplayDialog) -> None:
    columns = Columns(("question", "result", "at"), (("a", "correct", "2026-01-05"),), ",", "utf-8", 60)
    dialog.show_file("answers.csv", columns, Mapping({Field.EXERCISE: "question"}))
    dialog.show_dry(FINE)
    fields = [dialog.findChild(QComboBox, name) for name in ("replayLearner", "replayColumn-exercise")]
    left = {field.mapTo(dialog, QPoint(0, 0)).x() for field in fields if isinstance(field, QComboBox)}
    assert len(left) == 1
    assert dialog.isSizeGripEnabled()


def test_the_choices_begin_at_one_line_and_the_dialog_can_be_made_larger(dialog: ReplayDialog) -> None:
    dialog.show_dry(
        replace(
            FINE, rows=400, usable=400, people=PEOPLE, people_count=2, person=1, asks_days=True, days=DayOrder.DAY_FIRST
        )
    )
    choices = (dialog.days, dialog.person, dialog.learner, dialog.stops)
    assert all(choice.isVisible() for choice in choices)
    assert len({choice.mapTo(dialog, choice.rect().topLeft()).x() for choice in choices}) == 1
    assert dialog.maximumWidth() > 2_000


def test_then_and_now_of_long_names_stand_beside_each_other_without_a_scroll_bar(
    dialog: ReplayDialog, qtbot: QtBot
) -> None:
    now = tuple(Exercise(f"compliance-money-laundering-know-your-cus-{n}", "/compliance/laundering") for n in range(20))
    exchange = samples.then_and_now().asked.recommendation.exchange
    asked = Asked(NOON, NextQuery("u", 10), Recommendation(now[:10], exchange))
    found = ThenAndNow(1_500, 20_000, now[10:], asked, (InFile(0, 12_000),) * 10)
    dialog.show_paused(1_500, 20_000, "")
    dialog.show_compared(found, "")
    view = dialog.findChild(QTableView, "replayDifference")
    assert isinstance(view, QTableView)
    assert view.isVisible()
    assert view.model().rowCount() == 20
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() == 0)
    assert view.horizontalScrollBar().maximum() == 0
    assert view.columnWidth(2) >= view.sizeHintForColumn(2), "the topic is not cut"


def test_the_verdict_of_another_look_takes_the_place_of_the_last_one(dialog: ReplayDialog) -> None:
    dialog.show_dry(FINE, PATH_UNKNOWN)
    assert "/replay" in dialog.verdict.text()
    dialog.show_checking()
    assert dialog.verdict.text() == "Looking through the file. Nothing is sent."
    assert not dialog.send.isEnabled()
    dialog.show_problem("Choose the column that says when it was.")
    assert (dialog.verdict.text(), dialog.verdict.property("tone")) == (
        "Choose the column that says when it was.", "warn",
    )  # fmt: skip
    dialog.show_dry(FINE)
    assert "/replay" not in dialog.verdict.text()
    dialog.show_sending(0, 80, "0 of 80 sent.")
    assert "Nothing was sent yet" not in dialog.verdict.text(), "something is by now"
    assert dialog.verdict.text() == "This replay has 80 answers. From 2026-01-05 to 2026-02-14."


@pytest.mark.parametrize(
    ("unknown", "parked", "said", "tone"),
    [
        (0, 0, "All 809 were sent and taken.", "good"),
        (
            2, 1,
            ("809 were put on their way: 1 were not taken, of 2 the answer was lost. Look at them among the answers on "
            "their way."),
            "warn",
        ),
    ],
)  # fmt: skip
def test_how_it_ended_is_said(unknown: int, parked: int, said: str, tone: str) -> None:
    assert finished_words(ReplayProgress(RECORD, ReplayState.FINISHED, unknown, parked)) == (said, tone)


def test_what_is_not_finished_says_whose_it_is() -> None:
    assert unfinished_words(RECORD, "Learner 1") == "a.csv is not finished: 350 of 809 were sent to Learner 1."
    assert unfinished_words(RECORD, "").endswith("sent to sana-desktop-test-1.")
    assert unfinished_words(RECORD, "", 3).endswith("-1. Of 3 answers it is not known whether they arrived.")
