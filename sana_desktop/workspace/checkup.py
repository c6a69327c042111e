"""The check-up of a connection: all that stands between this computer and a report (B05). It orders nothing."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.api.network import FindProxy, Lookup, system_lookup, system_proxy
from sana_desktop.api.practice_hosts import is_region, strange_host
from sana_desktop.base.errors import AuthError, SanaError, StorageError, UserError
from sana_desktop.base.text import size_text
from sana_desktop.base.threads import in_daemon_thread
from sana_desktop.base.words import Words
from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.workspace.clients import ClientPool
from sana_desktop.workspace.connections import Access, Connection, Mark
from sana_desktop.workspace.practice_clients import PracticeClients

if TYPE_CHECKING:
    from sana_desktop.api.insights import AccessCheck

LOOKUP_SECONDS = 10.0
FOLDER_SECONDS = 10.0
"""A folder on a network drive that is gone can hang for minutes."""
LITTLE_ROOM_BYTES = 1024**3
NO_ROOM_BYTES = 200 * 1024**2
"""Below this no download is started (D01)."""
CLOCK_TOLERANCE_SECONDS = 60.0


class CheckState(StrEnum):
    """How a line came out."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    SKIPPED = "skipped"


class Action(StrEnum):
    """What the button of a line does; the window has the words for it."""

    NONE = ""
    FIX_ADDRESS = "fix-address"
    CHECK_NETWORK = "check-network"
    PROXY_SETTINGS = "proxy-settings"
    WRITE_TO_IT = "write-to-it"
    SIGN_IN = "sign-in"
    TRY_STORE_AGAIN = "try-store-again"
    CHOOSE_FOLDER = "choose-folder"
    SET_CLOCK = "set-clock"
    TRY_AGAIN = "try-again"


class CheckName(StrEnum):
    """The lines, in their order."""

    ADDRESS = "address"
    REACH = "reach"
    CERTIFICATE = "certificate"
    ACCESS = "access"
    READ = "read"
    WRITE = "write"
    STORE = "store"
    FOLDER = "folder"
    ROOM = "room"
    CLOCK = "clock"
    PRACTICE = "practice"
    """Only of a connection that has a practice service."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check-up. A line that is `bad` always has an action."""

    name: CheckName
    state: CheckState
    sentence: Words
    action: Action = Action.NONE


async def check_up(
    connection: Connection,
    *,
    clients: ClientPool,
    secrets: SecretStore,
    downloads: Path,
    practice: PracticeClients | None = None,
    lookup: Lookup = system_lookup,
    proxy: FindProxy = system_proxy,
) -> list[Check]:
    """Return every line of the check-up, in the order of `CheckName`. Never raises for what it finds.

    Of a connection that is for practice alone only address and practice service are looked at.

    Args:
        connection: which one.
        clients: to talk to the site.
        secrets: to see where secrets are kept.
        downloads: the folder for reports; it may not exist yet.
        practice: to talk to the practice service; without it there is no line about it.
        lookup: host and port to addresses.
        proxy: the proxy for a URL.
    """
    if not connection.gives_reports:
        address, own = await asyncio.gather(
            _check_address(connection, lookup, proxy), _check_practice(connection, practice)
        )
        return [address, *own]
    address, (reach, certificate, access, read, write, clock), store, (folder, room), own = await asyncio.gather(
        _check_address(connection, lookup, proxy),
        _check_site(connection, clients),
        _check_store(connection, secrets),
        _check_folder(downloads),
        _check_practice(connection, practice),
    )
    return [address, reach, certificate, access, read, write, store, folder, room, clock, *own]


async def _check_address(connection: Connection, lookup: Lookup, proxy: FindProxy) -> Check:
    origin = connection.origin
    if not origin.is_loopback and await in_daemon_thread(lambda: proxy(origin.url)) is not None:
        return _skipped(CheckName.ADDRESS, Words("Your company's proxy looks up the address."))
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            found = await in_daemon_thread(lambda: lookup(origin.host, origin.port))
    except TimeoutError:
        sentence = Words("Looking up {site} takes too long.", site=origin.host)
        return Check(CheckName.ADDRESS, CheckState.BAD, sentence, Action.CHECK_NETWORK)
    except OSError:
        found = []
    if not found:
        if is_region(origin.host):  # nobody typed it
            sentence = Words("I can't find {site}.", site=origin.host)
            return Check(CheckName.ADDRESS, CheckState.BAD, sentence, Action.CHECK_NETWORK)
        sentence = Words("I can't find {site}. Is the name of your learning site spelt right?", site=origin.host)
        return Check(CheckName.ADDRESS, CheckState.BAD, sentence, Action.FIX_ADDRESS)
    return _ok(CheckName.ADDRESS, Words("The address {site} is known.", site=origin.host))


