"""Every fixture paste is understood as its index says, and shows no secret anywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sana_desktop.base.redaction import Secret
from sana_desktop.reports.paste.recognition import understand
from sana_desktop.reports.paste.understanding import Understanding
from tests.support.project import ROOT

PASTES = ROOT / "tests" / "support" / "pastes"
INDEX: dict[str, dict[str, Any]] = json.loads((PASTES / "index.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 6, 20, 22, tzinfo=UTC)


def paste(name: str) -> str:
    return (PASTES / name).read_bytes().decode()


def everything_shown(understood: Understanding) -> str:
    problem = understood.problem
    said = [repr(understood), str(understood.card), str(understood.notes), understood.title, str(understood.headline)]
    if problem is not None:
        said += [str(problem), repr(problem), problem.detail, problem.next_step, repr(problem.values)]
    return "\n".join(said)


def revealed(secret: Secret | None) -> str | None:
    return secret.reveal() if secret is not None else None


def test_there_are_enough_pastes() -> None:
    assert len(INDEX) >= 60
    assert sorted(INDEX) == sorted(path.name for path in PASTES.glob("*.txt"))


@pytest.mark.parametrize("name", sorted(INDEX))
def test_paste_is_understood(name: str) -> None:
    expected = INDEX[name]
    understood = understand(paste(name), NOW)

    assert understood.kind == expected["kind"], understood
    for field in ("origin", "sql", "job_id", "client_id", "path"):
        assert getattr(understood, field) == expected.get(field), (field, understood)
    assert revealed(understood.token) == expected.get("token")
    assert revealed(understood.client_secret) == expected.get("client_secret")
    assert revealed(understood.link) == expected.get("link")
    assert understood.format == expected.get("format") or "format" not in expected
    assert list(understood.placeholders) == expected.get("placeholders", [])
    assert (understood.problem.code if understood.problem else None) == expected.get("problem")
    if "confidence" in expected:
        assert understood.confidence == expected["confidence"]
    if "token_ends_at" in expected:
        assert understood.token_ends_at == datetime.fromisoformat(expected["token_ends_at"])
    for part in expected.get("notes", []):
        assert any(part in note for note in understood.notes), (part, understood.notes)


@pytest.mark.parametrize("name", sorted(INDEX))
def test_paste_shows_no_secret(name: str) -> None:
    understood = understand(paste(name), NOW)
    shown = everything_shown(understood)
    for secret in understood.secrets:
        assert secret.reveal() not in shown
    assert "canary-" not in shown
    assert "canary-" not in (understood.sql or "")


def card(text: str) -> dict[str, str]:
    return {str(label): str(sentence) for label, sentence in understand(text, NOW).card}


def test_card_of_the_documented_command_says_what_is_missing() -> None:
    lines = card(paste("001_widget_as_documented.txt"))
    assert lines["Site"] == "its name is still missing, where <yourdomain> stands"
    assert lines["Report"] == "User course instance progress"
    assert lines["Dates"] == "no filter on a date that I can see"
    assert lines["Format"] == "CSV"
    assert lines["Access"].startswith("no pass in it yet")


def test_card_says_site_report_dates_filter_and_format() -> None:
    sql = (
        "SELECT department, count(*) FROM analytics.course_completions WHERE completion_date >= '2025-01-01' AND "
        "completion_date <= '2025-03-31' AND status = 'done' GROUP BY department"
    )
    body = json.dumps({"query": sql, "format": "xlsx"}).replace("'", "'\\''")
    lines = card(f"curl 'https://acme.sana.ai/api/v1/reports/query' -H 'Authorization: Bearer abc-123456' -d '{body}'")
    assert lines == {
        "Site": "acme (acme.sana.ai)",
        "Report": "Course completions, by department",
        "Dates": "Completion date is from 2025-01-01 to 2025-03-31",
        "Filter": "Status is “done”",
        "Format": "Excel (XLSX)",
        "Access": "a pass; such passes usually last about an hour; kept in memory only",
    }


def test_card_tells_how_long_a_signed_pass_lasts() -> None:
    text = paste(next(name for name in INDEX if "token_jwt" in name))
    ends = understand(text).token_ends_at
    assert ends is not None
    cases = {
        timedelta(minutes=58): "a pass that ends in about 58 minutes; kept in memory only",
        timedelta(seconds=70): "a pass that ends in about a minute; kept in memory only",
        timedelta(seconds=5): "a pass that ends in less than a minute; kept in memory only",
        timedelta(hours=5): "a pass that ends in about 5 hours; kept in memory only",
        timedelta(days=9): "a pass that ends in about 9 days; kept in memory only",
        timedelta(seconds=-1): "a pass that has already ended: copy the command again for a fresh one",
    }
    for left, words in cases.items():
        assert str(understand(text, ends - left).card[-1][1]) == words
    assert str(understand(text).card[-1][1]) == "a pass that ends at 2026-11-06 21:20 UTC; kept in memory only"


def test_words_of_the_card_can_be_translated() -> None:
    label, sentence = understand(paste("002_bash_single_quotes.txt"), NOW).card[0]
    assert label.say(str.upper) == "SITE"
    assert sentence.say(lambda text: text.replace("(", "[").replace(")", "]")) == "acme [acme.sana.ai]"


def test_a_megabyte_is_refused_in_words_or_read() -> None:
    assert understand("x" * 1_048_577).problem is not None
    assert understand("curl 'https://acme.sana.ai/api/v1/reports/query' -d '" + "a" * 1_000_000).problem is not None


def test_every_sql_paste_keeps_the_query_exactly() -> None:
    sql = "SELECT 'O’Brien', 'a\u200db' FROM t"
    body = json.dumps({"query": sql}).replace("'", "'\\''")
    assert understand(f"curl 'https://acme.sana.ai/api/v1/reports/query' -d '{body}'").sql == sql


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {pass}\nContent-Type: application/json",
        "fetch('https://acme.sana.ai/x', {{headers: {{'Authorization': 'Bearer {pass}'}}}})",
        'headers = {{"Authorization": "Bearer {pass}", "Accept": "*/*"}}\nrequests.get(url)',
        "GET /api HTTP/1.1\nHost: acme.sana.ai\nAuthorization: Bearer {pass}\n\n",
    ],
)
def test_a_pass_among_other_lines_is_read_to_its_end(text: str) -> None:
    whole = "a-whole-pass.0123456789_~+/=="
    assert revealed(understand(text.format(**{"pass": whole}), NOW).token) == whole


def test_a_blank_pass_among_other_lines_is_none() -> None:
    assert understand("Authorization: Bearer <your_token>\nContent-Type: application/json", NOW).token is None


@pytest.mark.parametrize(
    "text",
    [
        "-- Authorization: Bearer {pass}\nSELECT 1 FROM t",
        "/* SANA_TOKEN={pass} */ SELECT 1 FROM t",
        "SELECT 1 FROM t\n-- api-key: '{pass}'",
        "SELECT 1 FROM t\nAuthorization: Bearer {pass}",
        "curl 'https://acme.sana.ai/api/v1/reports/query' -d '{{\"query\": \"SELECT 1 FROM t -- Bearer {pass}\"}}'",
    ],
)
def test_a_pass_inside_a_query_is_left_out_of_it(text: str) -> None:
    understood = understand(text.format(**{"pass": "pass-canary-0123456789"}), NOW)
    assert understood.sql is not None
    assert "SELECT 1 FROM t" in understood.sql
    assert "canary" not in understood.sql
    assert [secret.reveal() for secret in understood.secrets] == ["pass-canary-0123456789"]
    assert any("was left out" in note for note in understood.notes)


def test_a_comparison_with_a_column_of_a_telling_name_stays() -> None:
    sql = "SELECT 1 FROM t WHERE token = 'abcdef0123456789' -- the bearer of it"
    assert understand(sql, NOW).sql == sql


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        ("LIMIT 10", "at most 10, and the query does not say which of all"),
        ('ORDER BY "name" LIMIT 1000', "at most 1,000, in the order of name"),
    ],
)
def test_card_says_that_only_some_rows_come(tail: str, words: str) -> None:
    lines = {str(name): str(said) for name, said in understand(f'SELECT "name" FROM users {tail}', NOW).card}
    assert lines["Rows"].lower() == words.lower()
