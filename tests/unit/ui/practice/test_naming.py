"""What stands beside a session in the list: when, how many answers, and who played it if that was nobody real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sana_desktop.practice.sessions.session import Mode, SessionHead
from sana_desktop.ui.practice.naming import moment_words
from sana_desktop.ui.practice.sessions.presenter import view_of

AT = datetime(2026, 11, 22, 5, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("persona", "seed", "words"),
    [
        (None, None, ""),
        ("guesser", 7, ", simulated: Guesser, seed 7"),
        ("from another version", None, ", simulated: from another version"),
    ],
)
def test_the_line_of_a_session_says_who_simulated(persona: str | None, seed: int | None, words: str) -> None:
    head = SessionHead("id", "site", "u", "Mine", Mode.SINGLE, AT, AT, 3, 2, 1, persona=persona, seed=seed)
    assert view_of(head).about == f"{moment_words(AT)}, 2 answers{words}"
    dated = replace(head, title=f"Learner, {moment_words(AT)}")
    assert view_of(dated).about == f"2 answers{words}", "the date is said once"


def test_the_site_is_said_first_where_it_does_not_go_without_saying() -> None:
    head = SessionHead("id", "site", "u", "Mine", Mode.SINGLE, AT, AT, 3, 1, 1)
    assert view_of(head, "Acme").about == f"Acme, {moment_words(AT)}, 1 answer"
