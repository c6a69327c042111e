"""What was found of a site is known after a restart, with its date, and never taken for what was just checked."""

from __future__ import annotations

import pytest

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatabilityStore, RepeatVerdict
from sana_desktop.practice.findings import FindingStore
from sana_desktop.practice.health.report import Finding, HealthLine, HealthReport, HealthVerdict
from tests.support.outbox_bench import MemoryDatabase, SwiftClock

SITE = "site"
VARIES = Repeatability(RepeatVerdict.VARIES, 3, 0.6)
REPORT = HealthReport(
    (
        HealthLine(
            "count",
            Words("As many exercises come as were asked for"),
            Finding(HealthVerdict.PASS, (Words("{n} of {of} came: “{title}”.", n=3, of=5, title="a {curly} one"),)),
            5,
        ),
        HealthLine("empty", Words("It is empty only when nothing fits"), Finding(HealthVerdict.CANNOT_TELL, ()), 8),
    ),
    complete=False,
)


@pytest.fixture
def database() -> MemoryDatabase:
    return MemoryDatabase()


@pytest.fixture
def book(database: MemoryDatabase) -> FindingStore:
    return FindingStore(database, SwiftClock())


async def test_the_last_verdict_of_each_site_is_known_after_a_restart_with_its_date(book: FindingStore) -> None:
    await book.keep_repeatability(SITE, Repeatability(RepeatVerdict.REPEATABLE, 2, 1.0))
    await book.keep_repeatability(SITE, VARIES)
    await book.keep_repeatability("other", Repeatability(RepeatVerdict.REPEATABLE, 2, 1.0))
    known = RepeatabilityStore(await book.repeatability())
    found = known.of(SITE, [NextQuery("u")])
    assert found is not None
    assert (found.verdict, found.asked, found.agreement) == (RepeatVerdict.VARIES, 3, 0.6)
    assert found.earlier is not None
    first, second, third = found.words()
    assert first == f"Checked on {found.earlier.astimezone():%d %b %H:%M}."
    assert second.startswith("Asked 3 times, the answer varied")
    assert third == "It may have been another question."
    assert not known.knows(SITE, NextQuery("u")), "a comparison asks twice all the same"
    known.note(SITE, VARIES, NextQuery("u"))
    assert known.of(SITE, [NextQuery("u")]) is VARIES


async def test_what_is_found_is_handed_on_to_be_kept() -> None:
    kept: list[tuple[str, Repeatability]] = []
    known = RepeatabilityStore(keep=lambda site, found: kept.append((site, found)))
    known.note(SITE, VARIES, NextQuery("u"))
    known.note(SITE, VARIES)
    assert kept == [(SITE, VARIES)] * 2


async def test_the_last_health_report_comes_back_word_by_word(book: FindingStore) -> None:
    assert await book.health(SITE) is None
    await book.keep_health(SITE, HealthReport(()))
    at = await book.keep_health(SITE, REPORT)
    found = await book.health(SITE)
    assert found is not None
    assert (found.report, found.at) == (REPORT, at)
    (words,) = found.report.lines[0].finding.evidence
    assert words.say(lambda template: template.replace("came", "kamen")) == "3 of 5 kamen: “a {curly} one”."
    assert await book.health("other") is None


async def test_what_was_found_holds_for_the_address_and_the_key_it_was_found_with(database: MemoryDatabase) -> None:
    places = {SITE: "site https://eu 1"}
    book = FindingStore(database, SwiftClock(), places.__getitem__)
    known = RepeatabilityStore(place=places.__getitem__)
    known.note(SITE, VARIES, NextQuery("u"))
    await book.keep_repeatability(SITE, VARIES)
    await book.keep_health(SITE, REPORT)
    for other in ("site https://us 1", "site https://eu 2"):
        places[SITE] = other
        assert known.of(SITE, [NextQuery("u")]) is None
        assert not known.knows(SITE, NextQuery("u"))
        assert (await book.repeatability(), await book.health(SITE)) == ({}, None)
    places[SITE] = "site https://eu 1"
    assert known.of(SITE, [NextQuery("u")]) is VARIES, "where it was found, it holds"
    assert await book.health(SITE) is not None
    assert RepeatabilityStore(await book.repeatability(), place=places.__getitem__).of(SITE) is not None


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"verdict": "odd", "asked": 1, "agreement": 1}', '{"lines": [[]]}'])
async def test_a_row_that_makes_no_sense_is_as_if_there_were_none(
    book: FindingStore, database: MemoryDatabase, body: str
) -> None:
    await book.keep_repeatability(SITE, VARIES)
    await book.keep_health(SITE, REPORT)
    database.connection.execute("UPDATE practice_findings SET body = ?", (body,))
    assert await book.repeatability() == {}
    assert await book.health(SITE) is None
