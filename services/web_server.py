"""The one HTTP server of the process: pictures and pages at `PICTURES_ADDRESS`."""

from __future__ import annotations

import asyncio
import ipaddress

import structlog
from aiohttp import web
from yarl import URL

from domain.errors import StoreUnavailable

SHUTDOWN_SECONDS = 1.0
"""How long answers that are under way get at the end."""

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- to be asked here, not served

MOST_CONNECTIONS = 150
"""At a time. Each takes one of the files that a process may have open, often 1024 or 256."""
IDLE_SECONDS = 130.0
"""How long a connection may stay without a whole request; aiohttp would wait for an hour.

Longer than proxies in front of it keep theirs, or they would ask just as it ends: nginx 75,
Heroku's router 90, and Render asks for 120.
"""
_ACCEPTED_AT_ONCE = 32

_log = structlog.stdlib.get_logger(__name__)


class WebServer:
    """Serves one application at `host:port`; if that port is taken, at a free one of that host.

    `base` is where it is served, or is to be served.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None
        self.base = URL(f"http://{address}")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        host = self.base.host or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def here(self) -> URL:
        """Where people and programs of this machine reach it."""
        return reached_here(self.base)

    @property
    def is_serving(self) -> bool:
        """Whether it has started."""
        return self._runner is not None

    async def start(self, application: web.Application) -> None:
        """Serve; raise `StoreUnavailable` if the address cannot be used."""
        runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=SHUTDOWN_SECONDS,
            keepalive_timeout=IDLE_SECONDS,
        )
        await runner.setup()
        try:
            self._listening = await _listen(runner, self.base)
        except OSError as error:
            await runner.cleanup()
            why = f"PICTURES_ADDRESS: cannot listen at {self._address}: {_reason(error)}"
            raise StoreUnavailable(why) from error
        self.base = _served(self._listening, self.base)
        self._runner = runner

    async def close(self) -> None:
        """Stop serving."""
        runner, self._runner = self._runner, None
        if self._listening is not None:
            self._listening.close()
        if runner is not None:
            await runner.cleanup()


def reached_here(served: URL) -> URL:
    """Return how this machine reaches what is served at an address, which may stand for all."""
    host = served.host or ""
    return served.with_host(_ANYWHERE.get(host, host))


class _OneTooMany(asyncio.Protocol):
    """A connection that ends at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """End it, without a word."""
        transport.close()


async def _listen(runner: web.AppRunner, wanted: URL) -> asyncio.Server:
    """Start serving."""
    try:
        return await _listen_at(runner, wanted.host, wanted.port or 0)
    except OSError as error:
        listening = await _listen_at(runner, wanted.host, 0)
        using = _served(listening, wanted)
        _log.warning(
            "pictures_address_taken", wanted=str(wanted), using=str(using), why=_reason(error)
        )
        return listening


async def _listen_at(runner: web.AppRunner, host: str | None, port: int) -> asyncio.Server:
    """Serve so many connections and no more: otherwise the process could open no file."""
    server = runner.server
    assert server is not None  # noqa: S101 -- the runner was set up

    def connected() -> asyncio.Protocol:
        return server() if len(server.connections) < MOST_CONNECTIONS else _OneTooMany()

    loop = asyncio.get_running_loop()
    return await loop.create_server(connected, host, port, backlog=_ACCEPTED_AT_ONCE)


def _reason(error: OSError) -> str:
    """Return the reason; asyncio skips addresses that cannot be used without an error."""
    return error.strerror or "this machine has no such address"


def _served(listening: asyncio.Server, wanted: URL) -> URL:
    return wanted.with_port(listening.sockets[0].getsockname()[1])
