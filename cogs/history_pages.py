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
class Whose:
    """Whose generations to list, None for everybody's; `named` is how to type it."""

    id: int | None
    named: str
    rest: tuple[str, ...]  #: the other words

    @classmethod
    def read(cls, text: str, reader: int) -> Whose:
        """Find `@person` or `all` among the words; without one it is the reader."""
        whose, named = reader, ""
        rest: list[str] = []
        for word in text.split():
            person = person_id(word)
            if person is not None:
                whose, named = person, f"<@{person}>"
            elif word.lower() == ALL:
                whose, named = None, ALL
            else:
                rest.append(word)
        return cls(whose, named, tuple(rest))


def read_number(word: str, limit: int, replies: Replies) -> int:
    """Return a number from 1 to a limit, or raise `Refused`."""
    if not word.isdecimal() or not 1 <= int(word) <= limit:
        raise Refused(replies.bad_number(word, limit), "bad_number")
    return int(word)


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
        whose = Whose.read(text, reader)
        numbers = [
            read_number(word, PAGES if place else LIMIT, replies)
            for place, word in enumerate(whose.rest)
        ]
        count, page = (*numbers, *(SHOWN, 1)[len(numbers) :])[:2]
        return cls(whose.id, whose.named, count, page)


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
