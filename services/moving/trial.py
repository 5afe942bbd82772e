"""What a move would do: both ends are looked at, and everything is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.moving.move import Moved, still_to_come, wanted_pictures
from services.moving.tables import TABLES
from services.moving.ways import WAYS, begun

if TYPE_CHECKING:
    from services.settings import StorageSettings


async def try_out(settings: StorageSettings, to: str) -> Moved:
    """Return what would be moved; raise what would keep a move from beginning."""
    plan = Moved()
    async with (
        begun(settings, to, dry_run=True) as (source, journal),
        WAYS[to].trial(settings, journal) as check,
    ):
        for table in TABLES:
            plan.rows[table.name] = sum([len(page) async for page in source.rows.pages(table)])
        wanted = await wanted_pictures(source.rows)
        coming = still_to_come(wanted, journal)
        await check(coming)
        plan.wanted = sum(map(len, wanted))
        plan.earlier = plan.wanted - len(coming)
        for generation in wanted:
            folder = generation[0].key.partition("/")[0]
            there = {one.key: one.size for one in await source.images.list_objects(folder)}
            plan.missing += [one.key for one in generation if one.key not in there]
            found = [there[one.key] for one in generation if one.key in there]
            plan.pictures += len(found)
            plan.size += sum(found)
    return plan
