"""A loopback server for attachments with scripted answers, which records its requests."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from services.pictures.download import DownloadLimits, PictureFetcher

CHANNEL = 77
TARGET = f"/attachments/{CHANNEL}/1234/me_a_cat.png?ex=65b2&is=65a1&hm=0f2e&"
AMPLE = DownloadLimits(total_seconds=50.0, stall_seconds=50.0)
Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class PictureServer:
    """`answer` handles every request; `asked` has the requests, with their targets unchanged."""

    origin: str = ""
    answer: Answer = field(default_factory=lambda: status(404))
    asked: list[web.BaseRequest] = field(default_factory=list[web.BaseRequest])
    called: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def targets(self) -> list[str]:
        """The request targets, byte for byte."""
        return [request.raw_path for request in self.asked]

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        self.called.set()
        try:
            return await self.answer(request)
        except (asyncio.CancelledError, ConnectionError):
            self.hung_up.set()
            raise


@asynccontextmanager
async def serving() -> AsyncGenerator[PictureServer]:
    """Serve on a free port of the loopback address."""
    server = PictureServer()
    # The answers that never end are cancelled when the client hangs up.
    runner = web.ServerRunner(
        web.Server(server.handle, handler_cancellation=True), shutdown_timeout=0.1
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.origin = "http://{}:{}".format(*runner.addresses[0])
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def fetching(
    server: PictureServer, folder: Path, limits: DownloadLimits = AMPLE
) -> AsyncGenerator[PictureFetcher]:
    """Fetch from this server, with temporary files in `folder`."""
    fetcher = PictureFetcher(
        channel_id=CHANNEL,
        folder=folder,
        allowed_origins=frozenset({server.origin}),
        limits=limits,
    )
    try:
        yield fetcher
    finally:
        await fetcher.close()


async def fetched(fetcher: PictureFetcher, server: PictureServer, target: str = TARGET) -> bytes:
    """Return what the PNG file holds."""
    async with fetcher.fetch(server.origin + target) as picture:
        return picture.path.read_bytes()


def whole(body: bytes, kind: str = "image/png", headers: dict[str, str] | None = None) -> Answer:
    """Answer 200 with everything."""

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, content_type=kind, headers=headers)

    return answer


def status(code: int, headers: dict[str, str] | None = None) -> Answer:
    """Answer a status and nothing more."""

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=code, headers=headers)

    return answer


def pieces(
    *parts: bytes, length: int | None = None, then: Callable[[], Awaitable[None]] | None = None
) -> Answer:
    """Send the parts with a declared length (None: without one), do `then`, and hang up."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        response.content_length = length
        await response.prepare(request)
        for part in parts:
            await response.write(part)
        if then is not None:
            await then()
        if length is not None and request.transport is not None:
            request.transport.close()
        return response

    return answer


def repeated(parts: Iterable[bytes], pause: float = 0.0) -> Answer:
    """Send the parts one by one, without a length."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for part in parts:
            await response.write(part)
            await asyncio.sleep(pause)
        return response

    return answer


async def noise(request: web.BaseRequest) -> web.StreamResponse:
    """Answer with something that is not HTTP."""
    assert request.transport is not None
    request.transport.write(b"what?\r\n\r\n")
    return await status(200)(request)


async def forever() -> None:
    """Wait until the client hangs up."""
    await asyncio.Event().wait()
