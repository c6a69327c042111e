"""Client secrets in the system's password store, or in memory where there is none (B10). The only user of keyring.

Every call runs on a daemon thread of its own with a time limit: a password store may ask the person, or hang for ever,
and neither may hold up the window or the end of the program (K03, K04, P20). The store is chosen here by class; the
environment and keyring's own configuration file, which can name any code, are not asked (F6, K08, K09).
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Protocol, TypeVar

from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.base.threads import in_daemon_thread, tell_loop
from sana_desktop.base.words import Words
from sana_desktop.store.secret_errors import STOP_ASKING, hanging_error, plain_error, size_error

log = logging.getLogger(__name__)

Result = TypeVar("Result")

CALL_SECONDS = 30.0
"""Longest wait for one call (B10); a person who is asked for a password gets that long."""
MAX_SECRET_UNITS = 1_200
"""UTF-16 units. Windows holds 1,280 and has been seen to cut silently (K05)."""
MAX_HUNG_CALLS = 4
"""Threads given up as hung; with so many no further call is tried before a retry."""
SERVICE_PREFIX = "sana-desktop"


class SecretName(StrEnum):
    """What can be kept for a connection."""

    CLIENT_SECRET = "client_secret"  # noqa: S105
    API_KEY = "api_key"


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry, None if there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove the entry; raises if there is none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A password store of this system: how to talk to it, and what people call it, to follow "in"."""

    backend: Backend
    name: Words


class Kept(StrEnum):
    """Where a secret is now."""

    STORE = "store"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class StoreState:
    """What is known of the password store, without asking it for anything.

    Attributes:
        available: there is one and it answers.
        persistent: secrets outlive the app.
        name: what people call the place, to follow "in": "your keychain".
        problem: why it is not available; empty if it is.
    """

    available: bool
    persistent: bool
    name: Words
    problem: Words


