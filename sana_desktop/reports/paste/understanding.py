"""What a paste was understood to be: the type, and the lines of the card that says it in words (BEHAVIOUR.md B01)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.pass_life import life_in_words
from sana_desktop.reports.sql.explain import Facts, facts
from sana_desktop.reports.sql.title import title_of

CardLine: TypeAlias = tuple[Words, Words]
"""A label and a sentence."""


class Kind(StrEnum):
    """What a paste is."""

    REPORT = "report"
    JOB_LOOK = "job_look"
    TOKEN_REQUEST = "token_request"  # noqa: S105 - the kind of a request
    PRACTICE = "practice"
    OTHER_REQUEST = "other_request"
    SQL = "sql"
    BODY = "body"
    ANSWER = "answer"
    JOB_ID = "job_id"
    LINK = "link"
    DATA_FILE = "data_file"
    SQL_FILE = "sql_file"
    WORKSPACE = "workspace"
    TOKEN = "token"  # noqa: S105
    CREDENTIALS = "credentials"
    BROKEN = "broken"
    NOTHING = "nothing"


class Confidence(StrEnum):
    """How sure it is. What is only UNSURE is asked about in one line before anything is done with it."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a paste is and what is in it. No field but the `Secret`s holds a secret, and their repr is dots.

    Attributes:
        kind, confidence: what it is, and how sure that is. BROKEN is a command that can't be used: see `problem`.
        headline: what it is, in a sentence.
        origin: the site as `https://host`, None if it names none or an unusable one.
        sql: the query exactly as it is to be sent.
        title: a short name made of the query's own words; may be empty.
        format: what it asks for, None if it does not say, or asks for `other_format`.
        other_format: a format it asks for that the site does not have; empty for none.
        token: a pass or an API key, for this session's memory only.
        token_ends_at: when the pass says it ends, in UTC.
        token_ended: whether that was over when it was pasted.
        client_id, client_secret: for signing in for good.
        job_id, link, path: where it is one of those.
        left_out: passes, keys and passwords that are of no use: those of the query are no longer in `sql`.
        placeholders: blanks still to be filled in, as they stand, such as `<yourdomain>`.
        notes: what was put right, what was left out, and what can't be told.
        is_report: False for a query that the site would run but that makes no report, such as DELETE.
        warnings: what should be looked at before it is used.
        problem: why it can't be used as it is; fields that could be read all the same are filled in.
        facts_card: further lines for the card, made from the query.
    """

    kind: Kind
    confidence: Confidence
    headline: Words
    origin: str | None = None
    sql: str | None = None
    title: str = ""
    format: ReportFormat | None = None
    other_format: str = ""
    token: Secret | None = None
    token_is_key: bool = False
    token_ends_at: datetime | None = None
    token_ended: bool = False
    client_id: str | None = None
    client_secret: Secret | None = None
    job_id: str | None = None
    link: Secret | None = None
    path: str | None = None
    left_out: tuple[Secret, ...] = ()
    placeholders: tuple[str, ...] = ()
    notes: tuple[Words, ...] = ()
    is_report: bool = True
    warnings: tuple[Words, ...] = ()
    problem: UserError | None = None
    card: tuple[CardLine, ...] = field(default=())

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything in it that must never be written down: register these with the redactor at once."""
        return tuple(one for one in (self.token, self.client_secret, self.link, *self.left_out) if one)

    @property
    def can_order(self) -> bool:
        """Whether there is a query in it that is whole."""
        return self.sql is not None and self.problem is None


def card_of(understood: Understanding, now: datetime | None) -> tuple[CardLine, ...]:
    """Return the lines of the card. With a query this parses it: up to 300 ms the first time."""
    lines = _site(understood)
    if understood.sql is not None:
        lines += _query(understood)
    if understood.job_id:
        lines.append((Words("Report number"), Words("{job_id}", job_id=understood.job_id)))
    if understood.path:
        lines.append((Words("File"), Words("{path}", path=understood.path)))
    return (*lines, *_access(understood, now))


def _site(understood: Understanding) -> list[CardLine]:
    label = Words("Site")
    if understood.origin:
        host = understood.origin.partition("://")[2]
        short = host.removesuffix(".sana.ai")
        if short != host:
            return [(label, Words("{name} ({host})", name=short, host=host))]
        return [(label, Words("{host}", host=host))]
    blank = next((one for one in understood.placeholders if _is_site_blank(one)), None)
    if blank:
        return [(label, Words("its name is still missing, where {blank} stands", blank=blank))]
    if understood.kind in {Kind.SQL, Kind.BODY, Kind.JOB_ID}:
        return [(label, Words("this does not say which; you choose it"))]
    return []


def _is_site_blank(blank: str) -> bool:
    return any(word in blank.lower() for word in ("domain", "site", "host", "workspace", "tenant", "org", "company"))


def _query(understood: Understanding) -> list[CardLine]:
    sql = understood.sql or ""
    title = understood.title or title_of(sql)
    lines = [(Words("Report"), Words("{title}", title=title) if title else Words("a query whose name I can't tell"))]
    known = facts(sql)
    if known is None or known.combined:
        lines.append((Words("Dates"), Words("I can't tell from this query")))
    elif known.dates:
        lines.append((Words("Dates"), Words("{dates}", dates="; ".join(known.dates))))
    else:
        lines.append((Words("Dates"), Words("no filter on a date that I can see")))
    if known is not None and known.filters:
        lines.append((Words("Filter"), Words("{filters}", filters="; ".join(known.filters))))
    if known is not None and known.limit is not None:
        lines.append((Words("Rows"), _at_most(known)))
    form = {ReportFormat.CSV: Words("CSV"), ReportFormat.XLSX: Words("Excel (XLSX)")}
    if understood.format:
        lines.append((Words("Format"), form[understood.format]))
    return lines


def _at_most(known: Facts) -> Words:
    if known.order:
        return Words("at most {count}, in the order of {order}", count=f"{known.limit:,}", order=", ".join(known.order))
    return Words("at most {count}, and the query does not say which of all", count=f"{known.limit:,}")


def _access(understood: Understanding, now: datetime | None) -> list[CardLine]:
    label = Words("Access")
    if understood.client_secret:
        return [(label, Words("a client id and its secret; they go into this computer's password store if you say so"))]
    if understood.token and understood.token_is_key:
        return [(label, Words("an API key; kept in memory only"))]
    if understood.token:
        return [(label, life_in_words(understood.token_ends_at, now))]
    if understood.kind is Kind.PRACTICE:
        return [(label, Words("no API key in it; the connection's own is used"))]
    if understood.kind in {Kind.REPORT, Kind.JOB_LOOK, Kind.TOKEN_REQUEST}:
        return [(label, Words("no pass in it yet; you can paste one or sign in with a client id"))]
    return []
