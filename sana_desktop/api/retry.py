"""Which failed request may be repeated, when, and how often (BEHAVIOUR.md B7): pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sana_desktop.api.errors import AnswerLost, NotSent, ServerTrouble, Throttled
from sana_desktop.base.backoff import backoff_seconds
from sana_desktop.base.errors import NetworkError, OutcomesUnknown, ProtocolError, SanaError, SubmitUnknown


class RequestKind(Enum):
    """The rows of the retry table."""

    POLL = "GET poll"
    SUBMIT = "POST submit"
    TOKEN = "POST token"  # noqa: S105
    LINK = "GET link"
    OUTCOME = "POST outcome"
    """Anything that carries a learner's answers, also a request for exercises that does."""
    NEXT = "POST next"
    """A request for exercises that carries no answers: it changes nothing."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Repeat it after so many seconds."""

    delay_seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not repeat it: the error stands."""


@dataclass(frozen=True, slots=True)
class FateUnknown:
    """It may have taken effect: never repeat it by itself."""


Decision = RetryAfter | GiveUp | FateUnknown


@dataclass(frozen=True, slots=True)
class _Tries:
    """How many tries a request may have in all, by the kind of failure; None is no limit."""

    not_sent: int | None
    throttled: int | None
    unavailable: int | None
    lost: int | None


_TRIES: dict[RequestKind, _Tries] = {
    RequestKind.POLL: _Tries(None, None, None, None),
    RequestKind.SUBMIT: _Tries(3, 5, 2, 0),
    RequestKind.TOKEN: _Tries(5, None, None, 5),
    RequestKind.LINK: _Tries(5, None, None, 5),
    RequestKind.OUTCOME: _Tries(3, 5, 2, 0),
    RequestKind.NEXT: _Tries(None, None, None, None),
}


def decide(request: RequestKind, error: SanaError, attempt: int, uniform: Callable[[], float]) -> Decision:
    """Say what follows from a failure.

    Args:
        attempt: repeats that went before; 0 for the first failure.
        uniform: returns a number in [0, 1), such as `random.random`.

    Returns:
        Again with min(60, 2^n) s x U[0.5, 1], never less than the service asked for; Stop; or Unknown.
    """
    if isinstance(error, (SubmitUnknown, OutcomesUnknown)):
        return FateUnknown()
    if not isinstance(error, NetworkError):
        return GiveUp()
    tries = _TRIES[request]
    if isinstance(error, NotSent):
        if not error.retryable:
            return GiveUp()
        limit = tries.not_sent
    elif isinstance(error, Throttled):
        limit = tries.throttled if error.http_status == 429 else tries.unavailable
    elif isinstance(error, (AnswerLost, ServerTrouble, ProtocolError)):
        if isinstance(error, ProtocolError) and not error.retryable:
            return GiveUp()
        limit = tries.lost
    else:
        return GiveUp()
    if limit == 0:
        return FateUnknown()
    if limit is not None and attempt + 1 >= limit:
        return GiveUp()
    return RetryAfter(max(backoff_seconds(attempt, uniform), error.retry_after_seconds or 0.0))
