"""Lets a simulated learner play: the window hears of it in handfuls, so that a fast one does not flood it."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.sessions.session import Setup
from sana_desktop.practice.simulate.personas import PERSONAS, SimulatedLearner, persona
from sana_desktop.practice.simulate.player import PlayedStep, Player
from sana_desktop.ui.practice.host import Host
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.simulate.panel import MAX_SEED, PersonaView, SimulatePanel
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import after

KEY = "practice simulation"
HANDFUL_MS = 100
SPEED_SECONDS = 3.0
"""The steps of so many last seconds give the speed that is shown."""


class SimulatePresenter:
    """Stands between the card of the simulated learner and the player.

    Args:
        is_test: whether an id of a connection is a test learner's (B26).
    """

    def __init__(
        self,
        panel: SimulatePanel,
        host: Host,
        supervisor: Supervisor,
        clock: Clock,
        is_test: Callable[[str, str], bool],
    ) -> None:
        self._panel = panel
        self._host = host
        self._supervisor = supervisor
        self._clock = clock
        self._is_test = is_test
        self._learner: tuple[tuple[object, ...], SimulatedLearner] | None = None
        self._begun: tuple[tuple[object, ...], Player] | None = None
        self._player: Player | None = None
        self._plays_as: tuple[str | None, str] | None = None
        self._said_of: tuple[str | None, str] | None = None
        self._stopping = False
        self._handful: list[PlayedStep] = []
        self._done = 0
        self._total: int | None = None
        self._times: deque[float] = deque()
        self._timer = after(panel, HANDFUL_MS, self._hand_over)
        panel.show_personas(
            [PersonaView(str(each.kind), said((each.title,)), said((each.sentence,))) for each in PERSONAS]
        )
        panel.choose(str(PERSONAS[0].kind), 1)
        panel.play_wanted.connect(self.play)
        panel.stop_wanted.connect(self.stop)
        panel.seed_wanted.connect(lambda: panel.seed.setValue(secrets.randbelow(MAX_SEED + 1)))
        panel.chosen.connect(lambda *_: self.forget())
        self.refresh()

    def refresh(self) -> None:
        """Look again whether one may play: call it when connection or learner changed."""
        self._panel.set_reason(self._reason())
        if self._plays_as is not None and self._plays_as != self._lane():
            self._end()
        self._unsay_of_others()

    def forget(self) -> None:
        """Begin with a fresh learner the next time: call it when another session is shown. What plays ends."""
        self._learner = None
        self.put_down()
        self._end()
        self._unsay()

    def put_down(self) -> None:
        """Ask anew the next time, even if a set is not finished: call it when somebody else asked or answered."""
        self._begun = None

    def playing(self) -> bool:
        """Return whether one plays."""
        return self._supervisor.running(KEY)

    def play(self, steps: int) -> None:
        """Play so many steps; UNTIL_STOPPED for no end."""
        if not self._reason():
            self._supervisor.start("simulate", self._play(steps or None), key=KEY)

    def stop(self) -> None:
        """End after the step under way; asked for again, at once."""
        if self._stopping or self._player is None:
            self._supervisor.cancel(KEY)
            return
        self._stopping = True
        self._player.stop()
        self._panel.show_stopping()

    def _end(self) -> None:
        """Let what plays end with the request under way: it is not the session in view that it plays in any more.

        What it has answered of its set, and not handed over, is answered by nobody.
        """
        if self._player is not None:
            self.put_down()
            self._player.leave()
            self._stopping = True
            self._panel.show_stopping()

    def _unsay_of_others(self) -> None:
        """Let go what was said of how it ended, where another learner is chosen now."""
        if self._said_of is not None and self._said_of != self._lane():
            self._unsay()

    def _unsay(self) -> None:
        self._said_of = None
        self._panel.show_nothing_played()

    def _lane(self) -> tuple[str | None, str]:
        return self._host.connection_id(), self._host.setup().user_id

    async def _play(self, steps: int | None) -> None:
        setup = replace(self._host.setup(), persona=self._panel.persona(), seed=self._panel.seed.value())
        asker = self._host.asker(setup)
        if asker is None:
            self.refresh()
            return
        self._stopping = False
        self._done, self._total = 0, steps
        self._times.clear()
        self._panel.show_playing(0, steps, 0.0)
        player = self._player = self._who_goes_on(asker, setup)
        self._plays_as = self._lane()
        ended, tone = "", ""
        try:
            async for step in player.play(steps):
                self._take(step)
                await self._clock.sleep(0)  # an asker that never waits must not keep the window from its turn
            ended, tone = self._end_words(player)
        except SanaError as error:
            self.put_down()
            ended, tone = error_words(error)[1], "bad"
        finally:
            self._said_of, self._player, self._plays_as = self._plays_as, None, None
            self._hand_over()
            self._panel.show_ended(ended or self._stopped_words(), tone)
            self._unsay_of_others()

    def _who_goes_on(self, asker: Asker, setup: Setup) -> Player:
        """Return the player who has a set in hand, if the same is asked for still: what came is answered first."""
        learner = self._who_plays()
        key = (learner, setup, asker)  # the asker stands for the session
        if self._begun is None or self._begun[0] != key:
            self._begun = key, Player(asker, learner, setup, self._clock)
        return self._begun[1]

    def _who_plays(self) -> SimulatedLearner:
        """Return the learner who played before, if it still is the same one: what was learnt is not forgotten."""
        who, seed = self._panel.persona(), self._panel.seed.value()
        key = (*self._lane(), who, seed)
        if self._learner is None or self._learner[0] != key:
            self._learner = key, SimulatedLearner(persona(who), seed)
        return self._learner[1]

    def _take(self, step: PlayedStep) -> None:
        self._done += 1
        self._handful.append(step)
        now = self._clock.monotonic()
        self._times.append(now)
        while now - self._times[0] > SPEED_SECONDS:
            self._times.popleft()
        if not self._timer.isActive():
            self._timer.start()

    def _hand_over(self) -> None:
        self._timer.stop()
        handful, self._handful = self._handful, []
        if handful:
            self._host.take_steps(handful)
        if self._player is not None and not self._stopping:
            self._panel.show_playing(self._done, self._total, self._speed())

    def _speed(self) -> float:
        seconds = self._times[-1] - self._times[0] if len(self._times) > 1 else 0.0
        return (len(self._times) - 1) / seconds if seconds > 0 else 0.0

    def _reason(self) -> str:
        connection = self._host.connection_id()
        if connection is None:
            return tr("Practice", "Connect a site with an API key, or use the example data, and a learner can play.")
        learner = self._host.setup().user_id
        if not learner:
            return tr("Practice", "Choose or make a test learner first.")
        if not self._is_test(connection, learner):
            return tr(
                "Practice", "A simulated learner plays only as one of your test learners, never as a real person."
            )
        return ""

    def _end_words(self, player: Player) -> tuple[str, str]:
        if player.ended is not None:
            return said((player.ended,)), "warn"
        if self._stopping:
            return self._stopped_words(), ""
        played = tr("Practice", "Played 1 step.") if self._done == 1 else None
        return played or tr("Practice", "Played {n} steps.", n=f"{self._done:,}"), "good"

    def _stopped_words(self) -> str:
        if self._done == 1:
            return tr("Practice", "Stopped after 1 step.")
        return tr("Practice", "Stopped after {n} steps.", n=f"{self._done:,}")
