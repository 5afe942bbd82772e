"""The gallery's addresses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web
from yarl import URL

from domain.errors import PicturesGone
from domain.generation import CODE_ALPHABET, CODE_LENGTH
from services.gallery.addresses import STATIC, STATIC_FILES, query, wanted
from services.gallery.answers import Answers
from services.gallery.live import LiveChange
from services.gallery.login import Login, form, is_ours

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
            web.post(f"/g/{_CODE}/star", guarded(self._star)),
            web.get("/live", guarded(self._live)),
            web.get("/static/{name}", self._static),
            web.post("/login", self._login.enter),
        ]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        viewer, source = self._login.viewer(request), self._gallery.source
        asked = wanted(request.query, viewer)
        page, people = await source.page(asked), await source.people()
        following = None if page.next is None else "/" + query(asked, page.next)
        text = self._gallery.pages.list(
            page, asked, people, following=following, states=source.states(viewer)
        )
        return self._answers.page(text)

    async def _opened(self, request: web.Request) -> web.StreamResponse:
        viewer = self._login.viewer(request)
        opened = await self._gallery.source.opened(request.match_info["code"], viewer)
        if opened is None:
            return self._answers.page(self._gallery.pages.not_found(), 404)
        return self._answers.page(self._gallery.pages.opened(opened))

    async def _star(self, request: web.Request) -> web.StreamResponse:
        """Make one a favourite of whoever looks, or no longer; only for pages of ours."""
        viewer, code = self._login.viewer(request), request.match_info["code"]
        if viewer is None or not is_ours(request):
            raise web.HTTPForbidden
        source = self._gallery.source
        generation = await source.get(code)
        if generation is None:
            return self._answers.page(self._gallery.pages.not_found(), 404)
        kept = (await form(request)).get("starred") == "yes"
        try:
            await source.star(generation, viewer, kept=kept)
        except PicturesGone:
            return self._answers.page(self._gallery.pages.not_found(), 409)
        return self._answers.redirect(URL(f"/g/{code}"))

    async def _thumbnail(self, request: web.Request) -> web.StreamResponse:
        path = await self._gallery.thumbnail(request.match_info["code"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=self._answers.headers | _THUMBNAIL)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Tell what changes, until whoever looks has gone; browsers ask again at the end."""
        live, viewer = self._gallery.live, self._login.viewer(request)
        if live.is_full:
            raise web.HTTPServiceUnavailable
        answer = web.StreamResponse(headers=self._answers.headers | _STREAM)
        await answer.prepare(request)
        with live.listening() as changes, suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(STREAM_SECONDS):
                await answer.write(b"retry: 3000\n\n")
                for row in await self._gallery.source.lately():  # since the page was made
                    change = LiveChange(row, live.percent(row.id))
                    await answer.write(self._event(change, viewer))
                while (told := await self._told(changes, viewer)) is not None:
                    await answer.write(told)
        return answer

    def _event(self, change: LiveChange, viewer: int | None) -> bytes:
        return b"data: " + json.dumps(self._gallery.told(change, viewer)).encode() + b"\n\n"

    async def _told(
        self, changes: asyncio.Queue[LiveChange | None], viewer: int | None
    ) -> bytes | None:
        """Return what to send next: a comment where nothing happens; None at the end."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                change = await changes.get()
        except TimeoutError:
            return b":\n\n"
        return None if change is None else self._event(change, viewer)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in STATIC_FILES:
            raise web.HTTPNotFound
        headers = self._answers.headers | {"Cache-Control": "no-cache"}
        return web.FileResponse(STATIC / name, headers=headers)
