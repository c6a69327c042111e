"""The Web API (Personalized Practice): nothing of it is here yet, and it says so in the API's own form."""

from __future__ import annotations

import json

from sana_desktop.sandbox.wire import Receive, Scope, Send

PREFIX = "/v1/"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """404 as the developer page's table of errors has it."""
    error = {"status": 404, "detail": "The specified resource could not be found.", "link": None}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"errors": [error]}).encode()})
