"""What a connection that is forgotten leaves behind: reports under way, answers of Practice, what is in a password
store that does not open; said before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sana_desktop.ui.connections.views import ConnectionView, LeftBehind
from sana_desktop.ui.dialogs import Answer, Question
from sana_desktop.ui.outbox_words import outbox_words
from sana_desktop.ui.reports.words.report_words import report_name
from sana_desktop.ui.tr import error_words, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sana_desktop.base.errors import SanaError
    from sana_desktop.reports.records.job import JobRecord
    from sana_desktop.store.database import Database

FORGET = "forget"
"""The answer that forgets it."""
NAME_CHARACTERS = 60
MAX_NAMES = 5
"""Of reports under way, named in the question."""


async def left_behind(
    database: Database, open_orders: Callable[[str], Sequence[JobRecord]], connection_id: str
) -> LeftBehind:
    """Return which reports and which answers of Practice are still under way at a connection. Raises StorageError."""
    # Loaded when somebody forgets a connection: the window's start has no use for it.
    from sana_desktop.practice.outcomes.outbox import OutboxLedger

    names: dict[bool, list[str]] = {True: [], False: []}
    for record in open_orders(connection_id):
        names[record.not_taken].append(report_name(record.order, NAME_CHARACTERS))
    counts = await OutboxLedger(database).counts(connection_id)
    taken, unsent = tuple(names[False]), tuple(names[True])
    return LeftBehind(counts.waiting + counts.sending, counts.unknown, counts.parked, taken, unsent)


def report_words(left: LeftBehind) -> str:
    """Return what becomes of the site's reports: of those under way, by name, and of the finished ones."""
    kept = tr(
        "Connections",
        "Finished reports keep the site's name and address in their records, as evidence of where they came from, "
        "until you remove them from the list.",
    )
    said = []
    if left.reports:
        words = "Under way: {names}. They are not watched any more; the site may go on with them."
        said.append(tr("Connections", words, names=_names(left.reports)))
    if left.unsent:
        said.append(tr("Connections", "Not sent yet: {names}. They are not ordered.", names=_names(left.unsent)))
    return " ".join((*said, kept))


def _names(reports: Sequence[str]) -> str:
    names = ", ".join(f"“{name}”" for name in reports[:MAX_NAMES])
    if len(reports) <= MAX_NAMES:
        return names
    return tr("Connections", "{names} and {n} more", names=names, n=len(reports) - MAX_NAMES)


def left_words(left: LeftBehind) -> str:
    """Return what becomes of the answers of Practice that are still on their way; "" if there are none."""
    what = outbox_words(left.waiting, left.unknown, left.refused)
    if not what:
        return ""
    said = tr("Connections", "Answers of Practice: {what}.", what=what)
    one = tr("Connections", "It is put aside and not sent any more. Its saved session keeps it.")
    many = tr("Connections", "They are put aside and not sent any more. Their saved sessions keep them.")
    return f"{said} {one if left.waiting + left.unknown + left.refused == 1 else many}"


def stays_question(view: ConnectionView, error: SanaError, stays: str) -> Question:
    """Return whether to forget a connection though its secret can't be deleted.

    Args:
        error: why it can't.
        stays: what stays in the password store, and how to delete it.
    """
    _, sentence, step = error_words(error)
    again = tr("Connections", "You can also keep the connection for now, and forget it once the store lets me.")
    return Question(
        tr("Connections", "Forget {name} all the same?", name=view.name),
        "\n\n".join((f"{sentence} {step}".strip(), f"{stays} {again}")),
        [
            Answer("keep", tr("Connections", "Keep it")),
            Answer(FORGET, tr("Connections", "Forget it all the same"), "danger"),
        ],
        safe="keep",
    )