_SiteLines = tuple[Check, Check, Check, Check, Check, Check]


async def _check_site(connection: Connection, clients: ClientPool) -> _SiteLines:
    try:
        client = await clients.client(connection.id)
        result = await client.check()
    except SanaError as error:
        return _site_trouble(connection, error)
    site = connection.origin.host
    return (
        _ok(CheckName.REACH, Words("{site} answers, in {ms} ms.", site=site, ms=round(result.latency_seconds * 1000))),
        _certificate(connection),
        _ok(CheckName.ACCESS, Words("{site} accepts this access.", site=site)),
        _scope(CheckName.READ, result.may_read),
        _scope(CheckName.WRITE, result.may_write),
        _clock(result),
    )


def _site_trouble(connection: Connection, error: SanaError) -> _SiteLines:
    """Return the lines when the test broke off: what went before it is well, what comes after it is not known."""
    site = connection.origin.host
    unknown = Words("Not checked, because of the above.")
    later = (
        _skipped(CheckName.READ, unknown),
        _skipped(CheckName.WRITE, unknown),
        _skipped(CheckName.CLOCK, unknown),
    )
    sentence = Words(error.template, **error.values)
    if isinstance(error, AuthError):
        action = Action.TRY_STORE_AGAIN if error.code.startswith("E-KR-") else Action.SIGN_IN
        line = Check(CheckName.ACCESS, CheckState.BAD, sentence, action)
        if error.http_status is None:
            words = Words("Not checked: there is nothing to sign in with.")
            return (_skipped(CheckName.REACH, words), _skipped(CheckName.CERTIFICATE, words), line, *later)
        return (_ok(CheckName.REACH, Words("{site} answers.", site=site)), _certificate(connection), line, *later)
    access = _skipped(CheckName.ACCESS, unknown)
    if error.code == "E-TLS":
        line = Check(CheckName.CERTIFICATE, CheckState.BAD, sentence, Action.WRITE_TO_IT)
        return (_ok(CheckName.REACH, Words("Something answers at {site}.", site=site)), line, access, *later)
    line = Check(CheckName.REACH, CheckState.BAD, sentence, _way_out(error))
    return (line, _skipped(CheckName.CERTIFICATE, unknown), access, *later)


def _way_out(error: SanaError) -> Action:
    if error.code.startswith("E-PROXY"):
        return Action.PROXY_SETTINGS
    return {
        "E-NET-DNS": Action.FIX_ADDRESS,
        "E-NET-ADDRESS": Action.FIX_ADDRESS,
        "E-REDIRECT": Action.FIX_ADDRESS,
        "E-NET-CONNECT": Action.CHECK_NETWORK,
        "E-NET-TIMEOUT": Action.CHECK_NETWORK,
        "E-BLOCKED": Action.WRITE_TO_IT,
    }.get(error.code, Action.TRY_AGAIN)


def _certificate(connection: Connection) -> Check:
    if connection.origin.scheme != "https":
        return _skipped(CheckName.CERTIFICATE, Words("Not needed: the site is on this computer."))
    return _ok(CheckName.CERTIFICATE, Words("The certificate is one that this computer trusts."))


def _scope(name: CheckName, allowed: bool | None) -> Check:
    reading = name is CheckName.READ
    if allowed is None:
        what = Words("The site did not say whether reports may be looked at.")
        return _skipped(name, what if reading else Words("The site did not say whether reports may be ordered."))
    if allowed:
        return _ok(name, Words("Reports may be looked at.") if reading else Words("Reports may be ordered."))
    words = (
        Words("Your pass may not look at reports. IT must add “read”.")
        if reading
        else Words("Your pass can look but not order reports. IT must add “write”.")
    )
    return Check(name, CheckState.BAD, words, Action.WRITE_TO_IT)


def _clock(result: AccessCheck) -> Check:
    skew = result.clock_skew_seconds
    if skew is None:
        return _skipped(CheckName.CLOCK, Words("The site did not say what time it is."))
    if abs(skew) <= CLOCK_TOLERANCE_SECONDS:
        return _ok(CheckName.CLOCK, Words("This computer's clock agrees with the site's."))
    template = (
        "This computer's clock is {minutes} minutes ahead of the site. I am correcting for it."
        if skew > 0
        else "This computer's clock is {minutes} minutes behind the site. I am correcting for it."
    )
    return Check(CheckName.CLOCK, CheckState.WARN, Words(template, minutes=round(abs(skew) / 60)), Action.SET_CLOCK)


