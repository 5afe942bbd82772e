"""The gallery's addresses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from domain.generation import CODE_ALPHABET, CODE_LENGTH
from services.gallery.addresses import STATIC, STATIC_FILES, query, wanted
from services.gallery.answers import Answers
from services.gallery.live import LiveChange
from services.gallery.login import Login

if TYPE_CHECKING:
    from services.gallery.gallery import Gallery

SILENT_SECONDS = 15.0
"""After which something is sent on a stream; platforms close those that are silent for longer."""
STREAM_SECONDS = 3600.0
"""After which a stream ends: whoever may no longer look is asked for the password then."""
_CODE = f"{{code:[{CODE_ALPHABET}]{{{CODE_LENGTH}}}}}"
_STREAM = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
_THUMBNAIL = {"Cache-Control": "private, max-age=3600", "Content-Type": "image/webp"}


def application(gallery: Gallery, pictures: Sequence[web.RouteDef]) -> web.Application:
    """Return what a server serves: the gallery, and the pictures that are on this machine."""
    made = web.Application()
    made.add_routes([*GalleryRoutes(gallery).routes(), *pictures])

    async def end(_: web.Application) -> None:
        gallery.live.end()

    made.on_shutdown.append(end)
    return made


class GalleryRoutes:
    """The pages of a gallery, for those who may see them."""

    def __init__(self, gallery: Gallery) -> None:
        """Keep the gallery."""
        self._gallery = gallery
        self._answers = Answers(gallery.bucket)
        self._login = Login(gallery, self._answers)

    def routes(self) -> list[web.RouteDef]:
        """Return all addresses."""
        guarded = self._login.guarded
        return [
            web.get("/", guarded(self._list)),
            web.get(f"/g/{_CODE}", guarded(self._opened)),
            web.get(f"/g/{_CODE}/grid.webp", guarded(self._thumbnail)),
            web.get("/live", guarded(self._live)),
            web.get("/static/{name}", self._static),
            web.post("/login", self._login.enter),
        ]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        asked, source = wanted(request.query), self._gallery.source
        page, people = await source.page(asked), await source.people()
        following = None if page.next is None else "/" + query(asked, page.next)
        text = self._gallery.pages.list(
            page, asked, people, following=following, favourites=source.has_favourites
        )
        return self._answers.page(text)

    async def _opened(self, request: web.Request) -> web.StreamResponse:
        opened = await self._gallery.source.opened(request.match_info["code"])
        if opened is None:
            return self._answers.page(self._gallery.pages.not_found(), 404)
        return self._answers.page(self._gallery.pages.opened(opened))

    async def _thumbnail(self, request: web.Request) -> web.StreamResponse:
        path = await self._gallery.thumbnail(request.match_info["code"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=self._answers.headers | _THUMBNAIL)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Tell what changes, until whoever looks has gone; browsers ask again at the end."""
        live = self._gallery.live
        if live.is_full:
            raise web.HTTPServiceUnavailable
        answer = web.StreamResponse(headers=self._answers.headers | _STREAM)
        await answer.prepare(request)
        with live.listening() as changes, suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(STREAM_SECONDS):
                await answer.write(b"retry: 3000\n\n")
                for row in await self._gallery.source.lately():  # since the page was made
                    await answer.write(self._event(LiveChange(row, live.percent(row.id))))
                while (told := await self._told(changes)) is not None:
                    await answer.write(told)
        return answer

    def _event(self, change: LiveChange) -> bytes:
        return b"data: " + json.dumps(self._gallery.told(change)).encode() + b"\n\n"

    async def _told(self, changes: asyncio.Queue[LiveChange | None]) -> bytes | None:
        """Return what to send next: a comment where nothing happens; None at the end."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                change = await changes.get()
        except TimeoutError:
            return b":\n\n"
        return None if change is None else self._event(change)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in STATIC_FILES:
            raise web.HTTPNotFound
        headers = self._answers.headers | {"Cache-Control": "no-cache"}
        return web.FileResponse(STATIC / name, headers=headers)
