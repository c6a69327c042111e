"""I5: a pasted API key is on the wire and nowhere else, whatever the service answers: in no data and no export."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path
from urllib.parse import quote

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_curl import curl_of
from sana_desktop.api.practice_hosts import NEXT_PATH, OUTCOMES_PATH
from sana_desktop.api.practice_models import Exchange, Outcome, Result
from sana_desktop.base.redaction import DOTS
from sana_desktop.bootstrap import open_practice, open_services
from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.paste import understand_practice
from sana_desktop.practice.replay.columns import guess_mapping
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState
from sana_desktop.practice.sessions.answering import keep_answers
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, Setup
from sana_desktop.practice.sessions.session_files import to_csv, to_json
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.demo import DEMO_ID, demo_connection
from tests.support.fake_server import FakeServer, Reply, Request, json_reply
from tests.support.waiting import until

KEY = "canary/4417+key%22=="
FORMS = tuple(
    form.encode() for form in (KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), json.dumps(KEY)[1:-1])
)


def repeating(request: Request) -> Reply:
    """Answer as a service does that repeats the key in whatever it says."""
    key = request.header("x-api-key") or ""
    echo = f"{key} {quote(key, safe='')} {base64.b64encode(key.encode()).decode()}"
    if request.target == OUTCOMES_PATH:
        return json_reply({"errors": [{"status": 400, "detail": f"Not with {echo}."}]}, 400)
    return json_reply({"exercises": [{"id": f"e1 {key}", "path": f"/a/{key}", "metadata": echo, "echo": echo}]})


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_pasted_key_is_on_the_wire_and_nowhere_else(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path / "home")
    paths.ensure()
    exported = tmp_path / "exported"
    exported.mkdir()
    table = tmp_path / "answers.csv"
    table.write_text("exercise,result,timestamp\nq1,correct,2026-01-01T10:00:00Z\n", "utf-8")
    exchanges: list[Exchange] = []
    async with FakeServer() as server:
        server.on("POST", NEXT_PATH, repeating)
        server.on("POST", OUTCOMES_PATH, repeating)
        async with open_services(paths, adopts_others=True) as core, open_practice(core) as practice:
            pasted = understand_practice(
                f"curl {server.url}{NEXT_PATH} -H 'X-API-KEY: {KEY}' -X POST -d '{{\"user_id\": \"u\"}}'"
            )
            assert pasted.key is not None
            core.book.lend(demo_connection(parse_workspace(server.url), "id", pasted.origin))
            practice.clients.give_key(DEMO_ID, pasted.key)
            client = await practice.clients.client(DEMO_ID)
            client.exchanged.subscribe(exchanges.append)
            lane = DEMO_ID, (await practice.learners.make(DEMO_ID)).user_id
            query = Setup(Mode.SINGLE, lane[1]).query()
            answer = await practice.delivery.next(DEMO_ID, query)
            record = await practice.sessions.begin(DEMO_ID, Setup(Mode.SINGLE, lane[1]))
            await practice.sessions.append(record.id, Asked(core.clock.now(), query, answer))
            outcome = Outcome(core.clock.now(), Result.CORRECT)
            answered = Answered(outcome.timestamp, answer.exercises[0], outcome, 0)
            await keep_answers(practice.delivery, practice.sessions, lane, record.id, (answered,))
            assert (await practice.delivery.flush(*lane)).parked == 1
            (parked,) = await practice.delivery.entries()
            assert (parked.state, DOTS in parked.error_message) == (OutboxState.PARKED, True)
            ended: list[ReplayProgress] = []
            practice.replays.progress.subscribe(ended.append)
            names = (await practice.replays.columns(table)).names
            dry = await practice.replays.dry_run(table, guess_mapping(names))
            replay = await practice.replays.begin(table, guess_mapping(names), *lane, dry)
            practice.replays.start(replay.id)
            await until(lambda: ended and ended[-1].state is ReplayState.FINISHED)
            record = await practice.sessions.load(record.id)
            (exported / "session.csv").write_text(to_csv(record), "utf-8")
            (exported / "session.json").write_text(to_json(record), "utf-8")
            (exported / "commands.txt").write_text("\n".join(curl_of(one, client.origin) for one in exchanges), "utf-8")
            (exported / "told.txt").write_text(repr((exchanges, ended, pasted, parked)), "utf-8")
            logging.getLogger("sana_desktop").error("sent with %s", KEY)
        assert [request.header("x-api-key") for request in server.requests] == [KEY] * 3
    files = contents(tmp_path)
    assert not [(path.name, form) for path, body in files.items() for form in FORMS if form in body]
    # It was looked for where it would have been: what was said with it is there.
    assert "e1 ••".encode() in b"".join(files.values())
    assert {"sana.db", "session.json"} <= {path.name for path in files}
    assert "sent with ••".encode() in paths.log_file.read_bytes()
