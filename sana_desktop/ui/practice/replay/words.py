"""What a replay says of itself: what a dry run found, how far it is, how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.text import one_line, size_text
from sana_desktop.practice.replay.columns import PATH_UNKNOWN
from sana_desktop.practice.replay.dry_run import FIRST_YEAR, DryRun, Odd, Remark
from sana_desktop.practice.replay.progress import ReplayProgress
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.ui.practice.compare.question_words import asked_words
from sana_desktop.ui.practice.naming import day_words, result_words
from sana_desktop.ui.practice.parts.plain_table import Cell, Row, number_cell
from sana_desktop.ui.practice.replay.columns import COLUMN_CHARACTERS, field_words
from sana_desktop.ui.tr import tr

PATH_CHARACTERS = 80


def dry_words(dry: DryRun, needs_person: bool, only_path: str | None = None, *, by_time: bool = False) -> str:
    """Return what a dry run found, in sentences.

    Args:
        only_path: the path of all exercises, where no column says where they are.
        by_time: they are sent in the order of their times.
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
            bytes=size_text(dry.bytes),
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
    if (unclear := _unclear_words(dry)) != "":
        parts.append(unclear)
    if only_path is not None and dry.placed:
        parts.append(_placed_words(dry))
    if only_path is not None and dry.usable > dry.placed:
        parts.append(_path_words(only_path, bool(dry.placed)))
    if dry.left_out:
        cells = ", ".join(
            tr("Replay", "{field} in 1 row", field=field_words(kind))
            if count == 1
            else tr("Replay", "{field} in {n} rows", field=field_words(kind), n=f"{count:,}")
            for kind, count in dry.left_out
        )
        parts.append(tr("Replay", "Left out, as it can't be read: {cells}.", cells=cells))
    if not dry.in_order and by_time:
        parts.append(tr("Replay", "The rows are not in the order of their times, but are sent in it, as ticked below."))
    elif not dry.in_order:
        parts.append(tr("Replay", "They are not in the order of their times, and are sent as the rows stand."))
    parts += [_remark_words(remark) for remark in dry.remarks]
    parts += _span_words(dry)
    return " ".join(parts)


def begun_words(dry: DryRun) -> str:
    """Return what a replay is about that was begun: its choices are made."""
    head = (
        tr("Replay", "This replay has 1 answer.")
        if dry.usable == 1
        else tr("Replay", "This replay has {n} answers.", n=_usable(dry))
    )
    return " ".join([head, *_left_out_words(dry), *_span_words(dry)])


def ended_words(dry: DryRun, taken: bool) -> str:
    """Return what a replay was about that is through; `taken` if all of it was."""
    if not taken:
        return begun_words(dry)
    head = (
        tr("Replay", "1 answer was sent.")
        if dry.usable == 1
        else tr("Replay", "{n} answers were sent.", n=_usable(dry))
    )
    return " ".join([head, *_left_out_words(dry), *_span_words(dry)])


def _usable(dry: DryRun) -> str:
    return f"{dry.usable:,}"


def _left_out_words(dry: DryRun) -> list[str]:
    if not dry.problem_count:
        return []
    if dry.problem_count == 1:
        return [tr("Replay", "1 row was left out.")]
    return [tr("Replay", "{n} rows were left out.", n=f"{dry.problem_count:,}")]


def _span_words(dry: DryRun) -> list[str]:
    if dry.first_at is None or dry.last_at is None:
        return []
    return [tr("Replay", "From {first} to {last}.", first=day_words(dry.first_at), last=day_words(dry.last_at))]


def _unclear_words(dry: DryRun) -> str:
    unclear = [each.value for each in dry.understood if each.result is None and not each.chosen]
    if len(unclear) > 1:
        return tr("Replay", "{n} words of the results are not understood: choose below what they mean.", n=len(unclear))
    return tr("Replay", "“{word}” is not understood: choose below what it means.", word=unclear[0]) if unclear else ""


