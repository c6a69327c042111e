"""Cyclic garbage is collected on the window's thread, and a collection never looks at a whole session."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sana_desktop.ui.garbage import MAX_AT_ONCE, MainThreadGarbage


class Knot:
    """Part of a cycle: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[MainThreadGarbage]:
    gc.collect()
    with MainThreadGarbage() as found:
        yield found
    gc.unfreeze()


def records(count: int) -> list[list[int]]:
    return [[number] for number in range(count)]


def test_a_cycle_is_collected(garbage: MainThreadGarbage) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    kept = records(1_000)
    garbage.look()
    assert gone() is None
    assert kept


def test_what_comes_in_thousands_is_looked_at_once_at_most(garbage: MainThreadGarbage) -> None:
    kept = records(MAX_AT_ONCE * 3)
    garbage.look()
    assert len(gc.get_objects()) < MAX_AT_ONCE
    assert gc.get_freeze_count() > len(kept)


def test_what_comes_little_by_little_is_set_aside_before_it_is_too_much(garbage: MainThreadGarbage) -> None:
    kept = []
    for _ in range(40):
        kept.append(records(4_000))
        garbage.look()
        assert len(gc.get_objects()) < MAX_AT_ONCE * 2


def test_garbage_that_comes_little_by_little_sets_nothing_aside(garbage: MainThreadGarbage) -> None:
    before = gc.get_freeze_count()
    for _ in range(40):
        knots = [Knot() for _ in range(2_000)]
        del knots
        garbage.look()
    assert gc.get_freeze_count() == before


def test_in_the_background_all_is_looked_at(garbage: MainThreadGarbage, qapp: QApplication) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    kept = records(MAX_AT_ONCE * 3)
    garbage.look()
    del knot
    garbage.look()
    assert gone() is not None, "it was set aside with the others"
    garbage.look_at_all()
    assert gone() is None
    assert gc.get_freeze_count() > len(kept)


def test_who_comes_back_soon_is_not_held_up(garbage: MainThreadGarbage, qapp: QApplication) -> None:
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert garbage.waits()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert not garbage.waits()
