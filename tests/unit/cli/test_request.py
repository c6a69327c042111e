"""What an export is asked to do, read from arguments and pasted text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import AuthError, UserError
from sana_desktop.cli.commands import ExportCommand
from sana_desktop.cli.request import MAX_INPUT_LENGTH, find_login, read_request
from tests.support.workspaces import desk

COMMAND = ExportCommand(
    workspace="acme",
    sql=None,
    sql_file=None,
    curl_file=None,
    format=None,
    out=None,
    overwrite=False,
    timeout_seconds=3600.0,
    profile=None,
    quiet=False,
    json=False,
)
CURL = """curl -X POST 'https://acme.sana.ai/api/v1/reports/query' -H 'Authorization: Bearer {token}' \\
-d '{{"query": "SELECT 1", "format": "xlsx"}}'"""
TOKEN = "a-real-looking-pass-0123456789"


def curl(folder: Path, text: str) -> ExportCommand:
    file = folder / "curl.txt"
    file.write_text(text, "utf-8")
    return replace(COMMAND, curl_file=str(file), workspace=None)


def test_a_curl_says_site_format_and_pass(tmp_path: Path) -> None:
    asked = read_request(curl(tmp_path, CURL.format(token=TOKEN)))
    assert (asked.sql, asked.format) == ("SELECT 1", ReportFormat.XLSX)
    assert asked.origin is not None
    assert asked.origin.url == "https://acme.sana.ai"
    assert asked.token is not None
    assert asked.token.reveal() == TOKEN
    assert TOKEN not in repr(asked)


def test_the_command_line_wins_over_the_curl(tmp_path: Path) -> None:
    command = replace(curl(tmp_path, CURL.format(token="<your_token>")), workspace="other", format="csv")
    asked = read_request(command)
    assert asked.origin is not None
    assert (asked.origin.host, asked.format, asked.token) == ("other.sana.ai", ReportFormat.CSV, None)


def test_the_ending_of_the_file_says_the_format(tmp_path: Path) -> None:
    pasted = replace(curl(tmp_path, CURL.format(token=TOKEN)), out=tmp_path / "k3.csv")
    assert read_request(pasted).format is ReportFormat.CSV
    assert read_request(pasted).doubt == "The cURL asks for another format; CSV is ordered, as the command line says."
    typed = replace(COMMAND, sql="SELECT 1", out=tmp_path / "u2.xlsx")
    assert read_request(typed).format is ReportFormat.XLSX
    for command in (replace(pasted, format="xlsx"), replace(typed, out=tmp_path / "u9.pdf")):
        with pytest.raises(UserError) as caught:
            read_request(command)
        assert caught.value.code == "E-USAGE-FORMAT"


def test_T1_a_pass_for_one_site_is_not_shown_to_another(tmp_path: Path) -> None:
    command = replace(curl(tmp_path, CURL.format(token=TOKEN)), workspace="other")
    with pytest.raises(UserError, match=r"for acme\.sana\.ai, not for other\.sana\.ai") as caught:
        read_request(command)
    assert TOKEN not in str(caught.value)
    here = read_request(replace(command, workspace="http://127.0.0.1:8100"))
    assert here.token is not None


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_files_as_editors_and_shells_write_them(tmp_path: Path, coding: str) -> None:
    mark = b"\xfe\xff" if coding == "utf-16-be" else b""
    (tmp_path / "q.sql").write_bytes(mark + "SELECT 'Zoë'".encode(coding))
    assert read_request(replace(COMMAND, sql_file=str(tmp_path / "q.sql"))).sql == "SELECT 'Zoë'"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(COMMAND, sql=" \n"), "E-QUERY-EMPTY"),
        (replace(COMMAND, sql="SELECT\0"), "E-QUERY-TEXT"),
        (replace(COMMAND, sql="SELECT '\udcff'"), "E-QUERY-TEXT"),
        (replace(COMMAND, sql_file=""), "E-INPUT-FILE"),
        (replace(COMMAND, sql="SELECT 1", workspace="http://acme.sana.ai"), ""),
        (replace(COMMAND, sql="SELECT 1", workspace="ac me"), ""),
        (replace(COMMAND, sql="SELECT 'a"), "E-QUERY-CHECK"),
        (replace(COMMAND, sql="SELECT a FROM t WHERE b = '{{day}}'"), "E-QUERY-CHECK"),
        (replace(COMMAND, sql="SELECT 1; DELETE FROM t"), "E-QUERY-SEVERAL"),
    ],
)
def test_what_is_unusable_is_refused(command: ExportCommand, code: str) -> None:
    with pytest.raises(UserError) as caught:
        read_request(command)
    assert code in caught.value.code


def test_a09_what_can_not_run_is_named_with_its_place() -> None:
    with pytest.raises(UserError) as caught:
        read_request(replace(COMMAND, sql="SELECT 1\nFROM t WHERE (a = 1"))
    assert caught.value.message.endswith("Line 2, column 14: This bracket is never closed.")
    with pytest.raises(UserError) as caught:
        read_request(replace(COMMAND, sql="SELECT 1;\n-- the other\n  SELECT 2"))
    assert caught.value.message.endswith("the second begins at line 3, column 3.")


@pytest.mark.parametrize(
    ("sql", "doubt"),
    [
        ("SELECT 1;\n-- that is all", ""),
        ("DROP TABLE t", "DROP would change data. Reports only read: begin with SELECT or WITH. It is sent as it is."),
        ("SHOW TABLES", "A query for a report begins with SELECT or WITH. It is sent as it is."),
    ],
)
def test_a09_what_is_no_report_is_doubted(tmp_path: Path, sql: str, doubt: str) -> None:
    assert read_request(replace(COMMAND, sql=sql)).doubt == doubt
    pasted = CURL.format(token=TOKEN).replace("SELECT 1", sql.replace("\n", "\\n"))
    assert read_request(curl(tmp_path, pasted)).doubt == doubt


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"SELECT '\xe9'", "E-INPUT-TEXT"),
        (b"\xff\xfeS", "E-INPUT-TEXT"),
        (b"x" * (MAX_INPUT_LENGTH + 1), "E-INPUT-LONG"),
        ("€".encode() * (4 * MAX_INPUT_LENGTH // 3 + 1), "E-INPUT-LONG"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "q.sql").write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_request(replace(COMMAND, sql_file=str(tmp_path / "q.sql")))
    assert caught.value.code == code
    assert "--sql-file" in caught.value.message


def test_a_name_and_password_are_never_sent_as_a_pass(tmp_path: Path) -> None:
    asked = read_request(curl(tmp_path, CURL.format(token=TOKEN).replace("-X POST", f"-u me:{TOKEN}-2")))
    assert asked.token is not None
    assert (asked.token.reveal(), asked.doubt) == (TOKEN, "")
    asked = read_request(curl(tmp_path, CURL.format(token="<your_token>").replace("-X POST", f"-u me:{TOKEN}")))
    assert asked.token is None
    assert "SANA_CLIENT_ID" in asked.doubt
    assert TOKEN not in repr(asked)


def test_a_curl_without_a_query_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_request(curl(tmp_path, "curl https://acme.sana.ai/api/v1/reports/jobs/1"))
    assert "query" in caught.value.message


async def test_the_pass_of_the_paste_goes_before_the_environments(tmp_path: Path) -> None:
    asked = read_request(curl(tmp_path, CURL.format(token=TOKEN)))
    async with desk(tmp_path) as here:
        login = find_login(COMMAND, asked, here.book, {"SANA_TOKEN": "another-pass"})
        assert TOKEN not in repr(login)
        assert login.connection.id == "site:https://acme.sana.ai"
        assert getattr(login.credentials, "token").reveal() == TOKEN  # noqa: B009 - either kind may come


async def test_no_site_and_no_credentials_are_told_apart(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        nowhere = read_request(replace(COMMAND, sql="SELECT 1", workspace=None))
        for environ in ({}, {"SANA_TOKEN": "x"}):
            with pytest.raises(UserError):
                find_login(COMMAND, nowhere, here.book, environ)
        with pytest.raises(AuthError) as caught:
            find_login(COMMAND, read_request(replace(COMMAND, sql="SELECT 1")), here.book, {})
        assert "SANA_TOKEN" in caught.value.next_step


def test_T13_a_pass_inside_a_query_is_refused_before_it_is_written_down(tmp_path: Path) -> None:
    text = f"-- Authorization: Bearer {TOKEN}\nSELECT 1 FROM t"
    file = tmp_path / "query.sql"
    file.write_text(text, "utf-8")
    for command in (replace(COMMAND, sql=text), replace(COMMAND, sql_file=str(file))):
        with pytest.raises(UserError) as caught:
            read_request(command)
        assert caught.value.code == "E-USAGE-SECRET"
        assert TOKEN not in str(caught.value)
