"""Which exercises come next: pure, and the same for the same learner and question.

A challenge level c asks for exercises that this learner fails with probability c. The difficulty aimed at in a
topic is θ + logit(c), the Rasch model solved for b; taking the exercise whose predicted success is nearest to a
target is the rule of S. Klinkenberg, M. Straatemeier & H. van der Maas, Computer adaptive practice of Maths ability,
Computers & Education 57, 2011. The difficulties of the catalogue are taken as known, as those of a calibrated item
bank are; only those of partners' own content are learnt (content.py).

Costs in logits are added to the distance from the aim and the cheapest exercise wins:

- what was done a short while ago costs most, fading with the answers since then: repeats are avoided where
  anything else fits, and come back in the end;
- a topic that was just practised costs a little: topics alternate (interleaving: D. Rohrer, Interleaving Helps
  Students Distinguish among Similar Concepts, Educational Psychology Review 24, 2012);
- with the decision left to us, that weighs more, and a topic that has faded is cheaper the longer it rested
  (spacing: N. Cepeda and others, Distributed Practice in Verbal Recall Tasks, Psychological Bulletin 132, 2006).

Left out, the challenge is 0.25: three of four succeed, the middle level of Klinkenberg and others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sana_desktop.sandbox.catalogue import Item
from sana_desktop.sandbox.content import Concept, Content, Group, Pool, nearest
from sana_desktop.sandbox.learner_model import (
    HALF_LIFE_DAYS,
    SECONDS_A_DAY,
    Learner,
    logit,
    means,
)

OWN_CHALLENGE = 0.25
_EASIEST, _TOUGHEST = 0.02, 0.98  # 0 and 1 lie at infinity
_JUST_DONE_ANSWERS, _JUST_DONE_COST = 5, 20.0
_REPEAT_COST, _REPEAT_HALVES = 1.0, 60.0  # halved every so many answers
_SAME_TOPIC_COST, _OWN_SAME_TOPIC_COST = 0.05, 0.4
_TOPIC_HALVES = 3.0
_IN_SET_COST = 0.15
_RESTED_GAIN = 0.5
_TOPIC_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `challenge` None leaves it to us."""

    count: int = 1
    challenge: float | None = None
    is_review: bool = False
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class _Offer(NamedTuple):
    """The cheapest exercise that a topic has left; `risk` grows with the predicted probability of failure."""

    cost: float
    order: int  # of the topic, so that of two that cost the same it is always the same one
    risk: float
    item: Item
    group: Group


class _Choice:
    """One set being chosen."""

    def __init__(self, learner: Learner, question: Question, now: float) -> None:
        challenge = OWN_CHALLENGE if question.challenge is None else question.challenge
        self._own = question.challenge is None
        self._learner = learner
        self._now = now
        self._above = logit(min(_TOUGHEST, max(_EASIEST, challenge)))
        self._means = means(learner, now)
        self._taken: set[str] = set()
        self._in_set: dict[Concept, int] = {}
        self._topics: dict[Concept, float] = {}

    def offer(self, group: Group, order: int) -> _Offer | None:
        believed = self._means
        ability = 0.0
        for node in group.chain:
            ability += believed.get(node, 0.0)
        index, cost = self._cheapest(group, ability + self._above)
        if index < 0:
            return None
        risk = group.difficulties[index] - ability
        return _Offer(cost + self._topic(group.concept), order, risk, group.items[index], group)

    def _cheapest(self, group: Group, aim: float) -> tuple[int, float]:
        """Index and cost of the exercise to take from a topic, -1 where none is left."""
        done, taken, ids, difficulties = self._learner.done, self._taken, group.ids, group.difficulties
        best, least = -1, math.inf
        for index in nearest(difficulties, aim):
            cost = abs(difficulties[index] - aim)
            if cost >= least:
                break
            identity = ids[index]
            if identity in taken:
                continue
            if identity not in done:
                return index, cost
            cost += self._repeat(done[identity])
            if cost < least:
                best, least = index, cost
        return best, least

    def take(self, offer: _Offer) -> None:
        concept = offer.group.concept
        self._taken.add(offer.item.id)
        self._in_set[concept] = self._in_set.get(concept, 0) + 1
        self._topics.pop(concept, None)

    def _repeat(self, done: int) -> float:
        since = self._learner.answers - done
        if since < _JUST_DONE_ANSWERS:
            return _JUST_DONE_COST - since  # of several, the one that rested longest
        return float(_REPEAT_COST * 0.5 ** (since / _REPEAT_HALVES))

    def _topic(self, concept: Concept) -> float:
        cost = self._topics.get(concept)
        if cost is None:
            cost = self._topics[concept] = self._topic_cost(concept)
        return cost

    def _topic_cost(self, concept: Concept) -> float:
        cost = _IN_SET_COST * self._in_set.get(concept, 0)
        met = self._learner.met.get(concept)
        if met is None:
            return cost
        since = self._learner.answers - met
        cost += (_OWN_SAME_TOPIC_COST if self._own else _SAME_TOPIC_COST) * 0.5 ** (since / _TOPIC_HALVES)
        if self._own:
            days = max(0.0, self._now - self._learner.met_at[concept]) // SECONDS_A_DAY
            cost -= _RESTED_GAIN * (1.0 - 0.5 ** (days / HALF_LIFE_DAYS[_TOPIC_LEVEL]))
        return float(cost)


def eligible(content: Content, learner: Learner, question: Question) -> Pool:
    """What the constraints allow this learner: `is_review` leaves the topics that the learner has met."""
    pool = content.pool(question.paths, question.tags, is_review=question.is_review)
    if not question.is_review:
        return pool
    return Pool(tuple(group for group in pool.groups if group.concept in learner.met))


def recommend(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    """The next exercises in the best order: at most `count`, no exercise twice, fewer if fewer are allowed."""
    choice = _Choice(learner, question, now)
    groups = eligible(content, learner, question).groups
    offers = [offer for order, group in enumerate(groups) if (offer := choice.offer(group, order))]
    chosen: list[_Offer] = []
    while offers and len(chosen) < question.count:
        best = min(offers)
        chosen.append(best)
        choice.take(best)
        if len(chosen) < question.count:
            offers = list(_after(offers, best, choice))
    return tuple(offer.item for offer in _in_order(chosen))


def _after(offers: list[_Offer], taken: _Offer, choice: _Choice) -> Iterator[_Offer]:
    """The topic became dearer, and it has one exercise less."""
    for offer in offers:
        if offer.group.concept != taken.group.concept:
            yield offer
        elif fresh := choice.offer(offer.group, offer.order):
            yield fresh


def _in_order(chosen: list[_Offer]) -> Iterator[_Offer]:
    """From the surest to the hardest, so that a set warms up, and no topic twice in a row where there is another
    (interleaving, as above)."""
    left = sorted(chosen, key=lambda offer: offer.risk)
    last: Concept | None = None
    while left:
        index = next((index for index, offer in enumerate(left) if offer.group.concept != last), 0)
        offer = left.pop(index)
        last = offer.group.concept
        yield offer
