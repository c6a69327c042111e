"""What it takes to send the outcomes of a report: how many requests, how many bytes, and which is too long."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcome, outcomes_frame
from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words
from sana_desktop.practice.learners import TEST_ID_START

_SOMEBODY = TEST_ID_START + "00000000"
"""As long as the id of any test learner."""
_BYTES_OF_A_CHARACTER = 6
"""At most: a control character as JSON writes it."""


class Packing:
    """Counts the requests that outcomes make, in one pass, as `split_outcomes` packs them."""

    def __init__(self) -> None:
        self.requests = 0
        self.bytes = 0
        head, tail = outcomes_frame(_SOMEBODY)
        self._frame = len(head) + len(tail)
        self._free = -1

    def take(self, outcome: ExerciseOutcome) -> Words | None:
        """Count an outcome; return why it can't be sent, if it can't."""
        try:
            size = len(encode_outcome(outcome))
        except UserError as error:
            return Words("{problem}", problem=error.message)
        if self._frame + size > MAX_REQUEST_BYTES:
            return Words("It is too long to be sent.")
        if size + 1 > self._free:
            self.requests += 1
            self.bytes += self._frame + size
            self._free = MAX_REQUEST_BYTES - self._frame - size
        else:  # after a comma
            self.bytes += 1 + size
            self._free -= 1 + size
        return None


def surely_fits(cells: Sequence[str]) -> bool:
    """Return whether a row makes a short request, whatever its characters: most need no closer look."""
    return sum(map(len, cells)) * _BYTES_OF_A_CHARACTER < MAX_REQUEST_BYTES // 2
