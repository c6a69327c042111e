"""The object store on the second port: signed links, HEAD and GET, ranges, and the refusals of such hosts."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.book import OrderBook
from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock, http_date, nano_stamp
from sana_desktop.sandbox.delivery import Delivery, Troubles, deliver
from sana_desktop.sandbox.engine import QueryFailed
from sana_desktop.sandbox.faults import FaultBox
from sana_desktop.sandbox.files import StoredFile
from sana_desktop.sandbox.front import SERVER_NAME, header_pairs
from sana_desktop.sandbox.jobs import Job
from sana_desktop.sandbox.links import LinkSigner, LinkState, store_error
from sana_desktop.sandbox.records import RequestLog, RequestRecord
from sana_desktop.sandbox.wire import Receive, Scope, Send, Wire, wire_of

log = logging.getLogger(__name__)
_SLICE = 256 * 1024
_SLICES_A_SECOND = 20


@dataclass(frozen=True, slots=True)
class StoreFront:
    """An ASGI app. It knows no credential and wants to see none (L02)."""

    book: OrderBook
    signer: LinkSigner
    box: FaultBox
    requests: RequestLog
    clock: SandboxClock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = header_pairs(scope)
        record = self.requests.note(
            "store",
            scope["method"],
            scope["path"],
            headers,
            self.clock.true_ns() / NANOSECONDS,
            scope["server"][1],
        )
        visit = _Visit(self, scope, receive, send, dict(headers), record)
        try:
            await visit.serve()
        except (ConnectionError, RuntimeError) as error:
            # The client left in the middle of a file.
            log.debug("download ended early: %s", error)
            await visit.wire.close(receive, reset=True)
        except Exception:
            log.exception("the store failed at %s", scope["path"])
            await visit.wire.close(receive, reset=True)


class _Visit:
    """One request to the store."""

    def __init__(
        self,
        store: StoreFront,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: dict[str, str],
        record: RequestRecord,
    ) -> None:
        self._store = store
        self._method: str = scope["method"]
        self._path: str = scope["path"]
        self._query: str = scope["query_string"].decode("latin-1")
        self._receive = receive
        self._send = send
        self._asked = headers
        self._record = record
        self.wire: Wire = wire_of(scope)

    async def serve(self) -> None:
        if self._method not in ("GET", "HEAD"):
            return await self._error(405, "MethodNotAllowed", "The specified method is not allowed.")
        unwelcome = next((name for name in self._asked if _unwelcome(name)), None)
        if unwelcome is not None:
            return await self._error(400, "InvalidArgument", f"Unsupported header: {unwelcome}")
        now_ns = self._store.clock.true_ns()
        match self._store.signer.check(self._path, self._query, now_ns):
            case LinkState.UNSIGNED:
                return await self._error(403, "AccessDenied", "Access Denied")
            case LinkState.FORGED:
                message = "The request signature we calculated does not match the signature you provided."
                return await self._error(403, "SignatureDoesNotMatch", message)
            case LinkState.EXPIRED:
                told = nano_stamp(self._store.clock.told(now_ns))
                return await self._error(403, "AccessDenied", "Request has expired", ServerTime=told)
            case LinkState.GOOD:
                return await self._found()

    async def _found(self) -> None:
        try:
            found = await self._store.book.file_at(self._path)
        except QueryFailed:
            found = None
        if found is None:
            return await self._error(404, "NoSuchKey", "The specified key does not exist.", Key=self._path)
        file, job = found
        troubles = self._troubles(job)
        if troubles.stall is not None:
            await asyncio.sleep(troubles.stall.seconds)
        if troubles.changed is not None:
            file = await self._store.book.changed(file)
        if await self._instead(file, troubles):
            return None
        plan = deliver(file, self._asked.get("range"), self._asked.get("if-range"), troubles)
        if plan.status == 416:
            return await self._error(416, "InvalidRange", "The requested range is not satisfiable", plan.headers)
        return await self._body(file, plan, troubles)

    def _troubles(self, job: Job | None) -> Troubles:
        if self._method != "GET":
            return Troubles()
        own = job.downloads.take("download") if job is not None else ()
        common = self._store.box.take("download", job.id if job is not None else self._path)
        return Troubles.of((*own, *common))

    async def _instead(self, file: StoredFile, troubles: Troubles) -> bool:
        """Faults that send something else than the file."""
        if troubles.storeerror is not None:
            fault = troubles.storeerror
            extra = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
            await self._error(fault.status, fault.code, fault.message, extra)
        elif troubles.storeredirect is not None:
            target = troubles.storeredirect.location or f"{self._path}?{self._query}"
            await self._small(troubles.storeredirect.status, b"", {"Location": target})
        elif troubles.page is not None:
            page = troubles.page.text.encode()
            await self._small(200, page, {"Content-Type": "text/html; charset=utf-8"})
        elif troubles.gzip is not None:
            await self._gzipped(file, troubles.gzip)
        else:
            return False
        return True

    async def _body(self, file: StoredFile, plan: Delivery, troubles: Troubles) -> None:
        headers = {
            **plan.headers,
            "Last-Modified": http_date(file.modified_ns),
            "Content-Disposition": f'attachment; filename="report{file.path.suffix}"',
            **(troubles.storeheaders.set if troubles.storeheaders else {}),
        }
        framing = troubles.framing.how if troubles.framing is not None else "length"
        limit = plan.declared if troubles.cut is None else min(plan.declared, troubles.cut.at)
        with file.path.open("rb") as source:
            if framing == "length" and troubles.pace is None and not plan.prefix:
                await self._start(plan.status, {**headers, "Content-Length": str(plan.declared)})
                if self._method == "GET" and limit:
                    await self.wire.send_file(source, plan.span.start, limit)
            else:
                pace = troubles.pace.bytes_per_second if troubles.pace is not None else None
                parts = _slices(source, plan, limit, pace)
                await self._slowly(plan, headers, framing, troubles, parts, pace)
        if self._method == "GET" and (limit < plan.declared or framing in ("close", "longer", "shorter")):
            reset = troubles.cut is not None and troubles.cut.reset
            return await self.wire.close(self._receive, reset=reset)
        return await self._send({"type": "http.response.body", "body": b""})

    async def _slowly(
        self,
        plan: Delivery,
        headers: dict[str, str],
        framing: str,
        troubles: Troubles,
        parts: Iterator[bytes],
        pace: float | None,
    ) -> None:
        extra = troubles.framing.extra if troubles.framing is not None else 0
        raw = framing in ("close", "longer", "shorter")
        if framing == "length":
            await self._start(plan.status, {**headers, "Content-Length": str(plan.declared)})
        elif framing in ("chunked", "endless"):
            await self._start(plan.status, headers)
        else:
            length = {"longer": plan.declared, "shorter": plan.declared + extra}.get(framing)
            if length is not None:
                headers = {**headers, "Content-Length": str(length)}
            await self._raw_head(plan.status, {**headers, "Connection": "close"})
        for part in parts:
            if raw:
                await self.wire.write(part)
            else:
                await self._send({"type": "http.response.body", "body": part, "more_body": True})
            if pace is not None:
                await asyncio.sleep(len(part) / pace)
        if framing == "longer":
            await self.wire.write(b"?" * extra)
        while framing == "endless" and not self.wire.gone:
            await self._send({"type": "http.response.body", "body": b"more\n" * 1000, "more_body": True})

    async def _gzipped(self, file: StoredFile, fault: faults.Gzip) -> None:
        headers = {"Content-Type": file.content_type, "Content-Encoding": "gzip", "ETag": file.etag}
        await self._start(200, headers)
        squeeze = zlib.compressobj(9 if fault.bomb else 1, wbits=31)
        with file.path.open("rb") as source:
            left = fault.bomb or file.size
            while left > 0:
                part = bytes(min(_SLICE, left)) if fault.bomb else source.read(_SLICE)
                left -= len(part)
                squeezed = squeeze.compress(part) + (b"" if left > 0 else squeeze.flush())
                await self._send({"type": "http.response.body", "body": squeezed, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def _error(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, **details: str
    ) -> None:
        body = store_error(code, message, **details, RequestId=f"{self._record.number:016X}")
        await self._small(status, body, {"Content-Type": "application/xml", **(headers or {})})

    async def _small(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        await self._start(status, {**headers, "Content-Length": str(len(body))})
        await self._send({"type": "http.response.body", "body": body})

    async def _start(self, status: int, headers: dict[str, str]) -> None:
        self._store.requests.answered(self._record, status)
        pairs = [(name.encode("latin-1"), value.encode("utf-8")) for name, value in self._dated(headers)]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def _raw_head(self, status: int, headers: dict[str, str]) -> None:
        self._store.requests.answered(self._record, status)
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self._dated(headers)]
        await self.wire.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def _dated(self, headers: dict[str, str]) -> list[tuple[str, str]]:
        clock = self._store.clock
        return [("Date", http_date(clock.told(clock.true_ns()))), ("Server", SERVER_NAME), *headers.items()]


def _unwelcome(name: str) -> bool:
    return name in ("authorization", "proxy-authorization", "cookie") or name.startswith("x-")


def _slices(source: BinaryIO, plan: Delivery, limit: int, pace: float | None) -> Iterator[bytes]:
    """The answer's body up to `limit` bytes, in slices small enough for the pace."""
    size = _SLICE if pace is None else max(1, min(_SLICE, int(pace / _SLICES_A_SECOND)))
    left = limit
    source.seek(plan.span.start)
    for whole in (plan.prefix, None, plan.suffix):
        remaining = plan.span.length if whole is None else len(whole)
        while remaining > 0 and left > 0:
            count = min(size, remaining, left)
            part = source.read(count) if whole is None else whole[len(whole) - remaining :][:count]
            remaining -= len(part)
            left -= len(part)
            yield part
