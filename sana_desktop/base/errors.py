"""The one tree of errors that a person may be shown.

    SanaError
    ├── UserError            what was typed, pasted or chosen can't be used
    ├── AuthError            the credentials are missing, wrong, ended, or may not do this
    ├── ServiceError         the site answered, and said no
    │   ├── QueryRefused     it would not take the query
    │   ├── JobFailed        it took the query and could not run it
    │   ├── JobGone          it no longer knows the job
    │   ├── SubmitUnknown    the order was sent and its answer was lost; never repeated by itself
    │   ├── OutcomesRefused  it would not take answers to exercises
    │   └── OutcomesUnknown  answers were sent and what came back was lost; never repeated by themselves
    ├── NetworkError         the site can't be reached, or gave no usable answer
    │   └── ProtocolError    an answer came, but not one this app can read
    ├── LinkError            the download link ended, was refused, or leads where it must not
    └── StorageError         this machine: disk, folder, database, keyring

Anything else that is raised is a bug and is shown as one. Cancellation (`asyncio.CancelledError`) is no error.

An error keeps its words as a template and its values apart, so that the window can translate the first and
show the second as plain text; `str(error)` is the English sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from sana_desktop.base.text import bounded

MAX_DETAIL_CHARACTERS = 2_000
"""Longest text from outside that an error carries (BEHAVIOUR.md B13)."""


class SanaError(Exception):
    """A failure that a person can understand and act on.

    Attributes:
        code: stable short name such as `E-NET-DNS`, for logs, tests and support.
        template: the plain sentence, with `{name}` where a value goes.
        values: what goes into the template; text from outside is bounded here.
        next_step: one sentence: what to do now. May be empty.
        retryable: whether the same act may work later without a change by the person.
        retry_after_seconds: how long the service asked to be left alone, if it did.
        http_status: the status of the answer that caused it, if one did.
        job_id: the service's job id, if there is one.
        detail: the technical layer, one fold away; never holds a secret or a traceback.
    """

    kind: ClassVar[str] = "service"
    """The word of BEHAVIOUR.md that `export --json` reports."""
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        template: str,
        *,
        code: str,
        next_step: str = "",
        values: Mapping[str, object] | None = None,
        retryable: bool = False,
        retry_after_seconds: float | None = None,
        http_status: int | None = None,
        job_id: str | None = None,
        detail: str = "",
    ) -> None:
        self.template = template
        self.code = code
        self.next_step = next_step
        self.values = {name: bounded(str(value), MAX_DETAIL_CHARACTERS) for name, value in (values or {}).items()}
        self.retryable = retryable
        self.retry_after_seconds = retry_after_seconds
        self.http_status = http_status
        self.job_id = job_id
        self.detail = bounded(detail, MAX_DETAIL_CHARACTERS)
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The English sentence."""
        return self.say(lambda text: text)

    def say(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate`, which maps a template to a template."""
        return translate(self.template).format_map(self.values)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(kind: type[SanaError], state: dict[str, object]) -> SanaError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    Exception.__init__(error, error.message)
    return error


class UserError(SanaError):
    """What was typed, pasted or chosen can't be used; the sentence says which part."""

    kind = "usage"
    title = "This can't be used as it is"


class AuthError(SanaError):
    """The credentials are missing, wrong, ended, or may not do this."""

    kind = "auth"
    title = "The site did not let us in"


class ServiceError(SanaError):
    """The site answered, and said no."""

    kind = "query"
    title = "The site said no"


class QueryRefused(ServiceError):
    """The site would not take the query (400, 422)."""

    title = "The site could not run this query"


class JobFailed(ServiceError):
    """The site took the query and could not finish the report."""

    title = "The report failed"


class JobGone(ServiceError):
    """The site no longer knows the job (404 on a poll)."""

    title = "The site no longer knows this report"


class SubmitUnknown(ServiceError):
    """The order was sent and its answer was lost (BEHAVIOUR.md B7): it is never repeated by itself."""

    kind = "unknown_submit"
    title = "It is not known whether the report was ordered"


class OutcomesRefused(ServiceError):
    """The site would not take a learner's answers (400, 404, 405, 413, 422): none of the request had an effect."""

    title = "The answers were not taken"


class OutcomesUnknown(ServiceError):
    """A learner's answers were sent and what came back was lost (BEHAVIOUR.md B7): never repeated by themselves."""

    kind = "unknown_submit"
    title = "It is not known whether the answers arrived"


class NetworkError(SanaError):
    """The site can't be reached, or gave no usable answer in time."""

    kind = "network"
    title = "The site can't be reached"


class ProtocolError(NetworkError):
    """An answer came, but not one this app can read (a sign-in page, cut JSON, missing fields)."""

    title = "The answer could not be understood"


class LinkError(SanaError):
    """The download link ended, was refused, or leads where it must not."""

    kind = "link"
    title = "The download link does not work"


class StorageError(SanaError):
    """This machine: disk, folder, database or keyring."""

    kind = "file"
    title = "This computer could not do it"
