"""The collection of the in-memory store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.collection import Favourite
from domain.ports import Outcome

if TYPE_CHECKING:
    from domain.generation import Generation
    from tests.model.memory_data import MemoryData


class MemoryCollection:
    """Whose favourites the generations are: `CollectionStore` says what each method promises."""

    def __init__(self, data: MemoryData) -> None:
        self._data = data

    async def get_favourite(self, person_id: int, generation_id: str) -> Favourite | None:
        return self._data.favourites.get((person_id, generation_id))

    async def set_favourite(self, favourite: Favourite, *, fence: int) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        row = self._data.rows.get(favourite.generation_id)
        if row is None or (favourite.kept and row.archived):
            return Outcome.CONFLICT
        key = favourite.person_id, favourite.generation_id
        self._data.handled(favourite.command)
        known = self._data.favourites.get(key)
        if known is not None:
            if known.kept == favourite.kept:
                return Outcome.ALREADY
            del self._data.favourites[key]  # so that it becomes the last one
            favourite = replace(favourite, command=favourite.command or known.command)
        self._data.favourites[key] = favourite
        return Outcome.DONE

    async def list_favourites(
        self, channel_id: int, person_id: int | None, *, offset: int, limit: int
    ) -> list[Generation]:
        kept = (one for one in reversed(self._data.favourites.values()) if one.kept)
        ids = dict.fromkeys(one.generation_id for one in kept if person_id in {None, one.person_id})
        rows = [self._data.rows[one] for one in ids]
        found = [row for row in rows if row.channel_id == channel_id and not row.archived]
        return found[offset : offset + limit]
