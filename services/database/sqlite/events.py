"""Old events in the database file: found and deleted for the clean-up, also while a worker runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.archive import EventSpan
from services.database.rows import time_text

if TYPE_CHECKING:
    from datetime import datetime

    from services.database.sqlite.connection import SqliteConnection

OLD = """
    WITH page AS (
        SELECT id, generation_id, at FROM generation_events WHERE id > :after
        ORDER BY id LIMIT :limit
    )
    SELECT
        max(page.id) AS last,
        count(*) FILTER (WHERE status IN ('completed', 'failed', 'cancelled')) AS removable
    FROM page JOIN generations ON generations.id = page.generation_id
    WHERE page.at < :before
"""
DELETE = """
    DELETE FROM generation_events
    WHERE id > :after AND id <= :last AND at < :before AND EXISTS (
        SELECT 1 FROM generations
        WHERE generations.id = generation_id AND status IN ('completed', 'failed', 'cancelled')
    )
    RETURNING id
"""
_ALLOW = "UPDATE queue_state SET events_before = ?"


class SqliteEvents:
    """The part of the store for old events."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection

    async def list_old(self, before: datetime, *, after: int, limit: int) -> EventSpan | None:
        """Return the next events from before a time, `limit` at most; None behind the last."""
        wanted = {"before": time_text(before), "after": after, "limit": limit}
        async with self._connection.using():
            (found,) = await self._connection.rows(OLD, wanted)
        return None if found["last"] is None else EventSpan(before, after, **found)

    async def delete(self, span: EventSpan) -> int:
        """Delete those whose generations have ended; return how many."""
        wanted = {"before": time_text(span.before), "after": span.after, "last": span.last}
        async with self._connection.changing():
            await self._connection.rows(_ALLOW, (wanted["before"],))
            deleted = await self._connection.rows(DELETE, wanted)
            await self._connection.rows(_ALLOW, (None,))
        return len(deleted)
