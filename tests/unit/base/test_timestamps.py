"""Times as services write them (C08)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sana_desktop.base.timestamps import format_utc, parse_http_date, parse_timestamp

MOMENT = datetime(2024, 9, 4, 13, 41, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2024-09-04T13:41:31Z", MOMENT),
        ("2024-09-04T13:41:31.632324923Z", MOMENT.replace(microsecond=632324)),
        ("2024-09-04T13:41:31.9999999Z", MOMENT.replace(microsecond=999999)),
        ("2024-09-04T13:41:31.6Z", MOMENT.replace(microsecond=600000)),
        ("2024-09-04T15:41:31+02:00", MOMENT),
        ("2024-09-04T15:41:31+0200", MOMENT),
        ("2024-09-04T15:41:31+02", MOMENT),
        ("2024-09-04 13:41:31", MOMENT),
        ("2024-09-04T13:41:31", MOMENT),
        ("2024-09-04T13:41Z", MOMENT.replace(second=0)),
        ("2024-09-04", MOMENT.replace(hour=0, minute=0, second=0)),
        (" 2024-09-04T13:41:31z ", MOMENT),
        (1725457291, MOMENT),
        (1725457291000, MOMENT),
        ("1725457291", MOMENT),
        (1725457291.5, MOMENT.replace(microsecond=500000)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("9999-12-31T23:59:59-02:00", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("2024-13-04T13:41:31Z", None),
        ("2024-02-30", None),
        ("2024-09-04T25:00:00Z", None),
        ("2024-09-04T13:41:31+99:00", None),
        ("tomorrow", None),
        ("", None),
        ("x" * 1_000, None),
        (None, None),
        (True, None),
        ([], None),
        ({}, None),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, None),
        (10**400, None),
        ("1e400", None),
        ("nan", None),
    ],
)
def test_C08_what_a_time_may_look_like(value: object, moment: datetime | None) -> None:
    assert parse_timestamp(value) == moment


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Wed, 04 Sep 2024 13:41:31 GMT", MOMENT),
        ("Wed, 04 Sep 2024 15:41:31 +0200", MOMENT),
        ("Wednesday, 04-Sep-24 13:41:31 GMT", MOMENT),
        ("Wed Sep  4 13:41:31 2024", MOMENT),
        ("yesterday", None),
        ("Wed, 99 Sep 2024 13:41:31 GMT", None),
        ("Wed, 04 Sep 99999 13:41:31 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -0200", None),
        ("", None),
        (None, None),
        ("x" * 100, None),
    ],
)
def test_S24_http_dates(value: str | None, moment: datetime | None) -> None:
    assert parse_http_date(value) == moment


def test_stored_times_have_one_form() -> None:
    local = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert format_utc(local) == "2024-09-04T13:41:31.000000Z"
    assert parse_timestamp(format_utc(local)) == MOMENT
    with pytest.raises(ValueError, match="time zone"):
        format_utc(MOMENT.replace(tzinfo=None))
