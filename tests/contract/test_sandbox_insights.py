"""The sandbox against the seed's page: every sample and every sentence that can be checked."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import openpyxl
import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.sandbox_http import SEED_QUERY, SandboxClient, call

MICRO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
NANO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")
# The body of the seed's cURL sample, as a shell would hand it over.
SEED_BODY = (
    '{ "query": "SELECT \\"user\\", \\"course\\", \\"start_date\\", \\"completion_date\\", \\"last_progress_date\\",'
    ' \\"course_instance\\" FROM \\"analytics\\".\\"user_course_instance_progress\\" ORDER BY \\"user\\"",\n'
    '"format": "csv" }'
)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with running_sandbox(rows=2000, min_job_seconds=0.0) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Iterator[SandboxClient]:
    yield SandboxClient(server)
    server.faults.clear()
    server.clock.offset_seconds = 0.0


def test_token_sample(client: SandboxClient) -> None:
    answer = client.token()
    assert answer.status == 200
    data = answer.json["data"]
    assert data.keys() == {"accessToken", "tokenType", "expiresIn"}
    assert (data["tokenType"], data["expiresIn"]) == ("bearer", 3600)
    headers = {"Authorization": f"Bearer {data['accessToken']}"}
    assert call("GET", f"{client.url}/api/v1/reports/jobs/none", headers=headers).status == 404


def test_token_by_json_is_tolerated(client: SandboxClient) -> None:
    content = {
        "grant_type": "client_credentials",
        "client_id": client.described["client_id"],
        "client_secret": client.described["client_secret"],
        "scope": "read",
    }
    answer = call("POST", f"{client.url}/api/token", json.dumps(content), {"Content-Type": "application/json"})
    assert answer.status == 200


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_id": "ünknown"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "read write"}, 400, "invalid_scope"),
        ({"scope": "admin"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_request"),
    ],
)
def test_token_refusals(client: SandboxClient, changes: dict[str, str], status: int, code: str) -> None:
    answer = client.token(**changes)
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert answer.json["data"] is None


def test_seed_samples_of_submit_and_poll(client: SandboxClient, server: SandboxServer) -> None:
    server.add_fault(faults.Slow(0.8))
    answer = call("POST", f"{client.url}/api/v1/reports/query", SEED_BODY, client.headers)
    assert answer.status == 200
    assert list(answer.json) == ["data", "links", "error"]
    data = answer.json["data"]
    assert list(data) == ["jobId", "status", "createdAt", "startedAt", "finishedAt", "link"]
    assert (data["status"], data["startedAt"], data["finishedAt"], data["link"]) == ("pending", None, None, None)
    assert MICRO.match(data["createdAt"])
    assert answer.json["links"] is None
    assert answer.json["error"] is None

    first = client.poll(data["jobId"]).json["data"]
    assert (first["status"], first["finishedAt"], first["link"]) == ("pending", None, None)

    done = client.finished(data["jobId"])
    assert (done["links"], done["error"]) == (None, None)
    job = done["data"]
    assert (job["jobId"], job["status"], job["createdAt"]) == (data["jobId"], "successful", data["createdAt"])
    assert MICRO.match(job["startedAt"])
    assert MICRO.match(job["finishedAt"])
    assert job["createdAt"] < job["startedAt"] <= job["finishedAt"]
    assert list(job["link"]) == ["url", "expiresAt"]
    assert NANO.match(job["link"]["expiresAt"])
    left = datetime.fromisoformat(job["link"]["expiresAt"][:26]).replace(tzinfo=UTC) - datetime.now(UTC)
    assert 17 * 60 < left.total_seconds() < 18 * 60

    # curl -o report.csv '<download-url>'
    report = call("GET", job["link"]["url"])
    assert report.status == 200
    assert not job["link"]["url"].startswith(client.url)


def test_every_column_of_the_seed_query_is_right(client: SandboxClient) -> None:
    rows = list(csv.reader(io.StringIO(client.report(SEED_QUERY).decode())))
    assert rows[0] == ["user", "course", "start_date", "completion_date", "last_progress_date", "course_instance"]
    body = rows[1:]
    assert len(body) == 2000
    assert [row[0] for row in body] == sorted(row[0] for row in body)
    for user, course, start, completion, last, instance in body:
        assert " " in user
        assert course
        assert not completion or date.fromisoformat(start) <= date.fromisoformat(completion)
        assert not completion or completion == last
        assert bool(start) == bool(last)
        assert not start or date(2023, 11, 1) < date.fromisoformat(start) <= date(2026, 11, 16)
        assert not instance or instance.startswith(course)
    for column in range(2, 6):
        assert 0 < sum(1 for row in body if not row[column]) < len(body)


def test_xlsx_is_a_real_sheet_with_the_same_rows(client: SandboxClient) -> None:
    query = SEED_QUERY + ", course, start_date"
    book = openpyxl.load_workbook(io.BytesIO(client.report(query, "xlsx")), read_only=True)
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    plain = list(csv.reader(io.StringIO(client.report(query).decode())))
    assert list(cells[0]) == plain[0]
    text = [[v.date().isoformat() if isinstance(v, datetime) else v or "" for v in row] for row in cells[1:]]
    assert text == plain[1:]
    assert any(isinstance(row[2], datetime) for row in cells[1:])


def test_the_same_query_is_the_same_file_each_time(client: SandboxClient) -> None:
    grouped = "SELECT course, avg(time_spent_minutes) AS m FROM analytics.user_course_instance_progress GROUP BY 1"
    with running_sandbox(rows=2000, min_job_seconds=0.0) as other:
        for kind in ("csv", "xlsx"):
            twin = SandboxClient(other)
            assert client.report(SEED_QUERY, kind) == twin.report(SEED_QUERY, kind)
            assert client.report(grouped, kind) == twin.report(grouped, kind)


def test_csv_quotes_what_must_be_quoted(client: SandboxClient) -> None:
    query = """SELECT 'a,b' AS "x,y", 'say "hi"' AS "q""\", chr(10) AS nl, NULL AS none, '' AS empty,
        true AS yes, 1.50 AS n"""
    raw = client.report(query).decode()
    assert list(csv.reader(io.StringIO(raw))) == [
        ["x,y", 'q"', "nl", "none", "empty", "yes", "n"],
        ["a,b", 'say "hi"', "\n", "", "", "true", "1.50"],
    ]
    assert ',,"",' in raw  # NULL is nothing, the empty text is a quoted nothing


def test_columns_of_one_name_and_no_rows(client: SandboxClient) -> None:
    assert client.report("SELECT 1 AS a, 2 AS a") == b"a,a\n1,2\n"
    assert client.report("SELECT name FROM analytics.users WHERE false") == b"name\n"
    assert client.report("WITH t AS (SELECT 1 AS x) SELECT * FROM t ; -- the end ;") == b"x\n1\n"


def test_scopes(client: SandboxClient) -> None:
    def bearer(scope: str) -> dict[str, str]:
        token = client.token(scope=scope).json["data"]["accessToken"]
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    job = client.submit("SELECT 1")
    submit, poll = f"{client.url}/api/v1/reports/query", f"{client.url}/api/v1/reports/jobs/{job}"
    body = json.dumps({"query": "SELECT 1", "format": "csv"})
    assert call("POST", submit, body, bearer("write")).status == 200
    assert call("GET", poll, headers=bearer("read")).status == 200
    no_write, no_read = call("POST", submit, body, bearer("read")), call("GET", poll, headers=bearer("write"))
    assert (no_write.status, no_write.json["error"]["code"]) == (403, "insufficient_scope")
    assert (no_read.status, no_read.json["error"]["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Bearer a.b", "Basic abc", "Bearer é"])
def test_401_in_the_envelope(client: SandboxClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = call("GET", f"{client.url}/api/v1/reports/jobs/x", headers=headers)
    assert answer.status == 401
    assert answer.json["error"]["code"] == "unauthorized"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_tokens_can_be_expired_at_will(client: SandboxClient, server: SandboxServer) -> None:
    headers = {"Authorization": f"Bearer {client.token().json['data']['accessToken']}"}
    url = f"{client.url}/api/v1/reports/jobs/x"
    assert call("GET", url, headers=headers).status == 404
    server.expire_tokens()
    assert call("GET", url, headers=headers).status == 401
    assert call("GET", url, headers=client.headers).status == 404
    fresh = {"Authorization": f"Bearer {client.token().json['data']['accessToken']}"}
    assert call("GET", url, headers=fresh).status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api/v1/reports", 404),
        ("GET", "/api/v1/reports/query", 405),
        ("POST", "/api/v1/reports/jobs/x", 405),
        ("GET", "/api/token", 405),
        ("GET", "/api/v1/reports/jobs/%F0%9F%92%A5", 404),
        ("DELETE", "/api/v1/reports/jobs/x/y", 404),
    ],
)
def test_wrong_paths_and_methods_stay_in_the_envelope(
    client: SandboxClient, method: str, path: str, status: int
) -> None:
    answer = call(method, client.url + path, headers=client.headers)
    assert answer.status == status
    assert list(answer.json) == ["data", "links", "error"]
    assert answer.json["error"]["message"]
    assert "date" in answer.headers


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[1]", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"format": "csv"}', "application/json", 400),
        ('{"query": "", "format": "csv"}', "application/json", 400),
        ('{"query": 1, "format": "csv"}', "application/json", 400),
        ('{"query": "SELECT 1"}', "application/json", 400),
        ('{"query": "SELECT 1", "format": "pdf"}', "application/json", 400),
        ('{"query": "SELECT 1", "format": "csv"}', "application/x-www-form-urlencoded", 415),
        ("x" * 1_100_000, "application/json", 413),
    ],
)
def test_unusable_bodies(client: SandboxClient, body: str, kind: str, status: int) -> None:
    headers = client.headers | {"Content-Type": kind}
    answer = call("POST", f"{client.url}/api/v1/reports/query", body, headers)
    assert answer.status == status
    assert answer.json["data"] is None


def test_a_query_that_cannot_be_answered_is_a_failed_job(client: SandboxClient) -> None:
    done = client.finished(client.submit("SELECT no_such_column FROM analytics.users"))
    assert done["data"]["status"] == "failed"
    assert done["data"]["link"] is None
    assert done["error"]["code"] == "query_failed"
    assert "no_such_column" in done["error"]["message"]


def test_the_clock_can_be_off_by_hours(client: SandboxClient, server: SandboxServer) -> None:
    server.clock.offset_seconds = 7 * 3600
    done = client.finished(client.submit("SELECT 1"))
    answer = client.poll(done["data"]["jobId"])
    told = parsedate_to_datetime(answer.headers["date"])
    assert 6.9 * 3600 < (told - datetime.now(UTC)).total_seconds() < 7.1 * 3600
    ends = datetime.fromisoformat(done["data"]["link"]["expiresAt"][:26]).replace(tzinfo=UTC)
    assert 17 * 60 < (ends - told).total_seconds() < 18 * 60 + 2  # Date has whole seconds
    assert call("GET", done["data"]["link"]["url"]).status == 200


def test_the_control_port_counts_requests_without_secrets(client: SandboxClient) -> None:
    client.control("DELETE", "requests")
    link = client.link("SELECT 1")
    call("GET", link)
    log = client.control("GET", "requests").json
    assert log["counts"]["POST /api/v1/reports/query"] == 1
    assert log["requests"][0]["has_authorization"] is True
    assert log["requests"][-1]["origin"] == "store"
    assert log["requests"][-1]["has_authorization"] is False
    text = json.dumps(log)
    assert "Signature" not in text
    assert client.described["token"] not in text
