"""Files as spreadsheets and other programs write them: encodings, delimiters, bad rows, and what a replay would do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.api.practice_models import Result
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import encode_outcomes
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.practice import replay_file
from sana_desktop.practice.learners import TEST_ID_START
from sana_desktop.practice.replay_file import Understood, dry_run, outcomes, read_columns
from sana_desktop.practice.replay_map import Field, Mapping, guess_mapping
from sana_desktop.practice.replay_times import DayOrder

HEADER = "user,exercise,result,timestamp\n"


def a_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def a_row(number: int, user: str = "maria", minute: int | None = None) -> str:
    return f"{user},q{number},correct,2026-01-05T10:{number if minute is None else minute:02d}:00Z\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["übung", "ergebnis, ganz"], ['a"b', "1;2"], ["mehr\nzeilen", "x"]]
    text = "".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)
    found = read_columns(a_file(tmp_path, text, encoding))
    assert found.names == ("übung", "ergebnis, ganz")
    assert found.samples == (('a"b', "1;2"), ("mehr\nzeilen", "x"))
    assert found.delimiter == delimiter


def test_names_of_columns_are_made_unique_and_visible(tmp_path: Path) -> None:
    found = read_columns(a_file(tmp_path, "a,a,,\x1bb\n1,2,3,4\n"))
    assert found.names == ("a", "a (2)", "Column 3", "\\x1bb")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"one column\n1\n", b"PK\x03\x04rest", b"a,b\x00\n1,2"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_columns(path)
    assert caught.value.code == "E-REPLAY-FILE"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    for act in (read_columns, replay_file.file_sha256):
        with pytest.raises(StorageError) as caught:
            act(tmp_path / "none.csv")
        assert caught.value.code == "E-REPLAY-READ"


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


def test_whose_rows_they_are_is_told_by_where_their_first_one_stands(tmp_path: Path) -> None:
    """Not by a digest of the id: a short one can be guessed from that."""
    rows = [("peter", "q1"), ("maria", "q2"), ("", "q3"), ("peter", "q4"), ("maria", "q5")]
    lines = [f"{user},{name},correct,2026-01-05T10:00:00Z\n" for user, name in rows]
    path = a_file(tmp_path, "user,exercise,result,timestamp\n\n" + "".join(lines))
    mapping = guess_mapping(read_columns(path).names)
    for user, first, names in (("maria", 2, ["q2", "q5"]), ("peter", 1, ["q1", "q4"])):
        assert dry_run(path, mapping, user).person == first
        assert [found.exercise.id for found in outcomes(path, mapping, first)] == names


def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        dry_run(a_file(tmp_path, HEADER + a_row(1)), Mapping({Field.EXERCISE: "exercise"}))
    assert caught.value.code == "E-REPLAY-MAPPING"
    assert "how it ended" in caught.value.message


def test_problems_are_bounded_and_all_counted(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + "u,q,perhaps,2026-01-05\n" * 1_000)
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert (len(dry.problems), dry.problem_count, dry.usable, dry.requests) == (100, 1_000, 0, 0)


def test_rows_are_put_in_the_order_of_their_times_if_asked(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + a_row(1, minute=9) + a_row(2, minute=3) + a_row(3, minute=3) + a_row(4, minute=1))
    mapping = guess_mapping(read_columns(path).names)
    assert [found.exercise.id for found in outcomes(path, mapping)] == ["q1", "q2", "q3", "q4"]
    sorted_by_time = Mapping(mapping.columns, mapping.time_unit, by_time=True)
    found = list(outcomes(path, sorted_by_time))
    assert [outcome.exercise.id for outcome in found] == ["q4", "q2", "q3", "q1"]
    replay = list(outcomes(path, sorted_by_time))
    assert replay == found


def test_too_many_rows_to_sort_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_file, "MOST_SORTED", 2)
    path = a_file(tmp_path, HEADER + "".join(a_row(number) for number in range(5)))
    mapping = guess_mapping(read_columns(path).names)
    with pytest.raises(UserError, match="too many"):
        list(outcomes(path, Mapping(mapping.columns, by_time=True)))


def test_a_row_too_long_to_be_sent_is_named(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + f"u,{'q' * 17_000},correct,2026-01-05\n" + a_row(1))
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert [problem.words for problem in dry.problems] == ["It is too long to be sent."]
    assert len(list(outcomes(path, guess_mapping(read_columns(path).names)))) == dry.usable == 1


def test_a_quotation_mark_that_never_closes_is_said(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + a_row(1) + '"' + a_row(2) * 20_000)
    with pytest.raises(UserError) as caught:
        dry_run(path, guess_mapping(read_columns(path).names))
    assert "quotation mark" in caught.value.next_step


def test_the_requests_are_counted_as_they_will_be_packed(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + "".join(a_row(number % 60, "u" * (number % 7)) for number in range(2_000)))
    mapping = guess_mapping(read_columns(path).names)
    dry = dry_run(path, mapping)
    user = TEST_ID_START + "01234567"
    batches = split_outcomes(user, list(outcomes(path, mapping)))
    assert dry.usable == 2_000
    assert (dry.requests, dry.bytes) == (len(batches), sum(len(encode_outcomes(user, batch)) for batch in batches))


def dates(folder: Path, *times: str, extra: str = "", cells: str = "") -> Path:
    rows = "".join(f"q{number},Passed,{at}{cells}\n" for number, at in enumerate(times))
    return a_file(folder, f"exercise,result,timestamp{extra}\n{rows}")


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
    assert (len(dry.understood), dry.understood_count) == (12, 1_000)
