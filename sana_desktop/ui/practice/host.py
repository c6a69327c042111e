"""What the simulated learner, the comparisons and the replay want to know of the session they stand beside."""

from __future__ import annotations

from typing import Protocol

from sana_desktop.practice.asker import Asker
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.sessions.session import SessionRecord, Setup
from sana_desktop.practice.simulate.player import PlayedStep


class Host(Protocol):
    """The presenter of the Practice place."""

    def connection_id(self) -> str | None:
        """Return the connection that is chosen; None while there is none that can be asked."""

    def setup(self) -> Setup:
        """Return the set-up as it stands; its `user_id` is empty while no learner is chosen."""

    def catalogue(self) -> Catalogue:
        """Return the exercises that are known."""

    def record(self) -> SessionRecord | None:
        """Return the session in view."""

    def asker(self, plays: Setup) -> Asker | None:
        """Return who asks for this connection and session, the same one each time; None while nothing can be asked.

        Args:
            plays: has the persona and the seed of who is to answer: each answer is kept with them.
        """

    def take_steps(self, steps: list[PlayedStep]) -> None:
        """Take in what a simulated learner did, once it was accepted; called some ten times a second at most."""

    def change_setup(self, setup: Setup) -> None:
        """Change the set-up, as if the person had."""
