"""The retry rules over all kinds of failure (B7)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api import errors
from sana_desktop.api.practice_errors import outcomes_unknown
from sana_desktop.api.retry import RequestKind, RetryAfter, decide
from sana_desktop.base.errors import SanaError

STATUSES = st.sampled_from([429, 503])
ERRORS: st.SearchStrategy[SanaError] = st.one_of(
    st.builds(lambda retryable: errors.NotSent("x", code="E-X", retryable=retryable), st.booleans()),
    st.builds(lambda: errors.AnswerLost("x", code="E-X")),
    st.builds(lambda status, wait: errors.throttled("h", status, wait), STATUSES, st.none() | st.floats(0, 1e6)),
    st.builds(lambda status: errors.server_trouble("h", status, ""), st.integers(500, 599)),
    st.builds(lambda: errors.web_page("h", 200)),
    st.builds(errors.submit_unknown),
    st.builds(outcomes_unknown),
)


@given(st.sampled_from(RequestKind), ERRORS, st.integers(0, 10_000), st.floats(0, 1))
def test_a_repeat_waits_as_long_as_was_asked_and_at_least_half_the_nominal_delay(
    kind: RequestKind, error: SanaError, attempt: int, uniform: float
) -> None:
    decision = decide(kind, error, attempt, lambda: uniform)
    if isinstance(decision, RetryAfter):
        nominal = min(60.0, 2.0 ** min(attempt, 10))
        assert decision.delay_seconds >= max(nominal / 2, error.retry_after_seconds or 0.0)
        assert decision.delay_seconds <= max(nominal, error.retry_after_seconds or 0.0)


@given(st.sampled_from([RequestKind.SUBMIT, RequestKind.OUTCOME]), ERRORS, st.integers(0, 10_000))
def test_what_changes_something_is_repeated_only_if_it_surely_had_no_effect(
    kind: RequestKind, error: SanaError, attempt: int
) -> None:
    if isinstance(decide(kind, error, attempt, lambda: 0.5), RetryAfter):
        assert isinstance(error, (errors.NotSent, errors.Throttled))
        assert attempt < 5
