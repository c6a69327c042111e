"""What is this text? A command, a query, a pass, a link, a file, a site: told apart by rules (BEHAVIOUR.md B01, B02).

Nothing is run, opened, looked up or sent. What is secret leaves this module only as a `Secret`.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from sana_desktop.api.curl import looks_like_command
from sana_desktop.api.loose_json import Json, read_loose
from sana_desktop.api.origin import VENDOR_DOMAIN, is_loopback_host, parse_workspace
from sana_desktop.api.pasted_text import check_size, clean_blanks, straighten
from sana_desktop.api.secret_places import blanks_in, is_blank, query_secrets
from sana_desktop.base.errors import UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.command import JOB_PATH, query_in, understand_command
from sana_desktop.reports.paste.pass_life import ends_at, is_signed_pass
from sana_desktop.reports.paste.understanding import Confidence, Kind, Understanding, card_of
from sana_desktop.reports.sql.check import NO_REPORT, SEVERAL, Severity, check
from sana_desktop.reports.sql.title import title_of
from sana_desktop.reports.sql.words import Lexeme, blanks, lex, starts_as_query

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_JOB_WORD = re.compile(r"(?i:job|report|rpt|export)[-_][A-Za-z0-9-]{4,80}|[0-9A-HJKMNP-TV-Z]{26}")
_JOB_SAID = re.compile(
    r"[\"']?(?:job[ _-]?id|jobId)[\"']?\s{0,5}[:=]?\s{0,5}[\"']?([A-Za-z0-9_-]{4,200})[\"']?,?", re.IGNORECASE
)
_BEARER = re.compile(
    r"""(?:["']?authorization["']?\s*[:=]\s*["']?)?\s*\bbearer\s+([^\s"',;\\]{6,16384})["',;]*""", re.IGNORECASE
)
_OPAQUE = re.compile(r"[A-Za-z0-9._~+/=-]{24,16384}")
_FILE = re.compile(
    r"(?:file:///?|[A-Za-z]:[\\/]|\\\\|/|~[\\/]|\.{1,2}[\\/])?[^\n\r\0<>|*?\"]{0,1000}\.(csv|tsv|xlsx|sql)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}(?::\d{1,5})?/?", re.IGNORECASE)
_SITE_NAME = re.compile(r"[a-z][a-z0-9-]{1,40}[a-z0-9]", re.IGNORECASE)
_CLIENT_ID = re.compile(r"client[ _-]?id[\"']?\s{0,5}[:=\t]\s{0,5}[\"']?([^\s\"',;]{3,200})", re.IGNORECASE)
_CLIENT_SECRET = re.compile(r"client[ _-]?secret[\"']?\s{0,5}[:=\t]\s{0,5}[\"']?([^\s\"',;]{3,4000})", re.IGNORECASE)
_SQL_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*\w*[ \t]*\n(.*?)(?:^[ \t]*(?:```|~~~)|\Z)", re.MULTILINE | re.DOTALL)
_SQL_LINE = re.compile(r"^[ \t]*(?:select|with)\b", re.IGNORECASE | re.MULTILINE)
_NO_NAMES = frozenset("yes no ok okay hello hi thanks test csv xlsx excel json sql curl select please report".split())  # noqa: SIM905


def understand(text: str, now: datetime | None = None) -> Understanding:
    """Return what a paste is; whatever the text is, this never fails.

    Args:
        text: what was pasted or dropped.
        now: the time in UTC, for "ends in about 58 minutes"; without it the card names the moment instead.

    With a query in the paste, the card is made by parsing it: up to 300 ms the first time. Call it off the window's
    thread.
    """
    try:
        check_size(text)
    except UserError as problem:
        return Understanding(Kind.BROKEN, Confidence.CERTAIN, Words("This is too long to be read."), problem=problem)
    cleaned = clean_blanks(text)
    understood = _recognise(cleaned.text.strip())
    if cleaned.notes:
        understood = replace(understood, notes=tuple(dict.fromkeys((*cleaned.notes, *understood.notes))))
    if understood.token and not understood.token_is_key:
        understood = _with_its_end(understood, understood.token, now)
    if understood.sql is not None:
        understood = _with_its_query(understood, understood.sql)
    return replace(understood, card=card_of(understood, now))


def _with_its_end(understood: Understanding, token: Secret, now: datetime | None) -> Understanding:
    end = ends_at(token)
    ended = end is not None and now is not None and end <= now
    if ended and understood.kind in {Kind.TOKEN, Kind.ANSWER}:
        understood = replace(understood, headline=Words("This pass has already ended."))
    return replace(understood, token_ends_at=end, token_ended=ended)


def _with_its_query(understood: Understanding, text: str) -> Understanding:
    sql, left_out = query_secrets(text)
    note = (Words("A pass or a key stood in the query. It was left out, and is written nowhere."),) if left_out else ()
    found = tuple(sql[blank.start : blank.end] for blank in blanks(sql[:200_000]))
    remarks = check(sql)
    unfit = [one for one in remarks if one.code in NO_REPORT]
    # Blanks have a line of their own on the card.
    wrong = [one for one in remarks if one.severity is Severity.ERROR and one.code != "blank"]
    doubtful = [one for one in remarks if one.code in {SEVERAL, "unreadable"}]
    return replace(
        understood,
        sql=sql,
        left_out=tuple(Secret(one) for one in left_out),
        notes=(*understood.notes, *note),
        title=title_of(sql),
        is_report=not unfit,
        warnings=tuple(one.message for one in unfit or (*wrong, *doubtful)[:1]),
        placeholders=tuple(dict.fromkeys((*understood.placeholders, *found))),
    )


def _recognise(text: str) -> Understanding:
    if not text:
        return Understanding(Kind.NOTHING, Confidence.CERTAIN, Words("There is nothing in it."))
    if looks_like_command(text):
        return understand_command(text)
    inside = _unfenced(text)
    if "\n" not in inside:
        bare = inside.strip("\"'`“”‘’ ,;")
        for rule in (_pass, _file, _address, _number, _name):
            if (found := rule(bare)) is not None:
                return found
    return _longer(inside)


def _longer(text: str) -> Understanding:
    if (found := _credentials(text)) is not None:
        return found
    if text[0] in "{[":
        return _body(text)
    if (found := _query(text)) is not None:
        return found
    if (bearer := _BEARER.search(text)) and not is_blank(bearer[1]):
        return _passed(bearer[1], Confidence.LIKELY)
    if said := _JOB_SAID.search(text):
        return _job(said[1], Confidence.LIKELY)
    hint = Words("It is no command, query, pass, link or file that I know.")
    return Understanding(Kind.NOTHING, Confidence.CERTAIN, Words("I can't make anything of this text."), notes=(hint,))


def _unfenced(text: str) -> str:
    fence = _SQL_FENCE.search(text)
    inside = fence.group(1).strip() if fence else ""
    return inside or text


def _pass(text: str) -> Understanding | None:
    bearer = _BEARER.fullmatch(text)
    value = bearer[1] if bearer else text
    if bearer and is_blank(value):
        headline = Words("This is where a pass belongs, but it is still blank.")
        return Understanding(Kind.NOTHING, Confidence.CERTAIN, headline, placeholders=(value,))
    if bearer or is_signed_pass(value):
        return _passed(value, Confidence.CERTAIN)
    return None


def _passed(value: str, confidence: Confidence) -> Understanding:
    return Understanding(Kind.TOKEN, confidence, Words("This is a pass for your learning site."), token=Secret(value))


def _file(text: str) -> Understanding | None:
    found = _FILE.fullmatch(text)
    if not found or re.match(r"(?!file:)[a-z][a-z0-9+.-]+://", text, re.IGNORECASE) or starts_as_query(text):
        return None
    path = _from_file_address(text) if text.lower().startswith("file:") else text
    if found[1].lower() == "sql":
        return Understanding(Kind.SQL_FILE, Confidence.CERTAIN, Words("This is a file with a query."), path=path)
    return Understanding(Kind.DATA_FILE, Confidence.CERTAIN, Words("This is a report file."), path=path)


def _from_file_address(text: str) -> str:
    path = unquote(text[len("file:") :])
    while path.startswith("//"):
        path = path[1:]
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def _address(text: str) -> Understanding | None:
    if not re.match(r"https?://\S+\Z", text, re.IGNORECASE):
        return _site(text) if _HOST.fullmatch(text) else None
    if blanks_in(text):
        headline = Words("This is an address with a blank in it.")
        return Understanding(Kind.WORKSPACE, Confidence.LIKELY, headline, placeholders=blanks_in(text))
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    ours = host == VENDOR_DOMAIN or host.endswith("." + VENDOR_DOMAIN) or is_loopback_host(host)
    if ours and (job := JOB_PATH.match(parts.path)):
        return replace(_job(unquote(job[1]), Confidence.CERTAIN), origin=_site(text).origin)
    last = parts.path.rpartition("/")[2]
    if parts.path in {"", "/"} and not parts.query:
        return _site(text)
    if ours and not re.search(r"\.(?:csv|xlsx)\Z", last, re.IGNORECASE) and "/api/" not in parts.path[4:]:
        return _site(text)
    signed = bool(parts.query) or re.search(r"\.(?:csv|xlsx|zip)\Z", last, re.IGNORECASE) is not None
    note = Words("Such a link ends after some minutes, and this app did not order it.")
    confidence = Confidence.LIKELY if signed else Confidence.UNSURE
    return Understanding(Kind.LINK, confidence, Words("This is a download link."), link=Secret(text), notes=(note,))


def _site(text: str) -> Understanding:
    headline = Words("This is the address of a learning site.")
    try:
        origin = parse_workspace(text.partition("?")[0])
    except UserError as problem:
        return Understanding(Kind.WORKSPACE, Confidence.LIKELY, headline, problem=problem)
    if origin.host.endswith("." + VENDOR_DOMAIN) or origin.is_loopback:
        return Understanding(Kind.WORKSPACE, Confidence.CERTAIN, headline, origin=origin.url)
    note = Words("{host} is no address of Sana itself. Go on only if you know it.", host=origin.host)
    return Understanding(Kind.WORKSPACE, Confidence.UNSURE, headline, origin=origin.url, notes=(note,))


def _number(text: str) -> Understanding | None:
    if _UUID.fullmatch(text):
        note = Words("It could also be a client id; those look alike.")
        return replace(_job(text, Confidence.LIKELY), notes=(note,))
    if _JOB_WORD.fullmatch(text):
        return _job(text, Confidence.LIKELY)
    if said := _JOB_SAID.fullmatch(text):
        return _job(said[1], Confidence.CERTAIN)
    if _OPAQUE.fullmatch(text) and re.search(r"\d", text) and re.search(r"[A-Za-z]", text) and "://" not in text:
        found = _passed(text, Confidence.UNSURE)
        note = Words("I can't tell a pass from a client secret or another key by its looks.")
        return replace(found, headline=Words("This looks like a pass or another secret."), notes=(note,))
    return None


def _job(job_id: str, confidence: Confidence) -> Understanding:
    return Understanding(Kind.JOB_ID, confidence, Words("This is the number of a report under way."), job_id=job_id)


def _name(text: str) -> Understanding | None:
    if not _SITE_NAME.fullmatch(text) or text.lower() in _NO_NAMES:
        return None
    note = Words("Is this the name of your learning site?")
    return replace(_site(text), confidence=Confidence.UNSURE, notes=(note,))


def _credentials(text: str) -> Understanding | None:
    if len(text) > 20_000:
        return None
    name, secret = _CLIENT_ID.search(text), _CLIENT_SECRET.search(text)
    if not name or not secret or is_blank(secret[1]):
        return None
    headline = Words("This is a client id with its secret.")
    found = Understanding(Kind.CREDENTIALS, Confidence.CERTAIN, headline, client_secret=Secret(secret[1]))
    return found if is_blank(name[1]) else replace(found, client_id=name[1])


def _body(text: str) -> Understanding:
    headline = Words("This is text in curly brackets that I can't use.")
    curly = re.search("[“”]", text) and '"' not in text
    try:
        loose = read_loose(straighten(text) if curly else text)
    except UserError as problem:
        return Understanding(Kind.BROKEN, Confidence.LIKELY, headline, problem=problem)
    if (answer := _answer(loose.value)) is not None:
        return answer
    found = query_in(loose.value)
    if found is None:
        return Understanding(Kind.NOTHING, Confidence.LIKELY, headline, notes=loose.repaired)
    return Understanding(
        Kind.BODY,
        Confidence.CERTAIN,
        Words("This is the query of a report with its format."),
        sql=found.sql,
        format=found.format,
        other_format=found.other_format,
        notes=loose.repaired,
    )


def _answer(value: Json) -> Understanding | None:
    """What the site answers, as a terminal shows it: a job id, perhaps a link, or a pass."""
    data = value.get("data") if isinstance(value, dict) else None
    data = data if isinstance(data, dict) else value if isinstance(value, dict) else {}
    headline = Words("This is what the site answered to a command.")
    token = data.get("accessToken") or data.get("access_token")
    if isinstance(token, str) and not is_blank(token):
        return Understanding(Kind.ANSWER, Confidence.CERTAIN, headline, token=Secret(token))
    job_id = data.get("jobId")
    if not isinstance(job_id, str) or is_blank(job_id):
        return None
    link = data.get("link")
    url = link.get("url") if isinstance(link, dict) else None
    usable = isinstance(url, str) and url.startswith(("http://", "https://"))
    found = Understanding(Kind.ANSWER, Confidence.CERTAIN, headline, job_id=job_id[:200])
    return replace(found, link=Secret(str(url))) if usable else found


def _query(text: str) -> Understanding | None:
    headline = Words("This is a query in SQL.")
    notes: list[Words] = []
    confidence = Confidence.CERTAIN
    quoted = re.fullmatch(r"\s*([\"“'])\s*((?:select|with)\b.*)[\"”']\s*,?\s*", text, re.IGNORECASE | re.DOTALL)
    if quoted and quoted[1] == '"' and (inner := _unquoted(text)) is not None:
        text = inner
        notes.append(Words("The quotes around the query and the backslashes in it were taken away."))
    elif not starts_as_query(text):
        begins = _SQL_LINE.search(text)
        if not begins or not re.search(r"\bfrom\b", text[begins.start() :], re.IGNORECASE):
            return None
        text = text[begins.start() :].strip()
        confidence = Confidence.UNSURE
        notes.append(Words("The text in front of SELECT was left out. Is the rest the query?"))
    if any(token.kind is Lexeme.OPERATOR and token.of(text) in "“”‘’„" for token in lex(text[:200_000])):
        text = straighten(text)
        notes.append(Words("Curly quotes, as Word and Teams make them, were made straight."))
    lowered = text.lower()
    if confidence is Confidence.CERTAIN and not re.search(r"\bfrom\b|[*,=\"'(]|\d", lowered):
        return None
    return Understanding(Kind.SQL, confidence, headline, sql=text, notes=tuple(notes))


def _unquoted(text: str) -> str | None:
    try:
        value = json.loads(text.strip().rstrip(","), strict=False)
    except (ValueError, RecursionError):
        return None
    return value.strip() if isinstance(value, str) else None
