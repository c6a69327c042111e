"""What a pasted command is for, and the query inside it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.command import JOB_PATH, query_in, understand_command
from sana_desktop.reports.paste.understanding import Confidence, Kind, card_of

CANARY = "canary-7f3a9c2e51b8d604"
SITE = "https://acme.sana.ai"
QUERY = f"{SITE}/api/v1/reports/query"
PAIR = base64.b64encode(f"me:{CANARY}".encode()).decode()
BODY = '{"query": "SELECT 1", "format": "csv"}'
SIGN_IN = f"curl {SITE}/api/token -d 'client_id=me&client_secret={CANARY}'"


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (f"curl {QUERY} -d '{BODY}'", Kind.REPORT),
        (f"curl {QUERY}/ -d '{BODY}'", Kind.REPORT),
        (f"curl {SITE}/api/v1/reports/jobs/j-1", Kind.JOB_LOOK),
        (SIGN_IN, Kind.TOKEN_REQUEST),
        ("curl https://api.sanalabs.com/v1/next-exercises -d '{}'", Kind.PRACTICE),
        ("curl https://api.sanalabs.com/v1/exercise-outcomes -d '{}'", Kind.PRACTICE),
        (f"curl {SITE}/api/v1/users", Kind.OTHER_REQUEST),
        (f"curl -o r.csv 'https://files.example/{CANARY}/r.csv?sig={CANARY}'", Kind.LINK),
        (f"curl {QUERY}", Kind.BROKEN),
        (f"curl {QUERY} -d '{{}}'", Kind.BROKEN),
        (f"curl {QUERY} -d 'nonsense'", Kind.BROKEN),
        (f"curl {QUERY} -d @body.json", Kind.BROKEN),
    ],
)
def test_kind(command: str, kind: Kind) -> None:
    understood = understand_command(command)
    assert understood.kind is kind
    assert (understood.problem is not None) is (kind is Kind.BROKEN)
    assert CANARY not in repr(understood)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("next-exercises", "it asks for exercises"),
        ("exercise-outcomes/", "it posts outcomes"),
        ("user-events", "it posts events"),
    ],
)
def test_a_command_for_practice_says_what_it_does(path: str, words: str) -> None:
    understood = understand_command(f"curl https://us.api.sanalabs.com/v1/{path} -d '{{}}'")
    assert understood.kind is Kind.PRACTICE
    assert understood.headline.startswith("This command is for practice")
    assert words in understood.headline
    assert "API key" in dict(card_of(understood, None))[Words("Access")]


def test_an_order_has_site_query_format_and_pass() -> None:
    understood = understand_command(f"curl {QUERY} -H 'Authorization: Bearer {CANARY}' -d '{BODY}'")
    assert (understood.origin, understood.sql, understood.format) == (SITE, "SELECT 1", ReportFormat.CSV)
    assert understood.token is not None
    assert understood.token.reveal() == CANARY
    assert not understood.token_is_key
    assert understood.can_order


def test_a_key_is_known_as_one() -> None:
    assert understand_command(f"curl https://api.sanalabs.com/v1/user-events -H 'X-API-KEY: {CANARY}'").token_is_key


def test_a_query_that_stands_alone_is_read_and_said() -> None:
    understood = understand_command(f"curl {QUERY} -d 'SELECT a FROM t'")
    assert (understood.kind, understood.sql) == (Kind.REPORT, "SELECT a FROM t")
    assert any("without its curly brackets" in note for note in understood.notes)


def test_of_several_commands_the_order_wins_and_takes_the_secrets_of_the_same_site() -> None:
    order, look = (
        f"curl {QUERY} -d '{BODY}'",
        f"curl {SITE}/api/v1/reports/jobs/j-1 -H 'Authorization: Bearer {CANARY}x'",
    )
    understood = understand_command(f"{SIGN_IN}\n{look}\n{order}")
    assert (understood.kind, understood.client_id) == (Kind.REPORT, "me")
    assert {one.reveal() for one in understood.secrets} == {CANARY, CANARY + "x"}


def test_the_secrets_of_another_site_are_not_mixed_in() -> None:
    understood = understand_command(f"curl {QUERY} -d '{BODY}'\n" + SIGN_IN.replace("acme", "other"))
    assert (understood.origin, understood.client_id, understood.secrets) == (SITE, None, ())


@pytest.mark.parametrize(
    ("host", "warned"),
    [("acme.sana.ai", False), ("127.0.0.1:8000", False), ("api.sanalabs.com", False), ("sana.ai.evil.example", True)],
)
def test_a_strange_site_is_warned_of(host: str, warned: bool) -> None:
    scheme = "http" if host.startswith("127") else "https"
    understood = understand_command(f"curl {scheme}://{host}/api/v1/reports/query -d '{BODY}'")
    assert any("no address of Sana" in note for note in understood.notes) is warned


def test_a_site_still_to_be_filled_in_is_no_site_and_no_problem() -> None:
    understood = understand_command(f"curl https://<yourdomain>.sana.ai/api/v1/reports/query -d '{BODY}'")
    assert (understood.kind, understood.origin, understood.problem) == (Kind.REPORT, None, None)
    assert "<yourdomain>" in understood.placeholders


def test_a_look_at_a_job_with_its_number_or_a_blank() -> None:
    assert understand_command(f"curl {SITE}/api/v1/reports/jobs/a%2Db").job_id == "a-b"
    blank = understand_command(f"curl {SITE}/api/v1/reports/jobs/<job-id>")
    assert (blank.kind, blank.job_id, blank.placeholders) == (Kind.JOB_LOOK, None, ("<job-id>",))


def test_a_link_is_a_secret_of_no_site() -> None:
    understood = understand_command(f"curl -o r.csv 'https://files.example/r.csv?sig={CANARY}'")
    assert (understood.origin, understood.confidence) == (None, Confidence.LIKELY)
    assert understood.link is not None
    assert understood.link.reveal() == f"https://files.example/r.csv?sig={CANARY}"
    blank = understand_command("curl -o r.csv '<download-url>'")
    assert (blank.kind, blank.link) == (Kind.LINK, None)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"query": "SELECT 1", "format": "csv"}, ("SELECT 1", ReportFormat.CSV)),
        ({"Query": "SELECT 1", "FORMAT": " Excel "}, ("SELECT 1", ReportFormat.XLSX)),
        ({"sql": "SELECT 1"}, ("SELECT 1", None)),
        ([{"query": "SELECT 1"}], ("SELECT 1", None)),
        ({"query": "SELECT '\ud800\0'"}, ("SELECT '?'", None)),
        ({"query": "  "}, None),
        ({"query": 5}, None),
        ([{"query": "a"}, {"query": "b"}], None),
        ("SELECT 1", None),
        (None, None),
    ],
)
def test_query_in(value: Any, found: tuple[str, ReportFormat | None] | None) -> None:
    got = query_in(value)
    assert (got[:2] if got else None) == found


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ("pdf", "PDF"),
        (7, "7"),
        ("csv", ""),
        ("<format>", ""),
        (None, ""),
        ("", ""),
        ("ods" * 9, "ODSODSODSODSODSODSO…"),
    ],
)
def test_a_format_that_the_site_has_not_is_named(wanted: object, named: str) -> None:
    value: Any = json.loads(json.dumps({"query": "SELECT 1", "format": wanted}))
    got = query_in(value)
    assert got is not None
    assert got.other_format == named


@pytest.mark.parametrize(
    ("path", "job"),
    [
        ("/api/v1/reports/jobs/a-1", "a-1"),
        ("/api/v1/reports/jobs/a-1/", "a-1"),
        ("/api/v1/reports/jobs/", None),
        ("/api/v1/reports/jobs/a/b", None),
        ("/api/v1/reports/jobs/" + "x" * 201, None),
    ],
)
def test_job_path(path: str, job: str | None) -> None:
    found = JOB_PATH.match(path)
    assert (found[1] if found else None) == job


@pytest.mark.parametrize("words", [f"-u me:{CANARY}", f"-H 'Authorization: Basic {PAIR}'"])
def test_a_name_and_password_are_no_pass_but_get_one(words: str) -> None:
    for address in (f"{QUERY} -d '{BODY}'", f"{SITE}/api/v1/reports/jobs/j-1"):
        understood = understand_command(f"curl {words} {address}")
        assert understood.token is None
        assert (understood.client_id, understood.client_secret and understood.client_secret.reveal()) == ("me", CANARY)
        assert any("client id and its secret" in note for note in understood.notes)
        assert CANARY not in repr(understood)
        assert {f"me:{CANARY}", CANARY} <= {secret.reveal() for secret in understood.secrets}


@pytest.mark.parametrize(
    "command",
    [
        f"curl -u {CANARY} {QUERY} -d '{BODY}'",
        f"curl -u me:{CANARY} https://api.sanalabs.com/v1/next-exercises -d '{{}}'",
        f"curl -o r.csv 'https://me:{CANARY}@files.example/r.csv'",
    ],
)
def test_a_name_and_password_that_are_of_no_use_are_left_out_and_kept_out_of_sight(command: str) -> None:
    understood = understand_command(command)
    assert (understood.token, understood.client_secret) == (None, None)
    assert any("left out" in note for note in understood.notes)
    assert any(CANARY in secret.reveal() for secret in understood.secrets)
    assert CANARY not in repr(understood)
