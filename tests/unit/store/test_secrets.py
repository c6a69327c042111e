"""Secrets against real keyring backends: the system's Secret Service, and hostile ones of keyring's own base class."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import DOTS, Redactor, Secret
from sana_desktop.base.words import Words
from sana_desktop.store.secrets import Choice, Kept, SecretName, SecretStore
from tests.support import environment
from tests.support.project import ROOT
from tests.support.waiting import until

NAME = SecretName.CLIENT_SECRET
CANARY = "canary-secret-93271"


class Honest(KeyringBackend):
    """Does what it is told; counts what it is asked."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.calls: list[str] = []
        self.threads: set[threading.Thread] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self._note("get")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._note("set")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._note("delete")
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError(service)

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.threads.add(threading.current_thread())


class Truncating(Honest):
    """Cuts what it is given, and says nothing (K14)."""

    limit = 10

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[: self.limit])


class Locked(Honest):
    """The person dismisses the prompt (K02)."""

    def get_password(self, service: str, username: str) -> str | None:
        self._note("prompt")
        raise KeyringLocked("Failed to unlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._note("prompt")
        raise KeyringLocked("Failed to unlock the collection!")


class Raising(Honest):
    """Raises what no keyring should."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        self._note("get")
        raise self.error


class Hanging(Honest):
    """Answers when it is let go, if ever (K03)."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self._note("get")
        self.let_go.wait(20)
        return super().get_password(service, username)


class Stubborn(Honest):
    """Says that it deleted, and did not."""

    def delete_password(self, service: str, username: str) -> None:
        self._note("delete")


def store(backend: KeyringBackend | None, seconds: float = 5.0, redactor: Redactor | None = None) -> SecretStore:
    choice = None if backend is None else Choice(backend, Words("a test store"))
    return SecretStore(redactor or Redactor(), choose=lambda: choice, call_seconds=seconds)


async def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(StorageError) as caught:
        await call()  # type: ignore[misc]
    assert CANARY not in f"{caught.value} {caught.value.detail} {caught.value.next_step}"
    assert caught.value.next_step
    return caught.value.code


async def test_a_secret_is_kept_read_and_forgotten() -> None:
    backend = Honest()
    redactor = Redactor()
    secrets = store(backend, redactor=redactor)
    assert await secrets.get("c1", NAME) is None
    assert await secrets.set("c1", NAME, Secret(CANARY)) is Kept.STORE
    assert backend.entries == {("sana-desktop/c1/client_secret", "client_secret"): CANARY}
    assert await secrets.get("c1", NAME) == Secret(CANARY)
    assert await secrets.forget("c1") is True
    assert backend.entries == {}
    assert await secrets.get("c1", NAME) is None
    assert redactor.clean(f"x {CANARY} y") == f"x {DOTS} y"
    assert threading.main_thread() not in backend.threads
    assert all(thread.daemon for thread in backend.threads)


async def test_K10_forgetting_one_leaves_the_other() -> None:
    backend = Honest()
    secrets = store(backend)
    for connection in ("c1", "c2"):
        await secrets.set(connection, NAME, Secret(f"secret of {connection}"))
    await secrets.forget("c1")
    assert await secrets.get("c2", NAME) == Secret("secret of c2")
    assert len({service for service, _ in backend.entries}) == len(backend.entries) == 1


async def test_one_of_a_connections_secrets_can_be_forgotten_alone() -> None:
    backend = Honest()
    secrets = store(backend)
    for name in SecretName:
        await secrets.set("c1", name, Secret(f"the {name}"))
    secrets.hold("c1", SecretName.API_KEY, Secret("held key"))
    assert await secrets.forget("c1", SecretName.API_KEY) is True
    assert await secrets.get("c1", SecretName.API_KEY) is None
    assert await secrets.get("c1", NAME) == Secret("the client_secret")


async def test_K01_without_a_store_it_is_memory_said_plainly() -> None:
    secrets = store(None)
    state = await secrets.state()
    assert (state.available, state.persistent) == (False, False)
    assert "No password store" in state.problem
    assert await secrets.set("c1", NAME, Secret(CANARY)) is Kept.MEMORY
    assert await secrets.get("c1", NAME) == Secret(CANARY)
    assert await secrets.forget("c1") is False
    assert await secrets.get("c1", NAME) is None


async def test_the_state_names_the_store_and_asks_it_nothing() -> None:
    backend = Locked()
    state = await store(backend).state()
    assert (state.available, state.persistent, state.name, state.problem) == (True, True, "a test store", "")
    assert backend.calls == []


async def test_K02_a_dismissed_prompt_is_not_repeated_until_the_person_clicks() -> None:
    backend = Locked()
    secrets = store(backend)
    for _ in range(5):  # jobs in the background that all want the secret
        assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-LOCKED"
    assert backend.calls == ["prompt"]
    secrets.retry()
    assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-LOCKED"
    assert await code_of(lambda: secrets.set("c1", NAME, Secret(CANARY))) == "E-KR-LOCKED"
    assert backend.calls == ["prompt"] * 3


async def test_K03_a_hanging_store_times_out_and_the_loop_never_stops() -> None:
    backend = Hanging()
    secrets = store(backend, seconds=0.1)
    turns = 0
    asking = asyncio.gather(*(secrets.get("c1", NAME) for _ in range(20)), return_exceptions=True)
    while not asking.done():
        turns += 1
        await asyncio.sleep(0.001)
    answers = await asking
    assert {getattr(answer, "code", answer) for answer in answers} == {"E-KR-TIMEOUT"}
    assert backend.calls == ["get"]  # one hung call, not twenty
    assert turns > 20
    backend.let_go.set()
    secrets.retry()
    assert await secrets.get("c1", NAME) is None  # on a fresh thread


async def test_K03_hung_calls_do_not_pile_up() -> None:
    backend = Hanging()
    secrets = store(backend, seconds=0.02)
    for _ in range(8):
        secrets.retry()
        assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-TIMEOUT"
    secrets._refused = None
    assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-TIMEOUT"
    assert len(secrets._hung) <= 4
    backend.let_go.set()


async def test_K03_a_call_whose_caller_left_still_has_the_store_to_itself() -> None:
    backend = Hanging()
    secrets = store(backend)
    first = asyncio.get_running_loop().create_task(secrets.get("c1", NAME))
    await until(lambda: backend.calls)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.get_running_loop().create_task(secrets.set("c1", NAME, Secret(CANARY)))
    for _ in range(100):
        await asyncio.sleep(0)  # a second call would have its thread by now
    assert {thread for thread in threading.enumerate() if thread.name == "password-store"} == backend.threads
    assert backend.calls == ["get"]
    backend.let_go.set()
    assert await second is Kept.STORE
    assert backend.calls[:2] == ["get", "get"]


async def test_K03_a_call_whose_caller_left_and_that_hangs_counts_as_one_that_hangs() -> None:
    backend = Hanging()
    secrets = store(backend, seconds=0.05)
    first = asyncio.get_running_loop().create_task(secrets.get("c1", NAME))
    await until(lambda: backend.calls)
    first.cancel()
    assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-TIMEOUT"
    assert backend.calls == ["get"]
    secrets.retry()
    assert len(secrets._hung) == 1
    backend.let_go.set()
    assert await secrets.get("c1", NAME) is None


@pytest.mark.parametrize("secret", ["x" * 1201, "\U0001f600" * 601, "é" * 1300])
async def test_K05_a_long_secret_is_refused_before_anything_is_written(secret: str) -> None:
    backend = Honest()
    secrets = store(backend)
    await secrets.set("c1", NAME, Secret("old"))
    backend.calls.clear()
    assert await code_of(lambda: secrets.set("c1", NAME, Secret(secret))) == "E-KR-SIZE"
    assert backend.calls == []
    assert await secrets.get("c1", NAME) == Secret("old")
    secrets.hold("c1", NAME, Secret(secret))  # the way out that the words offer
    assert await secrets.get("c1", NAME) == Secret(secret)


async def test_K05_the_longest_secret_is_taken() -> None:
    secrets = store(Honest())
    assert await secrets.set("c1", NAME, Secret("x" * 1200)) is Kept.STORE


@pytest.mark.parametrize("old", [None, "old"])
async def test_K14_a_cut_secret_is_rolled_back(old: str | None) -> None:
    backend = Truncating()
    secrets = store(backend)
    if old:
        await secrets.set("c1", NAME, Secret(old))
    assert await code_of(lambda: secrets.set("c1", NAME, Secret(CANARY))) == "E-KR-SIZE"
    assert list(backend.entries.values()) == ([old] if old else [])


async def test_K06_an_entry_deleted_outside_is_simply_gone() -> None:
    backend = Honest()
    secrets = store(backend)
    await secrets.set("c1", NAME, Secret(CANARY))
    backend.entries.clear()
    assert await secrets.get("c1", NAME) is None
    assert await secrets.forget("c1") is True


async def test_K11_a_denial_of_macos_has_its_own_steps() -> None:
    error = RuntimeError("Can't get password from keychain")
    error.__cause__ = OSError(-25293, "Security Auth Failure")
    secrets = store(backend := Raising(error))
    for _ in range(3):
        assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-DENIED"
    assert backend.calls == ["get"]


@pytest.mark.parametrize("error", [ValueError(CANARY), OSError(5, CANARY), MemoryError(CANARY), KeyError(CANARY)])
async def test_whatever_a_backend_raises_is_one_plain_error(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    secrets = store(Raising(error))
    assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-FAILED"
    assert CANARY not in caplog.text


async def test_a_secret_that_stays_is_not_called_forgotten() -> None:
    backend = Stubborn()
    secrets = store(backend)
    await secrets.set("c1", NAME, Secret(CANARY))
    assert await code_of(lambda: secrets.forget("c1")) == "E-KR-FORGET"


async def test_what_is_saved_replaces_what_was_held() -> None:
    secrets = store(Honest())
    secrets.hold("c1", NAME, Secret("held"))
    await secrets.set("c1", NAME, Secret("saved"))
    assert await secrets.get("c1", NAME) == Secret("saved")


HOSTILE = """
from pathlib import Path
import keyring.backend
Path({marker!r}).write_text("ran")
class Evil(keyring.backend.KeyringBackend):
    priority = 99
    def get_password(self, service, username): return "evil"
    def set_password(self, service, username, password): Path({marker!r}).write_text(password)
    def delete_password(self, service, username): pass
"""
ASKING = """
import asyncio, sys
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretName, SecretStore
async def main():
    secrets = SecretStore(Redactor())
    state = await secrets.state()
    print(state.available, state.name)
    print((await secrets.set("c1", SecretName.CLIENT_SECRET, Secret("canary-secret-93271"))).value)
    print((await secrets.get("c1", SecretName.CLIENT_SECRET)).reveal())
    print(await secrets.forget("c1"))
    print("keyring.core backend:", sys.modules["keyring.core"]._keyring_backend)
asyncio.run(main())
"""


def ask_in_a_hostile_place(folder: Path) -> list[str]:
    """Use the store where environment and configuration name a hostile backend; return what was printed."""
    marker = folder / "marker"
    (folder / "evil_backend.py").write_text(HOSTILE.format(marker=str(marker)))
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "python_keyring"
    config.mkdir(parents=True, exist_ok=True)
    (config / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=evil_backend.Evil\nkeyring-path={folder}\n", encoding="utf-8"
    )
    hostile = {
        "PYTHON_KEYRING_BACKEND": "evil_backend.Evil",
        "KEYRING_PROPERTY_APPID": "evil",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/evil",
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
    }
    command = [sys.executable, "-c", ASKING]
    done = subprocess.run(
        command,
        env=os.environ | hostile,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not marker.exists()
    (config / "keyringrc.cfg").unlink()
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a store")
def test_K08_K09_without_a_store_neither_environment_nor_configuration_gives_one(tmp_path: Path) -> None:
    lines = ask_in_a_hostile_place(tmp_path)
    assert lines == ["False this app's memory", "memory", CANARY, "False", "keyring.core backend: None"]


@pytest.mark.keyring_real
def test_K08_a_real_store_is_used_whatever_the_environment_says(tmp_path: Path) -> None:
    lines = ask_in_a_hostile_place(tmp_path)
    assert lines[:4] == ["True the system's password store (Secret Service)", "store", CANARY, "True"]


@pytest.mark.keyring_real
async def test_a_real_secret_service_keeps_reads_replaces_and_forgets() -> None:
    first, second = SecretStore(Redactor()), SecretStore(Redactor())
    state = await first.state()
    assert (state.available, state.persistent) == (True, True)
    assert "Secret Service" in state.name
    for secret in (CANARY, "öäü€\U0001f600 with 'quotes' and \\", "x" * 1200):
        assert await first.set("real-1", NAME, Secret(secret)) is Kept.STORE
        assert await second.get("real-1", NAME) == Secret(secret)
    await first.set("real-2", NAME, Secret("another"))
    assert await second.forget("real-1") is True
    assert await first.get("real-1", NAME) is None
    assert await first.get("real-2", NAME) == Secret("another")
    assert await first.forget("real-2") is True


@pytest.mark.keyring_real
async def test_K02_a_real_locked_store_is_said_to_be_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    with environment.secret_service() as variables:  # one to lock: the others' stays open
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        secrets = SecretStore(Redactor(), call_seconds=10.0)
        await secrets.set("c1", NAME, Secret(CANARY))
        service = ["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"]
        lock = ["org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login"]
        command = ["dbus-send", "--session", "--print-reply", *service, *lock]
        await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
        # Without a display nobody can be asked, so the service dismisses its own prompt.
        assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-LOCKED"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()  # keyring leaves its connection to the bus open when the store is locked


@pytest.mark.keyring_real
async def test_K02_a_store_that_goes_away_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    with environment.secret_service() as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        secrets = SecretStore(Redactor(), call_seconds=10.0)
        assert (await secrets.state()).available
    assert await code_of(lambda: secrets.get("c1", NAME)) == "E-KR-FAILED"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
