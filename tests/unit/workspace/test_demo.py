from __future__ import annotations

from sana_desktop.api.origin import parse_workspace
from sana_desktop.workspace.connections import COLOURS, Mark
from sana_desktop.workspace.demo import DEMO_ID, demo_connection


def test_the_demo_workspace_has_one_id_wherever_it_is_served() -> None:
    one, two = (demo_connection(parse_workspace(f"http://127.0.0.1:{port}"), "client") for port in (1001, 1002))
    assert one.id == two.id == DEMO_ID
    assert one.origin != two.origin
    assert one.mark is Mark.DEMO
    assert one.colour in COLOURS


def test_the_demo_workspace_may_have_its_practice_service() -> None:
    site, practice = (parse_workspace(f"http://127.0.0.1:{port}") for port in (1001, 1002))
    assert demo_connection(site, "client", practice).practice == practice
    assert demo_connection(site, "client").practice is None
