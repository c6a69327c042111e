"""Pasted requests of the Web API: the vendor's own samples first, then what shells, mail and people do to them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sana_desktop.api.curl_export import Shell
from sana_desktop.api.loose_json import COMMENTS, MISSING, NUMBERS
from sana_desktop.api.practice_curl import curl_of
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Constraints, Exchange, NextQuery
from sana_desktop.api.practice_wire import encode_next, encode_outcomes
from sana_desktop.base.errors import UserError
from sana_desktop.practice.paste import PasteKind, PracticePaste, looks_like_practice, understand_practice
from tests.support.practice_client import DONE, NEXT, OUTCOMES, SAMPLE_NEXT, SAMPLE_OUTCOMES, outcome

DONE_JSON = {"timestamp": "2018-01-05T15:11:30Z", "result": "correct"}
CANARY = "canary-key-77d2"
HOST = "https://api.sanalabs.com"

OUTCOMES_BODY = """{
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
NEXT_BODY = """{
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
QUERY = NextQuery("user", 5, Constraints(False, ("/IB/math/vectors", "/IB/math/algebra/"), ("tag1", "tag2")), 0.5)


def sample(path: str, body: str) -> str:
    """A sample as the developer page has it: no mark joins its lines, and the key is a blank."""
    headers = '  -H "Content-Type: application/json"\n  -H "X-API-KEY: $API_KEY"\n  -X POST\n'
    return f"curl \"{HOST}{path}\"\n{headers}  -d '{body}'\n"


def said(paste: PracticePaste) -> str:
    return " ".join(paste.notes)


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        understand_practice(text)
    assert caught.value.message
    assert caught.value.next_step
    assert CANARY not in caught.value.message
    return caught.value


def test_the_vendors_sample_of_a_post_is_read_and_its_repairs_are_said() -> None:
    paste = understand_practice(sample(OUTCOMES, OUTCOMES_BODY))
    assert (paste.kind, paste.user_id, paste.outcomes, paste.query) == (PasteKind.OUTCOMES, "user", (DONE,), None)
    assert paste.origin == parse_practice_origin(HOST)
    assert paste.key is None
    assert NUMBERS in paste.notes
    assert "lost the mark that joins them" in said(paste)
    assert json.loads(encode_outcomes(paste.user_id, paste.outcomes)) == SAMPLE_OUTCOMES


def test_the_vendors_sample_of_a_question_is_read_and_its_repairs_are_said() -> None:
    paste = understand_practice(sample(NEXT, NEXT_BODY))
    assert (paste.kind, paste.query, paste.outcomes) == (PasteKind.NEXT, QUERY, ())
    assert MISSING in paste.notes
    assert paste.headline == "This asks for 5 exercises."
    assert json.loads(encode_next(QUERY)) == SAMPLE_NEXT


@pytest.mark.parametrize("body", [OUTCOMES_BODY, OUTCOMES_BODY.replace('"', "”"), f"```json\n{OUTCOMES_BODY}\n```"])
def test_a_bare_post_is_understood(body: str) -> None:
    paste = understand_practice(body)
    assert (paste.kind, paste.outcomes, paste.origin, paste.key) == (PasteKind.OUTCOMES, (DONE,), None, None)
    assert paste.headline == "A request with one answer."


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (NEXT_BODY, QUERY),
        ('{"user_id": "user"}', NextQuery("user")),
        ("{user_id: 'user', num_exercises: 2,}", NextQuery("user", 2)),
        ('{"user_id": "user", "exercise_outcomes": []}', NextQuery("user")),
        ('[{"user_id": "user", "target": {}}]', NextQuery("user")),
        ('{"user_id":"user","target":{"challenge_level":1.}}', NextQuery("user", challenge_level=1)),
    ],
)
def test_a_bare_question_is_understood(body: str, query: NextQuery) -> None:
    paste = understand_practice(body)
    assert (paste.kind, paste.query) == (PasteKind.NEXT, query)


def test_a_question_that_carries_outcomes_is_a_question() -> None:
    paste = understand_practice(encode_next(replace(QUERY, outcomes=(DONE, outcome(1)))).decode())
    assert (paste.kind, paste.outcomes) == (PasteKind.NEXT, (DONE, outcome(1)))
    assert "has answers with it" in paste.headline


@pytest.mark.parametrize("shell", list(Shell))
@pytest.mark.parametrize("query", [QUERY, replace(QUERY, user_id='Zoë "z" O\'Neil', outcomes=(DONE,))])
def test_our_own_commands_come_back_as_they_were(shell: Shell, query: NextQuery) -> None:
    exchange = Exchange(NEXT, datetime(2026, 1, 1, tzinfo=UTC), encode_next(query).decode(), 200, "", 0.1)
    paste = understand_practice(curl_of(exchange, parse_practice_origin("https://us.api.sanalabs.com"), shell))
    assert paste.query == query
    assert paste.origin is not None
    assert paste.origin.host == "us.api.sanalabs.com"
    assert paste.key is None


def test_a_key_is_lifted_out_and_stands_nowhere_else() -> None:
    paste = understand_practice(sample(NEXT, NEXT_BODY).replace("$API_KEY", CANARY))
    assert paste.key is not None
    assert paste.key.reveal() == CANARY
    assert CANARY not in repr(paste)


@pytest.mark.parametrize(
    ("host", "origin", "words"),
    [
        ("http://api.sanalabs.com", "https://api.sanalabs.com", "https is used"),
        ("https://practice.example.org", "https://practice.example.org", "no address of Sana itself"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123", ""),
        ("https://<your_host>", None, ""),
        ("https://1.2.3.4", None, "no address"),
    ],
)
def test_where_it_was_for(host: str, origin: str | None, words: str) -> None:
    paste = understand_practice(sample(NEXT, NEXT_BODY).replace(HOST, host))
    assert (paste.origin.url if paste.origin else None) == origin
    assert words in said(paste)


@pytest.mark.parametrize("user_id", ['"<user_id>"', '""', "null", '"$USER_ID"', '"{{user}}"', "[]"])
def test_a_blank_learner_is_to_be_chosen(user_id: str) -> None:
    paste = understand_practice(NEXT_BODY.replace('"user"', user_id))
    assert (paste.user_id, paste.query and paste.query.user_id) == ("", "")
    assert "names no learner" in said(paste)


@pytest.mark.parametrize(
    ("user_id", "read"), [('"theodor"', "theodor"), ('"my"', "my"), ("17", "17"), ('"token"', "token")]
)
def test_a_learner_is_whoever_is_named(user_id: str, read: str) -> None:
    assert understand_practice(NEXT_BODY.replace('"user"', user_id)).user_id == read


def test_outcomes_that_stand_alone_are_outcomes() -> None:
    alone = json.dumps(SAMPLE_OUTCOMES["exercise_outcomes"])
    for text in (alone, alone[1:-1]):
        paste = understand_practice(text)
        assert (paste.kind, paste.outcomes, paste.user_id) == (PasteKind.OUTCOMES, (DONE,), "")
        assert "stood alone" in said(paste)


def test_what_is_no_part_of_it_is_left_out_and_said() -> None:
    body = '{"user_id":"u","num_exercise":3,"target":{"challenge":0.4},"constraints":{"path":"/a"}}'
    paste = understand_practice(body)
    assert paste.query == NextQuery("u")
    for field in ("num_exercise", "target.challenge", "constraints.path"):
        assert f"“{field}”" in said(paste)
    wrong = understand_practice(OUTCOMES_BODY.replace("2000", '"long"').replace("1,\n", '"hard",\n'))
    assert "“difficulty_level”" in said(wrong)
    assert "“time_spent_ms”" in said(wrong)
    assert wrong.outcomes[0].outcome.time_spent_ms is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello", "E-PASTE-JSON"),
        ("", "E-PASTE-CUT"),
        ("{}", "E-PASTE-NOT-PRACTICE"),
        ("[1, 2]", "E-PASTE-NOT-PRACTICE"),
        ('{"query": "SELECT 1", "format": "csv"}', "E-PASTE-NOT-PRACTICE"),
        ('{"exercises": []}', "E-PASTE-NOT-PRACTICE"),
        (NEXT_BODY[:120], "E-PASTE-CUT"),
        (sample(NEXT, NEXT_BODY[:120]), "E-PASTE-CUT"),
        (sample("/v1/user-events", NEXT_BODY), "E-PASTE-NOT-PRACTICE"),
        (f"curl -H 'X-API-KEY: {CANARY}' {HOST}{NEXT}", "E-PASTE-NO-BODY"),
        (f"curl {HOST}{NEXT} -d @body.json -H 'X-API-KEY: {CANARY}'", "E-PASTE-FILE"),
        (NEXT_BODY.replace("0.5", "5"), "E-PRACTICE-VALUE"),
        (NEXT_BODY.replace("5,", "0,"), "E-PRACTICE-VALUE"),
        (OUTCOMES_BODY.replace("correct", "right"), "E-PRACTICE-VALUE"),
        (OUTCOMES_BODY.replace("2018-01-05T15:11:30Z", "yesterday"), "E-PRACTICE-VALUE"),
        (OUTCOMES_BODY.replace('"id"', '"identity"'), "E-PRACTICE-VALUE"),
        ("{" * 2_000_000, "E-PASTE-SIZE"),
    ],
)
def test_what_can_not_be_used_says_why(text: str, code: str) -> None:
    assert refused(text).code == code


def test_a_command_for_another_act_of_the_service_says_which_there_are() -> None:
    said = refused(sample("/v1/user-events", NEXT_BODY))
    assert said.message == "The service for practice is not asked anything like this: “/v1/user-events”."
    assert "/v1/next-exercises" in said.next_step


def test_of_several_commands_the_one_for_practice_is_taken() -> None:
    paste = understand_practice(f"curl https://acme.sana.ai/api/token -d 'a=b'\n{sample(NEXT, NEXT_BODY)}")
    assert paste.query == QUERY
    assert "2 commands" in said(paste)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        (sample(NEXT, NEXT_BODY), True),
        (OUTCOMES_BODY, True),
        (NEXT_BODY, True),
        ("{“user_id”: “u”}", True),
        ('SELECT "user_id" FROM t', False),
        ('{"query": "SELECT 1"}', False),
        ('curl https://acme.sana.ai/api/v1/reports/query -d \'{"query": "SELECT num_exercises"}\'', False),
        ("", False),
    ],
)
def test_a_quick_look_tells_what_is_worth_reading(text: str, looks: bool) -> None:
    assert looks_like_practice(text) is looks


@pytest.mark.parametrize(
    "text",
    [
        '{"user_id": "u", // who\n "num_exercises": 3}',
        '{"user_id": "u" // it is a "learner"\n , "num_exercises": 3}',
        '{"user_id": "u", // don\'t ask, {really}\n "num_exercises": 3 /* three */}',
        '{"num_exercises": 3, "user_id": "u" // who\n}',
        '{"num_exercises": 3, "user_id" /* who */ : "u" /* they\n are */ }',
    ],
)
def test_comments_are_skipped_wherever_they_stand(text: str) -> None:
    paste = understand_practice(text)
    assert paste.query == NextQuery("u", 3)
    assert paste.notes == (COMMENTS,)


def test_a_text_with_two_slashes_is_no_comment() -> None:
    paste = understand_practice('{user_id: "u // v", "constraints": {"tags": ["http://x", "/* y */"]}}')
    assert paste.query == NextQuery("u // v", None, Constraints(tags=("http://x", "/* y */")))


@pytest.mark.parametrize("strict", [True, False])
def test_of_a_name_that_is_given_twice_the_last_counts_and_that_is_said(strict: bool) -> None:
    paste = understand_practice('{"user_id": "u", "num_exercises": 3, "num_exercises": 4' + ("}" if strict else ",}"))
    assert paste.query == NextQuery("u", 4)
    assert "“num_exercises” was given more than once; the last was taken." in [str(note) for note in paste.notes]


def test_a_repaired_note_of_an_exercise_is_no_query() -> None:
    exercise = '{"id": "e", "path": "/a", "metadata": "{"irt_b": 1}"}'
    one = f'{{"exercise": {exercise}, "outcome": {json.dumps(DONE_JSON)}}}'
    paste = understand_practice(f'{{"user_id": "u", "exercise_outcomes": [{one}]}}')
    assert paste.outcomes[0].exercise.metadata == '{"irt_b": 1}'
    assert [str(note) for note in paste.notes] == [
        "Quotes inside a text that had lost their backslash were kept as part of it."
    ]
