"""Hostile SQL: nothing is read, written, fetched, set, loaded or told that is not the company's data."""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sana_desktop.sandbox import policy
from sana_desktop.sandbox.engine import CATALOG, EngineLimits, QueryFailed, QueryTooLong
from sana_desktop.sandbox.envelope import ApiRefusal
from sana_desktop.sandbox.policy import CheckedQuery
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.hostile_sql import RUINOUS, UNINTERRUPTIBLE
from tests.support.sandbox_engine import WholeEngine
from tests.support.sandbox_http import SEED_QUERY, SandboxClient, call

CANARY = "canary-7f3e"
# {bait} is a readable CSV, {target} a path that must never come to be, {port} a listener that must hear nothing,
# {store} the sandbox's own folder.
REFUSED = [
    # reading files
    "SELECT * FROM '{bait}'",
    "FROM '{bait}'",
    'SELECT * FROM "{bait}"',
    "SELECT * FROM read_csv('{bait}')",
    "SELECT * FROM read_csv_auto('{bait}')",
    "SELECT * FROM read_text('{bait}')",
    "SELECT * FROM read_blob('{bait}')",
    "SELECT * FROM read_json('{bait}')",
    "SELECT * FROM read_ndjson_objects('{bait}')",
    "SELECT * FROM read_parquet('{bait}')",
    "SELECT * FROM parquet_metadata('{bait}')",
    "SELECT * FROM sniff_csv('{bait}')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_duckdb('{store}/company.duckdb', table_name := 'users')",
    "SELECT * FROM '{store}/company.duckdb'",
    "SELECT (SELECT content FROM read_text('{bait}'))",
    "WITH x AS (SELECT * FROM read_text('{bait}')) SELECT * FROM x",
    "SELECT 1 WHERE EXISTS (SELECT * FROM '{bait}')",
    "SELECT * FROM analytics.users, LATERAL (SELECT * FROM read_text('{bait}'))",
    "SELECT * FROM query('SELECT * FROM ''{bait}''')",
    "SELECT * FROM query_table('{bait}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT getenv('HOME')",
    "SELECT 1 UNION ALL SELECT content FROM read_text('{bait}')",
    'WITH "{bait}" AS (SELECT 1) SELECT * FROM main."{bait}"',
    # writing
    "COPY (SELECT 1) TO '{target}'",
    "COPY analytics.users TO '{target}'",
    "EXPORT DATABASE '{target}'",
    "CREATE TABLE t AS SELECT 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE VIEW v AS SELECT 1",
    "CREATE MACRO m(x) AS x",
    "CREATE SECRET s (TYPE http)",
    "INSERT INTO analytics.users SELECT * FROM analytics.users",
    "UPDATE analytics.users SET name = 'x'",
    "DELETE FROM analytics.users",
    "TRUNCATE analytics.users",
    "DROP TABLE analytics.users",
    "ALTER TABLE analytics.users ADD COLUMN x INT",
    "WITH x AS (INSERT INTO analytics.programs SELECT * FROM analytics.programs RETURNING *) SELECT * FROM x",
    "WITH x AS (DELETE FROM analytics.programs RETURNING *) SELECT * FROM x",
    "SELECT nextval('s')",
    "SELECT write_log('{target}')",
    # network and extensions
    "SELECT * FROM 'http://127.0.0.1:{port}/x.csv'",
    "SELECT * FROM read_csv('http://127.0.0.1:{port}/x.csv')",
    "SELECT * FROM read_parquet('s3://127.0.0.1:{port}/x')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "INSTALL httpfs FROM 'http://127.0.0.1:{port}'",
    "ATTACH '{target}' AS t",
    "ATTACH '{bait}' AS t (TYPE sqlite)",
    "DETACH sana",
    "USE memory",
    # settings
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
    "RESET ALL",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "SELECT * FROM pragma_database_size()",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN TRANSACTION",
    "SELECT current_setting('temp_directory')",
    "SELECT set_config('memory_limit', '1TB')",
    # telling about the machine
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_extensions()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM duckdb_logs()",
    "SELECT * FROM pg_catalog.pg_settings",
    "SELECT * FROM pg_catalog.pg_database",
    "SELECT * FROM system.main.duckdb_databases",
    "SELECT * FROM sqlite_master",
    "SHOW DATABASES",
    "SHOW ALL TABLES",
    "SELECT * FROM (SHOW DATABASES)",
    "DESCRIBE analytics.users",
    "SUMMARIZE analytics.users",
    "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT pg_catalog.pg_conf_load_time()",
    "SELECT pg_catalog.lower('X')",
    "SELECT CAST('1' AS analytics.integer)",
    "SELECT CAST('1' AS memory.main.integer)",
    "SELECT getvariable('x')",
    "SELECT current_query()",
    "SELECT sleep_ms(60000)",
    "SELECT pg_sleep(60)",
    # shape
    "",
    ";",
    "-- nothing",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY (SELECT 1) TO '{target}'",
    "SELECT 1) TO '{target}'; --",
    "SELECT 1) AS r(c0); COPY (SELECT 1) TO '{target}'; --",
    "SELECT $1",
    "SELECT ?",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "SELECT * FROM analytics.no_such_table",
    "SELECT * FROM other.users",
    "SELECT",
    "SELECT \x00",
    "SELECT 1 \x00; COPY (SELECT 1) TO '{target}'",
    "SELECT '\ud800'",
    "SELECT " + "(" * 100_000 + "1" + ")" * 100_000,
    "SELECT " + " - " * 50_000 + "1",
    "SELECT 1 " + "UNION ALL SELECT 1 " * 20_000,
]
ALLOWED = [
    SEED_QUERY,
    SEED_QUERY + ";",
    "/* a */ " + SEED_QUERY + " -- b",
    "SELECT * FROM information_schema.tables",
    "SELECT column_name FROM information_schema.columns WHERE table_name = 'users'",
    "SELECT count(*) FILTER (WHERE status = 'overdue') FROM analytics.user_course_instance_progress",
    "SELECT department, rank() OVER (PARTITION BY country ORDER BY hired_on) FROM sana.analytics.users",
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n",
    "SELECT * FROM (PIVOT assessment_results ON passed IN (true, false) USING count(*) GROUP BY attempt)",
    "SELECT date_trunc('month', start_date), count(*) FROM user_course_instance_progress GROUP BY 1 ORDER BY 1",
    "SELECT u.name, g.name FROM users u JOIN group_memberships USING (user_id) JOIN groups g USING (group_id)",
    'SELECT "user", current_date, now(), random() FROM analytics.user_course_instance_progress LIMIT 3',
    "SELECT * FROM analytics.users WHERE name ILIKE '%e%' AND hired_on >= DATE '2016-01-01' - INTERVAL 30 DAY",
    "SELECT list(name ORDER BY name)[1:3], string_agg(DISTINCT country, ', ') FROM analytics.users",
    "SELECT CASE WHEN score BETWEEN 1 AND 50 THEN 'low' END, CAST(score AS DOUBLE) / 3 FROM assessment_results",
    "SELECT extract(year FROM start_date), coalesce(course_instance, '-') FROM user_course_instance_progress",
    "SELECT * FROM range(3), unnest([1, 2])",
    "SELECT user_id FROM users EXCEPT SELECT user_id FROM program_enrolments",
    "FROM analytics.courses",
    "VALUES (1, 'a')",
]


