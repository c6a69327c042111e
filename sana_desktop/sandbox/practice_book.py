"""The learners of the practice API: takes their outcomes in, chooses their next exercises, remembers both."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sana_desktop.sandbox.catalogue import Item, catalogue, segments
from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock
from sana_desktop.sandbox.content import Content, concept_of
from sana_desktop.sandbox.flaws import Flaw, chooser
from sana_desktop.sandbox.learner_model import Answer, Learner, answer_of, learn, means
from sana_desktop.sandbox.practice_checks import Given, NextBody
from sana_desktop.sandbox.practice_record import Entry, PracticeRecord
from sana_desktop.sandbox.recommender import Question

MAX_LEARNERS = 5_000
MAX_ARRIVALS = 20_000


class PracticeBook:
    """Lives on the event loop's thread; `arrivals` and `ability` may be read from any."""

    def __init__(self, clock: SandboxClock, record: PracticeRecord, flaw: Flaw | None = None) -> None:
        self.flaw = flaw
        self.content = Content(catalogue())
        self._clock = clock
        self._record = record
        self._learners: OrderedDict[str, Learner] = OrderedDict()
        self._arrivals: deque[tuple[str, Given]] = deque(maxlen=MAX_ARRIVALS)

    def restore(self) -> None:
        """Take up the answers of an earlier run."""
        known = {item.id: item for item in self.content.known}
        for entry in self._record.read():
            with suppress(KeyError, TypeError, ValueError):
                item = known[entry.exercise] if isinstance(entry.exercise, str) else self.content.meet(entry.exercise)
                self._take(entry, item)

    def close(self) -> None:
        self._record.close()

    def take(self, user_id: str, outcomes: Iterable[Given]) -> None:
        """Learn from checked outcomes, in their order."""
        arrived = self._now()
        for given in outcomes:
            item = self.content.meet(given.exercise)
            answer = answer_of(given.outcome["result"], given.outcome.get("score"), given.exercise.get("max_score"))
            exercise = item.id if self.content.is_known(item) else item.content
            entry = Entry(user_id, exercise, answer.success, answer.weight, given.completed, arrived)
            self._take(entry, item)
            self._record.append(entry)
            self._arrivals.append((user_id, given))

    def next(self, body: NextBody) -> tuple[Item, ...]:
        """The exercises for a checked request, whose own outcomes have been taken."""
        learner = self._learners.get(body.user_id) or Learner()
        question = Question(body.count, body.challenge, body.is_review, body.paths, body.tags)
        return chooser(self.flaw)(self.content, learner, question, learner.now(self._now()))

    def arrivals(self, user_id: str | None = None) -> tuple[dict[str, Any], ...]:
        """The newest outcomes that were taken, oldest first, as they came: what really arrived, and how often."""
        return tuple(
            {"user_id": user, "exercise": given.exercise, "outcome": given.outcome}
            for user, given in tuple(self._arrivals)
            if user_id in (None, user)
        )

    def forget_arrivals(self) -> None:
        self._arrivals.clear()

    def ability(self, user_id: str, path: str = "") -> float:
        """The estimated ability in logits, in general or at a place of the hierarchy; 0 of a learner not known."""
        learner = self._learners.get(user_id)
        if learner is None:
            return 0.0
        held = replace(learner, estimates=dict(learner.estimates))  # it may be asked from another thread
        believed = means(held, held.now(self._now()))
        return sum(believed.get(node, 0.0) for node in self.content.known_chain(segments(path)))

    def _take(self, entry: Entry, item: Item) -> None:
        learner = self._learner(entry.user_id)
        answer = Answer(entry.success, entry.weight)
        error = learn(learner, self.content.chain(item.path), self.content.difficulty(item), answer, entry.completed)
        self.content.unsettle(item, error * entry.weight)
        learner.note(item.id, concept_of(item.path), entry.arrived)

    def _learner(self, user_id: str) -> Learner:
        learner = self._learners.get(user_id)
        if learner is None:
            learner = self._learners[user_id] = Learner()
            if len(self._learners) > MAX_LEARNERS:
                self._learners.popitem(last=False)
        self._learners.move_to_end(user_id)
        return learner

    def _now(self) -> float:
        return self._clock.true_ns() / NANOSECONDS


def catalogue_page(items: tuple[Item, ...], offset: int, limit: int) -> Mapping[str, object]:
    """A part of the catalogue in its own order."""
    return {"exercises": [item.content for item in items[offset : offset + limit]], "total": len(items)}
