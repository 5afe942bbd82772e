"""What the core needs from the outside, as protocols; `services` implements them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from domain.acceptance import Bounds, Load, Standing
from domain.archive import Archive, StoredObject
from domain.collection import CollectionStore
from domain.errors import RowGone, StaleFence
from domain.generation import Generation, NewGeneration, Picture, Status
from domain.hang_ups import HangUps
from domain.messages import MessageSnapshot
from domain.pause import Pause
from domain.prompt_parts import PartStore
from domain.slots import Slot


class Clock(Protocol):
    """Time, so that tests can control it."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from some start, never going back: for limits and intervals."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Outcome(StrEnum):
    """The outcome of a change in the store; the last five are not exceptions."""

    DONE = "done"
    ALREADY = "already"  #: it was done before; the row is returned as it is
    OVER_QUOTA = "over_quota"  #: nothing changed: it would be one too many
    CONFLICT = "conflict"  #: the row is not as expected, or is archived, or one is active already
    GRID_TAKEN = "grid_taken"  #: nothing changed: the row that is returned has that grid
    STALE_FENCE = "stale_fence"  #: another process holds the lease now


def checked(outcome: Outcome) -> Outcome:
    """Return an outcome, or raise `StaleFence` where another process holds the lease."""
    if outcome == Outcome.STALE_FENCE:
        raise StaleFence
    return outcome


@dataclass(frozen=True, slots=True)
class Change:
    """An outcome and the row as it is now (None where there is no such row).

    With `GRID_TAKEN` it is the row that has the grid.
    """

    outcome: Outcome
    generation: Generation | None

    @property
    def row(self) -> Generation:
        """The row; `StaleFence` where another process holds the lease, `RowGone` without one."""
        checked(self.outcome)
        if self.generation is None:
            raise RowGone("a generation was deleted in the database while it was at work")
        return self.generation


@dataclass(frozen=True, slots=True)
class Acceptance(Change):
    """What became of a command: with a row, also how many are ahead of it in the queue.

    `standing` is what speaks against it, with `OVER_QUOTA`.
    """

    place: int = 0
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """The lease of the one process that works: only the highest `fence` may change anything."""

    owner: str
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which generations to list, newest first; `before_seq` is the last one of the page before."""

    author_id: int | None = None
    statuses: frozenset[Status] = frozenset()  #: empty: any
    before_seq: int | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who was allowed or denied by command; others are in the settings."""

    id: int
    allowed: bool
    by: int  #: the owner who said so
    since: datetime


