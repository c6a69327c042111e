"""The card that says in words what a paste was understood to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.understanding import Confidence, Kind, Understanding, card_of

CANARY = "canary-7f3a9c2e51b8d604"
NOW = datetime(2026, 11, 6, 20, 0, tzinfo=UTC)


def understood(kind: Kind = Kind.REPORT, **fields: object) -> Understanding:
    return replace(Understanding(kind, Confidence.CERTAIN, Words("x")), **fields)  # type: ignore[arg-type]


def card(one: Understanding) -> dict[str, str]:
    return {str(label): str(words) for label, words in card_of(one, NOW)}


@pytest.mark.parametrize(
    ("fields", "site"),
    [
        ({"origin": "https://acme.sana.ai"}, "acme (acme.sana.ai)"),
        ({"origin": "http://127.0.0.1:8000"}, "127.0.0.1:8000"),
        ({"placeholders": ("<job-id>", "<yourdomain>")}, "its name is still missing, where <yourdomain> stands"),
        ({"kind": Kind.SQL}, "this does not say which; you choose it"),
        ({"kind": Kind.SQL, "placeholders": ("{{from}}",)}, "this does not say which; you choose it"),
        ({"kind": Kind.LINK}, None),
    ],
)
def test_site(fields: dict[str, object], site: str | None) -> None:
    assert card(understood(**fields)).get("Site") == site  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sql", "title", "dates", "filters"),
    [
        ("SELECT a FROM late_starts", "Late starts", "no filter on a date that I can see", None),
        ("SELECT 1", "a query whose name I can't tell", "no filter on a date that I can see", None),
        ("SELECT a FROM t WHERE (d > '2025-01-01') AND b = 1", "T", "D is after 2025-01-01", "B is 1"),
        ("SELECT a FROM t UNION SELECT b FROM u", "T", "I can't tell from this query", None),
        ("SELECT a b c FROM t", "T", "I can't tell from this query", None),
    ],
)
def test_query(sql: str, title: str, dates: str, filters: str | None) -> None:
    lines = card(understood(sql=sql))
    assert (lines["Report"], lines["Dates"], lines.get("Filter")) == (title, dates, filters)


def test_a_given_title_goes_before_a_made_one() -> None:
    assert card(understood(sql="SELECT a FROM t", title="Audit"))["Report"] == "Audit"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (ReportFormat.CSV, "CSV"),
        (ReportFormat.XLSX, "Excel (XLSX)"),
        (None, None),  # the window says then which one is chosen
    ],
)
def test_format(form: ReportFormat | None, said: str | None) -> None:
    assert card(understood(sql="SELECT 1", format=form)).get("Format") == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"client_secret": Secret(CANARY), "token": Secret(CANARY)}, "a client id and its secret"),
        ({"token": Secret(CANARY), "token_is_key": True}, "an API key; kept in memory only"),
        ({"token": Secret(CANARY), "token_ends_at": NOW + timedelta(minutes=5)}, "ends in about 5 minutes"),
        ({"token": Secret(CANARY), "token_ends_at": NOW - timedelta(minutes=5)}, "already ended"),
        ({"token": Secret(CANARY)}, "about an hour"),
        ({}, "no pass in it yet"),
    ],
)
def test_access(fields: dict[str, object], said: str) -> None:
    lines = card(understood(**fields))  # type: ignore[arg-type]
    assert said in lines["Access"]
    assert CANARY not in str(lines)


def test_what_needs_no_pass_says_nothing_of_one() -> None:
    assert "Access" not in card(understood(Kind.SQL, sql="SELECT 1"))


def test_number_and_file() -> None:
    lines = card(understood(Kind.JOB_ID, job_id="j-1", path="/tmp/a{b}.csv"))  # noqa: S108
    assert (lines["Report number"], lines["File"]) == ("j-1", "/tmp/a{b}.csv")  # noqa: S108


def test_secrets_are_all_that_must_be_registered_and_never_in_view() -> None:
    one = understood(token=Secret(CANARY + "1"), client_secret=Secret(CANARY + "2"), link=Secret(CANARY + "3"))
    assert [secret.reveal()[-1] for secret in one.secrets] == ["1", "2", "3"]
    assert CANARY not in repr(one)
    assert understood().secrets == ()


def test_only_a_whole_query_can_be_ordered() -> None:
    assert understood(sql="SELECT 1").can_order
    assert not understood().can_order
    assert not understood(sql="SELECT 1", problem=UserError("No.", code="E-X")).can_order
