"""The company's data: the same every time, and believable where a reader would look."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.sandbox import files, words
from sana_desktop.sandbox.data import REFERENCE_DATE
from sana_desktop.sandbox.engine import EngineLimits, TooManyRows
from sana_desktop.sandbox.policy import CheckedQuery
from tests.support.sandbox_engine import WholeEngine

SEED_COLUMNS = ["user", "course", "start_date", "completion_date", "last_progress_date", "course_instance"]
PROGRESS = "analytics.user_course_instance_progress"
TABLES = {
    "users",
    "groups",
    "group_memberships",
    "courses",
    "course_instances",
    "programs",
    "program_courses",
    "program_enrolments",
    "assessment_results",
    "user_course_instance_progress",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeEngine]:
    made = WholeEngine(tmp_path_factory.mktemp("company"), 10_000, EngineLimits())
    yield made
    made.close()


def ask(engine: WholeEngine, query: str) -> list[tuple[object, ...]]:
    with engine.open(engine.check(query)) as reader:
        return [row for batch in reader.rows() for row in batch]


def one(engine: WholeEngine, query: str) -> object:
    return ask(engine, query)[0][0]


def test_what_only_served_to_make_the_tables_is_not_in_them(engine: WholeEngine) -> None:
    columns = ask(engine, "SELECT column_name FROM information_schema.columns WHERE table_schema = 'analytics'")
    assert ("user_id",) in columns
    assert not {("number",), ("in_room",), ("course_number",), ("quarter_number",)} & set(columns)


def test_tables_and_the_seed_columns_first(engine: WholeEngine) -> None:
    names = ask(engine, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'analytics'")
    assert {name for (name,) in names} == TABLES
    with engine.open(engine.check(f"SELECT * FROM {PROGRESS}")) as reader:
        assert reader.columns[:6] == SEED_COLUMNS
        assert reader.types[2:5] == ["DATE"] * 3


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_table_is_empty_and_ids_are_unique(engine: WholeEngine, table: str) -> None:
    assert ask(engine, f"SELECT * FROM analytics.{table} LIMIT 1")
    columns = [
        row[0]
        for row in ask(engine, f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
    ]
    key = columns[0]
    if str(key).endswith("_id") and table not in ("group_memberships", "program_courses"):
        assert one(engine, f"SELECT count(*) = count(DISTINCT {key}) FROM analytics.{table}")


def test_rows_are_as_many_as_asked_and_each_person_meets_a_course_once(engine: WholeEngine) -> None:
    assert ask(engine, f"SELECT count(*), count(DISTINCT (user_id, course_id)) FROM {PROGRESS}") == [(10_000, 10_000)]


@pytest.mark.parametrize(
    "never",
    [
        "completion_date < start_date",
        "start_date < assigned_on",
        "last_progress_date < start_date",
        "(start_date IS NULL) <> (last_progress_date IS NULL)",
        "completion_date IS NOT NULL AND start_date IS NULL",
        "(status = 'completed') <> (completion_date IS NOT NULL)",
        "(progress_percent = 100) <> (completion_date IS NOT NULL)",
        "status = 'not_started' AND start_date IS NOT NULL",
        f"greatest(start_date, completion_date, last_progress_date, assigned_on) > DATE '{REFERENCE_DATE}'",
        f"least(start_date, assigned_on) < DATE '{REFERENCE_DATE}' - 1100",
        "course_instance IS NOT NULL AND NOT starts_with(course_instance, course)",
        "time_spent_minutes <= 0",
    ],
)
def test_what_never_happens(engine: WholeEngine, never: str) -> None:
    assert ask(engine, f"SELECT count(*) FROM {PROGRESS} WHERE {never}") == [(0,)]


def test_ids_lead_somewhere(engine: WholeEngine) -> None:
    for child, key, parent in (
        (PROGRESS, "user_id", "users"),
        (PROGRESS, "course_id", "courses"),
        ("analytics.course_instances", "course_id", "courses"),
        ("analytics.group_memberships", "group_id", "groups"),
        ("analytics.group_memberships", "user_id", "users"),
        ("analytics.program_enrolments", "program_id", "programs"),
        ("analytics.assessment_results", "user_id", "users"),
    ):
        lost = f"SELECT count(*) FROM {child} WHERE {key} NOT IN (SELECT {key} FROM analytics.{parent})"
        assert ask(engine, lost) == [(0,)], (child, key)
    managers = "SELECT count(*) FROM users WHERE manager_id NOT IN (SELECT user_id FROM users)"
    assert ask(engine, managers) == [(0,)]


def test_it_looks_like_life(engine: WholeEngine) -> None:
    found = ask(engine, f"SELECT status, count(*) / 10000 FROM {PROGRESS} GROUP BY 1")
    shares = {str(status): float(str(share)) for status, share in found}
    assert 0.5 < shares["completed"] < 0.8
    assert shares.keys() == {"completed", "in_progress", "not_started", "overdue"}
    assert one(engine, "SELECT count(DISTINCT country) FROM users") == len(words.PLACES)
    assert int(str(one(engine, "SELECT count(*) FROM users WHERE name <> strip_accents(name)"))) > 20
    titles = [str(row[0]) for row in ask(engine, "SELECT title FROM courses")]
    assert len(titles) == len(set(titles)) == 113
    for known in ("GDPR essentials", "Anti-bribery and corruption", "Fire safety"):
        assert known in titles
    assert any("," in title for title in titles)
    assert any('"' in title for title in titles)
    mails = [str(row[0]) for row in ask(engine, "SELECT email FROM users")]
    assert len(mails) == len(set(mails))
    assert all(mail.isascii() and " " not in mail and mail.endswith(words.MAIL_DOMAIN) for mail in mails)


def test_small_companies_work_too(tmp_path: Path) -> None:
    for rows in (1, 26):
        folder = tmp_path / str(rows)
        folder.mkdir()
        engine = WholeEngine(folder, rows, EngineLimits())
        assert ask(engine, f"SELECT count(*) FROM {PROGRESS}") == [(rows,)]
        engine.close()


def test_a_sheet_holds_no_more_than_it_can(engine: WholeEngine, tmp_path: Path) -> None:
    query = CheckedQuery("SELECT * FROM range(1048576)", True)
    with pytest.raises(TooManyRows, match="1,048,575 rows"), engine.open(query) as reader:
        files.write_xlsx(reader, tmp_path / "x.xlsx", tmp_path)
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.soak
def test_a_million_rows_in_seconds_and_bounded_memory(tmp_path: Path) -> None:
    begun = time.monotonic()
    engine = WholeEngine(tmp_path, 1_000_000, EngineLimits())
    built = time.monotonic()
    try:
        with engine.open(engine.check(f'SELECT * FROM {PROGRESS} ORDER BY "user"')) as reader:
            files.write_csv(reader, tmp_path / "report.csv")
    finally:
        engine.close()
    written = time.monotonic()
    assert built - begun < 60
    assert written - built < 60
    with (tmp_path / "report.csv").open("rb") as file:
        assert sum(1 for _ in file) == 1_000_001
    if sys.platform == "linux":
        import resource

        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 * 1024**2