def _remark_words(remark: Remark) -> str:
    # As a spreadsheet counts: the header is its first row.
    one, values = remark.count == 1, {"n": f"{remark.count:,}", "row": f"{remark.row + 1:,}"}
    match remark.kind:
        case Odd.FUTURE if one:
            return tr("Replay", "1 answer is dated in the future: row {row}.", **values)
        case Odd.FUTURE:
            return tr("Replay", "{n} answers are dated in the future, the first in row {row}.", **values)
        case Odd.LONG_AGO if one:
            return tr("Replay", "1 answer is dated before {year}: row {row}.", year=FIRST_YEAR, **values)
        case Odd.LONG_AGO:
            return tr(
                "Replay", "{n} answers are dated before {year}, the first in row {row}.", year=FIRST_YEAR, **values
            )
        case _ if one:
            return tr("Replay", "1 answer is there twice, the same exercise at the same time: row {row}.", **values)
    return tr(
        "Replay",
        "{n} answers repeat one that is there, the same exercise at the same time, the first in row {row}.",
        **values,
    )


def needs_days(dry: DryRun) -> bool:
    """Return whether somebody has to say what comes first in its dates."""
    return dry.asks_days and dry.days is None


def is_sendable(dry: DryRun) -> bool:
    """Return whether it can be sent as it is."""
    return bool(dry.usable) and not needs_days(dry) and not (dry.people_count > 1 and not dry.person)


def missing_words(dry: DryRun) -> str:
    """Return what has to be chosen before it can be sent, "" if nothing has."""
    if not dry.usable:
        return tr("Replay", "None of the rows can be sent as it is.")
    if needs_days(dry):
        return tr("Replay", "Choose above how its dates are read.")
    return "" if is_sendable(dry) else tr("Replay", "Choose above whose answers to send.")


def dry_tone(dry: DryRun, only_path: str | None = None) -> str:
    """Return the tone of what a dry run found; nothing that has consequences is said in green."""
    nowhere = only_path == PATH_UNKNOWN and dry.usable > dry.placed
    amiss = dry.problem_count or dry.left_out or dry.maybe_person or dry.remarks or nowhere
    return "warn" if amiss or not is_sendable(dry) else "good"


def understood_headers() -> tuple[str, ...]:
    """Return what stands above how the answers are understood."""
    return tr("Replay", "In the file"), tr("Replay", "Understood as"), tr("Replay", "Rows")


