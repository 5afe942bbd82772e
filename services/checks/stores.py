"""Checks of where generations and pictures are kept: both are opened, and written to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from domain.errors import AtelierError, StoreUnavailable
from domain.ports import Query
from services.checks.finding import Finding, good, wrong
from services.database.sqlite import open_read_only
from services.settings import StorageSettings
from services.stores import DATABASE, PICTURES
from services.temporary_files import temporary_file


async def check_stores(settings: StorageSettings) -> list[Finding]:
    """Look at the database and the pictures, in a folder or in a Supabase project.

    A bucket that is missing is made, as the worker would do; a trial file is removed again.
    """
    if settings.supabase_url is not None:
        from services.checks.project import check_project  # noqa: PLC0415 -- see `project_stores`

        return await check_project(settings)
    return [await _database(settings.data_dir / DATABASE), _folder(settings.data_dir)]


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
