"""Opens the stores in a Supabase project.

Who keeps everything in a folder never imports this: Supabase's client takes 25 MB and a second.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from domain.errors import KeyRefused, StoreRefused, StoreUnavailable, WrongSchema
from services.database.supabase import SupabaseGenerationStore
from services.settings import StorageSettings
from services.storage.supabase import SupabaseImageStore, prepare_bucket
from services.supabase import Supabase


async def connect(settings: StorageSettings, opened: AsyncExitStack) -> Supabase:
    """Return the project of the settings without asking it; raise `StoreRefused` if unusable."""
    assert settings.supabase_url is not None  # noqa: S101 -- or there is no project
    assert settings.supabase_key is not None  # noqa: S101 -- the settings have both, or neither
    key = settings.supabase_key.get_secret_value()
    project = await Supabase.connect(settings.supabase_url, key)
    opened.push_async_callback(project.close)
    return project


async def open_project(
    settings: StorageSettings, opened: AsyncExitStack
) -> tuple[SupabaseGenerationStore, SupabaseImageStore]:
    """Open both without looking at the bucket, while a worker may be running."""
    project = await connect(settings, opened)
    return await SupabaseGenerationStore.open(project), _images(settings, project)


async def open_checked_project(
    settings: StorageSettings, opened: AsyncExitStack
) -> tuple[SupabaseGenerationStore, SupabaseImageStore]:
    """Check schema and bucket, each even if the other is wrong, and open them.

    A key that is refused is told once: the bucket is not asked with it, too.
    """
    project = await connect(settings, opened)
    store: SupabaseGenerationStore | None = None
    problems: list[str] = []
    try:
        store = await SupabaseGenerationStore.open(project)
    except KeyRefused as error:
        raise StoreRefused(f"{error}.") from error
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
