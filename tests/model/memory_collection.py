"""The collection of the in-memory store."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.collection import MOST_PEOPLE, Favourite, Statistics
from domain.generation import Status
from domain.ports import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from domain.generation import Generation
    from tests.model.memory_data import MemoryData


class MemoryCollection:
    """Favourites, searching, statistics: `CollectionStore` says what each method promises."""

    def __init__(self, data: MemoryData) -> None:
        self._data = data

    async def get_favourite(self, person_id: int, generation_id: str) -> Favourite | None:
        return self._data.favourites.get((person_id, generation_id))

    async def favourites_among(self, person_id: int, ids: Collection[str]) -> frozenset[str]:
        known = ((one, self._data.favourites.get((person_id, one))) for one in ids)
        return frozenset(one for one, found in known if found is not None and found.kept)

    async def set_favourite(self, favourite: Favourite, *, fence: int | None) -> Outcome:
        if fence is not None and not self._data.allows(fence):
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

    async def search(
        self, channel_id: int, words: Sequence[str], *, offset: int, limit: int
    ) -> list[Generation]:
        def fits(prompt: str) -> bool:
            there = re.findall(r"[^\W_]+", prompt.lower())
            asked = [part for word in words for part in re.findall(r"[^\W_]+", word.lower())]
            return all(any(one.startswith(part) for one in there) for part in asked)

        found = [row for row in reversed(self._in(channel_id)) if fits(row.prompt)]
        return found[offset : offset + limit]

    async def draw(self, channel_id: int, at: float) -> Generation | None:
        rows = self._in(channel_id)
        there = [row for row in rows if row.status == Status.COMPLETED and not row.archived]
        if not there:
            return None
        first, last = there[0].seq, there[-1].seq
        wanted = first + int(at * (last - first + 1))
        return next(row for row in there if row.seq >= wanted)

    async def get_statistics(self, channel_id: int, since: datetime, until: datetime) -> Statistics:
        rows = [row for row in self._in(channel_id) if since <= row.created_at < until]
        names = {row.author_id: row.author_name for row in rows}
        people = Counter(row.author_id for row in rows)
        named = sorted(people.items(), key=lambda one: (-one[1], one[0]))[:MOST_PEOPLE]
        waited = [
            max(0, (row.submitted_at - row.created_at).total_seconds())
            for row in rows
            if row.submitted_at
        ]
        ended = [row for row in rows if row.status in {Status.FAILED, Status.NEEDS_ATTENTION}]
        return Statistics(
            statuses=Counter(row.status for row in rows),
            problems=Counter(row.problem.kind for row in ended if row.problem),
            people=tuple((names[person], count) for person, count in named),
            others=len(people) - len(named),
            waited=_times(sum(waited) / len(waited), max(waited)) if waited else None,
        )

    def _in(self, channel_id: int) -> list[Generation]:
        return [row for row in self._data.rows.values() if row.channel_id == channel_id]


def _times(average: float, longest: float) -> tuple[timedelta, timedelta]:
    return timedelta(seconds=round(average)), timedelta(seconds=round(longest))
