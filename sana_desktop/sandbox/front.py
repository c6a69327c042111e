"""The door of the API port: records each request, applies the faults meant for it, dates every answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock, http_date
from sana_desktop.sandbox.envelope import Answer, ApiRefusal, json_answer, refusal
from sana_desktop.sandbox.faults import FaultBox, Route
from sana_desktop.sandbox.insights import JOBS_PATH, SUBMIT_PATH, TOKEN_PATH
from sana_desktop.sandbox.practice import NEXT_PATH, OUTCOMES_PATH, errors
from sana_desktop.sandbox.records import RequestLog
from sana_desktop.sandbox.wire import App, Message, Receive, Scope, Send, wire_of

log = logging.getLogger(__name__)
SERVER_NAME = "sana-sandbox"
PRACTICE_ROUTES: tuple[Route, ...] = ("outcomes", "next")


@dataclass(frozen=True, slots=True)
class ApiFront:
    """An ASGI app. `apps` are tried by the beginning of the path; the one for "" takes the rest."""

    apps: dict[str, App]
    box: FaultBox
    requests: RequestLog
    clock: SandboxClock
    unrecorded: str = "/_sandbox"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = str(scope["path"]), str(scope["method"])
        app = next(app for prefix, app in self.apps.items() if path.startswith(prefix))
        if path.startswith(self.unrecorded):
            if any(name == b"origin" for name, _ in scope["headers"]):
                # A web page in somebody's browser is no tester.
                return await _deliver(refusal(ApiRefusal(403, "forbidden", "Not for web pages.")), send)
            return await _deliver(self._dated(await _ask(app, scope, receive)), send)
        record = self.requests.note(
            "api", method, path, header_pairs(scope), self.clock.true_ns() / NANOSECONDS, scope["server"][1]
        )
        route = route_of(method, path)
        answer = await self._answer(app, route, scope, receive, send)
        if answer is not None:
            self.requests.answered(record, answer.status)
        return None

    async def _answer(self, app: App, route: Route | None, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        job = scope["path"].removeprefix(JOBS_PATH) if route == "poll" else ""
        struck = self.box.take(route, job) if route else ()
        drip: faults.DripAnswer | None = None
        lost: faults.LoseAnswer | None = None
        answer: Answer | None = None
        changes: list[faults.Patch | faults.Exercises | faults.Headers] = []
        for fault in struck:
            match fault:
                case faults.Delay(seconds=seconds):
                    await asyncio.sleep(seconds)
                case faults.Hang():
                    await _until_gone(receive)
                    return None
                case faults.Reply():
                    answer = self._scripted(fault, route)
                case faults.Redirect(location=location, status=status):
                    answer = Answer(status, b"", (("Location", location),))
                case faults.LoseAnswer():
                    lost = fault
                case faults.Patch() | faults.Exercises() | faults.Headers():
                    changes.append(fault)
                case faults.DripAnswer():
                    drip = fault
                case _:
                    log.error("%s is no fault of an answer", fault)
        if answer is None:
            if lost is not None and not lost.act:
                await _read_all(receive)
                answer = Answer(500, b"")
            else:
                answer = await _ask(app, scope, receive)
        else:
            await _read_all(receive)
        answer = self._dated(answer)
        for change in changes:
            answer = changed(answer, change)
        if lost is not None:
            await _lose(answer, lost, scope, receive, send)
            return None
        await (_deliver(answer, send) if drip is None else _drip(answer, drip, send))
        return answer

    def _dated(self, answer: Answer) -> Answer:
        date = http_date(self.clock.told(self.clock.true_ns()))
        return Answer(answer.status, answer.body, (("Date", date), ("Server", SERVER_NAME), *answer.headers))

    def _scripted(self, fault: faults.Reply, route: Route | None) -> Answer:
        headers: dict[str, str] = {}
        if fault.retry_after is not None:
            at_ns = self.clock.told(self.clock.true_ns()) + int(fault.retry_after * NANOSECONDS)
            # A date has whole seconds: round up, or the client would be asked to come too early.
            date = http_date(at_ns + NANOSECONDS - 1)
            headers["Retry-After"] = date if fault.retry_after_date else f"{fault.retry_after:g}"
        if fault.body == "envelope" and route in PRACTICE_ROUTES:
            return errors(fault.status, (fault.message,), tuple(headers.items()))
        return scripted_body(fault, headers)


def route_of(method: str, path: str) -> Route | None:
    if (method, path) == ("POST", TOKEN_PATH):
        return "token"
    if (method, path) == ("POST", SUBMIT_PATH):
        return "submit"
    if method == "GET" and path.startswith(JOBS_PATH):
        return "poll"
    if (method, path) == ("POST", OUTCOMES_PATH):
        return "outcomes"
    if (method, path) == ("POST", NEXT_PATH):
        return "next"
    return None


def header_pairs(scope: Scope) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


def scripted_body(fault: faults.Reply, headers: dict[str, str]) -> Answer:
    """The body kinds of a Reply."""
    named = tuple(headers.items())
    match fault.body:
        case "envelope":
            return refusal(ApiRefusal(fault.status, fault.code, fault.message, headers))
        case "html":
            page = f"<!DOCTYPE html><html><head><title>{fault.status}</title></head><body>{fault.message}</body></html>"
            return Answer(fault.status, page.encode(), (("Content-Type", "text/html; charset=utf-8"), *named))
        case "text":
            return Answer(fault.status, fault.message.encode(), (("Content-Type", "text/plain"), *named))
        case "empty":
            return Answer(fault.status, b"", named)
        case "truncated_json":
            cut = b'{"data":{"jobId":"0b7d","status":"pend'
            return Answer(fault.status, cut, (("Content-Type", "application/json"), *named))
        case "oversized_json":
            return json_answer(fault.status, {"data": {"filler": "x" * fault.size}, "links": None}, headers)
        case "deep_json":
            deep = b"[" * 100_000 + b"]" * 100_000
            return Answer(fault.status, deep, (("Content-Type", "application/json"), *named))


def changed(answer: Answer, change: faults.Patch | faults.Exercises | faults.Headers) -> Answer:
    match change:
        case faults.Patch():
            return patched(answer, change)
        case faults.Exercises():
            return with_exercises(answer, change)
        case faults.Headers():
            return altered(answer, change)


def with_exercises(answer: Answer, change: faults.Exercises) -> Answer:
    """An answer with exercises, with those changed; other answers stay as they are."""
    try:
        content: Any = json.loads(answer.body)
        exercises = content["exercises"]
    except (ValueError, KeyError, TypeError):
        return answer
    for number, exercise in enumerate(exercises):
        if change.only in (None, number):
            exercise.update(change.set)
            for name in change.remove:
                exercise.pop(name, None)
    content["exercises"] = (exercises + list(change.add)) * change.copies
    return Answer(answer.status, json.dumps(content, ensure_ascii=False).encode(), answer.headers)


def patched(answer: Answer, change: faults.Patch) -> Answer:
    """The answer with changed fields of its `data` (without one: of itself) and `data.link`; other answers stay as
    they are."""
    try:
        content: Any = json.loads(answer.body)
        data = content.get("data", content)
        data.update(change.data)
        if change.link:
            data["link"] = {**(data.get("link") or {}), **change.link}
        for name in change.remove:
            owner, _, key = name.rpartition(".")
            (data[owner] if owner else data).pop(key, None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return answer
    body = json.dumps(content, ensure_ascii=False).encode()
    return Answer(answer.status, body, answer.headers)


def altered(answer: Answer, change: faults.Headers) -> Answer:
    gone = {name.lower() for name in (*change.remove, *change.set)}
    kept = tuple(pair for pair in answer.headers if pair[0].lower() not in gone)
    return Answer(answer.status, answer.body, (*kept, *change.set.items()))


async def _ask(app: App, scope: Scope, receive: Receive) -> Answer:
    """The app's whole answer; a bug of ours becomes a 500 in the envelope."""
    status = 500
    headers: tuple[tuple[str, str], ...] = ()
    body = bytearray()

    async def catch(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"])
        else:
            body.extend(message.get("body", b""))

    try:
        await app(scope, receive, catch)
    except Exception:
        log.exception("the sandbox failed at %s", scope["path"])
        return refusal(ApiRefusal(500, "internal_error", "The service has a problem."))
    return Answer(status, bytes(body), tuple(pair for pair in headers if pair[0] != "content-length"))


async def _deliver(answer: Answer, send: Send) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


async def _drip(answer: Answer, drip: faults.DripAnswer, send: Send) -> None:
    await send(_start(answer))
    for offset in range(0, len(answer.body), drip.size):
        part = answer.body[offset : offset + drip.size]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(drip.every)
    await send({"type": "http.response.body", "body": b""})


async def _lose(answer: Answer, lost: faults.LoseAnswer, scope: Scope, receive: Receive, send: Send) -> None:
    if lost.after_bytes >= 0:
        await send(_start(answer))
        part = answer.body[: lost.after_bytes]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await wire_of(scope).close(receive, reset=lost.reset)


def _start(answer: Answer) -> Message:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


async def _read_all(receive: Receive) -> None:
    with contextlib.suppress(KeyError):
        while (await receive()).get("more_body"):
            pass


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
