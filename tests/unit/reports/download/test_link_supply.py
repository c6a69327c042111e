"""Which link is used, and when another is asked for (BEHAVIOUR.md B9, L21 to L26, C08, C09)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.errors import JobGone, LinkError, NetworkError, SanaError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.download.link_supply import LinkSupply
from tests.support.clock import ManualClock


class Job:
    """A job that gives scripted links."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.answers: list[DownloadLink | SanaError] = []
        self.refused: list[bool] = []

    def link(self, name: str, life: float | None = 3_600) -> DownloadLink:
        ends = None if life is None else self.clock.now() + timedelta(seconds=life)
        return DownloadLink(Secret(f"https://files.example.com/{name}"), ends)

    async def renew(self, refused: bool) -> DownloadLink:
        self.refused.append(refused)
        answer = self.answers.pop(0)
        if isinstance(answer, SanaError):
            raise answer
        return answer

    def supply(self, known: DownloadLink | None) -> LinkSupply:
        return LinkSupply(known, self.clock.now(), self.renew, self.clock.now, self.clock, 30.0)


async def test_a_link_with_time_left_is_used_as_it_is() -> None:
    job = Job()
    known = job.link("a")
    assert await job.supply(known).link(None) is known
    assert job.refused == []


@pytest.mark.parametrize(("life", "needed"), [(59, None), (600, 900.0), (-10, None), (None, 400.0)])
async def test_one_with_too_little_left_is_renewed_first(life: float | None, needed: float | None) -> None:
    job = Job()
    fresh = job.link("b")
    job.answers = [fresh]
    assert await job.supply(job.link("a", life)).link(needed) is fresh
    assert job.refused == [False]


async def test_a_wiped_link_is_asked_for() -> None:
    job = Job()
    fresh = job.link("b")
    job.answers = [fresh]
    assert await job.supply(None).link(None) is fresh


async def test_the_old_link_serves_while_it_lives_and_no_other_is_to_be_had() -> None:
    job = Job()
    known = job.link("a", 40)
    job.answers = [NetworkError("no net", code="E-NET")]
    assert await job.supply(known).link(None) is known


async def test_an_ended_one_without_a_network_waits_for_the_network() -> None:
    job = Job()
    job.answers = [NetworkError("no net", code="E-NET")]
    with pytest.raises(NetworkError):
        await job.supply(job.link("a", -1)).link(None)


async def test_C09_one_that_says_it_ended_is_tried_once_when_the_job_has_no_other() -> None:
    job = Job()
    known = job.link("a", -1)
    job.answers = [LinkError("none", code="E-LINK-EXPIRED")]
    supply = job.supply(known)
    assert await supply.link(None) is known
    with pytest.raises(LinkError) as caught:
        supply.died(403)
    assert caught.value.code == "E-LINK-EXPIRED"


async def test_links_of_a_short_life_are_not_renewed_for_ever() -> None:
    job = Job()
    fresh = job.link("b", 20)
    job.answers = [fresh]
    supply = job.supply(job.link("a", 20))
    assert await supply.link(None) is fresh
    assert await supply.link(None) is fresh


@pytest.mark.parametrize(("status", "code"), [(401, "E-LINK-REFUSED"), (403, "E-LINK-REFUSED"), (404, "E-LINK-GONE")])
async def test_L25_L26_a_second_death_without_progress_is_the_end(status: int, code: str) -> None:
    job = Job()
    job.answers = [job.link("b")]
    supply = job.supply(job.link("a"))
    await supply.link(None)
    supply.died(status)
    await supply.link(None)
    assert job.refused == [True]
    with pytest.raises(LinkError) as caught:
        supply.died(status)
    assert caught.value.code == code


async def test_L23_after_progress_a_death_is_a_new_one() -> None:
    job = Job()
    job.answers = [job.link("b"), job.link("c")]
    supply = job.supply(job.link("a"))
    supply.died(403)
    await supply.link(None)
    supply.progressed()
    supply.died(403)
    assert (await supply.link(None)).url.reveal().endswith("/c")


@pytest.mark.parametrize(
    ("life", "status", "ended", "code"),
    [
        (None, 403, True, "E-LINK-EXPIRED"),
        (3_600, 403, True, "E-LINK-EXPIRED"),
        (-1, 403, False, "E-LINK-EXPIRED"),
        (3_600, 403, False, "E-LINK-REFUSED"),
        (3_600, 410, False, "E-LINK-GONE"),
    ],
)
@pytest.mark.parametrize("gives", ["the same", "none"])
async def test_L24_to_L26_a_dead_link_without_another_is_the_end_for_its_own_reason(
    life: float | None, status: int, ended: bool, code: str, gives: str
) -> None:
    job = Job()
    known = job.link("a", life)
    job.answers = [known if gives == "the same" else LinkError("none", code="E-LINK-EXPIRED")]
    supply = job.supply(known)
    supply.died(status, ended=ended)
    with pytest.raises(LinkError) as caught:
        await supply.link(None)
    assert (caught.value.code, caught.value.http_status) == (code, status)


async def test_L24_a_job_that_is_gone_is_the_end() -> None:
    job = Job()
    job.answers = [JobGone("gone", code="E-JOB-GONE")]
    supply = job.supply(job.link("a"))
    supply.died(404)
    with pytest.raises(LinkError):
        await supply.link(None)
