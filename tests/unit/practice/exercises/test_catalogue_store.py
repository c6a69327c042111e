"""Known exercises are kept over a restart, as they were, in bounds, and forgotten when somebody wants that."""

from __future__ import annotations

import pytest

from sana_desktop.api.practice_models import Exercise
from sana_desktop.practice.exercises import catalogue_store
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.catalogue_store import CatalogueSource, CatalogueStore, pack, unpack
from tests.support.outbox_bench import SITE, MemoryDatabase, SwiftClock

FILE, ANSWERS = CatalogueSource.FILE, CatalogueSource.ANSWERS
EXERCISES = (
    Exercise("é😀\u2028\n", "/a/b/", ("x", "y"), 1.5, 2.0, '{"irt_b": 0.1}', {"colour": ["red", None]}),
    Exercise("other", "/a/"),
    Exercise("plain", "/c/"),
)


@pytest.fixture
def database() -> MemoryDatabase:
    return MemoryDatabase()


@pytest.fixture
def book(database: MemoryDatabase) -> CatalogueStore:
    return CatalogueStore(database, SwiftClock())


async def test_what_is_kept_is_there_after_a_restart_as_it_was(book: CatalogueStore, database: MemoryDatabase) -> None:
    kept = await book.keep(SITE, Catalogue(EXERCISES), FILE, "catalogue\n1.csv")
    await book.keep(SITE, Catalogue(EXERCISES[2:]), ANSWERS)
    assert kept is not None
    again = CatalogueStore(MemoryDatabase(database.image()), SwiftClock())
    found = await again.load(SITE)
    assert found[FILE].catalogue.exercises == EXERCISES
    assert (found[FILE].name, found[FILE].at) == ("catalogue 1.csv", kept.at)
    assert (found[ANSWERS].name, found[ANSWERS].catalogue.exercises) == ("", EXERCISES[2:])
    assert await again.load("elsewhere") == {}


async def test_a_newer_one_takes_the_place_and_each_source_is_forgotten_by_itself(book: CatalogueStore) -> None:
    await book.keep(SITE, Catalogue(EXERCISES), FILE, "old.csv")
    await book.keep(SITE, Catalogue(EXERCISES[:1]), FILE, "new.csv")
    await book.keep(SITE, Catalogue(EXERCISES), ANSWERS)
    found = await book.load(SITE)
    assert (found[FILE].name, len(found[FILE].catalogue)) == ("new.csv", 1)
    await book.forget(SITE, FILE)
    assert set(await book.load(SITE)) == {ANSWERS}
    await book.forget(SITE, FILE, ANSWERS)
    assert await book.load(SITE) == {}


async def test_one_too_large_is_not_kept_and_what_was_kept_stays(
    book: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book.keep(SITE, Catalogue(EXERCISES[2:]), FILE, "small.csv")
    monkeypatch.setattr(catalogue_store, "MAX_BYTES", 40)
    assert await book.keep(SITE, Catalogue(EXERCISES), FILE, "large.csv") is None
    assert (await book.load(SITE))[FILE].name == "small.csv"


async def test_those_of_connections_that_are_gone_go(book: CatalogueStore, database: MemoryDatabase) -> None:
    database.connection.execute(
        "INSERT INTO connections (id, name, origin, colour, mark, access, created_at)"
        " VALUES ('there', 'T', 'https://t.sana.ai', 'slate', 'live', 'client', '')"
    )
    for connection_id in ("gone", "there", SITE):
        await book.keep(connection_id, Catalogue(EXERCISES), ANSWERS)
    rows = database.connection.execute("SELECT connection_id FROM practice_catalogues ORDER BY 1").fetchall()
    assert rows == [(SITE,), ("there",)]


@pytest.mark.parametrize(
    "change", ["exercises = x'00'", "exercises = substr(exercises, 1, 4)", "loaded_at = 'never'"], ids=str
)
async def test_a_damaged_one_is_left_out_and_the_other_is_there(
    book: CatalogueStore, database: MemoryDatabase, change: str
) -> None:
    await book.keep(SITE, Catalogue(EXERCISES), FILE, "c.csv")
    await book.keep(SITE, Catalogue(EXERCISES), ANSWERS)
    database.connection.execute(f"UPDATE practice_catalogues SET {change} WHERE source = 'file'")
    assert set(await book.load(SITE)) == {ANSWERS}


def test_a_bomb_is_unpacked_to_its_bound_only(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Exercise(f"e{n}", "/a/") for n in range(1_000)]
    packed = pack(many)
    assert packed is not None
    monkeypatch.setattr(catalogue_store, "MAX_BYTES", 1_000)
    found = list(unpack(packed))
    assert found == many[: len(found)]
    assert 0 < len(found) < 50


def test_what_can_not_be_written_down_is_left_out() -> None:
    packed = pack([Exercise("", "/a/"), Exercise("half of a sign \ud800", "/a/"), *EXERCISES])
    assert packed is not None
    assert tuple(unpack(packed)) == EXERCISES
