"""What a comparison of a replay asks: left to Sana, unless somebody chose the set-up for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sana_desktop.api.practice_models import Constraints
from sana_desktop.practice.sessions.session import Setup
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.replay.words import asks_words

COMPARED = 10
"""Exercises that a comparison asks for at least: of one alone, nearly always nothing is found."""


class ReplayAsks:
    """Offers what can be asked, and tells what was chosen.

    The set-up beside the session was made for another learner and other exercises than those of a file: nothing of it
    goes along unless somebody wants that.

    Args:
        setup: returns what is asked for, as it is set up.
    """

    def __init__(self, setup: Callable[[], Setup]) -> None:
        self._setup = setup
        self._offered = plain(setup())

    def offer(self, dialog: ReplayDialog, user_id: str = "") -> None:
        """Offer what can be asked; first of all the set-up, where it is that of the replay's own learner, `user_id`."""
        self._offered = self._setup()
        free = plain(self._offered)
        own = () if free == self._offered else (asks_words(self.enough(self._offered), as_set_up=True),)
        dialog.show_asks((asks_words(self.enough(free)), *own), int(bool(own) and self._offered.user_id == user_id))

    def chosen(self, dialog: ReplayDialog) -> Setup:
        """Return what was chosen, for as many exercises as are set up."""
        return self._offered if dialog.asks_as_set_up() else plain(self._offered)

    def of(self, dialog: ReplayDialog) -> Setup:
        """Return what a comparison asks."""
        return self.enough(self.chosen(dialog))

    def enough(self, setup: Setup) -> Setup:
        """Return it for enough exercises to find what the person did next among them."""
        return replace(setup, num_exercises=max(setup.num_exercises or 0, COMPARED))


def plain(setup: Setup) -> Setup:
    """Return a set-up with all that can be left to Sana left to her."""
    return replace(setup, constraints=Constraints(), challenge_level=None, persona=None, seed=None)
