"""How many answers of Practice are not through yet, in words, wherever that is told."""

from __future__ import annotations

from sana_desktop.ui.tr import tr


def outbox_words(waiting: int, unknown: int, refused: int) -> str:
    """Return how many answers wait, of how many nobody knows whether they arrived, and how many can't be delivered: the
    part of a sentence after a colon; "" if there are none.
    """
    parts = []
    if waiting:
        parts.append(
            tr("Practice", "1 answer waits to be sent")
            if waiting == 1
            else tr("Practice", "{n} answers wait to be sent", n=waiting)
        )
    if unknown:
        parts.append(
            tr("Practice", "of 1 it is not known whether it arrived")
            if unknown == 1
            else tr("Practice", "of {n} it is not known whether they arrived", n=unknown)
        )
    if refused:
        parts.append(
            tr("Practice", "1 can't be delivered")
            if refused == 1
            else tr("Practice", "{n} can't be delivered", n=refused)
        )
    return ", ".join(parts)
