"""Checks of a Supabase project: schema, bucket, and whether a file can be written."""

from __future__ import annotations

from contextlib import AsyncExitStack

from domain.errors import AtelierError, KeyRefused, StoreUnavailable
from domain.ports import Query
from services.checks.finding import Finding, good, skipped, wrong
from services.database.supabase import SupabaseGenerationStore
from services.project_stores import connect
from services.settings import StorageSettings
from services.storage.supabase import prepare_bucket
from services.supabase import Supabase


async def check_project(settings: StorageSettings) -> list[Finding]:
    """Look at the schema and the bucket, each even if the other is wrong."""
    async with AsyncExitStack() as opened:
        try:
            project = await connect(settings, opened)
        except AtelierError as error:
            return [wrong("database", f"{error}."), skipped("pictures", "See the database.")]
        try:
            schema = await _schema(project)
        except KeyRefused as error:
            return [wrong("database", f"{error}."), skipped("pictures", "See the database.")]
        return [schema, await _bucket(settings, project)]


async def _schema(project: Supabase) -> Finding:
    """Look at the schema; raise `KeyRefused` if nothing can be seen with that key."""
    try:
        store = await SupabaseGenerationStore.open(project)
        await store.list_generations(Query(limit=1))
    except KeyRefused:
        raise
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
