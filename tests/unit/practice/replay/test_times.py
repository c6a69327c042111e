"""Times of reports: many forms are read, and what can mean two days is not guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sana_desktop.practice.replay.times import DayOrder, TwoWays, asks_order, order_of, read_time

DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST
MARCH = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order", "at"),
    [
        ("2026-03-02T08:00:00Z", None, MARCH),
        ("2026-03-02 10:00+02:00", None, MARCH),
        (str(int(MARCH.timestamp())), None, MARCH),
        ("2026/03/02 08:00", None, MARCH),
        ("02/03/2026 08:00", DAY, MARCH),
        ("3/2/26 8:00 AM", MONTH, MARCH),
        ("3/2/2026, 8:00:00 a.m.", MONTH, MARCH),
        ("02-03-2026 08:00", DAY, MARCH),
        ("2.3.2026 08:00", None, MARCH),
        ("02.03.2026 08.00", MONTH, MARCH),
        ("31/12/2026", None, datetime(2026, 12, 31, tzinfo=UTC)),
        ("12/31/2026 12:30 am", None, datetime(2026, 12, 31, 0, 30, tzinfo=UTC)),
        ("3/3/2026 1:00 PM", None, datetime(2026, 3, 3, 13, tzinfo=UTC)),
        ("31/12/2026", MONTH, None),
        ("13/13/2026", None, None),
        ("3/3/2026 13:00 PM", None, None),
        ("30/02/2026", DAY, None),
        ("yesterday", DAY, None),
        ("1" * 65, None, None),
    ],
)
def test_a_time_is_read_in_many_forms(text: str, order: DayOrder | None, at: datetime | None) -> None:
    assert read_time(text, order) == at


@pytest.mark.parametrize("text", ["02/03/2026 08:00", "1-2-26", "12/11/2026 1:00 PM"])
def test_what_can_mean_two_days_is_not_guessed(text: str) -> None:
    with pytest.raises(TwoWays):
        read_time(text, None)
    assert asks_order(text)


def test_a_number_above_twelve_gives_the_order_away() -> None:
    assert order_of(["02/03/2026", "13/03/2026"]) is DAY
    assert order_of(["02/03/2026", "03/13/2026 08:00"]) is MONTH
    assert order_of(["02/03/2026", "2026-03-31", "31.03.2026"]) is None
    assert order_of(["13/03/2026", "03/13/2026"]) is None
    assert not any(map(asks_order, ["2026-03-02", "02.03.2026", "2026/03/02", "", "x" * 65]))
