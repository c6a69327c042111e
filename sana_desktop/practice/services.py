"""Everything that the practice page works with, built and open; `bootstrap` makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sana_desktop.practice.compare.repeatability import RepeatBook
    from sana_desktop.practice.exercises.catalogue_book import CatalogueBook
    from sana_desktop.practice.findings import FindingBook
    from sana_desktop.practice.learners import LearnerBook
    from sana_desktop.practice.outcomes.delivery import Delivery
    from sana_desktop.practice.outcomes.outbox import OutboxLedger
    from sana_desktop.practice.outcomes.outbox_sites import OutboxSites
    from sana_desktop.practice.replay.service import ReplayService
    from sana_desktop.practice.sessions.exchange_book import ExchangeBook
    from sana_desktop.practice.sessions.rerun_marks import RerunMarks
    from sana_desktop.practice.sessions.sessions import SessionBook
    from sana_desktop.workspace.practice_clients import PracticeClients


@dataclass(frozen=True, slots=True)
class PracticeServices:
    """The services of practice. Each type says what it is.

    At the start: `await learners.load()`, then `await delivery.restore()`. At the end: `await delivery.stop()` before
    the supervisor stops, then `await clients.aclose()`.
    """

    clients: PracticeClients
    ledger: OutboxLedger
    delivery: Delivery
    learners: LearnerBook
    sessions: SessionBook
    replays: ReplayService
    catalogues: CatalogueBook
    repeats: RepeatBook
    findings: FindingBook
    sites: OutboxSites
    exchanges: ExchangeBook
    reruns: RerunMarks
