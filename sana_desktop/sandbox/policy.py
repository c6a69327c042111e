"""Which SQL may run: exactly one SELECT that reads our own tables with plain functions.

The text is parsed by DuckDB itself and the tree it serialises is walked against lists of what is allowed;
a node, a table or a function that nobody put on a list is refused. The engine's own locks (engine.py) hold
even where this fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from sana_desktop.sandbox import swelling
from sana_desktop.sandbox.envelope import ApiRefusal

MAX_QUERY_CHARACTERS = 200_000
MAX_TREE_CHARACTERS = 16_000_000
"""Of the tree as text: 100,000 numbers in a list, fewer names and calls. Looking at them takes about a second."""

_QUERY_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})
_TABLE_NODES = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT"})
_MODIFIERS = frozenset({"LIMIT_MODIFIER", "ORDER_MODIFIER", "DISTINCT_MODIFIER", "LIMIT_PERCENT_MODIFIER"})
_ORDERS = frozenset({"ORDER_DEFAULT", "ASCENDING", "DESCENDING"})
_PLAIN_NODES = _QUERY_NODES | _TABLE_NODES | _MODIFIERS | _ORDERS
_EXPRESSION_CLASSES = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLLATE",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "LAMBDA",
        "LAMBDA_REF",
        "OPERATOR",
        "POSITIONAL_REFERENCE",
        "STAR",
        "SUBQUERY",
        "TYPE",
        "WINDOW",
    }
)
_TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
_CATALOGUE_VIEWS = frozenset({"tables", "columns", "schemata"})

# Functions with side effects never make it onto the list of plain ones; these have none that the engine
# declares, but they tell about the machine or the process, or wait.
_TELLING_FUNCTIONS = frozenset(
    {
        "current_setting",
        "current_query",
        "current_connection_id",
        "current_transaction_id",
        "get_block_size",
        "getvariable",
        "in_search_path",
        "pg_sleep",
        "sleep_ms",
        "txid_current",
        "write_log",
    }
)
# They read what others of the engine wrote down, trust it, and were never meant for a query.
_INNER_PREFIX = "__internal"
_INNER_FUNCTIONS = frozenset(
    {
        "cast_to_type",
        "combine",
        "combine_aggr",
        "create_sort_key",
        "finalize",
        "index_key",
        "invoke",
        "json_deserialize_sql",
        "json_serialize_plan",
        "json_serialize_sql",
        "parse_duckdb_log_message",
        "remap_struct",
        "to_aggregate_state",
        "variant_bytes_to_variant",
        "variant_normalize",
        "variant_to_parquet_variant",
    }
)
# A few characters of SQL that fill the memory: text and lists made in one go are not under the engine's limit.
_SWELLING_FUNCTIONS = frozenset(
    {
        "array_resize",
        "bar",
        "bitstring",
        "format",
        "generate_series",
        "list_resize",
        "lpad",
        "printf",
        "range",
        "repeat",
        "rpad",
    }
)
# Different at every call: allowed, but such a report is made anew for each job.
_RANDOM_FUNCTIONS = frozenset({"random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"})
# Known to the parser, not to the catalogue of functions.
_NAMES_WITHOUT_ENTRY = frozenset({"unnest", "row", "grouping"})


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query that may run. `body` is the bare statement; `repeatable` if the same bytes come out each time."""

    body: str
    repeatable: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a query may name: tables of the company and functions, all in lower case."""

    catalog: str
    schema: str
    tables: frozenset[str]
    functions: frozenset[str]
    unsteady: frozenset[str]

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, catalog: str, schema: str) -> Vocabulary:
        """From the engine's own catalogue, before it is locked."""
        tables = connection.execute(
            "SELECT lower(table_name) FROM duckdb_tables() WHERE schema_name = ?", [schema]
        ).fetchall()
        plain = connection.execute(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions()"
            " WHERE function_type IN ('scalar', 'aggregate', 'macro', 'window')"
            " AND schema_name = 'main' AND has_side_effects IS NOT true"
        ).fetchall()
        moving = connection.execute(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE stability = 'CONSISTENT_WITHIN_QUERY'"
        ).fetchall()
        outer = {name for (name,) in plain if not name.startswith(_INNER_PREFIX)} - _INNER_FUNCTIONS
        functions = outer | _NAMES_WITHOUT_ENTRY | _RANDOM_FUNCTIONS
        return cls(
            catalog,
            schema,
            frozenset(name for (name,) in tables),
            frozenset(functions - _TELLING_FUNCTIONS - _SWELLING_FUNCTIONS),
            frozenset({name for (name,) in moving} | _RANDOM_FUNCTIONS),
        )


def check(connection: duckdb.DuckDBPyConnection, text: str, words: Vocabulary) -> CheckedQuery:
    """Raises ApiRefusal (400) with what is wrong, in words for the person who wrote the SQL."""
    if len(text) > MAX_QUERY_CHARACTERS:
        raise _no(f"The query is longer than {MAX_QUERY_CHARACTERS:,} characters.")
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        # Two readers of one text must not disagree where it ends.
        raise _no("The query contains a character that cannot stand in SQL.", "syntax_error")
    tree = _parse(connection, text)
    repeatable = _Walk(words, _cte_names(tree)).run(tree)
    _refuse_swelling(tree)
    return CheckedQuery(_bare(text), repeatable)


