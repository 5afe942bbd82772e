"""Tells whoever looks at a page what changes, as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.errors import StoreUnavailable
from domain.generation import Generation, Status
from domain.ports import Query
from services.gallery.source import AT_WORK

if TYPE_CHECKING:
    from domain.ports import Clock, GenerationReader

MOST_LISTENERS = 50
MOST_WAITING = 100
"""How many changes wait for a slow listener; the oldest are dropped, newer ones say more."""
LOOK_SECONDS = 2.0
MOST_AT_WORK = 100


@dataclass(frozen=True, slots=True)
class LiveChange:
    """A generation as it is now, with Midjourney's own percentage where that is known."""

    generation: Generation
    percent: int | None = None


class Live:
    """Those who look, and what they are told. A listener is told None at the end."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: set[asyncio.Queue[LiveChange | None]] = set()
        self._percents: dict[str, int] = {}
        self.wanted = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether nobody more may listen."""
        return len(self._listeners) >= MOST_LISTENERS

    @contextmanager
    def listening(self) -> Generator[asyncio.Queue[LiveChange | None]]:
        """Give what changes from now on."""
        changes: asyncio.Queue[LiveChange | None] = asyncio.Queue(MOST_WAITING)
        self._listeners.add(changes)
        self.wanted.set()
        try:
            yield changes
        finally:
            self._listeners.discard(changes)
            if not self._listeners:
                self.wanted.clear()

    def tell(self, generation: Generation, percent: int | None = None) -> None:
        """Tell all listeners; Midjourney's percentage may go back, the one that is shown not."""
        before = self._percents.pop(generation.id, None)
        if generation.status == Status.SUBMITTED:
            known = [one for one in (before, percent) if one is not None]
            percent = max(known, default=None)
            if percent is not None:
                self._percents[generation.id] = percent
        self._tell(LiveChange(generation, percent))

    def percent(self, generation_id: str) -> int | None:
        """Return Midjourney's last percentage of a grid that is being made."""
        return self._percents.get(generation_id)

    def end(self) -> None:
        """Send everybody home."""
        self._tell(None)

    def _tell(self, change: LiveChange | None) -> None:
        for changes in self._listeners:
            if changes.full():
                changes.get_nowait()
            changes.put_nowait(change)


class Watcher:
    """Looks what changes, for a process that is not told: only while somebody listens."""

    def __init__(self, live: Live, reader: GenerationReader, clock: Clock) -> None:
        """Keep whom to tell."""
        self._live = live
        self._reader = reader
        self._clock = clock
        self._known: dict[str, int] = {}

    async def run(self) -> None:
        """Look until cancelled; a database that does not answer is asked again."""
        while True:
            await self._live.wanted.wait()
            try:
                await self.look()
            except StoreUnavailable:
                self._known.clear()
            await self._clock.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Tell what is new or changed among those at work, and what has left them."""
        query = Query(statuses=AT_WORK, limit=MOST_AT_WORK)
        rows = {row.id: row for row in await self._reader.list_generations(query)}
        for gone in self._known.keys() - rows.keys():
            ended = await self._reader.get_generation(gone)
            if ended is not None:
                self._live.tell(ended)
        for row in reversed(rows.values()):
            if self._known.get(row.id) != row.version:
                self._live.tell(row)
        self._known = {row.id: row.version for row in rows.values()}
