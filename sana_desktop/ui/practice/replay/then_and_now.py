"""Then and now of a replay, opened again from its session, for as long as that is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QScrollArea, QWidget

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.replay.compare import StopsFound
from sana_desktop.practice.replay.service import ReplayService
from sana_desktop.ui.dialogs import SheetDialog, finished
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.evidence_file import EvidenceFile, SaveFile, forms_of
from sana_desktop.ui.practice.replay.comparison import ReplayComparison
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import column

SIZE = (900, 700)
STEM = "then-and-now"
"""How the proposed name of a file begins."""


class ThenAndNowDialog(SheetDialog):
    """What a replay found, all in all and place by place."""

    def __init__(self, theme: Theme, icons: Icons, found: StopsFound, parent: QWidget | None = None) -> None:
        page = QWidget()
        area = QScrollArea()
        super().__init__(tr("Replay", "Then and now"), area, parent)
        self.setObjectName("thenAndNowDialog")
        self.comparison = ReplayComparison(theme, icons)
        box = column(page)
        box.addWidget(self.comparison)
        box.addStretch()
        page.setProperty("kind", "page")
        area.setObjectName("thenAndNowScroll")
        area.setAccessibleName(self.windowTitle())
        area.setWidgetResizable(True)
        area.setWidget(page)
        self.comparison.show_stops(found)
        self.resize(*SIZE)


class ThenAndNow:
    """Opens the dialog.

    Args:
        window: returns what the dialog belongs to.
        say: a sentence for the status line, with a tone.
        save_file: asks where a file is to be written; None for the dialog.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        replays: ReplayService,
        supervisor: Supervisor,
        clock: Clock,
        *,
        window: Callable[[], QWidget | None],
        say: Callable[[str, str], None],
        save_file: SaveFile | None = None,
    ) -> None:
        self._theme = theme
        self._icons = icons
        self._replays = replays
        self._supervisor = supervisor
        self._clock = clock
        self._window = window
        self._say = say
        self._save_file = save_file

    def open(self, connection_id: str, session_id: str) -> None:
        """Show what the replay of a session found."""
        self._supervisor.start("then and now", self._show(connection_id, session_id), key="practice then and now")

    async def _show(self, connection_id: str, session_id: str) -> None:
        try:
            found = await self._replays.stops_in(connection_id, session_id)
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        if not found.stops:
            words = tr("Replay", "Nothing was asked in the middle of this replay, so there is nothing to compare.")
            self._say(words, "warn")
            return
        dialog = ThenAndNowDialog(self._theme, self._icons, found, self._window())
        shown = dialog.comparison
        forms = partial(forms_of, shown.evidence)
        _file = EvidenceFile(shown.hand_on, self._supervisor, self._clock, STEM, forms, self._save_file)
        await finished(dialog)
