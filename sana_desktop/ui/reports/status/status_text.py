"""The one sentence of the status line: what is going on, made from what is under way. Pure, so that it can't drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.words.state_words import job_words
from sana_desktop.ui.status_line import Tone
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 80

StoreState = Literal["good", "locked", "full"]
"""The values of `store.database.StoreHealth`."""


@dataclass(frozen=True, slots=True)
class StatusText:
    """What the status line says, and in which tone.

    Attributes:
        word: of an ending, the word that its row has for it; empty for one that went well.
    """

    text: str
    tone: Tone
    word: str = ""


def truth_of(
    jobs: Collection[JobRecord],
    transfers: Collection[TransferRecord],
    *,
    ended: StatusText | None = None,
    ended_is_newer: bool = False,
    ended_is_fresh: bool = True,
    care: int = 0,
    site: str | None = None,
    store: StoreState = "good",
    notice: str = "",
    beside: str = "",
) -> StatusText:
    """Return what is true now.

    What needs the person comes first, then trouble and what is under way, then what happened last, then what is worth
    knowing, then that there is nothing.

    Args:
        jobs: those in an open state.
        transfers: those that are not finished, and paused ones.
        ended: what ended last in this session, see `ending_of`.
        ended_is_newer: it ended after the last report that needs the person came to that; then it is told, and that
            report is counted.
        ended_is_fresh: it was not told before, or only for a moment: then what goes on beside it waits.
        care: how many reports ended in this session so that somebody must look; counted where the line tells other
            things, so that none of them sounds as if all were well. So are those whose file lacks room.
        site: name of the chosen site; empty if none is chosen, None if none is connected.
        store: whether what happens can be written down.
        notice: what the person should know about the store; empty for nothing.
        beside: what is under way in another place, as a sentence; empty for nothing.
    """
    urgent = _store_trouble(store) or _needs_person(jobs, transfers, ended if ended_is_newer else None)
    if urgent is not None:
        return urgent
    waiting = [one for one in transfers if one.is_away or one.lacks_room]
    troubles = [*(record.error_message for record in waiting), *(record.trouble for record in jobs)]
    troubled = next(filter(None, troubles), "")
    care += sum(one.lacks_room for one in transfers)
    parts = [part for part in (_jobs_part(jobs), _transfers_part(transfers), troubled) if part]
    look = [_care_part(care)] if care else []
    if parts and ended is not None and ended.tone == "warn" and ended_is_fresh:
        # What waits for the person is not hidden by what goes on beside it; of several each row says so (U12).
        return ended
    besides = [beside] if beside else []
    if parts:
        return StatusText(_sentence([*parts, *besides, *look]), "warn" if troubled else "busy")
    if ended is not None and ended.tone == "good" and look:
        return StatusText(_sentence([ended.text, *besides, *look]), "quiet")
    if ended is not None:
        return replace(ended, text=_sentence([ended.text, beside])) if beside else ended
    if beside:
        return StatusText(_sentence([beside, *look]), "busy")
    if notice:
        return StatusText(notice, "warn")
    return StatusText(" ".join([_idle(site), *look]), "quiet")


def _idle(site: str | None) -> str:
    if site:
        return tr("Status line", "Nothing under way. Reports come from {site}.", site=one_line(site, 60))
    if site is None:
        return tr("Status line", "Nothing under way. No site is connected yet.")
    return tr("Status line", "Nothing under way. No site is chosen for this query.")


def _care_part(care: int) -> str:
    if care == 1:
        return tr("Status line", "1 report needs a look.")
    return tr("Status line", "{n} reports need a look.", n=care)


def _sentence(parts: Sequence[str]) -> str:
    joined = " · ".join(parts)
    return joined[:1].upper() + joined[1:]


def ending_of(record: JobRecord | TransferRecord) -> StatusText | None:
    """Return what is said of a job or a download that has just ended; None if it has not, or if more is to come."""
    if isinstance(record, JobRecord):
        title = one_line(record.order.title, NAME_CHARACTERS)
        if record.state in {JobState.FAILED, JobState.GONE}:
            words = tr("Status line", "“{title}” failed. {why}", title=title, why=record.error_message)
            return StatusText(words, "bad", job_words(record).word)
        if record.state is JobState.SUBMIT_UNKNOWN:
            why = record.error_message
            words = tr("Status line", "“{title}” may have started. {why}", title=title, why=why)
            return StatusText(words, "warn", job_words(record).word)
        return None
    name = one_line(record.name, NAME_CHARACTERS)
    if record.state is TransferState.DONE:
        return StatusText(tr("Status line", "Saved and checked: {name}", name=name), "good")
    if record.state is TransferState.LINK_ENDED:
        why = record.error_message or tr("Status line", "Its link ended.")
        return StatusText(
            tr("Status line", "{name} was not fetched. {why}", name=name, why=why), "warn", _word_of(record)
        )
    if record.state is TransferState.FAILED:
        why = record.error_message
        return StatusText(
            tr("Status line", "{name} was not fetched. {why}", name=name, why=why), "bad", _word_of(record)
        )
    return None


def endings_together(endings: Sequence[StatusText]) -> StatusText:
    """Return what is said of one or more that ended since the line last told an end, oldest first (U12): the last of
    them, but how many it are where several did not end well.

    Args:
        endings: at least one, each as `ending_of` says it.
    """
    bad = [ending for ending in endings if ending.tone in {"warn", "bad"}]
    if len(bad) < 2:
        return endings[-1]
    kinds = Counter(ending.word for ending in bad)
    if len(kinds) > 1:
        told = ", ".join(tr("Status line", "{word} {n}", word=word, n=n) for word, n in kinds.most_common())
        words = tr("Status line", "{n} reports need a look: {kinds}. Each row says why.", n=len(bad), kinds=told)
        return StatusText(words, "bad")
    if tr("job", "Failed") not in kinds:
        words = tr("Status line", "{n} reports: {word}. Each row says why.", n=len(bad), word=bad[0].word)
        return StatusText(words, bad[0].tone)
    return StatusText(tr("Status line", "{n} reports failed. Each row says why.", n=len(bad)), "bad")


def _word_of(record: TransferRecord) -> str:
    """Return the word that the row of the job has for it, where people look first."""
    return tr("job", "Link ended") if record.state is TransferState.LINK_ENDED else tr("job", "No file")


def _store_trouble(store: StoreState) -> StatusText | None:
    if store == "locked":
        words = tr("Status line", "Another program holds the app's own store: nothing can be saved. I keep trying.")
        return StatusText(words, "bad")
    if store == "full":
        words = tr("Status line", "The disk is full: nothing can be saved until there is room. I keep trying.")
        return StatusText(words, "bad")
    return None


def _needs_person(
    jobs: Collection[JobRecord], transfers: Collection[TransferRecord], newer: StatusText | None
) -> StatusText | None:
    paused = [record for record in jobs if record.state is JobState.PAUSED]
    stuck = [one for one in transfers if one.state is TransferState.PAUSED and one.error_message]
    count = len(paused) + len(stuck)
    if not count:
        return None
    if newer is not None:
        more = (
            tr("Status line", "1 report needs you.")
            if count == 1
            else tr("Status line", "{n} reports need you.", n=count)
        )
        return StatusText(f"{newer.text} · {more}", newer.tone if newer.tone == "bad" else "warn")
    in_need: Sequence[JobRecord | TransferRecord] = [*paused, *stuck]
    last = max(in_need, key=lambda record: record.changed_at)
    return StatusText(last.error_message or tr("Status line", "A report needs you."), "warn")


def _jobs_part(jobs: Collection[JobRecord]) -> str:
    count = len(jobs)
    if count == 0:
        return ""
    if count == 1:
        record = next(iter(jobs))
        title = one_line(record.order.title, NAME_CHARACTERS)
        if record.state is JobState.WATCHING:
            return tr("Status line", "The site is preparing “{title}”", title=title)
        if record.state is JobState.SUBMITTING:
            return tr("Status line", "Ordering “{title}”", title=title)
        return tr("Status line", "“{title}” is waiting to be sent", title=title)
    return tr("Status line", "{n} reports under way", n=count)


def _transfers_part(transfers: Collection[TransferRecord]) -> str:
    active = [record for record in transfers if record.state in {TransferState.FETCHING, TransferState.FINALIZING}]
    waiting = [record for record in transfers if record.state is TransferState.WAITING]
    if len(active) == 1:
        return tr("Status line", "fetching {name}", name=one_line(active[0].name, NAME_CHARACTERS))
    if active:
        return tr("Status line", "fetching {n} files", n=len(active))
    if waiting:
        return (
            tr("Status line", "{n} downloads waiting", n=len(waiting))
            if len(waiting) > 1
            else tr("Status line", "1 download waiting")
        )
    return ""
