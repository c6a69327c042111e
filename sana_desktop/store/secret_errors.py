"""What password stores raise, in plain words. Never "wrong password": that is not what they know (K02, K03, K11)."""

from __future__ import annotations

from sana_desktop.base.errors import StorageError
from sana_desktop.base.words import Words

STOP_ASKING = frozenset({"E-KR-LOCKED", "E-KR-DENIED"})
"""Codes after which the store is left alone until the person clicks: it would ask them again."""

_LOCKED_TYPES = frozenset({"KeyringLocked", "LockedException", "PromptDismissedException"})
_MACOS_AUTH_FAILED = -25293
_WINDOWS_BAD_STUB = 1783


def plain_error(error: Exception) -> StorageError:
    """Return the plain-word error for what a backend raised; backends raise more than keyring's own types."""
    if isinstance(error, StorageError):
        return error
    chain = _chain(error)
    if any(_MACOS_AUTH_FAILED in part.args for part in chain):
        return StorageError(
            "The keychain did not let me read the stored secret.",
            code="E-KR-DENIED",
            next_step="Open Keychain Access, find the entry “sana-desktop”, and allow this app under Access Control; "
            "then try again, or enter the secret again.",
            retryable=True,
        )
    if any(getattr(part, "winerror", None) == _WINDOWS_BAD_STUB for part in chain):
        return size_error(Words("the Windows Credential Manager"))
    if any(type(part).__name__ in _LOCKED_TYPES for part in chain):
        return StorageError(
            "The password store is locked, and it did not let me at the stored secret.",
            code="E-KR-LOCKED",
            next_step="Unlock it and try again, or enter the secret again.",
            retryable=True,
        )
    return StorageError(
        "The password store did not do what it was asked ({reason}).",
        code="E-KR-FAILED",
        next_step="Try again, or enter the secret again and keep it until you close the app.",
        values={"reason": type(error).__name__},
        retryable=True,
    )


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    part: BaseException | None = error
    while part is not None and part not in chain:
        chain.append(part)
        part = part.__cause__ or part.__context__
    return chain


def hanging_error() -> StorageError:
    """Return the error for a store that did not answer in time (K03)."""
    return StorageError(
        "The password store does not answer.",
        code="E-KR-TIMEOUT",
        next_step="Look for a window that asks for a password, then try again.",
        retryable=True,
    )


def size_error(store: Words) -> StorageError:
    """Return the error for a secret that the store can't hold, or held only in part (K05, K14)."""
    return StorageError(
        "This is longer than what {store} can keep, about 1,200 characters. It looks like a pass, not a secret.",
        code="E-KR-SIZE",
        next_step="It can be kept in memory until you close the app.",
        values={"store": store},
    )
