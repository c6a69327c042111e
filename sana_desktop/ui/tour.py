"""The tour: this very window driven through its main job by clicks and keys, with a picture of each step.

It proves that the window works where nobody sits at it. It uses nothing that a person could not: widgets are found by
their object names (BEHAVIOUR.md), pressed, typed into and looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.services import OpenServices
from sana_desktop.store.first_look import FirstLook
from sana_desktop.store.paths import Paths
from sana_desktop.store.private import make_folder
from sana_desktop.workspace.demo_server import DemoServer

if TYPE_CHECKING:
    from sana_desktop.ui.practice.wing import OpenPractice

DEFAULT_FOLDER = "tour"
LAST_WORDS_SECONDS = 1.0
INTERRUPTED = 130
"""The exit code of BEHAVIOUR.md."""


def run(
    folder: Path | None,
    why_offscreen: str,
    *,
    open_at: Callable[[Paths], OpenServices],
    server_at: Callable[[Paths], DemoServer],
    open_practice: OpenPractice | None = None,
) -> int:
    """Drive the window, put pictures, the exported files and `tour.json` into `folder`, and return the exit code.

    Args:
        folder: made if missing; None takes `tour` in the current folder.
        why_offscreen: why there is no display, as the beginning of a sentence; empty if there is one.
        open_at: opens the services of a data folder.
        server_at: the demo workspace for it.
        open_practice: opens what the Practice place works with.
    """
    if why_offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _tell(f"{why_offscreen}, so the window can't be shown. It takes the tour by itself instead.")
    target = (folder or Path.cwd() / DEFAULT_FOLDER).absolute()
    try:
        make_folder(target)
    except OSError as error:
        sys.stderr.write(f"{target} can't be made: {error.strerror}.\n")
        return 7
    with tempfile.TemporaryDirectory(prefix="sana-desktop-tour-", ignore_cleanup_errors=True) as home:
        below = Paths.below(Path(home))
        paths = Paths(below.config, below.data, below.cache, below.log, target, target)
        paths.ensure()
        return _drive(target, open_at(paths), server_at(paths), open_practice)


def _drive(target: Path, open_services: OpenServices, server: DemoServer, open_practice: OpenPractice | None) -> int:
    from sana_desktop.ui.app import make_application, read_site
    from sana_desktop.ui.frame import Frame
    from sana_desktop.ui.loop import run as run_loop
    from sana_desktop.ui.shell import Shell

    shell = Shell(Frame(make_application(), FirstLook(theme="light")), read_site)
    shell.window.resize(1280, 800)
    shell.window.show()

    async def live() -> int:
        from sana_desktop.ui.lifetime import run_session
        from sana_desktop.ui.tour_guide import Guide

        guide = Guide(shell, server, target, _tell)
        guides = Supervisor("tour")
        led = guides.start("lead", guide.lead())
        lived = await run_session(shell, open_services, server, demo=False, open_practice=open_practice)
        shell.window.close_for_good()
        if led is None or not lived:
            return 1
        # The guide's last act is to close the window; one that is still under way then was interrupted.
        done, _ = await asyncio.wait([led], timeout=LAST_WORDS_SECONDS)
        if not done:
            await guides.stop()
            return INTERRUPTED
        return led.result()

    return run_loop(live, on_signal=shell.window.close_requested.emit, ends_process=True)


def _tell(line: str) -> None:
    # Who read the lines may have had enough; the tour and its pictures go on.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
