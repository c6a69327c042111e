"""Lease arithmetic holds for every end and every moment (BEHAVIOUR.md B9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.reports.download.link import Urgency, lease

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LOUDNESS = [Urgency.CALM, Urgency.SOON, Urgency.NOW, Urgency.ENDED]


@given(st.none() | MOMENTS, MOMENTS, st.floats(0, 1e7), st.floats(0, 1e7))
def test_it_only_grows_louder_as_time_passes(end: datetime | None, seen: datetime, first: float, more: float) -> None:
    found = lease(end, seen)
    early = seen + timedelta(seconds=first) if seen.year < 9000 else seen
    late = early + timedelta(seconds=more) if early.year < 9000 else early
    assert LOUDNESS.index(found.urgency(early)) <= LOUDNESS.index(found.urgency(late))
    assert found.should_renew(late) or not found.should_renew(early)
    assert (found.urgency(early) is Urgency.ENDED) == (found.seconds_left(early) <= 0)
