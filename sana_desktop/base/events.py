"""Typed events: the core publishes, the window listens (ARCHITECTURE.md, law 3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Event = TypeVar("Event")
Unsubscribe = Callable[[], None]


class Topic(Generic[Event]):
    """One stream of events of one type, delivered at once, in order, on the publisher's thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._listeners: dict[int, Callable[[Event], None]] = {}
        self._next = 0

    def subscribe(self, listener: Callable[[Event], None]) -> Unsubscribe:
        """Call `listener` with every later event; the returned function ends that and may be called twice."""
        key = self._next
        self._next += 1
        self._listeners[key] = listener
        return lambda: self._listeners.pop(key, None) and None

    def publish(self, event: Event) -> None:
        """Hand `event` to every listener; one that raises is logged and does not keep it from the others."""
        for key, listener in tuple(self._listeners.items()):
            if key not in self._listeners:
                continue  # unsubscribed by a listener before it
            try:
                listener(event)
            except Exception:
                log.exception("a listener of %s failed", self._name)
