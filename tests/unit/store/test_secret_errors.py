from __future__ import annotations

import pytest
from keyring.errors import InitError, KeyringLocked

from sana_desktop.base.errors import StorageError
from sana_desktop.base.words import Words
from sana_desktop.store.secret_errors import STOP_ASKING, hanging_error, plain_error, size_error


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class PromptDismissedException(Exception):
    """By this name the Secret Service's library knows it."""


class WindowsError(Exception):
    winerror = 1783


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyringLocked("x"), "E-KR-LOCKED"),
        (chained(InitError("x"), PromptDismissedException()), "E-KR-LOCKED"),
        (chained(RuntimeError("x"), OSError(-25293, "x")), "E-KR-DENIED"),
        (WindowsError("stub received bad data"), "E-KR-SIZE"),
        (InitError("x"), "E-KR-FAILED"),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "x"), "E-KR-FAILED"),
    ],
)
def test_each_failure_has_its_words(error: Exception, code: str) -> None:
    plain = plain_error(error)
    assert plain.code == code
    assert plain.next_step
    assert "wrong password" not in plain.message.lower()


def test_a_plain_error_stays_what_it_is() -> None:
    error = StorageError("x", code="E-KR-FORGET")
    assert plain_error(error) is error


def test_an_error_that_is_its_own_cause_has_an_end() -> None:
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert plain_error(first).code == "E-KR-FAILED"


def test_a_prompt_is_not_repeated_but_a_failure_may_be_tried_again() -> None:
    assert {"E-KR-LOCKED", "E-KR-DENIED"} == STOP_ASKING
    assert hanging_error().retryable
    assert "your keychain" in size_error(Words("your keychain")).message
