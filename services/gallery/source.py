"""Asks the stores for what the gallery shows. It changes favourites alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.errors import PicturesGone
from domain.generation import ACTIVE, Generation, ProblemKind, Status
from domain.ports import Query
from domain.slots import Slot
from services.gallery.records import (
    Card,
    Opened,
    Relative,
    ShownPicture,
    card,
    parameters,
    relative,
    without_ids,
)

if TYPE_CHECKING:
    from domain.ports import Clock, GenerationReader
    from services.collection import Collection
    from services.gallery.originals import Originals

PAGE = 24
"""How many generations a page has; divisible by 2, 3, 4 and 6, so that rows of cards are full."""
READ_AT_ONCE = 100
"""How many rows are read at once where not all of them are shown."""
MOST_READ = 1000
"""How many rows are read for one page; who looks for more goes on to the next."""
MOST_RELATIVES = 50
MOST_ANCESTORS = 12
MOST_PEOPLE = 200
PEOPLE_SECONDS = 60.0
"""How long the list of people is kept."""
LATELY = timedelta(minutes=10)
AT_WORK = ACTIVE | {Status.QUEUED}
STATES = {
    "work": AT_WORK,
    "done": frozenset({Status.COMPLETED}),
    "ended": frozenset({Status.FAILED, Status.CANCELLED}),
    "attention": frozenset({Status.NEEDS_ATTENTION}),
}
"""What can be chosen, by its name in addresses."""
FAVOURITES, MINE = "favourites", "mine"
"""These can be chosen, too, where favourites are known, and who looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which generations to show, newest first. Empty means any.

    A person is named by the code of one of theirs, so that no id of Discord's is in an address.
    """

    words: str = ""
    by: str = ""
    state: str = ""
    before: int | None = None  #: a `seq`, or of favourites, how many came before
    viewer: int | None = None  #: who looks, whose stars are shown; this is not in the address

    @property
    def chosen(self) -> bool:
        """Whether this is less than everything."""
        return bool(self.words or self.by or self.state)


@dataclass(frozen=True, slots=True)
class Page:
    """Some cards; the next page is before the `seq` in `next`; None: there is no more."""

    cards: tuple[Card, ...]
    next: int | None


def _unknown(_: str) -> None:
    return None


class GallerySource:
    """What the stores have to show."""

    def __init__(
        self,
        reader: GenerationReader,
        originals: Originals,
        clock: Clock,
        percent: Callable[[str], int | None] = _unknown,
        collection: Collection | None = None,
    ) -> None:
        """Keep what is asked; `percent` knows Midjourney's own of a generation's id."""
        self.reader = reader
        self._originals = originals
        self._clock = clock
        self._percent = percent
        self._collection = collection
        self._people: tuple[tuple[str, str], ...] = ()
        self._people_since: float | None = None

    async def page(self, wanted: Wanted) -> Page:
        """Return a page, and where the next one begins."""
        words = wanted.words.casefold().split()
        author = await self._author(wanted.by) if wanted.by else None
        if wanted.by and author is None:
            return Page((), None)
        if wanted.state in {FAVOURITES, MINE}:
            return await self._favourites(wanted, words, author)
        found: list[Generation] = []
        before, read = wanted.before, 0
        while len(found) < PAGE and read < MOST_READ:
            rows = await self.reader.list_generations(
                Query(
                    author_id=author,
                    statuses=STATES.get(wanted.state, frozenset()),
                    before_seq=before,
                    limit=READ_AT_ONCE if words else PAGE,
                )
            )
            if not rows:
                return Page(await self._cards(found, wanted.viewer), None)
            read += len(rows)
            fitting = [row for row in rows if is_shown(row, words)][: PAGE - len(found)]
            found += fitting
            before = (fitting if len(found) == PAGE else rows)[-1].seq
        return Page(await self._cards(found, wanted.viewer), before)

    def states(self, viewer: int | None) -> tuple[str, ...]:
        """Return what this person can choose, by its name in addresses."""
        if self._collection is None:
            return tuple(STATES)
        return (*STATES, FAVOURITES) if viewer is None else (*STATES, FAVOURITES, MINE)

    async def all_favourites(self) -> frozenset[str]:
        """Return the ids of everything that somebody keeps."""
        found: list[str] = []
        rows: list[Generation] | None = None
        while self._collection is not None and (rows is None or len(rows) == READ_AT_ONCE):
            rows = await self._collection.favourites(None, offset=len(found), limit=READ_AT_ONCE)
            found += [row.id for row in rows]
        return frozenset(found)

    async def star(self, generation: Generation, viewer: int, *, kept: bool) -> None:
        """Make one somebody's favourite, or no longer; `PicturesGone` where that cannot be."""
        if self._collection is None:
            raise PicturesGone
        await self._collection.set_favourite(generation.id, viewer, kept=kept)

    async def _favourites(self, wanted: Wanted, words: Sequence[str], author: int | None) -> Page:
        """Return what somebody keeps, the last one kept first, and is wanted otherwise, too."""
        if wanted.state not in self.states(wanted.viewer) or self._collection is None:
            return Page((), None)
        found: list[Generation] = []
        keeper = wanted.viewer if wanted.state == MINE else None
        offset = wanted.before or 0
        most = offset + MOST_READ
        while len(found) < PAGE and offset < most:
            rows = await self._collection.favourites(keeper, offset=offset, limit=PAGE)
            fitting = [
                (number, row)
                for number, row in enumerate(rows, offset + 1)
                if author in {None, row.author_id} and is_shown(row, words)
            ][: PAGE - len(found)]
            found += [row for _, row in fitting]
            if len(found) < PAGE and len(rows) < PAGE:
                return Page(await self._cards(found, wanted.viewer), None)
            offset = fitting[-1][0] if len(found) == PAGE else offset + PAGE
        return Page(await self._cards(found, wanted.viewer), offset)

    async def people(self) -> tuple[tuple[str, str], ...]:
        """Return everybody's name with the code of one of theirs, by name."""
        now = self._clock.monotonic()
        if self._people_since is None or now - self._people_since > PEOPLE_SECONDS:
            newest = await self.reader.list_newest_of_each(MOST_PEOPLE)
            named = ((without_ids(row.author_name), row.code) for row in newest)
            self._people = tuple(sorted(named, key=lambda person: person[0].casefold()))
            self._people_since = now
        return self._people

    async def lately(self) -> list[Generation]:
        """Return what is at work, waits, or ended just now: what a page that is open may lack."""
        ended = await self.reader.list_ended(self._clock.now() - LATELY, limit=PAGE)
        at_work = await self.reader.list_generations(Query(statuses=AT_WORK, limit=PAGE))
        return [*ended, *reversed(at_work)]

    async def get(self, code: str) -> Generation | None:
        """Return the generation with a code; None if there is nothing left of it to show."""
        found = await self.reader.get_generation(code)
        return found if found is not None and found.code == code and is_shown(found) else None

    async def opened(self, code: str, viewer: int | None = None) -> Opened | None:
        """Return all that is shown to somebody of one generation, or None."""
        generation = await self.get(code)
        if generation is None:
            return None
        (shown,) = await self._cards([generation], viewer)
        text, given = parameters(shown.prompt)
        problem = generation.problem
        quoted = problem is not None and problem.kind in {ProblemKind.REFUSED, ProblemKind.BROKEN}
        return Opened(
            card=shown,
            text=text,
            parameters=given,
            pictures=tuple([await self._picture(generation, slot) for slot in shown.pictures]),
            submitted_at=generation.submitted_at,
            completed_at=generation.completed_at,
            problem=None if problem is None else problem.kind,
            said=without_ids(problem.detail) if problem is not None and quoted else "",
            ancestors=await self._ancestors(generation),
            children=await self._children(generation),
        )

    async def _cards(self, rows: Sequence[Generation], viewer: int | None) -> tuple[Card, ...]:
        """Return them as cards, with the stars of whoever looks."""
        if self._collection is None or viewer is None:
            return tuple(card(row, self._percent(row.id)) for row in rows)
        kept = await self._collection.favourites_among(viewer, [row.id for row in rows])
        return tuple(card(row, self._percent(row.id), starred=row.id in kept) for row in rows)

    async def _author(self, code: str) -> int | None:
        known = await self.reader.get_generation(code)
        return None if known is None else known.author_id

    async def _picture(self, generation: Generation, slot: Slot) -> ShownPicture:
        picture = generation.step(slot).picture
        assert picture is not None  # noqa: S101 -- the card names stored pictures alone
        return ShownPicture(
            slot=slot,
            url=await self._originals.link(picture.key),
            width=picture.width,
            height=picture.height,
        )

    async def _ancestors(self, generation: Generation) -> tuple[Relative, ...]:
        found: list[Relative] = []
        made = generation
        while made.origin.parent_id is not None and len(found) < MOST_ANCESTORS:
            parent = await self.reader.get_generation(made.origin.parent_id)
            if parent is None:
                break
            if is_shown(parent):
                found.append(relative(parent, made))
            made = parent
        return tuple(reversed(found))

    async def _children(self, generation: Generation) -> tuple[Relative, ...]:
        children = await self.reader.list_children(generation.id, MOST_RELATIVES)
        return tuple(relative(child, child) for child in children if is_shown(child))


def is_shown(generation: Generation, words: Sequence[str] = ()) -> bool:
    """Whether it has all the words, and was not deleted with its prompt."""
    prompt = generation.prompt.casefold()
    gone = generation.archived and not prompt
    return not gone and all(word in prompt for word in words)
