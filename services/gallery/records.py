"""What the gallery shows: names of people, but no id, token or link of Discord's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from domain.generation import ACTIVE, Generation, OriginKind, ProblemKind, Status
from domain.prompt_flags import split
from domain.settling import overall
from domain.slots import Slot

_LINK = re.compile(r"https?://(?:[\w-]+\.)*discord(?:app)?\.(?:com|net)/[^\s<>]*", re.IGNORECASE)
_ID = re.compile(r"\d{17,20}")
"""Discord's ids: of people, messages and channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A generation in a list. `progress` is 0 to 100, with Midjourney's own percentage in it."""

    code: str
    prompt: str
    person: str
    status: Status
    progress: float
    asked_at: datetime
    pictures: tuple[Slot, ...]  #: those that are stored and not deleted
    shape: tuple[int, int]  #: the grid's width and height, for the room that it needs
    removed: bool  #: its pictures were deleted
    starred: bool | None = None  #: a favourite of whoever looks; None: nobody knows who that is

    @property
    def state(self) -> str:
        """What changes when there is more to show of it than progress."""
        return f"{self.status.value} {len(self.pictures)}"

    @property
    def active(self) -> bool:
        """Whether it is being worked on, and so moves."""
        return self.status in ACTIVE

    @property
    def has_star(self) -> bool:
        """Whether there is a star to press: what was deleted can only lose it."""
        return self.starred or (self.starred is not None and not self.removed)

    @property
    def has_grid(self) -> bool:
        """Whether there is a grid to show."""
        return Slot.GRID in self.pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A generation that another was made of, or the other way round, and how that came to be."""

    card: Card
    kind: OriginKind
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A picture in full. `url` is a path of ours, or a link to the bucket; sizes in pixels."""

    slot: Slot
    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One generation, with all that is told about it."""

    card: Card
    text: str  #: the prompt without its parameters
    parameters: tuple[tuple[str, str], ...]
    pictures: tuple[ShownPicture, ...]
    submitted_at: datetime | None
    completed_at: datetime | None
    problem: ProblemKind | None
    said: str  #: Midjourney's own words about the problem
    ancestors: tuple[Relative, ...]  #: the oldest first, each with how the next was made of it
    children: tuple[Relative, ...]


def without_ids(text: str) -> str:
    """Return a text without Discord's ids, and its links without all but the file's name."""
    return _ID.sub("…", _LINK.sub(_named, text))


def _named(link: re.Match[str]) -> str:
    name = link[0].partition("?")[0].rpartition("/")[2]
    return f"https://discord…/{name}"


def card(
    generation: Generation, percent: int | None = None, *, starred: bool | None = None
) -> Card:
    """Return what a list shows of it."""
    grid = generation.step(Slot.GRID).picture
    return Card(
        code=generation.code,
        prompt=without_ids(generation.prompt),
        person=without_ids(generation.author_name),
        status=generation.status,
        progress=overall(generation, percent),
        asked_at=generation.created_at,
        pictures=() if generation.archived else generation.stored,
        shape=(1, 1) if grid is None else (grid.width or 1, grid.height or 1),
        removed=generation.archived,
        starred=starred,
    )


def parameters(prompt: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split a prompt that is shown into its text and its parameters: name and value."""
    text, flags = split(prompt)
    return text, tuple((flag.label, flag.value) for flag in flags)


def relative(generation: Generation, made: Generation) -> Relative:
    """Return `generation` as a relative, with how `made` came out of its parent."""
    return Relative(card=card(generation), kind=made.origin.kind, index=made.origin.index)
