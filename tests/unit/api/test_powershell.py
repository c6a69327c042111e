"""PowerShell's web cmdlets, and curl.exe as PowerShell splits it; nothing is run."""

from __future__ import annotations

import json

import pytest

from sana_desktop.api.draft_request import Draft
from sana_desktop.api.powershell import read_cmdlet, split_powershell
from sana_desktop.base.errors import UserError

CANARY = "canary-7f3a9c2e51b8d604"


def read(text: str) -> Draft:
    """Read the call of `irm`; what stands before it may set variables."""
    return read_cmdlet(text, text.index("irm") + 3).draft


def words(text: str) -> list[str]:
    return [word.text for word in split_powershell(text, text.index("curl.exe") + 8).words]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("irm https://a", "url", "https://a"),
        ("irm -Uri 'https://a'", "url", "https://a"),
        ("irm -uri:https://a", "url", "https://a"),
        ("irm –Uri 'https://a'", "url", "https://a"),
        ("irm -Method post", "method", "POST"),
        ("irm https://a", "method", None),
        ("irm -Headers @{'A' = 'b'; C=\"d\"\n \"E\" = 'f'}", "headers", [("A", "b"), ("C", "d"), ("E", "f")]),
        ("irm -ContentType application/json", "headers", [("Content-Type", "application/json")]),
        ("irm -Token abc", "headers", [("Authorization", "Bearer abc")]),
        ("irm -Body '{\"a\": 1}'", "data", ['{"a": 1}']),
        ("irm -Body 'it''s'", "data", ["it's"]),
        ('irm -Body "a`"b`n`tc""d"', "data", ['a"b\n\tc"d']),
        ("irm -Body @'\na 'b'\n'@ -Method Put", "data", ["a 'b'"]),
        ('irm -Body @"\n{"a": 1}\n"@', "data", ['{"a": 1}']),
        ("irm -Body @{a='b c'; d='e'}", "data", ["a=b+c&d=e"]),
        ("irm -Form @{a='b'}", "data", ["a=b"]),
        ('irm -Body "$([char]0x1F600)$([char]233)$([char]0xD800)"', "data", ["😀é\ufffd"]),
        ('irm -Body ([Text.Encoding]::UTF8.GetBytes("{`"a`": 1}"))', "data", ['{"a": 1}']),
        ("irm `\n -Uri 'https://a' `\n -Method Put", "method", "PUT"),
        ("irm -Uri 'https://a'\n  -Method Put", "method", "PUT"),
        ("irm -Uri 'https://a'\nls -Method Put", "method", None),
        ("irm -Uri 'https://a'\n'https://b' -Method Put", "method", None),
        ("irm -Uri 'https://a' | ConvertFrom-Json -Method Put", "method", None),
        ("irm -UseBasicParsing -Method Put", "method", "PUT"),
        ("$u = 'https://a'\nirm -Uri $u", "url", "https://a"),
        ("$t='x'\nirm -Uri \"https://a/$t/${t}y/$other\"", "url", "https://a/x/xy/$other"),
        ("$t='x'\nirm -Uri 'https://a/$t'", "url", "https://a/$t"),
        ("$H = @{A = 'b'}\nirm -Headers $h", "headers", [("A", "b")]),
        ("$p = @{Uri = 'https://a'; Method = 'put'}\nirm @p", "method", "PUT"),
        ("irm -Uri $env:SITE", "url", "$env:SITE"),
    ],
)
def test_parameter(text: str, field: str, value: object) -> None:
    assert getattr(read(text), field) == value


def test_a_table_made_into_json() -> None:
    draft = read("$b = @{query = 'SELECT 1'; format = 'csv'} | ConvertTo-Json -Depth 3\nirm -Body $b -Method Post")
    assert json.loads(draft.data[0]) == {"query": "SELECT 1", "format": "csv"}
    assert draft.method == "POST"
    inline = read("irm -Body (@{a = 'b'} | ConvertTo-Json) -Method Put")
    assert (json.loads(inline.data[0]), inline.method) == ({"a": "b"}, "PUT")


def test_variables_are_those_set_before_the_call() -> None:
    assert read("irm -Uri $u\n$u = 'https://late'").url == "$u"


def test_a_command_to_be_filled_in_is_kept_as_text_and_said() -> None:
    draft = read('irm -Uri "https://a/$(Get-Secret x)"')
    assert (draft.url, draft.substituted) == ("https://a/$(Get-Secret x)", True)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("-SkipCertificateCheck", "certificates are always checked"),
        ("-WebSession $s", "session, with any cookies in it"),
        ("-OutFile out.csv", "you choose where"),
        ("-Proxy http://p", "proxy"),
        (f"-Odd{'x' * 3} {CANARY}", "not known here"),
    ],
)
def test_what_is_left_out_is_said(option: str, said: str) -> None:
    (note,) = read(f"irm -Uri 'https://a' {option}").notes
    assert said in note
    assert CANARY not in note


@pytest.mark.parametrize("option", ["-UserAgent x", "-TimeoutSec 3", "-DisableKeepAlive", "-ErrorAction Stop"])
def test_what_nobody_misses_makes_no_note(option: str) -> None:
    assert read(f"irm -Uri 'https://a' {option}").notes == []


def test_no_file_is_read() -> None:
    with pytest.raises(UserError) as caught:
        read("irm -Uri 'https://a' -InFile body.json")
    assert caught.value.code == "E-PASTE-FILE"


@pytest.mark.parametrize("opened", ["'SECRET", '"SECRET', "@{A='SECRET'", "(SECRET", "@'\nSECRET", '"SECRET`"'])
def test_what_has_no_end_is_refused_with_its_line(opened: str) -> None:
    with pytest.raises(UserError) as caught:
        read("irm `\n -Body " + opened)
    assert caught.value.code == "E-PASTE-CUT"
    assert "line 2" in caught.value.message
    assert "SECRET" not in repr((caught.value.message, caught.value.values))


def test_the_end_is_where_the_call_ends() -> None:
    text = "irm -Uri 'https://a'; rm x"
    assert read_cmdlet(text, 3).end == text.index(";")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("curl.exe -X POST 'a b'", ["-X", "POST", "a b"]),
        ("curl.exe `\n  -d 'it''s'", ["-d", "it's"]),
        (r'curl.exe -d "{\"a\": 1}" b', ["-d", r"{\"a\": 1}", "b"]),
        ('curl.exe -d "{`"a`": 1}"', ["-d", '{"a": 1}']),
        ("curl.exe -d @'\n{\"a\": 1}\n'@", ["-d", '{"a": 1}']),
        ("curl.exe a`b;ls", ["ab"]),
        ("curl.exe a | more", ["a"]),
        ("$t = 'x'\ncurl.exe -d \"y$t\"", ["-d", "yx"]),
    ],
)
def test_words_of_curl_exe(line: str, expected: list[str]) -> None:
    assert words(line) == expected


def test_curl_exe_lines_that_lost_their_mark_are_joined() -> None:
    split = split_powershell("curl.exe -X PUT\n -d 'x'\nls", 8)
    assert ([word.text for word in split.words], split.cut_lines) == (["-X", "PUT", "-d", "x"], True)


@pytest.mark.parametrize("odd", [f"-b a={CANARY}", f"={CANARY}", f"-x 'a'{CANARY}", f"-b a,{CANARY}"])
def test_t13_the_rest_of_a_word_that_is_not_understood_is_no_address(odd: str) -> None:
    draft = read(f"irm {odd} https://a -Method Get")
    assert draft.url == "https://a"
    assert CANARY not in repr(draft)
