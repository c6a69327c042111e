"""The window's frame, menus, rail and status line: all that is painted first. `ui.shell` fills it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from sana_desktop.store.first_look import FirstLook
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.rail import Place
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.window import MainWindow


class LookMemory:
    """Size and place of the window, as `WindowMemory` wants them; written to disk when the session ends."""

    def __init__(self, look: FirstLook) -> None:
        self.look = look

    def load(self) -> tuple[bytes, bytes] | None:
        """Return geometry and state as they were saved, None at the first start."""
        return (self.look.geometry, self.look.state) if self.look.geometry else None

    def save(self, geometry: bytes, state: bytes) -> None:
        """Take geometry and state."""
        self.look = self.look._replace(geometry=geometry, state=state)


class Frame:
    """The window with its places still empty.

    Attributes:
        pages: the page of each place, or what makes it; to be given before a place is gone to.
    """

    def __init__(self, app: QApplication, look: FirstLook) -> None:
        self.memory = LookMemory(look)
        self.theme = Theme(app, look.theme, look.text_scale, dressed=False)  # type: ignore[arg-type]
        self.icons = Icons(self.theme)
        self.window = MainWindow(self.theme, self.icons, self.memory, equipped=False)
        self.pages: dict[str, Callable[[], QWidget]] = {}
        for key, words, at_end in (
            ("reports", tr("Rail", "Reports"), False),
            ("practice", tr("Rail", "Practice"), False),
            ("connections", tr("Rail", "Connections"), False),
            ("settings", tr("Rail", "Settings"), True),
        ):
            place = Place(key, f"rail{key.capitalize()}", key, words, partial(self._page, key), at_end)
            self.window.add_place(place, show=False)
        self.window.rail.show_place("reports")

    def _page(self, key: str) -> QWidget:
        return self.pages[key]()
