"""What a health check says of a recommender: pass, fail or cannot tell, with evidence, in words and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sana_desktop.base.words import Words


class HealthVerdict(StrEnum):
    """What came of one test."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict and what it rests on, in sentences."""

    verdict: HealthVerdict
    evidence: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One test that was run.

    Attributes:
        name: stable, such as `count`.
        calls: requests that it took.
    """

    name: str
    title: Words
    finding: Finding
    calls: int

    @property
    def verdict(self) -> HealthVerdict:
        """What came of it."""
        return self.finding.verdict


@dataclass(frozen=True, slots=True)
class HealthPlan:
    """What a health check will do, said before it is done.

    Attributes:
        calls: requests at most, those that post outcomes among them.
        learners: test learners that will be made.
        seconds: a rough estimate of the time it takes.
    """

    tests: tuple[Words, ...]
    calls: int
    learners: int
    seconds: float

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        return (
            Words(
                "{tests} tests on {learners} new test learners: at most {calls} requests, about {seconds} s.",
                tests=len(self.tests),
                learners=self.learners,
                calls=self.calls,
                seconds=max(1, round(self.seconds)),
            ),
            Words("Answers go to these test learners only."),
        )


@dataclass(frozen=True, slots=True)
class HealthProgress:
    """How far a health check is.

    Attributes:
        done, of: tests.
        calls: requests so far.
        line: the test that has just ended; None while one is under way.
    """

    done: int
    of: int
    calls: int
    line: HealthLine | None


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What came of all tests. `complete` is False if it was stopped before the end."""

    lines: tuple[HealthLine, ...]
    complete: bool = True

    def count(self, verdict: HealthVerdict) -> int:
        """Return how many tests ended so."""
        return sum(line.verdict is verdict for line in self.lines)

    def words(self) -> tuple[Words, ...]:
        """Return the summary as sentences; the lines have their own."""
        said = [
            Words(
                "{passed} passed, {failed} failed, {unknown} can't tell.",
                passed=self.count(HealthVerdict.PASS),
                failed=self.count(HealthVerdict.FAIL),
                unknown=self.count(HealthVerdict.CANNOT_TELL),
            )
        ]
        if not self.complete:
            said.append(Words("It was stopped before the end."))
        return tuple(said)

    def to_json(self) -> dict[str, object]:
        """Return the report for a file, in English."""
        return {
            "complete": self.complete,
            "tests": [
                {
                    "name": line.name,
                    "title": str(line.title),
                    "verdict": str(line.verdict),
                    "evidence": [str(words) for words in line.finding.evidence],
                    "requests": line.calls,
                }
                for line in self.lines
            ],
        }


def report_to_row(report: HealthReport) -> dict[str, object]:
    """Return a report as it is stored: each sentence as its template and values, to be said in any language later."""
    return {
        "complete": report.complete,
        "lines": [
            {
                "name": line.name,
                "title": _words_to_row(line.title),
                "verdict": line.verdict.value,
                "evidence": [_words_to_row(words) for words in line.finding.evidence],
                "calls": line.calls,
            }
            for line in report.lines
        ],
    }


def report_from_row(told: Any) -> HealthReport:
    """Return the report that `report_to_row` wrote; raises ValueError, KeyError or TypeError if it is not one."""
    lines = [
        HealthLine(
            str(line["name"]),
            _words_from_row(line["title"]),
            Finding(HealthVerdict(line["verdict"]), tuple(_words_from_row(each) for each in line["evidence"])),
            int(line["calls"]),
        )
        for line in told["lines"]
    ]
    return HealthReport(tuple(lines), complete=bool(told["complete"]))


def _words_to_row(words: Words) -> list[object]:
    return [words.template, dict(words.values)]


def _words_from_row(told: Any) -> Words:
    template, values = told
    return Words(str(template), **values)
