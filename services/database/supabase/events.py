"""Old events in Postgres: found and deleted for the clean-up, also while a worker runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.archive import EventSpan
from services.database.rows import time_text

if TYPE_CHECKING:
    from datetime import datetime

    from services.database.supabase.functions import Functions


class SupabaseEvents:
    """The part of the store for old events."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def list_old(self, before: datetime, *, after: int, limit: int) -> EventSpan | None:
        """Return the next events from before a time, `limit` at most; None behind the last."""
        answer = await self._functions.call(
            "list_old_events", before=time_text(before), after=after, limit=limit
        )
        return None if answer.value is None else EventSpan(before, after, **answer.value)

    async def delete(self, span: EventSpan) -> int:
        """Delete those whose generations have ended; return how many.

        Where an answer was lost, what that call deleted is not counted.
        """
        answer = await self._functions.call(
            "delete_old_events", before=time_text(span.before), after=span.after, last=span.last
        )
        return int(answer.value)
