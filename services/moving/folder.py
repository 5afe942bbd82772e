"""The folder, as what is moved and as where it goes."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from domain.errors import StoreRefused
from services.database.sqlite import SqliteGenerationStore
from services.database.sqlite.connection import SqliteConnection
from services.database.sqlite.migrations import migrate
from services.database.sqlite.placing import give_name, refuse_database
from services.gallery.originals import Originals
from services.moving.places import LEASE_SECONDS, AlreadyMoved, MovingSource, Target
from services.moving.tables import STATE, Table, WantedPicture, common, for_sqlite
from services.storage.folder import FolderImageStore
from services.stores import DATABASE, PICTURES, UNFINISHED
from services.temporary_files import disk_faults
from services.web_server import WebServer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence
    from pathlib import Path

    from services.database.rows import Row
    from services.moving.journal import Journal
    from services.moving.places import Check
    from services.settings import StorageSettings

SPARE_BYTES = 300_000_000
"""What a folder must have left for copies and the database, beside the pictures."""


class SqliteRows:
    """The rows of a database file."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection

    async def pages(self, table: Table) -> AsyncIterator[list[Row]]:
        """Yield the rows of a table, in order."""
        after = -1
        while True:
            where = f"WHERE {table.number} > {after} ORDER BY {table.number} LIMIT {table.page}"
            where = where if table.number else ""
            async with self._connection.using():
                rows = await self._connection.rows(f"SELECT * FROM {table.name} {where}")  # noqa: S608 -- names of ours
            if rows:
                yield [common(row) for row in rows]
            if table.number is None or len(rows) < table.page:
                return
            after = rows[-1][table.number]

    async def state(self) -> Row:
        """Return the state of the queue."""
        async with self._connection.using():
            (row,) = await self._connection.rows(f"SELECT * FROM {STATE}")  # noqa: S608 -- a name of ours
        return common(row)


class NewSqliteRows(SqliteRows):
    """A database file that gets its name when it is whole."""

    def __init__(self, connection: SqliteConnection, part: Path, path: Path) -> None:
        super().__init__(connection)
        self._part = part
        self._path = path

    async def write(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows that are not there yet."""
        async with self._connection.changing():
            for row in rows:
                names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
                await self._connection.rows(
                    f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 -- names of ours
                    for_sqlite(row),
                )

    async def finish(self, state: Row) -> None:
        """Write the state of the queue, close the file, and give it its name."""
        columns = ", ".join(f"{name} = :{name}" for name in state)
        async with self._connection.changing():
            await self._connection.rows(f"UPDATE {STATE} SET {columns}", state)  # noqa: S608 -- names of ours
        await self._connection.close()
        await asyncio.to_thread(give_name, self._part, self._path)


@asynccontextmanager
async def folder_source(settings: StorageSettings, move_id: str) -> AsyncGenerator[MovingSource]:
    """Open the folder of the settings to move it from there; it is read as it was at first."""
    path = settings.data_dir / DATABASE
    if not await asyncio.to_thread(path.is_file):
        raise StoreRefused(f"there is no database in {settings.data_dir}, so nothing to move")
    async with AsyncExitStack() as opened:
        store = await SqliteGenerationStore.open(path)
        opened.push_async_callback(store.close)
        lease = await store.acquire_lease(f"move out {move_id}", LEASE_SECONDS)
        opened.push_async_callback(store.release_lease, lease)
        connection = await SqliteConnection.open_read_only(path)
        opened.push_async_callback(connection.close)
        async with connection.using():
            await connection.rows("BEGIN")
        images = _images(settings)
        originals = Originals(images, settings.data_dir, here=True)
        yield MovingSource(SqliteRows(connection), images, originals, store, lease)


@asynccontextmanager
async def folder_target(settings: StorageSettings, journal: Journal) -> AsyncGenerator[Target]:
    """Fill the folder of the settings, which must have no database and be `reserved`."""
    folder = settings.data_dir
    path, part = folder / DATABASE, folder / UNFINISHED
    async with AsyncExitStack() as opened:
        if journal.at_end and await asyncio.to_thread(_has_its_name, part, path):
            raise AlreadyMoved
        await asyncio.to_thread(_make_room, part, path)
        connection = await SqliteConnection.open(part)
        opened.push_async_callback(connection.close)
        await migrate(connection)
        images = _images(settings)
        rows = NewSqliteRows(connection, part, path)
        yield Target(rows, images, Originals(images, folder, here=True), _check(folder))


@asynccontextmanager
async def folder_trial(settings: StorageSettings, _journal: Journal) -> AsyncGenerator[Check]:
    """Look whether the folder of the settings could be filled, and change nothing."""
    await asyncio.to_thread(refuse_database, settings.data_dir / DATABASE)
    yield _check(settings.data_dir)


def _images(settings: StorageSettings) -> FolderImageStore:
    return FolderImageStore(settings.data_dir / PICTURES, WebServer(settings.pictures_address))


def _check(folder: Path) -> Check:
    async def check(coming: Sequence[WantedPicture]) -> None:
        await asyncio.to_thread(_check_room, folder, sum(one.size for one in coming))

    return check


def _check_room(folder: Path, size: int) -> None:
    needed = SPARE_BYTES + size
    with disk_faults():
        free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreRefused(
            f"{folder} has {free // 1_000_000} MB left, and {needed // 1_000_000} MB are needed"
        )


def _make_room(part: Path, path: Path) -> None:
    """Take away the database of a move that was interrupted: its rows are read anew."""
    refuse_database(path)
    with disk_faults():
        for end in ("", "-wal", "-shm"):
            part.with_name(part.name + end).unlink(missing_ok=True)


def _has_its_name(part: Path, path: Path) -> bool:
    """Whether the database there is the moved one, and not one that somebody began meanwhile."""
    return path.exists() and not part.exists()
