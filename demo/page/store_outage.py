"""Takes the bot's database away for a while: somebody else holds the lock that writers need."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from demo.page.parts import Control
from demo.page.requests import BadRequest
from services.database.sqlite.connection import SqliteConnection

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

SECONDS = 12.0
"""How long it lasts: the bot waits for a lock for some seconds before it counts as an outage."""


@asynccontextmanager
async def locked_file(path: Path) -> AsyncGenerator[None]:
    """Let nobody else write to the database file until the block ends; reading goes on."""
    file = await SqliteConnection.open(path)
    try:
        async with file.changing():
            yield
    finally:
        await file.close()


@asynccontextmanager
async def locked_project(database: str) -> AsyncGenerator[None]:
    """Let nobody else write generations or a lease in a project's Postgres; reading goes on."""
    # Its client takes a moment to import, and only a demo with a project has it.
    import psycopg  # noqa: PLC0415 -- see above

    connection = await psycopg.AsyncConnection.connect(database)
    async with connection:  # its end is the end of the transaction
        await connection.execute("LOCK TABLE generations, leases IN EXCLUSIVE MODE")
        yield


def store_outage(lock: Callable[[], AbstractAsyncContextManager[None]], seconds: float) -> Control:
    """Return the control that holds the lock for so long; once more meanwhile is refused."""
    lasting = asyncio.Lock()

    async def take_away() -> None:
        if lasting.locked():
            raise BadRequest("The database is away already.")
        async with lasting, lock():
            await asyncio.sleep(seconds)

    return Control(
        name="store-down",
        title=f"Take the database away for {seconds:.0f} seconds",
        outcome="The bot sends nothing that it could not write down; then it goes on.",
        run=take_away,
    )
