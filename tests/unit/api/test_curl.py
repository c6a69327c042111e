"""A pasted command: what is read, what is refused, and that no secret is left in view."""

from __future__ import annotations

import base64
import json
import time

import pytest

from sana_desktop.api.curl import Access, CurlRequest, looks_like_command, parse_commands, parse_curl
from sana_desktop.base.errors import UserError

CANARY = "canary-7f3a9c2e51b8d604"
URL = "https://acme.sana.ai/api/v1/reports/query"
BODY = '{"query": "SELECT 1", "format": "csv"}'


def shown(request: CurlRequest) -> str:
    return repr((request, request.headers, request.body, request.ignored, request.repaired, request.url))


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        parse_curl(text)
    error = caught.value
    assert error.next_step
    assert CANARY not in repr((str(error), error.detail, error.next_step, error.values))
    return error


@pytest.mark.parametrize(
    ("words", "access"),
    [
        (f"-H 'Authorization: Bearer {CANARY}'", Access.BEARER),
        (f"-H 'authorization: bearer {CANARY}'", Access.BEARER),
        (f"-H 'AUTHORIZATION:BEARER {CANARY}'", Access.BEARER),
        (f"-H 'Authorization: Bearer Bearer {CANARY}'", Access.BEARER),
        (f"-H 'Authorization: {CANARY}'", Access.BEARER),
        (f"-H 'Authorization Bearer {CANARY}'", Access.BEARER),
        (f"-H 'Authorization: Bearer \"{CANARY}\"'", Access.BEARER),
        (f"-H 'X-API-KEY: {CANARY}'", Access.KEY),
        (f"-H 'x-api-key: {CANARY}'", Access.KEY),
    ],
)
def test_token_is_lifted_out(words: str, access: Access) -> None:
    request = parse_curl(f"curl '{URL}' {words} -d '{BODY}'")
    assert request.token is not None
    assert request.token.reveal() == CANARY
    assert request.access is access
    assert CANARY not in shown(request)


def test_name_and_password_are_lifted_out() -> None:
    basic = base64.b64encode(f"me:{CANARY}".encode()).decode()
    for words in (
        f"-u me:{CANARY} '{URL}'",
        f"-H 'Authorization: Basic {basic}' '{URL}'",
        f"https://me:{CANARY}@acme.sana.ai/api/x",
    ):
        request = parse_curl(f"curl {words}")
        assert request.token is not None
        assert request.token.reveal() == f"me:{CANARY}"
        assert request.access is Access.BASIC
        assert CANARY not in shown(request)
        assert basic not in shown(request)


@pytest.mark.parametrize(
    "words",
    [
        f"-b 'session={CANARY}'",
        f"-H 'Cookie: session={CANARY}; a=b'",
        f"-H 'X-Auth-Token: {CANARY}'",
        f"-H 'X-CSRF-Token: {CANARY}'",
        f"-U me:{CANARY}",
        f"--proxy http://me:{CANARY}@proxy:80",
        f"-K {CANARY}",
        f"-o {CANARY}",
        f"--key {CANARY}",
        f"--nonsense {CANARY}",
        f"--Odd-{CANARY}X",
        f"'header without colon {CANARY}'",
        f"-H '{CANARY}'",
        f"-H 'Authorization: Bearer {CANARY}' -H 'X-Again: {CANARY}'",
        f'-d \'{{"client_secret": "{CANARY}"}}\'',
        f"-d 'client_secret={CANARY}'",
    ],
)
def test_no_secret_is_left_in_view(words: str) -> None:
    assert CANARY not in shown(parse_curl(f"curl '{URL}' {words}"))


@pytest.mark.parametrize("words", ["-b 'session=abcdefgh'", "-H 'Cookie: session=abcdefgh; a=b'", "-H 'cookie: x=1'"])
def test_cookies_are_left_out_and_that_is_said(words: str) -> None:
    request = parse_curl(f"curl '{URL}' {words}")
    assert [name for name, _ in request.headers if "cookie" in name.lower()] == []
    assert request.ignored == ("Cookies are left out: they are not needed.",)


def test_address_with_a_signature_is_not_shown() -> None:
    request = parse_curl(f"curl -o r.csv 'https://files.example.com/a/{CANARY}/r.csv?X-Amz-Signature={CANARY}'")
    assert request.address.reveal().endswith(CANARY)
    assert CANARY not in shown(request)
    assert request.url.startswith("https://files.example.com/…")


def test_pass_broken_by_a_mail_program_is_joined() -> None:
    request = parse_curl(f"curl '{URL}' -H 'Authorization: Bearer {CANARY[:10]}\n {CANARY[10:]}'")
    assert request.token is not None
    assert request.token.reveal() == CANARY
    assert CANARY[10:] not in shown(request)


@pytest.mark.parametrize(
    "blank",
    [
        "<your_token>",
        "<your token>",
        "$TOKEN",
        "${TOKEN}",
        "$env:TOKEN",
        "{{token}}",
        "YOUR_TOKEN",
        "%TOKEN%",
        "xxxx",
        "…",
        "$(get)",
        "",
    ],
)
def test_blank_is_no_token(blank: str) -> None:
    request = parse_curl(f"curl '{URL}' -H 'Authorization: Bearer {blank}' -d '{BODY}'")
    assert request.token is None
    assert "<your_token>" in request.placeholders


@pytest.mark.parametrize(
    ("options", "method"),
    [
        ("", "GET"),
        (f"-d '{BODY}'", "POST"),
        ("-X put", "PUT"),
        ("-XDELETE", "DELETE"),
        ("-I", "HEAD"),
        (f"-G -d '{BODY}'", "GET"),
    ],
)
def test_method(options: str, method: str) -> None:
    assert parse_curl(f"curl {URL} {options}").method == method


