"""How many connections the server of the process has at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest
from aiohttp import web

from services import web_server
from services.web_server import WebServer

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[WebServer]:
    """Serve two connections at a time."""
    monkeypatch.setattr(web_server, "MOST_CONNECTIONS", 2)
    application = web.Application()
    application.router.add_get("/", answered)
    server = WebServer("127.0.0.1:0")
    await server.start(application)
    yield server
    await server.close()


async def answered(_: web.Request) -> web.Response:
    return web.Response()


class Visitor:
    """A connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def of(cls, server: WebServer) -> Visitor:
        return cls(*await asyncio.open_connection(server.base.host, server.base.port))

    async def is_served(self) -> bool:
        try:
            self._writer.write(REQUEST)
            return (await self._reader.readline()).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            return False

    async def begins(self) -> None:
        """Send a part of a request."""
        self._writer.write(REQUEST[:-2])

    async def is_shown_out(self) -> bool:
        """Whether the other side ends the connection without an answer."""
        try:
            return await self._reader.read() == b""
        except ConnectionError:
            return True

    async def leave(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def test_who_only_holds_connections_takes_no_file_from_the_worker(server: WebServer) -> None:
    first, second = await Visitor.of(server), await Visitor.of(server)
    assert await first.is_served()
    assert await second.is_served()
    third = await Visitor.of(server)
    assert not await third.is_served()
    await third.leave()
    await first.leave()
    while not await (fourth := await Visitor.of(server)).is_served():
        await fourth.leave()
    await fourth.leave()
    await second.leave()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let idle connections end soon."""
    monkeypatch.setattr(web_server, "IDLE_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
async def test_who_asks_for_nothing_makes_room_for_others(server: WebServer) -> None:
    silent, unfinished = await Visitor.of(server), await Visitor.of(server)
    await unfinished.begins()
    assert await silent.is_shown_out()
    assert await unfinished.is_shown_out()
    while not await (third := await Visitor.of(server)).is_served():
        await third.leave()
    await asyncio.gather(silent.leave(), unfinished.leave(), third.leave())


async def test_nobody_is_let_in_after_the_end(server: WebServer) -> None:
    visitor = await Visitor.of(server)
    assert await visitor.is_served()
    await server.close()
    with pytest.raises(ConnectionError):
        await Visitor.of(server)
    await visitor.leave()
