"""A pasted request of the Web API understood: a command or the bare JSON of either call, strict or not.

The vendor's own samples are no strict JSON (`1.` as a number, a missing comma) and their lines have lost the marks that
join them: that is what people paste. What was repaired is said. Nothing is run, opened or sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sana_desktop.api.curl import Access, CurlRequest, looks_like_command, parse_commands
from sana_desktop.api.loose_json import INNER, Json, read_loose
from sana_desktop.api.origin import Origin
from sana_desktop.api.pasted_text import check_size, clean_blanks
from sana_desktop.api.practice_hosts import (
    NEXT_PATH,
    OUTCOMES_PATH,
    PRACTICE_HOSTS,
    parse_practice_origin,
    strange_host,
)
from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery
from sana_desktop.api.practice_wire import (
    EXERCISE_FIELDS,
    OUTCOME_FIELDS,
    QUERY_FIELDS,
    outcomes_from_json,
    query_from_json,
)
from sana_desktop.api.secret_places import blanks_in
from sana_desktop.base.errors import UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.unquoted import unquoted

_NO_LEARNER = "?"
"""Stands for a learner's id while the rest is read; never leaves this module."""
_FENCE = re.compile(r"\s*(?:```|~~~)[^\n]*\n(.*?)(?:\n[ \t]*(?:```|~~~)\s*|\Z)", re.DOTALL)
_ANY_FIELD = re.compile(r"exercise_outcomes|num_exercises|challenge_level|is_review|[\"'“]user_id[\"'”]")
_INNER_HERE = Words("Quotes inside a text that had lost their backslash were kept as part of it.")
_CONSTRAINT_FIELDS = frozenset({"is_review", "paths", "tags"})


class PasteKind(StrEnum):
    """Which of the two calls it is."""

    NEXT = "next"
    OUTCOMES = "outcomes"


@dataclass(frozen=True, slots=True)
class PracticePaste:
    """What a pasted request asks for.

    Attributes:
        kind: which call.
        headline: that, in a sentence.
        query: of a request for exercises, else None.
        outcomes: the outcomes in it, of either call.
        user_id: the learner; empty if it names none or only a blank such as `<user_id>`. It may be a real person's.
        origin: the service it was for, None if it does not say.
        key: the API key in it, if there is one.
        notes: what was put right, left out or should be known, in sentences.
    """

    kind: PasteKind
    headline: Words
    query: NextQuery | None
    outcomes: tuple[ExerciseOutcome, ...]
    user_id: str
    origin: Origin | None = None
    key: Secret | None = None
    notes: tuple[Words, ...] = ()


def looks_like_practice(text: str) -> bool:
    """Return whether a paste is worth a try: cheap, and true of some texts that `understand_practice` then refuses."""
    start = text[:20_000]
    if NEXT_PATH in start or OUTCOMES_PATH in start:
        return True
    return not looks_like_command(start) and "{" in start and _ANY_FIELD.search(start) is not None


def names_the_service(text: str) -> bool:
    """Return whether a text has the address of the vendor's practice service in it."""
    return any(host.partition("//")[2] in text[:20_000] for host in PRACTICE_HOSTS)


def understand_practice(text: str) -> PracticePaste:
    """Return what a paste asks of the practice service.

    Raises:
        UserError: E-PASTE-… if it can't be read or is something else, E-PRACTICE-VALUE if a value in it is out of its
            range; the sentence says where and what to do.
    """
    check_size(text)
    if looks_like_command(text):
        return _command(text)
    cleaned = clean_blanks(text)
    fence = _FENCE.match(cleaned.text)
    return _body(fence[1] if fence else cleaned.text, None, cleaned.notes)


def _command(text: str) -> PracticePaste:
    requests = parse_commands(text)
    request = next((one for one in requests if _kind(one) is not None), None)
    if request is None and requests and names_the_service(requests[0].url):
        raise UserError(
            "The service for practice is not asked anything like this: “{path}”.",
            code="E-PASTE-NOT-PRACTICE",
            next_step=f"There are two requests: {NEXT_PATH} asks for exercises, {OUTCOMES_PATH} takes answers.",
            values={"path": one_line(requests[0].path, 80)},
        )
    if request is None:
        raise UserError(
            "This command is not for practice.",
            code="E-PASTE-NOT-PRACTICE",
            next_step="Paste one that asks for exercises or has answers; one that orders a report goes to Reports.",
        )
    if not (request.body or "").strip():
        raise UserError(
            "The command has no part in curly brackets, which says what it asks for.",
            code="E-PASTE-NO-BODY",
            next_step="Copy the whole command again, to its very last character.",
        )
    origin, about_origin = _origin(request)
    understood = _body(request.body or "", _kind(request), (*request.repaired, *about_origin, *request.ignored))
    return replace(understood, origin=origin, key=request.token if request.access is Access.KEY else None)


def _kind(request: CurlRequest) -> PasteKind | None:
    kinds = {NEXT_PATH: PasteKind.NEXT, OUTCOMES_PATH: PasteKind.OUTCOMES}
    return kinds.get(request.path.rstrip("/"))


