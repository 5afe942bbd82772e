"""What a move needs to know of where everything comes from, and of where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from domain.errors import Permanent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from domain.ports import GenerationStore, ImageStore, Lease
    from services.database.rows import Row
    from services.gallery.originals import Originals
    from services.moving.tables import Table, WantedPicture

    Check = Callable[[Sequence[WantedPicture]], Awaitable[None]]
    """Raises `StoreRefused`, with what to do, if pictures that are still to come don't fit."""

FOLDER, SUPABASE = "folder", "supabase"
"""Where a move goes."""
LEASE_SECONDS = 900.0
"""How long the lease of where things come from lasts, if the move dies; it can go on at once."""


class AlreadyMoved(Permanent):
    """Everything has arrived in an earlier run, which was cut off at its very end."""


class Rows(Protocol):
    """The rows of a database, in the common form."""

    def pages(self, table: Table) -> AsyncIterator[list[Row]]:
        """Yield the rows of a table, in order."""
        ...

    async def state(self) -> Row:
        """Return the state of the queue."""
        ...


class NewRows(Rows, Protocol):
    """The rows of a database that is being filled: no worker can begin with it before `finish`."""

    async def write(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows that are not there yet."""
        ...

    async def finish(self, state: Row) -> None:
        """Write the state of the queue, and let a worker begin."""
        ...


@dataclass(frozen=True, slots=True)
class MovingSource:
    """Where everything comes from. While this is open, no worker is at work on it."""

    rows: Rows
    images: ImageStore
    originals: Originals
    store: GenerationStore
    lease: Lease


@dataclass(frozen=True, slots=True)
class Target:
    """Where everything goes, empty but for pictures of the same move."""

    rows: NewRows
    images: ImageStore
    originals: Originals
    check: Check
