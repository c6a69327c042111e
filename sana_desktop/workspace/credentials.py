"""Where credentials come from: the environment for the command line, else a connection's own (BEHAVIOUR.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sana_desktop.api.origin import Origin
from sana_desktop.base.errors import AuthError, StorageError, UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.workspace.connections import Access, Connection, ConnectionStore

if TYPE_CHECKING:
    from sana_desktop.api.auth import Credentials

TOKEN = "SANA_TOKEN"  # noqa: S105
CLIENT_ID = "SANA_CLIENT_ID"
CLIENT_SECRET = "SANA_CLIENT_SECRET"  # noqa: S105
API_KEY = "SANA_API_KEY"


def credentials_from_environment(environ: Mapping[str, str]) -> Credentials | None:
    """Return what the environment gives: `SANA_TOKEN`, or the client's id and secret; None if it gives nothing.

    Raises:
        AuthError: E-AUTH-MISSING if only one half of the client is there.
    """
    from sana_desktop.api.auth import ClientCredentials, PastedToken

    token, client_id, secret = (environ.get(name, "").strip() for name in (TOKEN, CLIENT_ID, CLIENT_SECRET))
    if token:
        return PastedToken(Secret(token))
    if client_id and secret:
        return ClientCredentials(client_id, Secret(secret))
    if client_id or secret:
        present, missing = (CLIENT_ID, CLIENT_SECRET) if client_id else (CLIENT_SECRET, CLIENT_ID)
        raise AuthError(
            "{present} is set in the environment, but {missing} is not.",
            code="E-AUTH-MISSING",
            next_step="Set both, or neither.",
            values={"present": present, "missing": missing},
        )
    return None


def api_key_from_environment(environ: Mapping[str, str]) -> Secret | None:
    """Return the key of the practice service that `SANA_API_KEY` gives, None if it gives none."""
    key = environ.get(API_KEY, "").strip()
    return Secret(key) if key else None


async def credentials_of(connection: Connection, secrets: SecretStore) -> Credentials:
    """Return the client's id and secret from the password store.

    Raises:
        AuthError: E-AUTH-MISSING if there is no secret or the connection lives of pasted passes; or with a code
            E-KR-… if the store did not give it, in the store's own words: what waits for it waits for a sign-in.
    """
    from sana_desktop.api.auth import ClientCredentials

    if connection.access is Access.PASTED:
        raise AuthError(
            "The pass for {name} is gone: passes are kept in memory only.",
            code="E-AUTH-MISSING",
            next_step="Paste a new one, or connect for good with a client id and secret.",
            values={"name": connection.name},
        )
    secret = await _stored(connection, secrets, SecretName.CLIENT_SECRET)
    if secret is None and not (await secrets.state()).available:
        raise AuthError(
            "The client secret for {name} can't be had: there is no password store to look in now.",
            code="E-AUTH-MISSING",
            next_step="Start the app with your password store, or enter the secret again.",
            values={"name": connection.name},
        )
    if secret is None:
        raise AuthError(
            "The client secret for {name} is not on this computer.",
            code="E-AUTH-MISSING",
            next_step="Enter it again.",
            values={"name": connection.name},
        )
    return ClientCredentials(connection.client_id, secret)


async def key_of(connection: Connection, secrets: SecretStore) -> Secret:
    """Return the API key of the practice service from the password store.

    Raises:
        AuthError: E-KEY-MISSING if there is none, or E-KR-… as `credentials_of`.
    """
    key = await _stored(connection, secrets, SecretName.API_KEY)
    if key is None and not (await secrets.state()).available:
        raise AuthError(
            "The API key for practice with {name} can't be had: there is no password store to look in now.",
            code="E-KEY-MISSING",
            next_step="Start the app with your password store, or enter the key under Connections.",
            values={"name": connection.name},
        )
    if key is None:
        raise AuthError(
            "The API key for practice with {name} is not on this computer.",
            code="E-KEY-MISSING",
            next_step="Enter it under Connections.",
            values={"name": connection.name},
        )
    return key


async def _stored(connection: Connection, secrets: SecretStore, name: SecretName) -> Secret | None:
    try:
        return await secrets.get(connection.owner_of(name), name)
    except StorageError as error:
        raise AuthError(
            error.template, code=error.code, next_step=error.next_step, values=error.values, retryable=error.retryable
        ) from error


def find_profile(book: ConnectionStore, profile: str | None, origin: Origin | None) -> Connection | None:
    """Return the connection that a command for reports means: the one so named, else the only one to this site.

    A connection that a pasted practice key made gives no reports: it is never meant, and none is in doubt for it.

    Args:
        book: the loaded connections.
        profile: a name or id, as given with `--profile`.
        origin: the site, as given with `--workspace` or read from a paste.

    Raises:
        UserError: there is none of this name, it is for practice alone, it belongs to another site, or several fit.
    """
    if profile is not None:
        named = book.named(profile)
        if named is None:
            raise UserError(
                "There is no connection named “{profile}”.",
                code="E-PROFILE",
                next_step="Make it in the window, under Connections.",
                values={"profile": profile},
            )
        if not named.gives_reports:
            raise UserError(
                "The connection “{profile}” is for practice: no reports come from it.",
                code="E-PROFILE",
                next_step="Name the connection of your learning site.",
                values={"profile": profile},
            )
        if origin is not None and named.origin != origin:
            raise UserError(
                "The connection “{profile}” belongs to {its_site}, not to {site}.",
                code="E-PROFILE",
                next_step="Leave one of the two out.",
                values={"profile": profile, "its_site": named.origin.host, "site": origin.host},
            )
        return named
    fitting = [one for one in book.for_reports() if origin is None or one.origin == origin]
    if len(fitting) > 1:
        raise UserError(
            "Several connections fit.",
            code="E-PROFILE",
            next_step="Say which one with --profile.",
        )
    return fitting[0] if fitting else None