class GenerationReader(Protocol):
    """How generations are read."""

    async def get_generation(self, id_or_code: str) -> Generation | None:
        """Return one generation by its id or its code (in any case)."""
        ...

    async def get_generation_of_grid(self, message_id: int) -> Generation | None:
        """Return the generation whose finished grid is this message."""
        ...

    async def list_generations(self, query: Query) -> list[Generation]:
        """Return a page of generations, newest first."""
        ...

    async def list_ended(
        self, since: datetime, *, after_seq: int = 0, limit: int
    ) -> list[Generation]:
        """Return a page of those that ended, or need attention, in the order of their last change.

        It starts at what was changed at `since` and has a higher `seq`. The page after it starts at
        the last one's `updated_at` and `seq`; what is changed meanwhile comes again, at the end.
        """
        ...

    async def list_children(self, parent_id: str, limit: int) -> list[Generation]:
        """Return what was made of a generation: with its buttons, or of its prompt once more."""
        ...

    async def list_newest_of_each(self, limit: int) -> list[Generation]:
        """Return everybody's newest generation, newest first."""
        ...

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these are in the database, and not archived."""
        ...

    async def get_pause(self) -> Pause | None:
        """Return the pause of the queue; None while it runs."""
        ...


class GenerationStore(GenerationReader, Archive, Protocol):
    """All data about generations. The database gives its guarantees, not the caller.

    At most one generation is active; a grid belongs to one at most; statuses and transitions are
    legal; progress is computed in the row; each change inserts a row in the event table; one row
    per command message. A call that the database cannot answer raises `StoreUnavailable`.
    """

    @property
    def collection(self) -> CollectionStore:
        """What else the same database knows: whose favourites the generations are."""
        ...

    @property
    def parts(self) -> PartStore:
        """And parts of prompts: what people prefer, and presets."""
        ...

    async def create_generation(
        self, new: NewGeneration, *, fence: int, bounds: Bounds | None = None
    ) -> Acceptance:
        """Accept a command: a queued row with its turn, or ALREADY with the row of that message.

        OVER_QUOTA for a new one where a bound is reached. CONFLICT and None if the code is taken:
        draw another one. GRID_TAKEN for the grid of another row. The mark of handled commands moves
        in the same transaction, where there is a row of that message.
        """
        ...

    async def claim_next(self, *, now: datetime, fence: int) -> Change:
        """Make the first waiting generation active, in the status of its first missing step.

        DONE with it; ALREADY with the one that is active; CONFLICT and None when nothing waits
        (or nothing that may start at `now`).
        """
        ...

    async def update_generation(
        self,
        before: Generation,
        after: Generation,
        *,
        event: str,
        fence: int,
        command: int | None = None,
    ) -> Change:
        """Apply a transition to the row that is still in `before`'s status and version.

        Pictures already stored are never taken away or replaced by it. An archived row keeps its
        status: CONFLICT. The grid of another row stays that one's: GRID_TAKEN. The mark of handled
        commands moves with it to `command`, the message that asked for it.
        """
        ...

    async def record_picture(
        self, generation_id: str, slot: Slot, picture: Picture, *, fence: int
    ) -> Change:
        """Record a stored picture; the first writer wins, and concurrent ones lose nothing.

        The row's status follows (`domain.settling.with_picture`): to `grid_completed`, or to
        `completed` with the last wanted picture. An archived row takes no picture: CONFLICT.
        """
        ...

    async def get_processing_generation(self) -> Generation | None:
        """Return the active generation."""
        ...

    async def place_in_queue(self, generation_id: str) -> int:
        """Return how many generations are ahead of this waiting one, including the active one."""
        ...

    async def list_queue(self, limit: int) -> list[Generation]:
        """Return the first waiting generations, in the order in which they will be claimed."""
        ...

    async def get_load(self, author_id: int, since: datetime) -> Load:
        """Return how much is waiting, and what a person asked for since a time."""
        ...

    async def get_mark(self) -> int | None:
        """Return the latest command message that was handled; None before the first."""
        ...

    async def set_mark(self, message_id: int, *, fence: int) -> Outcome:
        """Note that all commands up to this message are handled; ALREADY at a later mark."""
        ...

    async def list_people(self) -> list[Person]:
        """Return everybody who was allowed or denied by command, by id."""
        ...

    async def set_person(self, person: Person, *, fence: int, command: int) -> Outcome:
        """Allow or deny somebody, and move the mark; ALREADY when that was so (all stays)."""
        ...

    async def set_pause(
        self,
        pause: Pause | None,
        *,
        fence: int,
        command: int | None = None,
    ) -> Outcome:
        """Pause the queue, or resume it; ALREADY when it is paused (or runs) already.

        The first pause stays, but a stop takes the place of a person's. The mark of handled
        commands moves to `command`, also then.
        """
        ...

    async def get_hang_ups(self) -> HangUps | None:
        """Return how Discord's gateway hung up; None if it did not, or lasted since."""
        ...

    async def set_hang_ups(self, hang_ups: HangUps | None, *, fence: int) -> Outcome:
        """Note how Discord's gateway hung up, for the next process."""
        ...

    async def acquire_lease(self, owner: str, seconds: float) -> Lease:
        """Take the lease with a higher fence than ever before, or raise `LeaseHeld`."""
        ...

    async def renew_lease(self, lease: Lease, seconds: float) -> bool:
        """Renew the lease; False if it is no longer ours."""
        ...

    async def release_lease(self, lease: Lease) -> None:
        """Release the lease, so that the next process can start at once."""
        ...

    async def close(self) -> None:
        """Close the connection to the database."""
        ...


class ImageStore(Protocol):
    """Where the pictures are. Keys are those of `domain.slots.picture_key`.

    Raises `StoreUnavailable` if it does not answer, `StoreRefused` if it refuses.
    """

    async def put(self, key: str, source: Path) -> None:
        """Store a PNG file under a key, replacing what is there: whole, or not at all.

        The file stays, but it must not be changed afterwards.
        """
        ...

    async def url(self, key: str) -> str:
        """Return the address under which people see the picture."""
        ...

    def path(self, key: str) -> Path | None:
        """Return the local file of a key, if there is one that can be attached."""
        ...

    def list_generations(self) -> AsyncIterator[frozenset[str]]:
        """Yield the ids of the generations that have objects, in pages; some may come twice."""
        ...

    async def list_objects(self, generation_id: str) -> list[StoredObject]:
        """Return the objects of one generation; those whose key isn't one of ours are left out."""
        ...

    async def delete(self, keys: Collection[str]) -> None:
        """Delete objects; deleting one that does not exist is no error."""
        ...

    async def close(self) -> None:
        """Close everything that is open."""
        ...


class MessageReader(Protocol):
    """The channel's history."""

    async def read(self, message_id: int) -> MessageSnapshot | None:
        """Return the message as it is now, with fresh links; None when it is gone."""
        ...
