"""A pasted curl command understood: what it asks for, with every secret lifted out (BEHAVIOUR.md B01, T13, M12)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from sana_desktop.api.curl_options import read_options
from sana_desktop.api.draft_request import Draft
from sana_desktop.api.pasted_text import COMMAND, Cleaned, check_size, clean_command
from sana_desktop.api.powershell import read_cmdlet, split_powershell
from sana_desktop.api.secret_places import (
    TOKEN_BLANK,
    blanks_in,
    body_secrets,
    is_blank,
    is_secret_header,
    shown_address,
)
from sana_desktop.api.shell_words import Split, Word, split_bash, split_cmd
from sana_desktop.base.errors import UserError
from sana_desktop.base.redaction import MIN_SECRET_LENGTH, Secret
from sana_desktop.base.words import Words

QUERY_PATH = "/api/v1/reports/query"
"""Where a report is ordered (the vendor's help page, "Running the Report via the API")."""

MAX_COMMANDS = 50
"""Most commands of one paste that are looked at."""


class Access(StrEnum):
    """What kind of secret a command carried."""

    NONE = "none"
    BEARER = "bearer"
    BASIC = "basic"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """What a command asks for. No field but the `Secret`s holds a secret, and their repr is dots.

    Attributes:
        method: upper case.
        url: what may be shown of the address: an API's own without its query, else only host and a hash of the path.
        address: the whole address, because a download link is a secret.
        headers: name and value; a secret value is replaced by `<your_token>`, cookies are gone.
        body: as sent, or None; a secret field is replaced by `<your_secret>`.
        token: the bearer token, API key or `name:password` that was lifted out; None if there was none or a blank.
        access: which of these it is.
        client_id, client_secret: of a request for a token.
        placeholders: blanks left in the address and the headers, such as `<yourdomain>`.
        ignored: what was left out.
        repaired: what was put right so that the command could be read.
        commands: how many commands the paste held.
    """

    method: str
    url: str
    address: Secret
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str | None = field(default=None, repr=False)
    token: Secret | None = None
    access: Access = Access.NONE
    client_id: str | None = None
    client_secret: Secret | None = None
    placeholders: tuple[str, ...] = ()
    ignored: tuple[Words, ...] = ()
    repaired: tuple[Words, ...] = ()
    commands: int = 1

    @property
    def path(self) -> str:
        """The path of an API's address; empty for a link."""
        return urlsplit(self.url).path if "/…" not in self.url and "(" not in self.url else ""


def looks_like_command(text: str) -> bool:
    """Return whether there is a command in the text that this module may understand."""
    return COMMAND.search(text) is not None


def parse_curl(text: str) -> CurlRequest:
    """Return what the command in a paste asks for; of several, the one that orders a report, else the first.

    Nothing of the text is run, expanded or opened. Takes time in proportion to its length.

    Raises:
        UserError: if it can't be used; the sentence says where and what to do and quotes nothing of it.
    """
    requests = parse_commands(text)
    return next((request for request in requests if request.path.rstrip("/") == QUERY_PATH), requests[0])


def parse_commands(text: str) -> tuple[CurlRequest, ...]:
    """Return what every command in a paste asks for, in order; at least one.

    Raises:
        UserError: as `parse_curl`.
    """
    check_size(text)
    cleaned = clean_command(text)
    found = COMMAND.search(cleaned.text)
    if not found:
        raise UserError(
            "There is no curl command in this text.",
            code="E-PASTE-NO-COMMAND",
            next_step="In Sana, press </> above the widget, then the clipboard, then cURL; and paste that.",
        )
    drafts: list[tuple[Draft, tuple[Words, ...]]] = []
    while found and len(drafts) < MAX_COMMANDS:
        draft, end, repaired = _read(cleaned, found)
        drafts.append((draft, repaired))
        found = COMMAND.search(cleaned.text, max(end, found.end()))
    requests = tuple(_finish(draft, repaired) for draft, repaired in drafts)
    if len(requests) == 1:
        return requests
    several = Words("There are {count} commands in this text.", count=len(requests))
    return tuple(replace(one, commands=len(requests), ignored=(several, *one.ignored)) for one in requests)


_CMDLET_PARAMETER = re.compile(r"\s[-–](?:Uri|Headers|Method|UseBasicParsing)\b", re.IGNORECASE)
_FIRST_QUOTE = re.compile(r"\^\"|[\"']")
_QUOTED = re.compile(r"'[^']*+(?:'|\Z)|\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)", re.DOTALL)
# An end of the text counts as the end of a quotation, or each quote in an open one would be tried to the end.
_CMD_LINE_END = re.compile(r"\^[ \t]*\n")
_POWERSHELL_LINE_END = re.compile(r"`[ \t]*\n")
_POWERSHELL_FIELD = re.compile(r"`\"\w{1,60}`\"\s{0,20}:")
_DOUBLED_FIELD = re.compile(r"\"\"\w{1,60}\"\"\s{0,20}:")


def _read(cleaned: Cleaned, command: re.Match[str]) -> tuple[Draft, int, tuple[Words, ...]]:
    text, start, repaired = cleaned.text, command.end(), cleaned.notes
    following = COMMAND.search(text, start)
    own = text[start : following.start() if following else len(text)]
    is_curl = command[1].lower() in {"curl", "curl.exe"}
    if not is_curl or (_CMDLET_PARAMETER.search(own) and "--" not in own):
        cmdlet = read_cmdlet(text, start)
        return cmdlet.draft, cmdlet.end, repaired
    split = _split(text, start, own)
    if split.cut_lines:
        repaired = (*repaired, Words("Lines that had lost the mark that joins them were joined."))
    words = [word for word in split.words if not _is_redirect(word)]
    return read_options(words), split.end, repaired


def _split(text: str, start: int, own: str) -> Split:
    """Choose the shell by marks that stand outside quotations; what a query says must not decide it."""
    first = _FIRST_QUOTE.search(own)
    quote = first.group() if first else ""
    bare = _QUOTED.sub("", own)
    doubled = _DOUBLED_FIELD.search(own) is not None
    if quote == '^"' or (quote != "'" and _CMD_LINE_END.search(bare)):
        return split_cmd(text, start, doubled=doubled)
    if _POWERSHELL_LINE_END.search(bare) or (quote == '"' and _POWERSHELL_FIELD.search(own)):
        return split_powershell(text, start)
    if quote == '"' and doubled:
        return split_cmd(text, start, doubled=True)
    return split_bash(text, start)


def _is_redirect(word: Word) -> bool:
    return word.text in {">", ">>", "2>", "2>&1", "1>"}


def _finish(draft: Draft, repaired: tuple[Words, ...]) -> CurlRequest:
    """Lift every secret out of the draft and make the request of what is left."""
    lift = _Lift(draft)
    body: str | None = "&".join(draft.data) if draft.data and not draft.data_in_url else None
    body, client_id, client_secret = lift.body(body)
    headers = lift.headers()
    address = lift.address()
    if lift.token is None and draft.user:
        lift.user(draft.user)
        if client_id is None and lift.access is Access.BASIC and "/token" in address:
            client_id, client_secret = lift.basic_pair()
    if draft.substituted:
        draft.note(Words("A part that the terminal would fill in by running a command was left as it is; nothing ran."))
    placeholders = blanks_in(address.partition("?")[0] if "<" not in address else address[:2_000])
    blanks = (*placeholders, *((TOKEN_BLANK,) if lift.token_blank and lift.token is None else ()))
    return CurlRequest(
        method=draft.method or ("HEAD" if draft.head else "POST" if body is not None else "GET"),
        url=lift.sweep_path(shown_address(address)),
        address=Secret(address),
        headers=tuple((name, lift.sweep(value)) for name, value in headers),
        body=None if body is None else lift.sweep(body),
        token=lift.token,
        access=lift.access,
        client_id=client_id,
        client_secret=client_secret,
        placeholders=tuple(dict.fromkeys(blanks)),
        ignored=tuple(draft.notes),
        repaired=repaired,
    )


class _Lift:
    """Takes secrets out of one draft and remembers them, to blank each wherever else it may stand."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._taken: list[str] = []
        self.token: Secret | None = None
        self.access = Access.NONE
        self.token_blank = False

    def sweep(self, text: str) -> str:
        """Return the text without any value that was lifted."""
        for value in self._taken:
            if len(value) >= MIN_SECRET_LENGTH and value in text:
                text = text.replace(value, TOKEN_BLANK)
        return text

    def sweep_path(self, url: str) -> str:
        """Return an address without any value that was lifted, but with its host as it is."""
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host}{slash}{self.sweep(path)}" if host else url

    def body(self, body: str | None) -> tuple[str | None, str | None, Secret | None]:
        if body is None:
            return None, None, None
        body, found, client_id = body_secrets(body)
        self._taken.extend(found)
        if client_id is not None and is_blank(client_id):
            client_id = None
        return body, client_id, Secret(found[0]) if found else None

    def headers(self) -> tuple[tuple[str, str], ...]:
        kept: list[tuple[str, str]] = []
        for name, value in self._draft.headers:
            low = name.lower()
            if low in {"cookie", "cookie2", "set-cookie"}:
                self._taken.extend(re.findall(r"=([^;\s]{6,})", value)[:100])
                self._draft.note(Words("Cookies are left out: they are not needed."))
            elif low == "authorization":
                kept.append((name, self._authorization(value)))
            elif is_secret_header(name):
                self._key(name, value)
                kept.append((name, TOKEN_BLANK))
            elif re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name):
                kept.append((name, value))
        return tuple(kept)

    def _authorization(self, value: str) -> str:
        found = re.fullmatch(r"((?:bearer\s*:?\s+)*)((?:basic\s+)?)(.*)", value.strip(), re.IGNORECASE | re.DOTALL)
        bearer, basic, rest = found.groups() if found else ("", "", value)
        rest = rest.strip().strip("'\"")
        if rest.startswith("<") and rest.endswith(">") and not is_blank(rest):
            rest = rest[1:-1]
        if basic:
            self._basic(rest)
            return "Basic " + TOKEN_BLANK
        if re.fullmatch(r"bearer\s*:?", rest, re.IGNORECASE):
            rest = ""
        if not bearer and not is_blank(rest):
            self._draft.note(Words("The word Bearer was missing in front of the pass."))
        if re.search(r"\s", rest) and not is_blank(rest):
            # A mail program broke the line inside the pass; a pass has no blanks of its own.
            self._taken.extend(rest.split())
            rest = "".join(rest.split())
        self._keep(rest, Access.BEARER)
        return "Bearer " + TOKEN_BLANK

    def _key(self, name: str, value: str) -> None:
        value = value.strip()
        if name.lower() in {"x-api-key", "api-key", "apikey"} and self.token is None:
            self._keep(value, Access.KEY)
        elif not is_blank(value):
            self._taken.append(value)

    def _basic(self, encoded: str) -> None:
        try:
            pair = base64.b64decode(encoded[:8_192], validate=True).decode()
        except (binascii.Error, ValueError):
            pair = encoded
        self._taken.append(encoded)
        self.user(pair)

    def user(self, pair: str) -> None:
        """Take the `name:password` of `-u`."""
        _, colon, password = pair.partition(":")
        if is_blank(password if colon else pair):
            self.token_blank = True
            return
        self._taken.extend(part for part in (password, pair) if part)
        self._keep(pair, Access.BASIC)

    def basic_pair(self) -> tuple[str | None, Secret | None]:
        """Return client id and secret, where they came as name and password."""
        name, _, password = (self.token.reveal() if self.token else "").partition(":")
        self.token, self.access = None, Access.NONE
        return name or None, Secret(password) if password else None

    def _keep(self, value: str, access: Access) -> None:
        if is_blank(value):
            self.token_blank = True
            return
        if self.token is None:
            self.token, self.access = Secret(value), access
        self._taken.append(value)

    def address(self) -> str:
        """Return the address with its scheme, and without a name and password in it."""
        url = (self._draft.url or "").strip().strip("'\"")
        if re.fullmatch(r"<https?://[^<>]*>", url):
            url = url[1:-1]
        if not url:
            raise UserError(
                "The command has no address in it, so it does not say which site it is for.",
                code="E-PASTE-NO-ADDRESS",
                next_step="Copy the whole command again; the address begins with https://.",
            )
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
            url = "https://" + url
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        user, at, host = host.rpartition("@")
        if at:
            self.user(user)
            self._draft.note(Words("A name and password in the address are left out of it."))
        return f"{scheme.lower()}://{host}{slash}{path}"
