"""`/health`: whether the process does its work, for whoever watches it from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from services.version import VERSION

STARTING = ("it is starting",)


class HealthReport:
    """Answers 200 while nothing is wrong, or 503 with what is; nothing of it is secret."""

    def __init__(self) -> None:
        """Be starting until `look` is set: it returns what is wrong now."""
        self.look: Callable[[], Sequence[str]] = lambda: STARTING

    def route(self) -> web.RouteDef:
        """Return where it is asked."""
        return web.get("/health", self._tell)

    async def _tell(self, _: web.Request) -> web.Response:
        wrong = list(self.look())
        facts = {"well": not wrong, "wrong": wrong, "version": VERSION}
        headers = {"Cache-Control": "no-store"}
        return web.json_response(facts, status=503 if wrong else 200, headers=headers)
