"""Where the link of a download comes from: the known one, or a fresh one of the job (BEHAVIOUR.md B9, L21 to L26)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import LinkError, NetworkError, ServiceError
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download.link import Lease, lease

log = logging.getLogger(__name__)


class LinkSupply:
    """Hands out the link to use now, and renews it when it is about to end or turned out to be dead.

    Args:
        known: the job's last link, None if it was wiped; `seen_at` is when we saw it, by the site's clock.
        renew: looks at the job once more and returns its link; told whether the known one was refused.
        server_now: the site's time.
        fresh_enough_seconds: see `DownloadPolicy`.
    """

    def __init__(
        self,
        known: DownloadLink | None,
        seen_at: datetime,
        renew: Callable[[bool], Awaitable[DownloadLink]],
        server_now: Callable[[], datetime],
        clock: Clock,
        fresh_enough_seconds: float,
    ) -> None:
        self._link = known
        self._seen_at = seen_at
        self._renew = renew
        self._server_now = server_now
        self._clock = clock
        self._fresh_enough = fresh_enough_seconds
        self._got_at: float | None = None
        self._dead: DownloadLink | None = None
        self._verdict: LinkError | None = None
        self._renewed = False

    @property
    def lease(self) -> Lease | None:
        """Until when the link in use is good."""
        return None if self._link is None else lease(self._link.expires_at, self._seen_at)

    def progressed(self) -> None:
        """Note that the link in use works: should it die later, that is a new death, with a renewal of its own."""
        self._renewed = False

    async def link(self, transfer_seconds: float | None, *, doubtful: bool = False) -> DownloadLink:
        """Return the link to use now, a fresh one if the known one is dead or has too little time left.

        Args:
            transfer_seconds: estimated time for the rest, if there is an estimate.
            doubtful: the place it leads to could not be reached; the site may know another one.

        Raises:
            LinkError: the link ended and there is no other.
            NetworkError, AuthError, StorageError: as the renewal raised it.
        """
        if self._link is None or self._dead is not None:
            return await self._replaced()
        current = lease(self._link.expires_at, self._seen_at)
        due = doubtful or current.should_renew(self._server_now(), transfer_seconds)
        if not due or self._is_fresh():
            return self._link
        try:
            return await self._fetched(refused=False)
        except NetworkError as error:
            if current.seconds_left(self._server_now()) <= 0:
                raise
            log.info("no fresh link (%s), the old one still lives", error.code)
        except (ServiceError, LinkError) as error:
            # One attempt is made all the same: what a link says of its end may be wrong (C08, C09).
            log.info("the job gives no fresh link (%s)", error.code)
            self._renewed, self._got_at = True, self._clock.monotonic()
        return self._link

    def died(self, status: int, *, ended: bool = False) -> None:
        """Note that the link in use was answered with 401, 403, 404 or 410.

        Args:
            ended: the answer says that the link's time is over.

        Raises:
            LinkError: if it was a fresh one already: then only a new run helps.
        """
        verdict = self._judged(status, ended)
        if self._renewed:
            raise verdict
        self._dead, self._verdict = self._link, verdict

    async def _replaced(self) -> DownloadLink:
        dead, verdict = self._dead, self._verdict
        try:
            fresh = await self._fetched(refused=dead is not None)
        except (ServiceError, LinkError):
            raise verdict or words.link_ended() from None
        if dead is not None and fresh.url == dead.url:
            raise verdict or words.link_ended()
        return fresh

    async def _fetched(self, *, refused: bool) -> DownloadLink:
        fresh = await self._renew(refused)
        self._link, self._seen_at, self._got_at = fresh, self._server_now(), self._clock.monotonic()
        self._renewed, self._dead, self._verdict = True, None, None
        return fresh

    def _is_fresh(self) -> bool:
        return self._got_at is not None and self._clock.monotonic() - self._got_at < self._fresh_enough

    def _judged(self, status: int, ended: bool) -> LinkError:
        current = self.lease
        if ended or (current is not None and current.seconds_left(self._server_now()) <= 0):
            return words.link_ended(status)
        return words.link_gone(status) if status in {404, 410} else words.link_refused(status)
