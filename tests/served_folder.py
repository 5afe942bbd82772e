"""A pictures folder that is served, as the worker serves it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from services.storage.folder import FolderImageStore, picture_routes
from services.web_server import WebServer

ANY_PORT = "127.0.0.1:0"


@asynccontextmanager
async def served(folder: Path, address: str = ANY_PORT) -> AsyncGenerator[FolderImageStore]:
    """Serve the folder until the block is left."""
    server = WebServer(address)
    application = web.Application()
    application.add_routes(picture_routes(folder))
    await server.start(application)
    try:
        yield FolderImageStore(folder, server)
    finally:
        await server.close()
