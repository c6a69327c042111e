"""How large the values of a query can get, told from its tree: text and lists are not under the engine's own limit.

What is bounded is growth: how many times as long as what it is made from a value can be, along every way that values
take through subqueries and common tables. Doubling a text thirty times is a few characters of SQL and gigabytes of
memory; no report joins a name to itself that often.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

Node = dict[str, Any]

MAX_GROWTH = 2_048.0
SMALL_GROWTH = 16.0
"""A column that grows no more than this is as any other; those that do count together."""
UNIT_CHARACTERS = 64
"""A stored text is about as long: what a literal's length is measured by."""
GATHERING = 16.0
"""Gathering the values of a group into one: what one row gains, others lose."""
RUNNING = 256.0
"""The same once for each row, in a window."""

_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})
_JOINING = frozenset(
    {"||", "concat", "concat_ws", "row", "struct_pack", "struct_concat", "struct_insert", "map", "map_concat"}
    | {"list_value", "list_pack", "array_value", "list_concat", "list_cat", "array_concat", "array_cat"}
    | {"list_append", "list_prepend", "array_append", "array_prepend", "array_push_back", "array_push_front"}
    | {"list_zip", "array_zip", "json_array", "json_object", "json_merge_patch"}
)
_GATHERERS = frozenset({"string_agg", "group_concat", "listagg", "list", "array_agg", "json_group_array", "histogram"})
_ESCAPING = frozenset(
    {"hex", "to_hex", "url_encode", "encode", "to_json", "json_quote", "array_to_json", "row_to_json", "json_pretty"}
    | {"to_base64", "base64", "regexp_escape", "json"}
)
_ESCAPING_TYPES = frozenset({"blob", "bytea", "binary", "varbinary", "bit", "json"})
_SPLITTING = frozenset(
    {"split", "str_split", "string_split", "string_to_array", "regexp_split_to_array", "regexp_extract_all"}
    | {"str_split_regex", "string_split_regex", "bin", "to_binary"}
)
_EACH = frozenset({"list_transform", "array_transform", "list_apply", "array_apply", "apply"})
_CHOOSING = frozenset({"list_filter", "array_filter", "filter"})
_FOLDING = frozenset({"list_reduce", "array_reduce", "reduce"})
_ESCAPED = 4.0


def too_much(tree: Any) -> bool:
    """Whether a value of this query, or all large ones of a row together, may grow beyond what a report needs.

    Raises RecursionError where it is nested too deeply to tell.
    """
    return any(_Sizes().query(node, {}) > MAX_GROWTH for node in _parts(tree) if _is_query(node))


