"""The record of the demo workspace: a fixed id, and a site that is another one at each start, kept in memory only."""

from __future__ import annotations

from sana_desktop.api.origin import Origin
from sana_desktop.workspace.connections import Access, Connection, Mark

DEMO_ID = "demo"
DEMO_NAME = "Example data"
DEMO_COLOUR = "slate"


def demo_connection(origin: Origin, client_id: str, practice: Origin | None = None) -> Connection:
    """Return the demo workspace as it is served at `origin` now, with its practice service at `practice`.

    `ConnectionStore.lend` takes it in; `ClientPool.give_credentials` and `PracticeClients.give_key` what opens it.
    """
    return Connection(
        id=DEMO_ID,
        name=DEMO_NAME,
        origin=origin,
        colour=DEMO_COLOUR,
        mark=Mark.DEMO,
        access=Access.CLIENT,
        client_id=client_id,
        practice=practice,
    )
