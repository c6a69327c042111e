"""What a failed exchange means, in the words of the error tree: from exceptions, and from answers that say no.

Adds four leaves to the tree, by what is known of the request's fate (B7):

    NetworkError
    ├── NotSent          surely not sent: may be repeated, whatever it was
    ├── AnswerLost       sent, or maybe sent: only what is safe to repeat may be
    ├── Throttled        answered 429, or 503 with Retry-After: not processed
    └── ServerTrouble    answered 408 or 5xx: maybe processed
"""

from __future__ import annotations

import re
import socket
import ssl
from typing import TYPE_CHECKING

from sana_desktop.api.practice_hosts import is_region
from sana_desktop.base.errors import (
    AuthError,
    NetworkError,
    ProtocolError,
    QueryRefused,
    ServiceError,
    SubmitUnknown,
)
from sana_desktop.base.text import one_line, quoted

if TYPE_CHECKING:
    import httpx

MAX_REASON_CHARACTERS = 2_000

WRITE_TO_IT = "Write to IT and send them the technical part."
LATER = "Nothing is lost. Try again in a while."
"""What to do where an answer was of no use. Whatever goes on by itself says so in its own words."""

_EXPIRED, _NOT_YET_VALID = 10, 9
_OTHER_HOST = frozenset({62, 64})
"""Verification codes of OpenSSL (x509_vfy.h): hostname mismatch, IP address mismatch."""
_ENDED = re.compile("expired|validity period", re.IGNORECASE)
"""The words of macOS and Windows, whose errors carry no code of OpenSSL."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_WEB_PAGE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)


class NotSent(NetworkError):
    """The request surely did not leave: look-up, connection, TLS or proxy failed."""


class AnswerLost(NetworkError):
    """The request was sent, or may have been, and no whole answer came."""

    title = "The answer was lost"


class Throttled(NetworkError):
    """The site asked to be left alone for `retry_after_seconds` (None: it did not say how long); not processed."""

    title = "The site asked us to slow down"


class ServerTrouble(NetworkError):
    """The site answered that it is in trouble (408, 5xx); whether it acted on the request is not known."""

    title = "The site is in trouble"


def is_web_page(body: bytes, content_type: str) -> bool:
    """Return whether an answer is a page for people, as sign-in pages, captive portals and gateways send (N11)."""
    return (
        content_type.lower().startswith(("text/html", "application/xhtml")) or _WEB_PAGE.match(body[:512]) is not None
    )


def plain_reason(text: str) -> str:
    """Return words from outside as one visible line of bounded length, without markup (S19, M09)."""
    return one_line(_TAG.sub(" ", text[: 8 * MAX_REASON_CHARACTERS]), MAX_REASON_CHARACTERS)


def from_httpx(error: httpx.HTTPError, host: str, issuer: str = "") -> NetworkError:
    """Return what a failed exchange with `host` means; `issuer` is who signed the certificate that was not trusted."""
    import httpx

    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return _not_sent(error, host, issuer)
    if isinstance(error, (httpx.LocalProtocolError, httpx.UnsupportedProtocol)):
        return NotSent("The address of {host} can't be used.", code="E-NET-ADDRESS", values={"host": host})
    if isinstance(error, httpx.RemoteProtocolError):
        return ProtocolError(
            "{host} answered with something that is no web answer.",
            code="E-PROTO",
            next_step=WRITE_TO_IT,
            values={"host": host},
            retryable=True,
            detail=_detail(error),
        )
    if isinstance(error, httpx.TimeoutException):
        return AnswerLost(
            "{host} took the request and did not answer in time.",
            code="E-NET-SLOW",
            next_step=LATER,
            values={"host": host},
            retryable=True,
            detail=_detail(error),
        )
    return AnswerLost(
        "The connection to {host} broke before the whole answer was here.",
        code="E-NET-LOST",
        next_step=LATER,
        values={"host": host},
        retryable=True,
        detail=_detail(error),
    )


def is_certificate_error(error: BaseException) -> bool:
    """Return whether an exchange failed because a certificate did not pass."""
    return _find(error, ssl.SSLCertVerificationError) is not None


def _not_sent(error: httpx.HTTPError, host: str, issuer: str) -> NetworkError:
    import httpx

    if isinstance(error, httpx.ProxyError):
        return proxy_error(error)
    if _find(error, ssl.SSLError) is not None:
        return _tls_error(error, host, issuer)
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return NotSent(
            "{host} can't be reached: it does not answer. Nothing was sent.",
            code="E-NET-TIMEOUT",
            next_step="Check this computer's connection, then try again.",
            values={"host": host},
            retryable=True,
            detail=_detail(error),
        )
    if _find(error, socket.gaierror) is not None:
        chosen = is_region(host)  # from a list: nobody typed it
        return NotSent(
            "I can't find {host}. Nothing was sent."
            if chosen
            else "I can't find {host}. Is the name of your learning site spelt right? Nothing was sent.",
            code="E-NET-DNS",
            next_step="Check this computer's connection."
            if chosen
            else "Check the address and this computer's connection.",
            values={"host": host},
            retryable=True,
            detail=_detail(error),
        )
    return NotSent(
        "{host} can't be reached. Nothing was sent.",
        code="E-NET-CONNECT",
        next_step="Check this computer's connection, then try again.",
        values={"host": host},
        retryable=True,
        detail=_detail(error),
    )


def proxy_error(error: BaseException) -> NetworkError:
    """Return what a failure at the company's proxy means (fault N12); nothing reached the site."""
    if str(error) == "407":
        return proxy_wants_password()
    return NotSent(
        "Your company's proxy did not let us through. Nothing was sent.",
        code="E-PROXY",
        next_step="Check the proxy settings of this computer, or write to IT.",
        retryable=True,
        detail=_detail(error),
    )


