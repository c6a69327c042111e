"""What a pasted command is for, and the query inside it (BEHAVIOUR.md B01)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sana_desktop.api.curl import QUERY_PATH, Access, CurlRequest, parse_commands
from sana_desktop.api.loose_json import Json, read_loose
from sana_desktop.api.models import ReportFormat
from sana_desktop.api.origin import VENDOR_DOMAIN, parse_workspace
from sana_desktop.api.secret_places import is_blank
from sana_desktop.base.errors import UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.understanding import Confidence, Kind, Understanding
from sana_desktop.reports.sql.words import starts_as_query

JOB_PATH = re.compile(r"/api/v1/reports/jobs/([^/?#\s]{1,200})/?\Z")
_TOKEN_PATH = "/api/token"  # noqa: S105 - a path
_PRACTICE_PATHS = {
    "/v1/next-exercises": Words("This command is for practice: it asks for exercises."),
    "/v1/exercise-outcomes": Words("This command is for practice: it posts outcomes."),
    "/v1/user-events": Words("This command is for practice: it posts events, for which this app has no use."),
}


def understand_command(text: str) -> Understanding:
    """Return what a paste that holds a command is for; of several commands, the one that orders a report."""
    headline = Words("This is a command that I can't use as it is.")
    try:
        requests = parse_commands(text)
    except UserError as problem:
        return Understanding(Kind.BROKEN, Confidence.CERTAIN, headline, problem=problem)
    best = min(requests, key=_rank)
    understood = _request(best)
    for other in requests:
        if other is not best and _host(other) == _host(best):
            understood = replace(
                understood,
                token=understood.token or (other.token if other.access is Access.BEARER else None),
                client_id=understood.client_id or other.client_id,
                client_secret=understood.client_secret or other.client_secret,
            )
    return understood


def _host(request: CurlRequest) -> str:
    return request.url.partition("://")[2].partition("/")[0]


def _rank(request: CurlRequest) -> int:
    path = request.path.rstrip("/")
    if path == QUERY_PATH:
        return 0
    if path in _PRACTICE_PATHS:
        return 1
    if JOB_PATH.match(path):
        return 2
    return 3 if path == _TOKEN_PATH else 4


def _request(request: CurlRequest) -> Understanding:
    origin, problem, notes = _origin_of(request)
    known = Understanding(
        Kind.OTHER_REQUEST,
        Confidence.CERTAIN,
        Words("This command asks the site for something that this app has no use for."),
        origin=origin,
        token=request.token,
        token_is_key=request.access is Access.KEY,
        client_id=request.client_id,
        client_secret=request.client_secret,
        placeholders=request.placeholders,
        notes=(*request.repaired, *notes, *request.ignored),
        problem=problem,
    )
    path = request.path.rstrip("/")
    if request.access is Access.BASIC and request.token is not None:
        known = _by_name(known, request.token, signs_in=path == QUERY_PATH or JOB_PATH.match(path) is not None)
    if path == QUERY_PATH:
        return _order(replace(known, kind=Kind.REPORT, headline=Words("This command orders a report.")), request)
    if path in _PRACTICE_PATHS:
        return replace(known, kind=Kind.PRACTICE, headline=_PRACTICE_PATHS[path])
    if job := JOB_PATH.match(path):
        return _look(known, unquote(job[1]))
    if path == _TOKEN_PATH:
        return replace(known, kind=Kind.TOKEN_REQUEST, headline=Words("This command signs in with a client id."))
    if not path:
        return _fetch(known, request)
    return known


def _by_name(known: Understanding, pair: Secret, *, signs_in: bool) -> Understanding:
    """A name and password are no pass, and never sent as one; where a pass is wanted they are what it is got with."""
    name, _, password = pair.reveal().partition(":")
    if signs_in and name and password:
        note = Words("The name and password in it are taken for a client id and its secret.")
        known = replace(known, client_id=known.client_id or name, client_secret=known.client_secret or Secret(password))
    else:
        note = Words("A name and password in it are left out: there is no use for them here.")
    secrets = tuple(Secret(one) for one in (pair.reveal(), password) if one)
    return replace(known, token=None, left_out=(*known.left_out, *secrets), notes=(*known.notes, note))


def _origin_of(request: CurlRequest) -> tuple[str | None, UserError | None, tuple[Words, ...]]:
    if any(blank in request.url.partition("://")[2].partition("/")[0] for blank in request.placeholders):
        return None, None, ()
    try:
        origin = parse_workspace(request.url.partition("/…")[0])
    except UserError as problem:
        return None, problem, ()
    strange = not (origin.host.endswith("." + VENDOR_DOMAIN) or origin.is_loopback or origin.host == "api.sanalabs.com")
    is_api = bool(request.path)
    warning = Words("{host} is no address of Sana itself. Go on only if you know it.", host=origin.host)
    return origin.url, None, (warning,) if strange and is_api and not origin.host.endswith(".sanalabs.com") else ()


def _order(known: Understanding, request: CurlRequest) -> Understanding:
    """Read query and format out of the body of a command that orders a report."""
    body = (request.body or "").strip()
    if not body:
        problem = UserError(
            "The command orders a report but has no query in it.",
            code="E-PASTE-NO-QUERY",
            next_step="Copy the whole command again, to its very last character.",
        )
        return replace(known, kind=Kind.BROKEN, problem=problem)
    if body[0] not in "{[" and starts_as_query(body):
        note = Words("The query stood alone, without its curly brackets; it was read all the same.")
        return replace(known, sql=body, notes=(*known.notes, note))
    try:
        loose = read_loose(body)
    except UserError as unreadable:
        return replace(known, kind=Kind.BROKEN, problem=unreadable)
    found = query_in(loose.value)
    if found is None:
        problem = UserError(
            "The command orders a report, but the part in curly brackets has no query in it.",
            code="E-PASTE-NO-QUERY",
            next_step="Copy the whole command again from the widget.",
        )
        return replace(known, kind=Kind.BROKEN, problem=problem)
    return replace(
        known,
        sql=found.sql,
        format=found.format,
        other_format=found.other_format,
        notes=(*known.notes, *loose.repaired),
    )


class OrderedQuery(NamedTuple):
    """What a body that orders a report holds; `other_format` is one that the site does not have."""

    sql: str
    format: ReportFormat | None
    other_format: str


def query_in(value: Json) -> OrderedQuery | None:
    """Return what a body that orders a report holds; None if there is no query in it."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    fields = {name.lower(): field for name, field in value.items()}
    sql = next((fields[name] for name in ("query", "sql") if isinstance(fields.get(name), str)), None)
    if not isinstance(sql, str) or not sql.strip():
        return None
    wanted = fields.get("format")
    named = {"csv": ReportFormat.CSV, "xlsx": ReportFormat.XLSX, "excel": ReportFormat.XLSX}
    form = named.get(wanted.strip().lower()) if isinstance(wanted, str) else None
    strange = form is None and wanted and not is_blank(str(wanted))
    other = one_line(wanted.strip().upper() if isinstance(wanted, str) else str(wanted), 20) if strange else ""
    return OrderedQuery(sql.encode("utf-8", "replace").decode().replace("\0", ""), form, other)


def _look(known: Understanding, job_id: str) -> Understanding:
    headline = Words("This command asks how far a report is.")
    if is_blank(job_id):
        missing = tuple(dict.fromkeys((*known.placeholders, job_id)))
        return replace(known, kind=Kind.JOB_LOOK, headline=headline, placeholders=missing)
    return replace(known, kind=Kind.JOB_LOOK, headline=headline, job_id=job_id[:200])


def _fetch(known: Understanding, request: CurlRequest) -> Understanding:
    """A command for any other address: the vendor's recipe ends with `curl -o report.csv '<download-url>'`."""
    address = request.address.reveal()
    headline = Words("This command fetches a file from a download link.")
    if request.placeholders or urlsplit(request.url).scheme not in {"http", "https"}:
        return replace(
            known, kind=Kind.LINK, confidence=Confidence.LIKELY, headline=headline, origin=None, problem=None
        )
    note = Words("Such a link ends after some minutes, and this app did not order it.")
    return replace(
        known,
        kind=Kind.LINK,
        confidence=Confidence.LIKELY,
        headline=headline,
        origin=None,
        problem=None,
        link=Secret(address),
        notes=(*known.notes, note),
    )