def test_parts_of_the_body_are_joined_as_curl_does() -> None:
    request = parse_curl(f"curl {URL} -d a=1 --data-urlencode 'b=x y&z' --data-urlencode =q --data-raw '@c' -F 'd=4 5'")
    assert request.body == "a=1&b=x+y%26z&q&@c&d=4+5"


def test_json_option_says_its_content_type_once() -> None:
    request = parse_curl(f"curl {URL} --json '{BODY}'")
    assert dict(request.headers)["Content-Type"] == "application/json"
    assert request.method == "POST"


@pytest.mark.parametrize(
    "option",
    [
        "-d @x",
        "--data @x",
        "--data-binary @/etc/passwd",
        "--data-ascii @x",
        "--json @x",
        "--data-urlencode n@x",
        "--data-urlencode @x",
        "-F f=@x",
        "-F f=<x",
        "-H @headers",
    ],
)
def test_files_are_never_opened(option: str) -> None:
    error = refused(f"curl {URL} {option}")
    assert error.code == "E-PASTE-FILE"


def test_error_names_the_line_of_the_open_quotation() -> None:
    error = refused(f"curl '{URL}' \\\n  -H 'Authorization: Bearer {CANARY}' \\\n  -d '{{\"query\": \"SELECT")
    assert error.code == "E-PASTE-CUT"
    assert "line 3" in str(error)


@pytest.mark.parametrize(
    "text", ["", "curl", "curly hair -x", "SELECT 1", "use curl please", f"{CANARY}", "libcurl -x y"]
)
def test_no_command(text: str) -> None:
    assert not looks_like_command(text)
    assert refused(text).code == "E-PASTE-NO-COMMAND"


def test_no_address() -> None:
    assert refused(f"curl -H 'Authorization: Bearer {CANARY}'").code == "E-PASTE-NO-ADDRESS"


def test_of_several_commands_the_one_that_orders_a_report_is_taken() -> None:
    text = f"curl https://acme.sana.ai/api/token -d client_id=a && curl {URL} -d '{BODY}'; curl https://acme.sana.ai/api/v1/reports/jobs/1"
    assert [request.path for request in parse_commands(text)] == [
        "/api/token",
        "/api/v1/reports/query",
        "/api/v1/reports/jobs/1",
    ]
    assert parse_curl(text).body == BODY
    assert parse_curl(text).commands == 3


@pytest.mark.parametrize("end", ["; rm -rf /", " | sh", " && reboot", " & del x", " > out.json", " 2>&1", " # note"])
def test_what_follows_the_command_is_left_alone(end: str) -> None:
    request = parse_curl(f"curl {URL} -d '{BODY}'{end}")
    assert request.body == BODY
    assert request.url == URL


def test_alias_of_powershell() -> None:
    request = parse_curl(
        f"curl -Uri '{URL}' -Method Post -Headers @{{ 'Authorization' = 'Bearer {CANARY}' }} -Body '{BODY}'"
    )
    assert (request.method, request.body) == ("POST", BODY)
    assert request.token is not None
    assert CANARY not in shown(request)


def test_powershell_splatting() -> None:
    text = (
        f"$p = @{{\n Uri = '{URL}'\n Method = 'Post'\n Headers = @{{ Authorization = 'Bearer {CANARY}' }}\n"
        f" Body = '{BODY}'\n}}\nInvoke-RestMethod @p -SkipCertificateCheck"
    )
    request = parse_curl(text)
    assert (request.method, request.url, request.body) == ("POST", URL, BODY)
    assert any("certificates" in note for note in request.ignored)


def test_powershell_infile_is_refused() -> None:
    assert refused(f"Invoke-WebRequest -Uri {URL} -InFile body.json").code == "E-PASTE-FILE"


HOSTILE = [
    "curl " + "-H " * 200_000,
    "curl -d '" + "\\'" * 300_000,
    "curl -d $'" + "\\u00" * 200_000,
    'curl -d "' + '\\"' * 300_000,
    "curl ^\n" * 60_000,
    "curl `\n" * 60_000,
    "curl -X " + "\n" * 900_000 + "-H",
    "curl -X " + "(" * 900_000,
    "curl -d $(" * 100_000,
    "Invoke-WebRequest -Uri " + "@{" * 300_000,
    "Invoke-WebRequest -Uri " + "(" * 300_000,
    'Invoke-WebRequest -Uri "' + "`" * 900_000,
    "$a=" * 300_000 + "\nirm -Uri x",
    "> " * 400_000 + "curl -x",
    "```\n" * 200_000,
    "<" * 900_000 + "curl -d x",
    "curl -d '" + json.dumps({"query": "x" * 900_000}) + "' " + URL,
    "curl " + URL + " -d '" + '{"a":' * 150_000 + "'",
    "curl " + URL + " -H 'Authorization: Bearer " + "a " * 400_000 + "'",
]


@pytest.mark.no_cover
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_megabyte_takes_no_more_than_a_moment(number: int) -> None:
    started = time.process_time()
    code = "E-PASTE"
    try:
        parse_curl(HOSTILE[number])
    except UserError as error:
        code = error.code
    assert code.startswith("E-PASTE")
    assert time.process_time() - started < 10


def test_larger_than_a_megabyte_is_refused() -> None:
    assert refused("curl " + "x" * 1_048_576).code == "E-PASTE-SIZE"
