"""A loopback address that takes alerts and notes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import SecretStr

PATH = "/api/webhooks/200000000000000009/very-secret-part"


@dataclass
class WebhookServer:
    """`bodies` are those that were sent, `status` is the answer."""

    url: str = ""
    status: int = 204
    silent: bool = False
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def secret(self) -> SecretStr:
        return SecretStr(self.url)

    @property
    def texts(self) -> list[str]:
        """The messages, without the name before each."""
        return [body["content"].partition(": ")[2] for body in self.bodies]

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        if self.silent:
            await asyncio.Event().wait()
        return web.Response(status=self.status, headers={"Location": self.url})


@asynccontextmanager
async def serving() -> AsyncGenerator[WebhookServer]:
    """Serve on a free port."""
    server = WebhookServer()
    app = web.Application()
    app.router.add_post(PATH, server.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = "http://{}:{}{}".format(*runner.addresses[0], PATH)
    try:
        yield server
    finally:
        await runner.cleanup()
