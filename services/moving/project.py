"""The Supabase project, as what is moved and as where it goes."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from domain.errors import LeaseHeld, StaleFence, StoreRefused, WrongSchema
from domain.ports import Outcome
from services.database.supabase.functions import Functions, json_text
from services.database.supabase.schema import VERSION
from services.gallery.originals import Originals
from services.moving.places import LEASE_SECONDS, AlreadyMoved, MovingSource, Target
from services.moving.tables import STATE, TABLES, Table, WantedPicture, common
from services.project_stores import connect, open_checked_project, open_project
from services.storage.supabase.bucket import check_size

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from domain.ports import ImageStore
    from services.database.rows import Row
    from services.moving.journal import Journal
    from services.moving.places import Check
    from services.settings import StorageSettings
    from services.supabase import Supabase

_NOT_EMPTY = (
    "the project has generations or people already: a move needs an empty one; docs/operating.md "
    "says how to empty it"
)
_ANOTHER = (
    "another move into this project was interrupted: run it again with its own DATA_DIR, or empty "
    "the project as docs/operating.md says"
)
_NEWER = "the project has the schema of a newer version: update the program"


class ProjectRows:
    """The rows of a project, read by a function of its database."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def pages(self, table: Table) -> AsyncIterator[list[Row]]:
        """Yield the rows of a table, in order."""
        after = -1
        while rows := await self._page(table.name, after, table.page):
            yield rows
            if table.number is None or len(rows) < table.page:
                return
            after = int(rows[-1][table.number])

    async def state(self) -> Row:
        """Return the state of the queue."""
        (row,) = await self._page(STATE, -1, 1)
        return row

    async def _page(self, table: str, after: int, limit: int) -> list[Row]:
        answer = await self._functions.call("list_rows", table=table, after=after, limit=limit)
        return [common(row) for row in answer.value]


class NewProjectRows(ProjectRows):
    """A project that is being filled, and whose lease the move has until that is done."""

    def __init__(self, functions: Functions, fence: int) -> None:
        super().__init__(functions)
        self._fence = fence

    async def write(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows that are not there yet."""
        await self._change("write_rows", table=table.name, rows=json_text(list(rows)))

    async def finish(self, state: Row) -> None:
        """Write the state of the queue, and release the lease."""
        await self._change("finish_move", state=json_text(state))

    async def _change(self, name: str, **parameters: Any) -> None:
        answer = await self._functions.call(name, fence=self._fence, **parameters)
        if answer.outcome == Outcome.STALE_FENCE:
            raise StaleFence("the same move was begun again elsewhere")


@asynccontextmanager
async def project_source(settings: StorageSettings, move_id: str) -> AsyncGenerator[MovingSource]:
    """Open the project of the settings to move it from there."""
    async with AsyncExitStack() as opened:
        store, images = await open_project(settings, opened)
        functions = await _functions(await connect(settings, opened))
        lease = await store.acquire_lease(f"move out {move_id}", LEASE_SECONDS)
        opened.push_async_callback(store.release_lease, lease)
        originals = await _originals(settings, images, opened)
        yield MovingSource(ProjectRows(functions), images, originals, store, lease)


@asynccontextmanager
async def project_target(settings: StorageSettings, journal: Journal) -> AsyncGenerator[Target]:
    """Open the project of the settings, which must be empty, to fill it; make its bucket."""
    async with AsyncExitStack() as opened:
        _, images = await open_checked_project(settings, opened)
        project = await connect(settings, opened)
        functions = await _functions(project)
        answer = (await functions.call("begin_move", id=journal.id)).value
        match answer["outcome"]:
            case "done":
                rows = NewProjectRows(functions, answer["fence"])
            case "already":
                raise AlreadyMoved
            case "not_empty":
                raise StoreRefused(_NOT_EMPTY)
            case _ if answer["moving"]:
                raise StoreRefused(_ANOTHER)
            case _:
                seconds = answer["seconds"]
                raise LeaseHeld(
                    f"a worker is at work on the project ({seconds} s at most, if it died)"
                )
        originals = await _originals(settings, images, opened)
        yield Target(rows, images, originals, _check(project, settings.supabase_bucket))


@asynccontextmanager
async def project_trial(settings: StorageSettings, journal: Journal) -> AsyncGenerator[Check]:
    """Look whether the project of the settings could be filled; only make its bucket.

    What a move that was interrupted has left there is its own: it goes on with it.
    """
    async with AsyncExitStack() as opened:
        store, _ = await open_checked_project(settings, opened)
        project = await connect(settings, opened)
        if not journal.begun:
            await _look_into(ProjectRows(await _functions(project)))
            await store.acquire_lease("trial of a move", 0)
        yield _check(project, settings.supabase_bucket)


async def _look_into(rows: ProjectRows) -> None:
    """Raise `StoreRefused` if there are any."""
    for table in TABLES:
        async for _ in rows.pages(table._replace(page=1)):
            raise StoreRefused(_NOT_EMPTY)


def _check(project: Supabase, bucket: str) -> Check:
    async def check(coming: Sequence[WantedPicture]) -> None:
        largest = max((one.size for one in coming), default=0)
        try:
            await check_size(project, bucket, largest)
        except StoreRefused as error:
            raise StoreRefused(f"the largest picture has {largest} bytes, but {error}") from error

    return check


async def _functions(project: Supabase) -> Functions:
    functions = Functions(project)
    if (await functions.call("atelier_schema_version")).value != VERSION:
        raise WrongSchema(_NEWER)
    return functions


async def _originals(
    settings: StorageSettings, images: ImageStore, opened: AsyncExitStack
) -> Originals:
    originals = Originals(images, settings.data_dir, here=False)
    opened.push_async_callback(originals.close)
    return originals
