"""B34: who a report is about stays in the report: in no request, in no file of the app, in no log."""

from __future__ import annotations

import csv
import json
import logging
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import NEXT_PATH, OUTCOMES_PATH, parse_practice_origin
from sana_desktop.base.redaction import Secret
from sana_desktop.bootstrap import open_practice, open_services
from sana_desktop.practice.replay.columns import guess_mapping
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState, Stops
from sana_desktop.practice.replay.service import BATCH
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.sessions.session_files import to_csv, to_json
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.demo import DEMO_ID, demo_connection
from tests.support.fake_server import FakeServer, Reply, Request, json_reply
from tests.support.waiting import until

HEAD = ("employee_id", "full name", "email address", "exercise_id", "topic", "result", "timestamp", "remark")
MARIA = ("ACME-55501", "María Ågren-Lopez", "maria.agren@acme.example")
PETER = ("ACME-55502", "Peter Oyelaran", "peter@acme.example")
ROWS = 2 * BATCH + 9
IDENTITIES = tuple(text.encode() for text in (*MARIA, *PETER))


def report(path: Path) -> None:
    """Write answers of two people; a few rows would tell who it was in what is sent."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        for number in range(ROWS):
            at = f"2026-01-05T10:{number // 60:02d}:{number % 60:02d}Z"
            rows.writerow((*MARIA, f"q{number}", "/math/vectors", "correct", at, f"said by {MARIA[1]}"))
        rows.writerow((*PETER, "q1", "/math", "correct", "2026-01-06T10:00:00Z", ""))
        rows.writerow((*MARIA, f"{MARIA[0]}/q7", "/math", "correct", "2026-01-06T10:00:00Z", ""))
        rows.writerow((*MARIA, "q8", f"/acme/{MARIA[0].lower()}/math", "correct", "2026-01-06T10:01:00Z", ""))
        rows.writerow((*MARIA, "q9", "/math", MARIA[1], "2026-01-06T10:01:00Z", ""))


def recommending(request: Request) -> Reply:
    return json_reply({"exercises": [{"id": "q60", "path": "/math/vectors"}]})


async def test_B34_neither_the_service_nor_the_disk_learns_whose_answers_they_were(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    paths, table = Paths.below(tmp_path / "home"), tmp_path / "report.csv"
    paths.ensure()
    report(table)
    ended: list[ReplayProgress] = []
    async with FakeServer() as server:
        server.on("POST", NEXT_PATH, recommending)
        server.on("POST", OUTCOMES_PATH, Reply(body=b""))
        async with open_services(paths, adopts_others=True) as core, open_practice(core) as practice:
            origin = parse_practice_origin(server.url)
            core.book.lend(demo_connection(parse_workspace(server.url), "id", origin))
            practice.clients.give_key(DEMO_ID, Secret("a-key"))
            learner = (await practice.learners.make(DEMO_ID)).user_id
            practice.replays.progress.subscribe(ended.append)
            mapping = guess_mapping((await practice.replays.columns(table)).names)
            dry = await practice.replays.dry_run(table, mapping, MARIA[0])
            assert (dry.rows, dry.usable, dry.people_count) == (ROWS + 3, ROWS, 2)
            record = await practice.replays.begin(table, mapping, DEMO_ID, learner, dry)
            setup = Setup(Mode.SINGLE, MARIA[0], 1)
            practice.replays.start(record.id, stops=Stops(BATCH, setup))
            await until(lambda: ended and ended[-1].state is ReplayState.FINISHED)
            await practice.replays.compare(record.id, setup)
            session = await practice.sessions.load(record.session)
            exported = to_csv(session) + to_json(session)
        bodies = [request.body for request in server.requests]
        wire = b"".join(bodies) + repr([request.headers for request in server.requests]).encode()
    assert {json.loads(body)["user_id"] for body in bodies} == {learner}
    sent = [outcome["exercise"]["id"] for body in bodies for outcome in json.loads(body).get("exercise_outcomes", ())]
    assert sent == [f"q{number}" for number in range(ROWS)]
    disk = b"".join(file.read_bytes() for file in (tmp_path / "home").rglob("*") if file.is_file())
    assert b"q60" in disk, "it was looked for where it would have been"
    for where in (wire, disk, exported.encode(), caplog.text.encode(), repr(ended).encode()):
        told = where.lower()
        assert [name for name in IDENTITIES if name.lower() in told] == []
