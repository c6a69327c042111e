"""Words of a command line as bash and cmd.exe split it; nothing is expanded, run or read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sana_desktop.api.shell_words import Split, goes_on, place_of, split_bash, split_cmd
from sana_desktop.base.errors import UserError


def texts(split: Split) -> list[str]:
    return [word.text for word in split.words]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  a\tb  ", ["a", "b"]),
        ("a'b c'\"d e\"f", ["ab cd ef"]),
        ("'' \"\"", ["", ""]),
        ("'it'\\''s'", ["it's"]),
        (r"'a\nb'", [r"a\nb"]),
        (r'"a\"b\\c\$d\`e"', [r'a"b\c$d`e']),
        (r'"a\nb"', [r"a\nb"]),
        ('"a\\\nb"', ["ab"]),
        (r"a\ b", ["a b"]),
        ("a \\\n b", ["a", "b"]),
        ("a\\\nb", ["ab"]),
        ("a#b #c d", ["a#b"]),
        ("https://h.example/?x=$HOME", ["https://h.example/?x=$HOME"]),
        (r"$'a\tb\'c\\d'", ["a\tb'c\\d"]),
        (r"$'\u00e9\U0001F600'", ["é😀"]),
        (r"$'\xc3\xa9\303\251'", ["éé"]),
        (r"$'\ud83d\ude00'", ["😀"]),
        (r"$'\ud83dx'", ["\ufffdx"]),
        (r"$'\udc00'", ["\ufffd"]),
        (r"$'\xff'", ["\ufffd"]),
        (r"$'\cA\q'", ["\x01\\q"]),
    ],
)
def test_bash_words(line: str, words: list[str]) -> None:
    assert texts(split_bash(line)) == words


@pytest.mark.parametrize("end", [";", "|", "&", "&&", "\n", "#"])
def test_bash_stops_where_the_command_ends(end: str) -> None:
    split = split_bash(f"a b {end} rm -rf")
    assert texts(split) == ["a", "b"]
    assert split.end == 4


@pytest.mark.parametrize("line", ["$(cat /etc/passwd)", "`id`", '"x $(id) y"', '"x `id`"'])
def test_bash_substitutions_stay_as_text_and_are_marked(line: str) -> None:
    (word,) = split_bash(line).words
    assert word.substituted
    assert word.text == line.strip('"')


def test_bash_marks_only_the_word_with_the_substitution() -> None:
    assert [word.substituted for word in split_bash("a $(x) '$(y)'").words] == [False, True, False]


def test_bash_begins_where_it_is_told_and_places_count_from_the_whole_text() -> None:
    assert [(word.text, word.start) for word in split_bash("curl -d 'x y'", 4).words] == [("-d", 5), ("x y", 8)]


def test_bash_joins_lines_that_lost_their_mark() -> None:
    split = split_bash("curl -X POST\n  -H 'a: b'\nls", 4)
    assert texts(split) == ["-X", "POST", "-H", "a: b"]
    assert split.cut_lines
    assert not split_bash("-X POST \\\n -H a").cut_lines


def test_bash_blanks_behind_the_joining_mark_are_a_copying_slip() -> None:
    split = split_bash("a \\  \nb")
    assert (texts(split), split.cut_lines) == (["a", "b"], True)


@pytest.mark.parametrize("opened", ["'SECRET", '"SECRET', "$'SECRET", "$(SECRET", '"SECRET\\'])
def test_bash_quotation_without_end_names_its_line_and_quotes_nothing(opened: str) -> None:
    with pytest.raises(UserError) as caught:
        split_bash("curl \\\n" + opened)
    assert caught.value.code == "E-PASTE-CUT"
    assert "line 2" in caught.value.message
    assert "SECRET" not in repr((caught.value.message, caught.value.values, caught.value.detail))


@pytest.mark.parametrize("split", [split_bash, split_cmd])
def test_thousands_of_words_are_refused(split: Callable[[str], Split]) -> None:
    assert len(split("a " * 4_999).words) == 4_999
    with pytest.raises(UserError) as caught:
        split("a " * 5_001)
    assert caught.value.code == "E-PASTE-SIZE"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a  b", ["a", "b"]),
        ('"a b" ""', ["a b", ""]),
        ('^"a b^"', ["a b"]),
        ("a^&b^|c^^d", ["a&b|c^d"]),
        ('"a^b&c|d"', ["a^b&c|d"]),
        (r'^"a \^"b\^"^"', ['a "b"']),
        (r'"a\\" b', ["a\\", "b"]),
        (r"c:\dir\file", [r"c:\dir\file"]),
        ('"say ""hi"""', ['say "hi"']),
        ('^"100^%^25^"', ["100%25"]),
        ("a ^\n  b", ["a", "b"]),
        ("a ^ \t\n b", ["a", "b"]),
        ('^"line^\n\ntwo^"', ["line\ntwo"]),
        ("'a b'", ["'a", "b'"]),
    ],
)
def test_cmd_words(line: str, words: list[str]) -> None:
    assert texts(split_cmd(line)) == words


def test_cmd_backslash_in_front_of_a_doubled_quote_belongs_to_the_text_when_quotes_are_doubled() -> None:
    line = r'"{""q"": ""a \""b\"" c""}"'
    assert texts(split_cmd(line, doubled=True)) == [r'{"q": "a \"b\" c"}']


@pytest.mark.parametrize("end", [" & del x", " | more", "\nrem"])
def test_cmd_stops_where_the_command_ends(end: str) -> None:
    split = split_cmd("curl a" + end, 4)
    assert texts(split) == ["a"]
    assert split.end <= len("curl a ")


def test_cmd_places_count_from_the_source_with_its_carets() -> None:
    text = 'curl ^"a^" ^\n  -d ^"x'
    with pytest.raises(UserError) as caught:
        split_cmd(text, 4)
    assert "line 2" in caught.value.message
    words = split_cmd('curl ^"a^" ^&b', 4).words
    assert [(word.text, word.start) for word in words] == [("a", 5), ("&b", 11)]


@pytest.mark.parametrize(
    ("following", "belongs"),
    [
        ("-H x", True),
        ("  --data x", True),
        ("–H x", True),
        ("'x'", True),
        ("https://a", True),
        ("ls", False),
        ("", False),
    ],
)
def test_goes_on(following: str, belongs: bool) -> None:
    text = "curl\n" + following
    found = goes_on(text, 4)
    assert (found is not None) is belongs
    if found is not None:
        assert text[found:] == following.lstrip()


def test_place_of_counts_lines_from_one() -> None:
    assert [place_of("a\nb\nc", at) for at in (0, 1, 2, 4)] == ["1", "1", "2", "3"]