class _Sizes:
    """Growth of queries, each by the growth of what it reads; `named` are the common tables in sight."""

    def __init__(self) -> None:
        self._in_lambdas: dict[int, frozenset[str]] = {}  # of those that were looked at: they nest

    def query(self, node: Node, named: Mapping[str, float]) -> float:
        within = dict(named)
        for entry in (node.get("cte_map") or {}).get("map", []):
            inner = [part for part in _parts(entry.get("value")) if _is_query(part)]
            within[str(entry["key"]).lower()] = max((self.query(part, within) for part in inner), default=1.0)
        if node["type"] == "SELECT_NODE":
            return self._select(node, within)
        sides = [node.get(side) for side in ("left", "right")] + list(node.get("children") or [])
        queries = [side for side in sides if isinstance(side, dict)]
        if node["type"] == "RECURSIVE_CTE_NODE":
            within[str(node.get("cte_name") or node.get("ctename") or "").lower()] = 1.0
            first, *again = [self.query(side, within) for side in queries]
            # How often it goes round nobody can tell: the watch over the memory ends what grows without end.
            return first * (RUNNING if max(again, default=1.0) > 1.0 else 1.0)
        return max((self.query(side, within) for side in queries), default=1.0)

    def _select(self, node: Node, named: Mapping[str, float]) -> float:
        source = max((self._source(part, named) for part in _parts(node.get("from_table"))), default=1.0)
        rest = [part for key, part in node.items() if key not in {"from_table", "select_list", "cte_map"}]
        shown = [self._growth(part, named) * source for part in _parts(node.get("select_list"))]
        hidden = [self._growth(part, named) * source for part in _parts(rest)]
        large = [growth for growth in shown if growth > SMALL_GROWTH]
        return max(sum(large), *shown, *hidden, source, 1.0)

    def _source(self, part: Node, named: Mapping[str, float]) -> float:
        if _is_query(part):
            return self.query(part, named)
        own = named.get(str(part.get("table_name") or "").lower(), 1.0) if part.get("type") == "BASE_TABLE" else 1.0
        if "class" in part:
            return self._growth(part, named)
        return max((self._source(inner, named) for inner in _parts(list(part.values()))), default=own)

    def _growth(self, node: Node, named: Mapping[str, float]) -> float:
        if _is_query(node):
            return self.query(node, named)
        kind = node.get("class")
        if kind == "CONSTANT":
            return len(_text(node)) / UNIT_CHARACTERS
        inner = list(_parts([value for key, value in node.items() if key not in {"lhs", "order_bys", "orders"}]))
        parts = [self._growth(part, named) for part in inner]
        most = max(parts, default=1.0)
        if kind == "CAST":
            to = str((node.get("type_expr") or node.get("cast_type") or {}).get("type_name", "")).lower()
            return most * (_ESCAPED if to in _ESCAPING_TYPES else 1.0)
        if kind == "LAMBDA":
            # A column in it is there once for each element.
            outer = _columns(node.get("expr"), self._in_lambdas) - _columns(node.get("lhs"), self._in_lambdas)
            self._in_lambdas[id(node)] = outer | _columns(node.get("lhs"), self._in_lambdas)
            return most * (RUNNING if outer else 1.0)
        if kind not in {"FUNCTION", "WINDOW"}:
            return most
        return _of_function(str(node.get("function_name", "")).lower(), inner, parts, window=kind == "WINDOW")


def _of_function(name: str, inner: list[Node], parts: list[float], *, window: bool) -> float:
    most = max(parts, default=1.0)
    if name in _JOINING:
        return sum(parts)
    if name in {"replace", "regexp_replace"} and len(inner) >= 3:
        return parts[0] * _replaced(inner[1], inner[2], literal=name == "replace")
    if name in _GATHERERS:
        return most * (RUNNING if window else GATHERING)
    if name in _FOLDING:
        bodies = [size for part, size in zip(inner, parts, strict=True) if part.get("class") == "LAMBDA"]
        return math.inf if max(bodies, default=1.0) > 1.0 else most
    if name in _CHOOSING:
        return parts[0] if parts else 1.0
    if name in _EACH:
        return math.prod(max(part, 1.0) for part in parts)
    if name in _ESCAPING:
        return most * _ESCAPED
    return most * (SMALL_GROWTH if name in _SPLITTING else 1.0)


def _replaced(old: Node, new: Node, *, literal: bool) -> float:
    """How much longer a text gets when all of one text in it becomes another one."""
    into = len(_text(new)) if new.get("class") == "CONSTANT" else UNIT_CHARACTERS
    out = len(_text(old)) if literal and old.get("class") == "CONSTANT" else 1
    return max(1.0, into / max(out, 1))


def _text(constant: Node) -> str:
    literal = constant.get("literal") or constant.get("value") or {}
    return str(literal.get("text", literal.get("value", "")) or "")


def _columns(item: Any, known: Mapping[int, frozenset[str]]) -> frozenset[str]:
    """The first names of all columns below `item`; `known` has those of lambdas already."""
    found: set[str] = set()
    stack = [item]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if id(part) in known:
                found |= known[id(part)]
                continue
            if part.get("class") == "COLUMN_REF":
                found.add(str(part["column_names"][0]).lower())
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)
    return frozenset(found)


def _is_query(node: Node) -> bool:
    return _kind(node) in _QUERIES and "class" not in node


def _kind(node: Node) -> str:
    return str(node.get("type"))


def _parts(item: Any) -> Iterator[Node]:
    """The nearest expressions, tables and queries below `item`, itself included if it is one; in their order."""
    stack = [item]
    while stack:
        found = stack.pop()
        if isinstance(found, list):
            stack.extend(reversed(found))
        elif isinstance(found, dict):
            if "class" in found or _is_query(found) or _kind(found) in {"BASE_TABLE", "JOIN", "SUBQUERY"}:
                yield found
            else:
                stack.extend(reversed(list(found.values())))
