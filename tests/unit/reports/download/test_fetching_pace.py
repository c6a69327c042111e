"""Speed, time left and standstill (BEHAVIOUR.md A21, B3, N18), and bounded unpacking (F4)."""

from __future__ import annotations

import gzip
import zlib

import pytest

from sana_desktop.reports.download.decoding import PIECE_BYTES, CannotDecode, Inflater
from sana_desktop.reports.download.pace import SpeedMeter, StallWatch


def test_speed_is_that_of_the_last_seconds() -> None:
    meter = SpeedMeter()
    for second in range(20):
        meter.note(float(second), second * 100 if second < 10 else 1_000 + (second - 10) * 1_000)
    assert meter.bytes_per_second == pytest.approx(1_000, rel=0.1)
    assert meter.seconds_left(20_000) == pytest.approx(10.0, rel=0.2)


def test_no_time_left_without_a_total_or_before_the_speed_is_steady() -> None:
    meter = SpeedMeter()
    meter.note(0.0, 0)
    assert (meter.bytes_per_second, meter.seconds_left(100)) == (0.0, None)
    meter.note(1.0, 50)
    assert meter.seconds_left(100) is None
    meter.note(2.0, 60)
    assert meter.seconds_left(None) is None
    assert meter.seconds_left(90) == 1.0


def test_a_restart_begins_the_speed_anew() -> None:
    meter = SpeedMeter()
    meter.note(0.0, 1_000)
    meter.note(1.0, 0)
    assert meter.bytes_per_second == 0.0


def test_N18_less_than_a_kibibyte_a_second_for_a_minute_is_a_standstill() -> None:
    watch = StallWatch(0.0)
    assert not watch.stalled(30.0, 100)
    assert not watch.stalled(59.0, 0)
    assert watch.stalled(60.0, 60 * 1_024 - 101)
    assert not watch.stalled(120.0, 60 * 1_024)
    watch.excuse(170.0)
    assert not watch.stalled(200.0, 0)


def test_F4_no_piece_is_larger_than_the_bound() -> None:
    packed = gzip.compress(bytes(30_000_000))
    inflater = Inflater("gzip")
    sizes = [len(piece) for at in range(0, len(packed), 4_096) for piece in inflater.feed(packed[at : at + 4_096])]
    inflater.finish()
    assert max(sizes) <= PIECE_BYTES
    assert sum(sizes) == 30_000_000


def test_joined_members_and_deflate() -> None:
    inflater = Inflater("x-gzip")
    assert b"".join(inflater.feed(gzip.compress(b"one") + gzip.compress(b"two"))) == b"onetwo"
    inflater.finish()
    inflater = Inflater("deflate")
    assert b"".join(inflater.feed(zlib.compress(b"three"))) == b"three"
    inflater.finish()


@pytest.mark.parametrize("packed", [gzip.compress(b"x" * 500, mtime=0)[:-5], b"", b"no gzip at all"])
def test_L39_cut_or_damaged_packing_is_found(packed: bytes) -> None:
    with pytest.raises(CannotDecode):
        _unpack(packed)


def _unpack(packed: bytes) -> bytes:
    inflater = Inflater("gzip")
    plain = b"".join(inflater.feed(packed))
    inflater.finish()
    return plain


def test_unknown_packing_is_refused() -> None:
    with pytest.raises(CannotDecode):
        Inflater("br")
