"""What the Practice place stands in: what its presenters need of the window and of the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sana_desktop.base.clock import Clock
from sana_desktop.base.redaction import Redactor
from sana_desktop.base.tasks import Supervisor
from sana_desktop.store.settings import Settings
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.workspace.connections import ConnectionStore


@dataclass(frozen=True, slots=True)
class PracticeContext:
    """What the place needs of the window.

    Attributes:
        sign_in: leads to where the key of a connection can be given.
        example: starts the example data.
        connect: leads to a new connection.
        say: a sentence for the status line, with a tone.
        told: called when what the status line says of the place may be another.
    """

    theme: Theme
    icons: Icons
    book: ConnectionStore
    settings: Settings
    clock: Clock
    redactor: Redactor
    tasks: Supervisor
    sign_in: Callable[[str], None]
    example: Callable[[], None]
    connect: Callable[[], None]
    say: Callable[[str, str], None]
    told: Callable[[], None]
