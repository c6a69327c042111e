"""The painted pictures: where a value lies, what a legend needs, and the words and rows made for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.practice.meaning.challenge import AskedAgainstGot, ChallengeBin
from sana_desktop.practice.meaning.coverage import CoveragePart
from sana_desktop.practice.meaning.figures import Point, wilson
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.practice.meaning.shapes import Repeats, Streaks
from sana_desktop.ui.practice.meaning import rows
from sana_desktop.ui.practice.meaning.bars_picture import MAX_BARS, Bar, BarsPicture
from sana_desktop.ui.practice.meaning.challenge_picture import ChallengePicture
from sana_desktop.ui.practice.meaning.curve_picture import CurvePicture, ticks_of
from sana_desktop.ui.practice.meaning.pictures import height_of, paint_mark
from sana_desktop.ui.theme.theme import Theme


def level(asked: float | None, failures: int, answers: int) -> ChallengeBin:
    return ChallengeBin(asked, answers, failures, wilson(failures, answers))


def part(name: str, offered: int, answers: int = 0) -> CoveragePart:
    return CoveragePart(name, None, offered, answers, answers, wilson(answers, answers))


def test_a_share_lies_between_bottom_and_top_and_never_outside() -> None:
    place = QRectF(0, 10, 50, 100)
    assert [height_of(share, place) for share in (0.0, 0.5, 1.0)] == [110, 60, 10]
    assert (height_of(-1, place), height_of(2, place)) == (110, 10)


def test_an_axis_is_never_of_no_length_and_never_blows_up_a_trifle() -> None:
    assert ticks_of([0.3]) == [0.0, 0.2, 0.4, 0.6]
    assert ticks_of([1.0, 1.1]) == [0.8, 1.0, 1.2, 1.4]
    assert ticks_of([-2.9, 0.5]) == [-3, -2, -1, 0, 1]
    assert ticks_of([3.0, 970.0]) == [0, 500, 1_000]
    assert ticks_of([]) == [0.0, 0.5, 1.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_the_lines_of_an_axis_hold_all_it_shows_and_are_few(values: list[float]) -> None:
    ticks = ticks_of(values)
    assert 2 <= len(ticks) <= 5
    least = 1e-6 * (ticks[1] - ticks[0])
    assert ticks[0] <= min(values) + least
    assert max(values) - least <= ticks[-1]


@pytest.mark.parametrize("size", [9, 18])
def test_the_marks_of_results_differ_in_shape_not_in_colour_alone(theme: Theme, size: int) -> None:
    shapes = set()
    for result in Result:
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, theme, result, QPointF(12, 12), size)
        painter.end()
        shapes.add(tuple(image.pixelColor(x, y).alpha() > 128 for x in range(24) for y in range(24)))
    assert len(shapes) == len(Result)


def test_the_numbers_of_an_axis_have_one_number_of_decimals(qtbot: QtBot, theme: Theme) -> None:
    written: list[str] = []

    class Listening(CurvePicture):
        def axis(self, painter: QPainter, plot: QRectF, words: Sequence[str] = ()) -> QRectF:
            written.extend(words)
            return super().axis(painter, plot, words)

    picture = Listening("curve", "Curve", theme, shares=False)
    qtbot.addWidget(picture)
    picture.show_points([Point(1, -1.15), Point(2, -0.65)], "")
    picture.resize(300, 200)
    picture.grab()
    assert written[:4] == ["−1.2", "−1.0", "−0.8", "−0.6"]


def test_a_curve_goes_from_the_first_answer_to_the_last(qtbot: QtBot, theme: Theme) -> None:
    picture = CurvePicture("curve", "Curve", theme, shares=True)
    qtbot.addWidget(picture)
    picture.resize(300, picture.heightForWidth(300))
    picture.show_points([Point(1, 0.0), Point(2, 1.0), Point(100, 1.0)], "words", [(Result.CORRECT, 3)])
    image = picture.grab().toImage()
    accent = theme.colour("accent").name()
    columns = {
        x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).name() == accent
    }
    assert max(columns) - min(columns) > 200
    assert picture.accessibleDescription() == "words"


def test_the_words_of_an_empty_curve_are_whole(qtbot: QtBot, theme: Theme) -> None:
    """What is painted reaches as low in the picture's own height as it does where there is more room."""
    for shares in (True, False):
        picture = CurvePicture("curve", "Curve", theme, shares=shares)
        qtbot.addWidget(picture)
        lowest = []
        for more in (0, 40):
            picture.resize(300, picture.heightForWidth(300) + more)
            picture.show_points([], "")
            image = picture.grab().toImage()
            ground = image.pixelColor(150, 0)
            lowest.append(
                max(y for y in range(image.height()) if any(image.pixelColor(x, y) != ground for x in range(50, 290)))
            )
        assert lowest[0] == lowest[1] < picture.heightForWidth(300) - 1


