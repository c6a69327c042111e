"""The company: deterministic, set-based SQL that fills schema `analytics` with a believable learning platform.

Everything follows from the row's number through md5, so that the same number of rows gives the same data on
every machine; nothing depends on today. Dates lie in the three years before REFERENCE_DATE.
"""

# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from sana_desktop.sandbox import words

SCHEMA = "analytics"
REFERENCE_DATE = "2026-11-16"
ROWS_PER_USER = 25
COURSES = 113  # prime, so that any step through the courses meets each of them once before it repeats
QUARTERS = 12
DAYS = 1095

_TODAY = f"DATE '{REFERENCE_DATE}'"
_FIRST_DAY = f"({_TODAY} - {DAYS})"


def build(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Create and fill every table. `rows` is the number of progress rows; people grow with it."""
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    people = max(1, -(-rows // ROWS_PER_USER))
    for statement in (*_lists(), *_who(people), *_what(), *_progress(rows), *_around(), *_unnumbered()):
        connection.execute(statement)


def _literal(value: object) -> str:
    """A constant of ours as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dice(key: str, *, again: bool = False) -> str:
    """Sixty-three random bits that only depend on the text `key`; `again` gives a second, unrelated throw."""
    return f"(md5_number_{'upper' if again else 'lower'}({key}) >> 1)::BIGINT"


def _list(name: str, columns: str, rows: Iterable[tuple[object, ...]]) -> str:
    body = ", ".join("(" + ", ".join(map(_literal, (n, *row))) + ")" for n, row in enumerate(rows))
    return f"CREATE TEMP TABLE {name} AS SELECT * FROM (VALUES {body}) AS v(n, {columns})"


def _lists() -> Iterator[str]:
    seats = [place for place in words.PLACES for _ in range(place.weight)]
    yield _list(
        "place",
        "country, language, cities, first, first_mail, last, last_mail, family_first",
        (
            (
                place.country,
                place.language,
                place.cities,
                place.first,
                tuple(map(words.romanised, place.first)),
                place.last,
                tuple(map(words.romanised, place.last)),
                place.family_name_first,
            )
            for place in seats
        ),
    )
    yield _list("department", "department, titles", words.DEPARTMENTS)
    editions = [(*topic, *edition) for edition in words.EDITIONS for topic in words.TOPICS]
    yield _list(
        "topic",
        "topic, category, mandatory, minutes, valid_months, in_room, ending, share",
        editions[:COURSES],
    )
    yield _list("program", "name", ((name,) for name in words.PROGRAMS))
    yield _list("club", "name", ((name,) for name in words.GROUPS))


def _count(name: str) -> str:
    return f"(SELECT count(*) FROM {name})"


def _id(prefix: str, key: str) -> str:
    return f"'{prefix}_' || substr(md5('{prefix}:' || {key}), 1, 12)"


def _one_of(array: str, number: str) -> str:
    return f"{array}[1 + ({number}) % len({array})]"


def _who(people: int) -> Iterator[str]:
    yield f"""
        CREATE TABLE {SCHEMA}.users AS
        WITH dice AS (
            SELECT i, {_dice("'user:' || i")} AS a, {_dice("'user:' || i", again=True)} AS b
            FROM range({people}) AS numbers(i)
        ), named AS (
            SELECT i, a, b, country, language, family_first, department, titles,
                {_one_of("cities", "b >> 8")} AS city,
                {_one_of("first", "a >> 8")} AS first_name,
                {_one_of("first_mail", "a >> 8")} AS first_mail,
                {_one_of("last", "a >> 24")} AS last_name,
                {_one_of("last_mail", "a >> 24")} AS last_mail,
                {_TODAY} - 20 - ((b >> 20) % 2900)::INTEGER AS hired_on
            FROM dice
            JOIN place ON place.n = a % {_count("place")}
            JOIN department ON department.n = (b >> 40) % {_count("department")}
        ), counted AS (
            SELECT *, row_number() OVER (PARTITION BY first_mail, last_mail ORDER BY i) AS namesakes FROM named
        )
        SELECT {_id("usr", "i")} AS user_id,
            CASE WHEN family_first THEN last_name || ' ' || first_name
                ELSE first_name || ' ' || last_name END AS name,
            first_name, last_name,
            first_mail || '.' || last_mail || CASE WHEN namesakes > 1 THEN namesakes::VARCHAR ELSE '' END
                || '@{words.MAIL_DOMAIN}' AS email,
            department, {_one_of("titles", "a >> 40")} AS job_title, country, city, language,
            CASE WHEN i > 0 THEN {_id("usr", "((i - 1) // 8)")} END AS manager_id,
            hired_on,
            CASE WHEN i > 0 AND (b >> 4) % 14 = 0 THEN hired_on + 20 +
                ((a >> 12) % greatest(1, {_TODAY} - hired_on - 20))::INTEGER END AS left_on,
            CASE WHEN (b >> 4) % 14 = 0 AND i > 0 THEN 'inactive' ELSE 'active' END AS status,
            i AS number
        FROM counted ORDER BY i"""


def _what() -> Iterator[str]:
    yield f"""
        CREATE TABLE {SCHEMA}.courses AS
        SELECT {_id("crs", "n")} AS course_id, topic || ending AS title, category, mandatory,
            ['en', 'en', 'en', 'sv', 'de'][1 + (h >> 4) % 5] AS language,
            greatest(10, (minutes * share)::INTEGER) AS duration_minutes, valid_months,
            CASE WHEN (h >> 8) % 4 > 0 THEN 'What everybody at Nordlys should know about: ' || lower(topic) || '.'
                || CASE WHEN (h >> 12) % 5 = 0 THEN chr(10) || 'Ends with a short test.' ELSE '' END
                END AS description,
            {_FIRST_DAY} - ((h >> 16) % 700)::INTEGER AS published_on,
            CASE WHEN (h >> 30) % 19 = 0 THEN {_TODAY} - ((h >> 36) % 200)::INTEGER END AS retired_on,
            in_room, n AS number
        FROM (SELECT *, {_dice("'course:' || n")} AS h FROM topic) ORDER BY n"""
    yield f"""
        CREATE TABLE {SCHEMA}.course_instances AS
        WITH dice AS (
            SELECT c.*, q.q, {_dice("'instance:' || c.number || ':' || q.q")} AS h
            FROM {SCHEMA}.courses AS c, range({QUARTERS}) AS q(q) WHERE c.in_room
        ), placed AS (
            SELECT dice.*, {_one_of("cities", "h >> 20")} AS city,
                {_one_of("first", "h >> 8")} || ' ' || {_one_of("last", "h >> 28")} AS instructor,
                {_FIRST_DAY} + (q * 91)::INTEGER + 14 + ((h >> 40) % 70)::INTEGER AS starts_on
            FROM dice JOIN place ON place.n = h % {_count("place")}
        )
        SELECT {_id("ins", "number || ':' || q")} AS course_instance_id, course_id,
            title || ' – ' || city || ', Q' || quarter(starts_on) || ' ' || year(starts_on) AS name,
            CASE WHEN (h >> 50) % 3 = 0 THEN 'virtual' ELSE 'classroom' END AS kind,
            CASE WHEN (h >> 50) % 3 > 0 THEN city END AS location, instructor, starts_on,
            starts_on + (duration_minutes // 480)::INTEGER AS ends_on,
            CASE WHEN (h >> 50) % 3 > 0 THEN 8 + ((h >> 54) % 5)::INTEGER * 4 END AS seats,
            number AS course_number, q AS quarter_number
        FROM placed ORDER BY number, q"""


def _progress(rows: int) -> Iterator[str]:
    # Each step narrows: who and what, when given, when begun, when done. No date passes the reference date.
    yield f"""
        CREATE TABLE {SCHEMA}.user_course_instance_progress AS
        WITH dice AS (
            SELECT i, i // {ROWS_PER_USER} AS person, {_dice("'progress:' || i")} AS a,
                {_dice("'progress:' || i", again=True)} AS b
            FROM range({rows}) AS numbers(i)
        ), given AS (
            SELECT dice.i, a, b, u.name AS user_name, u.user_id, u.email, u.department, u.country,
                (person * 17 + (i % {ROWS_PER_USER}) * (1 + person % {COURSES - 1})) % {COURSES} AS course_number,
                greatest(u.hired_on, {_FIRST_DAY}) AS since
            FROM dice JOIN {SCHEMA}.users AS u ON u.number = person
        ), assigned AS (
            SELECT g.*, c.course_id, c.title, c.mandatory, c.duration_minutes,
                since + (a % greatest(1, {_TODAY} - since))::INTEGER AS first_assigned_on
            FROM given AS g JOIN {SCHEMA}.courses AS c ON c.number = g.course_number
        ), placed AS (
            SELECT s.*, n.name AS instance_name, n.course_instance_id,
                least(first_assigned_on, n.starts_on) AS assigned_on,
                CASE WHEN (a >> 20) % 100 < 86
                    THEN coalesce(n.starts_on, first_assigned_on + ((a >> 28) % 31)::INTEGER) END AS planned_on
            FROM assigned AS s LEFT JOIN {SCHEMA}.course_instances AS n
                ON n.course_number = s.course_number
                AND n.quarter_number = (first_assigned_on - {_FIRST_DAY}) // 92
        ), begun AS (
            SELECT *, CASE WHEN planned_on <= {_TODAY} THEN planned_on END AS started_on,
                planned_on + ((b >> 8) % (CASE WHEN instance_name IS NULL THEN 46 ELSE 3 END))::INTEGER AS ready_on
            FROM placed
        ), done AS (
            SELECT *, CASE WHEN (b >> 20) % 100 < 80 AND ready_on <= {_TODAY} THEN ready_on END AS completed_on,
                CASE WHEN mandatory THEN assigned_on + [30, 60, 90][1 + (b >> 28) % 3] END AS due_on
            FROM begun
        )
        SELECT user_name AS "user", title AS "course", started_on AS "start_date",
            completed_on AS "completion_date",
            CASE WHEN started_on IS NOT NULL THEN coalesce(completed_on,
                least({_TODAY}, started_on + ((b >> 32) % 60)::INTEGER)) END AS "last_progress_date",
            instance_name AS "course_instance",
            CASE WHEN completed_on IS NOT NULL THEN 'completed' WHEN due_on < {_TODAY} THEN 'overdue'
                WHEN started_on IS NOT NULL THEN 'in_progress' ELSE 'not_started' END AS status,
            CASE WHEN completed_on IS NOT NULL THEN 100 WHEN started_on IS NULL THEN 0
                ELSE 5 + ((b >> 40) % 19)::INTEGER * 5 END AS progress_percent,
            CASE WHEN started_on IS NOT NULL
                THEN greatest(1, duration_minutes * (20 + ((b >> 46) % 120)::INTEGER) // 100) END AS time_spent_minutes,
            assigned_on, due_on AS due_date, user_id, email AS user_email, department, country, course_id,
            course_instance_id
        FROM done ORDER BY i"""


def _around() -> Iterator[str]:
    yield from _groups()
    yield from _programs()
    yield _assessments()


def _groups() -> Iterator[str]:
    yield f"""
        CREATE TABLE {SCHEMA}.groups AS
        SELECT {_id("grp", "name")} AS group_id, name, kind,
            {_FIRST_DAY} + ({_dice("'group:' || name")} % 900)::INTEGER AS created_on
        FROM (
            SELECT 0 AS part, n, department AS name, 'department' AS kind FROM department
            UNION ALL SELECT 1, min(n), country, 'country' FROM place GROUP BY country
            UNION ALL SELECT 2, n, name, 'manual' FROM club
        ) ORDER BY part, n"""
    yield f"""
        CREATE TABLE {SCHEMA}.group_memberships AS
        SELECT {_id("grp", "name")} AS group_id, user_id, hired_on + days AS joined_on FROM (
            SELECT number, 0 AS part, department AS name, user_id, hired_on, 0 AS days FROM {SCHEMA}.users
            UNION ALL SELECT number, 1, country, user_id, hired_on, 0 FROM {SCHEMA}.users
            UNION ALL SELECT u.number, 2, club.name, u.user_id, u.hired_on,
                ({_dice("'joined:' || u.number")} % 20)::INTEGER
            FROM {SCHEMA}.users AS u JOIN club ON club.n = {_dice("'club:' || u.number")} % 40
        ) ORDER BY number, part"""


def _programs() -> Iterator[str]:
    yield f"""
        CREATE TABLE {SCHEMA}.programs AS
        SELECT {_id("prg", "n")} AS program_id, name, n % 4 <> 0 AS active,
            {_FIRST_DAY} + ({_dice("'program:' || n")} % 800)::INTEGER AS created_on
        FROM program ORDER BY n"""
    yield f"""
        CREATE TABLE {SCHEMA}.program_courses AS
        SELECT {_id("prg", "p.n")} AS program_id, c.course_id, s.s + 1 AS position
        FROM program AS p, range(6) AS s(s)
        JOIN {SCHEMA}.courses AS c ON c.number = (p.n * 23 + s.s * 7) % {COURSES}
        ORDER BY p.n, s.s"""
    yield f"""
        CREATE TABLE {SCHEMA}.program_enrolments AS
        WITH dice AS (
            SELECT u.user_id, u.number, p.n, {_dice("'enrolment:' || u.number || ':' || p.n")} AS h,
                greatest(u.hired_on, {_FIRST_DAY}) AS since
            FROM {SCHEMA}.users AS u, program AS p
        ), dated AS (
            SELECT *, since + ((h >> 8) % greatest(1, {_TODAY} - since))::INTEGER AS enrolled_on
            FROM dice WHERE h % 8 = 0
        )
        SELECT {_id("enr", "number || ':' || n")} AS enrolment_id, {_id("prg", "n")} AS program_id, user_id,
            enrolled_on,
            CASE WHEN (h >> 20) % 3 > 0 AND enrolled_on + 90 < {_TODAY}
                THEN enrolled_on + 10 + ((h >> 24) % 80)::INTEGER END AS completed_on
        FROM dated ORDER BY number, n"""


def _assessments() -> str:
    return f"""
        CREATE TABLE {SCHEMA}.assessment_results AS
        WITH tried AS (
            SELECT p.user_id, p.course_id, p.completion_date, p.start_date, t.t AS attempt,
                {_dice("'assessment:' || p.user_id || p.course_id || t.t")} AS h,
                ({_dice("'assessment:' || p.user_id || p.course_id", again=True)} % 5 = 0) AS twice
            FROM {SCHEMA}.user_course_instance_progress AS p, (VALUES (1), (2)) AS t(t)
            WHERE p.completion_date IS NOT NULL
        )
        SELECT {_id("ass", "user_id || course_id || attempt")} AS assessment_result_id, user_id, course_id,
            attempt, score, 100 AS max_score, score >= 70 AS passed, taken_at
        FROM (
            SELECT *, CASE WHEN twice AND attempt = 1 THEN 30 + (h >> 8) % 40 ELSE 70 + (h >> 8) % 31 END::INTEGER
                    AS score,
                (CASE WHEN attempt = 1 AND twice THEN start_date ELSE completion_date END)::TIMESTAMP
                    + to_seconds((28800 + (h >> 20) % 32400)::BIGINT) AS taken_at
            FROM tried WHERE (attempt = 1 OR twice) AND h % 5 < 3
        ) ORDER BY user_id, course_id, attempt"""


def _unnumbered() -> Iterator[str]:
    """Take out the columns that only served to put the tables together."""
    for table, columns in (
        ("users", ("number",)),
        ("courses", ("number", "in_room")),
        ("course_instances", ("course_number", "quarter_number")),
    ):
        yield from (f"ALTER TABLE {SCHEMA}.{table} DROP COLUMN {name}" for name in columns)
