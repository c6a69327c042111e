"""Times survive being written and read, and no value raises (C08)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.base.timestamps import format_utc, parse_http_date, parse_timestamp

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS)
def test_what_is_stored_is_what_is_read(moment: datetime) -> None:
    assert parse_timestamp(format_utc(moment)) == moment
    assert parse_timestamp(moment.isoformat()) == moment


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.text("0123456789", min_size=6, max_size=18))  # noqa: DTZ001
def test_further_digits_never_make_it_later(moment: datetime, fraction: str) -> None:
    text = moment.replace(microsecond=0).isoformat()
    read = parse_timestamp(f"{text}.{fraction}Z")
    assert read is not None
    exact = int(fraction) / 10 ** len(fraction)
    assert 0 <= exact - read.microsecond / 1e6 < 1.1e-6


@given(st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.none(), st.binary(), st.lists(st.integers())))
def test_C08_nothing_raises(value: object) -> None:
    read = parse_timestamp(value)
    assert read is None or read.tzinfo is UTC


@given(st.text(max_size=70))
def test_S24_no_date_header_raises(value: str) -> None:
    read = parse_http_date(value)
    assert read is None or read.tzinfo is not None