def test_a_picture_of_nothing_has_words_and_no_axes(qtbot: QtBot, theme: Theme) -> None:
    curve, challenge = CurvePicture("curve", "Curve", theme, shares=True), ChallengePicture(theme)
    for picture in (curve, challenge):
        qtbot.addWidget(picture)
        picture.resize(300, picture.heightForWidth(300))
        image = picture.grab().toImage()
        ground, line = image.pixelColor(150, 0), theme.colour("line").name()
        seen = {image.pixelColor(x, y).name() for x in range(300) for y in range(image.height())}
        assert line not in seen - {ground.name()}
        assert len(seen) > 1, "the words"
    assert challenge.legend() == ()
    challenge.show_bins([level(0.5, 5, 10)], "")
    assert [words for _, words in challenge.legend()] == ["as asked", "what came", "room for chance"]


def test_the_newest_results_stand_below_the_curve_as_marks_of_the_legend(qtbot: QtBot, theme: Theme) -> None:
    picture = CurvePicture("curve", "Curve", theme, shares=True)
    qtbot.addWidget(picture)
    picture.resize(240, picture.heightForWidth(240))

    def columns(latest: list[Result], role: str) -> set[int]:
        picture.show_points([Point(1, 0.5)], "", (), latest)
        image = picture.grab().toImage()
        colour = theme.colour(role).name()
        return {x for x in range(240) for y in range(image.height()) if image.pixelColor(x, y).name() == colour}

    assert columns([], "good") == set()
    assert max(columns([Result.CORRECT] * 4, "good")) < max(columns([Result.CORRECT] * 20, "good")) < 238
    mixed = [Result.CORRECT, Result.INCORRECT]
    assert max(columns(mixed, "good")) < min(columns(mixed, "bad")), "the newest stands last"


def test_a_legend_wraps_where_it_has_no_room(qtbot: QtBot, theme: Theme) -> None:
    picture = CurvePicture("curve", "Curve", theme, shares=True)
    qtbot.addWidget(picture)
    picture.show_points([Point(1, 0.5)], "", [(result, 12_345) for result in Result])
    line = picture.line_height()
    assert picture.heightForWidth(90) - picture.heightForWidth(900) >= 3 * line
    assert [words for _, words in picture.legend()] == [
        "Correct 12,345",
        "Partly 12,345",
        "Incorrect 12,345",
        "Skipped 12,345",
    ]


def test_what_was_not_asked_for_stands_apart(qtbot: QtBot, theme: Theme) -> None:
    picture = ChallengePicture(theme)
    qtbot.addWidget(picture)
    picture.resize(300, picture.heightForWidth(300))

    def squares() -> set[int]:
        image = picture.grab().toImage()
        accent = theme.colour("accent").name()
        top = round(picture.plot_height()) - 3 * picture.line_height()
        return {x for x in range(300) for y in range(top) if image.pixelColor(x, y).name() == accent}

    picture.show_bins([level(0.5, 5, 10)], "")
    alone = squares()
    picture.show_bins([level(0.5, 5, 10), level(None, 5, 10)], "")
    both = squares()
    assert max(both) > max(alone)
    assert min(both) < min(alone), "the levels make room"
    picture.show_bins([level(0.5, 0, 0)], "")
    assert squares() == set(), "nothing was answered"


def test_of_many_bars_the_first_are_drawn_and_the_others_counted(qtbot: QtBot, theme: Theme) -> None:
    picture = BarsPicture("bars", "Bars", theme)
    qtbot.addWidget(picture)
    picture.show_bars([Bar(str(n), str(n), 0.5) for n in range(MAX_BARS)], "")
    exact = picture.heightForWidth(300)
    picture.show_bars([Bar(str(n), str(n), 0.5) for n in range(MAX_BARS + 3)], "")
    assert picture.heightForWidth(300) == exact + picture.line_height()
    picture.resize(300, picture.heightForWidth(300))
    assert not picture.grab().isNull()