def understood_rows(dry: DryRun) -> list[Row]:
    """Return a row for each value of the results' column, the most frequent first."""
    rows: list[Row] = [
        (
            Cell(each.value or tr("Replay", "(by the score)")),
            Cell(tr("Replay", "left out") if each.chosen else tr("Replay", "not understood: left out"), tone="warn")
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


def _placed_words(dry: DryRun) -> str:
    if dry.placed >= dry.usable:
        return tr("Replay", "All exercises are known here, and have their topic and difficulty from there.")
    return tr(
        "Replay",
        "In {n} of them the exercise is known here, and has its topic and difficulty from there.",
        n=f"{dry.placed:,}",
    )


def _path_words(path: str, others: bool = False) -> str:
    """Return where exercises are whose place nothing says; `others` of them have theirs."""
    shown = one_line(path, PATH_CHARACTERS)
    if path == PATH_UNKNOWN and others:
        return tr(
            "Replay",
            "No column says where the others are, so they are sent as being in “{path}”, which is no topic of your "
            "content. Name theirs below, if they have one.",
            path=shown,
        )
    if others:
        return tr("Replay", "No column says where the others are, so they are sent as being in “{path}”.", path=shown)
    if path == PATH_UNKNOWN:
        return tr(
            "Replay",
            "No column says where the exercises are, so all are sent as being in “{path}”, which is no topic of your "
            "content. Name theirs below, if they have one.",
            path=shown,
        )
    return tr("Replay", "No column says where the exercises are, so all are sent as being in “{path}”.", path=shown)


def sending_words(record: ReplayRecord, unknown: int = 0) -> str:
    """Return how far it is while it is sent; `unknown` as `unfinished_words`."""
    words = tr(
        "Replay",
        "{done} of {total} sent. It goes on when you close this.",
        done=f"{record.done:,}",
        total=f"{record.total:,}",
    )
    return _with_unknown(words, unknown)


def paused_words(record: ReplayRecord, unknown: int = 0) -> str:
    """Return where it stands still; `unknown` as `unfinished_words`."""
    words = tr("Replay", "Paused at {done} of {total}.", done=f"{record.done:,}", total=f"{record.total:,}")
    return _with_unknown(words, unknown)


def _with_unknown(words: str, unknown: int) -> str:
    if not unknown:
        return words
    if unknown == 1:
        return f"{words} {tr('Replay', 'Of 1 answer it is not known whether it arrived.')}"
    return f"{words} {tr('Replay', 'Of {n} answers it is not known whether they arrived.', n=f'{unknown:,}')}"


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


def unfinished_words(record: ReplayRecord, learner: str, unknown: int = 0) -> str:
    """Return what is offered to be gone on with.

    Args:
        learner: what its learner is called.
        unknown: answers of the learner of which nobody knows whether they arrived.
    """
    words = tr(
        "Replay",
        "{file} is not finished: {done} of {total} were sent to {learner}.",
        file=record.path.name if record.path is not None else "",
        done=f"{record.done:,}",
        total=f"{record.total:,}",
        learner=learner or record.user_id,
    )
    return _with_unknown(words, unknown)


def left_words(records: Sequence[ReplayRecord], unknown: int = 0) -> str:
    """Return that replays stopped in the middle; `unknown` as `unfinished_words`, where it is one."""
    if len(records) > 1:
        return tr("Replay", "{n} replays from reports are not finished.", n=f"{len(records):,}")
    done, total = f"{records[0].done:,}", f"{records[0].total:,}"
    words = tr("Replay", "A replay from a report is not finished: {done} of {total} were sent.", done=done, total=total)
    return _with_unknown(words, unknown)


def go_on_words(asks: bool, *, past_unknown: bool = False) -> str:
    """Return what the button says that goes on with a replay.

    Args:
        asks: there is something to be decided first.
        past_unknown: it is the decision to go on after answers whose fate is not known.
    """
    if past_unknown:
        return tr("Replay", "Go on after them")
    return tr("Replay", "Go on…") if asks else tr("Replay", "Go on")


def price_words(asks: str) -> str:
    """Return what a comparison costs, and what it asks, which `asks` says."""
    return tr("Replay", "To ask takes at most 2 requests, which change nothing: {asks}.", asks=asks)


def asks_words(setup: Setup, *, as_set_up: bool = False) -> str:
    """Return what a comparison asks; `as_set_up` is the set-up beside the session, the other one is left to Sana."""
    if as_set_up:
        return tr("Replay", "as you set it up, {parts}", parts=asked_words(setup))
    return tr("Replay", "left to Sana, {parts}", parts=asked_words(setup))


def comparing_words() -> str:
    """Return why one can't be gone on with just now."""
    return tr("Replay", "It is being asked what is recommended where this stands. Go on when that has come.")


def forget_words(record: ReplayRecord) -> tuple[str, str]:
    """Return the question before an unfinished replay is forgotten, and what that means."""
    left = record.total - record.done
    text = (
        tr("Replay", "1 answer of it was not sent yet, and this can't be gone on with any more.")
        if left == 1
        else tr(
            "Replay", "{n} of its answers were not sent yet, and this can't be gone on with any more.", n=f"{left:,}"
        )
    )
    kept = tr("Replay", "What was sent stays, and so does its session.")
    name = record.path.name if record.path is not None else ""
    return tr("Replay", "Forget the replay of {file}?", file=one_line(name, PATH_CHARACTERS)), f"{text} {kept}"


def under_way_words(running: Sequence[ReplayProgress]) -> str:
    """Return how far replays are that are being sent just now."""
    if len(running) > 1:
        return tr("Replay", "{n} replays from reports are being sent.", n=f"{len(running):,}")
    record = running[0].record
    done, total = f"{record.done:,}", f"{record.total:,}"
    words = tr("Replay", "A replay from a report is being sent: {done} of {total}.", done=done, total=total)
    return _with_unknown(words, running[0].unknown)


def question_words(query: NextQuery) -> str:
    """Return what was asked for."""
    asks = Setup(Mode.SINGLE, query.user_id, query.num_exercises, query.constraints, query.challenge_level)
    return tr("Replay", "Asked for: {parts}.", parts=asked_words(asks))
