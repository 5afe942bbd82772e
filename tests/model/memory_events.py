"""The old events of the in-memory store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.archive import EventSpan
from domain.generation import TERMINAL

if TYPE_CHECKING:
    from datetime import datetime

    from tests.model.memory_data import MemoryData, StoreEvent


class MemoryEvents:
    """What may be deleted of the history: `EventStore` says what each method promises."""

    def __init__(self, data: MemoryData) -> None:
        self._data = data

    async def list_old(self, before: datetime, *, after: int, limit: int) -> EventSpan | None:
        page = [event for event in self._data.events if event.number > after][:limit]
        old = [event for event in page if event.at < before]
        removable = sum(self._has_ended(event) for event in old)
        return EventSpan(before, after, old[-1].number, removable) if old else None

    async def delete(self, span: EventSpan) -> int:
        deleted = {
            event.number
            for event in self._data.events
            if span.after < event.number <= span.last
            and event.at < span.before
            and self._has_ended(event)
        }
        left = [event for event in self._data.events if event.number not in deleted]
        self._data.events[:] = left
        return len(deleted)

    def _has_ended(self, event: StoreEvent) -> bool:
        return self._data.rows[event.after.id].status in TERMINAL