async def _check_store(connection: Connection, secrets: SecretStore) -> Check:
    """Return what is so for this very secret: that there is a store does not mean that it is in it."""
    if connection.mark is Mark.DEMO:
        return _ok(CheckName.STORE, Words("Not needed: there is no secret of yours."))
    if connection.access is Access.PASTED:
        return _ok(CheckName.STORE, Words("The pass is kept in memory only, until it ends or you close the app."))
    owner = connection.owner_of(SecretName.CLIENT_SECRET), SecretName.CLIENT_SECRET
    state = await secrets.state()
    if not state.available:
        return Check(CheckName.STORE, CheckState.WARN, state.problem, Action.TRY_STORE_AGAIN)
    if secrets.holds(*owner):
        template = "Your secret is in memory only, until you close the app. Enter it again to keep it in {store}."
        return Check(CheckName.STORE, CheckState.WARN, Words(template, store=state.name), Action.SIGN_IN)
    try:
        kept = await secrets.get(*owner) is not None
    except StorageError as error:
        sentence = Words(error.template, **error.values)
        return Check(CheckName.STORE, CheckState.WARN, sentence, Action.TRY_STORE_AGAIN)
    if kept:
        return _ok(CheckName.STORE, Words("Your secret is kept in {store}.", store=state.name))
    sentence = Words("There is no secret for this connection in {store}.", store=state.name)
    return Check(CheckName.STORE, CheckState.WARN, sentence, Action.SIGN_IN)


async def _check_practice(connection: Connection, clients: PracticeClients | None) -> list[Check]:
    if clients is None or connection.practice is None:
        return []
    try:
        client = await clients.client(connection.id)
        await client.check()
    except SanaError as error:
        action = _way_out(error)
        if isinstance(error, AuthError | UserError):
            action = Action.TRY_STORE_AGAIN if error.code.startswith("E-KR-") else Action.SIGN_IN
        elif error.code == "E-PRACTICE-ADDRESS":
            action = Action.FIX_ADDRESS
        return [Check(CheckName.PRACTICE, CheckState.BAD, Words(error.template, **error.values), action)]
    if (warning := strange_host(connection.practice)) is not None:
        return [Check(CheckName.PRACTICE, CheckState.WARN, warning, Action.FIX_ADDRESS)]
    return [_ok(CheckName.PRACTICE, Words("{site} accepts the API key.", site=connection.practice.host))]


async def _check_folder(folder: Path) -> tuple[Check, Check]:
    unknown = _skipped(CheckName.ROOM, Words("Not checked, because of the above."))
    try:
        async with asyncio.timeout(FOLDER_SECONDS):
            free = await in_daemon_thread(lambda: _try_folder(folder))
    except TimeoutError:
        sentence = Words("The folder {folder} does not answer.", folder=folder)
        return Check(CheckName.FOLDER, CheckState.BAD, sentence, Action.CHOOSE_FOLDER), unknown
    except OSError as error:
        reason = error.strerror or type(error).__name__
        sentence = Words("Reports can't be saved in {folder}: {reason}.", folder=folder, reason=reason)
        return Check(CheckName.FOLDER, CheckState.BAD, sentence, Action.CHOOSE_FOLDER), unknown
    return _ok(CheckName.FOLDER, Words("Reports can be saved in {folder}.", folder=folder)), _room(free)


def _room(free: int) -> Check:
    room = size_text(free)
    if free < NO_ROOM_BYTES:
        words = Words("Only {room} are free there: too little for a report.", room=room)
        return Check(CheckName.ROOM, CheckState.BAD, words, Action.CHOOSE_FOLDER)
    if free < LITTLE_ROOM_BYTES:
        words = Words("{room} are free there: a large report may not fit.", room=room)
        return Check(CheckName.ROOM, CheckState.WARN, words, Action.CHOOSE_FOLDER)
    return _ok(CheckName.ROOM, Words("{room} are free there.", room=room))


def _try_folder(folder: Path) -> int:
    """Write and remove a file where the folder is or would be made; return how many bytes are free there."""
    place = folder.absolute()
    while not place.exists():
        if place == place.parent:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        place = place.parent
    if not place.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place))
    with tempfile.TemporaryFile(dir=place, prefix=".sana-check-") as file:
        file.write(b"check")
        file.flush()
    return shutil.disk_usage(place).free


def _ok(name: CheckName, sentence: Words) -> Check:
    return Check(name, CheckState.OK, sentence)


def _skipped(name: CheckName, sentence: Words) -> Check:
    return Check(name, CheckState.SKIPPED, sentence)
