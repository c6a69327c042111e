"""Opens the comparison when it is first wanted: its page is made in turns, wired, and shown then."""

from __future__ import annotations

from collections.abc import Callable

from sana_desktop.base.clock import Clock
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.ui.arriving import ArrivingPage
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.presenter import ComparePresenter
from sana_desktop.ui.practice.host import Host
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import dressed, in_turns


class CompareWing:
    """What the Practice place holds of the comparison, before and after it is opened."""

    def __init__(
        self,
        host: Host,
        services: PracticeServices,
        tasks: Supervisor,
        clock: Clock,
        theme: Theme,
        icons: Icons,
        site_name: Callable[[str], str],
    ) -> None:
        self._host = host
        self._services = services
        self._tasks = tasks
        self._clock = clock
        self._theme = theme
        self._icons = icons
        self._site_name = site_name
        self._presenter: ComparePresenter | None = None
        self._to_show: RerunFound | None = None
        self.told: Callable[[], None] = lambda: None
        """Called when a comparison ended."""

    def requests(self, connection: str) -> int:
        """Return how many requests were made to a site."""
        return self._presenter.requests(connection) if self._presenter is not None else 0

    def open(self) -> ArrivingPage:
        """Return where the comparison will stand, and begin to make it."""
        room = ArrivingPage(tr("Practice", "Compare"))
        self._tasks.start("open the comparison", self._build(room), key="open the comparison")
        return room

    def refresh(self) -> None:
        """Look again at set-up, learner, connection and session."""
        if self._presenter is not None:
            self._presenter.refresh()

    def show_rerun(self, found: RerunFound) -> None:
        """Show what a session asked again came to, once there is where to show it."""
        if self._presenter is not None:
            self._presenter.show_rerun(found)
        else:
            self._to_show = found

    async def _build(self, room: ArrivingPage) -> None:
        page = ComparePage(self._theme, self._icons, room, at_once=False)
        await in_turns(page.parts)
        self._presenter = ComparePresenter(
            page,
            self._host,
            self._tasks,
            self._clock,
            asker_of=lambda connection: DeliveryAsker(self._services.delivery, connection),
            sessions=self._services.sessions,
            learners=self._services.learners,
            known=self._services.repeats,
            findings=self._services.findings,
            site_name=self._site_name,
        )
        for study in page.studies():
            study.ended.connect(lambda: self.told())
        if self._to_show is not None:
            self._presenter.show_rerun(self._to_show)
        await in_turns(dressed(page))
        await room.reveal(page)
