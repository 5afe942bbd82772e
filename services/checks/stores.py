"""Checks of where generations and pictures are kept: both are opened, and written to."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from domain.errors import AtelierError, StoreUnavailable
from domain.ports import Query
from services.checks.finding import Finding, good, skipped, wrong
from services.database.sqlite import open_read_only
from services.database.supabase import SupabaseGenerationStore
from services.settings import StorageSettings
from services.storage.supabase import prepare_bucket
from services.stores import DATABASE, PICTURES
from services.supabase import Supabase
from services.temporary_files import temporary_file


async def check_stores(settings: StorageSettings) -> list[Finding]:
    """Look at the database and the pictures, in a folder or in a Supabase project.

    A bucket that is missing is made, as the worker would do; a trial file is removed again.
    """
    if settings.supabase_url is None or settings.supabase_key is None:
        return [await _database(settings.data_dir / DATABASE), _folder(settings.data_dir)]
    async with AsyncExitStack() as opened:
        try:
            key = settings.supabase_key.get_secret_value()
            project = await Supabase.connect(settings.supabase_url, key)
        except AtelierError as error:
            return [wrong("database", f"{error}."), skipped("pictures", "See the database.")]
        opened.push_async_callback(project.close)
        return [await _schema(project), await _bucket(settings, project)]


async def _database(path: Path) -> Finding:
    if not await asyncio.to_thread(path.exists):
        return good("database", f"{path} is made at the first start.")
    try:
        reader = await open_read_only(path)
        try:
            await reader.list_generations(Query(limit=1))
        finally:
            await reader.close()
    except AtelierError as error:
        return wrong("database", f"{error}.")
    return good("database", f"{path} can be read.")


def _folder(folder: Path) -> Finding:
    try:
        with temporary_file(folder / PICTURES) as trial:
            trial.write_bytes(b"trial")
    except (StoreUnavailable, OSError) as error:
        return wrong("pictures", f"{folder} can't be written to: {error} (DATA_DIR).")
    return good("pictures", f"{folder / PICTURES} can be written to.")


async def _schema(project: Supabase) -> Finding:
    try:
        store = await SupabaseGenerationStore.open(project)
        await store.list_generations(Query(limit=1))
    except AtelierError as error:
        return wrong("database", f"{error}.")
    return good("database", "The Supabase project has the schema of this version.")


async def _bucket(settings: StorageSettings, project: Supabase) -> Finding:
    name, public = settings.supabase_bucket, settings.supabase_bucket_public
    try:
        problems = await prepare_bucket(project, name, public=public)
    except StoreUnavailable as error:
        problems = [f"{error}."]
    if problems:
        return wrong("pictures", " ".join(problems))
    seen = "everybody who has a picture's address may see it" if public else "links are signed"
    return good("pictures", f"The bucket {name} takes pictures; {seen}.")
