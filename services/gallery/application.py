"""The gallery's addresses: who may see what, and the headers of every answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from aiohttp import web
from yarl import URL

from domain.errors import StoreRefused, StoreUnavailable
from domain.generation import CODE_ALPHABET, CODE_LENGTH
from services.gallery.access import LOGIN_SECONDS
from services.gallery.addresses import STATIC, STATIC_FILES, own_path, query, wanted

if TYPE_CHECKING:
    from services.gallery.gallery import Gallery
    from services.gallery.live import LiveChange

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "atelier_gallery"
SILENT_SECONDS = 15.0
"""After which something is sent on a stream; platforms close those that are silent for longer."""
STREAM_SECONDS = 3600.0
"""After which a stream ends: whoever may no longer look is asked for the password then."""
_CODE = f"{{code:[{CODE_ALPHABET}]{{{CODE_LENGTH}}}}}"
_LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_BY_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_STREAM = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
_PRIVATE = {"Cache-Control": "private, no-cache"}
_THUMBNAIL = {"Cache-Control": "private, max-age=3600", "Content-Type": "image/webp"}

log = structlog.get_logger(__name__)


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
        sources = " ".join(["'self'", *([gallery.bucket] if gallery.bucket else [])])
        self._headers = _HEADERS | {
            "Content-Security-Policy": (
                f"default-src 'none'; img-src {sources}; style-src 'self'; script-src 'self'; "
                "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
        }

    def routes(self) -> list[web.RouteDef]:
        """Return all addresses; what only reads can be asked for by anybody who may see it."""
        return [
            web.get("/", self._guarded(self._list)),
            web.get(f"/g/{_CODE}", self._guarded(self._opened)),
            web.get(f"/g/{_CODE}/grid.webp", self._guarded(self._thumbnail)),
            web.get("/live", self._guarded(self._live)),
            web.get("/static/{name}", self._static),
            web.post("/login", self._login),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            token = request.query.get("token")
            if token is not None:
                return self._come_in(request, token)
            if not self._may_see(request):
                return self._ask(request.path_qs)
            try:
                return await handler(request)
            except (StoreUnavailable, StoreRefused) as error:
                log.warning("gallery_unavailable", why=str(error))
                return self._page(self._gallery.pages.unavailable(), 503)

        return guarded

    def _may_see(self, request: web.Request) -> bool:
        if self._gallery.passes.seconds_left(request.cookies.get(COOKIE, "")):
            return True
        # A page of another site may make its name lead to this machine, and a proxy may stand
        # before us: both have nothing to do with who sits here.
        here = request.url.host in _LOCAL_HOSTS
        return self._gallery.is_open and here and not set(_BY_PROXY) & set(request.headers)

    def _come_in(self, request: web.Request, token: str) -> web.StreamResponse:
        """Let somebody in by a link, and take the token out of the address."""
        left = self._gallery.passes.seconds_left(token)
        if not left:
            return self._ask(request.path)
        answer = self._redirect(request.rel_url.without_query_params("token"))
        self._remember(answer, request, token, left)
        return answer

    async def _login(self, request: web.Request) -> web.StreamResponse:
        check, words = self._gallery.password, self._gallery.pages.words
        back = own_path(request.query.get("next", "/"))
        given = (await request.post()).get("password", "")
        if check.wait:
            wait = int(check.wait) + 1
            answer = self._ask(back, words.too_many_tries.format(seconds=wait), 429)
            answer.headers["Retry-After"] = str(wait)
            return answer
        if not isinstance(given, str) or not check.is_right(given):
            return self._ask(back, words.wrong_password)
        answer = self._redirect(URL(back))
        token = self._gallery.passes.issue(LOGIN_SECONDS)
        self._remember(answer, request, token, LOGIN_SECONDS)
        return answer

    def _remember(
        self, answer: web.StreamResponse, request: web.Request, token: str, seconds: int
    ) -> None:
        secure = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
        answer.set_cookie(
            COOKIE, token, max_age=seconds, httponly=True, samesite="Lax", secure=secure
        )

    def _ask(self, back: str, wrong: str = "", status: int = 403) -> web.Response:
        """Ask for the password, or for a link if there is none; then go to a path of ours."""
        form = f"/login?next={quote(back, safe='/')}" if self._gallery.password.wanted else ""
        return self._page(self._gallery.pages.login(form, wrong), status)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        asked, source = wanted(request.query), self._gallery.source
        page, people = await source.page(asked), await source.people()
        following = None if page.next is None else "/" + query(asked, page.next)
        return self._page(self._gallery.pages.list(page, asked, people, following=following))

    async def _opened(self, request: web.Request) -> web.StreamResponse:
        opened = await self._gallery.source.opened(request.match_info["code"])
        if opened is None:
            return self._page(self._gallery.pages.not_found(), 404)
        return self._page(self._gallery.pages.opened(opened))

    async def _thumbnail(self, request: web.Request) -> web.StreamResponse:
        path = await self._gallery.thumbnail(request.match_info["code"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=self._headers | _THUMBNAIL)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Tell what changes, until whoever looks has gone; browsers ask again at the end."""
        live = self._gallery.live
        if live.is_full:
            raise web.HTTPServiceUnavailable
        answer = web.StreamResponse(headers=self._headers | _STREAM)
        await answer.prepare(request)
        with live.listening() as changes, suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(STREAM_SECONDS):
                await answer.write(b"retry: 3000\n\n")
                while (told := await self._told(changes)) is not None:
                    await answer.write(told)
        return answer

    async def _told(self, changes: asyncio.Queue[LiveChange | None]) -> bytes | None:
        """Return what to send next: a comment where nothing happens; None at the end."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                change = await changes.get()
        except TimeoutError:
            return b":\n\n"
        if change is None:
            return None
        return b"data: " + json.dumps(self._gallery.told(change)).encode() + b"\n\n"

    async def _static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in STATIC_FILES:
            raise web.HTTPNotFound
        return web.FileResponse(
            STATIC / name, headers=self._headers | {"Cache-Control": "no-cache"}
        )

    def _page(self, text: str, status: int = 200) -> web.Response:
        return web.Response(
            text=text, status=status, content_type="text/html", headers=self._headers | _PRIVATE
        )

    def _redirect(self, to: URL) -> web.Response:
        headers = self._headers | _PRIVATE | {"Location": str(to)}
        return web.Response(status=303, headers=headers)
