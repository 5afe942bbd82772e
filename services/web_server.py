"""The one HTTP server of the process: pictures and pages at `PICTURES_ADDRESS`."""

from __future__ import annotations

import ipaddress

import structlog
from aiohttp import web
from yarl import URL

from domain.errors import StoreUnavailable

SHUTDOWN_SECONDS = 1.0
"""How long answers that are under way get at the end."""

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- to be asked here, not served

_log = structlog.stdlib.get_logger(__name__)


class WebServer:
    """Serves one application at `host:port`; if that port is taken, at a free one of that host.

    `base` is where it is served, or is to be served.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._runner: web.AppRunner | None = None
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
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            self.base = await _listen(runner, self.base)
        except OSError as error:
            await runner.cleanup()
            why = f"PICTURES_ADDRESS: cannot listen at {self._address}: {_reason(error)}"
            raise StoreUnavailable(why) from error
        self._runner = runner

    async def close(self) -> None:
        """Stop serving."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()


def reached_here(served: URL) -> URL:
    """Return how this machine reaches what is served at an address, which may stand for all."""
    host = served.host or ""
    return served.with_host(_ANYWHERE.get(host, host))


async def _listen(runner: web.AppRunner, wanted: URL) -> URL:
    """Start serving and return the address."""
    try:
        await web.TCPSite(runner, wanted.host, wanted.port).start()
    except OSError as error:
        await web.TCPSite(runner, wanted.host, 0).start()
        using = _served(runner, wanted)
        _log.warning(
            "pictures_address_taken", wanted=str(wanted), using=str(using), why=_reason(error)
        )
    return _served(runner, wanted)


def _reason(error: OSError) -> str:
    """Return the reason; asyncio skips addresses that cannot be used without an error."""
    return error.strerror or "this machine has no such address"


def _served(runner: web.AppRunner, wanted: URL) -> URL:
    return wanted.with_port(runner.addresses[0][1])
