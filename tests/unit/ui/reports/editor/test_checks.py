"""Remarks lie where the statement lies in the whole text; what can't be tidied says why."""

from __future__ import annotations

import pytest

from sana_desktop.base.errors import UserError
from sana_desktop.ui.reports.editor.checks import check_statement, tidy_text

TWO = "SELECT 1;\nSELECT 'x FROM t"


async def test_a_mistake_is_found_at_its_place_in_the_whole_text() -> None:
    findings = await check_statement(TWO, len(TWO))
    errors = [one for one in findings if one.severity == "error"]
    assert errors
    assert all(one.start >= TWO.index("SELECT '") for one in errors)
    assert all(one.message for one in errors)


async def test_only_the_statement_at_the_caret_is_judged() -> None:
    findings = await check_statement(TWO, 3)
    assert [one for one in findings if one.severity == "error"] == []


@pytest.mark.parametrize(("caret", "which"), [(3, "Query 1 of 2"), (len(TWO), "Query 2 of 2")])
async def test_of_several_it_is_said_which_one_is_ordered(caret: int, which: str) -> None:
    said = [one.message for one in await check_statement(TWO, caret) if which in one.message]
    assert said == [f"{which} in this tab. “Get the report” orders this one."]
    assert [one for one in await check_statement("SELECT 1 LIMIT 1; -- that is all", 3) if "Query" in one.message] == []


@pytest.mark.parametrize("text", ["", "   \n", ";\n"])
async def test_nothing_is_said_about_nothing(text: str) -> None:
    assert list(await check_statement(text, 0)) == []


async def test_tidying_lays_out_and_keeps_the_words() -> None:
    tidied = await tidy_text("select a,b from t where a=1")
    assert tidied.split() != []
    assert tidied.lower().replace(" ", "").replace("\n", "") == "selecta,bfromtwherea=1"


async def test_what_can_not_be_read_is_left_and_says_why() -> None:
    with pytest.raises(UserError) as raised:
        await tidy_text("SELECT 'never closed")
    assert raised.value.message
