"""A query in plain words, rule by rule (BEHAVIOUR.md B23). What the rules do not know is said to be unknown.

Everything here that parses may take 300 ms the first time (the parser is imported) and up to a second for a long query:
call it off the window's thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.reports.sql.check import MAX_CHECKED_CHARACTERS, MAX_DEPTH
from sana_desktop.reports.sql.title import human
from sana_desktop.reports.sql.words import Lexeme, lex

if TYPE_CHECKING:
    from sqlglot import exp

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.+Z-]*)?\Z")
_SHOWN_ITEMS = 5
_SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """What a query does, as far as the rules know.

    Attributes:
        tables: the real tables that are read, in words.
        columns: how many columns come out; None where a star hides it.
        dates: conditions on dates, in words.
        filters: the other conditions, in words.
        groups, order: in words, empty if none.
        limit: most rows that come out; None if there is no plain number.
        distinct: whether equal rows are put together.
        combined: whether it puts several queries together (UNION and the like), which the other fields do not cover.
        joined: whether it reads several tables side by side.
    """

    tables: tuple[str, ...]
    columns: int | None
    dates: tuple[Words, ...]
    filters: tuple[Words, ...]
    groups: tuple[str, ...]
    order: tuple[str, ...]
    limit: int | None
    distinct: bool
    combined: bool
    joined: bool


def facts(sql: str) -> Facts | None:
    """Return what a query does, or None if it can't be read."""
    query = _parsed(sql)
    try:
        return _facts_of(query) if query is not None else None
    except RecursionError:
        # The parser reads a chain such as `a::int::int::…` in a loop, but goes back over it level by level.
        return None


def explain(sql: str) -> tuple[Words, ...]:
    """Return what a query does as sentences, one a line."""
    known = facts(sql)
    if known is None:
        return (Words("I can't read this query, so I can't say what it does."),)
    return tuple(_sentences(known))


def _sentences(known: Facts) -> list[Words]:
    lines: list[Words] = []
    tables = ", ".join(known.tables)
    if not known.tables:
        lines.append(Words("It reads no table."))
    elif known.joined:
        lines.append(Words("It reads these tables side by side: {tables}.", tables=tables))
    else:
        lines.append(Words("It reads: {tables}.", tables=tables))
    if known.combined:
        lines.append(Words("It puts several queries together; what each one leaves out is not said here."))
        return [*lines, *_ends(known)]
    if known.columns is None:
        lines.append(Words("It gets all columns."))
    else:
        one = Words("It gets 1 column.")
        lines.append(one if known.columns == 1 else Words("It gets {count} columns.", count=known.columns))
    if known.distinct:
        lines.append(Words("Equal rows are put together."))
    if known.dates or known.filters:
        lines += [Words("Only rows where {condition}.", condition=one) for one in (*known.dates, *known.filters)]
    elif not known.joined and len(known.tables) <= 1:
        lines.append(Words("No row is left out by a filter."))
    if known.groups:
        lines.append(Words("Put together by {groups}.", groups=", ".join(known.groups)))
    return [*lines, *_ends(known)]


def _ends(known: Facts) -> list[Words]:
    lines: list[Words] = []
    if known.order:
        lines.append(Words("In the order of {order}.", order=", ".join(known.order)))
    if known.limit is not None:
        lines.append(Words("At most {count} rows.", count=f"{known.limit:,}"))
    return lines


def _parsed(sql: str) -> exp.Query | None:
    depth = deepest = 0
    if len(sql) > MAX_CHECKED_CHARACTERS:
        return None
    for token in lex(sql):
        depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.kind, 0)
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH or not token.closed:
            return None
    words = [token.of(sql).lower() for token in lex(sql[:2_000]) if token.kind is Lexeme.WORD][:1]
    if not words or words[0] not in {"select", "with"}:
        return None
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    for dialect in ("duckdb", "postgres"):
        try:
            parsed = [one for one in sqlglot.parse(sql, read=dialect) if one is not None]
        except (SqlglotError, RecursionError):
            continue
        return parsed[0] if len(parsed) == 1 and isinstance(parsed[0], exp.Query) else None
    return None


