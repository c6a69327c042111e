"""What `export` is given and what it shows: pasted commands, odd encodings, profiles in a real keyring, a terminal.

No secret that passes through is written anywhere (I5, B01, T2).
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store.database import Database
from sana_desktop.store.paths import Paths
from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.workspace.connections import ConnectionStore
from tests.support.export_command import PATIENCE_SECONDS, ExportBench, ThisProcess, sha256
from tests.support.sandbox_http import SEED_QUERY, SandboxClient

SEED_CURL = r"""curl -X POST 'https://<yourdomain>.sana.ai/api/v1/reports/query' \
-H 'Content-Type: application/json' \
-H 'Authorization: Bearer <your_token>' \
-d '{ "query": "SELECT \"user\", \"course\", \"start_date\", \"completion_date\", \"last_progress_date\", \"course_instance\" FROM \"analytics\".\"user_course_instance_progress\" ORDER BY \"user\"",
"format": "csv" }'
"""  # noqa: E501 - as the vendor's page has it


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=300, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture
def bench(
    sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> ExportBench:
    folder = tmp_path / "work"
    folder.mkdir()
    sandbox.faults.clear()
    return ExportBench(sandbox, folder, tmp_path / "home", here=ThisProcess(monkeypatch, capsysbinary))


def forms(secret: str) -> set[bytes]:
    """Every way in which a secret might have been written down."""
    plain = {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()}
    return {text.encode(coding) for text in plain for coding in ("utf-8", "utf-16-le")}


def check_no_trace(secrets: Iterable[str], *places: Path | bytes) -> None:
    """None of `secrets` is in any of the files below `places`, or in the bytes."""
    wanted = set[bytes]().union(*map(forms, secrets))
    contents: dict[str, bytes] = {}
    for place in places:
        if isinstance(place, bytes):
            contents[f"output {len(contents)}"] = place
        else:
            contents |= {str(file): file.read_bytes() for file in place.rglob("*") if file.is_file()}
    assert contents
    found = [name for name, content in contents.items() if any(secret in content for secret in wanted)]
    assert found == [], "a secret was written down"


def link_secrets(client: SandboxClient, job: str) -> set[str]:
    query = urlsplit(str(client.poll(job).json["data"]["link"]["url"])).query
    values = {part.partition("=")[2] for part in query.split("&")}
    return {value for value in values if len(value) > 15} | {query}


def test_the_help_pages_curl_from_standard_input(bench: ExportBench) -> None:
    bench.here = None
    ended = bench.run("--curl-file", "-", "--out", "report.csv", "--json", stdin=SEED_CURL.encode())
    assert ended.code == 0, ended
    whole = SandboxClient(bench.server).report(SEED_QUERY)
    assert (bench.folder / "report.csv").read_bytes() == whole


def test_2_the_help_pages_curl_names_no_site(bench: ExportBench) -> None:
    (bench.folder.parent / "curl.txt").write_text(SEED_CURL)
    ended = bench.run("--workspace", "", "--curl-file", "../curl.txt", "--json")
    assert (ended.code, ended.kind) == (2, "usage")
    assert "--workspace" in ended.message


def test_x_canary_a_pass_in_the_curl_is_used_and_written_nowhere(bench: ExportBench) -> None:
    token = bench.server.describe()["token"]
    pasted = SEED_CURL.replace("<your_token>", token).replace("https://<yourdomain>.sana.ai", bench.url)
    pasted = pasted.replace('"csv"', '"xlsx"')
    ended = bench.run(
        "--workspace", "", "--curl-file", "-", "--json", stdin=pasted.encode(), environ={"SANA_TOKEN": ""}
    )
    assert ended.code == 0, ended
    assert ended.answer["path"].endswith(".xlsx")
    secrets = {token, *link_secrets(SandboxClient(bench.server), ended.answer["job_id"])}
    check_no_trace(secrets, bench.home, bench.folder, ended.out, ended.err.encode())


def test_x_canary_a_client_secret_its_passes_and_the_link_are_written_nowhere(bench: ExportBench) -> None:
    described = bench.server.describe()
    login = {"SANA_TOKEN": "", "SANA_CLIENT_ID": described["client_id"]}
    login["SANA_CLIENT_SECRET"] = described["client_secret"]
    ended = bench.run("--sql", bench.sql("expired; slow 0.6"), "--out", "a.csv", "--json", environ=login)
    assert ended.code == 0, ended
    secrets = link_secrets(SandboxClient(bench.server), ended.answer["job_id"])
    failed = bench.run("--sql", bench.sql("dead"), "--out", "b.csv", "--json", environ=login)
    assert failed.kind == "link"
    refused = bench.run("--sql", bench.sql(), "--out", "c.csv", environ={**login, "SANA_CLIENT_SECRET": "wr0ng-canary"})
    assert refused.code == 3
    secrets |= {described["client_secret"], "wr0ng-canary", *link_secrets(SandboxClient(bench.server), str(
        failed.answer["error"]["job_id"]))}  # fmt: skip
    outputs = [stream for each in (ended, failed, refused) for stream in (each.out, each.err.encode())]
    check_no_trace(secrets, bench.home, bench.folder, *outputs)
    with pytest.raises(AssertionError):  # the scan does see what is there: the query is no secret
        check_no_trace([bench.mark], bench.home)
    # The passes it was given begin like this, whatever they are.
    check_no_trace({described["token"].split(".")[0][:12]}, bench.home, bench.folder, *outputs)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_sql_files_in_the_encodings_that_editors_write(bench: ExportBench, coding: str) -> None:
    text = "SELECT 'Zoë ✓' AS name\r\n"
    (bench.folder.parent / "q.sql").write_bytes(text.encode(coding))
    ended = bench.run("--sql-file", "../q.sql", "--out", "report.csv", "--json")
    assert ended.code == 0, ended
    assert (bench.folder / "report.csv").read_text("utf-8").splitlines() == ["name", "Zoë ✓"]


def test_the_format_that_is_asked_for_wins_over_the_curls(bench: ExportBench) -> None:
    ended = bench.run("--curl-file", "-", "--format", "xlsx", "--json", stdin=SEED_CURL.encode())
    assert ended.code == 0, ended
    assert Path(ended.answer["path"]).read_bytes().startswith(b"PK\x03\x04")
    assert ended.answer["columns"] == 6


@pytest.mark.skipif(os.name == "nt", reason="there is no pseudo-terminal on Windows")
def test_a_terminal_gets_a_live_bar(bench: ExportBench) -> None:
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        bench.command("--sql", bench.sql("size 400000; pace 500000"), "--out", "report.csv", "--json"),
        cwd=bench.folder,
        env=bench.variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(ours)
    out, _ = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 0
    assert b"\r[" in shown
    assert b"#" in shown
    # What is left on the screen are whole lines only.
    assert shown.rstrip().splitlines()[-1].startswith(b"Complete:") or b"\rComplete:" in shown
    assert out.startswith(b'{"ok": true')


def test_a_reader_that_goes_away_does_not_change_the_outcome(bench: ExportBench) -> None:
    with bench.started("--sql", bench.sql(), "--out", "report.csv", "--json") as child:
        for pipe in (child.stdout, child.stderr):
            assert pipe is not None
            pipe.close()
        assert child.wait(PATIENCE_SECONDS) == 0
    assert bench.files() == ["report.csv"]


def test_everything_it_makes_is_readable_by_this_user_alone(bench: ExportBench) -> None:
    bench.here = None
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--quiet")
    assert ended.code == 0
    made = [bench.home, *bench.home.rglob("*"), bench.folder / "report.csv"]
    if sys.platform != "win32":
        assert [str(path) for path in made if path.lstat().st_mode & 0o077] == []
    # Nothing of a command stays that is over: no mark of a living process.
    assert list((bench.home / "data" / "processes").iterdir()) == []


async def connect(bench: ExportBench, secrets_of: dict[str, str]) -> None:
    """What the window does: make connections to the sandbox, by name, and keep their secrets."""
    paths = Paths.below(bench.home)
    paths.ensure()
    database, secrets = Database(paths.database), SecretStore(Redactor())
    await database.open()
    book = ConnectionStore(database, secrets, SystemClock())
    await book.load()
    for name, secret in secrets_of.items():
        client_id = bench.server.describe()["client_id"]
        connection = await book.add(parse_workspace(bench.url), name=name, client_id=client_id)
        await book.keep_secret(connection.id, Secret(secret))
        if not secret.strip("-"):
            await secrets.forget(connection.owner_of(SecretName.CLIENT_SECRET))
    await database.close()


@pytest.mark.keyring_real
def test_profiles_with_their_secrets_in_the_keyring(bench: ExportBench) -> None:
    bench.here = None
    bench.environ["SANA_TOKEN"] = ""
    secret = bench.server.describe()["client_secret"]
    asyncio.run(connect(bench, {"Live": secret, "Stale": "stale-s3cret", "Gone": "---"}))
    good = bench.run("--profile", "Live", "--sql", bench.sql(), "--out", "a.csv", "--json")
    assert good.code == 0, good
    assert sha256(bench.folder / "a.csv") == good.answer["sha256"]
    wrong: list[tuple[tuple[str, ...], int, str, str]] = [
        (("--profile", "Stale"), 3, "auth", ""),
        (("--profile", "Gone"), 3, "auth", "Gone"),  # K06: deleted outside of the app
        (("--workspace", bench.url), 2, "usage", "--profile"),  # several fit
        (("--profile", "Live", "--workspace", "acme"), 2, "usage", "acme"),
    ]
    for who, code, kind, says in wrong:
        ended = bench.run(*who, "--sql", bench.sql(), "--out", "b.csv", "--json")
        assert (ended.code, ended.kind) == (code, kind), ended
        assert says in ended.message
    assert bench.files() == ["a.csv"]
    check_no_trace([secret, "stale-s3cret"], bench.home, bench.folder)
