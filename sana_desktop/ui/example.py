"""The demo workspace in the window: started when it is wanted, lent to the book, opened with its own credentials."""

from __future__ import annotations

from typing import Protocol

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.redaction import Redactor
from sana_desktop.workspace.clients import ClientPool
from sana_desktop.workspace.connections import ConnectionStore
from sana_desktop.workspace.demo import DEMO_ID, demo_connection
from sana_desktop.workspace.demo_server import DemoAddress
from sana_desktop.workspace.practice_clients import PracticeClients

EXAMPLE_SQL = """\
SELECT "user", "course", "start_date", "completion_date", "last_progress_date", "course_instance"
FROM "analytics"."user_course_instance_progress"
ORDER BY "user"
"""
"""The query of the vendor's own help page."""


class Server(Protocol):
    """What starts the demo workspace; `workspace.demo_server.DemoServer` is one."""

    async def start(self) -> DemoAddress: ...

    async def stop(self) -> None: ...


async def lend_demo(
    server: Server,
    book: ConnectionStore,
    clients: ClientPool,
    redactor: Redactor,
    practice_clients: PracticeClients | None = None,
) -> str:
    """Start the demo workspace, make it one of the connections of this session, and return its id.

    With `practice_clients` its practice service can be used as well.

    Raises:
        ServiceError: it did not come up.
    """
    from sana_desktop.api.auth import ClientCredentials

    address = await server.start()
    for secret in (address.client_secret, address.token, address.api_key):
        redactor.add(secret)
    practice = parse_practice_origin(address.practice_url)
    book.lend(demo_connection(parse_workspace(address.insights_url), address.client_id, practice))
    clients.give_credentials(DEMO_ID, ClientCredentials(address.client_id, address.client_secret))
    if practice_clients is not None:
        practice_clients.give_key(DEMO_ID, address.api_key)
    return DEMO_ID
