"""What is said of a set whose exercises are all answered, with the way to the next one."""

from __future__ import annotations

from sana_desktop.practice.sessions.session import Mode
from sana_desktop.ui.practice.parts.strips import Strip, StripAct
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.tr import tr


def say_done(strip: Strip, live: LiveSession, mode: Mode) -> None:
    """Say how a set went; nothing while it is not done, or where exercises do not come in sets."""
    total = len(live.cards())
    if not total or live.current() is not None or mode is not Mode.BATCH:
        strip.say("")
        return
    values = {"right": live.correct(), "total": total, "skipped": live.skipped()}
    sentence = tr("Practice", "Set done: {right} of {total} correct.", **values)
    if live.skipped():
        sentence = tr("Practice", "Set done: {right} of {total} correct, {skipped} skipped.", **values)
    tone = "good" if live.correct() == total else ""
    strip.say(sentence, tone, StripAct("next", tr("Practice", "Get the next set")))
