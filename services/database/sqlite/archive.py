"""The clean-up's queries and changes in the database, also while a worker runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from services.database.rows import below, candidate, time_text
from services.database.sqlite.events import SqliteEvents
from services.database.sqlite.reader import SqliteReader, ids_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from domain.archive import Candidate
    from domain.ports import Clock
    from services.database.sqlite.connection import SqliteConnection

CANDIDATES = """
    SELECT
        seq, id, code, author_id, status, updated_at, archiving_at,
        (grid_url IS NOT NULL) + (upscale_1_url IS NOT NULL) + (upscale_2_url IS NOT NULL)
        + (upscale_3_url IS NOT NULL) + (upscale_4_url IS NOT NULL) AS pictures,
        coalesce(json_extract(grid_step, '$.size'), 0)
        + coalesce(json_extract(upscale_1_step, '$.size'), 0)
        + coalesce(json_extract(upscale_2_step, '$.size'), 0)
        + coalesce(json_extract(upscale_3_step, '$.size'), 0)
        + coalesce(json_extract(upscale_4_step, '$.size'), 0) AS size
    FROM generations INDEXED BY unarchived
    WHERE archived_at IS NULL AND status IN ('completed', 'failed', 'cancelled') AND seq < ?
        AND (
            archiving_at IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM favourites INDEXED BY favourites_of_generation
                WHERE generation_id = generations.id AND kept = 1
            )
        )
    ORDER BY seq DESC LIMIT ?
"""
_BEGIN = """
    UPDATE generations SET archiving_at = :now, version = version + 1
    WHERE id IN (SELECT value FROM json_each(:ids))
        AND archived_at IS NULL AND archiving_at IS NULL
        AND status IN ('completed', 'failed', 'cancelled') AND updated_at <= :since
        AND (
            :favourites_too OR NOT EXISTS (
                SELECT 1 FROM favourites INDEXED BY favourites_of_generation
                WHERE generation_id = generations.id AND kept = 1
            )
        )
    RETURNING id
"""
_BEGUN = """
    SELECT id FROM generations
    WHERE id IN (SELECT value FROM json_each(?))
        AND archived_at IS NULL AND archiving_at IS NOT NULL
"""
_FINISH = """
    UPDATE generations SET archived_at = :now, version = version + 1
    WHERE id IN (SELECT value FROM json_each(:ids))
        AND archived_at IS NULL AND archiving_at IS NOT NULL
    RETURNING id
"""
_NOTE = """
    INSERT INTO generation_events (
        generation_id, at, event, status_before, status_after, version, detail
    )
    SELECT id, :now, :event, status, status, version, :detail FROM generations
    WHERE id IN (SELECT value FROM json_each(:ids))
"""


class SqliteArchive(SqliteReader):
    """The part of the store for the clean-up."""

    def __init__(self, connection: SqliteConnection, clock: Clock) -> None:
        super().__init__(connection)
        self._clock = clock
        self.events = SqliteEvents(connection)

    async def list_candidates(self, *, before_seq: int | None, limit: int) -> list[Candidate]:
        """Return a page of the ended generations that are not archived, newest first."""
        parameters = (below(before_seq), limit)
        async with self._connection.using():
            return [candidate(row) for row in await self._connection.rows(CANDIDATES, parameters)]

    async def begin_archiving(
        self,
        ids: Collection[str],
        *,
        unchanged_since: datetime,
        favourites_too: bool = True,
    ) -> frozenset[str]:
        """Mark generations before their pictures are deleted; return those that were marked."""
        wanted = {
            "ids": json.dumps([*ids]),
            "since": time_text(unchanged_since),
            "favourites_too": favourites_too,
        }
        async with self._connection.changing():
            await self._change(_BEGIN, wanted, "archiving", "archiving_at")
            return ids_of(await self._connection.rows(_BEGUN, (wanted["ids"],)))

    async def finish_archiving(self, ids: Collection[str]) -> None:
        """Record that the pictures are deleted, for generations that were marked."""
        async with self._connection.changing():
            await self._change(_FINISH, {"ids": json.dumps([*ids])}, "archived", "archived_at")

    async def _change(self, sql: str, wanted: dict[str, Any], event: str, column: str) -> None:
        """Change rows and record the event; their end times do not change."""
        now = {"now": time_text(self._clock.now())}
        changed = ids_of(await self._connection.rows(sql, wanted | now))
        noted = {"ids": json.dumps(sorted(changed)), "event": event, "detail": column}
        await self._connection.rows(_NOTE, noted | now)
