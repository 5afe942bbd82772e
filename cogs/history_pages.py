"""`!history`: reads what to list, and fetches the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from cogs.base import person_id
from cogs.errors import Refused
from cogs.replies import Replies
from domain.generation import Generation
from domain.ports import GenerationStore, Query

SHOWN, LIMIT, PAGES = 5, 20, 50
ALL = "all"


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What to list; `whose` is None for everybody, `named` is how to type it."""

    whose: int | None
    named: str
    count: int
    page: int

    @classmethod
    def read(cls, text: str, reader: int, replies: Replies) -> HistoryRequest:
        """Read `[how many] [@person|all] [page]`, in any order of the person and the numbers.

        Without a person it is the reader. Raises `Refused` for a number that is out of range.
        """
        whose, named = reader, ""
        numbers: list[int] = []
        for word in text.split():
            person = person_id(word)
            if person is not None:
                whose, named = person, f"<@{person}>"
            elif word.lower() == ALL:
                whose, named = None, ALL
            else:
                limit = PAGES if numbers else LIMIT
                if not word.isdecimal() or not 1 <= int(word) <= limit:
                    raise Refused(replies.bad_number(word, limit))
                numbers.append(int(word))
        count, page = (*numbers, *(SHOWN, 1)[len(numbers) :])[:2]
        return cls(whose, named, count, page)


class History:
    """Lists the generations of one channel, newest first."""

    def __init__(self, store: GenerationStore, channel_id: int) -> None:
        """Keep the store, which may also hold generations of an earlier channel."""
        self._store = store
        self._channel_id = channel_id

    async def latest(self, author_id: int) -> Generation | None:
        """Return a person's latest generation, or None."""
        return next(iter(await self._listed(Query(author_id=author_id, limit=1))), None)

    async def page(self, wanted: HistoryRequest) -> list[Generation]:
        """Return the page, plus one more generation if there is another page."""
        query = Query(author_id=wanted.whose, limit=wanted.count + 1)
        found = await self._listed(query)
        for _ in range(1, wanted.page):
            if len(found) <= wanted.count:
                return []
            query = replace(query, before_seq=found[wanted.count - 1].seq)
            found = await self._listed(query)
        return found

    async def _listed(self, query: Query) -> list[Generation]:
        """List until the first from another channel, whose generations are unknown here."""
        found = await self._store.list_generations(query)
        return list(takewhile(lambda one: one.channel_id == self._channel_id, found))
