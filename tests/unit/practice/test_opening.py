"""The services of practice as the app opens them: answers that waited for a key go out when there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.practice.opening import open_practice
from sana_desktop.practice.services import PracticeServices
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.workspace.demo import demo_connection
from sana_desktop.workspace.practice_clients import PracticeClients
from tests.support.outbox_bench import some_outcomes
from tests.support.waiting import until
from tests.support.workspaces import JobRegistry, desk


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=50) as server:
        yield server


def opened(workspace: JobRegistry, clients: PracticeClients) -> AbstractAsyncContextManager[PracticeServices]:
    owner = workspace.database.owner_id
    return open_practice(
        workspace.database, workspace.book, clients, SystemClock(), owner=owner, is_alive=lambda other: False
    )


async def test_answers_wait_for_a_key_over_a_restart_and_then_go_out(sandbox: SandboxServer, tmp_path: Path) -> None:
    described = sandbox.describe()
    origin, practice = parse_workspace(described["insights_url"]), parse_workspace(described["practice_url"])
    site = demo_connection(origin, "", practice)

    def clients(workspace: JobRegistry) -> PracticeClients:
        workspace.book.lend(site)
        return PracticeClients(workspace.book, workspace.secrets, SystemClock(), Redactor())

    async with desk(tmp_path) as workspace, opened(workspace, clients(workspace)) as services:
        learner = await services.learners.make(site.id)
        await services.delivery.put(site.id, learner.user_id, some_outcomes(3))
        flushed = await services.delivery.flush(site.id, learner.user_id)
        assert flushed.error is not None
        assert (flushed.waiting, flushed.error.code) == (3, "E-KEY-MISSING")
    async with desk(tmp_path) as workspace:
        keys = clients(workspace)
        async with opened(workspace, keys) as services:
            assert (await services.delivery.counts()).waiting == 3
            keys.give_key(site.id, Secret(described["api_key"]))
            await until(lambda: len(sandbox.outcomes(learner.user_id)) == 3)
            assert (await services.delivery.flush(site.id, learner.user_id)).all_answered
            assert (await services.delivery.counts()).open == 0
        await keys.aclose()
