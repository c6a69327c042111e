"""Recommenders with a known flaw, so that a health check of recommenders can be shown to catch it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias, get_args

from sana_desktop.sandbox.catalogue import Item
from sana_desktop.sandbox.content import Content
from sana_desktop.sandbox.learner_model import Learner
from sana_desktop.sandbox.recommender import Question, eligible, recommend

Flaw: TypeAlias = Literal[
    "random",  # any exercises that the constraints allow, others each time
    "constant",  # the first that the constraints allow, whatever the learner does and however hard they shall be
    "ignores_tags",
    "ignores_paths",
    "ignores_count",  # one more than asked for
    "ignores_challenge",  # decides by itself
    "ignores_answers",  # adapts to nobody
    "repeats",  # the first of a set again and again; one at a time: what was done last, again
    "harder_after_wrong",  # takes the learner for as able as unable, and the other way round
    "review_unseen",  # a review brings topics that the learner has not met
    "empty_when_hard",  # nothing for a challenge above 0.5
]
FLAWS: tuple[Flaw, ...] = get_args(Flaw)

Chooser: TypeAlias = Callable[[Content, Learner, Question, float], tuple[Item, ...]]


def chooser(flaw: Flaw | None) -> Chooser:
    """The recommender, or the flawed one of that name."""
    return recommend if flaw is None else _FLAWED[flaw]


def _random(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    allowed = _allowed(content, learner, question)
    return tuple(random.sample(allowed, min(question.count, len(allowed))))


def _constant(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    return tuple(_allowed(content, learner, question)[: question.count])


def _allowed(content: Content, learner: Learner, question: Question) -> list[Item]:
    return [item for group in eligible(content, learner, question).groups for item in group.items]


def _ignores_tags(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    return recommend(content, learner, replace(question, tags=()), now)


def _ignores_paths(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    return recommend(content, learner, replace(question, paths=()), now)


def _ignores_count(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    return recommend(content, learner, replace(question, count=question.count + 1), now)


def _ignores_challenge(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    return recommend(content, learner, replace(question, challenge=None), now)


def _ignores_answers(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    return recommend(content, replace(learner, estimates={}, done={}), question, now)


def _repeats(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    fresh = recommend(content, learner, question, now)
    if len(fresh) > 1:
        return (fresh[0],) * len(fresh)
    allowed = [item for item in _allowed(content, learner, question) if item.id in learner.done]
    return (max(allowed, key=lambda item: learner.done[item.id]),) if allowed else fresh


def _harder_after_wrong(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    mirrored = {node: replace(held, mean=-held.mean) for node, held in learner.estimates.items()}
    return recommend(content, replace(learner, estimates=mirrored), question, now)


def _review_unseen(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    if not question.is_review:
        return recommend(content, learner, question, now)
    return recommend(content, replace(learner, met={}, met_at={}), replace(question, is_review=False), now)


def _empty_when_hard(content: Content, learner: Learner, question: Question, now: float) -> tuple[Item, ...]:
    if question.challenge is not None and question.challenge > 0.5:
        return ()
    return recommend(content, learner, question, now)


_FLAWED: dict[Flaw, Chooser] = {
    "random": _random,
    "constant": _constant,
    "ignores_tags": _ignores_tags,
    "ignores_paths": _ignores_paths,
    "ignores_count": _ignores_count,
    "ignores_challenge": _ignores_challenge,
    "ignores_answers": _ignores_answers,
    "repeats": _repeats,
    "harder_after_wrong": _harder_after_wrong,
    "review_unseen": _review_unseen,
    "empty_when_hard": _empty_when_hard,
}
