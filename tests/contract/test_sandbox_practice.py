"""The sandbox's Web API (Personalized Practice) against the developer page: its tables, its samples, its words."""

from __future__ import annotations

import copy
import http.client
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.sandbox_http import Reply, call, exchange

OUTCOMES, NEXT = "/v1/exercise-outcomes", "/v1/next-exercises"
RESULTS = ("correct", "incorrect", "partially_correct", "skipped")

# The page's two sample bodies as they stand there: `1.` is no JSON number, and the second lacks a comma.
OUTCOMES_SAMPLE = """{
        "user_id": "user",
        "exercise_outcomes": [
          {
            "exercise": {
              "id": "exercise_id",
              "path": "/IB/math/vectors/",
              "tags": ["tag1", "tag2"],
              "difficulty_level": 1,
              "max_score": 1.,
              "metadata": ""
            },
            "outcome": {
              "timestamp": "2018-01-05T15:11:30Z",
              "time_spent_ms": 2000,
              "result": "correct",
              "score": 1.,
              "metadata": ""
            }
          }
        ]
      }"""
NEXT_SAMPLE = """{
        "user_id": "user",
        "num_exercises": 5,
        "target": {
          "challenge_level": 0.5
        },
        "constraints": {
          "is_review": false,
          "paths": ["/IB/math/vectors", "/IB/math/algebra/"],
          "tags": ["tag1", "tag2"]
        }
        "exercise_outcomes": []
      }"""


def repaired(sample: str) -> str:
    return sample.replace("1.,", "1.0,").replace('}\n        "exercise_outcomes"', '},\n        "exercise_outcomes"')


class PracticeCaller:
    """Speaks the Web API as the page describes it."""

    def __init__(self, server: SandboxServer) -> None:
        described = server.describe()
        self.url = described["practice_url"]
        self.key = described["api_key"]
        self.headers = {"Content-Type": "application/json", "X-API-KEY": self.key}

    def raw(self, path: str, body: str | bytes, **headers: str) -> Reply:
        changed = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return call("POST", self.url + path, body, changed)

    def post(self, path: str, content: object) -> Reply:
        return self.raw(path, json.dumps(content))

    def next(self, user: str, **fields: object) -> list[dict[str, Any]]:
        answer = self.post(NEXT, {"user_id": user, **fields})
        assert answer.status == 200, answer.body
        assert answer.json.keys() == {"exercises"}
        return list(answer.json["exercises"])

    def answered(self, user: str, *exercises: Mapping[str, Any], result: str = "correct") -> None:
        answer = self.post(
            OUTCOMES, {"user_id": user, "exercise_outcomes": [outcome(exercise, result) for exercise in exercises]}
        )
        assert answer.status == 200, answer.body

    def control(self, method: str, path: str, content: object = None) -> Reply:
        return call(method, f"{self.url}/_sandbox/{path}", None if content is None else json.dumps(content))


def outcome(exercise: Mapping[str, Any], result: str = "correct", **fields: object) -> dict[str, Any]:
    return {"exercise": exercise, "outcome": {"timestamp": "2026-11-20T10:00:00Z", "result": result, **fields}}


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with running_sandbox(rows=100) as running:
        yield running


@pytest.fixture
def api(server: SandboxServer) -> Iterator[PracticeCaller]:
    yield PracticeCaller(server)
    server.faults.clear()
    server.flaw = None