def _origin(request: CurlRequest) -> tuple[Origin | None, tuple[Words, ...]]:
    notes: tuple[Words, ...] = ()
    address = request.url
    host = address.partition("://")[2].partition("/")[0]
    if any(blank in host for blank in request.placeholders):
        return None, ()
    try:
        origin = parse_practice_origin(address)
    except UserError as problem:
        if problem.code != "E-SITE-HTTP":
            return None, (Words(problem.template, **problem.values),)
        origin = parse_practice_origin("https" + address.removeprefix("http"))
        notes = (Words("The address began with http; https is used, so that the key stays safe."),)
    strange = strange_host(origin)
    return origin, notes if strange is None else (*notes, strange)


def _body(text: str, kind: PasteKind | None, notes: tuple[Words, ...]) -> PracticePaste:
    try:
        loose = read_loose(text.strip())
    except UserError as problem:
        raise UserError(
            problem.template,
            code=problem.code,
            next_step="Copy it again, from its first bracket to its last.",
            values=problem.values,
        ) from None
    fields, added = _fields(loose.value)
    kind = kind or _guess(fields)
    if kind is None:
        raise UserError(
            "This is neither a request for exercises nor one with answers.",
            code="E-PASTE-NOT-PRACTICE",
            next_step="Paste a command or its part in curly brackets, as on Sana's developer page.",
        )
    fields, about_quotes = unquoted(dict(fields))
    user_id, about_learner = _learner(fields.get("user_id"))
    repaired = (_INNER_HERE if note == INNER else note for note in loose.repaired)  # there is no query here
    said = (*notes, *repaired, *added, *about_quotes, *about_learner, *_left_out(fields, kind))
    if kind is PasteKind.OUTCOMES:
        outcomes = outcomes_from_json(fields.get("exercise_outcomes") or [])
        headline = Words("A request with {count} answers.", count=len(outcomes))
        headline = Words("A request with one answer.") if len(outcomes) == 1 else headline
        return PracticePaste(kind, headline, None, outcomes, user_id, notes=_once((*said, *_wrong(outcomes))))
    query = query_from_json({**fields, "user_id": _NO_LEARNER})
    query = replace(query, user_id=user_id)
    said = (*said, *_wrong(query.outcomes))
    return PracticePaste(kind, _asks(query), query, query.outcomes, user_id, notes=_once(said))


def _fields(value: Json) -> tuple[Mapping[str, Json], tuple[Words, ...]]:
    """Return the request's fields; outcomes that stand alone are put where they belong."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) and "user_id" in value[0]:
        value = value[0]
    alone: list[Json] = value if isinstance(value, list) else [value]
    if alone and all(isinstance(one, dict) and {"exercise", "outcome"} <= one.keys() for one in alone):
        return {"exercise_outcomes": alone}, (Words("The answers stood alone, without a learner."),)
    return (value, ()) if isinstance(value, dict) else ({}, ())


def _guess(fields: Mapping[str, Json]) -> PasteKind | None:
    """Tell the calls apart by what only one of them has; a learner alone is a request for one exercise."""
    if fields.keys() & {"num_exercises", "constraints", "target"}:
        return PasteKind.NEXT
    if fields.get("exercise_outcomes"):
        return PasteKind.OUTCOMES
    return PasteKind.NEXT if "user_id" in fields else None


def _learner(value: Json) -> tuple[str, tuple[Words, ...]]:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value), (Words("The learner's id was a number and was read as text."),)
    if not isinstance(value, str) or not value.strip() or blanks_in(value) == (value.strip(),):
        return "", (Words("It names no learner yet: choose one."),)
    return value, ()


def _left_out(fields: Mapping[str, Json], kind: PasteKind) -> tuple[Words, ...]:
    known = QUERY_FIELDS if kind is PasteKind.NEXT else frozenset({"user_id", "exercise_outcomes"})
    unknown = [name for name in fields if name not in known]
    if kind is PasteKind.NEXT:
        for part, inner in (("constraints", _CONSTRAINT_FIELDS), ("target", frozenset({"challenge_level"}))):
            content = fields.get(part)
            unknown += [f"{part}.{name}" for name in content if name not in inner] if isinstance(content, dict) else []
    return tuple(Words("“{field}” is no part of such a request and was left out.", field=name) for name in unknown[:20])


def _wrong(outcomes: tuple[ExerciseOutcome, ...]) -> tuple[Words, ...]:
    found = [name for one in outcomes for name in one.exercise.extra if name in EXERCISE_FIELDS]
    found += [name for one in outcomes for name in one.outcome.extra if name in OUTCOME_FIELDS]
    return tuple(Words("“{field}” had a value that it can't have and was left out.", field=name) for name in found)


def _asks(query: NextQuery) -> Words:
    count = query.num_exercises or 1
    if query.outcomes:
        if count == 1:
            return Words("This asks for one exercise and has answers with it.")
        return Words("This asks for {count} exercises and has answers with it.", count=count)
    return (
        Words("This asks for one exercise.") if count == 1 else Words("This asks for {count} exercises.", count=count)
    )


def _once(notes: tuple[Words, ...]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(notes))
