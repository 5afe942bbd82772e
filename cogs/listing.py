"""The generations of one channel, newest first."""

from __future__ import annotations

from itertools import takewhile

from domain.generation import Generation
from domain.ports import GenerationStore, Query


class Listing:
    """Reads the store, which may also hold generations of an earlier channel."""

    def __init__(self, store: GenerationStore, channel_id: int) -> None:
        """Keep the store."""
        self._store = store
        self._channel_id = channel_id

    async def page(self, query: Query) -> list[Generation]:
        """List until the first from another channel, whose generations are unknown here."""
        found = await self._store.list_generations(query)
        return list(takewhile(lambda one: one.channel_id == self._channel_id, found))
