"""What a replay would do with a file: what it understands, what it leaves out, and whose rows they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.base.errors import UserError
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.replay.columns import PATH_UNKNOWN, Field, Mapping, Place, guess_mapping
from sana_desktop.practice.replay.dry_run import Odd, Remark, Understood, dry_run
from sana_desktop.practice.replay.file import outcomes, read_columns
from sana_desktop.practice.replay.times import DayOrder
from tests.support.replay_files import HEADER, a_file, a_row


def test_a_dry_run_counts_and_names_what_can_not_be_sent(tmp_path: Path) -> None:
    text = HEADER + a_row(1) + a_row(3) + ",q9,perhaps,2026-01-05\n" + "\n" + a_row(2) + "peter,,correct,2026-01-05\n"
    path = a_file(tmp_path, text)
    mapping = guess_mapping(read_columns(path).names)
    dry = dry_run(path, mapping)
    assert (dry.rows, dry.usable, dry.problem_count, dry.in_order) == (5, 3, 2, False)
    assert [(problem.row, problem.words) for problem in dry.problems] == [
        (3, "The result “perhaps” is none that I know."),
        (5, "It does not say which exercise it was."),
    ]
    assert (dry.requests, dry.people_count) == (1, 2)
    assert [(person.id, person.rows) for person in dry.people] == [("maria", 3), ("peter", 1)]
    assert (dry.first_at, dry.last_at) != (None, None)
    assert dry.bytes > 300
    hers = dry_run(path, mapping, "maria")
    assert (hers.rows, hers.problem_count, hers.person) == (3, 0, 1)
    assert [found.exercise.id for found in outcomes(path, mapping, hers.person)] == ["q1", "q3", "q2"]
    nobody = dry_run(path, mapping, "anna")
    assert (nobody.rows, nobody.usable, nobody.person) == (0, 0, 0)


def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        dry_run(a_file(tmp_path, HEADER + a_row(1)), Mapping({Field.EXERCISE: "exercise"}))
    assert caught.value.code == "E-REPLAY-MAPPING"
    assert "how it ended" in caught.value.message


def test_problems_are_bounded_and_all_counted(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + "u,q,perhaps,2026-01-05\n" * 1_000)
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert (len(dry.problems), dry.problem_count, dry.usable, dry.requests) == (100, 1_000, 0, 0)


def test_a_quotation_mark_that_never_closes_is_said(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + a_row(1) + '"' + a_row(2) * 20_000)
    with pytest.raises(UserError) as caught:
        dry_run(path, guess_mapping(read_columns(path).names))
    assert "quotation mark" in caught.value.next_step


def dates(folder: Path, *times: str) -> Path:
    rows = "".join(f"q{number},Passed,{at}\n" for number, at in enumerate(times))
    return a_file(folder, f"exercise,result,timestamp\n{rows}")


def test_what_comes_first_in_dates_is_taken_from_the_file_or_asked(tmp_path: Path) -> None:
    mapping = guess_mapping(["exercise", "result", "timestamp"])
    path = dates(tmp_path, "02/03/2026 08:00", "13/03/2026 08:00")
    dry = dry_run(path, mapping)
    assert (dry.usable, dry.days, dry.asks_days) == (2, DayOrder.DAY_FIRST, True)
    assert [found.outcome.timestamp.month for found in outcomes(path, mapping)] == [3, 3]
    path = dates(tmp_path, "02/03/2026 08:00", "04/03/2026 08:00")
    dry = dry_run(path, mapping)
    assert (dry.usable, dry.days, dry.asks_days) == (0, None, True)
    chosen = replace(mapping, days=DayOrder.MONTH_FIRST)
    dry = dry_run(path, chosen)
    assert (dry.usable, dry.days, dry.asks_days) == (2, DayOrder.MONTH_FIRST, True)
    assert [found.outcome.timestamp.month for found in outcomes(path, chosen)] == [2, 4]
    dry = dry_run(dates(tmp_path, "2026-03-02", "02.03.2026"), mapping)
    assert (dry.usable, dry.days, dry.asks_days) == (2, None, False)


@pytest.mark.parametrize(
    ("column", "people", "found"),
    [
        ("Contact", ("a@x.example", "b@x.example"), "Contact"),
        ("Contact", ("a@x.example", "a@x.example"), ""),
        ("Contact", ("green", "blue"), ""),
        ("User", ("4711", "4712"), "User"),
    ],
)
def test_B34_several_people_that_nobody_chose_are_noticed(
    tmp_path: Path, column: str, people: tuple[str, str], found: str
) -> None:
    rows = "".join(f"q,correct,2026-01-05,{who}\n" for who in people)
    path = a_file(tmp_path, f"exercise,result,timestamp,{column}\n{rows}")
    mapping = guess_mapping(["exercise", "result", "timestamp"])
    assert dry_run(path, mapping).maybe_person == found
    theirs = Mapping({**mapping.columns, Field.USER: column})
    assert dry_run(path, theirs).maybe_person == ""


def test_a_dry_run_tells_how_answers_are_understood_and_what_is_left_out(tmp_path: Path) -> None:
    rows = [("Passed", "1"), ("Passed", "x"), ("Failed", "100%"), ("Attempted", "1")]
    lines = "".join(f"q,{result},2026-01-05,{score}\n" for result, score in rows)
    path = a_file(tmp_path, "exercise,result,timestamp,score\n" + lines)
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert dry.understood == (
        Understood("Passed", Result.CORRECT, 2),
        Understood("Failed", Result.INCORRECT, 1),
        Understood("Attempted", None, 1),
    )
    assert (dry.understood_count, dry.left_out, dry.usable) == (3, ((Field.SCORE, 1),), 3)
    many = "".join(f"q,odd {number},2026-01-05,1\n" for number in range(2_000))
    path = a_file(tmp_path, "exercise,result,timestamp,score\n" + many)
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert (len(dry.understood), dry.understood_count) == (40, 1_000)


@pytest.mark.parametrize(("minutes", "in_order"), [((1, 3, 3, 4), True), ((1, 3, 2), False), ((1, 5, 2, 3), False)])
def test_a_dry_run_tells_whether_rows_are_in_the_order_of_their_times(
    tmp_path: Path, minutes: tuple[int, ...], in_order: bool
) -> None:
    path = a_file(tmp_path, HEADER + "".join(a_row(number, minute=at) for number, at in enumerate(minutes)))
    assert dry_run(path, guess_mapping(read_columns(path).names)).in_order is in_order


def test_whether_dates_ask_for_an_order_is_told_though_one_was_chosen(tmp_path: Path) -> None:
    mapping = replace(guess_mapping(["exercise", "result", "timestamp"]), days=DayOrder.DAY_FIRST)
    assert dry_run(dates(tmp_path, "2026-03-02", "02/03/2026"), mapping).asks_days
    assert not dry_run(dates(tmp_path, "2026-03-02", "2026-03-03"), mapping).asks_days


def test_answers_that_are_odd_are_remarked_with_their_rows(tmp_path: Path) -> None:
    times = ("1901-01-01", "2031-01-01", "2026-01-05", "2026-01-05T12:00:00Z", "1999-12-31")
    rows = "".join(f"maria,q,correct,{at}\n" for at in times) + "maria,q,correct,2026-01-05\n"
    path = a_file(tmp_path, HEADER + rows + "peter,q,correct,2026-01-05\n")
    mapping = guess_mapping(read_columns(path).names)
    now = datetime(2026, 1, 5, tzinfo=UTC)
    dry = dry_run(path, mapping, now=now)
    assert dry.remarks == (Remark(Odd.FUTURE, 1, 2), Remark(Odd.LONG_AGO, 2, 1), Remark(Odd.TWICE, 1, 6))
    assert dry.usable == 7
    assert dry_run(path, mapping, "peter", now=now).remarks == ()


def test_a_score_above_the_highest_is_named_with_its_row(tmp_path: Path) -> None:
    path = a_file(tmp_path, "exercise,score,max score,timestamp\nq1,9,10,2026-01-05\nq2,11,10,2026-01-05\n")
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert dry.usable == 1
    assert [(each.row, each.words) for each in dry.problems] == [(2, "The score 11 is more than the highest, 10.")]


def test_known_exercises_are_where_the_content_says_and_stay_there_when_it_is_forgotten(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + a_row(1) + a_row(2))
    mapping = guess_mapping(read_columns(path).names)
    known = Catalogue([Exercise("q1", "/IB/math", difficulty_level=2.0), Exercise("q7", "/IB")])
    dry = dry_run(path, mapping, known=known.get)
    assert (dry.places, dry.placed) == ({"q1": Place("/IB/math", 2.0)}, 1)
    kept = Mapping.from_json(replace(mapping, places=dry.places).to_json())
    assert [each.exercise.path for each in outcomes(path, kept)] == ["/IB/math", PATH_UNKNOWN]


def test_a_value_whose_meaning_was_chosen_says_so(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + "maria,q1,Gut,2026-01-05\nmaria,q2,Naja,2026-01-05\n")
    mapping = replace(guess_mapping(read_columns(path).names), results={"gut": Result.CORRECT})
    assert dry_run(path, mapping).understood == (
        Understood("Gut", Result.CORRECT, 1, chosen=True),
        Understood("Naja", None, 1),
    )
