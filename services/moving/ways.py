"""Both ways of a move, and how one begins."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from services.database.sqlite.placing import reserved
from services.moving.folder import folder_source, folder_target, folder_trial
from services.moving.journal import Journal
from services.moving.places import FOLDER, SUPABASE
from services.moving.project import project_source, project_target, project_trial
from services.stores import DATABASE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from services.moving.places import Check, MovingSource, Target
    from services.settings import StorageSettings


class Way(NamedTuple):
    """What opens where everything comes from and where it goes, or only looks at the latter."""

    source: Callable[[StorageSettings, str], AbstractAsyncContextManager[MovingSource]]
    target: Callable[[StorageSettings, Journal], AbstractAsyncContextManager[Target]]
    trial: Callable[[StorageSettings, Journal], AbstractAsyncContextManager[Check]]


WAYS = {
    SUPABASE: Way(folder_source, project_target, project_trial),
    FOLDER: Way(project_source, folder_target, folder_trial),
}


@asynccontextmanager
async def begun(
    settings: StorageSettings, to: str, *, dry_run: bool = False
) -> AsyncGenerator[tuple[MovingSource, Journal]]:
    """Open where everything comes from; the folder's lock comes first, whichever way.

    Who has it goes on alone: a second process of the same move would have the same lease.
    """
    async with AsyncExitStack() as opened:
        if to == FOLDER:
            opened.enter_context(reserved(settings.data_dir / DATABASE))
        route = f"{to} {settings.supabase_url} {settings.supabase_bucket}"
        journal = await asyncio.to_thread(Journal.open, settings.data_dir, route, dry_run=dry_run)
        source = await opened.enter_async_context(WAYS[to].source(settings, journal.id))
        yield source, journal
