"""Notices that this computer has got another address of its own, which leaves a download waiting for ever (N10).

A laptop that goes from the desk to the sofa loses the address that its connections began with. Nothing tells them: no
byte comes any more, and no error. Only the silence, and then a look at the present address, tell.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

LOOK_SECONDS = 1.0
"""A change is seen in the second silent look at the latest, well within the 5 s that a download has to go on in."""

FindAddress = Callable[[tuple[Any, ...]], str | None]
"""Quick: the own address from which packets to a peer's socket address would leave now; None if there is no way."""


def own_address(peer: tuple[Any, ...]) -> str | None:
    """Ask the system's routes; a datagram socket that is connected sends nothing."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in peer[0] else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(peer)
            return str(probe.getsockname()[0])
    except OSError:
        return None


class AddressWatch:
    """Watches over a connection until `stop`; call `heard` whenever something came.

    Args:
        transport: the connection's; None if it is over, then there is nothing to watch.
        find: finds the own address; others than `own_address` only in tests.
        moved: called once, after a second of silence, if packets to the peer would leave from another address now than
            when the watch began. That they have no way at all is no change: there may be one again.
    """

    def __init__(self, transport: asyncio.BaseTransport | None, find: FindAddress, moved: Callable[[], None]) -> None:
        peer = transport.get_extra_info("peername") if transport is not None else None
        self._peer: tuple[Any, ...] = peer if isinstance(peer, tuple) else ()
        self._find = find
        self._moved = moved
        self._before = find(self._peer) if self._peer else None
        self._silent = False
        self._timer: asyncio.TimerHandle | None = None
        if self._before is not None:
            self._wait()

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def heard(self) -> None:
        """Something came."""
        self._silent = False

    def _wait(self) -> None:
        self._silent = True
        self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        if self._silent and self._find(self._peer) not in {None, self._before}:
            self._moved()
        else:
            self._wait()
