"""Fills the window's frame with its widgets right after the first paint; `ui.session` brings them to life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sana_desktop.reports.sql import tokens as sql_tokens
from sana_desktop.store.first_look import FirstLook
from sana_desktop.ui.arriving import ArrivingPage
from sana_desktop.ui.connections.page import ConnectionsPage
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.models.downloads import DownloadsModel
from sana_desktop.ui.models.jobs import JobsModel
from sana_desktop.ui.practice.go_key import is_go
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.layout_actions import add_layout_actions
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.settings.page import SettingsPage
from sana_desktop.ui.tr import tr

if TYPE_CHECKING:
    from sana_desktop.reports.records.job import JobRecord
    from sana_desktop.reports.records.transfer import TransferRecord
    from sana_desktop.ui.practice.page import PracticePage


@dataclass
class Answers:
    """What the tables ask while they paint. Until the services are there, the answers are the harmless ones."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    server_now: Callable[[TransferRecord], datetime] = lambda record: datetime.now(UTC)
    site_name: Callable[[str], str] = lambda connection: ""
    typical: Callable[[JobRecord], tuple[float, float] | None] = lambda record: None
    diagnostics: Callable[[], str] = lambda: ""
    forgets: Callable[[str], bool] = lambda connection: False


class Shell:
    """All widgets of the window. `answers` is filled in when the services are there."""

    def __init__(self, frame: Frame, read_site: Callable[[str], str]) -> None:
        self.answers = Answers()
        self.memory, self.theme, self.icons, self.window = frame.memory, frame.theme, frame.icons, frame.window
        # The frame was painted with the few rules that it needs; what fills it needs them all.
        self.theme.dress()
        self.window.equip()
        self.editor = EditorArea(self.theme, self.icons, tokenise=sql_tokens.tokens, title_of=_title_of)
        self.jobs_model = JobsModel(
            lambda: self.answers.now(),
            lambda connection: self.answers.site_name(connection),
            lambda record: self.answers.typical(record),
            self.window,
        )
        self.downloads_model = DownloadsModel(
            lambda: self.answers.now(),
            lambda record: self.answers.server_now(record),
            self.jobs_model.site_of,
            self.window,
            report_at=self.jobs_model.report_at,
            order=self.jobs_model.told_of,
        )
        self.jobs_panel = JobsPanel(self.jobs_model, self.theme, self.icons)
        self.downloads_panel = DownloadsPanel(self.downloads_model, self.theme, self.icons)
        self.jobs_model.site_count_changed.connect(self.downloads_panel.show_sites)
        self.reports = ReportsPage(self.theme, self.icons, self.editor, self.jobs_panel, self.downloads_panel)
        self.reports.sight_wanted.connect(lambda: self.window.go_to("reports"))
        self.window.farewell = self._farewell
        self.connections = ConnectionsPage(self.theme, self.icons, read_site)
        self.settings = SettingsPage(self.icons, lambda: self.answers.diagnostics())
        frame.pages = {
            "reports": lambda: self.reports,
            "practice": lambda: self.practice_room,
            "connections": lambda: self.connections,
            "settings": lambda: self.settings,
        }
        self.window.go_to("reports")
        self.editor.bind(self.window.actions_by_name)
        add_layout_actions(self.window.actions_by_name, self.reports, self.jobs_panel, self.downloads_panel)
        self.editor.set_reason(tr("Editor", "One moment: getting ready."))
        self.reports.show_work()

    @cached_property
    def practice_room(self) -> ArrivingPage:
        """Where the Practice place will stand; empty until it is brought to life."""
        # Beside the reports from the beginning: what is moved later, Qt dresses anew with all that is in it.
        return ArrivingPage(tr("Rail", "Practice"), is_go, self.reports.parentWidget())

    @cached_property
    def practice_begun(self) -> PracticePage:
        """The Practice place, of which parts may be missing still: `ui.turns.InParts`."""
        # Imported here: most starts of the window never need it.
        from sana_desktop.ui.practice.page import PracticePage

        return PracticePage(self.theme, self.icons, self.practice_room, at_once=False)

    @property
    def practice(self) -> PracticePage:
        """The whole Practice place; what is missing of it is made now."""
        self.practice_begun.finish()
        return self.practice_begun

    def current_look(self) -> FirstLook:
        """Return how the window looks now, for the next start."""
        return self.memory.look._replace(theme=self.theme.choice, text_scale=self.theme.scale, place=self.window.place)

    def _farewell(self) -> str:
        from sana_desktop.ui.reports.status.farewell import farewell_words

        return farewell_words(self.jobs_model.records(), self.downloads_model.records(), self.answers.forgets)


def _title_of(sql: str) -> str:
    from sana_desktop.reports.sql.title import title_of

    return title_of(sql)