def test_the_sentence_about_challenge_counts_what_agrees() -> None:
    agreeing = tuple(level(asked, round(asked * 40), 40) for asked in (0.2, 0.5, 0.8))
    assert rows.challenge_sentence(AskedAgainstGot(agreeing)) == (
        "At all 3 levels what came agrees with what was asked for."
    )
    off = (*agreeing, level(0.1, 40, 40))
    assert rows.challenge_sentence(AskedAgainstGot(off)).startswith("At 3 of 4 levels")
    assert "Sana decided" in rows.challenge_sentence(AskedAgainstGot((level(None, 1, 2),)))
    few = tuple(level(asked, 1, 9) for asked in (0.2, 0.5, 0.8))
    assert rows.challenge_sentence(AskedAgainstGot(few)) == (
        "At none of the 3 levels are there enough answers to tell yet; it takes 10 each."
    )


def test_rows_of_challenge_say_their_verdict_in_words() -> None:
    bins = (level(0.5, 20, 40), level(0.9, 2, 40), level(0.0, 1, 2), level(None, 2, 40))
    _, found = rows.challenge_rows(AskedAgainstGot(bins))
    assert [cells[-1].spoken or cells[-1].text for cells in found] == [
        "agrees",
        "differs",
        "too few to tell",
        "nothing to compare with",
    ]


def test_what_was_recommended_and_what_a_report_brought_are_two_counts() -> None:
    found = Meaning()
    came, law = Exercise("a", "/law/competition"), Exercise("b", "/law/competition")
    found.offered([came, came, Exercise("c", "/art/old")])
    for number in range(5):
        outcome = Outcome(datetime(2026, 1, 5, tzinfo=UTC), Result.CORRECT if number < 3 else Result.INCORRECT)
        found.answered(law, outcome, recommended=False)
    law_part, art = found.snapshot().coverage.paths
    assert (law_part.offered, law_part.answers, law_part.unasked) == (2, 5, 5)
    law_bar, art_bar = rows.part_bars((law_part, art), paths=True)
    assert law_bar.number == "recommended 2×; answered 5×, 60 % right"
    assert (law_bar.share, art_bar.number, art_bar.share) == (1.0, "1×", 1 / 7), "it came up seven times"
    assert "law › competition (recommended 2×, answered 5×)" in rows.parts_sentence((law_part, art))


def test_the_most_frequent_parts_are_named() -> None:
    parts = [part("/IB/math/", 9), part("/IB/art/", 4), part("/IB/law/", 2), part("/IB/a/", 1), part("/IB/b/", 1)]
    assert rows.parts_sentence(parts[:2]) == "Came up: IB › math (9 times), IB › art (4 times)."
    assert rows.parts_sentence(parts[:4]).endswith("; one other.")
    assert rows.parts_sentence(parts).endswith("; 2 others.")
    assert rows.parts_sentence([]) == ""
    once = [part(f"/IB/{name}/", 1) for name in "abcde"]
    assert rows.parts_sentence(once[:1]) == "Came up: IB › a (once)."
    assert rows.parts_sentence(once[:3]) == "Came up once each: IB › a, IB › b, IB › c."
    assert rows.parts_sentence(once[:4]) == "Came up once each: IB › a, IB › b, IB › c and one other."
    assert rows.parts_sentence(once) == "Came up once each: IB › a, IB › b, IB › c and 2 others."
    assert [bar.share for bar in rows.part_bars(parts[:2], paths=True)] == [1.0, pytest.approx(4 / 9)]


def test_what_was_answered_without_being_offered_is_not_said_to_have_come_up_no_times() -> None:
    parts = [part("/IB/math/", 0, 3), part("/IB/art/", 2, 1), part("/IB/law/", 0, 1)]
    bars = rows.part_bars(parts, paths=True)
    assert [bar.number for bar in bars] == [
        "answered 3×, 100 % right",
        "2×, 100 % of 1 right",
        "answered 1×, 100 % right",
    ]
    assert [bar.share for bar in bars] == [1.0, pytest.approx(2 / 3), pytest.approx(1 / 3)]
    named = "IB › math (answered 3 times), IB › art (2 times), IB › law (answered once)"
    assert rows.parts_sentence(parts) == f"Came up: {named}."


def test_streaks_and_repeats_are_rows() -> None:
    _, found = rows.streak_rows(Streaks(2, False, 5, 3), Repeats(10, 4, ("e1", 3)))
    assert [(cells[0].text, cells[1].text) for cells in found] == [
        ("Now, not fully right", "2"),
        ("Longest, fully right", "5"),
        ("Longest, not fully right", "3"),
        ("Answers to something seen before", "4"),
        ("Most often: e1", "3"),
    ]
