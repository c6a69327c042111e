"""Everything that the practice page works with, built and open; `bootstrap` makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sana_desktop.practice.compare.repeatability import RepeatabilityStore
    from sana_desktop.practice.exercises.catalogue_store import CatalogueStore
    from sana_desktop.practice.findings import FindingStore
    from sana_desktop.practice.learners import LearnerStore
    from sana_desktop.practice.outcomes.delivery import Delivery
    from sana_desktop.practice.outcomes.outbox import OutboxLedger
    from sana_desktop.practice.outcomes.outbox_sites import OutboxSites
    from sana_desktop.practice.replay.service import ReplayService
    from sana_desktop.practice.sessions.exchange_store import ExchangeStore
    from sana_desktop.practice.sessions.rerun_marks import RerunMarks
    from sana_desktop.practice.sessions.sessions import SessionStore
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
    learners: LearnerStore
    sessions: SessionStore
    replays: ReplayService
    catalogues: CatalogueStore
    repeats: RepeatabilityStore
    findings: FindingStore
    sites: OutboxSites
    exchanges: ExchangeStore
    reruns: RerunMarks
