"""What an export is asked to do: the query, the site, the credentials and the file, from arguments and pasted text."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.api.models import ReportFormat
from sana_desktop.api.origin import Origin, parse_workspace
from sana_desktop.api.secret_places import query_secrets
from sana_desktop.base.errors import AuthError, UserError
from sana_desktop.base.files import decoded
from sana_desktop.base.redaction import Secret
from sana_desktop.cli.commands import ExportCommand
from sana_desktop.cli.format_choice import choose
from sana_desktop.reports.sql.check import NO_REPORT, SEVERAL, Finding, Severity, obstacles
from sana_desktop.workspace.connection import proposed_mark
from sana_desktop.workspace.connections import Access, Connection, ConnectionStore
from sana_desktop.workspace.credentials import credentials_from_environment, find_profile

if TYPE_CHECKING:
    from sana_desktop.api.auth import Credentials

MAX_INPUT_LENGTH = 2_000_000
"""Characters of a query or a pasted command; what is longer is none."""
MAX_INPUT_BYTES = 4 * MAX_INPUT_LENGTH


@dataclass(frozen=True, slots=True)
class Asked:
    """The report that is wanted, before it is known who asks for it.

    Attributes:
        sql: the query.
        format: csv or xlsx.
        origin: the site, None if only a connection's name says it.
        token: a pass lifted out of the pasted cURL.
        doubt: why the query is no report's, or what of the pasted text does not hold; empty if there is nothing.
    """

    sql: str
    format: ReportFormat
    origin: Origin | None
    token: Secret | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """With which connection, and with which credentials if they are not the connection's own."""

    connection: Connection
    credentials: Credentials | None


def read_request(command: ExportCommand) -> Asked:
    """Return what `command` asks for.

    Raises:
        UserError: a part of it can't be used; the sentence says which.
    """
    if command.curl_file is not None:
        return _from_curl(_read(command.curl_file, "--curl-file"), command)
    sql = _read(command.sql_file, "--sql-file") if command.sql_file is not None else command.sql or ""
    _refuse_secrets(sql)
    _refuse_unusable(sql)
    origin = parse_workspace(command.workspace) if command.workspace else None
    return Asked(sql, choose(command.format, None, command.out), origin, None, _doubt(sql))


def find_login(command: ExportCommand, asked: Asked, book: ConnectionStore, environ: Mapping[str, str]) -> Login:
    """Return who orders: the pass of the pasted cURL, else the environment, else a stored connection (BEHAVIOUR.md).

    Raises:
        UserError: no site is named, or no connection of that name is there.
        AuthError: there are no credentials.
    """
    from sana_desktop.api.auth import PastedToken

    given = PastedToken(asked.token) if asked.token else credentials_from_environment(environ)
    if given is None:
        stored = find_profile(book, command.profile, asked.origin)
        if stored is None:
            raise AuthError(
                "There are no credentials for {site}.",
                code="E-AUTH-MISSING",
                next_step="Set SANA_TOKEN, or SANA_CLIENT_ID and SANA_CLIENT_SECRET, or connect to it in the window.",
                values={"site": _required(asked.origin).host},
            )
        return Login(stored, None)
    origin = asked.origin
    if command.profile is not None:
        stored = find_profile(book, command.profile, origin)
        return Login(stored, given) if stored is not None else Login(_passing(_required(origin)), given)
    return Login(_passing(_required(origin)), given)


def _required(origin: Origin | None) -> Origin:
    if origin is None:
        raise UserError(
            "It is not said which learning site the report comes from.",
            code="E-SITE-EMPTY",
            next_step="Name it with --workspace, for example --workspace acme.",
        )
    return origin


def _passing(origin: Origin) -> Connection:
    """A connection for this command alone. Its id is the site's, so that a killed export is found again."""
    return Connection(
        id=f"site:{origin.url}",
        name=origin.host.removesuffix(".sana.ai"),
        origin=origin,
        colour="slate",
        mark=proposed_mark(origin.host),
        access=Access.PASTED,
        client_id="",
    )


