"""What is done in turns leaves the loop to others before, between and after."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from sana_desktop.ui import turns
from sana_desktop.ui.turns import in_turns


async def test_what_comes_before_and_after_has_turns_of_its_own() -> None:
    seen: list[str] = []
    loop = asyncio.get_running_loop()

    def steps() -> Iterator[None]:
        for step in ("one", "two"):
            seen.append(step)
            yield
        loop.call_soon(seen.append, "others, after")

    loop.call_soon(seen.append, "others, before")
    await in_turns(steps())
    seen.append("what follows")
    assert seen == ["others, before", "one", "two", "others, after", "what follows"]


async def test_a_long_step_ends_its_turn() -> None:
    seen: list[str] = []
    loop = asyncio.get_running_loop()

    def steps() -> Iterator[None]:
        for step in ("one", "two"):
            seen.append(step)
            loop.call_soon(seen.append, "others")
            end = loop.time() + 2 * turns.TURN_SECONDS
            while loop.time() < end:
                pass
            yield

    await in_turns(steps())
    assert seen == ["one", "others", "two", "others"]
