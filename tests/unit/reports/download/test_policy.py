"""Where nobody looks on, a large report is taken, for naming it was the answer, and one that may be cut is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.bootstrap import open_services
from sana_desktop.reports.download.policy import GIB, DownloadPolicy
from sana_desktop.store.paths import Paths


def test_a_command_is_not_asked_and_everything_else_is_as_in_the_window() -> None:
    usual = DownloadPolicy(at_once=2)
    command = usual.unasked()
    assert usual.ask_above_bytes < 1_000_000 * GIB < command.ask_above_bytes
    assert (usual.keep_unconfirmed, command.keep_unconfirmed) == (True, False)
    assert (command.at_once, command.cap_bytes) == (2, usual.cap_bytes)


@pytest.mark.parametrize("window", [True, False])
async def test_the_window_asks_and_a_command_does_not(tmp_path: Path, window: bool) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    async with open_services(paths, adopts_others=window) as services:
        assert (services.downloads._context.policy.ask_above_bytes < 1_000_000 * GIB) is window