def _from_curl(text: str, command: ExportCommand) -> Asked:
    from sana_desktop.reports.paste.recognition import understand

    found = understand(text)
    if found.problem is not None:
        raise found.problem
    if found.sql is None:
        raise UserError(
            "The pasted text holds no query. {what}",
            code="E-PASTE-NO-QUERY",
            next_step="Copy the cURL again from the widget in Sana.",
            values={"what": found.headline},
        )
    _refuse_unusable(found.sql)
    named = command.workspace or found.origin
    report_format = choose(command.format, found.format, command.out)
    token = None if found.token_is_key else found.token
    origin = parse_workspace(named) if named else None
    its = parse_workspace(found.origin) if found.origin else None
    if token is not None and its is not None and origin not in {None, its} and not (origin and origin.is_loopback):
        # A pass was given for one site; another one must never see it (T1). This computer itself is no other site.
        raise UserError(
            "The pass in the cURL is for {its_site}, not for {site}.",
            code="E-PASTE-SITE",
            next_step="Leave --workspace out, or copy the cURL from that site.",
            values={"its_site": its.host, "site": origin.host if origin else ""},
        )
    doubt = _doubt(found.sql) or _overruled(found.format, report_format)
    if token is None and found.client_secret is not None:
        doubt = doubt or "The client id and secret in the cURL are not used: set SANA_CLIENT_ID and SANA_CLIENT_SECRET."
    return Asked(found.sql, report_format, origin, token, doubt)


def _overruled(pasted: ReportFormat | None, ordered: ReportFormat) -> str:
    if pasted in {None, ordered}:
        return ""
    return f"The cURL asks for another format; {ordered.value.upper()} is ordered, as the command line says."


def _refuse_secrets(sql: str) -> None:
    if query_secrets(sql)[1]:
        raise UserError(
            "A pass or a key stands in the query, which is written down.",
            code="E-USAGE-SECRET",
            next_step="Take it out: passes go into SANA_TOKEN, client secrets into SANA_CLIENT_SECRET.",
        )


def _refuse_unusable(sql: str) -> None:
    if not sql.strip():
        raise UserError("The query is empty.", code="E-QUERY-EMPTY", next_step="Give the SQL that the widget copies.")
    # Half a surrogate stands for a byte of the command line that is no text.
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in sql):
        raise UserError(
            "The query has a character that no query has.", code="E-QUERY-TEXT", next_step="Give it as UTF-8 text."
        )
    grave = obstacles(sql)
    if error := next((one for one in grave if one.severity is Severity.ERROR), None):
        raise UserError(
            "The query can't be ordered as it is. {place}: {why}",
            code="E-QUERY-CHECK",
            next_step="Nothing was ordered.",
            values={"place": _place(sql, error), "why": error.message},
        )
    if second := next((one for one in grave if one.code == SEVERAL), None):
        # Whichever of them the site runs, nobody could tell from the file (A09).
        raise UserError(
            "There is more than one query in the text: the second begins at {place}.",
            code="E-QUERY-SEVERAL",
            next_step="The site takes one at a time. Give one; nothing was ordered.",
            values={"place": _place(sql, second).lower()},
        )


def _doubt(sql: str) -> str:
    """Return why the site is likely to refuse a query. Said, no block: our reading of SQL is not the site's (A09)."""
    found = next((one for one in obstacles(sql) if one.code in NO_REPORT), None)
    return f"{found.message} It is sent as it is." if found is not None else ""


def _place(text: str, finding: Finding) -> str:
    before = text[: finding.start]
    return f"Line {before.count(chr(10)) + 1}, column {finding.start - before.rfind(chr(10))}"


def _read(name: str, option: str) -> str:
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(MAX_INPUT_BYTES + 1)
        if len(raw) > MAX_INPUT_BYTES:
            raise _too_long(option)
        text = decoded(raw)
    except OSError as error:
        raise UserError(
            "The file given with {option} can't be read: {reason}.",
            code="E-INPUT-FILE",
            next_step="Check the path.",
            values={"option": option, "reason": (error.strerror or "unknown reason").lower()},
        ) from None
    except UnicodeDecodeError:
        raise UserError(
            "The text given with {option} is not UTF-8.",
            code="E-INPUT-TEXT",
            next_step="Save it as plain UTF-8 text.",
            values={"option": option},
        ) from None
    if len(text) > MAX_INPUT_LENGTH:
        raise _too_long(option)
    return text


def _too_long(option: str) -> UserError:
    return UserError(
        "The text given with {option} is too long to be a query.",
        code="E-INPUT-LONG",
        values={"option": option},
    )
