"""How outcomes are sent: how fast, how often, how patiently (BEHAVIOUR.md B7, O04)."""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.practice.outcomes.pace import REQUESTS_PER_SECOND


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """The measures of delivery.

    Attributes:
        per_second: most requests a second to one workspace; a service on this computer is not held back.
        at_once: most learners whose outcomes travel at the same time.
        patience_seconds: longest wait inside one flush; what needs longer is tried again later, by itself.
        rest_seconds: pause before outcomes that could not be sent are tried again; infinite: only when asked to.
        longest_rest_seconds: that pause doubles up to this each time that the fate of outcomes stays unknown: a service
            that answers nothing usable must not turn all that wait into outcomes that a person has to decide about.
        asks: tries of a request for exercises before its failure is shown (O06: the last list stays).
        read_at_once: waiting outcomes looked at together; about as many as fit into one request.
        stop_seconds: how long a stop waits for the answer to what was sent: a known fate is worth more than the time.
    """

    per_second: float = REQUESTS_PER_SECOND
    at_once: int = 8
    patience_seconds: float = 20.0
    rest_seconds: float = 60.0
    longest_rest_seconds: float = 900.0
    asks: int = 3
    read_at_once: int = 100
    stop_seconds: float = 1.5