def _refuse_swelling(tree: Any) -> None:
    try:
        swells = swelling.too_much(tree)
    except RecursionError as error:
        raise _no("The query is nested too deeply.") from error
    if swells:
        raise _no(
            "The query makes texts or lists many times as large as what they are made from. That is not available here."
        )


def _parse(connection: duckdb.DuckDBPyConnection, text: str) -> Any:
    try:
        statements = duckdb.extract_statements(text)
        if len(statements) != 1:
            raise _no("Send exactly one statement." if statements else "The query is empty.")
        if statements[0].type != duckdb.StatementType.SELECT:
            raise _no("Only one SELECT or WITH statement may run here.", "forbidden_query")
        row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()
        serialised = row[0] if row else "{}"
        if len(serialised) > MAX_TREE_CHARACTERS:
            raise _no("The query has too many parts.")
        tree = json.loads(serialised)
    except (duckdb.InternalException, duckdb.FatalException):
        raise  # a flaw of the engine: whoever owns the connection needs another one
    except duckdb.Error as error:
        raise _no(first_lines(error), "syntax_error") from error
    except (RecursionError, UnicodeError) as error:
        raise _no("The query is nested too deeply.") from error
    if tree.get("error") or len(tree.get("statements", [])) != 1:
        raise _no("Only one SELECT or WITH statement may run here.", "forbidden_query")
    return tree["statements"]


def _cte_names(tree: Any) -> frozenset[str]:
    names: set[str] = set()
    for node in _nodes(tree):
        with_clause = node.get("cte_map")
        if isinstance(with_clause, dict):
            names.update(str(entry["key"]).lower() for entry in with_clause.get("map", []))
    return frozenset(names)


class _Walk:
    def __init__(self, words: Vocabulary, cte_names: frozenset[str]) -> None:
        self._words = words
        self._cte_names = cte_names
        self._repeatable = True
        self._sources: set[int] = set()  # functions that stand where a table stands

    def run(self, tree: Any) -> bool:
        for node in _nodes(tree):
            kind = node.get("type")
            if "class" in node:
                self._expression(node)
            elif isinstance(kind, str):
                self._plain(node, kind)
        return self._repeatable

    def _expression(self, node: dict[str, Any]) -> None:
        kind = str(node["class"])
        if kind not in _EXPRESSION_CLASSES:
            raise _no(f"This query uses something that is not available here ({kind.lower()}).")
        if kind in {"FUNCTION", "WINDOW"}:
            self._function(node)
        elif kind == "TYPE" and (node.get("schema") or node.get("catalog")):
            raise _no(f'The type "{node.get("type_name")}" does not exist.')
        elif kind == "COLUMN_REF" and str(node["column_names"][-1]).lower() in self._words.unsteady:
            self._repeatable = False  # CURRENT_DATE and its like parse as columns

    def _function(self, node: dict[str, Any]) -> None:
        name = str(node.get("function_name", "")).lower()
        place = {str(node.get("schema", "")).lower(), str(node.get("catalog", "")).lower()}
        known = name in self._words.functions or bool(node.get("is_operator")) or id(node) in self._sources
        if not known or not place <= {"", "main", "system"}:
            raise _no(f'The function "{name}" is not available.', "unknown_function")
        if name in self._words.unsteady:
            self._repeatable = False

    def _plain(self, node: dict[str, Any], kind: str) -> None:
        if kind not in _PLAIN_NODES:
            raise _no("Only one SELECT or WITH statement may run here.", "forbidden_query")
        if node.get("sample"):
            self._repeatable = False
        if kind == "BASE_TABLE":
            self._table(node)
        if kind == "TABLE_FUNCTION":
            function = node["function"]
            name = str(function.get("function_name", "")).lower()
            if name not in _TABLE_FUNCTIONS or function.get("schema") or function.get("catalog"):
                raise _no(f'The function "{name}" is not available.', "unknown_function")
            self._sources.add(id(function))

    def _table(self, node: dict[str, Any]) -> None:
        path = [str(node.get(key) or "").lower() for key in ("catalog_name", "schema_name", "table_name")]
        name, places = path[-1], [place for place in path[:-1] if place]
        if places and places[0] == self._words.catalog:
            places = places[1:]
        known = (
            (not places and name in self._cte_names)
            or (places in ([], [self._words.schema]) and name in self._words.tables)
            or (places == ["information_schema"] and name in _CATALOGUE_VIEWS)
        )
        if not known or node.get("at_clause"):
            raise _no(f'The table "{".".join(filter(None, path))}" does not exist.', "unknown_table")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the tree, without recursion: nesting is the attacker's choice."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _bare(text: str) -> str:
    """The statement without its closing semicolon, so that it can stand in a subquery."""
    encoded = text.encode()
    end = len(encoded)
    for offset, kind in reversed(duckdb.tokenize(text)):
        if kind != duckdb.token_type.comment and encoded[offset:end].strip() != b";":
            break
        end = offset
    return encoded[:end].decode()


def first_lines(error: BaseException, limit: int = 1000) -> str:
    """The engine's words, bounded."""
    return str(error).strip()[:limit]


def _no(message: str, code: str = "invalid_query") -> ApiRefusal:
    return ApiRefusal(400, code, message)
