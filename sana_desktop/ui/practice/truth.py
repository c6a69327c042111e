"""What the status line says while the Practice place is shown; pure."""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.ui.reports.status.status_text import StatusText
from sana_desktop.ui.tr import tr


@dataclass(frozen=True, slots=True)
class PracticeState:
    """What is going on in the Practice place.

    Attributes:
        site: name of the chosen site, "" if there is none.
        asking: exercises are being asked for.
        playing: a simulated learner plays; how far, their card says.
        sending: how many answers of running replays were sent, and how many they have; (0, 0) if none runs.
        waiting: answers that could be sent, and are not yet.
        apart: answers that wait for their set to be done, whose set is not the one in view.
        held: answers for the chosen real person that are not sent by themselves.
        locked: nothing goes to real people of the site.
        unknown: answers of which nobody knows whether they arrived.
        refused: answers that the site did not take, or that can't be read any more.
        done, total: answered exercises of the latest sequence, and all of it.
        failed: why the latest question of the session got no answer, "" if it did.
        compared: requests that Compare made to the site.
        asked: the session has asked for exercises, whatever came.
        answered: answers of the session.
        together: answers wait to be sent until their sequence is done.
        blocked: a real person is chosen, and the site is locked for them.
    """

    site: str = ""
    asking: bool = False
    playing: bool = False
    sending: tuple[int, int] = (0, 0)
    waiting: int = 0
    apart: int = 0
    held: int = 0
    locked: bool = True
    unknown: int = 0
    refused: int = 0
    done: int = 0
    total: int = 0
    failed: str = ""
    compared: int = 0
    asked: bool = False
    answered: int = 0
    together: bool = False
    blocked: bool = False


def practice_truth(state: PracticeState) -> StatusText:
    """Return what is true now: first what needs the person, then what is under way, then how far it is."""
    if state.unknown:
        one = tr("Practice", "1 answer: not known whether it arrived.")
        many = tr("Practice", "{n} answers: not known whether they arrived.", n=f"{state.unknown:,}")
        return StatusText(one if state.unknown == 1 else many, "warn")
    if state.refused:
        one = tr("Practice", "1 answer can't be delivered.")
        many = tr("Practice", "{n} answers can't be delivered.", n=f"{state.refused:,}")
        return StatusText(one if state.refused == 1 else many, "warn")
    if state.playing:
        return StatusText(tr("Practice", "A simulated learner plays."), "busy")
    done, total = state.sending
    if total:
        words = tr("Practice", "A replay is being sent: {done} of {total}.", done=f"{done:,}", total=f"{total:,}")
        return StatusText(words, "busy")
    if state.asking:
        return StatusText(tr("Practice", "Getting exercises…"), "busy")
    if state.waiting:
        one = tr("Practice", "1 answer is on its way.")
        many = tr("Practice", "{n} answers are on their way.", n=f"{state.waiting:,}")
        return StatusText(one if state.waiting == 1 else many, "busy")
    if state.held:
        one = tr("Practice", "1 answer for a real person waits.")
        many = tr("Practice", "{n} answers for a real person wait.", n=f"{state.held:,}")
        why = (
            tr("Practice", "The site is locked: nothing is sent.")
            if state.locked
            else tr("Practice", "Nothing is sent until you hold the button.")
        )
        return StatusText(f"{one if state.held == 1 else many} {why}", "warn")
    if state.apart and not state.total:
        one = tr("Practice", "1 answer waits for its set to be done.")
        many = tr("Practice", "{n} answers wait for their set to be done.", n=f"{state.apart:,}")
        return StatusText(one if state.apart == 1 else many, "quiet")
    if state.failed:
        return StatusText(tr("Practice", "Getting exercises failed: {why}", why=state.failed), "bad")
    return StatusText(_how_far(state), "quiet")


def _how_far(state: PracticeState) -> str:
    if state.done < state.total:
        words = tr("Practice", "{done} of {total} answered.", done=state.done, total=state.total)
        later = ""
        if state.blocked:
            later = tr("Practice", "The site is locked: nothing is sent.")
        elif state.together and state.done:
            later = tr("Practice", "They are sent when the set is done.")
        return f"{words} {later}".strip()
    if state.answered:
        one = tr("Practice", "1 answer so far; nothing waits to be sent.")
        many = tr("Practice", "{n} answers so far; nothing waits to be sent.", n=f"{state.answered:,}")
        return one if state.answered == 1 else many
    if state.asked:
        return tr("Practice", "Asked for exercises: nothing came.")
    if state.site and state.compared:
        one = tr("Practice", "Compare made 1 request to {site}. No session asked for exercises yet.", site=state.site)
        many = tr(
            "Practice",
            "Compare made {n} requests to {site}. No session asked for exercises yet.",
            n=f"{state.compared:,}",
            site=state.site,
        )
        return one if state.compared == 1 else many
    if state.site:
        return tr("Practice", "Nothing asked for yet. Exercises come from {site}.", site=state.site)
    return tr("Practice", "No site with practice is connected yet.")
