"""What the clean-up needs from the stores, beside the worker."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.generation import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the clean-up must know of a generation that ended and is not archived yet."""

    seq: int
    id: str
    code: str
    author_id: int
    status: Status
    changed_at: datetime  #: the last change of any kind
    begun: bool = False  #: a clean-up began with it, and did not come to the end
    pictures: int = 0
    size: int = 0  #: bytes of all its pictures


class Archive(Protocol):
    """What the clean-up asks of the store, and does to it: beside the worker, without its lease.

    Of a row it writes `archiving_at` and `archived_at` alone. From the first on, the row keeps its
    status for ever. A call that the database cannot answer raises `StoreUnavailable`.
    """

    async def list_candidates(self, *, before_seq: int | None, limit: int) -> list[Candidate]:
        """Return a page of those that ended and are not archived, newest first."""
        ...

    async def begin_archiving(
        self,
        ids: Collection[str],
        *,
        unchanged_since: datetime,
    ) -> frozenset[str]:
        """Put down that pictures are about to be deleted, and return of which of these.

        Left out are those that are not ended, or that have changed since then.
        """
        ...

    async def finish_archiving(self, ids: Collection[str]) -> None:
        """Put down that the pictures are gone, of those with which it was begun."""
        ...

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these are in the database, and not archived."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """One object of the image store, as it tells itself."""

    key: str
    size: int  #: bytes
    changed_at: datetime  #: when it was stored, or stored again
