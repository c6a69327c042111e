"""What waits for real people, said apart from all else: whose it is, and that only a held button sends it (B26)."""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.base.text import one_line
from sana_desktop.ui.practice.parts.strips import Strip, StripAct
from sana_desktop.ui.tr import tr

SHOWN_NAME = 60
SEND, DISCARD, AGAIN, LEAVE, SHOW = "send-real", "discard-real", "again-real", "leave-real", "show-real"
AGAIN_PARKED = "again-parked-real"
"""The acts of the strip."""


@dataclass(frozen=True, slots=True)
class RealOutbox:
    """Answers for real people, at one site.

    Attributes:
        person: the id of the chosen learner if that is a real person, else "".
        waiting, unknown: answers of theirs that are not sent, and of which nobody knows whether they arrived.
        going: of those that wait, how many their button was held for: they go as soon as they can.
        others: ids of other real people for whom answers wait, or whose fate is not known.
        locked: nothing is sent to anybody real.
        parked: answers of theirs that can't be delivered; the strip of all says why.
    """

    person: str = ""
    waiting: int = 0
    unknown: int = 0
    going: int = 0
    others: tuple[str, ...] = ()
    locked: bool = True
    parked: int = 0

    @property
    def held_back(self) -> int:
        """How many of the chosen person's answers wait for a person to hold a button."""
        return self.waiting if self.locked else self.waiting - self.going


def say_real_outbox(strip: Strip, view: RealOutbox) -> None:
    """Say whose answers wait, and offer to send those of the person in view alone."""
    sentences, acts = [], []
    name = one_line(view.person, SHOWN_NAME)
    if view.unknown:
        sentences.append(
            tr("Practice", "1 answer for the real person {name}: not known whether it arrived.", name=name)
            if view.unknown == 1
            else tr(
                "Practice",
                "{n} answers for the real person {name}: not known whether they arrived.",
                n=view.unknown,
                name=name,
            )
        )
        if not view.locked:
            sentences.append(tr("Practice", "What is sent again may count twice."))
            acts.append(StripAct(AGAIN, tr("Practice", "Hold to send again"), held=True))
        leave = tr("Practice", "Leave it") if view.unknown == 1 else tr("Practice", "Leave them")
        acts.append(StripAct(LEAVE, leave, "plain"))
    if view.parked and not view.locked:
        sentences.append(
            tr("Practice", "1 answer for the real person {name} can't be delivered.", name=name)
            if view.parked == 1
            else tr("Practice", "{n} answers for the real person {name} can't be delivered.", n=view.parked, name=name)
        )
        words = tr("Practice", "Hold to try them again") if view.unknown else tr("Practice", "Hold to send again")
        acts.append(StripAct(AGAIN_PARKED, words, held=True))
    if view.waiting:
        sentences.append(_waits(view, name))
        if view.held_back and not view.locked:
            acts.append(StripAct(SEND, tr("Practice", "Hold to send"), held=True))
        acts.append(StripAct(DISCARD, tr("Practice", "Discard…"), "plain"))
    if view.others:
        first = one_line(view.others[0], SHOWN_NAME)
        sentences.append(
            tr("Practice", "Answers for the real person {name} wait; from here they are not sent.", name=first)
            if len(view.others) == 1
            else tr(
                "Practice",
                "Answers for {n} real people wait, {name} among them; from here they are not sent.",
                n=len(view.others),
                name=first,
            )
        )
        if len(acts) < 4:
            acts.append(StripAct(SHOW, tr("Practice", "Show {name}", name=one_line(view.others[0], 24)), "plain"))
    strip.say(" ".join(sentences), "warn", *acts, icon="person")


def _waits(view: RealOutbox, name: str) -> str:
    one = view.waiting == 1
    if view.locked:
        return (
            tr(
                "Practice",
                "1 answer for the real person {name} waits. This site is locked for real people: it is not sent.",
                name=name,
            )
            if one
            else tr(
                "Practice",
                "{n} answers for the real person {name} wait. This site is locked for real people: they are not sent.",
                n=view.waiting,
                name=name,
            )
        )
    if not view.held_back:
        return (
            tr("Practice", "1 answer for the real person {name} is on its way: you held its button.", name=name)
            if one
            else tr(
                "Practice",
                "{n} answers for the real person {name} are on their way: you held their buttons.",
                n=view.waiting,
                name=name,
            )
        )
    return (
        tr(
            "Practice",
            "Not sent yet: 1 answer for the real person {name}.",
            name=name,
        )
        if one
        else tr(
            "Practice",
            "Not sent yet: {n} answers for the real person {name}.",
            n=view.waiting,
            name=name,
        )
    )


def kept_words(name: str) -> str:
    """Return what is said of an answer whose button was held long enough, and which waits for its set."""
    return tr("Practice", "Held: the answer for {name} is kept here. It is sent when the set is done.", name=name)


def sent_words(name: str, count: int) -> str:
    """Return what is said of a real person's answers once they were taken."""
    shown = one_line(name, SHOWN_NAME)
    if count == 1:
        return tr("Practice", "1 answer for the real person {name} was sent.", name=shown)
    return tr("Practice", "{n} answers for the real person {name} were sent.", n=f"{count:,}", name=shown)
