"""Delivery as what simulations, sweeps and checks are driven against: for test learners alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sana_desktop.api.practice_errors import outcomes_unknown
from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.errors import OutcomesRefused
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.sending import closing


class DeliveryAsker:
    """Asks and posts over the outbox of one connection.

    A real person's id is refused (E-LEARNER-REAL): what plays by itself has no button that anyone could hold (B26).

    Args:
        session: the session that the outcomes belong to.
    """

    def __init__(self, delivery: Delivery, connection_id: str, session: str | None = None) -> None:
        self._delivery = delivery
        self._connection_id = connection_id
        self._session = session

    async def next(self, query: NextQuery) -> Recommendation:
        """Ask for exercises; outcomes in the query travel in the same request. Raises as `Delivery.next`."""
        await self._keep(query.user_id, query.outcomes)
        question = replace(query, outcomes=())
        return await self._delivery.next(
            self._connection_id, question, combined=bool(query.outcomes), session=self._session
        )

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        """Post outcomes, wait for the answer and return the exchange, the last of them if it took several.

        Raises:
            SanaError: they were not all taken; what became of each is in the outbox.
        """
        await self._keep(user_id, outcomes)
        flushed = await self._delivery.flush(self._connection_id, user_id)
        if not flushed.all_answered:
            raise flushed.error or closing()
        if flushed.unknown:
            raise outcomes_unknown()
        if flushed.parked:
            raise OutcomesRefused(
                "The site did not take {count} of the answers. They are kept, with the reason.",
                code="E-OUT-REFUSED",
                next_step="Look at them among the answers on their way.",
                values={"count": flushed.parked},
            )
        return flushed.exchange

    async def _keep(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        if outcomes:
            await self._delivery.put(self._connection_id, user_id, outcomes, self._session)
