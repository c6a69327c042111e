"""What an answer of the Web API that says no means, by what it says of the outcomes that came along (B7)."""

from __future__ import annotations

from sana_desktop.api.answers import is_not_processed, is_page, raise_for_status, reason_in
from sana_desktop.api.errors import cause_told
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, TOO_BIG
from sana_desktop.api.transport import Answer
from sana_desktop.base.errors import AuthError, NetworkError, OutcomesRefused, OutcomesUnknown, ServiceError
from sana_desktop.base.text import quoted

REFUSED = frozenset({400, 404, 405, 413, 422})
"""Said by the service itself, they mean that nothing of the request had an effect."""
_NOT_THERE = frozenset({404, 405})
_NOT_TAKEN = frozenset({301, 307, 308})
"""Redirects that say "not here" of a POST; 302 and 303 may also follow one that was carried out."""


def raise_for_practice_status(answer: Answer, host: str, *, outcomes: bool) -> None:
    """Return if the answer is a 2xx.

    Args:
        answer: what came.
        host: who answered.
        outcomes: whether the request carried a learner's answers.

    Raises:
        AuthError: 401 and 403: nothing was taken.
        Throttled: 429, and 503 with Retry-After: nothing was taken.
        OutcomesRefused: 400, 404, 405, 413, 422 to outcomes; ServiceError to a request without.
        OutcomesUnknown: 408, 5xx, 302 and 303 to outcomes: they may have been taken.
        NotSent, ServerTrouble, ProtocolError, ServiceError: as `answers.raise_for_status`.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    if outcomes and not is_not_processed(answer) and _may_have_been_taken(status):
        raise outcomes_unknown(status=status, detail=reason_in(answer))
    if not is_page(answer):
        reason = reason_in(answer)
        if status in {401, 403}:
            raise key_refused(host, status, reason)
        if status in REFUSED:
            raise _refused(host, status, reason, outcomes=outcomes)
    raise_for_status(answer, host)


def _may_have_been_taken(status: int) -> bool:
    return status == 408 or status >= 500 or (300 <= status < 400 and status not in _NOT_TAKEN)


def key_refused(host: str, status: int, reason: str) -> AuthError:
    """Return the error of a key that is not accepted (401), or may not do this (403)."""
    template = (
        "{host} does not accept this API key. Nothing was taken."
        if status == 401
        else "{host} does not let this API key do that. Nothing was taken."
    )
    return AuthError(
        template,
        code="E-KEY",
        next_step="Enter the key again, or ask Sana for another one.",
        values={"host": host},
        http_status=status,
        detail=reason,
    )


def outcomes_unknown(
    cause: NetworkError | None = None, *, status: int | None = None, detail: str = ""
) -> OutcomesUnknown:
    """Return the error of outcomes whose fate is not known (O03)."""
    status, detail = cause_told(cause, status, detail)
    return OutcomesUnknown(
        "I sent the answers but got no usable reply. They may have arrived. Sending again could count them twice.",
        code="E-OUT-UNKNOWN",
        next_step="Send them again, or leave them out.",
        http_status=status,
        detail=detail,
    )


def _refused(host: str, status: int, reason: str, *, outcomes: bool) -> ServiceError:
    kind = OutcomesRefused if outcomes else ServiceError
    values: dict[str, object] = {"host": host, "said": quoted(reason)}
    if status == 413:
        return kind(
            "{host} found this request too long, though it has at most {most} bytes.",
            code=TOO_BIG,
            next_step="Send fewer answers at a time, or choose fewer paths and tags.",
            values={**values, "most": f"{MAX_REQUEST_BYTES:,}"},
            http_status=status,
            detail=reason,
        )
    if status in _NOT_THERE:
        template = "There is no practice service at {host}"
        code, next_step = "E-PRACTICE-ADDRESS", "Check the region or the address under Connections."
    elif outcomes:
        template, code, next_step = "{host} did not take the answers", "E-OUT-REFUSED", "Change them and send again."
    else:
        template, code = "{host} could not recommend anything for this request", "E-NEXT-REFUSED"
        next_step = "Change the request and ask again."
    template += ". It said: {said}" if reason else ", and did not say why."
    return kind(template, code=code, next_step=next_step, values=values, http_status=status)
