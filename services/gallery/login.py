"""Lets in who may see the gallery, and asks everybody else for the password or a link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from domain.errors import StoreRefused, StoreUnavailable
from services.gallery.access import LOGIN_SECONDS
from services.gallery.addresses import own_path

if TYPE_CHECKING:
    from services.gallery.answers import Answers
    from services.gallery.gallery import Gallery

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "atelier_gallery"
_LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_BY_PROXY = frozenset({"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"})

log = structlog.get_logger(__name__)


class Login:
    """Stands before the pages of a gallery."""

    def __init__(self, gallery: Gallery, answers: Answers) -> None:
        """Keep the gallery."""
        self._gallery = gallery
        self._answers = answers

    def guarded(self, handler: Handler) -> Handler:
        """Return a handler for those who may see; a database that is away has its own page."""

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
                return self._answers.page(self._gallery.pages.unavailable(), 503)

        return guarded

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Take a password, and go to the page that was wanted."""
        check, words = self._gallery.password, self._gallery.pages.words
        back = own_path(request.query.get("next", "/"))
        given = (await form(request)).get("password", "")
        if check.wait:
            wait = int(check.wait) + 1
            answer = self._ask(back, words.too_many_tries.format(seconds=wait), 429)
            answer.headers["Retry-After"] = str(wait)
            return answer
        if not isinstance(given, str) or not check.is_right(given):
            return self._ask(back, words.wrong_password)
        answer = self._answers.redirect(URL(back))
        token = self._gallery.passes.issue(LOGIN_SECONDS, self._gallery.owner)
        _remember(answer, request, token, LOGIN_SECONDS)
        return answer

    def viewer(self, request: web.Request) -> int | None:
        """Return who looks: whose link was opened, or the owner; None if that is not known."""
        cookie, passes = request.cookies.get(COOKIE, ""), self._gallery.passes
        if passes.seconds_left(cookie):
            return passes.person(cookie)
        return self._gallery.owner

    def _may_see(self, request: web.Request) -> bool:
        if self._gallery.passes.seconds_left(request.cookies.get(COOKIE, "")):
            return True
        return self._gallery.is_open and is_here(request)

    def _come_in(self, request: web.Request, token: str) -> web.StreamResponse:
        """Let somebody in by a link, and take the token out of the address."""
        left = self._gallery.passes.seconds_left(token)
        if not left:
            return self._ask(request.path)
        answer = self._answers.redirect(request.rel_url.without_query_params("token"))
        _remember(answer, request, token, left)
        return answer

    def _ask(self, back: str, wrong: str = "", status: int = 403) -> web.Response:
        """Ask for the password, or for a link if there is none; then go to a path of ours."""
        form = f"/login?next={quote(back, safe='/')}" if self._gallery.password.wanted else ""
        return self._answers.page(self._gallery.pages.login(form, wrong), status)


async def form(request: web.Request) -> Mapping[str, object]:
    """Return what was filled in; what is no form at all is a bad request, and no error of ours."""
    try:
        return await request.post()
    except (HttpProcessingError, ValueError, LookupError, AssertionError):
        raise web.HTTPBadRequest from None


def is_here(request: web.Request) -> bool:
    """Whether somebody at this machine asks, where only those can.

    A page of another site may make its name lead to this machine, and a proxy may stand before us:
    both have nothing to do with who sits here.
    """
    return request.url.host in _LOCAL_HOSTS and not _BY_PROXY & set(request.headers)


def is_ours(request: web.Request) -> bool:
    """Whether a page of ours sent a form. Browsers say so; a page of others cannot say it.

    Where the connection is not secure, older words of theirs have to do.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "").partition("://")[2] == request.host


def _remember(answer: web.StreamResponse, request: web.Request, token: str, seconds: int) -> None:
    secure = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
    answer.set_cookie(COOKIE, token, max_age=seconds, httponly=True, samesite="Lax", secure=secure)
