"""The retry table, cell by cell (B7)."""

from __future__ import annotations

import pytest

from sana_desktop.api import errors
from sana_desktop.api.practice_errors import outcomes_unknown
from sana_desktop.api.retry import Decision, FateUnknown, GiveUp, RequestKind, RetryAfter, decide
from sana_desktop.base.errors import (
    AuthError,
    JobGone,
    LinkError,
    NetworkError,
    OutcomesRefused,
    SanaError,
    StorageError,
)

POLL, SUBMIT, TOKEN, LINK = RequestKind.POLL, RequestKind.SUBMIT, RequestKind.TOKEN, RequestKind.LINK
OUTCOME, NEXT = RequestKind.OUTCOME, RequestKind.NEXT
NOT_SENT = errors.NotSent("x", code="E-NET-DNS", retryable=True)
TLS = errors.NotSent("x", code="E-TLS")
LOST = errors.AnswerLost("x", code="E-NET-LOST", retryable=True)
BUSY = errors.throttled("h", 429, 7.0)
DOWN = errors.throttled("h", 503, 7.0)
TROUBLE = errors.server_trouble("h", 500, "")
PORTAL = errors.web_page("h", 200)
REDIRECT = errors.redirected("h", 302)
FINAL: list[SanaError] = [
    AuthError("x", code="E-AUTH"),
    JobGone("x", code="E-JOB-GONE"),
    errors.query_refused(400, ""),
    errors.refused("h", 405, ""),
    OutcomesRefused("x", code="E-OUT-REFUSED"),
    LinkError("x", code="E-LINK-UNSAFE"),
    StorageError("x", code="E-DISK-IO"),
    NetworkError("x", code="E-ODD"),
    TLS,
    REDIRECT,
]


def tries(kind: RequestKind, error: SanaError, most: int = 50) -> int:
    """Return how many tries a request has before it is given up; `most` if it never is."""
    for attempt in range(most):
        if not isinstance(decide(kind, error, attempt, lambda: 0.0), RetryAfter):
            return attempt + 1
    return most


@pytest.mark.parametrize(
    ("kind", "error", "count"),
    [
        (POLL, NOT_SENT, 50),
        (POLL, BUSY, 50),
        (POLL, DOWN, 50),
        (POLL, LOST, 50),
        (POLL, TROUBLE, 50),
        (POLL, PORTAL, 50),
        (SUBMIT, NOT_SENT, 3),
        (SUBMIT, BUSY, 5),
        (SUBMIT, DOWN, 2),
        (TOKEN, NOT_SENT, 5),
        (TOKEN, BUSY, 50),
        (TOKEN, LOST, 5),
        (TOKEN, TROUBLE, 5),
        (LINK, NOT_SENT, 5),
        (LINK, LOST, 5),
        (LINK, BUSY, 50),
        (OUTCOME, NOT_SENT, 3),
        (OUTCOME, BUSY, 5),
        (OUTCOME, DOWN, 2),
        (NEXT, NOT_SENT, 50),
        (NEXT, BUSY, 50),
        (NEXT, DOWN, 50),
        (NEXT, LOST, 50),
        (NEXT, TROUBLE, 50),
        (NEXT, PORTAL, 50),
    ],
)
def test_B7_how_often(kind: RequestKind, error: SanaError, count: int) -> None:
    assert tries(kind, error) == count


@pytest.mark.parametrize("error", [LOST, TROUBLE, PORTAL, errors.submit_unknown()])
def test_B7_an_order_that_may_have_been_taken_is_never_repeated(error: SanaError) -> None:
    assert decide(SUBMIT, error, 0, lambda: 0.0) == FateUnknown()


@pytest.mark.parametrize("error", [LOST, TROUBLE, PORTAL, outcomes_unknown()])
def test_B7_answers_that_may_have_arrived_are_never_sent_again(error: SanaError) -> None:
    assert decide(OUTCOME, error, 0, lambda: 0.0) == FateUnknown()


@pytest.mark.parametrize("kind", list(RequestKind))
@pytest.mark.parametrize("error", FINAL)
def test_B7_what_a_person_must_settle_is_not_repeated(kind: RequestKind, error: SanaError) -> None:
    assert decide(kind, error, 0, lambda: 0.0) == GiveUp()


@pytest.mark.parametrize(
    ("attempt", "uniform", "expected"),
    [(0, 0.0, 0.5), (0, 1.0, 1.0), (3, 0.5, 6.0), (10, 1.0, 60.0), (1_000, 0.0, 30.0)],
)
def test_B7_the_delay_doubles_up_to_a_minute_with_jitter(attempt: int, uniform: float, expected: float) -> None:
    assert decide(POLL, LOST, attempt, lambda: uniform) == RetryAfter(expected)


def test_S06_S08_what_the_service_asked_for_is_never_shortened() -> None:
    assert decide(POLL, BUSY, 0, lambda: 0.0) == RetryAfter(7.0)
    assert decide(POLL, errors.throttled("h", 429, 86_400.0), 0, lambda: 0.0) == RetryAfter(86_400.0)
    assert decide(POLL, BUSY, 8, lambda: 1.0) == RetryAfter(60.0)


def test_a_decision_is_one_of_three() -> None:
    assert {type(decide(kind, error, 0, lambda: 0.5)) for kind in RequestKind for error in (*FINAL, LOST, BUSY)} <= set(
        Decision.__args__
    )
