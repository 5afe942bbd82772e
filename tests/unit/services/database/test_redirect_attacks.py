"""What answers in the place of the project sends the bot, with its key, somewhere else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import stamina
from aiohttp import web

from domain.errors import AtelierError, StoreRefused
from services.database.supabase.functions import Functions
from services.storage.supabase.store import SupabaseImageStore
from services.supabase import Supabase
from services.web_server import WebServer

SECRET = "sb_secret_abcdefghijklmnop"


@pytest.fixture(autouse=True)
def without_waiting() -> Generator[None]:
    with stamina.set_testing(testing=True, attempts=2):
        yield


@dataclass
class Attacker:
    """A server of the attacker's, and all that is said to it."""

    server: WebServer = field(default_factory=lambda: WebServer("127.0.0.1:0"))
    heard: list[str] = field(default_factory=list[str])

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path_qs} {dict(request.headers)}")
        return web.json_response(None)


@pytest.fixture
async def opened() -> AsyncGenerator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def serve(opened: AsyncExitStack, server: WebServer, handler: object) -> str:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)  # pyright: ignore[reportArgumentType] -- either kind of handler
    await server.start(application)
    opened.push_async_callback(server.close)
    return str(server.base.with_host("127.0.0.1")).rstrip("/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_project_that_leads_elsewhere_is_not_followed_with_the_key(
    opened: AsyncExitStack, tmp_path: Path, status: int
) -> None:
    elsewhere = Attacker()
    there = await serve(opened, elsewhere.server, elsewhere.hear)

    async def lead(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": f"{there}{request.path_qs}"})

    here = await serve(opened, WebServer("127.0.0.1:0"), lead)
    project = await Supabase.connect(here, SECRET)
    opened.push_async_callback(project.close)
    source = tmp_path / "source.png"
    source.write_bytes(b"picture")
    images = SupabaseImageStore(project, "generations", public=False)
    key = "0f0e0d0c-1111-4222-8333-444455556666/grid.png"
    with pytest.raises(StoreRefused, match="SUPABASE_URL leads elsewhere"):
        await Functions(project).call("get_pause")
    with pytest.raises(AtelierError):
        await images.put(key, source)
    with pytest.raises(AtelierError):
        await images.url(key)
    assert elsewhere.heard == []
