"""Columns are guessed from their names, and a row becomes an outcome or a plain sentence why not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Result
from sana_desktop.api.practice_wire import encode_outcome
from sana_desktop.base.words import Words
from sana_desktop.practice.replay.columns import PATH_UNKNOWN, Field, Mapping, Place, TimeUnit, guess_mapping
from sana_desktop.practice.replay.rows import BY_SCORE, RowReader
from sana_desktop.practice.replay.times import DayOrder

ALL = ("user", "exercise", "path", "tags", "difficulty", "max", "result", "score", "time", "at")
MAPPING = Mapping(dict(zip(Field, ALL, strict=True)), TimeUnit.SECONDS)
ROW = ("maria", "q1", "/IB/math", "a; b;a", "1,5", "4", "Partially_Correct", "2.5", "1:30", "2026-01-05T10:00:00+02:00")


def read(**changes: str) -> ExerciseOutcome | Words:
    return RowReader(ALL, MAPPING).read([changes.get(name, cell) for name, cell in zip(ALL, ROW, strict=True)])


def test_a_whole_row_is_read() -> None:
    found = read()
    assert isinstance(found, ExerciseOutcome)
    exercise, outcome = found.exercise, found.outcome
    assert (exercise.id, exercise.path, exercise.tags) == ("q1", "/IB/math", ("a", "b"))
    assert (exercise.difficulty_level, exercise.max_score, outcome.score) == (1.5, 4.0, 2.5)
    assert (outcome.result, outcome.time_spent_ms) == (Result.PARTIALLY_CORRECT, 90_000)
    assert outcome.timestamp == datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    assert b"maria" not in encode_outcome(found)


@pytest.mark.parametrize(
    ("told", "score", "most", "result"),
    [
        ("TRUE", "", "", Result.CORRECT),
        ("0", "", "", Result.INCORRECT),
        ("0.5", "", "", Result.PARTIALLY_CORRECT),
        ("1.0", "", "", Result.CORRECT),
        ("skipped", "", "", Result.SKIPPED),
        ("not-answered", "", "", Result.SKIPPED),
        ("", "4", "4", Result.CORRECT),
        ("", "1", "4", Result.PARTIALLY_CORRECT),
        ("", "0", "4", Result.INCORRECT),
        ("", "1", "", Result.CORRECT),
        ("", "1", "0", Result.CORRECT),
    ],
)
def test_a_result_is_understood_in_many_words(told: str, score: str, most: str, result: Result) -> None:
    found = read(result=told, score=score, max=most)
    assert isinstance(found, ExerciseOutcome)
    assert found.outcome.result is result


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"exercise": " "}, "It does not say which exercise it was."),
        ({"path": " "}, "It does not say which topic the exercise is in."),
        ({"at": ""}, "It does not say when it was."),
        ({"at": "5th of May"}, "The time “5th of May” can't be read. Wanted is one such as 2026-03-02 08:00."),
        ({"at": "05/01/2026"}, "“05/01/2026” can mean two days: say what comes first."),
        ({"result": "perhaps"}, "The result “perhaps” is none that I know."),
        ({"result": "", "score": ""}, "It does not say how it ended."),
        ({"result": "", "score": "nan"}, "“nan” is no number (score)."),
        ({"result": "", "max": "many"}, "“many” is no number (max score)."),
    ],
)
def test_a_row_that_can_not_be_used_says_why(changes: dict[str, str], sentence: str) -> None:
    assert read(**changes) == sentence


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("score", "nan", Field.SCORE),
        ("max", "many", Field.MAX_SCORE),
        ("difficulty", "hard", Field.DIFFICULTY),
        ("time", "-3", Field.TIME_SPENT),
        ("time", "1e308", Field.TIME_SPENT),
    ],
)
def test_what_can_not_be_read_where_nothing_has_to_be_is_left_out_and_counted(
    column: str, cell: str, field: Field
) -> None:
    reader = RowReader(ALL, MAPPING)
    found = reader.read([cell if name == column else told for name, told in zip(ALL, ROW, strict=True)])
    assert isinstance(found, ExerciseOutcome)
    assert reader.left_out == {field: 1}
    told = {
        Field.SCORE: found.outcome.score,
        Field.MAX_SCORE: found.exercise.max_score,
        Field.DIFFICULTY: found.exercise.difficulty_level,
        Field.TIME_SPENT: found.outcome.time_spent_ms,
    }
    assert [kind for kind, value in told.items() if value is None] == [field]


@pytest.mark.parametrize(
    ("score", "most", "value"),
    [("100%", "4", 4.0), ("62,5 %", "4", 2.5), ("0,85", "1", 0.85), ("85%", "", 0.85), ("100%", "100", 100.0)],
)
def test_percents_and_decimal_commas_are_scores(score: str, most: str, value: float) -> None:
    found = read(score=score, max=most)
    assert isinstance(found, ExerciseOutcome)
    assert found.outcome.score == pytest.approx(value)


def test_a_percentage_says_how_it_ended() -> None:
    for told, result in (("100%", Result.CORRECT), ("40 %", Result.PARTIALLY_CORRECT), ("0%", Result.INCORRECT)):
        for found in (read(result=told), read(result="", score=told)):
            assert isinstance(found, ExerciseOutcome)
            assert found.outcome.result is result


def test_it_is_told_what_each_value_was_taken_for() -> None:
    reader = RowReader(ALL, MAPPING)
    for told in ("Passed", "Passed", "Failed", "Attempted", ""):
        reader.read([told if name == "result" else cell for name, cell in zip(ALL, ROW, strict=True)])
    assert reader.understood == {
        ("Passed", Result.CORRECT): 2,
        ("Failed", Result.INCORRECT): 1,
        ("Attempted", None): 1,
        (BY_SCORE, Result.PARTIALLY_CORRECT): 1,
    }


def test_what_is_not_there_is_left_out() -> None:
    found = read(tags="", difficulty="", max="", score="", time="")
    assert isinstance(found, ExerciseOutcome)
    assert (found.exercise.tags, found.outcome.time_spent_ms) == ((), None)
    assert isinstance(RowReader(ALL, MAPPING).read(["only one cell"]), Words)


def test_without_a_column_for_paths_all_exercises_are_in_one_place() -> None:
    columns = {Field.EXERCISE: "id", Field.TIMESTAMP: "at", Field.RESULT: "result"}
    reader = RowReader(["id", "at", "result"], Mapping(columns))
    told = reader.read(["e1", "2026-01-05T10:00:00Z", "correct"])
    assert isinstance(told, ExerciseOutcome)
    assert told.exercise.path == PATH_UNKNOWN


def test_without_a_column_for_paths_a_place_can_be_named() -> None:
    columns = {Field.EXERCISE: "id", Field.TIMESTAMP: "at", Field.RESULT: "result"}
    mapping = Mapping(columns, path="/IB/math")
    told = RowReader(["id", "at", "result"], mapping).read(["e1", "2026-01-05T10:00:00Z", "correct"])
    assert isinstance(told, ExerciseOutcome)
    assert (told.exercise.path, mapping.only_path, MAPPING.only_path) == ("/IB/math", "/IB/math", None)
    assert Mapping.from_json(mapping.to_json()) == mapping
    for nothing in ("", " ", "/"):
        (problem,) = Mapping(columns, path=nothing).problems(list(columns.values()))
        assert problem == "Say where the exercises are: no column does."
    assert Mapping({**columns, Field.PATH: "path"}, path="").problems([*columns.values(), "path"]) == ()


def test_a_mapping_from_before_a_place_could_be_named_is_as_it_was() -> None:
    told = json.loads(MAPPING.to_json())
    del told["path"]
    assert Mapping.from_json(json.dumps(told)).path == PATH_UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"user": "maria@acme.example", "exercise": "maria@acme.example"},
        {"user": "maria@acme.example", "path": "/acme/Maria@Acme.example/a"},
        {"user": "maria@acme.example", "tags": "exam;maria@acme.example"},
        {"user": "10234", "exercise": "10234-q7"},
    ],
)
def test_B34_a_row_that_would_tell_who_it_was_is_not_sent(changes: dict[str, str]) -> None:
    assert read(**changes) == "It has the person's id in what would be sent."


@pytest.mark.parametrize(
    "changes", [{"user": "7", "exercise": "7"}, {"user": "1023", "exercise": "e10234"}, {"user": "", "exercise": "e"}]
)
def test_what_is_alike_by_chance_is_sent(changes: dict[str, str]) -> None:
    assert isinstance(read(**changes), ExerciseOutcome)


def test_B34_the_column_with_the_person_is_sent_as_nothing_else() -> None:
    columns = {**MAPPING.columns, Field.TAGS: MAPPING.columns[Field.USER]}
    assert Mapping(columns).problems(ALL) == ("“user” says who the person is, so it can't be sent as something else.",)


@pytest.mark.parametrize(
    ("names", "expected", "unit"),
    [
        (
            [
                "user_id", "exercise_id", "path", "tags", "difficulty_level", "max_score", "result", "score",
                "time_spent_ms", "timestamp",
            ],
            list(Field), TimeUnit.MILLISECONDS,
        ),
        (["Student", "QuestionId", "Is correct", "Answered at"], ["user", "exercise", "result", "timestamp"], None),
        (
            ["email", "Item", "Points", "Duration (s)", "date"],
            ["user", "exercise", "score", "time spent", "timestamp"], TimeUnit.SECONDS,
        ),
        (["Time taken (min)", "Time", "question"], ["time spent", "timestamp", "exercise"], TimeUnit.MINUTES),
        (["a", "b"], [], None),
        (["User email", "Exercise", "place"], ["user", "exercise", "path"], None),
        (["Learner's e-mail", "Topic(s)"], ["user", "path"], None),
        (["Employee No.", "Path"], ["user", "path"], None),
        (["User answer", "Question"], ["", "exercise"], None),
    ],
)  # fmt: skip
def test_columns_are_guessed(names: list[str], expected: list[str], unit: TimeUnit | None) -> None:
    assert guess_mapping(["Question", "Finished on"]).columns[Field.TIMESTAMP] == "Finished on"
    found = guess_mapping(names)
    wanted = {name: kind for name, kind in zip(names, expected, strict=False) if kind}
    assert {column: kind.value for kind, column in found.columns.items()} == wanted
    assert unit is None or found.time_unit is unit


@given(st.lists(st.text(max_size=20), max_size=12, unique=True))
def test_a_guess_uses_each_column_once_and_only_what_is_there(names: list[str]) -> None:
    used = list(guess_mapping(names).columns.values())
    assert len(used) == len(set(used))
    assert set(used) <= set(names)


@given(st.lists(st.text(max_size=30), min_size=10, max_size=10))
def test_any_row_is_an_outcome_that_can_be_sent_or_a_sentence(cells: list[str]) -> None:
    found = RowReader(ALL, MAPPING).read(cells)
    assert isinstance(found, Words | ExerciseOutcome)


def test_a_mapping_says_what_it_lacks_and_comes_back_from_disk() -> None:
    assert len(Mapping().problems(ALL)) == 3
    assert MAPPING.problems(ALL) == ()
    assert MAPPING.problems(ALL[1:]) == ("There is no column “user”.",)
    assert Mapping.from_json(MAPPING.to_json()) == MAPPING
    for broken in ("{}", "[]", '{"columns": {"x": "y"}, "time_unit": "seconds", "by_time": true}'):
        with pytest.raises(ValueError, match=r".*"):
            Mapping.from_json(broken)


@pytest.mark.parametrize("name", ["User email", "Email", "User", "Learner id", "User ID", "Employee", "Trainee name"])
def test_B34_a_column_that_is_called_as_a_person_is_theirs(name: str) -> None:
    assert guess_mapping(["Exercise", name, "Outcome", "Completed at"]).columns[Field.USER] == name


def test_what_comes_first_in_dates_comes_back_from_disk() -> None:
    mapping = Mapping(days=DayOrder.MONTH_FIRST)
    assert Mapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    ("name", "values", "unit"),
    [
        ("Time spent", ["00:01:30", "45", "12,5"], TimeUnit.SECONDS),
        ("Time spent", ["00:01:30", ""], TimeUnit.SECONDS),
        ("Time spent", ["45", "12,5"], TimeUnit.SECONDS),
        ("Duration", ["41000", "9500"], TimeUnit.MILLISECONDS),
        ("Time spent", ["4100"], TimeUnit.MILLISECONDS),
        ("Duration", ["4100"], TimeUnit.SECONDS),
        ("time_spent_ms", ["45"], TimeUnit.MILLISECONDS),
        ("Time taken (min)", ["45000"], TimeUnit.MINUTES),
        ("Time spent", [], TimeUnit.MILLISECONDS),
    ],
)
def test_what_the_time_spent_counts_is_guessed_from_its_values(name: str, values: list[str], unit: TimeUnit) -> None:
    assert guess_mapping(["Exercise", name], [["q", value] for value in values]).time_unit is unit


@pytest.mark.parametrize(
    ("score", "most", "fits"), [("11", "10", False), ("110 %", "10", False), ("10", "10", True), ("100%", "0,3", True)]
)
def test_a_score_above_the_highest_is_not_sent(score: str, most: str, fits: bool) -> None:
    found = read(score=score, max=most)
    assert isinstance(found, ExerciseOutcome) is fits
    if not fits:
        assert found == f"The score {score} is more than the highest, {most}."


def test_places_of_known_exercises_come_back_from_disk_and_are_read_by() -> None:
    columns = {Field.EXERCISE: "id", Field.TIMESTAMP: "at", Field.RESULT: "result"}
    mapping = Mapping(columns, places={"e1": Place("/IB/math", 2.5), "e2": Place("/IB")})
    again = Mapping.from_json(mapping.to_json())
    assert again == mapping
    reader = RowReader(["id", "at", "result"], again)
    read = [reader.read([name, "2026-01-05T10:00:00Z", "correct"]) for name in ("e1", "e2", "e3")]
    found = [each.exercise for each in read if isinstance(each, ExerciseOutcome)]
    assert [(each.path, each.difficulty_level) for each in found] == [
        ("/IB/math", 2.5), ("/IB", None), (PATH_UNKNOWN, None),
    ]  # fmt: skip
    assert reader.placed == 2


def test_what_the_file_says_of_an_exercise_goes_before_what_is_known() -> None:
    known = {"q1": Exercise("q1", "/known", difficulty_level=9.0), "q2": Exercise("q2", PATH_UNKNOWN)}
    reader = RowReader(ALL, MAPPING, known.get)
    found = reader.read(ROW)
    assert isinstance(found, ExerciseOutcome)
    assert (found.exercise.path, found.exercise.difficulty_level, reader.places) == ("/IB/math", 1.5, {})
    bare = dict(zip(ALL, ROW, strict=True)) | {"path": "", "difficulty": ""}
    found = reader.read(tuple(bare.values()))
    assert isinstance(found, ExerciseOutcome)
    assert (found.exercise.path, found.exercise.difficulty_level) == ("/known", 9.0)
    assert reader.places == {"q1": Place("/known", 9.0)}
    assert isinstance(reader.read(tuple((bare | {"exercise": "q2"}).values())), Words), "known to be nowhere"
