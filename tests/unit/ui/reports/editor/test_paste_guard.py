"""What may hold a token is never put into the editor as it is; SQL is."""

from __future__ import annotations

import pytest

from sana_desktop.ui.reports.editor.paste_guard import is_request

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcDEF-123_456"  # made up

REQUESTS = [
    "curl -X POST 'https://acme.sana.ai/api/v1/reports/query' -H 'Authorization: Bearer abcdefgh'",
    "$ curl https://acme.sana.ai",
    "  > curl.exe --location https://acme.sana.ai",
    "C:\\Windows\\System32\\curl.exe https://acme.sana.ai",
    "# my note\ncurl https://acme.sana.ai",
    "Invoke-WebRequest -Uri 'https://acme.sana.ai'",
    "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession",
    '{"query": "SELECT 1", "format": "csv"}',
    "[{'query': 'SELECT 1'}]",
    "https://storage.example/report.csv?X-Signature=abc",
    "Bearer abcdefghij",
    "Authorization: Bearer abcdefghij",
    "x-api-key: abc",
    "client_secret=abcdef",
    TOKEN,
    f"SELECT 1 -- {TOKEN}",
    "/* SANA_TOKEN=abcdef0123456789 */ SELECT 1",
    "C:\\Users\\maria\\report.csv",
    "/home/maria/report.xlsx",
]
SQL = [
    "SELECT 1",
    "  select *\nfrom t",
    '"user", "course"',
    "-- a comment about curling\nSELECT 'curl' AS sport",
    "WHERE id = '0f8fad5b-d9cb-469f-a165-70867728950e'",
    "SELECT * FROM t WHERE token = 'abcdef0123456789'",
    "SELECT 'https://acme.sana.ai' AS site",
    "[1, 2]",
    "analytics.user",
    "",
]


@pytest.mark.parametrize("text", REQUESTS)
def test_a_request_is_understood_first(text: str) -> None:
    assert is_request(text, into_empty=True)
    assert is_request(text, into_empty=False)


@pytest.mark.parametrize("text", SQL)
def test_sql_goes_in(text: str) -> None:
    assert not is_request(text, into_empty=True)


def test_a_bare_job_id_counts_only_in_an_empty_text() -> None:
    job = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert is_request(job, into_empty=True)
    assert not is_request(job, into_empty=False)


def test_a_token_far_down_in_a_long_paste_is_seen() -> None:
    assert is_request("SELECT 1\n" * 10_000 + TOKEN, into_empty=True)


def test_a_text_too_long_to_be_looked_at_is_not_trusted() -> None:
    assert is_request("SELECT 1\n" * 50_000, into_empty=True)
