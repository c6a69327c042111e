"""Says on the page which replays are being sent, and which stopped in the middle, as after a kill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.replay.fates import UNDECIDED
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.replay.service import ReplayService
from sana_desktop.ui.practice.parts.strips import CLOSE, Strip, StripAct
from sana_desktop.ui.practice.replay.words import go_on_words, left_words, under_way_words
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import after

GO_ON, SHOW, PAUSE = "go-on", "show", "pause"
"""The acts of the strip."""
SHOWN_MS = 200
"""How far one is, is said at most so often: on loopback a batch takes less."""
LOOKING = "practice unfinished replays"


class UnfinishedReplays:
    """Fills the strip.

    Args:
        connection_id: returns the connection in view; None while there is none.
        go_on: opens the replays, and goes on with the one of this id; with none if it is empty.
        told: called when what is under way may be another.
    """

    def __init__(
        self,
        strip: Strip,
        replays: ReplayService,
        supervisor: Supervisor,
        *,
        connection_id: Callable[[], str | None],
        go_on: Callable[[str], None],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._strip = strip
        self._replays = replays
        self._supervisor = supervisor
        self._connection_id = connection_id
        self._go_on = go_on
        self._told = told
        self._soon = after(strip, SHOWN_MS, self._say_how_far)
        self._left: Sequence[ReplayRecord] = ()
        self._errors: dict[str, SanaError] = {}
        self._closed: set[str] = set()  # not to be said again
        self._stale = False
        strip.wanted.connect(self._wanted)
        replays.progress.subscribe(self._progressed)

    def look(self) -> None:
        """Look again, soon; several wishes at once are one."""
        self._stale = True
        self._supervisor.start("unfinished replays", self._look(), key=LOOKING)

    async def _look(self) -> None:
        while self._stale:
            self._stale = False
            connection = self._connection_id()
            try:
                found = [each for each in await self._replays.unfinished() if each.connection_id == connection]
                unknown = {each.id: await self._replays.unknown(each) for each in found}
            except SanaError:
                return  # the dialog says it
            if connection == self._connection_id():
                self._show(found, unknown)

    def _show(self, found: Sequence[ReplayRecord], unknown: Mapping[str, int]) -> None:
        self._left = [each for each in found if each.id not in self._closed and not self._replays.running(each.id)]
        if self._under_way():
            self._say_under_way()
            return
        if not self._left:
            self._strip.say("")
            return
        one = self._left[0].id if len(self._left) == 1 else ""
        open_now = unknown.get(one, 0)
        words = left_words(self._left, open_now)
        error = self._errors.get(one)
        if error is not None and error.code != UNDECIDED:  # which says no more than that
            words = f"{words} {error_words(error)[1]}"
        act = go_on_words(not one or open_now > 0)
        close = StripAct(CLOSE, tr("Practice", "Not now"), "plain")
        self._strip.say(words, "warn" if error is not None or open_now else "", StripAct(GO_ON, act), close)

    def _under_way(self) -> list[ReplayProgress]:
        return [each for each in self._replays.under_way() if each.record.connection_id == self._connection_id()]

    def _say_how_far(self) -> None:
        self._told()
        if self._under_way():
            self._say_under_way()
        else:
            self.look()

    def _say_under_way(self) -> None:
        running = self._under_way()
        tone = "warn" if any(each.unknown for each in running) else ""
        show = StripAct(SHOW, tr("Practice", "Show it…") if len(running) == 1 else tr("Practice", "Show them…"))
        pause = StripAct(PAUSE, tr("Practice", "Pause") if len(running) == 1 else tr("Practice", "Pause all"), "plain")
        self._strip.say(under_way_words(running), tone, show, pause, icon="" if tone else "outbox")

    def _wanted(self, act: str) -> None:
        if act == PAUSE:
            for each in self._under_way():
                self._replays.pause(each.record.id)
            return
        if act == SHOW:
            self._go_on("")
            return
        left, self._left = self._left, ()
        self._strip.say("")
        if act == CLOSE:
            self._closed.update(each.id for each in left)
        else:
            self._go_on(left[0].id if len(left) == 1 else "")

    def _progressed(self, progress: ReplayProgress) -> None:
        key = progress.record.id
        if progress.error is not None:
            self._errors[key] = progress.error
        else:
            self._errors.pop(key, None)
        self._closed.discard(key)
        if progress.state is not ReplayState.RUNNING:
            self._told()
            self.look()
        elif not self._soon.isActive():
            self._say_how_far()
            self._soon.start()