def details(answer: Reply, status: int = 400) -> list[str]:
    """The texts of an Error Response whose every part is as the page has it."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json.keys() == {"errors"}
    for error in answer.json["errors"]:
        assert error.keys() == {"status", "detail", "link"}
        assert error["status"] == status
        assert error["link"].startswith("https://")
        assert isinstance(error["detail"], str)
    return [error["detail"] for error in answer.json["errors"]]


# --- semantics ------------------------------------------------------------------------------------------


def test_the_samples_of_the_page(api: PracticeCaller) -> None:
    taken = api.raw(OUTCOMES, repaired(OUTCOMES_SAMPLE))
    assert (taken.status, taken.body, taken.headers["content-length"]) == (200, b"", "0")
    asked = api.raw(NEXT, repaired(NEXT_SAMPLE))
    assert asked.headers["content-type"] == "application/json"
    sample = json.loads(repaired(OUTCOMES_SAMPLE))["exercise_outcomes"][0]["exercise"]
    assert (asked.status, asked.json) == (200, {"exercises": [sample]})
    assert [len(details(api.raw(path, body))) for path, body in ((OUTCOMES, OUTCOMES_SAMPLE), (NEXT, NEXT_SAMPLE))] == [
        1, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("path", [OUTCOMES, NEXT, "/v1/unknown"])
def test_no_key_or_a_wrong_one(api: PracticeCaller, path: str) -> None:
    wrong = api.raw(path, "{}", X_API_KEY=api.key + "x")
    missing = call("POST", api.url + path, "{}", {"Content-Type": "application/json"})
    bearer = call("POST", api.url + path, "{}", {"Authorization": f"Bearer {api.key}"})
    assert [details(answer, 401) for answer in (wrong, missing, bearer)] == [
        ["No API Key or your API key is wrong."]
    ] * 3


@pytest.mark.parametrize("path", ["/v1/", "/v1/user-events", "/v1/next-exercises/", "/v1/Next-exercises", "/v1//next"])
def test_unknown_addresses(api: PracticeCaller, path: str) -> None:
    assert details(api.raw(path, "{}"), 404) == ["The specified resource could not be found."]


@pytest.mark.parametrize("path", [OUTCOMES, NEXT])
def test_other_methods(api: PracticeCaller, path: str) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        answer = call(method, api.url + path, None, api.headers)
        assert details(answer, 405) == ["You tried to access a resource with an invalid method."]
        assert answer.headers["allow"] == "POST"


def test_the_content_type_must_be_json(api: PracticeCaller) -> None:
    body = json.dumps({"user_id": "u"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        assert details(api.raw(NEXT, body, Content_Type=kind)) == ["Content-Type: must be application/json."]
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        assert api.raw(NEXT, body, Content_Type=kind).status == 200


@pytest.mark.parametrize("filler", ["x", "é", "\N{GRINNING FACE}"])
def test_sixteen_kilobytes_and_not_a_byte_more(api: PracticeCaller, filler: str) -> None:
    for path, extra in ((NEXT, {}), (OUTCOMES, {"exercise_outcomes": [outcome({"id": "size", "path": "/size/x"})]})):
        body = json.dumps({"user_id": "", **extra}).replace('""', f'"{filler * 1000}"', 1).encode()
        fits = body + b" " * (16_384 - len(body))
        assert api.raw(path, fits).status == 200
        assert "16,384 bytes" in details(api.raw(path, fits + b" "))[0]
        assert "16,384 bytes" in details(api.raw(path, b"x" * 3_000_000))[0]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"user_id"', b"{'user_id': 'u'}", b'{"user_id": "u",}', b'\xff{"user_id": "u"}',
        b'\xef\xbb\xbf{"user_id": "u"}', '{"user_id": "ü"}'.encode("latin-1"), b'{"user_id": "\\ud800"}',
        b'{"user_id": "u", "num_exercises": NaN}', b"[" * 10_000, '{"user_id": "u"}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_not_a_json_object(api: PracticeCaller, body: bytes) -> None:
    assert details(api.raw(NEXT, body))[0].startswith("The body ")


# --- the object model -----------------------------------------------------------------------------------

EXERCISE = {
    "id": "e", "path": "subject/topic/lesson/unit", "tags": ["NationalExamQuestion", "Year2018"],
    "difficulty_level": 2.5, "max_score": 4, "metadata": "{}",
}  # fmt: skip
OUTCOME = {
    "timestamp": "2018-01-05T15:11:30Z", "time_spent_ms": 0, "result": "partially_correct", "score": 2, "metadata": "",
}  # fmt: skip
FULL = {
    "user_id": "full",
    "num_exercises": 2,
    "constraints": {"is_review": True, "paths": ["/a"], "tags": ["b"]},
    "target": {"challenge_level": 1},
    "exercise_outcomes": [{"exercise": EXERCISE, "outcome": OUTCOME}],
}
FIRST = "exercise_outcomes[0]"
# Field, mandatory, type; as the page's tables have them.
ENTRY_TABLE = [
    (f"{FIRST}.exercise", True, "object"),
    (f"{FIRST}.outcome", True, "object"),
    (f"{FIRST}.exercise.id", True, "string"),
    (f"{FIRST}.exercise.path", True, "string"),
    (f"{FIRST}.exercise.tags", False, "array of strings"),
    (f"{FIRST}.exercise.difficulty_level", False, "float"),
    (f"{FIRST}.exercise.max_score", False, "float"),
    (f"{FIRST}.exercise.metadata", False, "string"),
    (f"{FIRST}.outcome.timestamp", True, "string"),
    (f"{FIRST}.outcome.time_spent_ms", False, "int"),
    (f"{FIRST}.outcome.result", True, "string"),
    (f"{FIRST}.outcome.score", False, "float"),
    (f"{FIRST}.outcome.metadata", False, "string"),
]
TABLE = [
    (OUTCOMES, "user_id", True, "string"),
    (OUTCOMES, "exercise_outcomes", True, "array of objects"),
    *[(OUTCOMES, *row) for row in ENTRY_TABLE],
    (NEXT, "user_id", True, "string"),
    (NEXT, "num_exercises", False, "int"),
    (NEXT, "constraints", False, "object"),
    (NEXT, "constraints.is_review", False, "bool"),
    (NEXT, "constraints.paths", False, "array of strings"),
    (NEXT, "constraints.tags", False, "array of strings"),
    (NEXT, "target", False, "object"),
    (NEXT, "target.challenge_level", False, "float"),
    (NEXT, "exercise_outcomes", False, "array of objects"),
    *[(NEXT, *row) for row in ENTRY_TABLE],
]
# Values that are not of the type.
WRONG: dict[str, list[object]] = {
    "string": [1, 0.5, True, None, [], {}],
    "int": ["1", 1.0, 0.5, True, None, [], {}],
    "float": ["0.5", True, None, [], {}, 10**400],
    "bool": ["true", 0, 1, None, [], {}],
    "object": ["{}", 1, True, None, []],
    "array of strings": ["a", 1, None, {}, [1], ["a", None], [["a"]]],
    "array of objects": ["a", 1, None, {}, [1], [None], [[]]],
}


def with_change(where: str, change: Callable[[dict[str, Any], str], object]) -> dict[str, Any]:
    content = copy.deepcopy(FULL)
    *above, name = where.replace(FIRST, "exercise_outcomes.0").split(".")
    owner: Any = content
    for part in above:
        owner = owner[int(part)] if part == "0" else owner[part]
    change(owner, name)
    return content


def with_value(where: str, value: object) -> dict[str, Any]:
    return with_change(where, lambda owner, name: owner.update({name: value}))


@pytest.mark.parametrize(("path", "where", "mandatory", "kind"), TABLE)
def test_every_field_of_the_tables(api: PracticeCaller, path: str, where: str, mandatory: bool, kind: str) -> None:
    without = api.post(path, with_change(where, lambda owner, name: owner.pop(name)))
    if mandatory:
        assert details(without) == [f"{where}: is mandatory and missing."]
    else:
        assert without.status == 200, without.body
    for value in WRONG[kind]:
        told = details(api.post(path, with_value(where, value)))
        assert len(told) == 1, (value, told)
        assert told[0].startswith(where), (value, told)
        assert "must be" in told[0] or "out of range" in told[0]


@pytest.mark.parametrize(
    ("path", "where", "bad", "good"),
    [
        (NEXT, "num_exercises", [0, -1, 1001, 10**30], [1, 1000]),
        (NEXT, "target.challenge_level", [-0.01, 1.01, 5], [0, 0.0, 1, 1.0, 0.37]),
        (NEXT, "constraints.paths", [], [[], [""], ["/"], ["//a//"]]),
        (NEXT, "exercise_outcomes", [], [[]]),
        (OUTCOMES, "exercise_outcomes", [[]], []),
        (OUTCOMES, "user_id", [""], ["å", "x" * 2000]),
        (OUTCOMES, f"{FIRST}.exercise.id", [""], ["0", " "]),
        (OUTCOMES, f"{FIRST}.exercise.path", [""], ["/", "a", "/a/b/c/d/e/f/g"]),
        (OUTCOMES, f"{FIRST}.exercise.tags", [], [[], [""]]),
        (OUTCOMES, f"{FIRST}.exercise.difficulty_level", [], [0, -3.5, 10**6]),
        (OUTCOMES, f"{FIRST}.outcome.result", ["Correct", "wrong", "", "partially correct"], list(RESULTS)),
        (OUTCOMES, f"{FIRST}.outcome.time_spent_ms", [-1], [0, 10**12]),
        (
            OUTCOMES,
            f"{FIRST}.outcome.timestamp",
            ["", "yesterday", "2018-01-05", "1515165090", "2018-01-05 15:11:30Z", "2018-13-05T15:11:30Z",
             "2018-02-30T15:11:30Z", "2018-01-05T25:11:30Z", "2018-01-05T15:11:30+25:00", "2018-1-5T15:11:30Z"],
            ["2018-01-05T15:11:30Z", "2018-01-05T15:11:30.5Z", "2018-01-05T15:11:30.123456789Z", "2018-01-05T15:11Z",
             "2018-01-05T16:11:30+01:00", "2018-01-05T15:11:30", "2018-01-05T15:11:30-0330"],
        ),
    ],
)  # fmt: skip
def test_every_range(api: PracticeCaller, path: str, where: str, bad: list[object], good: list[object]) -> None:
    for value in bad:
        told = details(api.post(path, with_value(where, value)))
        assert [detail.partition(":")[0] for detail in told] == [where], value
    for value in good:
        assert api.post(path, with_value(where, value)).status == 200, value


def test_everything_wrong_is_told_and_nothing_taken(api: PracticeCaller, server: SandboxServer) -> None:
    good, bad = outcome({"id": "good", "path": "/x"}), outcome({"id": 7, "tags": [1]}, "nearly")
    content = {
        "num_exercises": 0,
        "target": {"challenge_level": 2},
        "exercise_outcomes": [good, bad, 3],
        "user_id": "atomic",
    }
    assert [detail.partition(":")[0] for detail in details(api.post(NEXT, content))] == [
        "num_exercises", "target.challenge_level", "exercise_outcomes[1].exercise.id",
        "exercise_outcomes[1].exercise.path", "exercise_outcomes[1].exercise.tags[0]",
        "exercise_outcomes[1].outcome.result", "exercise_outcomes[2]",
    ]  # fmt: skip
    assert len(details(api.post(OUTCOMES, content))) == 5
    assert server.outcomes("atomic") == ()


def test_fields_that_the_page_does_not_name_are_let_through(api: PracticeCaller, server: SandboxServer) -> None:
    exercise = {"id": "named", "path": "/extra/fields", "colour": {"deep": [1]}}
    entry = outcome(exercise, mood="good")
    assert api.post(OUTCOMES, {"user_id": "extra", "exercise_outcomes": [entry], "version": 2}).status == 200
    assert server.outcomes("extra") == ({"user_id": "extra", **entry},)
    assert api.next("extra", constraints={"paths": ["extra"], "future": 1}) == [exercise]


# --- recommendations ------------------------------------------------------------------------------------


def parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def test_one_exercise_unless_more_are_asked_for(api: PracticeCaller) -> None:
    assert len(api.next("fresh")) == 1
    for count in (1, 2, 7, 50):
        found = api.next("fresh", num_exercises=count)
        assert len({exercise["id"] for exercise in found}) == len(found) == count
    assert len(api.next("fresh", num_exercises=1000, constraints={"paths": ["sales/demos"]})) == 50


def test_the_same_question_has_the_same_answer(api: PracticeCaller) -> None:
    question = {"num_exercises": 12, "constraints": {"tags": ["Mandatory", "Sales"]}}
    first = api.next("same", **question)
    assert all(api.next("same", **question) == first for _ in range(3))
    assert api.next("another", **question) == first
    api.answered("same", *first, result="incorrect")
    assert api.next("same", **question) != first


def test_a_path_names_any_level_and_slashes_make_no_difference(api: PracticeCaller) -> None:
    def found(*paths: str) -> list[str]:
        return [exercise["path"] for exercise in api.next("p", num_exercises=300, constraints={"paths": list(paths)})]

    subject = found("/sales/")
    assert {parts(path)[0] for path in subject} == {"sales"}
    assert len(subject) == 250
    assert subject == found("sales") == found("/sales") == found("sales/")
    # As in the page's example: a subject is the same as all its topics.
    assert subject == found(*sorted({"/".join(parts(path)[:2]) for path in subject}))
    assert {path.strip("/") for path in found("sales/demos/stories")} == {"sales/demos/stories"}
    assert {parts(path)[1] for path in found("sales/demos", "/sales/pricing/")} == {"demos", "pricing"}
    for nowhere in ("sale", "sales/dem", "sales/demos/stories/unit", "demos", "Sales", "/no/such/place"):
        assert found(nowhere) == [], nowhere


def test_any_of_the_tags(api: PracticeCaller) -> None:
    def found(*tags: str, **more: object) -> list[dict[str, Any]]:
        return api.next("t", num_exercises=1000, constraints={"tags": list(tags), **more})

    assert found("NoSuchTag") == found("gdpr") == []
    gdpr, site = found("GDPR"), found("Site")
    assert len(gdpr) == len(site) == 50
    both = found("GDPR", "Site", "NoSuchTag")
    assert {exercise["id"] for exercise in both} == {exercise["id"] for exercise in gdpr + site}
    assert found("GDPR", paths=["sales"]) == []
    assert {parts(exercise["path"])[0] for exercise in found("Finance", paths=["sales"])} == {"sales"}


def test_a_review_brings_only_topics_that_were_met(api: PracticeCaller) -> None:
    review = {"is_review": True}
    assert api.next("r", num_exercises=10, constraints=review) == []
    met = api.next("r", num_exercises=2)
    api.answered("r", *met)
    topics = {tuple(parts(exercise["path"])[:2]) for exercise in met}
    again = api.next("r", num_exercises=1000, constraints=review)
    assert {tuple(parts(exercise["path"])[:2]) for exercise in again} == topics
    assert len(again) == 50 * len(topics)
    assert api.next("r", constraints={"is_review": True, "paths": ["/no/such"]}) == []
    assert len(api.next("r", num_exercises=10, constraints={"is_review": False})) == 10


def difficulty(exercises: list[dict[str, Any]]) -> float:
    return sum(float(json.loads(exercise["metadata"])["irt_b"]) for exercise in exercises) / len(exercises)


def test_a_higher_challenge_is_harder_and_answers_move_it(api: PracticeCaller, server: SandboxServer) -> None:
    def asked(user: str, level: float) -> float:
        return difficulty(api.next(user, num_exercises=10, target={"challenge_level": level}))

    levels = [asked("c", level) for level in (0, 0.2, 0.35, 0.5, 0.65, 0.8, 1)]
    assert levels == sorted(levels)
    assert levels[0] < -3
    assert levels[-1] > 3
    for _ in range(3):
        api.answered("good", *api.next("good"))
        api.answered("poor", *api.next("poor"), result="incorrect")
        api.answered("lost", *api.next("lost"), result="skipped")
    assert asked("good", 0.5) > asked("c", 0.5) + 0.5
    assert asked("poor", 0.5) < asked("lost", 0.5) < asked("c", 0.5) - 0.3
    assert server.ability("poor") < server.ability("lost") < 0 < server.ability("good")


def test_an_outcome_inside_the_next_request_counts_first(api: PracticeCaller, server: SandboxServer) -> None:
    def ask(user: str, *outcomes: object) -> list[dict[str, Any]]:
        return api.next(user, num_exercises=3, exercise_outcomes=list(outcomes))

    first = ask("combined")
    combined = ask("combined", *[outcome(exercise, "incorrect") for exercise in first])
    api.answered("apart", *ask("apart"), result="incorrect")
    assert combined == ask("apart")
    assert not {exercise["id"] for exercise in combined} & {exercise["id"] for exercise in first}
    assert [entry["exercise"] for entry in server.outcomes("combined")] == first


def test_partly_correct_counts_by_its_score(api: PracticeCaller, server: SandboxServer) -> None:
    exercise = {**api.next("x", target={"challenge_level": 0.5})[0], "max_score": 10.0}
    for user, score in (("nearly", 9.0), ("hardly", 1), ("unsaid", None), ("beyond", 99)):
        given = {} if score is None else {"score": score}
        entry = outcome(exercise, "partially_correct", **given)
        assert api.post(OUTCOMES, {"user_id": user, "exercise_outcomes": [entry]}).status == 200
    assert server.ability("hardly") < server.ability("unsaid") < server.ability("nearly") < server.ability("beyond")


def test_the_catalogue_by_pages(api: PracticeCaller) -> None:
    whole: list[dict[str, Any]] = []
    while page := api.control("GET", f"catalogue?offset={len(whole)}&limit=700").json["exercises"]:
        whole += page
    assert len(whole) == 2000
    first = api.control("GET", "catalogue")
    assert (first.json["total"], first.json["exercises"]) == (2000, whole[:500])
    everything = api.control("GET", "catalogue?limit=999999999")
    assert everything.json["exercises"] == whole
    assert len(everything.body) < 2**20
    assert api.control("GET", "catalogue?offset=2000").json["exercises"] == []
    assert api.control("GET", "catalogue?offset=-1").status == 400
    offered = api.next("seen", num_exercises=1000)
    assert all(exercise in whole for exercise in offered)


# --- what goes wrong on demand --------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "path"), [("outcomes", OUTCOMES), ("next", NEXT)])
def test_any_status_on_demand(api: PracticeCaller, server: SandboxServer, route: faults.Route, path: str) -> None:
    body = json.dumps({"user_id": "faulty", "exercise_outcomes": [outcome({"id": "f", "path": "/f"})]})
    for status in (400, 401, 404, 405, 408, 413, 429, 500, 502, 503, 504):
        server.add_fault(faults.Reply(status, message="On demand."), route)
        assert details(api.raw(path, body), status) == ["On demand."]
    server.add_fault(faults.Reply(429, retry_after=7), route)
    server.add_fault(faults.Reply(503, retry_after=1.5, retry_after_date=True), "api")
    server.add_fault(faults.Reply(502, body="html"), route)
    busy, away, page = (api.raw(path, body) for _ in range(3))
    assert (busy.status, busy.headers["retry-after"]) == (429, "7")
    assert (away.status, away.headers["retry-after"][-3:]) == (503, "GMT")
    assert page.headers["content-type"].startswith("text/html")
    assert server.outcomes("faulty") == ()
    assert api.raw(path, body).status == 200
    assert len(server.outcomes("faulty")) == 1
    api.control("DELETE", "outcomes")


def test_an_answer_is_lost_with_and_without_the_work(api: PracticeCaller, server: SandboxServer) -> None:
    body = json.dumps({"user_id": "lost answer", "exercise_outcomes": [outcome({"id": "f", "path": "/f"})]})
    routes: dict[str, faults.Route] = {OUTCOMES: "outcomes", NEXT: "next"}
    for path, route in routes.items():
        before = len(server.outcomes("lost answer"))
        server.add_fault(faults.LoseAnswer(act=False), route)
        with pytest.raises(http.client.RemoteDisconnected):
            api.raw(path, body)
        assert len(server.outcomes("lost answer")) == before
        server.add_fault(faults.LoseAnswer(), route)
        with pytest.raises(http.client.RemoteDisconnected):
            api.raw(path, body)
        assert len(server.outcomes("lost answer")) == before + 1
    server.add_fault(faults.LoseAnswer(after_bytes=5), "next")
    with pytest.raises(http.client.IncompleteRead) as cut:
        api.post(NEXT, {"user_id": "u"})
    assert cut.value.partial == b'{"exe'


def test_waiting_redirected_and_other_headers(api: PracticeCaller, server: SandboxServer) -> None:
    server.add_fault(faults.Delay(0.05), "next")
    server.add_fault(faults.Headers(set={"X-Odd": "1"}, remove=("content-type",)), "next")
    odd = api.post(NEXT, {"user_id": "u"})
    assert (odd.status, odd.headers["x-odd"], "content-type" in odd.headers) == (200, "1", False)
    server.add_fault(faults.Redirect("https://elsewhere.example/", 307), "outcomes")
    assert api.post(OUTCOMES, FULL).headers["location"] == "https://elsewhere.example/"
    server.add_fault(faults.Hang(), "next")
    host, _, port = api.url.removeprefix("http://").partition(":")
    hanging = http.client.HTTPConnection(host, int(port), timeout=0.2)
    hanging.request("POST", NEXT, "{}", api.headers)
    with pytest.raises(TimeoutError):
        hanging.getresponse()
    hanging.close()


def test_recommendations_that_are_not_what_they_should_be(api: PracticeCaller) -> None:
    def struck(**rule: object) -> Reply:
        assert api.control("POST", "faults", rule).status == 200
        return api.post(NEXT, {"user_id": "odd", "num_exercises": 3})

    odd = struck(fault="exercises", set={"path": 7, "new_field": [1]}, remove=["id"], only=1).json["exercises"]
    assert [("id" in exercise, exercise["path"] == 7) for exercise in odd] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
    twice = struck(fault="exercises", add=[None, "x", {"id": "y"}], copies=2).json["exercises"]
    assert twice[3:6] == twice[9:] == [None, "x", {"id": "y"}]
    assert struck(fault="patch", on="next", data={"exercises": "none", "note": 1}).json == {
        "exercises": "none", "note": 1,
    }  # fmt: skip
    assert struck(fault="patch", on="next", remove=["exercises"]).json == {}
    assert struck(fault="reply", on="next", status=200, body="empty").body == b""
    assert len(struck(fault="reply", on="next", status=200, body="oversized_json").body) > 2_000_000
    assert api.control("POST", "faults", {"fault": "exercises", "on": "outcomes"}).status == 400


def test_the_recommender_can_be_broken_over_http(api: PracticeCaller, server: SandboxServer) -> None:
    assert api.control("GET", "recommender").json["flaw"] is None
    assert api.control("POST", "recommender", {"flaw": "ignores_count"}).json["flaw"] == "ignores_count"
    assert len(api.next("flawed", num_exercises=3)) == 4
    assert server.flaw == "ignores_count"
    assert api.control("POST", "recommender", {"flaw": "no such"}).status == 400
    assert api.control("POST", "recommender", {"flaw": None}).json["flaw"] is None
    assert len(api.next("flawed", num_exercises=3)) == 3


def test_what_arrived_can_be_read_over_http(api: PracticeCaller) -> None:
    api.answered("arrived", {"id": "a", "path": "/a"}, {"id": "b", "path": "/b"})
    told = api.control("GET", "outcomes?user_id=arrived").json["outcomes"]
    assert [(entry["user_id"], entry["exercise"]["id"]) for entry in told] == [("arrived", "a"), ("arrived", "b")]
    api.control("DELETE", "outcomes")
    assert api.control("GET", "outcomes").json == {"outcomes": []}
    assert len(api.next("arrived", num_exercises=2, constraints={"paths": ["a", "b"]})) == 2


def test_the_key_is_not_in_the_log_of_requests(api: PracticeCaller, server: SandboxServer) -> None:
    api.next("quiet")
    record = server.requests.records()[-1]
    assert (record.path, "x-api-key" in record.headers) == (NEXT, True)
    assert api.key not in json.dumps(server.requests.as_json())


def test_bytes_on_the_wire_in_odd_pieces(api: PracticeCaller) -> None:
    host, _, port = api.url.removeprefix("http://").partition(":")
    body = json.dumps({"user_id": "pieces"}).encode()
    head = f"POST {NEXT} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {api.key}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
        for byte in body:
            wire.sendall(b"1\r\n" + bytes([byte]) + b"\r\n")
        wire.sendall(b"0\r\n\r\n")
        received = b""
        while part := wire.recv(65536):
            received += part
    assert received.startswith(b"HTTP/1.1 200")
    extra = f"X-Api-Key: {api.key}\r\nContent-Type: application/json\r\n"
    assert exchange(api.url + NEXT, "POST", extra, body.decode()).startswith(b"HTTP/1.1 200")


def test_learners_outlive_the_process(tmp_path: Path) -> None:
    question: dict[str, Any] = {"num_exercises": 5, "target": {"challenge_level": 0.5}}
    own = {"id": "mine", "path": "/mine/topic", "tags": ["Mine"]}
    with running_sandbox(rows=100, state_dir=tmp_path) as server:
        api = PracticeCaller(server)
        api.answered("kept", *api.next("kept", **question), own)
        before, key, believed = api.next("kept", **question), api.key, server.ability("kept")
    with (tmp_path / "practice.jsonl").open("a", encoding="utf-8") as file:
        file.write('["kept","sales-demos-sto')
    for _ in range(2):
        with running_sandbox(rows=100, state_dir=tmp_path) as server:
            api = PracticeCaller(server)
            assert api.key == key
            assert server.ability("kept") == believed
            assert api.next("kept", **question) == before
            assert api.next("kept", constraints={"tags": ["Mine"]}) == [own]
            api.answered("other", own)
