"""A host of pictures in a process of its own, with a link as fast as one likes.

`python -m benchmarks.cdn FILE` prints its port. `/{rate}/{shared}/…` answers with the file, at so
many bytes a second (0: as fast as it goes), for each connection or (1) for all together. It also
takes uploads as Supabase Storage does, and forgets them.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from benchmarks.token_bucket import TokenBucket
from tools.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_PIECE = 64 * 1024
CHANNEL = 77


class PictureHost:
    """Answers every request with one picture."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self._shared: dict[int, TokenBucket] = {}

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send it within the limit that the address names."""
        rate, shared = int(request.query["rate"]), request.query.get("shared") == "1"
        if not rate:
            return web.Response(body=self._content.tobytes(), content_type="image/png")
        bucket = TokenBucket(rate, _PIECE)
        if shared:
            bucket = self._shared.setdefault(rate, bucket)
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        response.content_length = len(self._content)
        await response.prepare(request)
        for start in range(0, len(self._content), _PIECE):
            piece = self._content[start : start + _PIECE]
            await bucket.take(len(piece))
            await response.write(piece)
        return response

    async def take(self, request: web.Request) -> web.Response:
        """Answer an upload of the same picture, and refuse any other."""
        if self._content.tobytes() not in await request.read():
            raise web.HTTPBadRequest
        return web.json_response({"Key": request.match_info["key"], "Id": "1"})


@asynccontextmanager
async def serving(file: Path) -> AsyncGenerator[str]:
    """Serve a file from another process; yield the origin."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.cdn", file), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
        port = json.loads(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _serve(file: Path) -> None:
    application = web.Application(client_max_size=0)  # any size
    host = PictureHost(await asyncio.to_thread(file.read_bytes))
    application.add_routes(
        [
            web.get("/attachments/{tail:.+}", host.send),
            web.post("/storage/v1/object/{key:.+}", host.take),
        ]
    )
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
