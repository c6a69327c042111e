"""What a start says of what was under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.errors import AuthError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.status.welcome_back import restored_words, who_goes_on
from tests.support.records import START, job, order, transfer


class Clients:
    """Connections, of which `locked` have no access any more."""

    def __init__(self, *locked: str) -> None:
        self.locked = locked
        self.asked: list[str] = []

    async def client(self, connection_id: str, /) -> object:
        self.asked.append(connection_id)
        if connection_id in self.locked:
            raise AuthError("No pass.", code="E-AUTH-PASTED")
        return object()


def files_of(*files: TransferRecord) -> Callable[[str], TransferRecord | None]:
    return {file.job: file for file in files}.get


def link_for(minutes: int) -> DownloadLink:
    return DownloadLink(Secret("https://files.example.com/report.csv"), START + timedelta(minutes=minutes))


def at(identity: str, state: JobState, connection: str = "acme") -> JobRecord:
    return job(identity, state, order=order(identity, connection))


async def test_only_what_really_goes_on_is_counted_and_what_needs_a_person_is_named() -> None:
    jobs = (
        at("watched", JobState.WATCHING),
        at("unsent", JobState.QUEUED),
        at("no pass", JobState.WATCHING, "pasted"),
        at("paused", JobState.PAUSED),
        replace(at("fetched", JobState.READY, "pasted"), link=link_for(9)),
        replace(at("folder gone", JobState.READY), link=link_for(4)),
        at("paused by hand", JobState.READY),
    )
    files = files_of(
        transfer("a", TransferState.PAUSED, job="folder gone", error_message="No such folder."),
        transfer("b", TransferState.PAUSED, job="paused by hand"),
        transfer("c", TransferState.WAITING, job="fetched"),
    )
    clients = Clients("pasted")
    going, stuck = await who_goes_on(jobs, files, clients)
    assert [record.id for record in going] == ["watched", "unsent", "fetched"]
    assert [record.id for record in stuck] == ["no pass", "paused", "folder gone"]
    assert clients.asked == ["acme", "pasted"]
    assert restored_words(going, START, stuck) == (
        "3 exports were under way; they go on. “no pass”, “paused” and 1 more need you. "
        "One link is still good for 9 min: it is fetched first."
    ), "the link that ends sooner is that of a file which waits for the person"


def test_what_goes_on_is_told_with_the_link_that_ends_first(qapp: object) -> None:
    users = at("Users", JobState.PAUSED)
    assert restored_words([], START) == ""
    assert restored_words([], START, [replace(users, link=link_for(4))]) == "“Users” needs you."
    ready = [replace(at(name, JobState.READY), link=link_for(minutes)) for name, minutes in (("a", 9), ("b", 4))]
    assert restored_words(ready, START) == (
        "2 exports were under way; they go on. One link is still good for 4 min: it is fetched first."
    )
    assert restored_words(ready[:1], START + timedelta(minutes=10)) == "1 export was under way; it goes on."
