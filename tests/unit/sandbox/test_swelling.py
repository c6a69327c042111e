"""Growth of values, told from the tree: what reports do passes, what fills a memory does not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pytest

from sana_desktop.sandbox.swelling import too_much

MANY = range(12)
BELIEVABLE = [
    "SELECT first_name || ' ' || last_name AS name FROM users",
    "SELECT concat(first_name, ' ', last_name, ' <', email, '>') FROM users",
    "SELECT concat_ws(', ', street, zip, city, country) AS address, name FROM users",
    "SELECT u.name || ' (' || g.name || ')' FROM users u JOIN groups g USING (group_id)",
    "SELECT replace(replace(replace(name, ',', ' '), ';', ' '), chr(10), ' ') FROM courses",
    "SELECT replace(email, '@', ' at ') FROM users",
    "SELECT regexp_replace(lower(title), '[^a-z0-9]+', '-', 'g') AS slug FROM courses",
    "SELECT regexp_replace(name, '^(\\S+)\\s+(.*)$', '\\2, \\1') FROM users",
    "SELECT user_id, string_agg(course || ': ' || status, '; ' ORDER BY course) FROM progress GROUP BY 1",
    "SELECT department, string_agg(DISTINCT name, ', ') AS people, list(user_id) FROM users GROUP BY department",
    "SELECT list_filter(list(score), lambda s: s > 50), list_transform(list(name), lambda n: upper(n)) FROM results",
    "SELECT string_split(email, '@')[2] AS domain, count(*) FROM users GROUP BY 1 ORDER BY 2 DESC",
    "SELECT 100.0 * sum(CASE WHEN done THEN 1 ELSE 0 END) / nullif(count(*), 0) AS share FROM progress",
    "SELECT name, CASE WHEN score < 50 THEN 'below ' || level ELSE 'above ' || level END FROM results",
    """WITH p AS (SELECT user_id, first || ' ' || last AS name FROM users),
        c AS (SELECT p.name || ' · ' || c.title AS line, c.id FROM courses c JOIN p ON p.user_id = c.owner),
        g AS (SELECT id, string_agg(line, chr(10)) AS lines FROM c GROUP BY id)
       SELECT id, lines || chr(10) FROM g""",
    """WITH RECURSIVE tree AS (
        SELECT id, name AS path FROM groups WHERE parent IS NULL
        UNION ALL SELECT g.id, t.path || ' / ' || g.name FROM groups g JOIN tree t ON g.parent = t.id
       ) SELECT * FROM tree""",
    " UNION ALL ".join(f"SELECT '{n}: ' || name || ' ' || email || ' ' || country AS line FROM t{n}" for n in MANY),
    f"""WITH {", ".join(f"c{n} AS (SELECT a || ' ' || b || ' ' || c AS x FROM t{n})" for n in MANY)}
       SELECT {", ".join(f"c{n}.x" for n in MANY)} FROM {", ".join(f"c{n}" for n in MANY)}""",
    f"""SELECT {", ".join(f"a{n} || ' ' || b{n} || ' ' || c{n} AS d{n}" for n in range(60))} FROM wide""",
    "SELECT name, string_agg(course, ', ') OVER (PARTITION BY user_id ORDER BY started_at) FROM progress",
    "SELECT user_id, (SELECT string_agg(g.name, ', ') FROM groups g WHERE g.owner = u.user_id) || '.' FROM users u",
    "SELECT to_json(metadata), json_object('name', name, 'mail', email, 'all', list(id)) FROM users GROUP BY ALL",
    f"SELECT '{'a long remark ' * 200}' || name FROM users",
]
DOUBLED = "".join(f", c{n} AS (SELECT x || x AS x FROM c{n - 1})" for n in range(1, 31))
LISTED = "".join(f", c{n} AS (SELECT [x, x] AS x FROM c{n - 1})" for n in range(1, 31))
DOTS = "regexp_replace({}, '.', '" + "x" * 60 + "', 'g')"
SWELLING = [
    "SELECT " + "replace(" * 10 + "'a'" + ", 'a', 'aaaaaaaa')" * 10,
    "SELECT replace(replace(replace(name, 'a', name), 'b', name), 'c', name) FROM users",
    f"SELECT {DOTS.format(DOTS.format('name'))} FROM users",
    "SELECT x FROM " + "(SELECT x || x AS x FROM " * 30 + "(SELECT 'abc' AS x)" + ")" * 30,
    f"WITH c0 AS (SELECT 'abc' AS x){DOUBLED} SELECT x FROM c30",
    f"WITH c0 AS (SELECT 'abc' AS x){LISTED} SELECT x FROM c30",
    (
        f"SELECT (SELECT {' || '.join(['n'] * 60)} FROM (SELECT name AS n)) AS m FROM"
        f" (SELECT {' || '.join(['name'] * 60)} AS name FROM users)"
    ),
    "SELECT list_reduce(names, lambda a, b: a || a) FROM t",
    "SELECT list_transform(l, lambda a: l) FROM (SELECT list(name) AS l FROM users)",
    "SELECT " + ", ".join(" || ".join(["name"] * 40) + f" AS n{n}" for n in range(60)) + " FROM users",
    "SELECT " + "to_json(" * 12 + "name" + ")" * 12 + " FROM users",
    "SELECT " + "encode(" * 8 + "name" + ")::VARCHAR" * 8 + " FROM users",
    "SELECT string_agg(s, '') OVER () FROM (SELECT string_agg(name, '') OVER () AS s FROM users)",
]


@pytest.fixture(scope="module")
def parser() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def tree(parser: duckdb.DuckDBPyConnection, sql: str) -> object:
    row = parser.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    assert row is not None
    found = json.loads(row[0])
    assert not found["error"], found
    return found["statements"]


@pytest.mark.parametrize("sql", BELIEVABLE)
def test_what_a_report_does_passes(parser: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert not too_much(tree(parser, sql))


@pytest.mark.parametrize("sql", SWELLING)
def test_what_fills_a_memory_does_not(parser: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert too_much(tree(parser, sql))