class SecretStore:
    """The secrets of connections, each kept for an owner: whatever the caller names it, which says who may have it.

    After the store was found locked, denied or hanging, reading it fails at once with the same error until
    `retry` is called or something is saved: nobody is asked twice for one click (K02, K11).

    Args:
        redactor: told every secret that passes, so that none reaches a log.
        choose: returns the store to use, None if there is none; runs on the store's thread.
        call_seconds: longest wait for one call.
    """

    def __init__(
        self,
        redactor: Redactor,
        *,
        choose: Callable[[], Choice | None] | None = None,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._redactor = redactor
        self._choose = choose or choose_store
        self._call_seconds = call_seconds
        self._choice: Choice | None = None
        self._memory: dict[tuple[str, SecretName], Secret] = {}
        self._seen: dict[tuple[str, SecretName], bool] = {}
        """Whether the store had an entry when it was asked last."""
        self._refused: StorageError | None = None
        self._one_at_a_time = asyncio.Lock()
        self._ended = _set_event()
        """Set when the last call's thread is through with the store: it may go on after its caller was cancelled."""
        self._hung: list[asyncio.Event] = []

    async def state(self) -> StoreState:
        """Say which store is in use. Asks nobody for a password."""
        try:
            choice = await self._store()
        except StorageError as error:
            return StoreState(False, False, _MEMORY, Words(error.template, **error.values))
        if choice is None:
            return StoreState(False, False, _MEMORY, _NO_STORE)
        return StoreState(True, True, choice.name, Words(""))

    async def get(self, owner: str, name: SecretName) -> Secret | None:
        """Return a secret, None if there is none.

        Raises:
            StorageError: E-KR-LOCKED, E-KR-DENIED, E-KR-TIMEOUT, E-KR-FAILED: there may be one, but it can't be read.
        """
        held = self._memory.get((owner, name))
        if held is not None:
            return held
        if self._refused is not None:
            raise self._refused
        choice = await self._store()
        if choice is None:
            return None
        value = await self._call(lambda: choice.backend.get_password(_service(owner, name), name.value))
        self._seen[(owner, name)] = bool(value)
        return None if not value else self._known(Secret(value))

    async def set(self, owner: str, name: SecretName, secret: Secret) -> Kept:
        """Keep a secret, and make sure that what is kept is what was given.

        Returns:
            Where it is: without a store it lives until the app closes, which the person must be told.

        Raises:
            StorageError: E-KR-SIZE (too long, or cut by the store), or as `get`. What was kept before is still there,
                and nothing is held in memory: see `hold`.
        """
        self._known(secret)
        if _utf16_units(secret.reveal()) > MAX_SECRET_UNITS:
            raise size_error((await self.state()).name)
        self.retry()
        choice = await self._store()
        if choice is None:
            self.hold(owner, name, secret)
            return Kept.MEMORY
        service = _service(owner, name)
        kept = await self._call(lambda: _write_and_verify(choice.backend, service, name.value, secret.reveal()))
        if not kept:
            raise size_error((await self.state()).name)
        self._memory.pop((owner, name), None)
        self._seen[(owner, name)] = True
        return Kept.STORE

    def hold(self, owner: str, name: SecretName, secret: Secret) -> None:
        """Keep a secret in memory alone, until the app closes."""
        self._memory[(owner, name)] = self._known(secret)

    def holds(self, owner: str, name: SecretName) -> bool:
        """Return whether a secret is in memory alone."""
        return (owner, name) in self._memory

    def has(self, owner: str, name: SecretName) -> bool | None:
        """Return whether the store had a secret when it was asked last; None if it was not asked yet. Asks nobody."""
        return self._seen.get((owner, name))

    def drop(self, owner: str, *names: SecretName) -> None:
        """Forget what is held in memory for a connection: these, or everything if none is named."""
        for name in names or SecretName:
            self._memory.pop((owner, name), None)

    async def forget(self, owner: str, *names: SecretName) -> bool:
        """Delete what is kept for a connection, in memory and in the store: these, or everything if none is named.

        Returns:
            True if the store was asked and holds nothing of it any more; False if there is no store to ask.

        Raises:
            StorageError: E-KR-FORGET if an entry is still there, or as `get`; what is in memory is gone in any case.
        """
        self.drop(owner, *names)
        self.retry()
        choice = await self._store()
        if choice is None:
            return False
        for name in names or SecretName:
            service = _service(owner, name)
            if not await self._call(partial(_erase, choice.backend, service, name.value)):
                raise StorageError(
                    "The stored secret could not be deleted from {store}.",
                    code="E-KR-FORGET",
                    next_step="Open {store} and delete the entry “{entry}” there.",
                    values={"store": choice.name, "entry": service},
                )
            self._seen[(owner, name)] = False
        return True

    def retry(self) -> None:
        """Let the next call ask the store again: the person clicked for it."""
        self._refused = None
        self._hung = [ended for ended in self._hung if not ended.is_set()][-MAX_HUNG_CALLS + 1 :]

    def _known(self, secret: Secret) -> Secret:
        self._redactor.add(secret)
        return secret

    async def _store(self) -> Choice | None:
        # A store that was not there is looked for again: it may have been started meanwhile.
        if self._choice is None:
            self._choice = await self._call(self._choose)
        return self._choice

    async def _call(self, work: Callable[[], Result]) -> Result:
        async with self._one_at_a_time:
            if self._refused is not None:
                raise self._refused
            if len(self._hung) >= MAX_HUNG_CALLS:
                raise hanging_error()
            try:
                return await self._in_time(work)
            except TimeoutError:
                self._refused = hanging_error()
                raise self._refused from None
            except Exception as error:
                plain = plain_error(error)
                if plain.code in STOP_ASKING:
                    self._refused = plain
                # The cause stays out of it: its text may quote what was passed.
                log.warning("the password store said no: %s, %s", plain.code, type(error).__name__)
                raise plain from None

    async def _in_time(self, work: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._call_seconds):
                await self._ended.wait()
                self._ended = ended = asyncio.Event()

                def run() -> Result:
                    try:
                        return work()
                    finally:
                        tell_loop(loop, ended.set)

                return await in_daemon_thread(run, "password-store")
        except TimeoutError:
            # A late answer is dropped; the thread dies with the process.
            self._hung.append(self._ended)
            self._ended = _set_event()
            raise


def choose_store() -> Choice | None:
    """Return the password store of this system, None if there is none that keeps secrets safe."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        vault = _from_class(WinVaultKeyring)
        # The default would roam to other computers of the domain (F7).
        vault.persist = "local machine"
        return Choice(vault, Words("the Windows Credential Manager"))
    if sys.platform == "darwin":
        from keyring.backends import macOS

        keychain = _from_class(macOS.Keyring)
        keychain.keychain = None
        return Choice(keychain, Words("your keychain"))
    from keyring.backends import SecretService, kwallet

    for backend_class, name in (
        (SecretService.Keyring, Words("the system's password store (Secret Service)")),
        (kwallet.DBusKeyring, Words("the system's password store (KWallet)")),
    ):
        if _answers(backend_class):
            return Choice(_from_class(backend_class), name)
    return None


_MEMORY = Words("this app's memory")
_NO_STORE = Words("No password store can be reached on this computer. I can keep the secret until you close the app.")


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


def _from_class(backend_class: Any) -> Any:
    # keyring's constructor takes properties from KEYRING_PROPERTY_* variables, the path of the entry among them (K08).
    closed = {"set_properties_from_env": lambda self: None, "__module__": __name__}
    return type(backend_class.__name__, (backend_class,), closed)()


def _answers(backend_class: Any) -> bool:
    """Return whether the service behind a backend is there; asking is what its priority does."""
    try:
        return float(backend_class.priority) > 0
    except Exception as error:
        log.debug("%s is not available: %s", backend_class.__module__, type(error).__name__)
        return False


def entries_of(owner: str) -> str:
    """Return how the names of all entries in the store begin that are kept for an owner, or for who begins like it."""
    return f"{SERVICE_PREFIX}/{owner}"


def _service(owner: str, name: SecretName) -> str:
    # One entry a service: two under one make the Windows backend move the first one about (F7).
    return f"{entries_of(owner)}/{name.value}"


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _write_and_verify(backend: Backend, service: str, username: str, value: str) -> bool:
    """Write, read back, and put the old entry back if something else is there; return whether the new one is (K14)."""
    old = backend.get_password(service, username)
    try:
        backend.set_password(service, username, value)
        if backend.get_password(service, username) == value:
            return True
    except Exception:
        _roll_back(backend, service, username, old)
        raise
    _roll_back(backend, service, username, old)
    return False


def _roll_back(backend: Backend, service: str, username: str, old: str | None) -> None:
    try:
        if old is None:
            _erase(backend, service, username)
        elif backend.get_password(service, username) != old:
            backend.set_password(service, username, old)
    except Exception as error:
        log.warning("the password store could not be put back as it was: %s", type(error).__name__)


def _erase(backend: Backend, service: str, username: str) -> bool:
    """Delete the entry, and what else goes by its name; return whether it is gone."""
    for _ in range(4):
        if backend.get_password(service, username) is None:
            return True
        backend.delete_password(service, username)
    return backend.get_password(service, username) is None
