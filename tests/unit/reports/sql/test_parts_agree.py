"""What the app knows of SQL: its parts agree about one text."""

from __future__ import annotations

import pytest

from sana_desktop.reports.sql.check import Severity, check
from sana_desktop.reports.sql.explain import explain, facts
from sana_desktop.reports.sql.tidy import tidy
from sana_desktop.reports.sql.title import title_of
from sana_desktop.reports.sql.words import blanks, statement_at, statements

TEXT = """-- Late learners
select department, count(*) from analytics.enrolments where due >= '{{from}}' group by department;

SELECT 'a;b' FROM t LIMIT 5"""


def test_the_parts_agree_about_one_text() -> None:
    first, second = (span.of(TEXT) for span in statements(TEXT))
    at_caret = statement_at(TEXT, TEXT.index("count")).of(TEXT)
    assert at_caret == first.strip().rstrip(";")
    assert title_of(first) == "Late learners"
    (blank,) = blanks(first)
    (problem,) = (one for one in check(first) if one.severity is Severity.ERROR)
    assert (problem.start, problem.end) == (blank.start, blank.end)
    assert [one.code for one in check(second)] == ["some_of_all"]
    known = facts(first)
    assert known is not None
    assert known.groups == ("Department",)
    assert "Put together by Department." in explain(first)


@pytest.mark.parametrize("number", [0, 1])
def test_layout_changes_nothing_that_the_other_parts_say(number: int) -> None:
    sql = statements(TEXT)[number].of(TEXT)
    laid_out = tidy(sql).text
    assert title_of(laid_out) == title_of(sql)
    assert explain(laid_out) == explain(sql)
    assert [blank.name for blank in blanks(laid_out)] == [blank.name for blank in blanks(sql)]
    assert [one.code for one in check(laid_out)] == [one.code for one in check(sql)]
