"""What a replay says of itself: what a dry run found, how far it is, how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.text import one_line
from sana_desktop.practice.replay import ReplayProgress
from sana_desktop.practice.replay_dry_run import DryRun
from sana_desktop.practice.replay_map import PATH_UNKNOWN
from sana_desktop.practice.replay_record import ReplayRecord
from sana_desktop.practice.session import Mode, Setup
from sana_desktop.ui.practice.compare.question_words import asked_words
from sana_desktop.ui.practice.naming import day_words, kilobytes, result_words
from sana_desktop.ui.practice.parts.plain_table import Cell, Row, number_cell
from sana_desktop.ui.practice.replay.columns import COLUMN_CHARACTERS, field_words
from sana_desktop.ui.tr import tr

PATH_CHARACTERS = 80


def dry_words(dry: DryRun, needs_person: bool, only_path: str | None = None) -> str:
    """Return what a dry run found, in sentences.

    Args:
        only_path: the path of all exercises, where no column says where they are.
    """
    usable, rows = f"{dry.usable:,}", f"{dry.rows:,}"
    if dry.requests <= 1:
        words = tr("Replay", "{usable} of {rows} rows can be sent, in one request.", usable=usable, rows=rows)
    else:
        words = tr(
            "Replay",
            "{usable} of {rows} rows can be sent, in {requests} requests of {bytes} together.",
            usable=usable,
            rows=rows,
            requests=f"{dry.requests:,}",
            bytes=kilobytes(dry.bytes),
        )
    parts = [words]
    if needs_days(dry):
        parts.append(
            tr(
                "Replay",
                "Dates such as 02/03/2026 can mean two days: choose whether the day or the month comes first.",
            )
        )
    if dry.maybe_person:
        parts.append(
            tr(
                "Replay",
                "“{column}” seems to say whose answers they are, and names several people: choose it as the person "
                "below, or all are sent as one learner's.",
                column=one_line(dry.maybe_person, COLUMN_CHARACTERS),
            )
        )
    if needs_person:
        parts.append(
            tr(
                "Replay",
                "They are of {n} people, and one learner can't have answered for all of them: choose whose to send.",
                n=f"{dry.people_count:,}",
            )
        )
    if dry.problem_count > len(dry.problems):
        parts.append(tr("Replay", "The first {n} that can't be sent are listed.", n=len(dry.problems)))
    if only_path is not None and dry.usable:
        parts.append(_path_words(only_path))
    if dry.left_out:
        cells = ", ".join(
            tr("Replay", "{field} in 1 row", field=field_words(kind))
            if count == 1
            else tr("Replay", "{field} in {n} rows", field=field_words(kind), n=f"{count:,}")
            for kind, count in dry.left_out
        )
        parts.append(tr("Replay", "Left out, as it can't be read: {cells}.", cells=cells))
    if not dry.in_order:
        parts.append(tr("Replay", "They are not in the order of their times."))
    if dry.first_at is not None and dry.last_at is not None:
        parts.append(
            tr("Replay", "From {first} to {last}.", first=day_words(dry.first_at), last=day_words(dry.last_at))
        )
    return " ".join(parts)


def needs_days(dry: DryRun) -> bool:
    """Return whether somebody has to say what comes first in its dates."""
    return dry.asks_days and dry.days is None


def is_sendable(dry: DryRun) -> bool:
    """Return whether it can be sent as it is."""
    return bool(dry.usable) and not needs_days(dry) and not (dry.people_count > 1 and not dry.person)


def dry_tone(dry: DryRun, only_path: str | None = None) -> str:
    """Return the tone of what a dry run found; nothing that has consequences is said in green."""
    amiss = dry.problem_count or dry.left_out or dry.maybe_person or only_path == PATH_UNKNOWN
    return "warn" if amiss or not is_sendable(dry) else "good"


def understood_headers() -> tuple[str, ...]:
    """Return what stands above how the answers are understood."""
    return tr("Replay", "In the file"), tr("Replay", "Understood as"), tr("Replay", "Rows")


def understood_rows(dry: DryRun) -> list[Row]:
    """Return a row for each value of the results' column, the most frequent first."""
    rows: list[Row] = [
        (
            Cell(each.value or tr("Replay", "(by the score)")),
            Cell(tr("Replay", "not understood: left out"), tone="warn")
            if each.result is None
            else Cell(result_words(each.result)),
            number_cell(f"{each.rows:,}"),
        )
        for each in dry.understood
    ]
    more = dry.understood_count - len(dry.understood)
    if more > 0:
        rows.append((Cell(tr("Replay", "{n} values more", n=f"{more:,}"), tone="quiet"), Cell(""), Cell("")))
    return rows


def _path_words(path: str) -> str:
    shown = one_line(path, PATH_CHARACTERS)
    if path == PATH_UNKNOWN:
        return tr(
            "Replay",
            "No column says where the exercises are, so all are sent as being in “{path}”, which is no topic of your "
            "content. Name theirs below, if they have one.",
            path=shown,
        )
    return tr("Replay", "No column says where the exercises are, so all are sent as being in “{path}”.", path=shown)


def sending_words(record: ReplayRecord) -> str:
    """Return how far it is while it is sent."""
    return tr(
        "Replay",
        "{done} of {total} sent. It goes on when you close this.",
        done=f"{record.done:,}",
        total=f"{record.total:,}",
    )


def paused_words(record: ReplayRecord) -> str:
    """Return where it stands still."""
    return tr("Replay", "Paused at {done} of {total}.", done=f"{record.done:,}", total=f"{record.total:,}")


def finished_words(progress: ReplayProgress) -> tuple[str, str]:
    """Return how a replay that is done is said, and its tone."""
    total = f"{progress.record.total:,}"
    if progress.parked or progress.unknown:
        words = tr(
            "Replay",
            "{total} were put on their way: {parked} were not taken, of {unknown} the answer was lost. "
            "Look at them among the answers on their way.",
            total=total,
            parked=f"{progress.parked:,}",
            unknown=f"{progress.unknown:,}",
        )
        return words, "warn"
    return tr("Replay", "All {total} were sent and taken.", total=total), "good"


def unfinished_words(record: ReplayRecord, learner: str) -> str:
    """Return what is offered to be gone on with; `learner` is what its learner is called."""
    return tr(
        "Replay",
        "{file} is not finished: {done} of {total} were sent to {learner}.",
        file=record.path.name if record.path is not None else "",
        done=f"{record.done:,}",
        total=f"{record.total:,}",
        learner=learner or record.user_id,
    )


def left_words(records: Sequence[ReplayRecord]) -> str:
    """Return that replays stopped in the middle."""
    if len(records) > 1:
        return tr("Replay", "{n} replays from reports are not finished.", n=f"{len(records):,}")
    done, total = f"{records[0].done:,}", f"{records[0].total:,}"
    return tr("Replay", "A replay from a report is not finished: {done} of {total} were sent.", done=done, total=total)


def price_words(setup: Setup) -> str:
    """Return what a comparison asks, and what it costs."""
    return tr(
        "Replay",
        "To compare takes at most 2 requests, which change nothing. It asks by your set-up, for enough to compare: "
        "{parts}.",
        parts=asked_words(setup),
    )


def question_words(query: NextQuery) -> str:
    """Return what was asked for."""
    asks = Setup(Mode.SINGLE, query.user_id, query.num_exercises, query.constraints, query.challenge_level)
    return tr("Replay", "Asked for: {parts}.", parts=asked_words(asks))