def _facts_of(query: exp.Query) -> Facts:
    from sqlglot import exp

    select = query if isinstance(query, exp.Select) else None
    outer = select if select is not None else query.find(exp.Select)
    defined = {cte.alias_or_name.lower() for cte in query.find_all(exp.CTE)}
    names = [table.name for table in query.find_all(exp.Table) if table.name and table.name.lower() not in defined]
    bounds: list[_DateBound] = []
    filters: list[Words] = []
    for clause in ("where", "having"):
        held = select.args.get(clause) if select is not None else None
        for condition in _conditions(held.this) if held is not None else ():
            found = _date_bounds(condition)
            bounds += found
            filters += [] if found else [_condition(condition)]
    if select is not None:
        filters += _hidden_filters(query, select)
    group = select.args.get("group") if select is not None else None
    order, limit = query.args.get("order"), query.args.get("limit")
    return Facts(
        tables=tuple(dict.fromkeys(human(name) for name in names)),
        columns=_columns(outer),
        dates=tuple(_dates_in_words(bounds)),
        filters=tuple(filters),
        groups=tuple(_item(one, select) for one in group.expressions) if group is not None else (),
        order=tuple(_ordered(one, select) for one in order.expressions) if order is not None else (),
        limit=_rows(limit) if isinstance(limit, exp.Limit) else None,
        distinct=select is not None and select.args.get("distinct") is not None,
        combined=select is None,
        joined=bool(select is not None and select.args.get("joins")),
    )


def _hidden_filters(query: exp.Query, outer: exp.Select) -> list[Words]:
    """Filters inside subqueries are not put into words, but are never kept quiet about."""
    from sqlglot import exp

    for select in query.find_all(exp.Select):
        if select is not outer and (select.args.get("where") or select.args.get("having") or select.args.get("limit")):
            return [Words("a condition inside a part of the query holds, which is not put into words here")]
    return []


def _columns(select: exp.Select | None) -> int | None:
    if select is None or select.is_star:
        return None
    return len(select.expressions)


def _conditions(condition: exp.Expr) -> list[exp.Expr]:
    """Take `a AND b AND c` apart; anything else stays whole."""
    from sqlglot import exp

    found: list[exp.Expr] = []
    waiting = [condition]
    while waiting:
        one = waiting.pop()
        if isinstance(one, exp.And):
            waiting += [one.expression, one.this]
        elif isinstance(one, exp.Paren):
            waiting.append(one.this)
        else:
            found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class _DateBound:
    column: str
    side: str
    """`from`, `after`, `to` (with that day) or `before`."""
    day: str


_SIDES = {"GTE": "from", "GT": "after", "LTE": "to", "LT": "before"}
_MIRRORED = {"GTE": "LTE", "GT": "LT", "LTE": "GTE", "LT": "GT"}


def _date_bounds(condition: exp.Expr) -> list[_DateBound]:
    """Return the bounds on a date that a condition consists of; none if it is anything else."""
    from sqlglot import exp

    if isinstance(condition, exp.Between):
        column = _column(condition.this)
        low, high = _day(condition.args.get("low")), _day(condition.args.get("high"))
        if column and low and high:
            return [_DateBound(column, "from", low), _DateBound(column, "to", high)]
        return []
    name = type(condition).__name__
    if name not in _SIDES or not isinstance(condition, exp.Binary):
        return []
    column, day = _column(condition.this), _day(condition.expression)
    if not (column and day):
        name, column, day = _MIRRORED[name], _column(condition.expression), _day(condition.this)
    return [_DateBound(column, _SIDES[name], day)] if column and day else []


def _dates_in_words(bounds: list[_DateBound]) -> list[Words]:
    lines: list[Words] = []
    for column in dict.fromkeys(bound.column for bound in bounds):
        own = [bound for bound in bounds if bound.column == column]
        sides = {bound.side: bound.day for bound in own}
        if len(own) == 2 and "from" in sides and "to" in sides:
            template = "{column} is from {first} to {last}"
            lines.append(Words(template, column=column, first=sides["from"], last=sides["to"]))
        elif len(own) == 2 and "from" in sides and "before" in sides:
            template = "{column} is from {first} to the day before {last}"
            lines.append(Words(template, column=column, first=sides["from"], last=sides["before"]))
        else:
            lines += [_one_bound(bound) for bound in own]
    return lines


