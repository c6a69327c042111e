"""What mail, chat and word processors do to a command is undone, and nothing else is changed."""

from __future__ import annotations

import pytest

from sana_desktop.api.pasted_text import (
    COMMAND,
    MAX_PASTE_CHARACTERS,
    check_size,
    clean_blanks,
    clean_command,
    straighten,
)
from sana_desktop.base.errors import UserError


def test_size() -> None:
    check_size("x" * MAX_PASTE_CHARACTERS)
    with pytest.raises(UserError) as caught:
        check_size("x" * (MAX_PASTE_CHARACTERS + 1))
    assert caught.value.code == "E-PASTE-SIZE"
    assert "1,048,577" in caught.value.message


@pytest.mark.parametrize(
    ("text", "clean", "noted"),
    [
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne", False),
        ("a\u00a0b\u202fc\u3000d", "a b c d", True),
        ("\ufeffa\u200bb\u00adc\u202ed", "abcd", True),
        ("a\0b", "ab", False),
        ("a\ud800b", "a\ufffdb", False),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم", False),
        ("plain “text”", "plain “text”", False),
    ],
)
def test_blanks_and_line_ends(text: str, clean: str, noted: bool) -> None:
    cleaned = clean_blanks(text)
    assert (cleaned.text, bool(cleaned.notes)) == (clean, noted)


def test_straighten() -> None:
    assert straighten("“a” „b‟ ‘c’ ‚d‛ 'e\"") == "\"a\" \"b\" 'c' 'd' 'e\""


@pytest.mark.parametrize(
    "text",
    ["curl -X", "curl 'https", "CURL https://a", "curl.exe -d", "curl acme.sana.ai/x", "x && curl -d", "curl \\\n -d",
     "iwr -Uri", "Invoke-RestMethod @p", "curl <https://a>", "curl –d", "(curl -s", "curl ^\n  ^\"https"],
)  # fmt: skip
def test_a_command_is_found(text: str) -> None:
    assert COMMAND.search(text)


@pytest.mark.parametrize(
    "text", ["curl", "curly -x", "libcurl -x", "/usr/bin/curl-x", "use curl please", "a.curl -x", "curl: (6)", "cURL"]
)
def test_no_command_is_found(text: str) -> None:
    assert not COMMAND.search(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("$ curl -X GET", "curl -X GET"),
        ("me@box:~/x$ curl -X GET", "curl -X GET"),
        ("PS C:\\Users\\me> curl.exe -X GET", "curl.exe -X GET"),
        ("C:\\Users\\me>curl -X GET", "curl -X GET"),
        ("(base) $ curl -X GET", "curl -X GET"),
        ("$ curl -X GET \\\n> -H 'a: b'", "curl -X GET \\\n-H 'a: b'"),
        ("> curl -X GET \\\n> -H 'a: b'", "curl -X GET \\\n-H 'a: b'"),
        ("PS> $a = 'x'\nPS> irm -Uri $a", "$a = 'x'\nirm -Uri $a"),
    ],
)
def test_prompts_go(text: str, clean: str) -> None:
    cleaned = clean_command(text)
    assert cleaned.text == clean
    assert any("prompt" in note for note in cleaned.notes)


def test_a_sign_that_is_no_prompt_stays() -> None:
    text = "curl -d 'SELECT a\n> b'\nmore"
    assert clean_command(text).text == text


def test_of_fences_the_one_with_the_command_is_read() -> None:
    text = "Try\n```sql\nSELECT 1\n```\nor\n```bash\ncurl -X GET https://a\n```\nDone `x`"
    assert clean_command(text).text == "curl -X GET https://a\n"
    assert clean_command("~~~\ncurl -X GET").text == "curl -X GET"
    assert clean_command("`curl -X GET`").text == "curl -X GET"
    assert clean_command("```\nSELECT 1\n```").text == "```\nSELECT 1\n```"


def test_curly_quotes_are_straightened_only_where_they_are_the_shells() -> None:
    cleaned = clean_command("curl “https://a” -d ‘{}’")
    assert cleaned.text == "curl \"https://a\" -d '{}'"
    assert any("Curly" in note for note in cleaned.notes)
    meant = "curl 'https://a' -d '{\"q\": \"‘O’Brien”\"}'"
    assert clean_command(meant).text == meant
    assert not clean_command(meant).notes
    assert clean_command("He said “look”: curl 'https://a'").text == "He said “look”: curl 'https://a'"


def test_codes_of_a_web_page_are_turned_back_only_where_they_stand_for_quotes() -> None:
    cleaned = clean_command("curl -d &quot;a &amp; b&quot;")
    assert cleaned.text == 'curl -d "a & b"'
    kept = 'curl -d "a &quot;b&quot;"'
    assert clean_command(kept).text == kept
