"""Lease arithmetic of links (BEHAVIOUR.md B9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.reports.download.link import Urgency, host_of, lease, object_label, transfer_seconds

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_an_unknown_end_is_taken_for_five_minutes() -> None:
    found = lease(None, NOW)
    assert (found.seconds_left(NOW), found.certain) == (300.0, False)


@pytest.mark.parametrize(
    ("seconds", "urgency"),
    [(3_600, Urgency.CALM), (300, Urgency.CALM), (299, Urgency.SOON), (60, Urgency.SOON), (59, Urgency.NOW),
     (0, Urgency.ENDED), (-5, Urgency.ENDED)],
)  # fmt: skip
def test_B06_the_text_grows_louder_only_near_the_end(seconds: int, urgency: Urgency) -> None:
    assert lease(NOW + timedelta(seconds=seconds), NOW).urgency(NOW) is urgency


@pytest.mark.parametrize(
    ("left", "needed", "renew"),
    [(61, None, False), (59, None, True), (600, 599.0, False), (600, 601.0, True), (61, 1.0, False), (-1, None, True)],
)
def test_B9_when_a_fresh_link_is_asked_for(left: float, needed: float | None, renew: bool) -> None:
    assert lease(NOW + timedelta(seconds=left), NOW).should_renew(NOW, needed) is renew


def test_year_9999_is_a_long_time() -> None:
    assert lease(datetime(9999, 12, 31, tzinfo=UTC), NOW).urgency(NOW) is Urgency.CALM


def test_the_time_for_the_rest_needs_size_and_speed() -> None:
    assert transfer_seconds(1_000, 100.0) == 10.0
    assert transfer_seconds(None, 100.0) is None
    assert transfer_seconds(1_000, 0.0) is None


def test_T2_a_label_names_the_object_and_keeps_no_signature() -> None:
    first = object_label("https://files.example.com/a/report.csv?X-Signature=secret")
    assert first == object_label("https://files.example.com:443/a/report.csv?X-Signature=other")
    assert first != object_label("https://files.example.com/b/report.csv?X-Signature=secret")
    assert first != object_label("https://files.example.com:8443/a/report.csv")
    assert "secret" not in first
    assert "report.csv" not in first
    assert host_of(first) == "https://files.example.com"
