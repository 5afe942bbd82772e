"""A server as if it were far away: all that is asked takes its time, and none waits for another."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from yarl import URL

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_PIECE = 64 * 1024


@asynccontextmanager
async def far_away(url: str, seconds: float) -> AsyncGenerator[str]:
    """Yield the address of a server as seen over a way that takes so long there and back.

    What is asked takes all of it, the answer nothing: which half takes how much cannot be told.
    """
    near = URL(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, to_server = await asyncio.open_connection(near.host, near.port)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_pass_on(reader, to_server, seconds), name="there")
                tasks.create_task(_pass_on(behind, writer, 0.0), name="back")
        finally:
            to_server.close()
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield str(near.with_port(server.sockets[0].getsockname()[1]))
    finally:
        server.close()


async def _pass_on(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, seconds: float
) -> None:
    """Write each piece so long after it came, and end the sink so long after the source."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        while piece := await source.read(_PIECE):
            loop.call_later(seconds, sink.write, piece)
        await asyncio.sleep(seconds)
        sink.write_eof()
