"""The pictures of a channel as a collection: whose favourites they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.generation import Generation
    from domain.ports import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """Whether a generation is somebody's favourite; `command` is the message that last said so."""

    person_id: int
    generation_id: str
    kept: bool
    command: int | None = None


class CollectionStore(Protocol):
    """What is asked of the database about a channel's collection.

    A call that the database cannot answer raises `StoreUnavailable`.
    """

    async def get_favourite(self, person_id: int, generation_id: str) -> Favourite | None:
        """Return what somebody said last; None if nothing was ever said."""
        ...

    async def set_favourite(self, favourite: Favourite, *, fence: int) -> Outcome:
        """Keep a favourite, or keep it no longer; ALREADY when that was so (all stays).

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
