"""What the clean-up needs from the stores."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.generation import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the clean-up needs to know about a generation that has ended and is not archived."""

    seq: int
    id: str
    code: str
    author_id: int
    status: Status
    changed_at: datetime  #: the last change of any kind
    begun: bool = False  #: a clean-up started on it but didn't finish
    pictures: int = 0
    size: int = 0  #: bytes of all its pictures


@dataclass(frozen=True, slots=True)
class EventSpan:
    """Events from before a time, whose numbers follow one another."""

    before: datetime
    after: int  #: the number before the first
    last: int
    removable: int  #: how many of them are of generations that have ended


class EventStore(Protocol):
    """The history of generations, on which nothing depends: old events may be deleted."""

    async def list_old(self, before: datetime, *, after: int, limit: int) -> EventSpan | None:
        """Return the next events from before a time, `limit` at most; None behind the last."""
        ...

    async def delete(self, span: EventSpan) -> int:
        """Delete those whose generations have ended; return how many.

        All others stay: the database refuses to delete them.
        """
        ...


class Archive(Protocol):
    """What the clean-up asks of the store and changes in it, without the worker's lease.

    It writes only `archiving_at` and `archived_at`. Once the first is set, the status of the row
    never changes again. If the database does not answer, a call raises `StoreUnavailable`.
    """

    @property
    def events(self) -> EventStore:
        """What happened to the generations."""
        ...

    async def list_candidates(self, *, before_seq: int | None, limit: int) -> list[Candidate]:
        """Return a page of the ended generations that are not archived, newest first.

        Favourites are left out, unless the deletion of their pictures has begun.
        """
        ...

    async def begin_archiving(
        self,
        ids: Collection[str],
        *,
        unchanged_since: datetime,
        favourites_too: bool = True,
    ) -> frozenset[str]:
        """Mark generations whose pictures are about to be deleted; return those that were marked.

        Generations that have not ended, or have changed since then, are left out, and those that
        are somebody's favourites unless `favourites_too`.
        """
        ...

    async def finish_archiving(self, ids: Collection[str]) -> None:
        """Record that the pictures are deleted, for generations that were marked."""
        ...

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these are in the database, and not archived."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """One object of the image store, as the store describes it."""

    key: str
    size: int  #: bytes
    changed_at: datetime  #: when it was stored, or stored again
