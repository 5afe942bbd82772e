"""An open gateway socket: sends frames in order, compressed if the client asked for it."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.people import Json
    from sandbox.sessions import Session


class GatewaySocket:
    """The sending side of a socket. `send` never waits; `write` is the task that does."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.session: Session | None = None
        self.silent = False
        self._socket = socket
        self._transport = request.transport
        self._outbox: asyncio.Queue[str | int] = asyncio.Queue()
        self._flowing = asyncio.Event()
        self._flowing.set()
        zipped = request.query.get("compress") == "zlib-stream"
        self._deflate = zlib.compressobj() if zipped else None

    def send(self, frame: str | Json) -> None:
        """Queue one frame: JSON text, or an object to be written as such."""
        self._outbox.put_nowait(frame if isinstance(frame, str) else json.dumps(frame))

    def close(self, code: int) -> None:
        """Close with this code after sending everything queued."""
        self._outbox.put_nowait(code)

    def abort(self) -> None:
        """Cut the TCP connection without a close frame."""
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Hold back all frames until `resume`."""
        self._flowing.clear()

    def resume(self) -> None:
        """Send the frames held back, in order."""
        self._flowing.set()

    async def write(self) -> None:
        """Send what is queued until the connection closes."""
        while True:
            frame = await self._outbox.get()
            await self._flowing.wait()
            if self.silent:
                continue  # a zombie: the socket is open, but nothing is sent
            if isinstance(frame, int):
                await self._socket.close(code=frame)
                return
            try:
                await self._send(frame)
            except ConnectionError:
                return  # the reading side notices and ends the connection

    async def _send(self, frame: str) -> None:
        if self._deflate is None:
            await self._socket.send_str(frame)
            return
        packed = self._deflate.compress(frame.encode())
        # A sync flush ends in 00 00 ff ff, by which the client knows the event is complete.
        await self._socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))
