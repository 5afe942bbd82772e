"""Opens the stores of data and pictures: a Supabase project, or a folder on this machine."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from domain.collection import CollectionStore
from domain.errors import LeaseHeld, StoreUnavailable
from domain.ports import Clock, GenerationReader, GenerationStore, ImageStore
from services.database.sqlite import SqliteGenerationStore, open_read_only
from services.settings import StorageSettings
from services.storage.folder import FolderImageStore
from services.storage.folder import picture_routes as folder_routes
from services.temporary_files import sweep
from services.web_server import WebServer

log = structlog.get_logger(__name__)

DATABASE, PICTURES = "atelier.sqlite3", "pictures"
"""What is in DATA_DIR: a file, and a folder."""
UNFINISHED = f"{DATABASE}.moving"
"""The database while a move brings it there."""


async def open_for_reading(
    settings: StorageSettings,
    opened: AsyncExitStack,
) -> tuple[GenerationReader, ImageStore]:
    """Open both for reading, while a worker may be running."""
    if settings.supabase_url is not None:
        from services.project_stores import open_project  # noqa: PLC0415 -- see there

        return await open_project(settings, opened)
    folder = settings.data_dir
    reader = await open_read_only(folder / DATABASE)
    opened.push_async_callback(reader.close)
    server = WebServer(settings.pictures_address)  # the worker's, if one is running
    return reader, FolderImageStore(folder / PICTURES, server)


async def open_to_write(
    settings: StorageSettings,
    clock: Clock,
    opened: AsyncExitStack,
) -> tuple[GenerationStore, ImageStore]:
    """Open both for changes without the lease, while a worker may be running; both must exist."""
    if settings.supabase_url is not None:
        from services.project_stores import open_project  # noqa: PLC0415 -- see there

        return await open_project(settings, opened)
    _, images = await open_for_reading(settings, opened)
    path = settings.data_dir / DATABASE
    store = await SqliteGenerationStore.open(path, clock=clock)
    opened.push_async_callback(store.close)
    return store, images


async def open_for_gallery(
    settings: StorageSettings,
    clock: Clock,
    opened: AsyncExitStack,
) -> tuple[GenerationReader, ImageStore, CollectionStore | None]:
    """Open both for the gallery, while a worker may be running; both must already exist.

    The collection is None where the database file cannot be written: no star can be given there.
    """
    try:
        store, images = await open_to_write(settings, clock, opened)
    except StoreUnavailable:
        return *await open_for_reading(settings, opened), None
    return store, images, store.collection


def picture_routes(settings: StorageSettings) -> list[web.RouteDef]:
    """Return how the pictures on this machine are served; those of a bucket are by Supabase."""
    if settings.supabase_url is not None:
        return []
    return folder_routes(settings.data_dir / PICTURES, cache_seconds=settings.picture_cache_seconds)


async def open_stores(
    settings: StorageSettings,
    clock: Clock,
    opened: AsyncExitStack,
    server: WebServer,
) -> tuple[GenerationStore, ImageStore]:
    """Open both; `opened` closes them. `server` is to serve `picture_routes`.

    Raises `StoreUnavailable` if they do not answer, and `StoreRefused` with all problems and what
    to do about each (`WrongSchema` for the one file without Supabase).
    """
    if settings.supabase_url is not None:
        from services.project_stores import open_checked_project  # noqa: PLC0415 -- see there

        return await open_checked_project(settings, opened)
    return await _open_folder(settings, clock, opened, server)


async def _open_folder(
    settings: StorageSettings,
    clock: Clock,
    opened: AsyncExitStack,
    server: WebServer,
) -> tuple[GenerationStore, ImageStore]:
    folder = settings.data_dir
    log.warning(
        "kept_on_this_machine", folder=str(folder), hint="lost where the disk is disposable"
    )
    if await asyncio.to_thread((folder / UNFINISHED).exists):
        raise LeaseHeld(f"a move into {folder} is at work, or was interrupted: run it again")
    store = await SqliteGenerationStore.open(folder / DATABASE, clock=clock)
    opened.push_async_callback(store.close)
    pictures = folder / PICTURES
    sweep(pictures)
    return store, FolderImageStore(pictures, server)
