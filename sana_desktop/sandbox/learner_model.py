"""What is known of a learner: an online estimate of ability at every level of the content's hierarchy. Pure.

The model. Ability in a topic is a sum of what the learner brings in general, in the subject and in the topic (a
hierarchical Elo system: R. Pelánek, Applications of the Elo rating system in adaptive educational systems, Computers
& Education 98, 2016). An answer succeeds with probability σ(θ - b), the Rasch model (G. Rasch, Probabilistic Models
for Some Intelligence and Attainment Tests, 1960), θ ability and b difficulty, both in logits.

The update. Each level holds a mean and a variance. After an answer y (1 success, 0 failure) each mean moves by its
gain times the error y - p, the gain being variance / (1 + w·Σvariance) with w = p(1 - p): one step of the extended
Kalman filter of a logistic model, as in Glicko with an opponent whose strength is known (M. Glickman, Parameter
estimation in large dynamic paired comparison experiments, Applied Statistics 48, 1999). It is Elo's rule with the
"uncertainty function" of Pelánek 2016: the step shrinks as answers come in.

Forgetting. While nothing happens an estimate loses what it knew: the mean, and how sure it is, decay exponentially to
the prior with a half-life a level, the shorter the more specific (exponential forgetting: H. Ebbinghaus 1885; one
half-life an item: B. Settles & B. Meeder, A Trainable Spaced Repetition Model, ACL 2016, eq. 1; growing variance
between rating periods: Glickman 1999, here as a stationary first-order process so that it stays bounded).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

SECONDS_A_DAY = 86_400.0

# By level: in general, subject, topic. A lesson's own ability would drown in the noise of its few answers.
PRIOR_VARIANCE = (3.0, 0.3, 0.2)
HALF_LIFE_DAYS = (720.0, 360.0, 90.0)
LEVELS = len(PRIOR_VARIANCE)
# Learners change while they practise: an answer adds this share of the prior variance (Glickman 1999).
DRIFT = 0.002
# A skipped exercise is taken for a failure of half weight: omitted answers tell less than wrong ones (F. Lord,
# Estimation of latent ability and item parameters when there are omitted responses, Psychometrika 39, 1974).
SKIPPED_WEIGHT = 0.5
PARTLY_WITHOUT_SCORE = 0.5
MAX_NOTED = 10_000  # exercises and concepts of one learner

Node = int  # a place in the hierarchy; the first of a chain is the root


@dataclass(slots=True)
class Estimate:
    """Of one level at one place, logits; `at` is when it was last moved, seconds since 1970."""

    level: int
    mean: float
    variance: float
    at: float


@dataclass(slots=True)
class Learner:
    """All that is kept of one learner.

    Attributes:
        estimates: by node; a node that is not here stands at its prior.
        answers: how many there were.
        done: for each exercise done, the number of the answer that did it last.
        met: for each concept met, the number of the last answer in it.
        met_at: and when, seconds since 1970.
        last: completion of the newest outcome; `arrived` is when it came here. Both in seconds since 1970.
    """

    estimates: dict[Node, Estimate] = field(default_factory=dict)
    answers: int = 0
    done: dict[str, int] = field(default_factory=dict)
    met: dict[tuple[str, ...], int] = field(default_factory=dict)
    met_at: dict[tuple[str, ...], float] = field(default_factory=dict)
    last: float = 0.0
    arrived: float = 0.0

    def now(self, server_now: float) -> float:
        """The learner's own time: the API carries no "now", and outcomes may be of any year, so it is the last
        completion plus the whole days since that arrived. Within a day the same question has the same answer."""
        if not self.answers:
            return server_now
        return self.last + max(0.0, (server_now - self.arrived) // SECONDS_A_DAY) * SECONDS_A_DAY

    def note(self, exercise: str, concept: tuple[str, ...], arrived: float) -> None:
        """An answer, just learnt from, was about this."""
        self.arrived = arrived
        self.answers += 1
        self.done[exercise] = self.answers
        self.met.pop(concept, None)
        self.met[concept] = self.answers
        self.met_at[concept] = self.last
        if len(self.done) > MAX_NOTED:
            self.done = dict(sorted(self.done.items(), key=lambda entry: entry[1])[MAX_NOTED // 2 :])
        if len(self.met) > MAX_NOTED:
            oldest = next(iter(self.met))
            del self.met[oldest], self.met_at[oldest]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the model takes it: success from 0 to 1, and how much it weighs."""

    success: float
    weight: float = 1.0


def answer_of(result: str, score: float | None, max_score: float | None) -> Answer:
    """`partially_correct` counts as its share of the points where both are given, else as a half (a share in place
    of 0 or 1 is the fractional logit: L. Papke & J. Wooldridge, Journal of Applied Econometrics 11, 1996)."""
    if result == "correct":
        return Answer(1.0)
    if result == "skipped":
        return Answer(0.0, SKIPPED_WEIGHT)
    if result == "partially_correct":
        if score is None or max_score is None or max_score <= 0:
            return Answer(PARTLY_WITHOUT_SCORE)
        return Answer(min(1.0, max(0.0, score / max_score)))
    return Answer(0.0)


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0


def logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def means(learner: Learner, now: float) -> dict[Node, float]:
    """What is believed at every node that answers have touched, with what was forgotten since."""
    return {
        node: held.mean if now - held.at < SECONDS_A_DAY else _faded(held, now).mean
        for node, held in learner.estimates.items()
    }


def learn(learner: Learner, chain: Sequence[Node], b: float, answer: Answer, at: float) -> float:
    """Take one answer in; `at` is when it was given. The error y - p, which also moves an unsure difficulty."""
    now = max(at, learner.last) if learner.answers else at
    held: list[Estimate] = []
    for level, node in enumerate(chain):
        estimate = learner.estimates.get(node)
        prior = PRIOR_VARIANCE[level]
        if estimate is None:
            estimate = Estimate(level, 0.0, prior, now)
        else:
            estimate = _faded(estimate, now)
            estimate.variance = min(prior, estimate.variance + DRIFT * prior)
        learner.estimates[node] = estimate
        held.append(estimate)
    mean = sum(estimate.mean for estimate in held)
    total = sum(estimate.variance for estimate in held)
    p = sigmoid(mean - b)
    information = answer.weight * p * (1.0 - p)
    error = answer.weight * (answer.success - p)
    damping = 1.0 + information * total
    for estimate in held:
        gain = estimate.variance / damping
        estimate.mean += gain * error
        estimate.variance -= information * estimate.variance * gain
    learner.last = now
    return answer.success - p


def _faded(estimate: Estimate, now: float) -> Estimate:
    days = max(0.0, now - estimate.at) / SECONDS_A_DAY
    if days == 0.0:
        return replace(estimate)
    kept = 0.5 ** (days / HALF_LIFE_DAYS[estimate.level])
    prior = PRIOR_VARIANCE[estimate.level]
    return Estimate(estimate.level, estimate.mean * kept, prior - (prior - estimate.variance) * kept * kept, now)
