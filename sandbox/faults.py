"""How connections fail, for REST and the CDN."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.clock import SandboxClock

_LINGER_NOT = struct.pack("ii", 1, 0)  # close with RST instead of FIN


def reset(request: web.Request) -> web.Response:
    """Reset the TCP connection; the returned answer goes nowhere."""
    if request.transport is not None:
        connection: socket.socket = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        request.transport.abort()
    return web.Response()


def close(request: web.Request) -> web.Response:
    """Close the connection properly, but without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def stall(request: web.Request, clock: SandboxClock) -> web.Response:
    """Send nothing until the sandbox closes."""
    await clock.closing.wait()
    return close(request)