def _one_bound(bound: _DateBound) -> Words:
    template = {
        "from": "{column} is {day} or later",
        "after": "{column} is after {day}",
        "to": "{column} is {day} or earlier",
        "before": "{column} is before {day}",
    }[bound.side]
    return Words(template, column=bound.column, day=bound.day)


_COMPARED = {
    "EQ": "{column} is {value}",
    "NEQ": "{column} is not {value}",
    "GT": "{column} is more than {value}",
    "GTE": "{column} is {value} or more",
    "LT": "{column} is less than {value}",
    "LTE": "{column} is {value} or less",
    "Like": "{column} looks like {value}",
    "ILike": "{column} looks like {value}, capitals or not",
}


def _condition(condition: exp.Expr) -> Words:
    """Return one condition in words; one that the rules do not know is quoted as it stands."""
    from sqlglot import exp

    name = type(condition).__name__
    if isinstance(condition, exp.Binary) and name in _COMPARED:
        column, value = _column(condition.this), _value(condition.expression)
        if column and value:
            return Words(_COMPARED[name], column=column, value=value)
    if isinstance(condition, exp.In) and condition.expressions:
        column = _column(condition.this)
        values = [_value(one) for one in condition.expressions]
        if column and all(values):
            return Words("{column} is one of {values}", column=column, values=_some(values))
    if isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Null) and _column(condition.this):
        return Words("{column} is empty", column=_column(condition.this))
    negated = condition.this if isinstance(condition, exp.Not) else None
    if isinstance(negated, exp.Is) and isinstance(negated.expression, exp.Null) and _column(negated.this):
        return Words("{column} is not empty", column=_column(negated.this))
    sql = one_line(condition.sql(dialect="duckdb"), _SHOWN_CHARACTERS)
    return Words("this holds, which is not put into words here: {sql}", sql=sql)


def _some(values: list[str]) -> str:
    shown = ", ".join(values[:_SHOWN_ITEMS])
    return shown if len(values) <= _SHOWN_ITEMS else f"{shown}, … ({len(values)})"


def _column(one: exp.Expr | None) -> str:
    """Return a column's name in words; empty for anything that is no plain column (a cast of one counts)."""
    from sqlglot import exp

    if isinstance(one, exp.Cast):
        one = one.this
    return human(one.name) if isinstance(one, exp.Column) else ""


def _value(one: exp.Expr | None) -> str:
    from sqlglot import exp

    if isinstance(one, exp.Literal):
        return f"“{one.this}”" if one.is_string else str(one.this)
    if isinstance(one, exp.Boolean):
        return "true" if one.this else "false"
    return ""


def _day(one: exp.Expr | None) -> str:
    from sqlglot import exp

    if isinstance(one, exp.Cast):
        one = one.this
    found = _DATE.match(str(one.this)) if isinstance(one, exp.Literal) and one.is_string else None
    return found[1] if found else ""


def _item(one: exp.Expr, select: exp.Select | None) -> str:
    """Return what is grouped or ordered by; `1` means the first column that comes out."""
    from sqlglot import exp

    if isinstance(one, exp.Literal) and not one.is_string and select is not None and str(one.this).isdigit():
        number = int(str(one.this)[:6])
        if 0 < number <= len(select.expressions):
            one = select.expressions[number - 1]
    name = _column(one) or (human(one.alias) if one.alias else "")
    return name or one_line(one.sql(dialect="duckdb"), _SHOWN_CHARACTERS)


def _ordered(one: exp.Expr, select: exp.Select | None) -> str:
    name = _item(one.this, select) if one.this else ""
    return f"{name} ↓" if one.args.get("desc") else name


def _rows(limit: exp.Limit) -> int | None:
    """Return the number of a LIMIT; None for a share of the rows, or where it is no plain number."""
    from sqlglot import exp

    options, number = limit.args.get("limit_options"), limit.expression
    if not isinstance(number, exp.Literal) or (options is not None and options.args.get("percent")):
        return None
    text = str(number.this)
    return int(text) if text.isdigit() and len(text) < 16 else None