def proxy_wants_password() -> NotSent:
    """Return the error of a proxy that answers 407."""
    return NotSent(
        "Your company's proxy wants you to sign in first. Nothing was sent.",
        code="E-PROXY-AUTH",
        next_step="Enter the proxy's user name and password in the proxy settings.",
        http_status=407,
    )


def closing() -> NotSent:
    """Return the error of a request that comes when the clients are closed already."""
    return NotSent("The app is closing.", code="E-CLOSING", next_step="Nothing to do: nothing is lost.", retryable=True)


def _tls_error(error: BaseException, host: str, issuer: str) -> NetworkError:
    verification = _find(error, ssl.SSLCertVerificationError)
    code = getattr(verification, "verify_code", 0)
    step = WRITE_TO_IT + " Do not switch the check off."
    values = {"host": host, "issuer": one_line(issuer, 200)}
    if verification is None:
        template = "No secure connection to {host} could be agreed on. Nothing was sent."
    elif code in {_EXPIRED, _NOT_YET_VALID} or _ENDED.search(str(verification)):
        template = "The certificate of {host} is not valid today: it has ended or not begun. Nothing was sent."
        step = "Check the date of this computer. If it is right, write to IT."
    elif code in _OTHER_HOST or "match" in str(verification):
        template = "Something answered in place of {host}: its certificate belongs to another name. Nothing was sent."
    elif issuer:
        template = (
            "This computer does not trust the certificate of {host}, which was issued by “{issuer}”. "
            "It may be your company's network that checks secure traffic. Nothing was sent."
        )
    else:
        template = (
            "Your company's network may check secure traffic, and this computer does not trust the certificate "
            "that it shows for {host}. Nothing was sent."
        )
    return NotSent(template, code="E-TLS", next_step=step, values=values, detail=_detail(error))


def web_page(host: str, status: int) -> ProtocolError:
    """Return the error of an answer that is a page for people (fault N11)."""
    if status in {403, 451}:
        return ProtocolError(
            "Something between this computer and {host} refused the request: a firewall, perhaps.",
            code="E-BLOCKED",
            next_step=WRITE_TO_IT,
            values={"host": host},
            http_status=status,
        )
    return ProtocolError(
        "A web page came instead of an answer of {host}: probably the sign-in page of this network.",
        code="E-PROTO",
        next_step="Open a browser and see whether the network asks you to sign in.",
        values={"host": host},
        http_status=status,
        retryable=True,
    )


def unreadable(host: str, status: int, detail: str) -> ProtocolError:
    """Return the error of an answer that is not what the service describes (faults M01 to M07)."""
    return ProtocolError(
        "{host} answered something this app can't read.",
        code="E-PROTO",
        next_step=LATER,
        values={"host": host},
        http_status=status,
        retryable=True,
        detail=detail,
    )


