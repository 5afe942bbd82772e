"""The pictures of a channel as a collection: favourites, searching, and what a month was like."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from domain.generation import Generation, ProblemKind, Status

if TYPE_CHECKING:
    from domain.ports import Outcome

MOST_WORDS, MOST_LETTERS = 10, 40
"""How many words of a search count, and how much of each."""
MOST_PEOPLE = 10
"""How many people statistics name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """Whether a generation is somebody's favourite; `command` is the message that last said so."""

    person_id: int
    generation_id: str
    kept: bool
    command: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What was asked for in a channel within some time, and what became of it.

    `waited` is how long it took until Midjourney had accepted, on average and at most; None where
    it accepted nothing.
    """

    statuses: Mapping[Status, int] = field(default_factory=dict[Status, int])
    problems: Mapping[ProblemKind, int] = field(default_factory=dict[ProblemKind, int])
    people: tuple[tuple[str, int], ...] = ()  #: names and how many, the most first; `MOST_PEOPLE`
    others: int = 0  #: how many more people
    waited: tuple[timedelta, timedelta] | None = None

    @property
    def count(self) -> int:
        """How many were asked for."""
        return sum(self.statuses.values())


class CollectionStore(Protocol):
    """What is asked of the database about a channel's collection.

    A call that the database cannot answer raises `StoreUnavailable`.
    """

    async def get_favourite(self, person_id: int, generation_id: str) -> Favourite | None:
        """Return what somebody said last; None if nothing was ever said."""
        ...

    async def favourites_among(self, person_id: int, ids: Collection[str]) -> frozenset[str]:
        """Return which of these generations are somebody's favourites."""
        ...

    async def set_favourite(self, favourite: Favourite, *, fence: int | None) -> Outcome:
        """Keep a favourite, or keep it no longer; ALREADY when that was so (all stays).

        Without a fence, the lease is not asked: nothing of the worker's depends on favourites.

        CONFLICT for a generation that is not there, and where one is to be kept whose pictures are
        deleted, or about to be. The mark of handled commands moves to `command`, if there is one.
        """
        ...

    async def list_favourites(
        self, channel_id: int, person_id: int | None, *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of somebody's favourites, or of everybody's, the last one kept first.

        Each generation comes once; those whose pictures are deleted are left out.
        """
        ...

    async def search(
        self, channel_id: int, words: Sequence[str], *, offset: int, limit: int
    ) -> list[Generation]:
        """Return a page of those whose prompts have words that begin like each of these.

        The newest come first. Words are those of `search_words`, one at least.
        """
        ...

    async def draw(self, channel_id: int, at: float) -> Generation | None:
        """Return one that is completed and not deleted, or None without any.

        `at` says which, from 0 for the oldest to (less than) 1 for the newest.
        """
        ...

    async def get_statistics(self, channel_id: int, since: datetime, until: datetime) -> Statistics:
        """Return what was asked for from one time until before another."""
        ...


def search_words(text: str) -> tuple[str, ...]:
    """Return the words that a search looks for, without what databases read as signs."""
    words = (word[:MOST_LETTERS] for word in _BETWEEN.split(text))
    return tuple(word for word in words if any(c.isalnum() for c in word))[:MOST_WORDS]


_BETWEEN = re.compile(r"[\s'\"`\\:*&|!()<>\x00\ud800-\udfff]+")
