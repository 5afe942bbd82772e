"""The entry of the REST API: authentication, parsing of requests, answers and errors."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import faults
from sandbox.answers import ApiError, answer, bad_gateway, denial

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.discord_switches import RequestAnswer
    from sandbox.people import Json, SandboxUser
    from sandbox.world import World

PREFIX = "/api/v9"
_VERSIONS = "/api/v{version:9|10}"  # to users both are the same
_NO_VERSION = "/api/v{version}"  # of the canonical path


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request with a valid token."""

    request: web.Request
    person: SandboxUser

    def id(self, name: str) -> int:
        """Return an identifier from the path."""
        return int(self.request.match_info[name])

    async def body(self) -> tuple[Json, tuple[Upload, ...]]:
        """Return the JSON body and the files, whether sent as plain JSON or as multipart."""
        if not self.request.content_type.startswith("multipart/"):
            return _object(await self.request.read()), ()
        parts = await self.request.post()
        uploads = tuple(
            Upload(part.filename, part.file.read(), part.content_type)
            for part in parts.values()
            if isinstance(part, web.FileField)
        )
        return _object(str(parts.get("payload_json", ""))), uploads


def _object(text: str | bytes) -> Json:
    try:
        body: Any = json.loads(text or "{}")
        json.dumps(body, ensure_ascii=False).encode()  # fails for an unpaired surrogate
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, 50109, "The request body contains invalid JSON.")
    return body  # pyright: ignore[reportUnknownVariableType] - JSON has no narrower type


Handler = Callable[[Call], Awaitable[web.StreamResponse]]


class Rest:
    """Accepts requests with a valid token, and fails as the switch `answer_request` says.

    Every answer has Discord's time, by the sandbox's clock.
    """

    def __init__(self, world: World) -> None:
        self._guild = world.guild
        self._switches = world.switches
        self._clock = world.clock

    def routes(self, table: Iterable[tuple[str, str, Handler]]) -> list[web.RouteDef]:
        """Return routes for a table of (method, path, handler)."""
        return [
            web.route(method, _VERSIONS + path, self._open(handler))
            for method, path, handler in table
        ]

    def _open(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            answered = await self._answer(handler, request)
            answered.headers["Date"] = format_datetime(
                datetime.fromtimestamp(self._clock.now(), UTC), usegmt=True
            )
            return answered

        return handle

    async def _answer(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        how = self._switches.answer_request.take(route_name(request))
        if how == "normal":
            return await self._work(handler, request)
        if how == "504 done":
            await self._work(handler, request)
            return bad_gateway(504)
        return await self._deny(how, request)

    async def _work(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        person = self._guild.holder_of(request.headers.get("Authorization", ""))
        if person is None:
            return denial("401")
        try:
            return await handler(Call(request, person))
        except ApiError as refusal:
            return answer(refusal.body, refusal.status)

    async def _deny(self, how: RequestAnswer, request: web.Request) -> web.StreamResponse:
        if how == "reset":
            return faults.reset(request)
        if how == "stall":
            return await faults.stall(request, self._clock)
        if how in ("502", "504"):
            return bad_gateway(int(how))
        return denial(how, self._switches.retry_after.take())


def route_name(request: web.Request) -> str:
    """Return "METHOD /path" with names for the ids, or "" for an address that nobody knows."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical.removeprefix(_NO_VERSION)}" if resource else ""
