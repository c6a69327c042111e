"""The box of rules, the scripts that fill it, and the words of the SQL comment."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sana_desktop.sandbox import faults, scripts
from sana_desktop.sandbox.delivery import Troubles
from sana_desktop.sandbox.faults import FaultBox, Rule
from sana_desktop.sandbox.scripts import BadScript


def test_rules_of_one_kind_wait_for_each_other() -> None:
    box = FaultBox(
        [
            Rule(faults.Reply(429), "poll", times=2),
            Rule(faults.Delay(1), "poll", times=1),
            Rule(faults.Hang(), "poll"),
            Rule(faults.Reply(500), "submit"),
        ]
    )
    assert box.take("poll") == (faults.Reply(429), faults.Delay(1))
    assert box.take("poll") == (faults.Reply(429),)
    assert box.take("poll") == (faults.Hang(),)
    assert box.take("poll") == ()
    assert [rule.route for rule in box.rules()] == ["submit"]


def test_skip_job_and_for_ever() -> None:
    box = FaultBox([Rule(faults.Cut(5), "download", times=None, skip=1, job="a")])
    assert box.take("download", "b") == ()
    assert box.take("download", "a") == ()
    for _ in range(3):
        assert box.take("download", "a") == (faults.Cut(5),)
    box.clear()
    assert box.take("download", "a") == ()


def test_api_stands_for_its_five_routes_and_not_for_more() -> None:
    box = FaultBox([Rule(faults.Reply(), "api", times=None)])
    assert all(box.take(route) for route in ("token", "submit", "poll", "outcomes", "next"))
    assert not box.take("download")
    assert not box.take("job")


def test_a_fault_only_strikes_where_it_can() -> None:
    with pytest.raises(ValueError, match="Cut can only strike on: download"):
        Rule(faults.Cut(1), "poll")
    with pytest.raises(ValueError, match="Slow can only strike on: job"):
        Rule(faults.Slow(1), "submit")
    with pytest.raises(ValueError, match="Exercises can only strike on: next"):
        Rule(faults.Exercises(), "api")


def test_every_fault_has_a_name_in_json_and_every_download_fault_a_place() -> None:
    assert len(scripts.KINDS) == len(faults.API_FAULTS) + len(faults.JOB_FAULTS) + len(faults.DOWNLOAD_FAULTS)
    places = {entry.name for entry in fields(Troubles)}
    assert places == {kind.__name__.lower() for kind in faults.DOWNLOAD_FAULTS}


def test_json_rules() -> None:
    rule = scripts.rule_from_json(
        {"fault": "reply", "on": "submit", "times": None, "skip": 2, "status": 503, "retry_after": 1.5}
    )
    assert rule == Rule(faults.Reply(503, retry_after=1.5), "submit", None, 2)
    assert scripts.rule_from_json({"fault": "reply"}).route == "api"
    assert scripts.rule_from_json({"fault": "link_life", "ttl": 2}).route == "job"
    with pytest.raises(BadScript, match="unknown fault 'x'"):
        scripts.rule_from_json({"fault": "x"})
    with pytest.raises(BadScript, match="takes no colour"):
        scripts.rule_from_json({"fault": "cut", "at": 1, "colour": 2})
    with pytest.raises(BadScript):
        scripts.rule_from_json({"fault": "cut", "at": "x"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT 1", []),
        ("SELECT 1 -- sandbox: slow 3", []),
        ("SELECT '-- sandbox: slow 3'", []),
        ("-- hello\nSELECT 1", []),
        ("-- sandbox: slow 10.4\nSELECT 1", [faults.Slow(10.4)]),
        ("-- note\n  /* Sandbox: slow 1; fail Out of ink */ SELECT 1", [faults.Slow(1), faults.Fail("Out of ink")]),
        ("-- sandbox: ttl 5\n-- sandbox: norange", [faults.LinkLife(5), faults.Range("ignored")]),
        ("-- sandbox: cut 9 chunked\nSELECT 1", [faults.Cut(9), faults.Framing("chunked")]),
        ("-- sandbox: size 1e9\nSELECT 1", [faults.Size(1_000_000_000)]),
    ],
)
def test_comments(query: str, expected: list[faults.Fault]) -> None:
    assert [rule.fault for rule in scripts.rules_from_sql(query)] == expected


def test_two_of_a_kind_in_one_download() -> None:
    troubles = Troubles.of([faults.Cut(1), faults.Cut(2), faults.Pace(3)])
    assert (troubles.cut, troubles.pace) == (faults.Cut(1), faults.Pace(3))
    with pytest.raises(TypeError):
        Troubles.of([faults.Slow(1)])
