"""Favourites, searching and statistics in Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.collection import MOST_PEOPLE
from domain.ports import Outcome
from services.database.personal_rows import favourite, favourite_row
from services.database.rows import from_row, from_rows, time_text
from services.database.statistics import statistics
from services.database.supabase.functions import Functions, json_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from domain.collection import Favourite, Statistics
    from domain.generation import Generation


class SupabaseCollection:
    """The part of the store for the collection."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def get_favourite(self, person_id: int, generation_id: str) -> Favourite | None:
        """Return what somebody said last; None if nothing was ever said."""
        answer = await self._functions.call(
            "get_favourite", person_id=person_id, generation_id=generation_id
        )
        return None if answer.value is None else favourite(answer.value)

    async def favourites_among(self, person_id: int, ids: Collection[str]) -> frozenset[str]:
        """Return which of these generations are somebody's favourites."""
        answer = await self._functions.call(
            "favourites_among", person_id=person_id, ids=sorted(ids)
        )
        return frozenset(answer.value)

    async def set_favourite(self, favourite: Favourite, *, fence: int | None) -> Outcome:
        """Keep a favourite, or keep it no longer; CONFLICT where there is nothing to keep."""
        answer = await self._functions.call(
            "set_favourite",
            favourite=json_text(favourite_row(favourite)),
            fence=fence,
            command=favourite.command,
        )
        if answer.may_be_ours and favourite == await self.get_favourite(
            favourite.person_id, favourite.generation_id
        ):
            return Outcome.DONE
        return answer.outcome

    async def list_favourites(
        self, channel_id: int, person_id: int | None, *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of somebody's favourites, or of everybody's, the last one kept first."""
        answer = await self._functions.call(
            "list_favourites",
            channel_id=channel_id,
            person_id=person_id,
            offset=offset,
            limit=limit,
        )
        return from_rows(answer.value)

    async def search(
        self, channel_id: int, words: Sequence[str], *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of those whose prompts have such words, the newest first."""
        answer = await self._functions.call(
            "search_generations",
            channel_id=channel_id,
            query=" & ".join(f"'{word}':*" for word in words),
            offset=offset,
            limit=limit,
        )
        return from_rows(answer.value)

    async def draw(self, channel_id: int, at: float) -> Generation | None:
        """Return one that is completed and not deleted, or None without any."""
        answer = await self._functions.call("draw_generation", channel_id=channel_id, at=at)
        return None if answer.value is None else from_row(answer.value)

    async def get_statistics(self, channel_id: int, since: datetime, until: datetime) -> Statistics:
        """Return what was asked for from one time until before another."""
        answer = await self._functions.call(
            "get_statistics",
            channel_id=channel_id,
            since=time_text(since),
            until=time_text(until),
            people=MOST_PEOPLE,
        )
        return statistics(answer.value)
