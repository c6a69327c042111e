"""Catalogues from files, as people have them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.base.errors import UserError
from sana_desktop.practice.exercises.catalogue_files import (
    MAX_PROBLEMS,
    CatalogueFile,
    from_csv,
    from_json,
    read_catalogue,
)
from sana_desktop.practice.exercises.column_names import EXERCISE_NAMES

VENDOR_SAMPLE = """{
  "user_id": "user",
  "exercise_outcomes": [
    {
      "exercise": {"id": "exercise_id", "path": "/IB/math/vectors/", "tags": ["tag1", "tag2"],
                   "difficulty_level": 1, "max_score": 1., "metadata": ""}
      "outcome": {"timestamp": "2018-01-05T15:11:30Z", "result": "correct"}
    }
  ]
}"""


@pytest.mark.parametrize(
    "head", ["Exercise,Lesson,Skills", "Question,Course,Label", "card,module,skill", "item,Exercise path,labels"]
)
def test_a_head_that_a_report_is_understood_by_is_one_of_a_catalogue(head: str) -> None:
    found = from_csv(f"{head}\nq1,/a/b,x; y\n").catalogue.exercises
    assert [(each.id, each.path, each.tags) for each in found] == [("q1", "/a/b", ("x", "y"))]


@pytest.mark.parametrize("name", EXERCISE_NAMES)
def test_every_name_of_an_exercise_in_a_report_is_one_here(name: str) -> None:
    assert from_csv(f"{name.title()},path\nq1,/a/b\n").catalogue.exercises[0].id == "q1"


def test_a_name_that_says_more_goes_before_one_that_may_mean_it() -> None:
    found = from_csv("Item,Id,Course,Topic\nno,q1,no,/a/b\n").catalogue.exercises
    assert [(each.id, each.path) for each in found] == [("q1", "/a/b")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_with_any_separator(separator: str) -> None:
    rows = [
        ["Exercise ID", "Path", "Tags", "Difficulty", "max_score", "unheard of"],
        ["1", "/a/b", '"x / y"', "1.5", "4", "?"],
        ["2", "/a/c", "", "", "", ""],
        [""] * 6,
    ]
    found = from_csv("\r\n".join(separator.join(row) for row in rows))
    assert found.problems == ()
    one, two = found.catalogue.exercises
    assert (one.id, one.path, one.tags, one.difficulty_level, one.max_score) == ("1", "/a/b", ("x / y",), 1.5, 4.0)
    assert (two.tags, two.difficulty_level) == ((), None)


@pytest.mark.parametrize("cell", ["x;y", "x; y;", "x|y", '"x,y"', '"[""x"", ""y""]"'])
def test_tags_in_one_cell(cell: str) -> None:
    assert from_csv(f"id,path,tags\n1,/a,{cell}\n").catalogue.exercises[0].tags == ("x", "y")


def test_decimal_commas_and_quoted_lines() -> None:
    found = from_csv('id;path;difficulty;metadata\n1;/a;1,5;"two\nlines"\n')
    assert found.catalogue.exercises[0].difficulty_level == 1.5
    assert found.catalogue.exercises[0].metadata == "two\nlines"


def test_problems_are_said_in_sentences() -> None:
    found = from_csv("id,path,difficulty\n1,/a,hard\n,/b,1\n3,,1\n1,/c,2\n")
    assert found.problems == (
        "1 entry repeats an id; the last one counts.",
        "Line 2: “difficulty” can't be read and is left out.",
        "Line 3: “id” is empty.",
        "Line 4: “path” is empty.",
    )
    assert [(each.id, each.path) for each in found.catalogue.exercises] == [("1", "/c")]


def test_a_column_is_called_what_it_is_called_in_the_file() -> None:
    found = from_csv("Exercise ID;Topic;Points\n1;/a;1\n2;;1\n3;/c;many\n")
    assert found.problems == ("Line 3: “Topic” is empty.", "Line 4: “Points” can't be read and is left out.")


def test_columns_are_understood_as_people_call_them() -> None:
    found = from_csv("Exercise ID;Thema;Schlagworte;Schwierigkeit\n1;/Technik/Pumpen;a,b;1,5\n")
    assert found.problems == ()
    (one,) = found.catalogue.exercises
    assert (one.path, one.tags, one.difficulty_level) == ("/Technik/Pumpen", ("a", "b"), 1.5)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"\xff\xfe\n\x00", "The file is empty."),
        (bytes(range(1, 200)), "The file is no text that I can read, and so no table and no JSON."),
        (b"id,name\n1,x\n", "no column for the topic, such as “topic” or “path”; it names: id, name."),
        (b"topic,name\n1,x\n", "no column for the id, such as “id” or “exercise id”; it names: topic, name."),
    ],
)
def test_what_is_wrong_with_a_whole_file_is_said(data: bytes, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read_catalogue(data)
    assert caught.value.message.endswith(said)
    assert "id and topic" in caught.value.next_step


def test_many_problems_are_counted() -> None:
    found = from_csv("id,path\n" + "\n".join(f"{i}," for i in range(100)) + "\n1,/a\n")
    assert len(found.problems) == MAX_PROBLEMS + 1
    assert found.problems[-1] == f"{100 - MAX_PROBLEMS} more entries have problems."


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": "1", "path": "/a"}]',
        '{"exercises": [{"id": "1", "path": "/a"}], "total": 1}',
        '{"exercise_outcomes": [{"exercise": {"id": "1", "path": "/a"}, "outcome": {}}]}',
        '{"id": "1", "path": "/a"}',
        "\ufeff  [{'id': '1', 'path': '/a',}]",
    ],
)
def test_json_of_every_form(text: str) -> None:
    found = read_catalogue(text.encode())
    assert [(each.id, each.path) for each in found.catalogue.exercises] == [("1", "/a")]


def test_the_vendor_s_own_sample_is_repaired_and_it_is_said() -> None:
    found = from_json(VENDOR_SAMPLE)
    assert found.catalogue.exercises[0].path == "/IB/math/vectors/"
    assert len(found.problems) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"id,name\n1,x\n",
        b"[]",
        b"{}",
        b"[1, 2]",
        b'{"exercises": 5',
        b"\xff\xfe\x00",
        b"\x00\x81",
        b"[" * 9_999,
    ],
)
def test_what_is_no_catalogue_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UserError) as caught:
        read_catalogue(data)
    assert caught.value.code == "E-CATALOGUE"
    assert caught.value.message.endswith(".")


def test_utf_16_as_excel_writes_it() -> None:
    assert len(read_catalogue("id\tpath\n1\t/ä\n".encode("utf-16")).catalogue) == 1


def usable(read: Callable[[], CatalogueFile]) -> bool:
    """Whether something came of it; anything but a catalogue or its own error gets out."""
    try:
        return len(read().catalogue) > 0
    except UserError as error:
        return error.code != "E-CATALOGUE"


@given(st.binary(max_size=400))
def test_nothing_else_ever_comes_out(data: bytes) -> None:
    assert usable(lambda: read_catalogue(data)) in {True, False}


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "path", "tags", "exercise", "exercises", "metadata"]), inner)
    ),
)


@given(VALUES)
def test_json_of_any_shape_is_read_or_refused(value: object) -> None:
    text = json.dumps({"exercises": [value, {"id": "1", "path": "/a"}]})
    assert usable(lambda: from_json(text))
    assert usable(lambda: from_json(json.dumps(value))) in {True, False}


def test_a_row_is_named_by_its_line_as_an_editor_counts_it() -> None:
    found = from_csv('id,path,metadata\n1,/a,"two\nlines"\n\n2,,\n3,/c,\n')
    assert [each.id for each in found.catalogue.exercises] == ["1", "3"]
    assert [str(words).split(":")[0] for words in found.problems] == ["Line 5"]
