"""What stands beside a session in the list: when, how many answers, and who played it if that was nobody real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sana_desktop.practice.sessions.session import Mode, PlayedBy, SessionHead
from sana_desktop.ui.practice.naming import moment_words
from sana_desktop.ui.practice.sessions.presenter import view_of

AT = datetime(2026, 11, 22, 5, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("players", "words"),
    [
        ((), ""),
        ((("guesser", 7),), ", simulated: Guesser, seed 7"),
        ((("from another version", None),), ", simulated: from another version"),
        ((("guesser", 7), ("guesser", 8)), ", simulated: Guesser"),
        ((("guesser", 7), ("steady", 1), ("guesser", 8)), ", simulated: Guesser, Steady"),
        (tuple((name, 1) for name in "abcd"), ", simulated: 4 learners"),
    ],
)
def test_the_line_of_a_session_says_who_simulated(players: tuple[PlayedBy, ...], words: str) -> None:
    head = SessionHead("id", "site", "u", "Mine", Mode.SINGLE, AT, AT, 3, 2, 1, players=players)
    assert view_of(head).about == f"{moment_words(AT)}, 2 answers{words}"
    dated = replace(head, title=f"Learner, {moment_words(AT)}")
    assert view_of(dated).about == f"2 answers{words}", "the date is said once"


def test_the_site_is_said_first_where_it_does_not_go_without_saying() -> None:
    head = SessionHead("id", "site", "u", "Mine", Mode.SINGLE, AT, AT, 3, 1, 1)
    assert view_of(head, "Acme").about == f"Acme, {moment_words(AT)}, 1 answer"
