"""Files as spreadsheets and other programs write them: encodings, delimiters, whose rows, in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.practice.replay import file as replay_file
from sana_desktop.practice.replay.columns import Mapping, guess_mapping
from sana_desktop.practice.replay.dry_run import dry_run
from sana_desktop.practice.replay.file import outcomes, read_columns
from tests.support.replay_files import HEADER, a_file, a_row


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


def test_whose_rows_they_are_is_told_by_where_their_first_one_stands(tmp_path: Path) -> None:
    """Not by a digest of the id: a short one can be guessed from that."""
    rows = [("peter", "q1"), ("maria", "q2"), ("", "q3"), ("peter", "q4"), ("maria", "q5")]
    lines = [f"{user},{name},correct,2026-01-05T10:00:00Z\n" for user, name in rows]
    path = a_file(tmp_path, "user,exercise,result,timestamp\n\n" + "".join(lines))
    mapping = guess_mapping(read_columns(path).names)
    for user, first, names in (("maria", 2, ["q2", "q5"]), ("peter", 1, ["q1", "q4"])):
        assert dry_run(path, mapping, user).person == first
        assert [found.exercise.id for found in outcomes(path, mapping, first)] == names


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
    monkeypatch.setattr(replay_file, "MAX_SORTED", 2)
    path = a_file(tmp_path, HEADER + "".join(a_row(number) for number in range(5)))
    mapping = guess_mapping(read_columns(path).names)
    with pytest.raises(UserError, match="too many"):
        list(outcomes(path, Mapping(mapping.columns, by_time=True)))
