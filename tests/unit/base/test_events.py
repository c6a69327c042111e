"""Topics deliver in order, to those who listen, whatever one of them does."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from sana_desktop.base.events import Topic


def test_events_come_in_order_until_unsubscribed() -> None:
    topic: Topic[int] = Topic("numbers")
    seen: list[int] = []
    topic.publish(0)
    stop = topic.subscribe(seen.append)
    topic.publish(1)
    topic.publish(2)
    stop()
    stop()
    topic.publish(3)
    assert seen == [1, 2]


def test_a_listener_that_raises_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    topic: Topic[int] = Topic("numbers")
    seen: list[int] = []

    def broken(number: int) -> None:
        raise RuntimeError("no")

    topic.subscribe(broken)
    topic.subscribe(seen.append)
    with caplog.at_level(logging.ERROR):
        topic.publish(1)
    assert seen == [1]
    assert "a listener of numbers failed" in caplog.text


def test_listeners_may_come_and_go_while_an_event_is_delivered() -> None:
    topic: Topic[str] = Topic("words")
    seen: list[str] = []

    def once(word: str) -> None:
        seen.append(f"once {word}")
        stop()
        topic.subscribe(lambda later: seen.append(f"late {later}"))

    stop = topic.subscribe(once)
    topic.publish("a")
    topic.publish("b")
    assert seen == ["once a", "late b"]


def test_one_that_was_unsubscribed_during_delivery_hears_no_more() -> None:
    topic: Topic[int] = Topic("numbers")
    seen: list[int] = []
    stops: list[Callable[[], None]] = []
    topic.subscribe(lambda number: stops[0]())
    stops.append(topic.subscribe(seen.append))
    topic.publish(1)
    assert seen == []


def test_the_same_listener_may_subscribe_twice() -> None:
    topic: Topic[int] = Topic("numbers")
    seen: list[int] = []
    first = topic.subscribe(seen.append)
    topic.subscribe(seen.append)
    first()
    topic.publish(5)
    assert seen == [5]
