"""The figures of the queue's patience, each with its reason, in one place (ARCHITECTURE.md, law 11)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """How orders behave that surely did not arrive.

    Attributes:
        keeps_trying: after the quick tries of B7 one goes on being tried by itself, at gaps that grow to a minute
            (N01, N02); else it is PAUSED.
        hint_seconds: an order is tried ahead of its time because the site answered something else at most so often:
            a site that answers all but orders is not asked more often for it.
    """

    keeps_trying: bool = True
    hint_seconds: float = 60.0

    def unasked(self) -> OrderPolicy:
        """Return these for a command: whoever runs it waits for its end."""
        return replace(self, keeps_trying=False)
