"""Shows of an answer whose exchange is not at hand what is known all the same: that of a session opened again."""

from __future__ import annotations

from sana_desktop.practice.carried import alone, carrier
from sana_desktop.practice.session import Answered
from sana_desktop.ui.practice.session.exchange_fold import ExchangeFold
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.tr import tr


def show_sent(fold: ExchangeFold, live: LiveSession, step: Step) -> None:
    """Show it in the fold; a step that has its exchange, or was not sent, is left as it is."""
    if step.exchange is not None or step.fate in {Fate.NONE, Fate.WAITING, Fate.UNSENT, Fate.DISCARDED}:
        return
    events = live.record().events
    answer = events[step.number]
    if not isinstance(answer, Answered):
        return
    instead = tr(
        "Practice",
        "This answer as it is told to the service, alone or with others of its set. With which request it went, "
        "and what came back, is not kept.",
    )
    fold.show_exchange(carrier(events, step.number), instead, alone(live.user_id, answer))
