"""The numbers below the pictures of a session, as rows, bars and short sentences; pure."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import Result
from sana_desktop.practice.meaning.challenge import MIN_ANSWERS, AskedAgainstGot, ChallengeBin
from sana_desktop.practice.meaning.coverage import CoveragePart
from sana_desktop.practice.meaning.shapes import DifficultyOverTime, Repeats, Streaks, SuccessOverTime
from sana_desktop.practice.number_words import hundredths, percent
from sana_desktop.ui.practice.meaning.bars_picture import Bar
from sana_desktop.ui.practice.naming import RESULT_LOOKS, crumbs, result_words
from sana_desktop.ui.practice.parts.plain_table import Cell, Row, number_cell
from sana_desktop.ui.tr import tr

Rows = tuple[Sequence[str], Sequence[Row]]
"""Headers and rows of a table."""
FEW_LEVELS = 2
NAMED = 3
RESULT_TONES = {Result.CORRECT: "good", Result.PARTIALLY_CORRECT: "warn", Result.INCORRECT: "bad"}


def success_rows(success: SuccessOverTime, results: Sequence[tuple[Result, int]]) -> Rows:
    """Return how often each result came, then the share as it went on."""
    counted = [
        (Cell(result_words(result), RESULT_LOOKS[result][0], RESULT_TONES.get(result, "quiet")), number_cell(count))
        for result, count in results
    ]
    moving = [
        (Cell(tr("Practice", "After answer {n}", n=f"{point.step:,}")), number_cell(percent(point.value)))
        for point in success.points
    ]
    return (tr("Practice", "Answers"), tr("Practice", "Number or share")), [*counted, *moving]


def challenge_sentence(challenge: AskedAgainstGot) -> str:
    """Return what a look at the picture would find."""
    bins = [each for each in challenge.bins if each.answers]
    asked = [each for each in bins if each.asked is not None]
    if len(bins) <= FEW_LEVELS or not asked:
        return " ".join(each.say(lambda template: tr("Practice", template)) for each in challenge.words())
    agree = sum(each.agrees is True for each in asked)
    if agree == len(asked):
        return tr("Practice", "At all {n} levels what came agrees with what was asked for.", n=len(asked))
    few = sum(each.is_too_few for each in asked)
    if few == len(asked):
        return tr(
            "Practice",
            "At none of the {n} levels are there enough answers to tell yet; it takes {needed} each.",
            n=few,
            needed=MIN_ANSWERS,
        )
    if not few:
        return tr(
            "Practice",
            "At {agree} of {n} levels what came agrees with what was asked for; at the others it differs.",
            agree=agree,
            n=len(asked),
        )
    return tr(
        "Practice",
        "At {agree} of {n} levels what came agrees with what was asked for, at {differ} it differs, and at {few} there "
        "are too few answers to tell.",
        agree=agree,
        n=len(asked),
        differ=len(asked) - agree - few,
        few=few,
    )


def challenge_rows(challenge: AskedAgainstGot) -> Rows:
    """Return a row for each level: what was not fully right, in percent, and in brackets its 95 % interval."""
    # Short words and few columns: the pane is narrow, and a verdict that has to be scrolled to is not seen.
    headers = (tr("Practice", "At"), tr("Practice", "Got, %"), tr("Practice", "Of"), tr("Practice", "Verdict"))
    return headers, [_challenge_row(each) for each in challenge.bins]


def _challenge_row(each: ChallengeBin) -> Row:
    asked = Cell(tr("Practice", "Sana"), spoken=tr("Practice", "Sana decided"))
    if each.asked is not None:
        asked = Cell(hundredths(each.asked))
    verdict = {
        True: Cell(tr("Practice", "agrees"), "good", "good"),
        False: Cell(tr("Practice", "differs"), "warning", "warn"),
        None: Cell("–", spoken=tr("Practice", "nothing to compare with")),
    }[each.agrees]
    if each.is_too_few:
        verdict = Cell(tr("Practice", "too few"), spoken=tr("Practice", "too few to tell"))
    low, share, high = (round(100 * of) for of in (each.failed.low, each.failed.share, each.failed.high))
    words = tr(
        "Practice",
        "{share} of the answers were not fully right: between {low} and {high}, 95 % sure",
        share=percent(each.failed.share), low=percent(each.failed.low), high=percent(each.failed.high),
    )  # fmt: skip
    return asked, Cell(f"{share} ({low}–{high})", number=True, spoken=words), number_cell(each.answers), verdict


def difficulty_rows(difficulty: DifficultyOverTime, levels: Sequence[CoveragePart]) -> Rows:
    """Return a row for each level of difficulty that came up, or the curve where levels are not known."""
    if levels:
        return part_rows(levels, paths=False, first=tr("Practice", "Difficulty"))
    moving = [(Cell(f"{point.step:,}"), number_cell(hundredths(point.value))) for point in difficulty.points]
    return (tr("Practice", "Answer"), tr("Practice", "Difficulty")), moving


def parts_sentence(parts: Sequence[CoveragePart]) -> str:
    """Return the most frequent parts in words."""
    if not parts:
        return ""
    if all(part.offered == 1 and not part.unasked for part in parts) and len(parts) > 1:
        return _once_sentence(parts)
    named = ", ".join(_name_and_times(part) for part in parts[:NAMED])
    if len(parts) <= NAMED:
        return tr("Practice", "Came up: {named}.", named=named)
    if len(parts) == NAMED + 1:
        return tr("Practice", "Most often: {named}; one other.", named=named)
    return tr("Practice", "Most often: {named}; {n} others.", named=named, n=len(parts) - NAMED)


def _once_sentence(parts: Sequence[CoveragePart]) -> str:
    named = ", ".join(_name(part) for part in parts[:NAMED])
    if len(parts) <= NAMED:
        return tr("Practice", "Came up once each: {named}.", named=named)
    if len(parts) == NAMED + 1:
        return tr("Practice", "Came up once each: {named} and one other.", named=named)
    return tr("Practice", "Came up once each: {named} and {n} others.", named=named, n=len(parts) - NAMED)


def part_bars(parts: Sequence[CoveragePart], *, paths: bool) -> list[Bar]:
    """Return a bar for each part, as long as it came up often."""
    most = max((_times(part) for part in parts), default=0) or 1
    return [Bar(crumbs(part.name) if paths else part.name, _bar_number(part), _times(part) / most) for part in parts]


def part_rows(parts: Sequence[CoveragePart], *, paths: bool, first: str = "") -> Rows:
    """Return a row for each part."""
    headers = (
        first or (tr("Practice", "Topic") if paths else tr("Practice", "Tag")),
        tr("Practice", "Offered"),
        tr("Practice", "Fully right"),
    )
    # Few columns: the pane is narrow, and a number that has to be scrolled to is not seen.
    return headers, [
        (
            _name_cell(crumbs(part.name) if paths else part.name, part.known),
            number_cell(part.offered),
            number_cell(_right_words(part)),
        )
        for part in parts
    ]


def _name_cell(name: str, known: int | None) -> Cell:
    if known is None:
        return Cell(name)
    words = tr("Practice", "{name}: {n} in the catalogue", name=name, n=f"{known:,}")
    return Cell(name, spoken=words, tip=words)


def _right_words(part: CoveragePart) -> str:
    if not part.answers:
        return "–"
    share, answers = percent(part.success.share), f"{part.answers:,}"
    return tr("Practice", "{share} of {answers}", share=share, answers=answers)


def streak_bars(streaks: Streaks) -> list[Bar]:
    """Return the run under way and the longest runs as bars."""
    most = max(streaks.longest_right, streaks.longest_wrong, 1)
    now = tr("Practice", "Now, fully right") if streaks.current_right else tr("Practice", "Now, not fully right")
    return [
        Bar(words, f"{run:,}", run / most)
        for words, run in (
            (now, streaks.current),
            (tr("Practice", "Longest, fully right"), streaks.longest_right),
            (tr("Practice", "Longest, not fully right"), streaks.longest_wrong),
        )
    ]


def streak_rows(streaks: Streaks, repeats: Repeats) -> Rows:
    """Return the runs and the repeats as rows."""
    pairs = [(bar.words, bar.number) for bar in streak_bars(streaks)]
    pairs.append((tr("Practice", "Answers to something seen before"), f"{repeats.again:,}"))
    if repeats.most is not None:
        pairs.append((tr("Practice", "Most often: {id}", id=repeats.most[0]), f"{repeats.most[1]:,}"))
    return (tr("Practice", "What"), tr("Practice", "Number")), [
        (Cell(words), number_cell(number)) for words, number in pairs
    ]


def _times(part: CoveragePart) -> int:
    """How often it came up: what was answered though nothing was recommended, as in a replay, came up too."""
    return part.offered + part.unasked if part.offered else part.answers


def _bar_number(part: CoveragePart) -> str:
    if not part.answers:
        return tr("Practice", "{n}×", n=f"{part.offered:,}")
    share = percent(part.success.share)
    if not part.offered:
        return tr("Practice", "answered {n}×, {share} right", n=f"{part.answers:,}", share=share)
    # Offered and answered are two numbers: of what is open nobody knows whether it will be right.
    offered, answers = f"{part.offered:,}", f"{part.answers:,}"
    if part.unasked:
        # Two counts: most of the answers are to what was never recommended.
        return tr(
            "Practice", "recommended {n}×; answered {answers}×, {share} right", n=offered, answers=answers, share=share
        )
    return tr("Practice", "{n}×, {share} of {answers} right", n=offered, share=share, answers=answers)


def _name_and_times(part: CoveragePart) -> str:
    if not part.offered and part.answers == 1:
        return tr("Practice", "{name} (answered once)", name=_name(part))
    if not part.offered and part.answers:
        return tr("Practice", "{name} (answered {n} times)", name=_name(part), n=f"{part.answers:,}")
    if part.unasked:
        values = {"n": f"{part.offered:,}", "answers": f"{part.answers:,}"}
        return tr("Practice", "{name} (recommended {n}×, answered {answers}×)", name=_name(part), **values)
    if part.offered == 1:
        return tr("Practice", "{name} (once)", name=_name(part))
    return tr("Practice", "{name} ({n} times)", name=_name(part), n=f"{part.offered:,}")


def _name(part: CoveragePart) -> str:
    return crumbs(part.name) if part.name.startswith("/") else part.name
