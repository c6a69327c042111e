"""The options of curl: an allow-list of what is understood; the rest is left out and said so (BEHAVIOUR.md T13)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote_plus

from sana_desktop.api.draft_request import Draft, file_refused
from sana_desktop.api.shell_words import Word
from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words

_SHORT_WITH_VALUE = {
    "X": "request", "H": "header", "d": "data", "u": "user", "b": "cookie", "F": "form", "A": "user-agent",
    "e": "referer", "o": "output", "K": "config", "x": "proxy", "m": "max-time", "c": "cookie-jar", "E": "cert",
    "w": "write-out", "T": "upload-file", "U": "proxy-user", "r": "range", "y": "speed-time", "Y": "speed-limit",
    "z": "time-cond", "C": "continue-at", "D": "dump-header", "Q": "quote", "t": "telnet-option", "P": "ftp-port",
    "h": "help",
}  # fmt: skip
_SHORT_PLAIN = {
    "L": "location", "s": "silent", "S": "show-error", "v": "verbose", "i": "include", "k": "insecure", "I": "head",
    "G": "get", "f": "fail", "g": "globoff", "N": "no-buffer", "O": "remote-name", "J": "remote-header-name",
    "#": "progress-bar", "n": "netrc", "q": "disable", "a": "append", "j": "junk-session-cookies", "p": "proxytunnel",
    "R": "remote-time", "Z": "parallel", "l": "list-only", "B": "use-ascii", "V": "version", "0": "http1.0",
    "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6", "M": "manual",
}  # fmt: skip
_LONG_WITH_VALUE = frozenset(_SHORT_WITH_VALUE.values()) - {"help"} | {
    "url", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "oauth2-bearer", "url-query", "cacert",
    "capath", "key", "cert-type", "key-type", "pass", "ciphers", "connect-timeout", "retry", "retry-delay",
    "retry-max-time", "max-redirs", "resolve", "connect-to", "interface", "limit-rate", "form-string", "noproxy",
    "socks5", "socks5-hostname", "preproxy", "proxy-header", "tls-max", "aws-sigv4", "unix-socket", "stderr", "trace",
    "trace-ascii", "dns-servers", "keepalive-time", "local-port", "expect100-timeout", "max-filesize", "netrc-file",
    "variable", "output-dir", "rate", "hsts", "pinnedpubkey", "tls13-ciphers", "request-target",
}  # fmt: skip
_LONG_PLAIN = frozenset(_SHORT_PLAIN.values()) | {
    "compressed", "http1.1", "http2", "http2-prior-knowledge", "http3", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3",
    "ssl-no-revoke", "path-as-is", "raw", "create-dirs", "no-keepalive", "no-progress-meter", "fail-with-body",
    "fail-early", "location-trusted", "basic", "digest", "ntlm", "negotiate", "anyauth", "no-sessionid", "tcp-nodelay",
    "retry-connrefused", "retry-all-errors", "globoff", "disable-eprt", "no-alpn", "styled-output", "help", "next",
}  # fmt: skip
_HARMLESS = frozenset(
    {
        "location", "silent", "show-error", "verbose", "include", "fail", "globoff", "no-buffer", "progress-bar",
        "compressed", "http1.1", "http2", "http3", "user-agent", "referer", "fail-with-body", "no-progress-meter",
        "basic", "max-time", "connect-timeout", "use-ascii", "tlsv1.2", "tlsv1.3", "path-as-is", "no-keepalive",
    }
)  # fmt: skip
"""Options whose absence changes nothing a person would notice: this app does these things its own way."""
_SAID = {
    "insecure": Words("“Do not check certificates” (-k) is left out: certificates are always checked."),
    "config": Words("A settings file of curl (-K) is left out: no file named in a command is opened."),
    "proxy": Words("The proxy of the command is left out: this computer's own proxy settings are used."),
    "output": Words("The file name of the command (-o) is left out: you choose where reports are kept."),
    "upload-file": Words("An upload of a file (-T) is left out: no file named in a command is opened."),
    "cookie": Words("Cookies are left out: they are not needed."),
    "netrc": Words("Stored passwords of curl (-n) are left out: no file of another program is opened."),
}
_ALIASES = {
    "remote-name": "output", "output-dir": "output", "cookie-jar": "cookie", "proxy-user": "proxy", "socks5": "proxy",
    "preproxy": "proxy", "socks5-hostname": "proxy", "netrc-file": "netrc", "proxy-header": "proxy",
}  # fmt: skip
_FLAG_SHAPE = re.compile(r"--?[a-z][a-z-]{0,24}\Z")
"""Names of options have no digits but for versions, which are known ones; a secret nearly always has."""
_URL_SHAPE = re.compile(r"(?:https?://|[\w<{$-]+[\w<>{}$.-]*\.[\w<>{}$.-]+)", re.IGNORECASE)


def read_options(words: Sequence[Word]) -> Draft:
    """Return what the words behind `curl` ask for.

    Raises:
        UserError: for text from a file, or an option without its value.
    """
    return _Options(words).read()


class _Options:
    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._at = 0
        self._draft = Draft()

    def read(self) -> Draft:
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            text = _plain_dashes(word.text)
            if word.substituted:
                self._draft.substituted = True
            if text in {"-", "--", ""}:
                continue
            if text.startswith("--"):
                self._long(text)
            elif text.startswith("-"):
                self._cluster(text)
            else:
                self._address(text)
        return self._draft

    def _value(self, option: str) -> str:
        if self._at >= len(self._words):
            raise UserError(
                "The command ends right after {option}, where something should follow.",
                code="E-PASTE-CUT",
                values={"option": option},
                next_step="Copy the whole command again, to its very last character.",
            )
        word = self._words[self._at]
        self._at += 1
        if word.substituted:
            self._draft.substituted = True
        return word.text

    def _long(self, text: str) -> None:
        name = text[2:]
        if name in _LONG_WITH_VALUE:
            self._take(name, self._value(text))
        elif name in _LONG_PLAIN:
            self._plain(name)
        else:
            self._unknown(text)

    def _cluster(self, text: str) -> None:
        """`-sSLd body` is four options; a value may be glued on, as in `-XPOST`."""
        for index, letter in enumerate(text[1:], start=1):
            if letter in _SHORT_WITH_VALUE:
                rest = text[index + 1 :]
                self._take(_SHORT_WITH_VALUE[letter], rest or self._value("-" + letter))
                return
            if letter not in _SHORT_PLAIN:
                self._unknown(text if index == 1 else "-" + letter)
                return
            self._plain(_SHORT_PLAIN[letter])

    def _unknown(self, text: str) -> None:
        """Leave out an option that curl does not have, with the value it seems to take."""
        if self._at < len(self._words):
            following = self._words[self._at].text
            if not following.startswith("-") and not (self._draft.url is None and _URL_SHAPE.match(following)):
                self._at += 1
        if _FLAG_SHAPE.match(text):
            self._draft.note(Words("The option {option} is left out: it is not known here.", option=text))
        else:
            self._draft.note(Words("An option that is not known here is left out."))

    def _plain(self, name: str) -> None:
        if name == "get":
            self._draft.data_in_url = True
        elif name == "head":
            self._draft.head = True
        elif name not in _HARMLESS:
            self._left_out(name)

    def _left_out(self, name: str) -> None:
        known = _SAID.get(_ALIASES.get(name, name))
        self._draft.note(known or Words("The option {option} is left out: it is not needed.", option="--" + name))

    def _take(self, name: str, value: str) -> None:
        handler = _HANDLERS.get(name)
        if handler:
            handler(self._draft, value)
        elif name == "url":
            self._address(value)
        elif name not in _HARMLESS:
            self._left_out(name)

    def _address(self, text: str) -> None:
        if self._draft.url is None or (not _URL_SHAPE.match(self._draft.url) and _URL_SHAPE.match(text)):
            self._draft.url = text
        else:
            self._draft.note(Words("A part of the command that belongs to no option is left out."))


def _plain_dashes(text: str) -> str:
    """Word turns `--data` into `–data` or `—data`, and at times `-d` into `–d`."""
    if text[:1] not in {"–", "—"} and text[:2] not in {"-–", "-—"}:
        return text
    name = text.lstrip("-–—")
    return ("--" if name in _LONG_WITH_VALUE or name in _LONG_PLAIN else "-") + name


def _method(draft: Draft, value: str) -> None:
    draft.method = value.strip().upper()


def _header(draft: Draft, value: str) -> None:
    if value.startswith("@"):
        raise file_refused()
    name, colon, rest = value.partition(":")
    if not colon:
        broken = re.match(r"\s*(authorization|x-api-key)[\s=]+(.+)", value, re.IGNORECASE | re.DOTALL)
        if not broken:
            draft.note(Words("A header without a colon is left out."))
            return
        name, rest = broken[1], broken[2]
        draft.note(Words("A colon missing behind {name} was put in.", name=name))
    draft.headers.append((name.strip(), rest.strip()))


def _data(draft: Draft, value: str) -> None:
    if value.startswith("@"):
        raise file_refused()
    draft.data.append(value)


def _data_raw(draft: Draft, value: str) -> None:
    draft.data.append(value)


def _json(draft: Draft, value: str) -> None:
    _data(draft, value)
    if not any(name.lower() == "content-type" for name, _ in draft.headers):
        draft.headers.append(("Content-Type", "application/json"))


def _data_urlencode(draft: Draft, value: str) -> None:
    name, equals, content = value.partition("=")
    if equals:
        draft.data.append((name + "=" if name else "") + quote_plus(content))
    elif "@" in value:
        raise file_refused()
    else:
        draft.data.append(quote_plus(value))


def _form(draft: Draft, value: str) -> None:
    name, equals, content = value.partition("=")
    if content.startswith(("@", "<")):
        raise file_refused()
    if equals:
        draft.data.append(quote_plus(name) + "=" + quote_plus(content))


def _user(draft: Draft, value: str) -> None:
    draft.user = value


def _bearer(draft: Draft, value: str) -> None:
    draft.headers.append(("Authorization", "Bearer " + value))


def _cookie(draft: Draft, value: str) -> None:
    draft.headers.append(("Cookie", value))


_HANDLERS: dict[str, Callable[[Draft, str], None]] = {
    "request": _method,
    "header": _header,
    "data": _data,
    "data-ascii": _data,
    "data-binary": _data,
    "data-raw": _data_raw,
    "json": _json,
    "data-urlencode": _data_urlencode,
    "form": _form,
    "form-string": _form,
    "user": _user,
    "oauth2-bearer": _bearer,
    "cookie": _cookie,
}
