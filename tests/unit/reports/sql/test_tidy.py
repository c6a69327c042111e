"""Layout of SQL: only white space changes, and the case of SQL's own words."""

from __future__ import annotations

import pytest
import sqlglot

from sana_desktop.reports.sql.tidy import MAX_TIDIED_CHARACTERS, tidy

SEED = (
    'SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance" '
    'FROM "analytics"."user_course_instance_progress" ORDER BY "user"'
)


def test_tidy_lays_out_one_clause_a_line() -> None:
    sql = (
        "with a as (select x, y from big_table_one where x between 1 and 2 and y is distinct from 3 or z in (1,2,3)), "
        "b as (select 1) select distinct a.x as from_, count(*) /* n */, -- why\n case when a=1 and b=2 then 3 end "
        "from a left join b using (x) where d >= date '2025-01-01' -- end\n group by 1,2 order by 1 desc "
        "limit 10; select 2"
    )
    assert tidy(sql).text == (
        "WITH a AS (\n  SELECT\n    x,\n    y\n  FROM big_table_one\n  WHERE x BETWEEN 1 AND 2\n"
        "    AND y IS DISTINCT FROM 3\n    OR z IN (1, 2, 3)\n),\nb AS (SELECT 1)\n"
        "SELECT DISTINCT\n  a.x AS from_,\n  count(*) /* n */, -- why\n"
        "  CASE WHEN a=1 AND b=2 THEN 3 END\nFROM a\nLEFT JOIN b USING (x)\nWHERE d >= date '2025-01-01' -- end\n"
        "GROUP BY 1, 2\nORDER BY 1 DESC\nLIMIT 10;\nSELECT 2"
    )


@pytest.mark.parametrize(
    "sql",
    [
        SEED,
        'select left(a, 2), extract(year from d), a."select", count(*) filter (where x) from t',
        "select * from (select a, b from t where a > 1 and b and c = 'select  from' union all select 1, 2) x where 1",
        "select a -- c1\n, b\n-- own line\nfrom t /* block\n  comment */ where x",
        "select row_number() over (partition by a order by b), a->>'x', b[1:2], c::date from t",
    ],
)
def test_tidy_keeps_the_meaning_and_is_done_after_once(sql: str) -> None:
    tidied = tidy(sql)
    assert tidied.reason is None
    assert sqlglot.parse_one(tidied.text, read="duckdb") == sqlglot.parse_one(sql, read="duckdb")
    assert tidy(tidied.text).text == tidied.text


@pytest.mark.parametrize("sql", ["select 'a", "select (1", "select 1)", "x" * 200_001])
def test_tidy_leaves_alone_what_it_can_not_lay_out(sql: str) -> None:
    tidied = tidy(sql)
    assert tidied.text == sql
    assert tidied.reason


def test_an_empty_text_stays_empty_and_a_last_line_end_stays() -> None:
    assert tidy("").text == ""
    assert tidy("select 1\n").text == "SELECT 1\n"
    assert tidy("select 1").text == "SELECT 1"


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ('select "From", t.select from t', ['"From"', "t.select"][1]),
        ("select 'select  from' from t", "'select  from'"),
        ("select left(a, 2) from t", "left(a, 2)"),
        ("select a as order_ from t", "order_"),
        ("select /* Keep   THIS */ a from t", "/* Keep   THIS */"),
        ("select $$ a  b $$", "$$ a  b $$"),
    ],
)
def test_names_texts_and_comments_are_not_touched(sql: str, kept: str) -> None:
    tidied = tidy(sql)
    assert tidied.reason is None
    assert kept in tidied.text


def test_a_short_query_in_brackets_stays_on_its_line_and_a_long_one_does_not() -> None:
    assert tidy("select a from t where b in (select b from u)").text.splitlines()[-1] == "WHERE b IN (SELECT b FROM u)"
    long = tidy("select a from t where b in (select a_long_column from a_very_long_table where c = 1 and d = 2)").text
    assert "\n  FROM a_very_long_table\n  WHERE c = 1\n    AND d = 2\n)" in long


def test_brackets_deeper_than_can_be_laid_out_are_left_alone() -> None:
    sql = "select " + "(" * 201 + "1" + ")" * 201
    assert tidy(sql).text == sql
    assert tidy(sql).reason


def test_the_longest_text_is_still_tidied() -> None:
    sql = "select '" + "x" * (MAX_TIDIED_CHARACTERS - len("select ''")) + "'"
    assert tidy(sql).text.startswith("SELECT 'x")


def test_a_long_list_is_wrapped_and_stays_so() -> None:
    items = ", ".join(f"'id-{number:05d}'" for number in range(200))
    tidied = tidy(f"select a from t where x in ({items}) and y = 1").text
    assert max(len(line) for line in tidied.splitlines()) <= 102
    assert tidied.splitlines()[-1] == "  AND y = 1"
    assert tidy(tidied).text == tidied


def test_a_wrapped_list_keeps_its_comments() -> None:
    items = ", ".join(f"'id-{number:05d}' /* the {number}th */" for number in range(40))
    tidied = tidy(f"select a from t where x in ({items})").text
    assert tidied.count("/*") == 40
    assert tidy(tidied).text == tidied
