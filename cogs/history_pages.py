"""`!history`: reads what to list, and fetches the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cogs.base import person_id
from cogs.errors import Refused
from cogs.listing import Listing
from cogs.replies import Replies
from domain.generation import Generation
from domain.ports import Query

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
    """Fetches the pages of a listing."""

    def __init__(self, listing: Listing) -> None:
        """Keep the listing."""
        self._listing = listing

    async def page(self, wanted: HistoryRequest) -> list[Generation]:
        """Return the page, plus one more generation if there is another page."""
        query = Query(author_id=wanted.whose, limit=wanted.count + 1)
        found = await self._listing.page(query)
        for _ in range(1, wanted.page):
            if len(found) <= wanted.count:
                return []
            query = replace(query, before_seq=found[wanted.count - 1].seq)
            found = await self._listing.page(query)
        return found
