"""Qt's objects that a module leaves go on the thread that made them."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def collected_here() -> Iterator[None]:
    """Else a later test's thread may collect them, and Qt's timers do not survive that."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
