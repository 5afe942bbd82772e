"""Serves the page on this machine, to whoever has its address with the secret in it."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from contextlib import asynccontextmanager, suppress
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web
from yarl import URL

from demo.page.requests import LONGEST_REQUEST, BadRequest, read
from services.gallery.addresses import STATIC as GALLERY

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from demo.page.actions import Actions
    from demo.page.feed import News, PageFeed

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"
PAGE = "page.html"
_OWN = Path(__file__).parent / "static"
STATIC_FILES = {
    **{name: GALLERY / name for name in ("gallery.css", "icon.svg")},
    **{path.name: path for path in _OWN.iterdir()},
}
"""The page's own, and the gallery's: both look alike."""
_PICTURES = frozenset({"image/png", "image/webp", "image/jpeg", "image/gif"})
_KEPT = {"Cache-Control": "private, max-age=3600"}
_HEARTBEAT_SECONDS = 20.0


class PageServer:
    """The page's addresses. All of them begin with a random secret.

    Everything is refused that another site could have a browser ask for: another name in `Host`
    (which points to this machine for a moment), and a WebSocket from another origin.
    """

    def __init__(self, feed: PageFeed, actions: Actions) -> None:
        self._feed = feed
        self._actions = actions
        self._secret = secrets.token_urlsafe(18)
        self._origin = URL()

    @property
    def url(self) -> URL:
        """Where the page is, with its secret."""
        return self._origin / self._secret / ""

    async def start(self) -> web.AppRunner:
        """Listen at a free port of the loopback address; whoever calls it cleans up."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/{secret}/", self._page),
                web.get("/{secret}/live", self._live),
                web.get("/{secret}/static/{name}", self._static),
                web.get(r"/{secret}/files/{id:\d+}/{name}", self._file),
            ]
        )
        app.on_response_prepare.append(self._protect)
        app.on_shutdown.append(self._end)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self._origin = URL.build(scheme="http", host=HOST, port=runner.addresses[0][1])
        return runner

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host != self._origin.authority:
            raise web.HTTPMisdirectedRequest
        secret = request.match_info.get("secret", "")
        if not hmac.compare_digest(secret.encode(), self._secret.encode()):
            raise web.HTTPNotFound
        return await handler(request)

    async def _protect(self, _: web.Request, response: web.StreamResponse) -> None:
        live = self._origin.with_scheme("ws")
        response.headers.update(
            {
                "Content-Security-Policy": (
                    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
                    f"connect-src 'self' {live.origin()}; base-uri 'none'; form-action 'none'; "
                    "frame-ancestors 'none'"
                ),
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
            }
        )

    async def _end(self, _: web.Application) -> None:
        self._feed.end()

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return _sent(STATIC_FILES[PAGE])

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = STATIC_FILES.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return _sent(path)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        found = self._feed.messages.file(int(request.match_info["id"]), request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        attachment, content = found
        guessed, _ = guess_type(attachment.filename)
        if attachment.width is not None and guessed in _PICTURES:
            return web.Response(body=content, content_type=guessed, headers=_KEPT)
        return web.Response(body=content, headers=_KEPT | {"Content-Disposition": "attachment"})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Tell a page everything, and do what it asks for, until it is closed."""
        if request.headers.get("Origin") != str(self._origin):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, max_msg_size=LONGEST_REQUEST)
        await socket.prepare(request)
        with self._feed.listening() as news:
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(_tell(socket, news), name="page")
                async for message in socket:
                    asked = message.data if message.type == WSMsgType.TEXT else ""
                    tasks.create_task(self._do(socket, asked), name="page request")
                telling.cancel()
        return socket

    async def _do(self, socket: web.WebSocketResponse, text: str) -> None:
        try:
            await self._actions.do(read(text))
        except BadRequest as error:
            with suppress(ConnectionError):
                await socket.send_json({"type": "error", "text": str(error)})
        self._feed.look()


async def _tell(socket: web.WebSocketResponse, news: News) -> None:
    with suppress(ConnectionError):
        while (text := await news.get()) is not None:
            await socket.send_str(text)
    await socket.close()


def _sent(path: Path) -> web.FileResponse:
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


@asynccontextmanager
async def page_served(feed: PageFeed, actions: Actions) -> AsyncGenerator[URL]:
    """Serve the page until the block ends, and give its address."""
    server = PageServer(feed, actions)
    runner = await server.start()
    try:
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(feed.run(), name="page feed")
            yield server.url
            watching.cancel()
    finally:
        await runner.cleanup()
