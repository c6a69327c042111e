"""The reader of pasted commands: never another error than a sentence, never a secret in view, never another request."""

from __future__ import annotations

import json
from unittest.mock import patch

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sana_desktop.api.curl import CurlRequest, parse_commands, parse_curl
from sana_desktop.api.curl_export import Shell, export_curl
from sana_desktop.api.loose_json import read_loose
from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.recognition import understand
from sana_desktop.reports.paste.understanding import Understanding

CANARY = "canary7f3a9c2e51b8d604"
URL = "https://acme.sana.ai/api/v1/reports/query"
PIECES = st.sampled_from(
    [
        "curl",
        "curl.exe",
        "Invoke-WebRequest",
        "irm",
        "-X",
        "POST",
        "-H",
        "-d",
        "--data-raw",
        "-u",
        "-b",
        "--url",
        "-Uri",
        "-Headers",
        "@{",
        "}",
        "=",
        "'",
        '"',
        "\\",
        "\\\n",
        "^",
        "^\n",
        '^"',
        "`",
        "`\n",
        "\n",
        " ",
        "  ",
        "$'",
        "$(",
        ")",
        "(",
        "{{a}}",
        "<x>",
        "|",
        ";",
        "&",
        "#",
        "“",
        "”",
        "‘",
        "–",
        "\u00a0",
        "\u200b",
        "\x00",
        "\ud800",
        "😀",
        "é",
        "%",
        URL,
        "https://",
        "Authorization: Bearer ",
        "{",
        '{"query": "',
        '", "format": "csv"}',
        "SELECT 1",
        "```\n",
        "> ",
        "$ ",
        "\\u12",
        "\\x4",
        "$([char]955)",
        "@'\n",
        "\n'@",
        "$a = ",
        ",",
        "@x",
        "''",
        '""',
    ]
)
JUMBLE = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)
QUICK = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def shown(request: CurlRequest) -> str:
    return repr((request, request.headers, request.body, request.ignored, request.repaired, request.placeholders))


def said(error: UserError) -> str:
    return repr((str(error), error.detail, error.next_step, error.values, error.code))


def problem_of(text: str) -> UserError | None:
    try:
        parse_commands(text)
    except UserError as error:
        return error
    return None


@QUICK
@given(JUMBLE | JUMBLE.map(lambda text: "curl -d " + text))
@example("curl -d $'\\ud800'")
@example("curl -d 1 \x0b `\n")
@example('curl -d \'{"query":"\\ud800"}\' ' + URL)
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    error = problem_of(text)
    if error is not None:
        assert str(error)
        assert error.next_step
        return
    for request in parse_commands(text):
        assert request.method == request.method.upper()
        assert shown(request)


@QUICK
@given(JUMBLE | st.text(max_size=200))
def test_any_text_is_understood_without_an_error(text: str) -> None:
    understood = understand(text)
    assert isinstance(understood, Understanding)
    assert understood.headline
    repr(understood)


SECRET_PLACES = st.sampled_from(
    [
        f"-H 'Authorization: Bearer {CANARY}'",
        f'-H "authorization: bearer {CANARY}"',
        f"-H $'X-API-KEY: {CANARY}'",
        f"-u me:{CANARY}",
        f"-b a={CANARY}",
        f"--oauth2-bearer {CANARY}",
        f"-d client_secret={CANARY}",
        f'--json \'{{"client_secret": "{CANARY}"}}\'',
        f"'https://files.example.com/{CANARY}?sig={CANARY}'",
    ]
)


@QUICK
@given(SECRET_PLACES, JUMBLE, st.booleans())
def test_a_planted_secret_is_never_in_view(secret: str, noise: str, before: bool) -> None:
    noise = noise.replace("SELECT 1", "")
    text = f"curl {URL} {secret} {noise}" if not before else f"curl {secret} {URL} {noise}"
    error = problem_of(text)
    if error is not None:
        assert CANARY not in said(error)
        return
    requests = parse_commands(text)
    if noise.strip() == "":
        assert CANARY not in shown(requests[0])
    assert CANARY not in repr(requests)
    assert not any(CANARY in note for one in requests for note in (*one.ignored, *one.repaired))


@QUICK
@given(st.integers(0, 400), SECRET_PLACES)
def test_a_cut_command_shows_no_secret(length: int, secret: str) -> None:
    text = f'curl -X POST \'{URL}\' \\\n {secret} \\\n -d \'{{"query": "SELECT \\"user\\" FROM t", "format": "csv"}}\''
    understood = understand(text[:length])
    assert CANARY not in repr((understood, understood.card, understood.notes))
    if understood.problem is not None:
        assert CANARY not in said(understood.problem)


SQL_TEXT = st.text(
    st.sampled_from("ab \"'`^%$&|<>()\\\n\t!#{}[];:@~-–’“\u00a0\u200b😀é0") | st.characters(exclude_categories=["Cs"]),
    max_size=60,
).filter(lambda text: text.strip() and "\x00" not in text)


@QUICK
@given(SQL_TEXT, st.sampled_from(["csv", "xlsx"]), st.sampled_from(list(Shell)), st.booleans())
def test_an_exported_command_comes_back_the_same(sql: str, form: str, shell: Shell, ascii_only: bool) -> None:
    body = json.dumps({"query": sql, "format": form}, ensure_ascii=ascii_only)
    headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {CANARY}"))
    text = export_curl("POST", URL, headers, body, shell=shell)
    assert CANARY not in text
    request = parse_curl(text)
    assert (request.method, request.url) == ("POST", URL)
    assert dict(request.headers) == {"Content-Type": "application/json", "Authorization": "Bearer <your_token>"}
    assert request.body is not None
    assert json.loads(request.body, strict=False) == {"query": sql, "format": form}
    assert request.ignored == ()


@QUICK
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_strict_json_is_read_as_it_is(value: object) -> None:
    loose = read_loose(json.dumps(value))
    assert loose.value == value
    assert loose.repaired == ()


@QUICK
@given(JUMBLE)
def test_nothing_is_opened_or_run(text: str) -> None:
    with (
        patch("builtins.open", side_effect=AssertionError),
        patch("os.system", side_effect=AssertionError),
        patch("subprocess.Popen", side_effect=AssertionError),
        patch("pathlib.Path.open", side_effect=AssertionError),
    ):
        problem_of(text)


@QUICK
@given(st.text(max_size=300))
def test_words_are_harmless_whatever_is_in_them(value: str) -> None:
    words = Words("It says {value}.", value=value)
    assert "\n" not in words
    assert len(words) <= 210
    assert words.say(str) == words
