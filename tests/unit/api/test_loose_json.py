"""JSON as people paste it."""

from __future__ import annotations

import pytest

from sana_desktop.api import loose_json
from sana_desktop.api.loose_json import Json, read_loose
from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ('{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}, ()),
        ('{"max_score": 1., "score": 1.}', {"max_score": 1.0, "score": 1.0}, (loose_json.NUMBERS,)),
        ('{"a": {"b": 1}\n "c": []}', {"a": {"b": 1}, "c": []}, (loose_json.MISSING,)),
        ('{"a": 1,}', {"a": 1}, (loose_json.TRAILING,)),
        ("[1, 2,, 3]", [1, 2, 3], (loose_json.TRAILING,)),
        ('{"a": "x\ny"}', {"a": "x\ny"}, (loose_json.LINE_BREAKS,)),
        ("{'a': 'it\\'s'}", {"a": "it's"}, (loose_json.SINGLE,)),
        ('{a: "x"}', {"a": "x"}, (loose_json.BARE,)),
        ("{“a”: “x”}", {"a": "x"}, (loose_json.CURLY,)),
        ('{\\"a\\": \\"SELECT \\\\\\"u\\\\\\"\\"}', {"a": 'SELECT "u"'}, (loose_json.BACKSLASHES,)),
        ('{""a"": ""x""}', {"a": "x"}, (loose_json.DOUBLED,)),
        (
            '{"query": "SELECT "user", "b" FROM "t"", "format": "csv"}',
            {"query": 'SELECT "user", "b" FROM "t"', "format": "csv"},
            (loose_json.INNER,),
        ),
        ('{"a": 1, // why\n "b": /* x */ True}', {"a": 1, "b": True}, (loose_json.COMMENTS,)),
        ("{'a': '\\ud83d\\ude00\\u00e9'}", {"a": "😀é"}, (loose_json.SINGLE,)),
    ],
)
def test_repairs(text: str, value: Json, repaired: tuple[Words, ...]) -> None:
    loose = read_loose(text)
    assert loose.value == value
    assert loose.repaired == repaired


@pytest.mark.parametrize("text", ['{"query": "SELECT', '{"a": 1', '{"a": ', '{"a"', "[1, 2", '{"a": "x', '{"a": "\\'])
def test_what_is_cut_off_is_never_completed(text: str) -> None:
    with pytest.raises(UserError) as caught:
        read_loose(text)
    assert caught.value.code == "E-PASTE-CUT"


@pytest.mark.parametrize(
    "text", ["", "}", "{]", '{"a": nonsense}', '{"a" "b"}', "[1] 2", '{"a":' * 100_000, "[" * 500_000]
)
def test_what_can_not_be_read_is_said(text: str) -> None:
    with pytest.raises(UserError):
        read_loose(text)