class Ears:
    """A listener that counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]

    def heard(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with running_sandbox(rows=300, min_job_seconds=0.0, query_seconds=0.25) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: SandboxServer) -> SandboxClient:
    return SandboxClient(server)


def everything_in(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "reports" not in path.parts]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_nothing_hostile_runs(client: SandboxClient, server: SandboxServer, tmp_path: Path) -> None:
    bait, target, ears = tmp_path / "bait.csv", tmp_path / "target", Ears()
    bait.write_text(f"secret\n{CANARY}\n")
    before = everything_in(server.folder)
    assert before
    try:
        for template in REFUSED:
            query = template
            for name, value in {"bait": bait, "target": target, "port": ears.port, "store": server.folder}.items():
                query = query.replace("{" + name + "}", str(value))
            answer = client.post({"query": query, "format": "csv"})
            assert answer.status == 400, query[:200]
            assert list(answer.json) == ["data", "links", "error"]
            assert answer.json["error"]["code"]
            assert answer.json["error"]["message"]
            assert CANARY not in answer.body.decode()
        assert not ears.heard()
    finally:
        ears.close()
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["bait.csv"]
    assert everything_in(server.folder) == before
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("query", ALLOWED)
def test_honest_sql_runs(client: SandboxClient, query: str) -> None:
    done = client.finished(client.submit(query))
    assert done["data"]["status"] == "successful", done["error"]
    assert call("GET", done["data"]["link"]["url"]).body.count(b"\n") > 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM range(1000000000000) a, range(1000000) b",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT a.i FROM range(100000000) a(i), range(100000) b ORDER BY random()",
    ],
)
def test_time_ends_a_query(client: SandboxClient, query: str) -> None:
    done = client.finished(client.submit(query))
    assert done["data"]["status"] == "failed"
    assert done["error"]["code"] in ("query_timeout", "query_failed")


def test_queries_without_end_do_not_keep_the_others_waiting(client: SandboxClient) -> None:
    hostile = [client.submit(f"{query} -- {number}") for number in range(2) for query in UNINTERRUPTIBLE.values()]
    assert client.report("SELECT 'mine' AS x, 1 AS others") == b"x,others\nmine,1\n"
    assert {client.finished(job)["error"]["code"] for job in hostile} == {"query_timeout"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a bound of memory")
@pytest.mark.parametrize("name", RUINOUS)
def test_what_ruins_the_engine_ruins_it_for_nobody_else(client: SandboxClient, name: str) -> None:
    done = client.finished(client.submit(RUINOUS[name]))
    assert (done["data"]["status"], done["data"]["link"]) == ("failed", None)
    assert done["error"]["code"] in ("query_failed", "query_timeout")
    assert "/" not in done["error"]["message"]
    assert client.report(f"SELECT '{name}' AS x") == f"x\n{name}\n".encode()


def test_nothing_is_told_about_paths(client: SandboxClient, server: SandboxServer) -> None:
    queries = [
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM information_schema.schemata",
        "SELECT * FROM information_schema.columns",
        "SELECT current_database(), current_schema(), version()",
        "SELECT current_user, session_user",
    ]
    for query in queries:
        answer = client.post({"query": query, "format": "csv"})
        if answer.status == 200:
            done = client.finished(answer.json["data"]["jobId"])
            text = json.dumps(done["error"])
            if done["data"]["link"]:
                text += call("GET", done["data"]["link"]["url"]).body.decode()
            assert str(server.folder) not in text
            assert server.folder.name not in text


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeEngine]:
    made = WholeEngine(tmp_path_factory.mktemp("engine"), 100, EngineLimits(seconds=5.0, memory="200MB", spill="50MB"))
    yield made
    made.close()


def unchecked(engine: WholeEngine, body: str) -> list[list[str]]:
    """Past the policy: only the engine's own locks stand."""
    with engine.open(CheckedQuery(body, True)) as reader:
        return list(reader.csv_lines())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM '{bait}'",
        "SELECT * FROM read_text('{bait}')",
        "SELECT * FROM read_csv('{bait}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT * FROM read_duckdb('{folder}/other.duckdb', table_name := 't')",
    ],
)
def test_the_engine_holds_even_without_the_policy(engine: WholeEngine, tmp_path: Path, query: str) -> None:
    bait = tmp_path / "bait.csv"
    bait.write_text(f"secret\n{CANARY}\n")
    with duckdb.connect(str(tmp_path / "other.duckdb")) as other:
        other.execute("CREATE TABLE t AS SELECT 1 AS x")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises((QueryFailed, duckdb.Error)):
        unchecked(engine, query.replace("{bait}", str(bait)).replace("{folder}", str(tmp_path)))
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("INSERT INTO analytics.programs SELECT * FROM analytics.programs", "read-only"),
        ("CREATE TABLE analytics.mine AS SELECT 1 AS x", "read-only"),
        ("COPY (SELECT 1) TO '{folder}/out.csv'", "disabled"),
        ("ATTACH '{folder}/new.duckdb' AS n", "disabled"),
        ("SET enable_external_access = true", "locked|enabled while"),
        ("SET lock_configuration = false", "locked"),
        ("SET memory_limit = '10GB'", "locked"),
        ("SET temp_directory = '{folder}'", "locked|disabled"),
        ("RESET memory_limit", "locked"),
        ("INSTALL httpfs", "disabled"),
        ("LOAD '{folder}/x.duckdb_extension'", "disabled"),
    ],
)
def test_the_engines_locks_hold_for_whole_statements(
    engine: WholeEngine, tmp_path: Path, statement: str, why: str
) -> None:
    """As they stand: inside the reader's parentheses they would be no SQL at all, whatever the locks."""
    with engine.open(CheckedQuery("SELECT 1", True)) as reader, pytest.raises(duckdb.Error, match=why):
        reader._cursor.execute(statement.replace("{folder}", str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "call",
    [
        "__internal_decompress_string(1::UTINYINT)",
        "finalize('x'::BLOB)",
        "combine('x'::BLOB, 'y'::BLOB)",
        "json_serialize_plan('SELECT 1')",
        "json_serialize_sql('SELECT 1')",
        "json_deserialize_sql('{}')",
    ],
)
def test_what_trusts_its_input_is_not_available(engine: WholeEngine, call: str) -> None:
    with pytest.raises(ApiRefusal, match="is not available"):
        engine.check(f"SELECT {call}")


def test_a_text_takes_no_more_than_a_moment_to_look_at(engine: WholeEngine) -> None:
    """Each lambda was looked at once for each one around it: 43 KB took five seconds."""
    nested = "SELECT " + "list_transform([1], lambda x: " * 100 + f"[{','.join(['1'] * 20_000)}]" + ")" * 100
    begun = time.process_time()
    engine.check(nested)
    assert time.process_time() - begun < 3.0


def test_a_text_has_no_more_parts_than_can_be_looked_at(engine: WholeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    many = f"SELECT 1 IN ({', '.join(map(str, range(1000)))})"
    assert engine.check(many).repeatable
    monkeypatch.setattr(policy, "MAX_TREE_CHARACTERS", 100_000)
    with pytest.raises(ApiRefusal, match="too many parts"):
        engine.check(many + " AS found")


def test_a_parser_that_met_a_flaw_is_replaced(engine: WholeEngine) -> None:
    parser = engine.checker._parser
    with pytest.raises(duckdb.Error):
        parser.execute(RUINOUS["flaw"])
    with pytest.raises(ApiRefusal, match="can't be read"):
        engine.check("SELECT 'after a flaw'")
    assert engine.check("SELECT 'after a flaw'").repeatable


def test_memory_is_bounded(engine: WholeEngine) -> None:
    with pytest.raises(QueryFailed):
        unchecked(engine, "SELECT list(i) FROM range(200000000) r(i)")
    for swelling in (
        "bitstring('1', 2000000000)",
        "repeat('x', 3000000000)",
        "lpad('x', 3000000000, 'y')",
        "range(100000000000)",
    ):
        with pytest.raises(ApiRefusal):
            engine.check(f"SELECT {swelling}")


def test_time_is_bounded(tmp_path: Path) -> None:
    made = WholeEngine(tmp_path, 100, EngineLimits(seconds=0.1))
    try:
        with pytest.raises(QueryTooLong):
            unchecked(made, "SELECT count(*) FROM range(1000000000000)")
        assert unchecked(made, "SELECT 1") == [["1"]]
    finally:
        made.close()


def test_the_catalogue_has_no_place_to_write(engine: WholeEngine) -> None:
    assert engine.check("SELECT 1").repeatable
    assert not engine.check("SELECT random()").repeatable
    assert not engine.check("SELECT CURRENT_DATE").repeatable
    assert not engine.check("SELECT * FROM analytics.users USING SAMPLE 3").repeatable
    assert CATALOG == "sana"
