"""A proxy between a client and the Supabase server of the tests, with trouble on demand.

    project = await Supabase.connect(fault_proxy.url, server.secret_key)
    fault_proxy.arm(Fault.reset(handed_on=True), only="POST /rest/v1/rpc/")

An armed fault happens once, to the next request whose line begins with `only`; the fault in
`outage` happens to all requests, until it is None again.

Tests do not really wait for an answer that never comes: from that moment on, the event loop's
time jumps forward until the client gives up. So the client can keep its usual limits, which even
a busy machine does not exceed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.hosted import Hosted, refusal
from tests.supabase_server import SupabaseServer

LARGEST = 64 * 1024 * 1024
LEAP = 1.0
"""Seconds that pass at once while a client waits in vain,"""
TURNS = 20
"""and the turns of the event loop that it then gets to give up."""
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-encoding", "content-length", "host", "keep-alive", "transfer-encoding"}
)


class End(Enum):
    """What the client gets."""

    ANSWER = auto()
    SILENCE = auto()
    RESET = auto()
    DEAF = auto()  #: an answer before the body is read; then nothing is heard on the connection
    CLOSED = auto()  #: an answer before the body is read; then the connection is closed


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for one request; `handed_on`: the server has done it, but the client never learns."""

    end: End
    handed_on: bool = False
    status: int = 0
    body: str = ""

    @classmethod
    def answer(cls, status: int, body: str = "", *, handed_on: bool = False) -> Fault:
        return cls(End.ANSWER, handed_on, status, body)

    @classmethod
    def storage(cls, status: int, error: str, *, handed_on: bool = False) -> Fault:
        """Answer as Supabase Storage does: the real status is in the body."""
        return cls(End.ANSWER, handed_on, 400, refusal(status, error, f"{error}, it says"))

    @classmethod
    def early(cls, status: int, error: str, *, end: End = End.DEAF) -> Fault:
        """Answer as Supabase Storage sometimes does: early, without reading the body.

        If it then closes the connection, a client that is still sending loses the answer.
        """
        return cls(end, status=400, body=refusal(status, error, f"{error}, it says"))

    @classmethod
    def silence(cls, *, handed_on: bool = False) -> Fault:
        return cls(End.SILENCE, handed_on)

    @classmethod
    def reset(cls, *, handed_on: bool = False) -> Fault:
        return cls(End.RESET, handed_on)


@dataclass(slots=True)
class FaultProxy:
    """The proxy at `url`; `seen` lists the requests, as `METHOD /path?query`."""

    target: str
    url: str = ""
    seen: list[str] = field(default_factory=list[str])
    outage: Fault | None = None
    _armed: list[tuple[str, Fault]] = field(default_factory=list[tuple[str, Fault]])
    hosted: Hosted = field(default_factory=Hosted)
    _ahead: float = 0.0

    def arm(self, *faults: Fault, only: str = "") -> None:
        """Apply these faults, one each, to the next requests that begin with `only`."""
        self._armed.extend((only, fault) for fault in faults)

    @property
    def armed(self) -> int:
        """How many faults have not happened yet."""
        return len(self._armed)

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[None]:
        """Listen on this machine until the block is left."""
        loop: Any = asyncio.get_running_loop()
        real: Callable[[], float] = loop.time
        loop.time = lambda: real() + self._ahead  # for good: the loop ends with the test
        async with aiohttp.ClientSession(auto_decompress=False) as session:

            async def handle(request: web.Request) -> web.StreamResponse:
                return await self._handle(request, session)

            application = web.Application(client_max_size=LARGEST)
            application.router.add_route("*", "/{path:.*}", handle)
            # A handler that stays silent waits until its client has gone.
            runner = web.AppRunner(
                application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
            )
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield
            await runner.cleanup()

    async def _handle(
        self, request: web.Request, session: aiohttp.ClientSession
    ) -> web.StreamResponse:
        line = f"{request.method} {request.path_qs}"
        self.seen.append(line)
        fault = self._fault_for(line)
        if fault is None:
            return await self._hand_on(line, request, session)
        if fault.handed_on:
            await self._hand_on(line, request, session)
        if fault.end is End.SILENCE:
            await self._wait_in_vain()
        return await _end(request, fault)

    async def _wait_in_vain(self) -> None:
        """Let time pass until the client has gone, which cancels this, too."""
        while True:
            self._ahead += LEAP
            for _ in range(TURNS):
                await asyncio.sleep(0)

    def _fault_for(self, line: str) -> Fault | None:
        for number, (only, fault) in enumerate(self._armed):
            if line.startswith(only):
                del self._armed[number]
                return fault
        return self.outage

    async def _hand_on(
        self, line: str, request: web.Request, session: aiohttp.ClientSession
    ) -> web.Response:
        body = await request.read()
        if refused := self.hosted.refused(line, body):
            return web.Response(status=400, text=refused, content_type="application/json")
        _, _, path = self.hosted.request(line, body).partition(" ")
        async with session.request(
            request.method,
            self.target + path,
            headers=_end_to_end(request.headers.items()),
            data=BytesIO(body) if body else None,  # aiohttp warns about large bytes
            allow_redirects=False,
        ) as answer:
            headers = _end_to_end(answer.headers.items())
            return web.Response(
                status=answer.status,
                headers=self.hosted.headers(line, headers) if answer.ok else headers,
                body=self.hosted.body(line, await answer.read(), ok=answer.ok),
            )


async def _end(request: web.Request, fault: Fault) -> web.StreamResponse:
    answer = web.Response(
        status=fault.status or 200, text=fault.body, content_type="application/json"
    )
    transport = request.transport
    assert transport is not None
    match fault.end:
        case End.ANSWER:
            await request.read()
            return answer
        case End.RESET:
            transport.abort()
            return answer
        case End.DEAF | End.CLOSED:
            body = fault.body.encode()
            head = f"HTTP/1.1 {fault.status} Bad\r\nContent-Length: {len(body)}\r\n\r\n"
            transport.write(head.encode() + body)
            if fault.end is End.CLOSED:
                transport.abort()
            await asyncio.Event().wait()
        case End.SILENCE:  # has had no end
            pass
    raise AssertionError


def _end_to_end(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the headers that do not concern a single connection."""
    return {n: v for n, v in headers if n.lower() not in _OF_THE_CONNECTION}


@pytest.fixture
async def fault_proxy(supabase_server: SupabaseServer) -> AsyncGenerator[FaultProxy]:
    """Yield a proxy in front of the server; all armed faults must have happened at the end."""
    proxy = FaultProxy(supabase_server.url)
    async with proxy.serving():
        yield proxy
    assert proxy.armed == 0
