"""A request written as a command for a terminal, with `<your_token>` in the secret's place (BEHAVIOUR.md A36)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import StrEnum

from sana_desktop.api.secret_places import TOKEN_BLANK, is_blank, is_secret_header

_UNSEEN = re.compile("[\u00a0\u00ad\u1680\u2000-\u200f\u2018-\u201f\u2028-\u202f\u205f-\u2069\u3000\ufeff\r\0]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Shell(StrEnum):
    """Which terminal a command is written for."""

    BASH = "bash"
    CMD = "cmd"
    POWERSHELL = "powershell"


def export_curl(
    method: str, url: str, headers: Iterable[tuple[str, str]], body: str | None, *, shell: Shell = Shell.BASH
) -> str:
    """Return the command that sends this request.

    A header that may carry a secret gets `<your_token>` whatever it holds; the word Bearer or Basic stays. In a JSON
    body, characters that terminals or mail programs spoil are written as JSON's own escapes, which mean the same.
    """
    shown = [(name, _blanked(name, value)) for name, value in headers]
    if body is not None:
        body = _hardened(body, _NOT_ASCII if shell is Shell.POWERSHELL else _UNSEEN)
    if shell is Shell.POWERSHELL:
        return _powershell(method, url, shown, body)
    quote, joint = (_bash, " \\\n  ") if shell is Shell.BASH else (_cmd, " ^\n  ")
    parts = [f"curl -X {method} {quote(url)}"]
    parts += [f"-H {quote(f'{name}: {value}')}" for name, value in shown]
    if body is not None:
        parts.append(f"--data-raw {quote(body)}")
    return joint.join(parts)


def _blanked(name: str, value: str) -> str:
    if not is_secret_header(name):
        return value
    kind, blank, rest = value.partition(" ")
    if blank and kind.lower() in {"bearer", "basic"}:
        return f"{kind} {rest if rest == TOKEN_BLANK else TOKEN_BLANK}"
    return value if is_blank(value) and value else TOKEN_BLANK


def _hardened(body: str, spoilt: re.Pattern[str]) -> str:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return body
    return spoilt.sub(lambda found: json.dumps(found.group())[1:-1], body)


def _bash(text: str) -> str:
    if not _UNSEEN.search(text):
        return "'" + text.replace("'", "'\\''") + "'"
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return "$'" + _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped) + "'"


def _cmd(text: str) -> str:
    quoted = re.sub(r"(\\*)(\"|\Z)", lambda run: run[1] * 2 + ("\\" + run[2] if run[2] else ""), text)
    careted = re.sub(r"[^a-zA-Z0-9\s_\-:=+~'/.,?;()*`\u0080-\U0010ffff]", r"^\g<0>", quoted)
    careted = re.sub(r"%(?=[a-zA-Z0-9_])", "%^", careted).replace("\n", "^\n\n")
    return f'^"{careted}^"'


def _powershell(method: str, url: str, headers: list[tuple[str, str]], body: str | None) -> str:
    lines = [f"Invoke-RestMethod -Method {method} -Uri {_single(url)}"]
    kept = [(name, value) for name, value in headers if name.lower() != "content-type"]
    if kept:
        table = "; ".join(f"{_single(name)} = {_single(value)}" for name, value in kept)
        lines.append(f"-Headers @{{ {table} }}")
    lines += [f"-ContentType {_single(value)}" for name, value in headers if name.lower() == "content-type"]
    if body is not None:
        lines.append(f"-Body {_single(body)}")
    return " `\n  ".join(lines)


def _single(text: str) -> str:
    """PowerShell takes curly single quotes for straight ones; doubling keeps any of them."""
    return "'" + re.sub("['‘’‚‛]", r"\g<0>\g<0>", text) + "'"
