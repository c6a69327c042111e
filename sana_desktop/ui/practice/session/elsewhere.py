"""One quiet line on answers that wait, or whose fate is not known, at another site than the chosen one; and the way."""

from __future__ import annotations

from collections.abc import Callable

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import one_line
from sana_desktop.practice.outcomes.outbox import OutboxCounts
from sana_desktop.practice.services import PracticeServices
from sana_desktop.ui.outbox_words import outbox_words
from sana_desktop.ui.practice.session.elsewhere_line import ElsewhereLine
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after
from sana_desktop.workspace.connections import ConnectionStore

SOON_MS = 300
SHOWN_NAME = 40


class AnswersElsewhere:
    """Keeps the line true.

    Args:
        chosen: returns the id of the chosen connection.
        go_to: turns to another one.
    """

    def __init__(
        self,
        line: ElsewhereLine,
        services: PracticeServices,
        tasks: Supervisor,
        book: ConnectionStore,
        *,
        chosen: Callable[[], str],
        go_to: Callable[[str], None],
    ) -> None:
        self._line = line
        self._services = services
        self._book = book
        self._chosen = chosen
        self._there = ""
        self._soon = after(
            line, SOON_MS, lambda: tasks.start("count answers elsewhere", self._count(), key="elsewhere")
        )
        line.wanted.connect(lambda: go_to(self._there))
        services.delivery.changed.subscribe(lambda _entry: self.refresh())
        services.delivery.removed.subscribe(lambda _number: self.refresh())
        book.changed.subscribe(lambda _connection: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Count again, soon."""
        if not self._soon.isActive():
            self._soon.start()

    async def _count(self) -> None:
        try:
            counts = await self._services.sites.counts()
        except SanaError:
            return  # what is at the chosen site says it
        # One that is not connected now, such as the example's, shows its own when it is.
        names = {each.id: each.name for each in self._book.list() if each.practice is not None}
        there = {site: each for site, each in counts.items() if site in names and site != self._chosen()}
        if not there:
            self._line.say("")
            return
        self._there, first = next(iter(there.items()))
        name = one_line(names[self._there], SHOWN_NAME)
        sentences = [elsewhere_words(name, first)]
        if len(there) > 1:
            more = len(there) - 1
            sentences.append(
                tr("Practice", "One more site has some, too.")
                if more == 1
                else tr("Practice", "{n} more sites have some, too.", n=more)
            )
        self._line.say(" ".join(sentences), tr("Practice", "Show {name}", name=one_line(name, 24)))


def elsewhere_words(name: str, counts: OutboxCounts) -> str:
    """Return how many answers wait at a site, and of how many nobody knows whether they arrived."""
    what = outbox_words(counts.waiting + counts.sending, counts.unknown, counts.parked)
    return tr("Practice", "Answers at {name}: {what}.", name=name, what=what)
