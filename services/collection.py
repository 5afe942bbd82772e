"""What people do with the pictures of the channel: keep favourites, search, look back."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from domain.collection import CollectionStore, Favourite, Statistics
from domain.errors import PicturesGone
from domain.generation import Generation
from domain.months import Month
from domain.ports import Lease, Outcome, checked


class Collection:
    """The collection of one channel."""

    def __init__(self, store: CollectionStore, lease: Lease | None, channel_id: int) -> None:
        """Keep the parts; the store may also hold generations of an earlier channel.

        Without a lease, favourites can be changed, but no command is carried out.
        """
        self._store = store
        self._fence = None if lease is None else lease.fence
        self._channel_id = channel_id

    async def toggle_favourite(
        self, generation_id: str, person_id: int, command: int, *, only_keep: bool = False
    ) -> bool:
        """Keep a favourite, or the opposite if it is one; return whether it is one now.

        With `only_keep`, what is a favourite stays one. A command that was done before, and whose
        answer was lost, changes nothing more. Raises `PicturesGone` where there is nothing to keep.
        """
        known = await self._store.get_favourite(person_id, generation_id)
        if known is not None and known.command == command:
            return known.kept
        favourite = Favourite(
            person_id=person_id,
            generation_id=generation_id,
            kept=only_keep or known is None or not known.kept,
            command=command,
        )
        await self._set(favourite)
        return favourite.kept

    async def set_favourite(self, generation_id: str, person_id: int, *, kept: bool) -> None:
        """Keep a favourite, or keep it no longer; `PicturesGone` where there is nothing to keep."""
        await self._set(Favourite(person_id=person_id, generation_id=generation_id, kept=kept))

    async def favourites_among(self, person_id: int, ids: Iterable[str]) -> frozenset[str]:
        """Return which of these generations are somebody's favourites."""
        return await self._store.favourites_among(person_id, frozenset(ids))

    async def favourites(
        self, person_id: int | None, *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of somebody's favourites, or of everybody's, the last one kept first."""
        return await self._store.list_favourites(
            self._channel_id, person_id, offset=offset, limit=limit
        )

    async def search(self, words: Sequence[str], *, offset: int, limit: int) -> list[Generation]:
        """Return a page of those whose prompts have words that begin so, the newest first."""
        return await self._store.search(self._channel_id, words, offset=offset, limit=limit)

    async def one_at_random(self) -> Generation | None:
        """Return one that is completed and not deleted, or None without any."""
        at = random.random()  # noqa: S311 -- nothing depends on it
        return await self._store.draw(self._channel_id, at)

    async def statistics(self, month: Month) -> Statistics:
        """Return what was asked for in a month, and what became of it."""
        return await self._store.get_statistics(self._channel_id, month.since, month.until)

    async def _set(self, favourite: Favourite) -> None:
        outcome = await self._store.set_favourite(favourite, fence=self._fence)
        if checked(outcome) == Outcome.CONFLICT:
            raise PicturesGone
