"""The lifetime of a session: loads what is slow, opens the services, begins, waits for the close, stops in order."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable

from sana_desktop.base.errors import SanaError
from sana_desktop.base.shutdown import StopStages
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.services import OpenServices
from sana_desktop.ui import dialogs
from sana_desktop.ui.example import Server
from sana_desktop.ui.practice.wing import OpenPractice
from sana_desktop.ui.session import Session
from sana_desktop.ui.shell import Shell
from sana_desktop.ui.tr import error_words

log = logging.getLogger(__name__)

SLOW_MODULES = (
    "sana_desktop.reports.queue.job_queue",
    "sana_desktop.reports.download.manager",
    "sana_desktop.reports.sites",
    "sana_desktop.api.insights",
    "sana_desktop.store.secrets",
)
"""Loaded in a thread right after the first paint."""


async def run_session(
    shell: Shell,
    open_services: OpenServices,
    server: Server,
    *,
    demo: bool,
    begun: Callable[[], None] | None = None,
    open_practice: OpenPractice | None = None,
) -> bool:
    """Live one session until the window is to be closed; False if it could not begin.

    The window is still in sight when this returns; everything else has stopped. `begun` is called once the window is
    ready for a person.
    """
    closing = asyncio.Event()
    shell.window.close_requested.connect(closing.set)
    tasks = Supervisor("window")
    await asyncio.to_thread(_load_slow_modules)
    try:
        # The last stops first; with those of the services the shares make 5 s (I10).
        async with StopStages() as stages:
            stages.push_stage("the example", server.stop, 0.25)
            services = await stages.enter_async_context(open_services())
            session = Session(shell, services, server, tasks, open_practice)
            stages.push_stage("what was typed meanwhile", session.finish, 0.25)
            stages.push_stage("the window's tasks", tasks.stop, 0.25)
            stages.push_stage("practice", session.practice.close, 0.25)
            # First what was typed: the stop of the tasks cuts off a write that is under way.
            stages.push_stage("what was typed", session.finish, 0.5)
            tasks.start("load the network client", _load_transport())
            tasks.start("begin", _begin(session, demo, begun))
            await closing.wait()
            shell.window.begin_closing()
    except SanaError as error:
        title, sentence, step = error_words(error)
        log.error("the session could not begin: %s", error.code)
        told = tasks.start("say why", dialogs.tell(shell.window, title, f"{sentence} {step}".strip(), error.detail))
        if told is not None:
            gone = tasks.start("wait for the close", closing.wait())
            await asyncio.wait([task for task in (told, gone) if task], return_when=asyncio.FIRST_COMPLETED)
        await tasks.stop()
        return False
    return True


async def _begin(session: Session, demo: bool, begun: Callable[[], None] | None) -> None:
    try:
        await session.begin(demo)
    except SanaError as error:
        session.give_up(error)
    if begun is not None:
        begun()


def _load_slow_modules() -> None:
    for name in SLOW_MODULES:
        importlib.import_module(name)


async def _load_transport() -> None:
    from sana_desktop.api import transport

    await transport.load()