def redirected(host: str, status: int) -> ProtocolError:
    """Return the error of a site that points elsewhere: never followed, the credentials stay here (S20, S21)."""
    return ProtocolError(
        "{host} wanted to send us to another address. The app does not follow, so that your access stays safe.",
        code="E-REDIRECT",
        next_step="Check the name of your learning site.",
        values={"host": host},
        http_status=status,
    )


def throttled(host: str, status: int, retry_after_seconds: float | None) -> Throttled:
    """Return the error of a 429, or a 503 with Retry-After."""
    return Throttled(
        "{host} asked us to slow down.",
        code="E-BUSY" if status == 429 else "E-DOWN",
        next_step="Wait a little, then try again.",
        values={"host": host},
        retryable=True,
        retry_after_seconds=retry_after_seconds,
        http_status=status,
    )


def server_trouble(host: str, status: int, reason: str) -> ServerTrouble:
    """Return the error of a 408 or 5xx."""
    return ServerTrouble(
        "{host} is in trouble at the moment.",
        code="E-SERVER",
        next_step=LATER,
        values={"host": host},
        retryable=True,
        http_status=status,
        detail=reason,
    )


def missing_scope(scope: str, status: int, reason: str) -> AuthError:
    """Return the error of a pass that may not do this (S03); `scope` is `read` or `write`."""
    template = (
        "This pass may not order reports; it needs “{scope}”."
        if scope == "write"
        else "This pass may not look at reports; it needs “{scope}”."
    )
    return AuthError(
        template,
        code="E-SCOPE",
        next_step="Write to IT: the client needs the scopes read and write.",
        values={"scope": scope},
        http_status=status,
        detail=reason,
    )


def query_refused(status: int, reason: str) -> QueryRefused:
    """Return the error of a query that the site would not take."""
    template = (
        "The site could not run this query. It said: {said}"
        if reason
        else "The site could not run this query, and did not say why."
    )
    return QueryRefused(
        template,
        code="E-QUERY",
        next_step="Change the query and order again.",
        values={"said": quoted(reason)},
        http_status=status,
    )


def refused(host: str, status: int, reason: str) -> ServiceError:
    """Return the error of any other 4xx: not repeated."""
    template = "{host} said no: {said}" if reason else "{host} said no, and did not say why."
    return ServiceError(
        template,
        code="E-REFUSED",
        next_step="Check the name of your learning site; if it is right, " + WRITE_TO_IT[0].lower() + WRITE_TO_IT[1:],
        values={"host": host, "said": quoted(reason)},
        http_status=status,
    )


def submit_unknown(cause: NetworkError | None = None, *, status: int | None = None, detail: str = "") -> SubmitUnknown:
    """Return the error of an order whose fate is not known (N03 to N05, S11, S12)."""
    status, detail = cause_told(cause, status, detail)
    return SubmitUnknown(
        "I asked for the report but got no usable answer. It may have started. Asking again could start it twice.",
        code="E-SUBMIT-UNKNOWN",
        next_step="Order it again, or forget this one.",
        http_status=status,
        detail=detail,
    )


def cause_told(cause: NetworkError | None, status: int | None, detail: str) -> tuple[int | None, str]:
    """Return status and detail of an unknown fate: what is said of it, else what its cause knows."""
    if cause is None:
        return status, detail
    known = f"{cause.code}: {cause.message} {cause.detail}".strip()
    return (cause.http_status if status is None else status), detail or known


def _find(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, kind):
            return error
        error, seen = error.__cause__, seen + 1
    return None


def _detail(error: BaseException) -> str:
    """Return class names down the chain, with the operating system's words where they are harmless."""
    words: list[str] = []
    current: BaseException | None = error
    while current is not None and len(words) < 6:
        name = type(current).__name__
        if isinstance(current, ssl.SSLError):
            # What truststore raises on Windows and macOS has none of OpenSSL's attributes.
            told = [getattr(current, "reason", None), getattr(current, "verify_message", None)]
            name += f" ({' '.join(word for word in told if word)})"
        elif isinstance(current, OSError) and current.errno is not None:
            name += f" ({current.errno})"
        words.append(name)
        current = current.__cause__
    return " < ".join(words)
