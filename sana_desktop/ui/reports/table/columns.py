"""How wide the columns of a record table are: from what they have to say, and what the person chose. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MAX_PIXELS = 4_000
"""A remembered width beyond this is no width that a person chose."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What a column needs, told in words that have to fit, so that it holds for every font and language.

    Attributes:
        least: the longest text that is always readable.
        wish: the longest text that is readable when there is room.
        icon: whether a picture stands before the text.
        grows: share of the room that nobody needs; 0 for a column that has enough with its wish.
        shown: whether it is shown until the person says otherwise.
        keep_end: shorten in the middle, because the end tells one row from another.
        tight: the longest text that is readable where there is no room for all; empty for the same as `least`.
        tightens: when it goes so; those with a larger number give way first, 0 is the last of all.
        yields: when it is left out, in the same order; 0 for never.
        shrinks: it insists on no more than the rows have to say now.
        fits: it does not take more than that, either; the rest goes to those that grow.
    """

    least: str
    wish: str
    icon: bool = False
    grows: int = 0
    shown: bool = True
    keep_end: bool = False
    tight: str = ""
    tightens: int = 0
    yields: int = 0
    shrinks: bool = False
    fits: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """The same in pixels; `tight` is 0 for the same as `least`."""

    least: int
    wish: int
    grows: int = 0
    tight: int = 0
    tightens: int = 0
    yields: int = 0


def give_way(width: int, needs: Sequence[Need]) -> tuple[set[int], set[int]]:
    """Return the positions of the columns that are tight, and of those that are left out, so that the others have their
    least in `width`; who gives way first is in both.
    """
    tight: set[int] = set()
    out: set[int] = set()
    over = sum(need.least for need in needs) - width
    steps = [(need.tightens, position, True) for position, need in enumerate(needs) if 0 < need.tight < need.least]
    steps += [(need.yields, position, False) for position, need in enumerate(needs) if need.yields]
    for _, position, tightens in sorted(steps, key=lambda step: step[0], reverse=True):
        if over <= 0:
            break
        need = needs[position]
        if not tightens:
            out.add(position)
            over -= need.tight if position in tight else need.least
        elif position not in out:
            tight.add(position)
            over -= need.least - need.tight
    return tight, out


def share(width: int, needs: Sequence[Need]) -> list[int]:
    """Return the width of each column, so that together they fill `width`.

    First everybody's least (when even that is too much, the table is wider than its frame), then the wishes in
    equal measure, then the rest to those who grow, or to the last one.
    """
    widths = [need.least for need in needs]
    room = width - sum(widths)
    if room <= 0 or not needs:
        return widths
    wishes = [max(need.wish - need.least, 0) for need in needs]
    granted = _split(min(room, sum(wishes)), wishes)
    room -= sum(granted)
    grows = [need.grows for need in needs]
    rest = _split(room, grows if any(grows) else [0] * (len(needs) - 1) + [1])
    return [sum(parts) for parts in zip(widths, granted, rest, strict=True)]


def _split(amount: int, weights: Sequence[int]) -> list[int]:
    """Return `amount` split by weight into whole numbers that add up to it."""
    left, weight_left = amount, sum(weights)
    parts = []
    for weight in weights:
        part = left * weight // weight_left if weight_left else 0
        parts.append(part)
        left -= part
        weight_left -= weight
    return parts


@dataclass(slots=True)
class Choices:
    """What a person chose about the columns; empty as long as they chose nothing.

    Attributes:
        order: columns from left to right; empty for the usual order.
        widths: pixels of the columns whose edge was dragged.
        shown: columns that were shown or hidden against the plan.
        sort: the column by which the rows are sorted, and whether the last ones come first; None for the newest first.
    """

    order: list[int] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    shown: dict[int, bool] = field(default_factory=dict)
    sort: tuple[int, bool] | None = None

    def to_text(self) -> str:
        """Return it as a line to be remembered; empty if nothing was chosen."""
        if not (self.order or self.widths or self.shown or self.sort):
            return ""
        widths, shown = list(self.widths.items()), list(self.shown.items())
        return json.dumps({"order": self.order, "widths": widths, "shown": shown, "sort": [self.sort or []]})


def choices_from(text: str, columns: int) -> Choices:
    """Return remembered choices for a table of so many columns; whatever can't be read is left out."""
    try:
        raw = json.loads(text)
    except ValueError:
        return Choices()
    if not isinstance(raw, Mapping):
        return Choices()
    order = [item for item in _items(raw.get("order")) if type(item) is int]
    widths = {
        column: width
        for column, width in _pairs(raw.get("widths"), columns)
        if type(width) is int and 0 < width <= MAX_PIXELS
    }
    shown = {column: on for column, on in _pairs(raw.get("shown"), columns) if type(on) is bool}
    sort = next(((column, on) for column, on in _pairs(raw.get("sort"), columns) if type(on) is bool), None)
    return Choices(order if sorted(order) == list(range(columns)) else [], widths, shown, sort)


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _pairs(value: object, columns: int) -> Iterable[tuple[int, object]]:
    for item in _items(value):
        if isinstance(item, list) and len(item) == 2 and type(item[0]) is int and 0 <= item[0] < columns:
            yield item[0], item[1]
