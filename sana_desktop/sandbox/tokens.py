"""Who may ask: client credentials, bearer tokens with scopes and an end, and their check."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock
from sana_desktop.sandbox.envelope import ApiRefusal

SCOPES = frozenset({"read", "write"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person would be handed; the signing key (hex) stays with the sandbox."""

    client_id: str
    client_secret: str
    api_key: str
    signing_key: str

    @classmethod
    def generate(cls) -> Credentials:
        return cls(
            client_id=f"sandbox-{secrets.token_hex(8)}",
            client_secret=secrets.token_urlsafe(32),
            api_key=secrets.token_urlsafe(24),
            signing_key=secrets.token_hex(32),
        )


class TokenOffice:
    """Issues and checks bearer tokens. A token is opaque to clients; it is signed, so it survives a restart."""

    def __init__(self, credentials: Credentials, clock: SandboxClock, life_seconds: float) -> None:
        self._credentials = credentials
        self._clock = clock
        self._life_seconds = life_seconds
        self._key = bytes.fromhex(credentials.signing_key)
        self._serial = 0
        self._first_valid_serial = 0
        self._pasted_revoked = False
        self.pasted_token = self._sign({"use": "pasted", "scope": "read,write"})

    def issue(self, client_id: str, client_secret: str, scope: str) -> dict[str, object]:
        """The `data` of a token answer (the vendor's API page, step token).

        Raises ApiRefusal: 401 for wrong credentials, 400 for a scope that is not `read`, `write` or both.
        """
        known = hmac.compare_digest(client_id.encode(), self._credentials.client_id.encode())
        right = hmac.compare_digest(client_secret.encode(), self._credentials.client_secret.encode())
        if not (known and right):
            raise ApiRefusal(401, "invalid_client", "The client id or the client secret is wrong.")
        wanted = [word.strip() for word in scope.split(",")]
        if not set(wanted) <= SCOPES:
            raise ApiRefusal(400, "invalid_scope", "Scopes are read and write, separated by a comma.")
        self._serial += 1
        ends = self._clock.true_ns() + int(self._life_seconds * NANOSECONDS)
        token = self._sign({"use": "issued", "scope": ",".join(wanted), "ends": ends, "serial": self._serial})
        return {"accessToken": token, "tokenType": "bearer", "expiresIn": int(self._life_seconds)}

    def expire_all(self, *, pasted: bool = False) -> None:
        """Every token issued so far is refused from now on; with `pasted` the ready-made one too."""
        self._first_valid_serial = self._serial + 1
        self._pasted_revoked = self._pasted_revoked or pasted

    def check(self, authorization: str | None, scope: str) -> None:
        """Raises ApiRefusal 401 for no, a wrong or an ended token, 403 where the token lacks the scope."""
        challenge = {"WWW-Authenticate": "Bearer"}
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise ApiRefusal(401, "unauthorized", "A bearer token is required.", challenge)
        held = self._scopes(token.strip())
        if held is None:
            raise ApiRefusal(401, "unauthorized", "The access token is invalid or has expired.", challenge)
        if scope not in held:
            raise ApiRefusal(403, "insufficient_scope", f"The access token lacks the scope {scope}.")

    def _scopes(self, token: str) -> Iterable[str] | None:
        text, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(text).encode()):
            return None
        claims = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        scopes = str(claims["scope"]).split(",")
        if claims["use"] == "pasted":
            return None if self._pasted_revoked else scopes
        expired = self._clock.true_ns() >= claims["ends"] or claims["serial"] < self._first_valid_serial
        return None if expired else scopes

    def _sign(self, claims: dict[str, object]) -> str:
        text = base64.urlsafe_b64encode(json.dumps(claims, sort_keys=True).encode()).decode().rstrip("=")
        return f"{text}.{self._signature(text)}"

    def _signature(self, text: str) -> str:
        return hmac.new(self._key, b"token\n" + text.encode(), hashlib.sha256).hexdigest()
