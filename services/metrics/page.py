"""`/metrics`, for whoever may see the gallery."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web

from services.gallery.login import is_here

if TYPE_CHECKING:
    from services.gallery.gallery import Gallery
    from services.metrics.counts import Counts
    from services.metrics.state import WorkerState

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """Answers like the gallery: to this machine, or to whoever sends the password.

    The numbers hold no secret, but tell how much people use it, and when.
    """

    def __init__(self) -> None:
        """Be starting until `look` is set: it returns what was counted, and how the worker is."""
        self.look: Callable[[], tuple[Counts, WorkerState]] | None = None

    def route(self, gallery: Gallery) -> web.RouteDef:
        """Return where it is asked, by those who may see the gallery."""

        async def tell(request: web.Request) -> web.Response:
            _let_in(request, gallery)
            return self._answer()

        return web.get("/metrics", tell)

    def _answer(self) -> web.Response:
        if self.look is None:
            raise web.HTTPServiceUnavailable(text="it is starting")
        from services.metrics.exposition import exposition  # noqa: PLC0415 -- 1 MB that few need

        headers = {"Content-Type": TEXT, "Cache-Control": "no-store"}
        return web.Response(body=exposition(*self.look()), headers=headers)


def _let_in(request: web.Request, gallery: Gallery) -> None:
    """Raise an answer unless somebody at this machine asks, or sends the password."""
    password, given = gallery.password, _password(request)
    if gallery.is_open and is_here(request):
        return
    if not password.wanted:
        raise web.HTTPForbidden(text="set GALLERY_PASSWORD to see this from elsewhere")
    if given is not None and password.wait:
        wait = str(int(password.wait) + 1)
        raise web.HTTPTooManyRequests(headers={"Retry-After": wait})
    if given is None or not password.is_right(given):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="Atelier"'})


def _password(request: web.Request) -> str | None:
    """Return the password of basic authentication, whatever the name."""
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[2]
    except ValueError:
        return None
