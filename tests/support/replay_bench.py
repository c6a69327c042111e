"""What opens the replay dialog, on services of practice that are open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.replay.presenter import ReplayPresenter
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_desk import PracticeDesk


def replay_presenter(
    desk: PracticeDesk,
    theme: Theme,
    icons: Icons,
    window: QWidget,
    open_file: Callable[[], Awaitable[Path | None]],
    *,
    known: Callable[[], Catalogue | None] = lambda: None,
    done: Callable[[ReplayRecord], None] = lambda record: None,
) -> ReplayPresenter:
    """Return the presenter of a dialog over `window`.

    Args:
        open_file: what the person chooses.
        known: returns the exercises that are known; None if nothing is.
        done: told each replay that is through.
    """
    return ReplayPresenter(
        theme,
        icons,
        desk.services.replays,
        desk.services.learners,
        desk.supervisor,
        desk.clock,
        window=lambda: window,
        connection_id=desk.host.connection_id,
        setup=desk.host.setup,
        paths=lambda: ("/IB/math/algebra", "/IB/math/vectors"),
        known=known,
        open_file=open_file,
        done=done,
    )
