"""Opens the stores of data and pictures: a Supabase project, or a folder on this machine."""

from __future__ import annotations

from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from domain.archive import Archive
from domain.errors import StoreRefused, StoreUnavailable, WrongSchema
from domain.ports import Clock, GenerationReader, GenerationStore, ImageStore
from services.database.sqlite import SqliteGenerationStore, open_read_only
from services.database.supabase import SupabaseGenerationStore
from services.settings import StorageSettings
from services.storage.folder import FolderImageStore
from services.storage.folder import picture_routes as folder_routes
from services.storage.supabase import SupabaseImageStore, prepare_bucket
from services.supabase import Supabase
from services.temporary_files import sweep
from services.web_server import WebServer

log = structlog.get_logger(__name__)

DATABASE, PICTURES = "atelier.sqlite3", "pictures"
"""What is in DATA_DIR: a file, and a folder."""


async def open_for_reading(
    settings: StorageSettings,
    opened: AsyncExitStack,
) -> tuple[GenerationReader, ImageStore]:
    """Open both for reading, while a worker may be running."""
    if settings.supabase_url is None or settings.supabase_key is None:
        folder = settings.data_dir
        reader = await open_read_only(folder / DATABASE)
        opened.push_async_callback(reader.close)
        server = WebServer(settings.pictures_address)  # the worker's, if one is running
        return reader, FolderImageStore(folder / PICTURES, server)
    key = settings.supabase_key.get_secret_value()
    project = await Supabase.connect(settings.supabase_url, key)
    opened.push_async_callback(project.close)
    return await SupabaseGenerationStore.open(project), _images(settings, project)


async def open_for_cleaning(
    settings: StorageSettings,
    clock: Clock,
    opened: AsyncExitStack,
) -> tuple[Archive, ImageStore]:
    """Open both for the clean-up, while a worker may be running; both must already exist."""
    reader, images = await open_for_reading(settings, opened)
    if isinstance(reader, SupabaseGenerationStore):
        return reader, images
    path = settings.data_dir / DATABASE
    store = await SqliteGenerationStore.open(path, clock=clock)
    opened.push_async_callback(store.close)
    return store, images


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
    if settings.supabase_url is None or settings.supabase_key is None:
        return await _open_folder(settings, clock, opened, server)
    return await _open_project(
        settings,
        await Supabase.connect(settings.supabase_url, settings.supabase_key.get_secret_value()),
        opened,
    )


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
    store = await SqliteGenerationStore.open(folder / DATABASE, clock=clock)
    opened.push_async_callback(store.close)
    pictures = folder / PICTURES
    sweep(pictures)
    return store, FolderImageStore(pictures, server)


async def _open_project(
    settings: StorageSettings,
    project: Supabase,
    opened: AsyncExitStack,
) -> tuple[GenerationStore, ImageStore]:
    """Check schema and bucket, each even if the other is wrong, and open them."""
    opened.push_async_callback(project.close)
    store: GenerationStore | None = None
    problems: list[str] = []
    try:
        store = await SupabaseGenerationStore.open(project)
    except (WrongSchema, StoreRefused) as error:
        problems.append(f"{error}.")
    bucket, public = settings.supabase_bucket, settings.supabase_bucket_public
    try:
        problems += await prepare_bucket(project, bucket, public=public)
    except StoreUnavailable as error:
        if not problems:  # waiting would not fix those
            raise
        problems.append(f"The bucket {bucket} could not be looked at: {error}.")
    if store is None or problems:
        raise StoreRefused(" ".join(problems))
    return store, _images(settings, project)


def _images(settings: StorageSettings, project: Supabase) -> SupabaseImageStore:
    return SupabaseImageStore(
        project,
        settings.supabase_bucket,
        public=settings.supabase_bucket_public,
        cache_seconds=settings.picture_cache_seconds,
    )
