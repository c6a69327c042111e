"""What a replay says of answers whose fate is not known."""

from __future__ import annotations

import pytest

from sana_desktop.practice.replay.fates import UNDECIDED, undecided


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Of 1 answer it is not known whether it arrived. Going on sends what comes after it, and never that one "),
        (1_200, "Of 1,200 answers it is not known whether they arrived. Going on sends what comes after them, and "),
    ],
)
def test_o03_it_says_how_many_they_are_and_that_going_on_does_not_send_them_again(count: int, words: str) -> None:
    error = undecided(count)
    assert error.say(str).startswith(words)
    assert (error.code, error.retryable) == (UNDECIDED, False)
