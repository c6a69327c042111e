"""Faults as text: the JSON of the control endpoint and the comment at the head of a query.

A comment is for a person who shows the app: `-- sandbox: slow 10.4; cut 20000; ttl 5`. The JSON carries
every field of every fault, by its name in snake case: `{"fault": "lose_answer", "on": "submit"}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields

import msgspec

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.faults import Fault, Rule

_LEADING_COMMENTS = re.compile(r"\s*(?:--[^\n]*(?:\n|$)|/\*.*?\*/)", re.DOTALL)
_NOTE = re.compile(r"sandbox\s*:(.*)", re.DOTALL | re.IGNORECASE)
_ENVELOPE_FIELDS = frozenset({"fault", "on", "times", "skip", "job"})
MAX_COMMENT_CHARACTERS = 4096


class BadScript(ValueError):
    """The text names no fault, or gives it something it does not take."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


KINDS: dict[str, type[Fault]] = {
    _snake(kind.__name__): kind for kind in (*faults.API_FAULTS, *faults.JOB_FAULTS, *faults.DOWNLOAD_FAULTS)
}


def rule_from_json(content: Mapping[str, object]) -> Rule:
    """One rule of the control endpoint. Raises BadScript."""
    kind = KINDS.get(str(content.get("fault")))
    if kind is None:
        raise BadScript(f"unknown fault {content.get('fault')!r}; known are: {', '.join(sorted(KINDS))}")
    given = {name: value for name, value in content.items() if name not in _ENVELOPE_FIELDS}
    unknown = set(given) - {field.name for field in fields(kind)}
    if unknown:
        raise BadScript(f"{content['fault']} takes no {', '.join(sorted(unknown))}")
    try:
        fault: Fault = msgspec.convert(given, kind)
        rest = {name: content[name] for name in ("on", "times", "skip", "job") if name in content}
        when = msgspec.convert(rest, _When)
        return Rule(fault, when.on or faults.routes_of(fault)[-1], when.times, when.skip, when.job)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadScript(str(error)) from error


class _When(msgspec.Struct):
    on: faults.Route | None = None
    times: int | None = 1
    skip: int = 0
    job: str = ""


def rules_from_sql(query: str) -> tuple[Rule, ...]:
    """The rules in the comments before a query's first word. Raises BadScript."""
    rules: list[Rule] = []
    position = 0
    while match := _LEADING_COMMENTS.match(query, position):
        note = _NOTE.search(match.group().strip().removeprefix("--").removeprefix("/*").removesuffix("*/"))
        if note:
            rules.extend(_rules_from_note(note[1][:MAX_COMMENT_CHARACTERS]))
        position = match.end()
    return tuple(rules)


def _rules_from_note(note: str) -> list[Rule]:
    orders = [order.strip() for order in note.split(";") if order.strip()]
    return [rule for order in orders for rule in _order(order)]


def _order(order: str) -> tuple[Rule, ...]:
    word, _, rest = order.partition(" ")
    make = _WORDS.get(word.lower())
    if make is None:
        raise BadScript(f"the sandbox does not know {word!r}; it knows: {', '.join(sorted(_WORDS))}")
    try:
        made = make(rest.strip())
    except (ValueError, LookupError) as error:
        raise BadScript(f"the sandbox does not understand {order!r}") from error
    return tuple(Rule(fault, faults.routes_of(fault)[0], times) for fault, times in made)


Made = tuple[tuple[Fault, int | None], ...]


def _job(fault: Fault) -> Made:
    return ((fault, 1),)


def _always(fault: Fault) -> Made:
    return ((fault, None),)


def _cut(rest: str) -> Made:
    first, *more = rest.split()
    made: list[tuple[Fault, int | None]] = [(faults.Cut(int(first)), 1)]
    if more:
        how = {"chunked": "chunked", "nolength": "close"}[more[0]]
        made.append((faults.Framing("chunked" if how == "chunked" else "close"), 1))
    return tuple(made)


def _dead(_: str) -> Made:
    return _job(faults.LinkLife(ttl=0.0, claims=1080.0, fresh=False))


_WORDS: dict[str, Callable[[str], Made]] = {
    "slow": lambda rest: _job(faults.Slow(float(rest))),
    "fail": lambda rest: _job(faults.Fail(rest) if rest else faults.Fail()),
    "running": lambda rest: _job(faults.Word(running=rest.split()[0])),
    "status": lambda rest: _job(faults.Word(done=rest.split()[0], link=False)),
    "nolink": lambda rest: _job(faults.NoLink(int(rest)) if rest else faults.NoLink()),
    "ttl": lambda rest: _job(faults.LinkLife(float(rest))),
    "expired": lambda _: _job(faults.LinkLife(0.0)),
    "dead": _dead,
    "size": lambda rest: _job(faults.Size(int(float(rest)))),
    "cut": _cut,
    "pace": lambda rest: _always(faults.Pace(float(rest))),
    "norange": lambda _: _always(faults.Range("ignored")),
    "noetag": lambda _: _always(faults.Etag("missing")),
    "weaketag": lambda _: _always(faults.Etag("weak")),
    "changed": lambda _: _always(faults.Changed()),
    "gzip": lambda _: _always(faults.Gzip()),
    "html": lambda _: _always(faults.Page()),
}
