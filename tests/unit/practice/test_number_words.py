"""Numbers as they are read."""

from __future__ import annotations

from sana_desktop.practice.number_words import alike, figure, hundredths, percent, tenths, unbroken


def test_a_number_below_nothing_has_a_minus_sign_and_nothing_has_none() -> None:
    assert [tenths(value) for value in (-1.16, -0.04, 2)] == ["−1.2", "0.0", "2.0"]
    assert [hundredths(value) for value in (-1.625, -0.001, 0.5)] == ["−1.62", "0.00", "0.50"]
    assert [figure(value) for value in (-3, 0.0, 2.5)] == ["−3", "0", "2.5"]


def test_numbers_of_one_axis_have_one_number_of_decimals() -> None:
    assert alike([-1.2, -1.0, -0.8, 0.0]) == ["−1.2", "−1.0", "−0.8", "0.0"]
    assert alike([-2, -1, 0.0]) == ["−2", "−1", "0"]
    assert alike([0, 500_000, 1_000_000]) == ["0", "500,000", "1,000,000"]
    assert alike([0.25, 0.5]) == ["0.25", "0.50"]
    assert alike([]) == []


def test_a_line_does_not_end_before_a_percent_sign() -> None:
    assert percent(0.125) == "12 %"
    assert unbroken("12 of 20 (60 %), 95 % sure. Of 5 the % is not known.") == (
        "12 of 20 (60\N{NO-BREAK SPACE}%), 95\N{NO-BREAK SPACE}% sure. Of 5 the % is not known."
    )
