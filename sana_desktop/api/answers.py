"""What an answer's status means, the same for every call: to be left alone, sent elsewhere, in trouble, refused."""

from __future__ import annotations

from sana_desktop.api.errors import (
    is_web_page,
    proxy_wants_password,
    redirected,
    refused,
    server_trouble,
    throttled,
    web_page,
)
from sana_desktop.api.transport import Answer
from sana_desktop.api.wire import Unreadable, decode_envelope
from sana_desktop.base.backoff import retry_after_seconds


def retry_after(answer: Answer) -> float | None:
    """Return how long the service asked to be left alone; a date counts from the answer's own Date (S07)."""
    return retry_after_seconds(answer.headers.get("retry-after"), answer.date)


def is_not_processed(answer: Answer) -> bool:
    """Return whether the status says that the request had no effect: 429, and 503 with Retry-After (B7)."""
    return answer.status == 429 or (answer.status == 503 and retry_after(answer) is not None)


def is_page(answer: Answer) -> bool:
    """Return whether the answer is a web page (N11)."""
    return is_web_page(answer.body, answer.headers.get("content-type", ""))


def reason_in(answer: Answer) -> str:
    """Return the service's words about an error, "" if there are none that can be read."""
    if is_page(answer):
        return ""
    try:
        return decode_envelope(answer.body).reason
    except Unreadable:
        return ""


def raise_for_status(answer: Answer, host: str) -> None:
    """Return if the answer is a 2xx; what 401, 403, 404 and the like mean to one call is that call's own to say first.

    Raises:
        Throttled, ServerTrouble, NotSent (a proxy's 407), ProtocolError (a redirect, a web page), ServiceError.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    if is_not_processed(answer):
        raise throttled(host, status, retry_after(answer))
    if status == 407:
        raise proxy_wants_password()
    if status == 408 or status >= 500:
        raise server_trouble(host, status, reason_in(answer))
    if 300 <= status < 400:
        raise redirected(host, status)
    if is_page(answer):
        raise web_page(host, status)
    raise refused(host, status, reason_in(answer))
